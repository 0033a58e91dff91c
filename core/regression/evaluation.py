"""A line on points: predictions, residuals, the loss, its partial derivatives summand by summand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.errors import InvalidInputError
from core.regression.conventions import Convention
from core.regression.data import Array

LARGEST_PARAMETER = 1e9


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One line ŷ = w0 + w1·x on N points.

    `residuals` are y − ŷ and `squares` their squares, `total` the sum of these, `loss` = c·total. `summands`
    (2, N) are −(y − ŷ) and −x·(y − ŷ), `sums` their sums over the points, `gradient` = 2c·sums the partial
    derivatives by w0 and w1.
    """

    predictions: Array
    residuals: Array
    squares: Array
    total: float
    loss: float
    summands: Array
    sums: tuple[float, float]
    gradient: tuple[float, float]


def evaluate(x: Array, y: Array, w0: float, w1: float, convention: Convention) -> Evaluation:
    """Return all numbers of a line on points x, y (N,)."""
    coefficient = convention.coefficient(len(x))
    predictions = w0 + w1 * x
    residuals = y - predictions
    squares = residuals * residuals
    # Adding 0 makes a −0 a 0.
    summands = np.stack((-residuals, -x * residuals)) + 0.0
    total = float(squares.sum())
    sums = (float(summands[0].sum()), float(summands[1].sum()))
    return Evaluation(
        predictions,
        residuals,
        squares,
        total,
        coefficient * total,
        summands,
        sums,
        (2.0 * coefficient * sums[0], 2.0 * coefficient * sums[1]),
    )


def line_through(
    first: tuple[float, float], second: tuple[float, float], pointer: str = "/line"
) -> tuple[float, float]:
    """Return intercept and slope of the line through two points.

    Raises InvalidInputError (code "line-vertical") where it is vertical, or so steep that its numbers exceed
    1e9.
    """
    run = second[0] - first[0]
    slope = (second[1] - first[1]) / run if run != 0.0 else float("inf")
    intercept = first[1] - slope * first[0]
    # `not <=` holds for nan too.
    if not (abs(slope) <= LARGEST_PARAMETER and abs(intercept) <= LARGEST_PARAMETER):
        raise InvalidInputError(code="line-vertical", pointer=pointer)
    return intercept, slope


def ends(
    w0: float, w1: float, x_range: tuple[float, float]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the two points of a line over a range of x, from which it is drawn."""
    return (x_range[0], w0 + w1 * x_range[0]), (x_range[1], w0 + w1 * x_range[1])
