"""What a preset is, the table of them, and short forms for writing one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from core.network import (
    Array,
    BatchMode,
    BatchSpec,
    BiasSpec,
    DataSet,
    LayerSpec,
    LossSpec,
    NetworkSpec,
    OptimizerSpec,
    SampleOrder,
    TrainingSpec,
)
from core.registry import Label, Registry
from core.session.specification import DataChoice, InitializerSpec, SessionSpec


@dataclass(frozen=True)
class Preset:
    """One example: `build()` returns its specification; `source` says in words where its numbers are from."""

    name: str
    label: Label
    description: Label
    source: str
    build: Callable[[], SessionSpec] = field(repr=False)

    def spec(self) -> SessionSpec:
        """Return a specification that carries the preset's name."""
        return replace(self.build(), preset=self.name)


PRESETS: Registry[Preset] = Registry("preset")

HALF_SSE = LossSpec("squared_error", 0.5, "sum", "sum")
MSE = LossSpec("squared_error", 1.0, "mean", "mean")
BCE = LossSpec("binary_cross_entropy", 1.0, "mean", "mean")
CCE = LossSpec("categorical_cross_entropy", 1.0, "sum", "mean")
TRAINED = BiasSpec("trained")
OURS = "Data, network and settings are Deltaboard's own."


def network(inputs: int, *layers: tuple[int, str], bias: BiasSpec = TRAINED) -> NetworkSpec:
    """Return a network with (units, activation) a layer and the same kind of bias everywhere."""
    return NetworkSpec(inputs, tuple(LayerSpec(units, name, {}, bias) for units, name in layers))


def training(
    loss: LossSpec,
    optimizer: str,
    learning_rate: float,
    mode: BatchMode = "full",
    size: int = 1,
    order: SampleOrder = "stored",
) -> TrainingSpec:
    """Return a training specification whose optimizer keeps its defaults but for the learning rate."""
    return TrainingSpec(
        loss, OptimizerSpec(optimizer, {"learning_rate": learning_rate}), BatchSpec(mode, size, order)
    )


def given(
    network: NetworkSpec, training: TrainingSpec, data: DataSet | DataChoice, blocks: list[list[list[float]]]
) -> SessionSpec:
    """Return a specification with given parameters.

    `blocks` holds a block a layer, a row a neuron, with its bias last where it has one.
    """
    vector: Array = np.concatenate([np.array(block).ravel() for block in blocks])
    return SessionSpec(network, training, data, 0, InitializerSpec("given"), vector)


def rows(inputs: list[list[float]], targets: list[list[float]]) -> DataSet:
    """Return a data set of given rows."""
    return DataSet(np.array(inputs), np.array(targets))
