"""What a caller may send. A field that is left out keeps the preset's or the session's value."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import ElementId, Input, Name, Parameters
from core.session import LARGEST_VALUE, MAXIMUM_LAYERS, MAXIMUM_ROWS, MAXIMUM_TEST_SHARE, MAXIMUM_UNITS

# The core counts the inputs as a layer.
MAX_LAYERS = MAXIMUM_LAYERS - 1
MAX_EDITS = 10_000
MAX_CSV_CHARACTERS = 1024 * 1024
# A browser's numbers are exact up to here.
MAX_INTEGER = 2**53 - 1

# As in a CSV file: beyond this a table holds something else than samples.
Cell = Annotated[float, Field(ge=-LARGEST_VALUE, le=LARGEST_VALUE)]
# Of a table the first wrong cell is told: to collect a hundred thousand of them would take seconds.
Rows = Annotated[
    list[Annotated[list[Cell], Field(min_length=1, max_length=MAXIMUM_UNITS, fail_fast=True)]],
    Field(min_length=1, max_length=MAXIMUM_ROWS, fail_fast=True),
]
ColumnNames = Annotated[list[Name], Field(max_length=MAXIMUM_UNITS)]
TargetKind = Literal["auto", "classes", "regression"]
DelimiterName = Literal["auto", "comma", "semicolon", "tab"]
ScalingName = Literal["none", "standard", "minmax"]
Index = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
# What a user calls a session: one line; an empty one takes the name away.
Label = Annotated[str, Field(max_length=60, pattern=r"^[^\x00-\x1f\x7f]*$")]


class BiasInput(Input):
    """A layer's bias: trained, fixed at `value`, or absent."""

    mode: Literal["trained", "fixed", "absent"] = "trained"
    value: float = 1.0


class LayerInput(Input):
    """A hidden layer or the output layer."""

    units: Annotated[int, Field(ge=1, le=MAXIMUM_UNITS)]
    activation: Name = "sigmoid"
    activation_parameters: Parameters = Field(default_factory=dict)
    bias: BiasInput = BiasInput()


class NamedInput(Input):
    """A named choice; parameters that are left out take their defaults."""

    name: Name
    parameters: Parameters = Field(default_factory=dict)


class ParametersInput(Input):
    """Weights layer by layer as (n_in, n_out), and biases, null where a layer has none."""

    weights: Annotated[
        list[
            Annotated[
                list[Annotated[list[float], Field(max_length=MAXIMUM_UNITS, fail_fast=True)]],
                Field(max_length=MAXIMUM_UNITS, fail_fast=True),
            ]
        ],
        Field(min_length=1, max_length=MAX_LAYERS),
    ]
    biases: (
        Annotated[
            list[Annotated[list[float], Field(max_length=MAXIMUM_UNITS)] | None], Field(max_length=MAX_LAYERS)
        ]
        | None
    ) = None


class NetworkInput(Input):
    """Every hidden layer and the output layer, with the initial parameters or how to draw them."""

    layers: Annotated[list[LayerInput], Field(min_length=1, max_length=MAX_LAYERS)]
    initializer: NamedInput | None = None
    parameters: ParametersInput | None = None


class LossInput(Input):
    """The loss and its conventions: coefficient, and sum or mean over outputs and over the batch."""

    name: Name | None = None
    coefficient: float | None = None
    outputs: Literal["sum", "mean"] | None = None
    batch: Literal["sum", "mean"] | None = None


class OptimizerInput(Input):
    """The optimizer; without a name, the present one with other parameters."""

    name: Name | None = None
    parameters: Parameters = Field(default_factory=dict)


class BatchInput(Input):
    """How the training set is cut into batches."""

    mode: Literal["full", "mini", "one"] | None = None
    size: Annotated[int, Field(ge=1, le=MAXIMUM_ROWS)] | None = None
    order: Literal["stored", "shuffled"] | None = None


class RegularizationInput(Input):
    """Coefficients of the penalties on weights; biases have none."""

    l1: Annotated[float, Field(description="λ₁ of λ₁·Σ|w|, added once to the batch's loss.")] | None = None
    l2: Annotated[float, Field(description="λ₂ of λ₂/2·Σw².")] | None = None


