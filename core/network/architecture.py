"""The network: its layers and biases, and its parameters as one flat vector."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from core.errors import InvalidInputError
from core.network.arrays import Array

BiasMode = Literal["trained", "fixed", "absent"]

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
