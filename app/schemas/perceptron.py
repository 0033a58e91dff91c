"""The perceptron lab: what it is asked, and what it answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.schemas.base import Input, Name, Number, Reply, Text
from app.schemas.lab import ExplanationReply, LabAnswers, LabReply, LabRequest
from core.perceptron import LARGEST_INPUT, LARGEST_PARAMETER, MAXIMUM_EPOCHS, MAXIMUM_SAMPLES

Coordinate = Annotated[float, Field(ge=-LARGEST_INPUT, le=LARGEST_INPUT)]
Parameter = Annotated[float, Field(ge=-LARGEST_PARAMETER, le=LARGEST_PARAMETER)]
Pair = Annotated[list[Coordinate], Field(min_length=2, max_length=2)]
# A dragged line may leave the window.
Place = Annotated[list[Parameter], Field(min_length=2, max_length=2)]
Weights = Annotated[list[Parameter], Field(min_length=2, max_length=2)]
Index = Annotated[int, Field(ge=0, le=MAXIMUM_SAMPLES * MAXIMUM_EPOCHS)]


class SamplesInput(Input):
    """A truth table by name, or points of the plane with their classes, learnt in this order."""

    name: Name | None = None
    inputs: Annotated[list[Pair], Field(min_length=1, max_length=MAXIMUM_SAMPLES)] | None = None
    classes: (
        Annotated[list[Annotated[int, Field(ge=0, le=1)]], Field(min_length=1, max_length=MAXIMUM_SAMPLES)]
        | None
    ) = None


class LineInput(Input):
    """A dragged line, in place of the weights: moved by a vector, or through two points.

    The side with z > 0 is on the left of the way from the first point to the second, as in a reply's `ends`.
    """

    through: Annotated[list[Place], Field(min_length=2, max_length=2)] | None = None
    move: Place | None = None


class PerceptronRequest(LabRequest):
    """A neuron's start, what it learns and how; `at` is the iteration that is told, one sample each."""

    data: SamplesInput = SamplesInput(name="and")
    rule: Name = "perceptron"
    weights: Weights = Field(default_factory=lambda: [0.5, -0.5])
    bias: Parameter = 0.2
    learning_rate: Annotated[float, Field(gt=0, le=100)] = 0.2
    epochs: Annotated[int, Field(ge=1, le=MAXIMUM_EPOCHS)] = 20
    line: LineInput | None = Field(
        default=None, description="Turns into weights and bias, which the reply's request has instead."
    )
    at: Index = 0


class PerceptronAnswersRequest(PerceptronRequest, LabAnswers):
    """The same, with a learner's numbers for the iteration's results."""


class NeuronReply(Reply):
    """Two weights and a bias."""

    weights: list[Number]
    bias: Number


class DividingLineReply(Reply):
    """The dividing line within the window; `ends` is null where it misses it or where there is none.

    The side with z > 0 is on the left of the way from the first end to the second. `arrow` points the way of
    w, `positive` is the polygon of the window's part with z >= 0, `distance` that from the origin.
    """

    ends: list[list[float]] | None
    arrow: list[list[float]] | None
    positive: list[list[float]]
    distance: float | None


class NeuronStateReply(Reply):
    """The neuron before or after the iteration: its line, and every sample's net input and output."""

    neuron: NeuronReply
    line: DividingLineReply
    net_inputs: list[Number]
    outputs: list[int]
    right: list[bool]


class LearningRuleReply(Reply):
    """The rule of learning; `targets` are the numbers that stand for the classes 0 and 1."""

    name: str
    label: Text
    tex: str
    targets: list[float]
    source: str


class WeightPathReply(Reply):
    """Every iteration; `weights` and `biases` have one entry more, the state after the last."""

    weights: list[list[Number]]
    biases: list[Number]
    samples: list[int]
    net_inputs: list[Number]
    outputs: list[float]
    errors: list[Number]
    changed: list[bool]


