"""The loss over (w0, w1) as a grid, and the frame in which points and line are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.regression.closed_form import ClosedForm
from core.regression.conventions import Convention
from core.regression.data import Array
from core.regression.descent import Path

MAXIMUM_RESOLUTION = 101
LEVELS = 12
_MARGIN = 0.2

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Surface:
    """`values` (len(w1), len(w0)) are the losses over the grid, `levels` those of the contours."""

    w0: Array
    w1: Array
    values: Array
    levels: Array


def widened(numbers: Sequence[float], margin: float = _MARGIN) -> Range:
    """Return a range that holds all numbers with a margin of each side, never empty."""
    low, high = min(numbers), max(numbers)
    span = high - low
    # Enough to draw in where all numbers are the same.
    least = 1e-3 * max(abs(low), abs(high))
    half = 0.5 * span * (1.0 + 2.0 * margin) if span > least else max(1.0, abs(low))
    middle = 0.5 * (low + high)
    return middle - half, middle + half


def frame(x: Array, y: Array, start: tuple[float, float]) -> tuple[Range, Range]:
    """Return the ranges of x and y in which points and line are drawn.

    The line that descent starts from is in it as far as it is no further from the points than they are high.
    """
    low, high = float(y.min()), float(y.max())
    room = (high - low) or 1.0
    line = np.clip(start[0] + start[1] * np.array((x.min(), x.max())), low - room, high + room)
    return widened(x.tolist(), 0.1), widened([low, high, *line.tolist()], 0.1)


def ranges(path: Path, closed: ClosedForm) -> tuple[Range, Range]:
    """Return the ranges of w0 and w1 that show the path and the minimum.

    Of a path that leaves uphill only the part is counted whose loss is at most twice the start's.
    """
    near = path.losses <= 2.0 * path.losses[0]
    # Only the beginning: where it comes back later, it has been out of the picture.
    count = len(near) if near.all() else max(1, int(np.argmin(near)))
    firsts, seconds = list(path.w0[:count]), list(path.w1[:count])
    if closed.intercept is not None and closed.slope is not None:
        # Twice the way from the start: the valley shows on both sides of the minimum.
        firsts += [closed.intercept, 1.4 * closed.intercept - 0.4 * firsts[0]]
        seconds += [closed.slope, 1.4 * closed.slope - 0.4 * seconds[0]]
    return widened([float(w) for w in firsts]), widened([float(w) for w in seconds])


def surface(
    x: Array, y: Array, closed: ClosedForm, convention: Convention, w0: Range, w1: Range, resolution: int
) -> Surface:
    """Return the loss at each of resolution × resolution lines.

    Σ(y − ŷ)² = Σ(v − w1·u)² + N·(w0 + w1·x̄ − ȳ)², with u and v the deviations from the means.
    """
    firsts = np.linspace(*w0, resolution)
    seconds = np.linspace(*w1, resolution)
    within = ((closed.deviations_y - seconds[:, None] * closed.deviations_x) ** 2).sum(axis=1)
    between = firsts[None, :] + seconds[:, None] * closed.mean_x - closed.mean_y
    with np.errstate(over="ignore"):
        values = convention.coefficient(len(x)) * (within[:, None] + len(x) * between * between)
    low, high = float(values.min()), float(values.max())
    # Rings at even distances on a bowl.
    steps = (np.arange(1, LEVELS) / LEVELS) ** 2
    return Surface(firsts, seconds, values, low + (high - low) * steps)
