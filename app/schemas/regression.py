"""The Regression lab: a line through points, its loss, descent on it and the closed form."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import Input, Matrix, Name, Number, Parameters, Reply, Text, Vector
from app.schemas.lab import LabAnswers, LabReply, LabRequest
from core.regression import (
    LARGEST_COORDINATE,
    LARGEST_PARAMETER,
    LARGEST_RATE,
    MAXIMUM_POINTS,
    MAXIMUM_RESOLUTION,
    MAXIMUM_STEPS,
)

Coordinate = Annotated[float, Field(ge=-LARGEST_COORDINATE, le=LARGEST_COORDINATE)]
Point = Annotated[list[Coordinate], Field(min_length=2, max_length=2)]
Weight = Annotated[float, Field(ge=-LARGEST_PARAMETER, le=LARGEST_PARAMETER)]
Range = Annotated[list[Weight], Field(min_length=2, max_length=2)]
Rate = Annotated[float, Field(gt=0, le=LARGEST_RATE)]
Seed = Annotated[int, Field(ge=0, le=2**53 - 1)]
ToldName = Literal["iteration", "closed_form", "stability"]


class GeneratorInput(Input):
    """Points drawn from a seed; `name` is line, outliers or curve."""

    name: Name = "line"
    parameters: Parameters = Field(default_factory=dict)
    seed: Seed = 0


class StartInput(Input):
    """The line that descent starts from."""

    w0: Weight = 0.0
    w1: Weight = 0.0


class LabBatchInput(Input):
    """Which points an update looks at; `size` counts for `mini`, `seed` draws the order of each epoch."""

    mode: Literal["full", "mini", "one"] = "full"
    size: Annotated[int, Field(ge=1, le=MAXIMUM_POINTS)] = 2
    seed: Seed = 0


class SurfaceInput(Input):
    """The grid of losses; without ranges they hold the path and the minimum."""

    resolution: Annotated[int, Field(ge=2, le=MAXIMUM_RESOLUTION)] = 41
    w0_range: Range | None = None
    w1_range: Range | None = None


class RegressionRequest(LabRequest):
    """Points or a generator of them, the loss's convention, where descent starts, and how it goes.

    `line` starts descent from the line through two points. `rates` are learning rates to compare, null for
    one that is too small, a good one and one too large. `told` is what is explained: iteration `at`, the
    closed form, or the largest stable learning rate. An `at` beyond the last iteration is the last.
    """

    points: Annotated[list[Point], Field(min_length=1, max_length=MAXIMUM_POINTS)] | None = None
    generator: GeneratorInput | None = None
    start: StartInput = StartInput()
    line: Annotated[list[Point], Field(min_length=2, max_length=2)] | None = None
    convention: Name = "mean"
    learning_rate: Rate = 0.1
    steps: Annotated[int, Field(ge=1, le=MAXIMUM_STEPS)] = 50
    batch: LabBatchInput = LabBatchInput()
    rates: Annotated[list[Rate], Field(min_length=1, max_length=4)] | None = None
    surface: SurfaceInput = SurfaceInput()
    told: ToldName = "iteration"
    at: Annotated[int, Field(ge=0, lt=MAXIMUM_STEPS)] = 0


class RegressionAnswers(RegressionRequest, LabAnswers):
    """A learner's numbers for results of what is told."""


class ConventionReply(Reply):
    """The loss in use: c·Σ(y − ŷ)², with `coefficient` c; `note` says who writes it so."""

    name: str
    label: Text
    symbol: str
    tex: str
    coefficient: float
    note: Text


class LineReply(Reply):
    """A line y = w0 + w1·x, its loss over all points, and its two `ends` at the sides of the frame."""

    w0: Number
    w1: Number
    loss: Number
    ends: Matrix


class DerivativesReply(Reply):
    """The partial derivatives of the loss by w0 and w1."""

    w0: Number
    w1: Number


class IterationReply(Reply):
    """Iteration `at`: the line before its update, its numbers for every point, the line after it.

    `rows` are the points of the update's batch, from 0, over which its gradient is taken; `told` those of
    them whose summands the explanation tells one by one.
    """

    line: LineReply
    predictions: Vector
    residuals: Vector
    squares: Vector
    total: Number
    rows: list[int]
    told: list[int]
    batch_loss: Number
    gradient: DerivativesReply
    after: LineReply


class LinePathReply(Reply):
    """Where descent went, the start first; `diverged` is the iteration whose update would not be finite."""

    w0: Vector
    w1: Vector
    losses: Vector
    gradient_w0: Vector
    gradient_w1: Vector
    diverged: int | None


class ClosedFormReply(Reply):
    """The line of least squares with its numbers for every point.

    `line` is null where all x are equal and none is the best; the vectors are empty then. `told` are the
    points that the explanation of the closed form tells one by one.
    """

    mean_x: float
    mean_y: float
    variance: float
    covariance: float
    line: LineReply | None
    r_squared: float | None
    predictions: Vector
    residuals: Vector
    squares: Vector
    total: Number
    told: list[int]


class StabilityReply(Reply):
    """The curvature of the loss over all points, and what it allows.

    `limit` is the largest stable learning rate 2/λ_max, `best` the fastest; `factors` are 1 − ηλ for the
    learning rate in use, `verdict` what it does: small, good, oscillates or diverges.
    """

    hessian: Matrix
    eigenvalues: tuple[float, float]
    eigenvectors: Matrix
    condition: float | None
    limit: float
    best: float
    factors: tuple[float, float]
    verdict: str


class RateReply(Reply):
    """Descent on all points from the same start with another learning rate."""

    learning_rate: float
    verdict: str
    factors: tuple[float, float]
    path: LinePathReply


class LossGridReply(Reply):
    """The loss over w0 (columns) and w1 (rows), both ascending, and levels for contours."""

    w0_range: tuple[float, float]
    w1_range: tuple[float, float]
    resolution: int
    w0: Vector
    w1: Vector
    values: Matrix
    levels: Vector


class RegressionReply(LabReply):
    """All that the lab computed; posting `request` again gives the same reply."""

    request: RegressionRequest
    at: int
    last: int
    points: list[tuple[float, float]]
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    convention: ConventionReply
    iteration: IterationReply
    path: LinePathReply
    closed_form: ClosedFormReply
    stability: StabilityReply
    rates: list[RateReply]
    surface: LossGridReply