class RuleInput(Input):
    """A rule of the catalogue; without a name, the present one with other parameters."""

    name: Name | None = None
    parameters: Parameters = Field(default_factory=dict)


class TrainingInput(Input):
    """How one update is made from a batch."""

    loss: LossInput | None = None
    optimizer: OptimizerInput | None = None
    batch: BatchInput | None = None
    regularization: RegularizationInput | None = None
    dropout: (
        Annotated[float, Field(description="Share of the hidden neurons that a step leaves out, 0 to 0.95.")]
        | None
    ) = None
    clipping: RuleInput | None = Field(
        default=None, description="Limits the gradient before the optimizer: none, value or norm."
    )
    schedule: RuleInput | None = Field(
        default=None,
        description="Sets the learning rate of each epoch from the optimizer's: constant, step or cosine.",
    )


class SplitInput(Input):
    """Which share of the rows is for testing, and the seed that draws them."""

    test_share: Annotated[float, Field(ge=0, le=MAXIMUM_TEST_SHARE)] = 0.0
    seed: Index = 0


class CsvInput(Input):
    """A table as CSV text: its input columns and its target by their names, by default as they are guessed.

    The first line names the columns; commas, semicolons or tabs part them. As classes the target becomes one
    column of targets for two, or one each.
    """

    text: Annotated[str, Field(max_length=MAX_CSV_CHARACTERS)]
    columns: ColumnNames | None = None
    target: Name | None = None
    kind: TargetKind = "auto"
    delimiter: DelimiterName = "auto"


class PreviewRequest(Input):
    """A table to look at before it is used."""

    csv: CsvInput


class DataInput(Input):
    """A data set: a named one with its parameters, rows of inputs and targets, or CSV.

    Either is split, scaled and given `features` as inputs: formulas over the columns x1, x2 and so on, such
    as `x1`, `x1^2`, `x1*x2`, `sin(x1)`. `expression` is the formula of a data set that has one.
    """

    name: Name | None = None
    parameters: Parameters = Field(default_factory=dict)
    expression: Annotated[str, Field(max_length=2000)] | None = None
    csv: CsvInput | None = None
    inputs: Rows | None = None
    targets: Rows | None = None
    order: Annotated[list[Index], Field(max_length=MAXIMUM_ROWS, fail_fast=True)] | None = None
    columns: ColumnNames | None = None
    target_columns: ColumnNames | None = None
    classes: ColumnNames | None = None
    split: SplitInput = SplitInput()
    features: Annotated[list[Name], Field(max_length=MAXIMUM_UNITS)] = Field(default_factory=list)
    scaling: ScalingName = "none"
    target_scaling: ScalingName = "none"


class CreateRequest(Input):
    """A new session: a preset, its parts replaced by those that are given."""

    preset: Name | None = None
    seed: Index | None = None
    network: NetworkInput | None = None
    training: TrainingInput | None = None
    data: DataInput | None = None


class ParameterEdit(Input):
    """A new value for one weight or bias, or whether updates may move it."""

    element: ElementId
    value: float | None = None
    frozen: bool | None = None


class PatchRequest(Input):
    """A change of a session; it is recorded on the timeline, except for the current sample alone.

    `label` is what its user calls the session; an empty one takes the name away.
    """

    training: TrainingInput | None = None
    parameters: Annotated[list[ParameterEdit], Field(max_length=MAX_EDITS)] = Field(default_factory=list)
    current_sample: Index | None = None
    label: Label | None = None


class StepRequest(Input):
    """How many updates to apply; the unit `epoch` runs to the next epoch boundary."""

    count: Annotated[int, Field(ge=1, le=MAX_INTEGER)] = 1
    unit: Literal["step", "epoch"] = "step"
    trace: bool = False


class SeekRequest(Input):
    """Where to go: a node of the timeline, or a step on the present branch."""

    node: Index | None = None
    step: Index | None = None


class PredictRequest(Input):
    """Rows of inputs."""

    inputs: Rows
