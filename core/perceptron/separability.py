"""Whether a line separates two classes of points: decided exactly, with a line or a contradiction as proof.

The line is the one with the widest street to both classes; it is determined by two or three of the points
(Vapnik & Chervonenkis 1964), so all such candidates are tried. Where there is none, at most four of the
points suffice to show it (Kirchberger 1903): a point of one class within a point, segment or triangle of the
other, or two segments that cross. All of it in integers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from core.perceptron.learning import decimal
from core.perceptron.plane import Neuron
from core.perceptron.tables import Samples

# A point in whole numbers, with the place of its sample.
_Whole = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Widest:
    """The separating line with the widest street; z is ±1 on the street's edges, `margin` half its width.

    `support` are the samples on the edges. Where all samples are of one class w is 0 and margin infinite.
    """

    neuron: Neuron
    margin: float
    support: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Conditions that cannot hold together: the sum of some with z ≥ 0 is the sum of some with z < 0.

    `ones` and `zeros` are samples of class 1 and 0 with whole multipliers; both sums have the coefficients
    `total` of w₁, w₂ and b, so that the same number would have to be ≥ 0 and < 0.
    """

    ones: tuple[tuple[int, int], ...]
    zeros: tuple[tuple[int, int], ...]
    total: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Separability:
    """Exactly one of both: a line that separates, or why there is none."""

    widest: Widest | None
    contradiction: Contradiction | None


def separability(samples: Samples) -> Separability:
    """Return whether the classes can be told apart by z ≥ 0 and z < 0, with the proof."""
    scale = math.lcm(*(decimal(value).denominator for row in samples.inputs for value in row))
    points = [
        (int(decimal(x1) * scale), int(decimal(x2) * scale), place)
        for place, (x1, x2) in enumerate(samples.inputs)
    ]
    ones = [point for point, label in zip(points, samples.classes, strict=True) if label == 1]
    zeros = [point for point, label in zip(points, samples.classes, strict=True) if label == 0]
    if not ones or not zeros:
        return Separability(Widest(Neuron((0.0, 0.0), 1.0 if ones else -1.0), math.inf, ()), None)
    widest = _widest(ones, zeros, scale)
    if widest:
        return Separability(widest, None)
    for one_side, other_side in _meetings(ones, zeros):
        multiplier = math.lcm(*(share.denominator for _, share in (*one_side, *other_side)))
        sides = [
            tuple((point[2], int(share * multiplier)) for point, share in side if share)
            for side in (one_side, other_side)
        ]
        total = [
            float(sum(share * point[axis] for point, share in one_side) * multiplier / scale)
            for axis in (0, 1)
        ]
        return Separability(None, Contradiction(sides[0], sides[1], (total[0], total[1], float(multiplier))))
    raise AssertionError("two sets of points are separated by a line, or their hulls meet")


def _widest(ones: Sequence[_Whole], zeros: Sequence[_Whole], scale: int) -> Widest | None:
    best: tuple[Fraction, int, int, int, int] | None = None
    for w1, w2, b in _candidates(ones, zeros):
        heights = [w1 * x1 + w2 * x2 + b for x1, x2, _ in ones]
        depths = [-(w1 * x1 + w2 * x2 + b) for x1, x2, _ in zeros]
        nearest = min(*heights, *depths)
        if nearest > 0:
            squared = Fraction(nearest * nearest, w1 * w1 + w2 * w2)
            if best is None or squared > best[0]:
                best = (squared, nearest, w1, w2, b)
    if best is None:
        return None
    squared, nearest, w1, w2, b = best
    support = [place for x1, x2, place in (*ones, *zeros) if abs(w1 * x1 + w2 * x2 + b) == nearest]
    weights = float(Fraction(w1 * scale, nearest)), float(Fraction(w2 * scale, nearest))
    neuron = Neuron(weights, float(Fraction(b, nearest)))
    return Widest(neuron, math.sqrt(squared) / scale, tuple(sorted(support)))


def _candidates(ones: Sequence[_Whole], zeros: Sequence[_Whole]) -> Iterator[tuple[int, int, int]]:
    """Yield (w1, w2, b) of every line half way between a pair, or between an edge and a point."""
    for p1, p2, _ in ones:
        for q1, q2, _ in zeros:
            yield 2 * (p1 - q1), 2 * (p2 - q2), q1 * q1 + q2 * q2 - p1 * p1 - p2 * p2
    for edges, others in ((ones, zeros), (zeros, ones)):
        for (a1, a2, _), (c1, c2, _) in combinations(edges, 2):
            w1, w2 = a2 - c2, c1 - a1
            if w1 == w2 == 0:
                continue
            for q1, q2, _ in others:
                b = -(w1 * (a1 + q1) + w2 * (a2 + q2))
                yield 2 * w1, 2 * w2, b
                yield -2 * w1, -2 * w2, -b


