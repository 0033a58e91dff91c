"""The picture of a function of one variable: its range, its curve, its minima in view."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.descent.walk import Walk
from core.symbolic import Formula

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

POINTS = 241
MOST_MINIMA = 12
_HALVINGS = 80


@dataclass(frozen=True, slots=True)
class Minimum:
    """A minimum in view, its curvature f'' there, and the rate 2/f'' below which descent near it converges.

    Near it the distance is multiplied by 1 − η·f'' a step (Boyd and Vandenberghe 2004, Convex Optimization,
    section 9.3). Both are None where f has a kink or is flatter than a parabola.
    """

    x: float
    y: float
    curvature: float | None
    largest_rate: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """f at POINTS places; `low` and `high` are the extent of y worth showing."""

    x: Array
    y: Array
    low: float
    high: float
    minima: tuple[Minimum, ...]


def view(walks: Sequence[Walk]) -> tuple[float, float]:
    """Return a range of x that shows the paths of those that did not run away, centred where they end."""
    staying = [each for each in walks if each.verdict not in ("diverges", "undefined")]
    if not staying:
        x = walks[0].x
        # A path that runs away: its first steps.
        reach = float(np.abs(x[: min(len(x), 4)] - x[0]).max()) if len(x) > 1 else 0.0
        size = max(1.0, abs(float(x[0])))
        half = min(reach, 2.0 * size) or size
        return float(x[0]) - 1.15 * half, float(x[0]) + 1.15 * half
    best = min(staying, key=lambda each: abs(float(each.slope[-1])))
    centre = float(best.x[-1])
    half = max(float(np.abs(each.x - centre).max()) for each in staying) or max(1.0, abs(centre))
    return centre - 1.15 * half, centre + 1.15 * half


def curve(formula: Formula, low: float, high: float) -> Curve:
    """Return the curve between two places; where f has no value it is nan."""
    x = np.linspace(low, high, POINTS)
    y, slope = formula.program((), ("x",)).arrays(x)
    finite = y[np.isfinite(y)]
    least, most = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return Curve(x, y, least, most if most > least else least + 1.0, _minima(formula, x, slope))


def _minima(formula: Formula, x: Array, slope: Array) -> tuple[Minimum, ...]:
    """Return where the slope turns from falling to rising, found by halving."""
    found: list[Minimum] = []
    first = formula.program(("x",))
    with np.errstate(all="ignore"):
        turns = np.flatnonzero((slope[:-1] < 0.0) & (slope[1:] >= 0.0))
    for place in turns[:MOST_MINIMA]:
        low, high = float(x[place]), float(x[place + 1])
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            if first(middle)[0] < 0.0:
                low = middle
            else:
                high = middle
        found.append(_minimum(formula, high))
    return tuple(each for each in found if math.isfinite(each.y))


def _minimum(formula: Formula, place: float) -> Minimum:
    # Halving stops within rounding of the place; a rounder number that is as low is the one meant.
    for digits in range(0, 13):
        rounder = round(place, digits)
        if abs(rounder - place) <= 1e-9 * max(1.0, abs(place)) and formula.value(rounder) <= formula.value(
            place
        ):
            place = rounder + 0.0
            break
    value, slope, second = formula.program((), ("x",), ("x", "x"))(place)
    smooth = abs(slope) <= 1e-6 * max(1.0, abs(second)) and math.isfinite(second) and second > 1e-9
    return Minimum(place, value, second if smooth else None, 2.0 / second if smooth else None)
