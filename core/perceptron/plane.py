"""The dividing line w₁x₁ + w₂x₂ + b = 0 as geometry: its end points in a window, its sides, moving it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import InvalidInputError
from core.perceptron.tables import Samples

Point = tuple[float, float]
# Numbers that a dragged line gets have so many digits after the point, more where the weights are small.
_DECIMALS = 3
# The arrow of w is this share of the window's smaller side.
_ARROW = 0.16
LARGEST_PARAMETER = 1e6


@dataclass(frozen=True, slots=True)
class Neuron:
    """Two weights and a bias."""

    weights: Point
    bias: float


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the plane that is drawn: its lowest and highest x1 and x2."""

    x1: Point
    x2: Point

    @property
    def centre(self) -> Point:
        """The point in its middle."""
        return (self.x1[0] + self.x1[1]) / 2, (self.x2[0] + self.x2[1]) / 2

    @property
    def corners(self) -> tuple[Point, ...]:
        """Its corners, counter-clockwise from the lowest x1 and x2."""
        (left, right), (low, high) = self.x1, self.x2
        return (left, low), (right, low), (right, high), (left, high)


@dataclass(frozen=True, slots=True)
class Line:
    """A dividing line within a window.

    `ends` are where it enters and leaves, ordered so that the side with z > 0 lies to the left of the way
    from the first to the second; None where it misses the window or where w = 0 and there is no line.
    `arrow` begins in the middle between them and points the way of w. `positive` is the polygon of the
    window's part with z ≥ 0, counter-clockwise, empty where there is none. `distance` is that of the line
    from the origin, |b|/‖w‖, None without a line or where it is too large for a number.
    """

    ends: tuple[Point, Point] | None
    arrow: tuple[Point, Point] | None
    positive: tuple[Point, ...]
    distance: float | None


def window_of(samples: Samples) -> Window:
    """Return a square window around the samples with half of their extent as margin, at least half a unit."""
    columns = list(zip(*samples.inputs, strict=True))
    extent = max(max(column) - min(column) for column in columns)
    half = extent / 2 + max(0.5, extent / 2) if extent else 1.0
    middles = [(max(column) + min(column)) / 2 for column in columns]
    first, second = ((middle - half, middle + half) for middle in middles)
    return Window(first, second)


def line_of(neuron: Neuron, window: Window) -> Line:
    """Return a neuron's dividing line within a window."""
    (w1, w2), b = neuron.weights, neuron.bias
    norm = math.hypot(w1, w2)
    positive = _positive_side(neuron, window)
    if norm == 0.0 or not math.isfinite(norm + b):
        return Line(None, None, positive, None)
    ends = _clipped(neuron, norm, window)
    arrow = None
    if ends:
        (p1, p2), (q1, q2) = ends
        start = ((p1 + q1) / 2, (p2 + q2) / 2)
        length = _ARROW * min(window.x1[1] - window.x1[0], window.x2[1] - window.x2[0])
        # The direction first: over a tiny norm the length alone would be infinite.
        arrow = start, (start[0] + length * (w1 / norm), start[1] + length * (w2 / norm))
    distance = abs(b) / norm
    return Line(ends, arrow, positive, distance if math.isfinite(distance) else None)


def _clipped(neuron: Neuron, norm: float, window: Window) -> tuple[Point, Point] | None:
    """Return where the line enters and leaves the window (Liang & Barsky 1984), None where it misses it."""
    (w1, w2), b = neuron.weights, neuron.bias
    c1, c2 = window.centre
    away = (w1 * c1 + w2 * c2 + b) / norm
    if not math.isfinite(away):
        return None
    # The point of the line that is nearest to the centre, and the direction that has w on its left.
    start = (c1 - away * w1 / norm, c2 - away * w2 / norm)
    direction = (w2 / norm, -w1 / norm)
    first, last = -math.inf, math.inf
    for place, step, (low, high) in zip(start, direction, (window.x1, window.x2), strict=True):
        if step == 0.0:
            if not low <= place <= high:
                return None
            continue
        one, other = sorted(((low - place) / step, (high - place) / step))
        first, last = max(first, one), min(last, other)
    if first >= last:
        return None
    (s1, s2), (d1, d2) = start, direction
    return (s1 + first * d1, s2 + first * d2), (s1 + last * d1, s2 + last * d2)


def _positive_side(neuron: Neuron, window: Window) -> tuple[Point, ...]:
    """Return the window's part with z ≥ 0 (Sutherland & Hodgman 1974)."""
    (w1, w2), b = neuron.weights, neuron.bias
    if not all(map(math.isfinite, (w1, w2, b))):
        return ()
    # The size of the numbers does not matter for a side, and large ones would overflow.
    size = max(abs(w1), abs(w2), abs(b)) or 1.0
    corners = window.corners
    heights = [w1 / size * x1 + w2 / size * x2 + b / size for x1, x2 in corners]
    polygon: list[Point] = []
    for place, (here, height) in enumerate(zip(corners, heights, strict=True)):
        following = (place + 1) % len(corners)
        there, next_height = corners[following], heights[following]
        if height >= 0.0:
            polygon.append(here)
        if (height >= 0.0) != (next_height >= 0.0):
            share = height / (height - next_height)
            polygon.append((here[0] + share * (there[0] - here[0]), here[1] + share * (there[1] - here[1])))
    return tuple(polygon)


def moved(neuron: Neuron, by: Point) -> Neuron:
    """Return the neuron whose line is the present one moved by a vector: the weights stay."""
    w1, w2 = neuron.weights
    return _checked(Neuron(neuron.weights, neuron.bias - (w1 * by[0] + w2 * by[1])))


def through(neuron: Neuron, points: Sequence[Point]) -> Neuron:
    """Return a neuron whose line goes through two points and has its side with z > 0 on the left of the way.

    ‖w‖ stays, or becomes 1 where it was 0. Raises InvalidInputError (`line-points`) for points that coincide.
    """
    (p1, p2), (q1, q2) = points
    length = math.hypot(q1 - p1, q2 - p2)
    if length == 0.0:
        raise InvalidInputError(code="line-points", pointer="/line/through")
    norm = math.hypot(*neuron.weights) or 1.0
    w1, w2 = norm * (p2 - q2) / length, norm * (q1 - p1) / length
    return _checked(Neuron((w1, w2), -(w1 * p1 + w2 * p2)))


def _checked(neuron: Neuron) -> Neuron:
    """Return the numbers rounded to what a hand can calculate with; `out-of-range` for a bias too large."""
    norm = math.hypot(*neuron.weights)
    digits = _DECIMALS - min(0, math.floor(math.log10(norm)) + 1) if norm else _DECIMALS
    # Adding 0 turns −0 into 0.
    w1, w2, b = (round(value, digits) + 0.0 for value in (*neuron.weights, neuron.bias))
    if abs(b) > LARGEST_PARAMETER:
        raise InvalidInputError(
            code="out-of-range", pointer="/line", minimum=-LARGEST_PARAMETER, maximum=LARGEST_PARAMETER
        )
    return Neuron((w1, w2), b)