_Side = list[tuple[_Whole, Fraction]]


def _meetings(ones: Sequence[_Whole], zeros: Sequence[_Whole]) -> Iterator[tuple[_Side, _Side]]:
    """Yield every point that is both a mixture of ones and a mixture of zeros, those of few points first.

    Each side has its points with shares that add up to 1.
    """
    for size in (1, 2, 3):
        for point in ones:
            for hull in combinations(zeros, size):
                if mixture := _mixture(point, hull):
                    yield [(point, Fraction(1))], mixture
        for point in zeros:
            for hull in combinations(ones, size):
                if mixture := _mixture(point, hull):
                    yield mixture, [(point, Fraction(1))]
        if size == 2:
            for p in combinations(ones, 2):
                for q in combinations(zeros, 2):
                    if crossing := _crossing(p, q):
                        yield crossing


def _cross(a: _Whole, b: _Whole, c: _Whole) -> int:
    """Return twice the signed area of a triangle."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _mixture(point: _Whole, hull: Sequence[_Whole]) -> _Side | None:
    """Return a point as a mixture of one, two or three others, None where it is not within them."""
    if len(hull) == 1:
        return [(hull[0], Fraction(1))] if hull[0][:2] == point[:2] else None
    if len(hull) == 2:
        a, b = hull
        along = 0 if a[0] != b[0] else 1
        if a[:2] == b[:2] or _cross(a, b, point):
            return None
        share = Fraction(point[along] - a[along], b[along] - a[along])
        return [(a, 1 - share), (b, share)] if 0 <= share <= 1 else None
    a, b, c = hull
    area = _cross(a, b, c)
    if area == 0:
        return None
    shares = [
        Fraction(part, area) for part in (_cross(point, b, c), _cross(a, point, c), _cross(a, b, point))
    ]
    return list(zip(hull, shares, strict=True)) if min(shares) >= 0 else None


def _crossing(p: Sequence[_Whole], q: Sequence[_Whole]) -> tuple[_Side, _Side] | None:
    """Return the point where two segments cross as a mixture of the ends of each."""
    direction = (p[1][0] - p[0][0]) * (q[1][1] - q[0][1]) - (p[1][1] - p[0][1]) * (q[1][0] - q[0][0])
    if direction == 0:
        return None
    s = Fraction(_cross(p[0], q[0], q[1]), direction)
    t = Fraction(_cross(p[0], q[0], p[1]), direction)
    if not (0 <= s <= 1 and 0 <= t <= 1):
        return None
    return [(p[0], 1 - s), (p[1], s)], [(q[0], 1 - t), (q[1], t)]


def most_corrections(samples: Samples, start: Neuron, learning_rate: float, widest: Widest) -> int | None:
    """Return how many corrections the perceptron rule can make at most before it separates (Novikoff 1962).

    With u the unit vector of a separating (w, b), γ its smallest |u·(x, 1)|, R the largest ‖(x, 1)‖ and v the
    weights after k corrections: u·v ≥ u·v₀ + kηγ and ‖v‖² ≤ ‖v₀‖² + kη²R². The largest k for which both hold
    is the answer. None where all samples are of one class, or where the number overflows.
    """
    if math.isinf(widest.margin):
        return None
    parameters = (*widest.neuron.weights, widest.neuron.bias)
    norm = math.hypot(*parameters)
    u1, u2, u3 = (value / norm for value in parameters)
    gain = learning_rate * min(abs(u1 * x1 + u2 * x2 + u3) for x1, x2 in samples.inputs)
    growth = learning_rate * math.sqrt(max(x1 * x1 + x2 * x2 + 1.0 for x1, x2 in samples.inputs))
    (v1, v2), v3 = start.weights, start.bias
    along = u1 * v1 + u2 * v2 + u3 * v3
    half = growth * growth / 2.0 - gain * along
    constant = along * along - (v1 * v1 + v2 * v2 + v3 * v3)
    # A start that is a multiple of u may round to a constant above 0.
    root = math.sqrt(max(0.0, half * half - gain * gain * min(0.0, constant)))
    most = (half + root) / (gain * gain) if gain * gain > 0.0 else math.inf
    return math.floor(most * (1.0 + 1e-12)) if math.isfinite(most) else None
