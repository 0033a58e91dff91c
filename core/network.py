"""What a network and its training are, as frozen specifications, and the parameters as one flat vector.

Layers are counted from 0 (the inputs) to L (the outputs). Element ids name single quantities everywhere
(trace, micro-steps, diagram, PATCH): `a.l.j` activation, `z.l.j` net input, `d.l.j` delta of neuron j in
layer l, `w.l.i.j` the weight from neuron i of layer l-1 to neuron j of layer l, `b.l.j` its bias; i and j
count from 0, the inputs are layer 0, so x1 is `a.0.0`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import InvalidInputError
from core.features import Feature
from core.transforms import Transform

Array = NDArray[np.float64]
BiasMode = Literal["trained", "fixed", "absent"]
Reduction = Literal["sum", "mean"]
BatchMode = Literal["full", "mini", "one"]
SampleOrder = Literal["stored", "shuffled"]
Precision = Literal["float64", "float32"]

_ELEMENT = re.compile(r"(?:w\.(\d+)\.(\d+)\.(\d+)|b\.(\d+)\.(\d+))", re.ASCII)


@dataclass(frozen=True)
class BiasSpec:
    """How a layer treats its bias: trained, fixed at `value` (never updated), or absent."""

    mode: BiasMode = "trained"
    value: float = 1.0


@dataclass(frozen=True)
class LayerSpec:
    """One layer of `units` neurons; `activation_parameters` are those of the registry entry."""

    units: int
    activation: str = "sigmoid"
    activation_parameters: Mapping[str, float] = field(default_factory=dict)
    bias: BiasSpec = BiasSpec()


@dataclass(frozen=True)
class NetworkSpec:
    """A multi-layer perceptron: the number of inputs, then every hidden layer and the output layer."""

    inputs: int
    layers: tuple[LayerSpec, ...]

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Neurons per layer, inputs first."""
        return (self.inputs, *(layer.units for layer in self.layers))

    @property
    def outputs(self) -> int:
        """Neurons of the output layer."""
        return self.layers[-1].units

    @cached_property
    def blocks(self) -> tuple[tuple[int, int, int], ...]:
        """For each layer the offset of its block in the flat vector and the block's shape.

        A block is (n_out, n_in + 1) with the bias as last column, or (n_out, n_in) where the bias is absent.
        """
        blocks, offset = [], 0
        for n_in, layer in zip(self.sizes, self.layers, strict=False):
            columns = n_in + (layer.bias.mode != "absent")
            blocks.append((offset, layer.units, columns))
            offset += layer.units * columns
        return tuple(blocks)

    @property
    def parameter_count(self) -> int:
        """Length of the flat vector, fixed biases included."""
        offset, rows, columns = self.blocks[-1]
        return offset + rows * columns

    def trainable_mask(self) -> Array:
        """Return a flat vector with 0 at fixed biases and 1 elsewhere."""
        mask = Parameters(self, np.ones(self.parameter_count))
        for index, layer in enumerate(self.layers, start=1):
            bias = mask.bias(index)
            if layer.bias.mode == "fixed" and bias is not None:
                bias[:] = 0.0
        return mask.vector

    def weight_mask(self) -> Array:
        """Return a flat vector with 1 at weights and 0 at biases."""
        mask = Parameters(self, np.zeros(self.parameter_count))
        for index in range(1, len(self.layers) + 1):
            mask.weights(index)[:] = 1.0
        return mask.vector

    @property
    def hidden(self) -> tuple[int, ...]:
        """Neurons of each hidden layer."""
        return self.sizes[1:-1]

    def position(self, element: str, pointer: str = "") -> int:
        """Return where weight or bias `element` stands in the flat vector; InvalidInputError if nowhere."""
        match = _ELEMENT.fullmatch(element)
        if match:
            if match[1] is not None:
                layer, column, row = int(match[1]), int(match[2]), int(match[3])
            else:
                layer, row = int(match[4]), int(match[5])
                column = self.sizes[layer - 1] if 1 <= layer <= len(self.layers) else -1
            if 1 <= layer <= len(self.layers):
                offset, rows, columns = self.blocks[layer - 1]
                is_weight = match[1] is not None
                limit = self.sizes[layer - 1] if is_weight else columns
                if row < rows and 0 <= column < limit:
                    return offset + row * columns + column
        raise InvalidInputError(code="unknown-element", pointer=pointer)

    def element(self, position: int) -> str:
        """Return the id of the weight or bias at `position` of the flat vector; IndexError if none is."""
        for layer, (offset, rows, columns) in enumerate(self.blocks, start=1):
            if offset <= position < offset + rows * columns:
                row, column = divmod(position - offset, columns)
                return f"b.{layer}.{row}" if column == self.sizes[layer - 1] else f"w.{layer}.{column}.{row}"
        raise IndexError(position)


@dataclass(frozen=True)
class Parameters:
    """All weights and biases as one flat vector; the layers' matrices are views into it."""

    spec: NetworkSpec
    vector: Array

    def _block(self, layer: int) -> Array:
        offset, rows, columns = self.spec.blocks[layer - 1]
        return self.vector[offset : offset + rows * columns].reshape(rows, columns)

    def weights(self, layer: int) -> Array:
        """Return the weights of layer 1..L, shape (n_in, n_out), as a view."""
        return self._block(layer)[:, : self.spec.sizes[layer - 1]].T

    def bias(self, layer: int) -> Array | None:
        """Return the biases of layer 1..L, shape (n_out,), as a view; None where the bias is absent."""
        if self.spec.layers[layer - 1].bias.mode == "absent":
            return None
        return self._block(layer)[:, -1]

    def copy(self) -> Parameters:
        """Return parameters with a vector of their own."""
        return Parameters(self.spec, self.vector.copy())


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


