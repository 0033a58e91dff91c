"""Gradient descent in one variable and races of optimizers in two: what is asked, and what was computed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import Input, Matrix, Name, Number, Parameters, Reply, Text, Vector
from app.schemas.lab import LabAnswers, LabReply, LabRequest
from app.schemas.requests import Index
from core.descent.contours import MAXIMUM_RESOLUTION
from core.descent.objectives import MAXIMUM_POINTS
from core.descent.race import MAXIMUM_RUNS, MAXIMUM_STEPS
from core.expressions import MAXIMUM_CHARACTERS

LARGEST = 1e6
MAX_RATES = 6

Place = Annotated[float, Field(ge=-LARGEST, le=LARGEST)]
Rate = Annotated[float, Field(gt=0, le=LARGEST)]
Pair = Annotated[list[Place], Field(min_length=2, max_length=2)]
Tolerance = Annotated[float, Field(ge=0, le=LARGEST)]
# One more is allowed than the parser takes, so that its own error names the place.
Expression = Annotated[str, Field(max_length=4 * MAXIMUM_CHARACTERS)]
Steps = Annotated[int, Field(ge=1, le=MAXIMUM_STEPS)]


class DescentRequest(LabRequest):
    """Gradient descent on a function of x; `rates` are runs beside the main one, from the same start.

    A run stops where the slope's size is at most `tolerance`. `x_range` is what the picture shows.
    """

    expression: Expression = "(x-3)^2 + 10"
    start: Place = 10.0
    learning_rate: Rate = 0.1
    steps: Steps = 100
    tolerance: Tolerance = 1e-5
    rates: Annotated[list[Rate], Field(max_length=MAX_RATES)] = Field(
        default_factory=lambda: [0.01, 0.1, 1.05]
    )
    x_range: Pair | None = None
    at: Index = 0


class DescentAnswers(DescentRequest, LabAnswers):
    """The same, with a learner's numbers for the step that is told."""


class WalkReply(Reply):
    """A run: the points with the function and its slope there, how it ended, and what its rate was like.

    `factor` is by what the last step multiplied the slope's size; `reason` says in words why it ended.
    """

    learning_rate: float
    steps: int
    x: Vector
    y: Vector
    slope: Vector
    end: Literal["gradient", "steps", "diverged", "undefined"]
    verdict: Literal["good", "slow", "oscillates", "diverges", "undefined"]
    factor: Number
    reason: Text


class DerivativeReply(Reply):
    """A derivative's TeX, as the rules leave it and written out as a short polynomial; null if too long."""

    tex: str | None
    expanded: str | None


class MinimumReply(Reply):
    """A minimum in view; below `largest_rate` descent near it converges. Null at a kink."""

    x: float
    y: float
    curvature: float | None
    largest_rate: float | None


class CurveReply(Reply):
    """The function at places of the picture; `y_range` is what is worth showing."""

    x_range: list[float]
    y_range: list[float]
    x: Vector
    y: Vector
    minima: list[MinimumReply]


class QuotientReply(Reply):
    """Difference quotients for each h, their errors, and the two parts that are to be expected of these."""

    values: Vector
    error: Vector
    truncation: Vector
    rounding: Vector
    best: int | None


class QuotientsReply(Reply):
    """The derivative at `x` by difference quotients with h from 0.1 down to 1e-15."""

    x: float
    value: Number
    derivative: Number
    h: list[float]
    forward: QuotientReply
    central: QuotientReply


class DescentReply(LabReply):
    """The run with others beside it, the picture, the tangent at step `at`, and that step told."""

    request: DescentRequest
    at: int
    last: int
    tex: str | None
    derivative: DerivativeReply
    second_derivative: DerivativeReply
    run: WalkReply
    rates: list[WalkReply]
    curve: CurveReply
    tangent: Matrix
    quotients: QuotientsReply


class RunInput(Input):
    """One entrant: an optimizer; parameters that are left out are the surface's rate and the defaults.

    `batch` is for the regression only: all samples, mini-batches of `batch_size`, or one sample a step.
    """

    optimizer: Name
    parameters: Parameters = Field(default_factory=dict)
    batch: Literal["full", "mini", "one"] = "full"


