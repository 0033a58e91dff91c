"""A session as the page shows it, and the replies that carry one."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from app.schemas.base import Matrix, Named, Number, Reply, Vector, WithNonfinite
from app.schemas.data import DataReply
from app.schemas.trace import TraceReply


class BiasReply(Reply):
    """A layer's bias."""

    mode: Literal["trained", "fixed", "absent"]
    value: float


class LayerReply(Reply):
    """A hidden layer or the output layer."""

    units: int
    activation: str
    activation_parameters: dict[str, float]
    bias: BiasReply


class NetworkReply(Reply):
    """The network and how its initial parameters were drawn."""

    inputs: int
    layers: list[LayerReply]
    initializer: Named


class LossReply(Reply):
    """The loss and its conventions."""

    name: str
    coefficient: float
    outputs: Literal["sum", "mean"]
    batch: Literal["sum", "mean"]


class BatchReply(Reply):
    """How the training set is cut into batches."""

    mode: Literal["full", "mini", "one"]
    size: int
    order: Literal["stored", "shuffled"]


class RegularizationReply(Reply):
    """Coefficients of the penalties on weights; 0 switches one off."""

    l1: float
    l2: float


class TrainingReply(Reply):
    """How one update is made from a batch."""

    loss: LossReply
    optimizer: Named
    batch: BatchReply
    regularization: RegularizationReply
    dropout: float
    clipping: Named
    schedule: Named


class LayerParameters(Reply):
    """One quantity for every parameter: weights layer by layer as (n_in, n_out), biases or null."""

    weights: list[Matrix]
    biases: list[Vector | None]


class LayerFlags(Reply):
    """For every parameter whether updates leave it alone."""

    weights: list[list[list[bool]]]
    biases: list[list[bool] | None]


class TimelineReply(Reply):
    """Where the session stands on its timeline; `undo` and `redo` are nodes to seek."""

    node: int
    undo: int | None
    redo: int | None
    last_step: int
    branches: int


class DivergenceReply(Reply):
    """Why the next update cannot be applied, and a learning rate to try instead."""

    step: int
    element: str | None
    learning_rate: float
    suggested_learning_rate: float


class ElementReply(Reply):
    """How a quantity is written: `base` with a lower and an upper index."""

    id: str
    base: str
    sub: str
    sup: str


class RecipeReply(Reply):
    """What makes this session again: the request that creates it, then the actions in order."""

    create: dict[str, Any]
    actions: list[dict[str, Any]]


class RunReply(Reply):
    """Training that goes on by itself, or the last that did; `reason` is null while it goes on.

    `best_epoch` is where the watched loss was least so far; `epochs_per_second` and `seconds_left` are
    estimates from this run.
    """

    from_step: int
    from_epoch: int
    to_epoch: int | None
    epoch: int
    steps_per_second: float | None
    epochs_per_second: float | None
    seconds_left: float | None
    progress: float | None
    best_epoch: int | None
    reason: (
        Literal["epochs", "loss", "accuracy", "no-improvement", "paused", "interrupted", "diverged", "error"]
        | None
    ) = Field(default=None, description="`interrupted`: cut off by the server's end, and stored before it.")
    error: str | None = Field(default=None, description="The code of what failed, for the reason `error`.")


class SessionReply(WithNonfinite):
    """A session: what is trained, how, and where it stands.

    `outputs`, and `differences` (outputs minus targets), are in the units of the table: a scaling of the
    targets is undone. Test figures are null without test rows.
    """

    id: str
    status: Literal["ready", "training", "paused", "diverged"]
    preset: str | None
    seed: int
    network: NetworkReply
    training: TrainingReply
    learning_rate: float = Field(description="The next step's, as the schedule has it in this epoch.")
    data: DataReply
    parameters: LayerParameters
    frozen: LayerFlags
    step: int
    epoch: int
    steps_per_epoch: int
    epoch_position: int
    next_batch: list[int]
    loss: Number
    accuracy: float | None
    test_loss: Number = None
    test_accuracy: float | None = None
    outputs: Matrix | None
    differences: Matrix | None
    sample_losses: Vector | None
    timeline: TimelineReply
    divergence: DivergenceReply | None
    elements: list[ElementReply]
    recipe: RecipeReply
    run: RunReply | None = None


class LossAt(Reply):
    """The loss of the whole set after `step` updates."""

    step: int
    loss: Number


class StepReply(WithNonfinite):
    """What a call of step did."""

    applied: int
    diverged: bool
    before: LossAt
    after: LossAt
    losses: list[LossAt]
    trace: TraceReply | None
    session: SessionReply


class CurveReply(WithNonfinite):
    """The loss of the whole set along the present path, in at most 4,096 buckets of steps."""

    steps: list[int]
    last: Vector
    minimum: Vector
    maximum: Vector