class LearningEpochReply(Reply):
    """One pass over the samples: its first iteration, its corrections, and the state at its end.

    `wrong` are the samples on the wrong side, `loss` the mean of (t - z)^2 / 2 (null without a loss).
    """

    number: int
    first: int
    corrections: int
    neuron: NeuronReply
    line: DividingLineReply
    wrong: list[int]
    loss: Number


class CycleReply(Reply):
    """The weights after epoch `again` are exactly those after epoch `first`: all repeats every `period`."""

    first: int
    again: int
    period: int


class ConditionReply(Reply):
    """What a sample demands of its net input, and whether the state before the iteration fulfils it."""

    sample: int
    ref: str
    relation: Literal[">=", "<"]
    net_input: Number
    holds: bool


class MultiplierReply(Reply):
    """How often a sample's condition is added."""

    sample: int
    times: int


class ContradictionReply(Reply):
    """Conditions that cannot all hold: the sum of `ones` (>= 0) and that of `zeros` (< 0) are the same.

    `total` has the coefficients of both sums for w1, w2 and b.
    """

    ones: list[MultiplierReply]
    zeros: list[MultiplierReply]
    total: list[float]


class WidestReply(Reply):
    """The separating line that stays furthest from all samples; `margin` is that distance.

    `support` are the nearest samples. Where all samples are of one class, w is 0 and margin null.
    """

    neuron: NeuronReply
    line: DividingLineReply
    margin: float | None
    support: list[int]


class SeparabilityReply(Reply):
    """Whether any line separates the classes, decided exactly, with a line or a contradiction as proof."""

    separable: bool
    widest: WidestReply | None
    contradiction: ContradictionReply | None
    conditions: list[ConditionReply]
    explanation: ExplanationReply


class WindowReply(Reply):
    """The part of the plane that lines are cut to."""

    x1: list[float]
    x2: list[float]


class PerceptronReply(LabReply):
    """The whole path of learning, the state around iteration `at`, and whether a line can do it at all.

    `corrections` counts those of the path, `most_corrections` is what the convergence theorem allows (null
    where it says nothing). `outcome` says how the path ends.
    """

    request: PerceptronRequest
    at: int
    last: int
    epoch: int
    sample: int
    rule: LearningRuleReply
    inputs: list[list[float]]
    classes: list[int]
    window: WindowReply
    before: NeuronStateReply
    after: NeuronStateReply
    path: WeightPathReply
    epochs: list[LearningEpochReply]
    outcome: Literal["separated", "cycles", "settled", "unfinished", "diverged"]
    cycle: CycleReply | None
    corrections: int
    most_corrections: int | None
    separability: SeparabilityReply


class NeuronInput(Input):
    """Two weights and a bias, set by hand."""

    weights: Weights
    bias: Parameter


class CompositionRequest(LabRequest):
    """XOR from three neurons; `at` is the row of the truth table that is told, 0 to 3."""

    nand: NeuronInput = NeuronInput(weights=[-1.0, -1.0], bias=1.5)
    or_: NeuronInput = Field(default=NeuronInput(weights=[1.0, 1.0], bias=-0.5), alias="or")
    and_: NeuronInput = Field(default=NeuronInput(weights=[1.0, 1.0], bias=-1.5), alias="and")
    at: Annotated[int, Field(ge=0, le=3)] = 0


class CompositionAnswersRequest(CompositionRequest, LabAnswers):
    """The same, with a learner's numbers."""


class ComposedGateReply(Reply):
    """One neuron as a gate: its line over its own inputs, its outputs for 00, 01, 10, 11."""

    name: str
    label: Text
    neuron: NeuronReply
    line: DividingLineReply
    makes: list[int]
    right: bool


class TruthRowReply(Reply):
    """One row of the truth table: net input and output of NAND, OR and AND, and the target."""

    inputs: list[float]
    net_inputs: list[float]
    outputs: list[float]
    target: float


class CompositionReply(LabReply):
    """The network over all four rows.

    `session` is what to post to /sessions to go on in the Network lab, `link` the address of its page with
    this network.
    """

    request: CompositionRequest
    at: int
    last: int
    window: WindowReply
    gates: list[ComposedGateReply]
    rows: list[TruthRowReply]
    solved: bool
    session: dict[str, Any]
    link: str