class RaceRequest(LabRequest):
    """A race; what is null takes the surface's own. `told` is the run whose step `at` is told.

    `expression` is for the surface `typed`. For the surface `regression` points [x, t] may be given, else
    `count` of them are drawn from `seed` with some `noise`; the order of batches is drawn from it too.
    """

    surface: Name = "ravine"
    expression: Expression | None = None
    start: Pair | None = None
    steps: Steps | None = None
    runs: Annotated[list[RunInput], Field(min_length=1, max_length=MAXIMUM_RUNS)] | None = None
    tolerance: Tolerance = 1e-3
    points: Annotated[list[Pair], Field(min_length=2, max_length=MAXIMUM_POINTS)] | None = None
    count: Annotated[int, Field(ge=2, le=MAXIMUM_POINTS)] = 12
    noise: Annotated[float, Field(ge=0, le=100)] = 0.5
    seed: Index = 0
    batch_size: Annotated[int, Field(ge=1, le=MAXIMUM_POINTS)] = 4
    x_range: Pair | None = None
    y_range: Pair | None = None
    resolution: Annotated[int, Field(ge=8, le=MAXIMUM_RESOLUTION)] = 96
    told: Annotated[int, Field(ge=0, lt=MAXIMUM_RUNS)] = 0
    at: Index = 0


class RaceAnswers(RaceRequest, LabAnswers):
    """The same, with a learner's numbers for the update that is told."""


class PathReply(Reply):
    """A run: its points with the objective and the size of its gradient there.

    `failed` names the first quantity of the update after the last point that is not finite, null if the run
    went to the end. `settled` is the step from which on the gradient's size stays within the tolerance.
    """

    optimizer: str
    label: Text
    tex: str
    parameters: dict[str, float]
    batch: str
    steps: int
    x: Vector
    y: Vector
    values: Vector
    norms: Vector
    length: Number
    failed: str | None
    settled: int | None
    reason: Text


class StandingReply(Reply):
    """Where a run is at step `at`: its place among all, its state vectors, and the update that follows.

    `gradient` is taken at `taken_at`, over the batch of `rows` (null: all there is). `state` is that before
    the update, `next_state`, `terms` and `update` are what it makes. `line` is the regression's line at
    `point`, from the smallest to the largest x; null for a function.
    """

    rank: int
    step: int
    point: Vector
    value: Number
    taken_at: Vector
    gradient: Vector
    rows: list[int] | None
    state: dict[str, Vector]
    next_state: dict[str, Vector]
    terms: dict[str, Vector]
    update: Vector
    line: Matrix | None


class ReliefReply(Reply):
    """The objective as a picture: base64 of little-endian float32, row by row from the lowest y."""

    x_range: list[float]
    y_range: list[float]
    resolution: int
    encoding: Literal["base64"]
    values: str
    levels: list[float]
    minimum: float
    maximum: float


class SurfaceReply(Reply):
    """What is minimised: its TeX, that of its derivatives, and minima that are known."""

    name: str
    label: Text
    tex: str | None
    derivatives: list[DerivativeReply]
    parameters: list[str]
    minima: list[list[float]]


class RaceReply(LabReply):
    """Every run's path, where each stands at step `at`, the picture, and one run's update told."""

    request: RaceRequest
    at: int
    last: int
    surface: SurfaceReply
    paths: list[PathReply]
    standings: list[StandingReply]
    relief: ReliefReply
    points: list[list[float]] | None


class FunctionEntryReply(Reply):
    """A function of x that is worth descending."""

    name: str
    label: Text
    expression: str
    tex: str
    start: float
    learning_rate: float


class SurfaceEntryReply(Reply):
    """A surface for races: its view, its start, and the rate of each optimizer; no expression for a loss."""

    name: str
    label: Text
    expression: str | None
    tex: str
    x_range: list[float]
    y_range: list[float]
    start: list[float]
    steps: int
    rates: dict[str, float]
    minima: list[list[float]]
    source: str
