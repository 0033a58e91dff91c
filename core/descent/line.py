"""One variable: everything that the lab shows of one function, from one request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.descent.curve import Curve, curve, view
from core.descent.quotient import Quotients, quotients
from core.descent.setup import limit_work, read
from core.descent.surfaces import Range
from core.descent.told import tell
from core.descent.walk import Walk, walk
from core.errors import InvalidInputError
from core.lab import Explanation
from core.symbolic import Formula


@dataclass(frozen=True, slots=True)
class Descent:
    """A run, others from the same start at other rates, the picture, and step `at` of the run told.

    `tangent` holds its two ends (x, y) at the edges of the picture.
    """

    formula: Formula
    run: Walk
    others: tuple[Walk, ...]
    at: int
    x_range: Range
    picture: Curve
    tangent: tuple[tuple[float, float], tuple[float, float]]
    quotients: Quotients
    explanation: Explanation


def descend(
    expression: str,
    start: float,
    learning_rate: float,
    steps: int,
    tolerance: float,
    rates: Sequence[float],
    x_range: Range | None,
    at: int,
) -> Descent:
    """Return gradient descent on a function of x; an `at` beyond the last step is the last one.

    Raises ExpressionError (pointer "/expression"), and InvalidInputError for a range that is none or for what
    would take too long.
    """
    formula = read(expression, ("x",), "/expression")
    if x_range is not None and not x_range[0] < x_range[1]:
        raise InvalidInputError(code="descent-range", pointer="/x_range")
    limit_work(1 + len(rates), steps, len(formula.program((), ("x",))))
    run = walk(formula, start, learning_rate, steps, tolerance)
    others = tuple(walk(formula, start, rate, steps, tolerance) for rate in rates)
    low, high = x_range or view((run, *others))
    place = min(at, run.steps)
    x, y, slope = (float(values[place]) for values in (run.x, run.y, run.slope))
    return Descent(
        formula,
        run,
        others,
        place,
        (low, high),
        curve(formula, low, high),
        ((low, y + slope * (low - x)), (high, y + slope * (high - x))),
        quotients(formula, x),
        tell(formula, run, place),
    )