@dataclass(frozen=True)
class SplitSpec:
    """Which rows are for testing: a share of them, drawn from a seed of its own; 0: none."""

    test_share: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class Preparation:
    """What is done to a table before it is trained on.

    `features` names the network's inputs (empty: the columns as they are), `scaling` and `target_scaling`
    are `none`, `standard` or `minmax`.
    """

    split: SplitSpec = SplitSpec()
    features: tuple[str, ...] = ()
    scaling: str = "none"
    target_scaling: str = "none"


@dataclass(frozen=True)
class Table:
    """The rows as they were given, `inputs` (R, c) and `targets` (R, n_out), before split and scaling.

    `training` and `test` are the places of the training and the test rows; `order` is the stored order of all
    rows.
    """

    inputs: Array
    targets: Array
    order: tuple[int, ...]
    training: NDArray[np.intp]
    test: NDArray[np.intp]


_NO_ROWS: Array = np.empty((0, 0))


@dataclass(frozen=True)
class DataSet:
    """A training set as the network sees it: `inputs` (N, n_in), `targets` (N, n_out).

    `order` is the stored order in which samples are trained (indices into the rows); the rows themselves stay
    as a reader would write the table. `test_inputs` (M, n_in) and `test_targets` (M, n_out) are rows that no
    step is made from, M = 0 without a split.

    `columns` and `target_columns` name the columns of the table, `classes` the classes that the targets stand
    for, where they have names. `preparation` says how the table became the set; `table` and `transform` are
    None where nothing was done. `expression` is the formula of a data set that has one.
    """

    inputs: Array
    targets: Array
    order: tuple[int, ...] = ()
    name: str = "custom"
    parameters: Mapping[str, float] = field(default_factory=dict)
    test_inputs: Array = field(default_factory=lambda: _NO_ROWS)
    test_targets: Array = field(default_factory=lambda: _NO_ROWS)
    columns: tuple[str, ...] = ()
    target_columns: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    expression: str = ""
    preparation: Preparation = Preparation()
    table: Table | None = None
    transform: Transform | None = None

    def __post_init__(self) -> None:
        """Name columns without a name, and give empty test rows the columns of the others."""
        for rows, name in ((self.inputs, "test_inputs"), (self.targets, "test_targets")):
            if getattr(self, name) is _NO_ROWS:
                object.__setattr__(self, name, np.empty((0, *np.shape(rows)[1:])))
        if not self.columns:
            count = self.transform.columns if self.transform else _width(self.inputs)
            object.__setattr__(self, "columns", tuple(f"x{place + 1}" for place in range(count)))
        if not self.target_columns:
            count = _width(self.targets)
            names = tuple(f"t{place + 1}" for place in range(count)) if count > 1 else ("t",)
            object.__setattr__(self, "target_columns", names)

    @property
    def nbytes(self) -> int:
        """How many bytes the numbers take, those of the table included."""
        arrays = [self.inputs, self.targets, self.test_inputs, self.test_targets]
        if self.table is not None:
            arrays += [self.table.inputs, self.table.targets]
        return sum(array.nbytes for array in arrays)

    @property
    def size(self) -> int:
        """Number of training samples N."""
        return len(self.inputs)

    @property
    def test_size(self) -> int:
        """Number of test samples M."""
        return len(self.test_inputs)

    @cached_property
    def stored_order(self) -> NDArray[np.intp]:
        """Indices of the rows in the order of training."""
        return np.array(self.order or range(self.size), dtype=np.intp)

    @cached_property
    def raw_inputs(self) -> Array:
        """The training rows of the table (N, c), as they are displayed."""
        return self.inputs if self.table is None else self.table.inputs[self.table.training]

    @cached_property
    def raw_targets(self) -> Array:
        """The training rows' targets (N, n_out), as they are displayed."""
        return self.targets if self.table is None else self.table.targets[self.table.training]

    @cached_property
    def raw_test_inputs(self) -> Array:
        """The test rows of the table (M, c), as they are displayed."""
        return self.test_inputs if self.table is None else self.table.inputs[self.table.test]

    @cached_property
    def raw_test_targets(self) -> Array:
        """The test rows' targets (M, n_out), as they are displayed."""
        return self.test_targets if self.table is None else self.table.targets[self.table.test]

    @property
    def features(self) -> tuple[Feature, ...]:
        """What each of the network's inputs is; empty where they are the columns as they are."""
        return self.transform.features if self.transform and self.transform.names else ()

    def network_inputs(self, raw: Array) -> Array:
        """Return the network's inputs (K, n_in) for rows as they are displayed, (K, c)."""
        return raw if self.transform is None else self.transform.network_inputs(raw)

    def displayed_outputs(self, outputs: Array) -> Array:
        """Return the network's outputs (K, n_out) in the units of the displayed targets."""
        return outputs if self.transform is None else self.transform.displayed_outputs(outputs)


def _width(rows: Array) -> int:
    # Rows that are none are refused later, by name.
    return int(np.shape(rows)[1]) if np.ndim(rows) == 2 else 0


def read_only(array: Array) -> Array:
    """Return a copy of `array` that cannot be written to, so that a record stays what it was."""
    copy = np.array(array, dtype=np.float64)
    copy.flags.writeable = False
    return copy
