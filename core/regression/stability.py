"""How large the learning rate may be: the curvature of the loss, which is the same everywhere."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.regression.conventions import Convention
from core.regression.data import Array


@dataclass(frozen=True, slots=True)
class Stability:
    """The Hessian 2c·[[N, Σx], [Σx, Σx²]] and what follows from its eigenvalues λ.

    A step multiplies the distance from the minimum by 1 − ηλ along each eigenvector, so descent on all points
    converges for η below `limit` = 2/λ_max and is fastest at `best` = 2/(λ_max + λ_min) (Polyak 1964).
    `eigenvectors` are unit vectors (w0, w1) in the order of `eigenvalues`, the larger first; `condition` is
    their ratio, None where the smaller one is 0.
    """

    hessian: tuple[tuple[float, float], tuple[float, float]]
    half_trace: float
    radius: float
    eigenvalues: tuple[float, float]
    eigenvectors: tuple[tuple[float, float], tuple[float, float]]
    limit: float
    best: float
    condition: float | None

    def factors(self, rate: float) -> tuple[float, float]:
        """Return 1 − ηλ along each eigenvector."""
        large, small = self.eigenvalues
        return 1.0 - rate * large, 1.0 - rate * small


def stability(x: Array, convention: Convention) -> Stability:
    """Return the curvature of the loss over points x (N,)."""
    count = len(x)
    twice = 2.0 * convention.coefficient(count)
    sum_x, sum_squares = float(x.sum()), float((x * x).sum())
    a, b, d = twice * count, twice * sum_x, twice * sum_squares
    half_trace = 0.5 * (a + d)
    radius = math.hypot(0.5 * (a - d), b)
    large = half_trace + radius
    # The determinant is 4c²·N·Σ(x − x̄)²: no difference of near-equal numbers.
    u = x - (float(x[0]) if (x == x[0]).all() else sum_x / count)
    small = twice * twice * count * float((u * u).sum()) / large
    # (A − λ_small) is large's projector but for its length; the longer column has the fewer cancellations.
    column = (a - small, b) if a >= d else (b, d - small)
    length = math.hypot(*column) or 1.0
    steep = (column[0] / length, column[1] / length) if any(column) else (1.0, 0.0)
    return Stability(
        ((a, b), (b, d)),
        half_trace,
        radius,
        (large, small),
        (steep, (-steep[1], steep[0])),
        2.0 / large,
        2.0 / (large + small),
        large / small if small > 0.0 else None,
    )
