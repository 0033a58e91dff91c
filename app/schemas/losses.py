"""The losses lab: what a caller sets in each topic, and the numbers and curves of each."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import Input, Matrix, Number, Reply, Vector
from app.schemas.lab import LabAnswers, LabReply, LabRequest
from core.scores import (
    LARGEST_INPUT,
    LARGEST_NET_INPUT,
    LARGEST_SCORE,
    LARGEST_WEIGHT,
    MAXIMUM_CLASSES,
    MAXIMUM_INPUTS,
    MAXIMUM_MODELS,
    MAXIMUM_POINTS,
    MAXIMUM_RATE,
    MAXIMUM_STEPS,
    TEMPERATURES,
    BinarySettings,
    LikelihoodSettings,
    SaturatedSettings,
    SoftmaxSettings,
)

TopicName = Literal["softmax", "binary", "likelihood", "saturated"]
_SOFTMAX, _BINARY = SoftmaxSettings(), BinarySettings()
_LIKELIHOOD, _SATURATED = LikelihoodSettings(), SaturatedSettings()

InputNumber = Annotated[float, Field(ge=-LARGEST_INPUT, le=LARGEST_INPUT)]
WeightNumber = Annotated[float, Field(ge=-LARGEST_WEIGHT, le=LARGEST_WEIGHT)]
ScoreNumber = Annotated[float, Field(ge=-LARGEST_SCORE, le=LARGEST_SCORE)]
ProbabilityNumber = Annotated[float, Field(ge=0.0, le=1.0)]
ClassIndex = Annotated[int, Field(ge=0, lt=MAXIMUM_CLASSES)]
# bool is no int in strict mode.
Bit = Annotated[int, Field(ge=0, le=1)]


class SoftmaxInput(Input):
    """Scores of the classes, from a layer (weights are (inputs, classes)) or set directly.

    Classes count from 0. `vary` is the class whose score the curves sweep; null means the target.
    """

    source: Literal["layer", "scores"] = _SOFTMAX.source
    inputs: Annotated[list[InputNumber], Field(min_length=1, max_length=MAXIMUM_INPUTS)] = Field(
        default_factory=lambda: list(_SOFTMAX.inputs)
    )
    weights: Annotated[
        list[Annotated[list[WeightNumber], Field(min_length=2, max_length=MAXIMUM_CLASSES)]],
        Field(min_length=1, max_length=MAXIMUM_INPUTS),
    ] = Field(default_factory=lambda: [list(row) for row in _SOFTMAX.weights])
    scores: Annotated[list[ScoreNumber], Field(min_length=2, max_length=MAXIMUM_CLASSES)] = Field(
        default_factory=lambda: list(_SOFTMAX.scores)
    )
    target: ClassIndex = _SOFTMAX.target
    temperature: Annotated[float, Field(ge=TEMPERATURES[0], le=TEMPERATURES[1])] = _SOFTMAX.temperature
    vary: ClassIndex | None = None


class BinaryInput(Input):
    """One sigmoid output and its target; `source` says which of net input and probability is set."""

    source: Literal["net_input", "probability"] = _BINARY.source
    net_input: Annotated[float, Field(ge=-LARGEST_NET_INPUT, le=LARGEST_NET_INPUT)] = _BINARY.net_input
    probability: ProbabilityNumber = _BINARY.probability
    target: Bit = _BINARY.target


class LikelihoodInput(Input):
    """The classes of the points, and for each model its probabilities of class 1."""

    targets: Annotated[list[Bit], Field(min_length=1, max_length=MAXIMUM_POINTS)] = Field(
        default_factory=lambda: list(_LIKELIHOOD.targets)
    )
    models: Annotated[
        list[Annotated[list[ProbabilityNumber], Field(min_length=1, max_length=MAXIMUM_POINTS)]],
        Field(min_length=1, max_length=MAXIMUM_MODELS),
    ] = Field(default_factory=lambda: [list(row) for row in _LIKELIHOOD.models])


class SaturatedInput(Input):
    """One sigmoid neuron with one input, trained three times from the same start."""

    input: Annotated[float, Field(ge=-5.0, le=5.0)] = _SATURATED.input
    weight: WeightNumber = _SATURATED.weight
    bias: WeightNumber = _SATURATED.bias
    target: Bit = _SATURATED.target
    learning_rate: Annotated[float, Field(gt=0.0, le=MAXIMUM_RATE)] = _SATURATED.learning_rate
    steps: Annotated[int, Field(ge=0, le=MAXIMUM_STEPS)] = _SATURATED.steps


class LossesRequest(LabRequest):
    """One topic is computed; what is set in the others is kept in the reply's `request`."""

    topic: TopicName = "softmax"
    at: Annotated[int, Field(ge=0, le=MAXIMUM_STEPS)] = 0
    softmax: SoftmaxInput = SoftmaxInput()
    binary: BinaryInput = BinaryInput()
    likelihood: LikelihoodInput = LikelihoodInput()
    saturated: SaturatedInput = SaturatedInput()


