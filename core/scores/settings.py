"""What each topic of the losses lab is set to, its limits, and what must fit together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.errors import InvalidInputError

Topic = Literal["softmax", "binary", "likelihood", "saturated"]
TOPICS: tuple[Topic, ...] = ("softmax", "binary", "likelihood", "saturated")
Source = Literal["layer", "scores"]
BinarySource = Literal["net_input", "probability"]
Table = tuple[tuple[float, ...], ...]

MAXIMUM_INPUTS, MAXIMUM_CLASSES = 8, 6
LARGEST_INPUT, LARGEST_WEIGHT = 10.0, 50.0
# e^1000 overflows: the reason for the shift can be seen.
LARGEST_SCORE = 1000.0
TEMPERATURES = (0.01, 100.0)
LARGEST_NET_INPUT = 700.0
MAXIMUM_MODELS, MAXIMUM_POINTS = 4, 12
MAXIMUM_STEPS, MAXIMUM_RATE = 300, 10.0


@dataclass(frozen=True)
class SoftmaxSettings:
    """Scores, from a layer or set directly, divided by a temperature; classes are counted from 0.

    `weights` are (inputs, classes). `vary` is the class whose score the curves sweep (None: the target).
    """

    source: Source = "layer"
    inputs: tuple[float, ...] = (1.0, 0.5, -1.0, 2.0)
    weights: Table = ((0.2, 0.5, -0.3), (0.4, -0.2, 0.6), (-0.1, 0.3, 0.2), (0.3, 0.4, 0.25))
    scores: tuple[float, ...] = (1.1, 0.9, 0.3)
    target: int = 1
    temperature: float = 1.0
    vary: int | None = None

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.weights[0]) if self.source == "layer" else len(self.scores)

    @property
    def layer_inputs(self) -> int:
        """How many inputs the layer has, 0 where scores are set directly."""
        return len(self.inputs) if self.source == "layer" else 0

    @property
    def warm(self) -> bool:
        """Whether the temperature changes anything."""
        return self.temperature != 1.0

    @property
    def applied(self) -> str:
        """What softmax is applied to: the scores z, or those divided by the temperature, s."""
        return "s" if self.warm else "z"

    @property
    def varied(self) -> int:
        """The class whose score the curves sweep."""
        return self.target if self.vary is None else self.vary

    def check(self, pointer: str) -> None:
        """Raise InvalidInputError unless the layer fits its inputs and the classes named are there."""
        if self.source == "layer":
            if len(self.weights) != len(self.inputs):
                raise InvalidInputError(
                    code="weight-rows", pointer=f"{pointer}/weights", limit=len(self.inputs)
                )
            _check_length(self.weights, self.classes, f"{pointer}/weights")
        for name, value in (("target", self.target), ("vary", self.varied)):
            _check_whole(value, 0, self.classes - 1, f"{pointer}/{name}")


@dataclass(frozen=True)
class BinarySettings:
    """One sigmoid output and its target 0 or 1; what is set is the net input or the probability."""

    source: BinarySource = "net_input"
    net_input: float = 1.0
    probability: float = 0.9
    target: int = 1


@dataclass(frozen=True)
class LikelihoodSettings:
    """Points of class 0 or 1 and, for each model, the probability of class 1 that it gives to each point."""

    targets: tuple[int, ...] = (0, 1, 0, 1)
    models: Table = ((0.4, 0.2, 0.9, 0.7), (0.3, 0.9, 0.2, 0.6))

    def check(self, pointer: str) -> None:
        """Raise InvalidInputError unless every model has a probability for every point."""
        _check_length(self.models, len(self.targets), f"{pointer}/models")


@dataclass(frozen=True)
class SaturatedSettings:
    """One sigmoid neuron with one input, and how it is trained; `target` is 0 or 1."""

    input: float = 1.0
    weight: float = 4.0
    bias: float = 2.0
    target: int = 0
    learning_rate: float = 0.5
    steps: int = 100


def _check_length(rows: Sequence[Sequence[float]], length: int, pointer: str) -> None:
    for index, row in enumerate(rows):
        if len(row) != length:
            raise InvalidInputError(code="row-length", pointer=f"{pointer}/{index}", limit=length)


def _check_whole(value: int, minimum: int, maximum: int, pointer: str) -> None:
    if not minimum <= value <= maximum:
        raise InvalidInputError(code="out-of-range", pointer=pointer, minimum=minimum, maximum=maximum)
