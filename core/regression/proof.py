"""The partial derivatives of the loss by central differences and by the scalar graph."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.graph import Graph
from core.regression.conventions import Convention
from core.regression.data import Array

_STEP = 1e-5


@dataclass(frozen=True, slots=True)
class Proof:
    """Both partial derivatives in two more ways, and the size of the numbers they are made of."""

    central: tuple[float, float]
    autodiff: tuple[float, float]
    scale: float


def prove(x: Array, y: Array, w0: float, w1: float, convention: Convention) -> Proof:
    """Return the derivatives of the loss of points x, y (N,) at the line w0 + w1·x.

    The loss is quadratic, so the central difference has no error but rounding; its step is relative to the
    parameter's size.
    """
    coefficient = convention.coefficient(len(x))
    points = list(zip(x.tolist(), y.tolist(), strict=True))

    def loss(a: float, b: float) -> float:
        residuals = y - (a + b * x)
        return coefficient * float((residuals * residuals).sum())

    h0, h1 = _STEP * max(1.0, abs(w0)), _STEP * max(1.0, abs(w1))
    with np.errstate(over="ignore", invalid="ignore"):
        central = (
            (loss(w0 + h0, w1) - loss(w0 - h0, w1)) / (2.0 * h0),
            (loss(w0, w1 + h1) - loss(w0, w1 - h1)) / (2.0 * h1),
        )
    graph = Graph()
    names = {"w0": graph.variable("w0", w0), "w1": graph.variable("w1", w1)}
    total = graph.constant(0.0)
    for s, t in points:
        known = {**names, "x": graph.constant(s), "y": graph.constant(t)}
        total = graph.apply("add", total, graph.expression("(y - (w0 + w1*x))^2", known))
    found = graph.backward(graph.apply("multiply", graph.constant(coefficient), total))
    size = max((abs(t) + abs(w0) + abs(w1 * s) for s, t in points), default=1.0)
    reach = max(1.0, max(abs(s) for s, _ in points))
    return Proof(
        central, (found[names["w0"]], found[names["w1"]]), coefficient * len(points) * size * size * reach
    )
