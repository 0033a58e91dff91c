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
    upstream: Vector
    local: Vector | Matrix
    delta: Vector
    weight_gradient: Matrix
    bias_gradient: Vector | None
    batch_weight_gradient: Matrix
    batch_bias_gradient: Vector | None
    shapes: dict[str, list[int]]


class TraceLoss(Reply):
    """The loss: each output's part, the chosen sample's and the batch's."""

    parts: Vector
    sample: Number
    batch: Number


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
    before: LayerValues
    point: LayerValues | None = Field(description="Where the gradient was taken, if not at `before`.")
    update: LayerValues
    after: LayerValues
    optimizer: OptimizerTrace
    diverged: bool
    first_nonfinite: str | None
