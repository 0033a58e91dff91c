"""The plane of two inputs that maps are drawn over, and activations over it in float32."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.activations import ACTIVATIONS
from core.errors import InvalidInputError
from core.network import Array, DataSet, NetworkSpec, Parameters
from core.registry import complete_parameters

MARGIN = 0.25

Map = NDArray[np.float32]


@dataclass(frozen=True)
class Plane:
    """A square grid of `resolution` points a side over two of the data's columns, the others at `base`.

    Ranges are in the units in which the data are shown; `base` (columns,) is the mean of the rows.
    """

    axes: tuple[int, int]
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    resolution: int
    base: Array

    @property
    def xs(self) -> Array:
        """The places along x, (resolution,)."""
        return np.linspace(*self.x_range, self.resolution)

    @property
    def ys(self) -> Array:
        """The places along y, (resolution,)."""
        return np.linspace(*self.y_range, self.resolution)

    def rows(self, x: Array, y: Array) -> Array:
        """Return the rows of the data's columns at places of the plane, (K, columns)."""
        rows = np.repeat(self.base[None, :], len(x), axis=0)
        rows[:, self.axes[0]], rows[:, self.axes[1]] = x, y
        return rows

    def grid(self) -> Array:
        """Return every point as a row, (resolution², columns), row by row from the lowest y."""
        return self.rows(np.tile(self.xs, self.resolution), np.repeat(self.ys, self.resolution))


def plane_of(data: DataSet, axes: tuple[int, int], resolution: int) -> Plane:
    """Return the plane over the data set, with a margin of a quarter of its extent, at least 0.25.

    InvalidInputError: `boundary-axis` for a column that is not there, `boundary-axes` for one taken twice.
    """
    shown = data.raw_inputs
    x, y = axes
    for name, axis in (("x", x), ("y", y)):
        if axis >= shown.shape[1]:
            raise InvalidInputError(code="boundary-axis", pointer=f"/{name}", limit=shown.shape[1] - 1)
    if x == y:
        raise InvalidInputError(code="boundary-axes", pointer="/y")
    return Plane(axes, widened(shown[:, x]), widened(shown[:, y]), resolution, shown.mean(axis=0))


def widened(column: Array) -> tuple[float, float]:
    """Return the range of the values with a margin of a quarter of it, at least 0.25, on each side."""
    low, high = float(column.min()), float(column.max())
    margin = max(MARGIN, MARGIN * (high - low))
    return low - margin, high + margin


def features_of(data: DataSet, rows: Array) -> Map:
    """Return shown rows (K, columns) as float32 inputs of the network, feature-major: (n_in, K)."""
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(data.network_inputs(rows).T, dtype=np.float32)


def negated_layers(
    network: NetworkSpec,
    vector: Array,
    inputs: Map,
    first: int = 1,
    last: int | None = None,
    keep: bool = False,
) -> Iterator[tuple[int, Map | None, Map]]:
    """Yield (layer, −net input, −activation), (n, K) each in float32, of the layers `first` to `last`.

    `inputs` (n, K) are what layer `first` gets, feature-major. Everything is negated, as the in-place forms
    of the activations want it; the net input is None unless `keep`. It colours a picture; a number that a
    reader reads is computed in float64.
    """
    with np.errstate(all="ignore"):
        # A parameter near divergence may be too large for float32: it colours as infinite.
        parameters = Parameters(network, vector.astype(np.float32))
        below: NDArray[Any] = np.negative(inputs)
        for layer in range(first, (last or len(network.layers)) + 1):
            spec = network.layers[layer - 1]
            net_input: NDArray[Any] = parameters.weights(layer).T @ below
            bias = parameters.bias(layer)
            if bias is not None:
                net_input -= bias[:, None]
            entry = ACTIVATIONS.get(spec.activation)
            settings = complete_parameters(entry.parameters, spec.activation_parameters)
            kept = net_input.copy() if keep else None
            if entry.in_place is None:
                # The entry's value is written for rows of samples; only softmax looks beyond its own element.
                below = -entry.value(-net_input.T, settings).T.astype(np.float32, copy=False)
            else:
                below = np.empty_like(net_input)
                for call in entry.in_place.forward(net_input, below, settings):
                    call()
            yield layer, kept, below
