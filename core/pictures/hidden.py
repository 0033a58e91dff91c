"""Hidden space: the data as a hidden layer sees them, and how the layers after it divide that space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.activations import ACTIVATIONS
from core.network import Array, DataSet, NetworkSpec, Parameters
from core.pictures.lines import Index, Line, level_lines
from core.pictures.maps import midpoint
from core.pictures.plane import widened
from core.pictures.sets import test_rows
from core.propagation import predict
from core.registry import complete_parameters

Axes = Literal["units", "principal", "output"]

LARGEST = 1e140


@dataclass(frozen=True)
class HiddenSpace:
    """The plane of a hidden layer of n units: `mean` (n,) + x·`directions`[0] + y·`directions`[1].

    With two units ("units") the plane is the layer's whole space and x, y are its activations; with more
    ("principal") it lies along the two principal axes of the training rows, or ("output") along the weights
    of the only output and the principal axis at a right angle to them; `shares` are the parts of the rows'
    variance that its two directions hold. `misplaced` (N,) marks rows that the plane shows on another side of
    the dividing line than they are, because of what it leaves out. `points` (N, 2) and `test_points` (M, 2)
    are the rows in the plane's coordinates. `values` (n_out, resolution, resolution) are the outputs over the
    plane, rows from the lowest y; `lines` are where output `output` takes its `midpoint`, or with several
    outputs where another one becomes the greatest.
    """

    layer: int
    axes: Axes
    mean: Array
    directions: Array
    shares: tuple[float, float]
    points: Array
    misplaced: NDArray[np.bool_]
    test_points: Array | None
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    values: Array
    output: int
    midpoint: float
    lines: list[list[Line]]


def outputs_of_layer(network: NetworkSpec, vector: Array, activation: Array, layer: int) -> Array:
    """Return the outputs (K, n_out) where the units of `layer` have the activations (K, n), in float64."""
    parameters = Parameters(network, vector)
    with np.errstate(all="ignore"):
        for index in range(layer + 1, len(network.layers) + 1):
            net_input = activation @ parameters.weights(index)
            bias = parameters.bias(index)
            if bias is not None:
                net_input = net_input + bias
            spec = network.layers[index - 1]
            entry = ACTIVATIONS.get(spec.activation)
            activation = entry.value(
                net_input, complete_parameters(entry.parameters, spec.activation_parameters)
            )
    return activation


def hidden_space(
    network: NetworkSpec,
    vector: Array,
    data: DataSet,
    layer: int,
    resolution: int,
    output: int = 0,
    along_output: bool = False,
) -> HiddenSpace:
    """Return what hidden layer `layer` (1..L-1) makes of the rows, with the outputs over its plane.

    `along_output` asks for a plane with the output's weights in it, so that every row is seen on its own side
    of the line: for more than two units, one output and the last hidden layer; elsewhere it does nothing.
    """
    layers = predict(network, vector, data.inputs)
    seen = layers[layer - 1][1]
    # A number that is not finite, or whose square is not, has no place in the picture, nor in its axes.
    rows = seen[(np.abs(seen) < LARGEST).all(axis=1)]
    last = layer == len(network.layers) - 1 and network.outputs == 1
    weights = Parameters(network, vector).weights(layer + 1)[:, 0] if along_output and last else None
    axes, mean, directions, shares = _plane(rows, network.sizes[layer], weights)
    points = (seen - mean) @ directions.T
    held = test_rows(data)
    test_points = None
    if held is not None:
        test_points = (predict(network, vector, held[0])[layer - 1][1] - mean) @ directions.T
    placed = points[(np.abs(points) < LARGEST).all(axis=1)]
    x_range, y_range = (widened(placed[:, k]) if len(placed) else (-1.0, 1.0) for k in (0, 1))

    def outputs(x: Array, y: Array) -> Array:
        places = mean + x[:, None] * directions[0] + y[:, None] * directions[1]
        return outputs_of_layer(network, vector, places, layer)

    xs, ys = np.linspace(*x_range, resolution), np.linspace(*y_range, resolution)
    grid = outputs(np.tile(xs, resolution), np.repeat(ys, resolution))
    values = grid.T.reshape(-1, resolution, resolution)
    finite = values[output][np.isfinite(values[output])]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (np.nan, np.nan)
    level = midpoint(network, data, (len(network.layers), output), low, high)
    if network.outputs == 1:
        lines = level_lines(xs, ys, values, level, lambda x, y, which: outputs(x, y)[:, 0])
    else:
        lead = _leads(grid).T.reshape(-1, resolution, resolution)
        lines = level_lines(xs, ys, lead, 0.0, lambda x, y, which: _lead(outputs(x, y), which))
    return HiddenSpace(
        layer=layer,
        axes=axes,
        mean=mean,
        directions=directions,
        shares=shares,
        points=points,
        misplaced=_sides(outputs(*points.T), level) != _sides(layers[-1][1], level),
        test_points=test_points,
        x_range=x_range,
        y_range=y_range,
        values=values,
        output=output,
        midpoint=level,
        lines=lines,
    )


def _plane(rows: Array, units: int, weights: Array | None) -> tuple[Axes, Array, Array, tuple[float, float]]:
    """Return the kind of plane, its origin (n,), its directions (2, n), and their shares of the variance."""
    mean = rows.mean(axis=0) if len(rows) else np.zeros(units)
    centred = rows - mean
    kind: Axes = "units"
    if units <= 2:
        mean, directions = np.zeros(units), np.eye(2, units)
    elif weights is not None and 0.0 < (length := float(np.abs(weights).max())) < LARGEST:
        first = weights / length
        first /= np.linalg.norm(first)
        kind, rest = "output", centred - np.outer(centred @ first, first)
        directions = np.stack([first, _principal(rest)[0]])
    else:
        kind, directions = "principal", _principal(centred)
    total = float((centred**2).sum())
    held = [float(((centred @ axis) ** 2).sum()) / total if total > 0 else 0.0 for axis in directions]
    return kind, mean, directions, (held[0], held[1])


def _principal(centred: Array) -> Array:
    """Return the two principal axes (2, n) of centred rows, of length 1."""
    # Of the products of columns, n by n: there may be thousands of rows. Ascending, so the last two.
    axes = np.linalg.eigh(centred.T @ centred)[1][:, ::-1].T[:2].copy()
    # An axis has no sign of its own: its largest part is positive, so that pictures do not flip.
    for axis in axes:
        axis *= np.sign(axis[np.abs(axis).argmax()]) or 1.0
    return np.asarray(axes)


def _sides(outputs: Array, level: float) -> NDArray[np.intp]:
    if outputs.shape[1] > 1:
        return np.asarray(outputs.argmax(axis=1))
    return (outputs[:, 0] >= level).astype(np.intp)


def _leads(outputs: Array) -> Array:
    """Return by how much each output exceeds the greatest of the others, (K, n_out)."""
    ordered = np.sort(outputs, axis=1)
    best, second = ordered[:, -1:], ordered[:, -2:-1]
    return np.asarray(np.where(outputs == best, outputs - second, outputs - best))


def _lead(outputs: Array, which: Index) -> Array:
    return np.asarray(_leads(outputs)[np.arange(len(outputs)), which])
