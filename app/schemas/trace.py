"""The record of one step."""

from __future__ import annotations

from pydantic import Field

from app.schemas.base import Matrix, Number, Reply, Vector, WithNonfinite


class LayerValues(Reply):
    """One quantity for every parameter: weights layer by layer as (n_in, n_out), biases or null."""

    weights: list[Matrix]
    biases: list[Vector | None]


class LayerTraceReply(Reply):
    """One layer's numbers for the chosen sample; the `batch_` gradients are those of the whole batch."""

    layer: int
    activation_name: str
    inputs: Vector
    net_input: Vector
    activation: Vector
    function_value: Vector = Field(description="f(z): the activation before dropout.")
    mask: Vector | None = Field(description="With dropout: 0 for a dropped neuron, else 1/(1−p).")
    upstream: Vector
    local: Vector | Matrix
    delta: Vector
    weight_gradient: Matrix
    bias_gradient: Vector | None
    batch_weight_gradient: Matrix
    batch_bias_gradient: Vector | None
    shapes: dict[str, list[int]]


class TraceLoss(Reply):
    """The loss: each output's part, the chosen sample's and the batch's, and the objective with penalties."""

    parts: Vector
    sample: Number
    batch: Number
    penalty: Number
    objective: Number


class PenaltyReply(Reply):
    """One penalty: `size` is Σ|w| or Σw² over all weights, `value` what the objective gains by it."""

    name: str
    coefficient: float
    size: Number
    value: Number


class ClippingReply(Reply):
    """How the gradient was clipped; by norm with the norm before it and the common factor."""

    name: str
    parameters: dict[str, float]
    norm: Number
    factor: Number


class ScheduleReply(Reply):
    """How the step's learning rate came from the optimizer's own, `base`."""

    name: str
    parameters: dict[str, float]
    base: float
    rate: float


class SampleLoss(Reply):
    """The loss of one row of the data set."""

    sample: int
    loss: Number


class OptimizerTrace(Reply):
    """The optimizer's own quantities, before and after the update."""

    name: str
    parameters: dict[str, float]
    count: int
    state_before: dict[str, LayerValues]
    state_after: dict[str, LayerValues]
    terms: dict[str, LayerValues]


class TraceReply(WithNonfinite):
    """Step k, which maps the parameters before it to those after it; shown as iteration k + 1."""

    step: int
    iteration: int
    epoch: int
    sample: int
    batch: list[int]
    batch_factor: float
    inputs: Vector
    targets: Vector
    layers: list[LayerTraceReply]
    loss: TraceLoss
    sample_losses: list[SampleLoss]
    penalties: list[PenaltyReply]
    penalty_gradient: LayerValues | None = Field(description="Null where no penalty is switched on.")
    dropout: float
    clipping: ClippingReply
    schedule: ScheduleReply
    received: LayerValues = Field(
        description="What the optimizer gets: the objective's gradient, 0 where frozen, after clipping."
    )
    before: LayerValues
    point: LayerValues | None = Field(description="Where the gradient was taken, if not at `before`.")
    update: LayerValues
    after: LayerValues
    optimizer: OptimizerTrace
    diverged: bool
    first_nonfinite: str | None
