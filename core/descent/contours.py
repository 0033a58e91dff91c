"""The picture of a surface: values on a grid, and the heights at which lines are drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.descent.objectives import Array, Objective
from core.descent.surfaces import Range

MAXIMUM_RESOLUTION = 160
LEVELS = 11


@dataclass(frozen=True, slots=True)
class Relief:
    """Values on a mesh, row by row from the lowest y, float64; `levels` rise."""

    x_range: Range
    y_range: Range
    values: Array
    levels: tuple[float, ...]
    low: float
    high: float


def relief(objective: Objective, x_range: Range, y_range: Range, resolution: int) -> Relief:
    """Return the picture of `resolution` x `resolution` values.

    The levels stand at low + (high − low)·(k/n)^p with the p that puts half of the picture below the middle
    one: even rings for a bowl, more of them in the depth of a valley. `high` is where only a fiftieth of the
    picture lies above.
    """
    x, y = np.meshgrid(np.linspace(*x_range, resolution), np.linspace(*y_range, resolution))
    values = objective.values(x, y)
    finite = values[np.isfinite(values)]
    if not finite.size:
        return Relief(x_range, y_range, values, (), 0.0, 0.0)
    low, middle, high = (float(each) for each in np.quantile(finite, [0.0, 0.5, 0.98]))
    levels: tuple[float, ...] = ()
    if high > low:
        share = min(max((middle - low) / (high - low), 1e-6), 0.99)
        bend = min(max(np.log(share) / np.log(0.5), 1.0), 6.0)
        levels = tuple(dict.fromkeys(low + (high - low) * (k / LEVELS) ** bend for k in range(1, LEVELS + 1)))
    return Relief(x_range, y_range, values, levels, low, high)


def fitted(
    objective_ranges: tuple[Range, Range], points: Array, centre: tuple[float, float]
) -> tuple[Range, Range]:
    """Return ranges that show points (n, 2) and a centre, at most ten times as far as the given ones."""
    ranges = []
    for column in range(2):
        low, high = objective_ranges[column]
        width = high - low
        inside = points[:, column][np.abs(points[:, column] - centre[column]) <= 10.0 * width]
        least = min(float(inside.min(initial=centre[column])), centre[column])
        most = max(float(inside.max(initial=centre[column])), centre[column])
        margin = 0.12 * max(most - least, 1e-9)
        ranges.append((least - margin, most + margin))
    return ranges[0], ranges[1]
