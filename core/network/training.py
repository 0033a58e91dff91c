"""How a step is made: loss, optimizer, batches and what else decides it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Reduction = Literal["sum", "mean"]
BatchMode = Literal["full", "mini", "one"]
SampleOrder = Literal["stored", "shuffled"]
Precision = Literal["float64", "float32"]


@dataclass(frozen=True)
class LossSpec:
    """The loss and its conventions.

    `coefficient` multiplies squared error only (0.5 or 1). `outputs` says whether a sample's loss sums or
    averages its outputs, `batch` whether the batch's loss sums or averages its samples.
    """

    name: str = "squared_error"
    coefficient: float = 0.5
    outputs: Reduction = "sum"
    batch: Reduction = "sum"


@dataclass(frozen=True)
class OptimizerSpec:
    """The optimizer's name and every one of its parameters, `learning_rate` among them."""

    name: str = "sgd"
    parameters: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class BatchSpec:
    """How the training set is cut: all at once, in batches of `size`, or one sample at a time."""

    mode: BatchMode = "full"
    size: int = 1
    order: SampleOrder = "stored"

    def length(self, samples: int) -> int:
        """Return the batch length for a training set of that many samples."""
        return {"full": samples, "mini": min(self.size, samples), "one": 1}[self.mode]


@dataclass(frozen=True)
class RegularizationSpec:
    """Coefficients of the penalties that the objective adds to the batch's loss, weights only.

    The objective is the loss + l1·Σ|w| + l2/2·Σw².
    """

    l1: float = 0.0
    l2: float = 0.0

    @property
    def active(self) -> bool:
        """Whether there is any penalty."""
        return self.l1 != 0.0 or self.l2 != 0.0


@dataclass(frozen=True)
class ClippingSpec:
    """How the gradient is clipped before the optimizer receives it."""

    name: str = "none"
    parameters: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ScheduleSpec:
    """How the learning rate follows the epochs."""

    name: str = "constant"
    parameters: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class TrainingSpec:
    """Everything that decides how one step is made from a batch; `dropout` is the rate of hidden layers.

    `precision` is that of the parameters while they are trained. Records and traces are float64 always, and
    hold a float32 training's numbers exactly.
    """

    loss: LossSpec = LossSpec()
    optimizer: OptimizerSpec = OptimizerSpec()
    batch: BatchSpec = BatchSpec()
    regularization: RegularizationSpec = RegularizationSpec()
    dropout: float = 0.0
    clipping: ClippingSpec = ClippingSpec()
    schedule: ScheduleSpec = ScheduleSpec()
    precision: Precision = "float64"
