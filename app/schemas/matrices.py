"""One step as matrices, and one parameter's gradient sample by sample."""

from __future__ import annotations

from pydantic import Field

from app.schemas.base import Matrix, Number, Reply, Vector, WithNonfinite


class MatrixReply(Reply):
    """One array of one layer."""

    name: str
    variable: str = Field(description="Its name in the copied text.")
    symbol: str = Field(description="TeX.")
    formula: str = Field(description="How it is computed from the others, TeX; empty for what is given.")
    refs: str = Field(
        description="The references of the entries, {row} and {column} standing for their place."
    )
    samples: bool = Field(description="Whether the rows are the batch's samples.")
    shape: list[int] = Field(description="The shape of the whole array.")
    limited: bool = Field(description="Whether `values` and `numpy` hold only the rows from `first_row` on.")
    first_row: int
    values: Matrix | Vector
    numpy: str = Field(
        description="The same numbers as numpy prints them; evaluated, they are the same bits."
    )


class LayerMatricesReply(Reply):
    """One layer's arrays in the order in which they are computed."""

    layer: int
    activation_name: str
    matrices: list[MatrixReply]


class MatricesReply(WithNonfinite):
    """The arrays of step k for the whole batch; `position` is the chosen sample's row in them."""

    step: int
    iteration: int
    sample: int
    position: int
    batch: list[int]
    batch_factor: float
    looks_ahead: bool = Field(description="Whether the weights are those of a look-ahead point (NAG).")
    layers: list[LayerMatricesReply]


class ContributionReply(Reply):
    """One sample's part: its row of the data set, its own loss and gradient without the batch factor."""

    sample: int
    inputs: Vector
    targets: Vector
    loss: Number
    gradient: Number


class ContributionsReply(WithNonfinite):
    """The gradient of one parameter over the batch of step k.

    All samples in the batch's order, or where there are too many the largest gradients first, the `omitted`
    ones summed up. `combined` = `total` · `batch_factor` is the gradient of the batch's loss, to which the
    objective adds `penalty`; the optimizer gets `received`: their sum after clipping, 0 where frozen.
    """

    step: int
    iteration: int
    element: str
    size: int
    samples: list[ContributionReply]
    omitted: int
    omitted_sum: Number
    total: Number
    positive: Number
    negative: Number
    batch_factor: float
    combined: Number
    penalty: Number
    received: Number
    cancellation: float | None = Field(
        description="1 - |total| / (positive - negative): the share that cancels; null: nothing to share."
    )
    frozen: bool
