"""Arrays as nested lists, with null for what JSON cannot hold."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from app.schemas.base import Matrix, Number, Vector
from app.schemas.trace import LayerValues
from core.network import Array, NetworkSpec, Parameters


class Numbers:
    """Collects one reply's numbers; `nonfinite` then has the pointer and the kind of each null."""

    def __init__(self) -> None:
        self.nonfinite: dict[str, str] = {}

    def number(self, value: float, pointer: str) -> Number:
        """Return the number, or null."""
        value = float(value)
        if math.isfinite(value):
            return value
        self.nonfinite[pointer] = "nan" if value != value else "inf" if value > 0 else "-inf"
        return None

    def _nested(self, array: Array, pointer: str) -> Any:
        values = array.tolist()
        if np.isfinite(array).all():
            return values
        for place in np.argwhere(~np.isfinite(array)).tolist():
            row = values
            for index in place[:-1]:
                row = row[index]
            row[place[-1]] = self.number(row[place[-1]], pointer + "".join(f"/{index}" for index in place))
        return values

    def vector(self, array: Array, pointer: str) -> Vector:
        """Return a 1-D array as a list."""
        values: Vector = self._nested(array, pointer)
        return values

    def matrix(self, array: Array, pointer: str) -> Matrix:
        """Return a 2-D array as a list of rows."""
        values: Matrix = self._nested(array, pointer)
        return values

    def layers(self, network: NetworkSpec, vector: Array, pointer: str) -> LayerValues:
        """Return a flat vector layer by layer: weights (n_in, n_out), biases or null."""
        views = Parameters(network, vector)
        numbers = range(1, len(network.layers) + 1)
        biases = [(layer, views.bias(layer)) for layer in numbers]
        if np.isfinite(vector).all():
            # As nearly always: one look instead of one a layer.
            return LayerValues(
                weights=[views.weights(n).tolist() for n in numbers],
                biases=[None if bias is None else bias.tolist() for _, bias in biases],
            )
        return LayerValues(
            weights=[self.matrix(views.weights(n), f"{pointer}/weights/{n - 1}") for n in numbers],
            biases=[None if b is None else self.vector(b, f"{pointer}/biases/{n - 1}") for n, b in biases],
        )

    def layers_of_each(
        self, network: NetworkSpec, vectors: Mapping[str, Array], pointer: str
    ) -> dict[str, LayerValues]:
        """Return several flat vectors layer by layer, under their names."""
        return {name: self.layers(network, vector, f"{pointer}/{name}") for name, vector in vectors.items()}


def below(pointer: str, nonfinite: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the entries of a part's map as they read from the whole reply."""
    return ((pointer + inner, kind) for inner, kind in nonfinite.items())
