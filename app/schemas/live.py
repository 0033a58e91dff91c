"""Training that goes on by itself: what is asked for, and what is told while it does."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import ElementId, Input, Number, Reply, WithNonfinite
from app.schemas.session import LayerParameters, LossAt, RunReply, SessionReply

# Upper limits are settings of the server.
StepsPerSecond = Annotated[
    float,
    Field(gt=0, description="Updates a second, by default at most 100,000; null: as fast as it goes."),
]
FramesPerSecond = Annotated[float, Field(gt=0, description="30 if left out; by default at most 60.")]
Resolution = Annotated[int, Field(ge=2, description="By default at most 100.")]


class PatienceInput(Input):
    """Stop after so many epochs in which the watched loss never fell by more than `minimum_change`."""

    epochs: Annotated[int, Field(ge=1)]
    minimum_change: Annotated[float, Field(ge=0)] = 0.0


class BoundaryInput(Input):
    """The map that frames carry: of the first output, of another neuron, or of the `classes`."""

    resolution: Resolution = 50
    element: ElementId | Literal["classes"] | None = None


class TrainRequest(Input):
    """When to stop, how fast to go, and what an event stream's frames carry.

    Without `epochs` training goes on until it is paused or another rule ends it. Rules look where an epoch
    ends. `patience` watches the loss of the test set where there is one, else that of the training set.
    """

    epochs: Annotated[int, Field(ge=1, description="By default at most 10,000,000.")] | None = None
    stop_at_loss: float | None = None
    stop_at_accuracy: Annotated[float, Field(ge=0, le=1)] | None = None
    patience: PatienceInput | None = None
    restore_best: bool = False
    steps_per_second: StepsPerSecond | None = None
    frames_per_second: FramesPerSecond | None = None
    boundary: BoundaryInput | None = None


class PaceRequest(Input):
    """Another speed for the training under way."""

    steps_per_second: StepsPerSecond | None = None


class FrameBoundary(WithNonfinite):
    """A map in bytes: base64, 0 to 255 spanning `minimum` to `maximum`, row by row from the lowest y.

    `resolution` is lower than asked for where the network is large.

    For `classes`, the values are those of the greatest output and `classes` has a byte a point that says
    which.
    """

    element: str
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    resolution: int
    minimum: Number
    maximum: Number
    midpoint: float
    values: str
    classes: str | None = None


class FrameReply(WithNonfinite):
    """Where training stands; `losses` are at most 64 of those since this reader's last frame."""

    step: int
    epoch: int
    loss: Number
    test_loss: Number
    accuracy: float | None
    test_accuracy: float | None
    losses: list[LossAt]
    parameters: LayerParameters
    boundary: FrameBoundary | None
    epochs_per_second: float | None
    seconds_left: float | None
    progress: float | None


class EndReply(Reply):
    """The last event: why training ended, and the session then."""

    reason: Literal["epochs", "loss", "accuracy", "no-improvement", "paused", "diverged", "error"]
    run: RunReply
    session: SessionReply