class LossesAnswersRequest(LossesRequest, LabAnswers):
    """The lab's request with numbers for its results."""


class CurveReply(Reply):
    """A function of one variable with its derivative."""

    x: Vector
    y: Vector
    slope: Vector


class QuotientReply(Reply):
    """(f(z+h) − f(z−h)) / 2h of the varied class's output by its own score, for h = `width`."""

    width: float
    argmax: Number
    softmax: Number


class SweepReply(Reply):
    """The outputs, a row for every x, while one number moves; and the loss."""

    x: Vector
    softmax: Matrix
    argmax: Matrix
    loss: Vector


class SoftmaxReply(Reply):
    """A prediction over the classes; `jacobian` has [i][k] = ∂y_i/∂(score k), after the temperature.

    `naive` is softmax without the shift by the largest score; `cold` and `hot` are the limits of the
    temperature; `jump` is the score at which argmax changes its mind. `argmax_loss` is 0 or infinite.
    """

    scores: Vector
    scaled: Vector
    largest: Number
    shifted: Vector
    exponentials: Vector
    total: Number
    probabilities: Vector
    naive: Vector
    argmax: Vector
    target: Vector
    parts: Vector
    loss: Number
    argmax_loss: Number
    output_gradient: Vector
    jacobian: Matrix
    gradient: Vector
    weight_gradient: Matrix | None
    cold: Vector
    hot: Vector
    varied: int
    jump: Number
    quotients: list[QuotientReply]
    score_curve: SweepReply
    temperature_curve: SweepReply


class CornerReply(Reply):
    """A target, a probability near 0 or 1, and the loss."""

    target: int
    probability: float
    loss: Number


class BinaryReply(Reply):
    """One prediction, the loss over p and over z for both targets, and the four cases of right and wrong."""

    net_input: Number
    probability: Number
    loss: Number
    loss_gradient: Number
    slope: Number
    gradient: Number
    p: Vector
    loss_if_one: Vector
    loss_if_zero: Vector
    z: Vector
    loss_of_net_input_if_one: Vector
    loss_of_net_input_if_zero: Vector
    gradient_if_one: Vector
    gradient_if_zero: Vector
    corners: list[CornerReply]


class GrowthReply(Reply):
    """The same points several times over: their likelihood as a product, and as a sum of logarithms."""

    copies: int
    points: int
    product: Number
    negative_log_sum: Number


class ModelReply(Reply):
    """How likely one model makes the points' classes; `losses` are the points' binary cross-entropies."""

    probabilities: Vector
    right: Vector
    product: Number
    logs: Vector
    log_sum: Number
    negative_log_sum: Number
    losses: Vector
    mean: Number
    gradient: Vector
    growth: list[GrowthReply]


class LikelihoodReply(Reply):
    """Every model on the same points; `best` is the index of the likeliest."""

    targets: list[int]
    models: list[ModelReply]
    best: int


class PathReply(Reply):
    """One loss's training: entries for the steps 0 to `steps`; `gradient` is ∂L/∂z."""

    name: str
    weight: Vector
    bias: Vector
    net_input: Vector
    output: Vector
    loss: Vector
    gradient: Vector


class LossCurveReply(Reply):
    """One loss and its gradient ∂L/∂z over the net input."""

    name: str
    loss: Vector
    gradient: Vector


class SaturatedReply(Reply):
    """½ SSE, MSE and binary cross-entropy: their paths from one start, and their curves over z."""

    paths: list[PathReply]
    z: Vector
    curves: list[LossCurveReply]


class LossesReply(LabReply):
    """The topic's numbers and curves (the other topics are null), and −ln p, which all of them use."""

    request: LossesRequest
    at: int
    last: int
    softmax: SoftmaxReply | None
    binary: BinaryReply | None
    likelihood: LikelihoodReply | None
    saturated: SaturatedReply | None
    log_curve: CurveReply
