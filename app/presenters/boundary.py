"""The map of one neuron: its activation over a grid of two inputs."""

from __future__ import annotations

import base64
import re
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.presenters.numbers import Numbers
from app.schemas.readings import BoundaryReply
from core.activations import ACTIVATIONS
from core.errors import InvalidInputError
from core.network import Array, NetworkSpec
from core.propagation import predict32
from core.session import Session

MARGIN = 0.25
_ACTIVATION = re.compile(r"a\.(\d{1,2})\.(\d{1,3})", re.ASCII)


def present_boundary(
    session: Session,
    element: str | None,
    axes: tuple[int, int],
    resolution: int,
    encoding: Literal["json", "base64"],
) -> BoundaryReply:
    """Return `resolution` x `resolution` activations in float32, row by row from the lowest y.

    The grid covers the data set with a margin of a quarter of its extent, at least 0.25, on each side.
    Inputs other than the two axes stand at the data set's mean.
    """
    network = session.problem.network
    x, y = axes
    for name, axis in (("x", x), ("y", y)):
        if axis >= network.inputs:
            raise InvalidInputError(code="boundary-axis", pointer=f"/{name}", limit=network.inputs - 1)
    if x == y:
        raise InvalidInputError(code="boundary-axes", pointer="/y")
    layer, neuron = _place(network, element)

    inputs = session.data.inputs
    x_range, y_range = _range(inputs[:, x]), _range(inputs[:, y])
    grid = np.repeat(inputs.mean(axis=0).astype(np.float32)[:, None], resolution * resolution, axis=1)
    grid[x] = np.tile(np.linspace(*x_range, resolution), resolution)
    grid[y] = np.repeat(np.linspace(*y_range, resolution), resolution)
    # A parameter near divergence may be too large for float32: it colours as infinite.
    with np.errstate(over="ignore"):
        values = predict32(network, session.parameters.vector, grid, layer)[neuron]

    numbers = Numbers()
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (np.nan, np.nan)
    return BoundaryReply(
        x_range=x_range,
        y_range=y_range,
        resolution=resolution,
        element=f"a.{layer}.{neuron}",
        minimum=numbers.number(low, "/minimum"),
        maximum=numbers.number(high, "/maximum"),
        midpoint=_midpoint(session, layer, neuron, finite),
        encoding=encoding,
        values=numbers.vector(values.astype(np.float64), "/values")
        if encoding == "json"
        else base64.b64encode(values.astype("<f4").tobytes()).decode(),
        nonfinite=numbers.nonfinite,
    )


def _place(network: NetworkSpec, element: str | None) -> tuple[int, int]:
    """Return layer and neuron of an activation's id; the first output without one."""
    if element is None:
        return len(network.layers), 0
    match = _ACTIVATION.fullmatch(element)
    if match:
        layer, neuron = int(match[1]), int(match[2])
        if 1 <= layer <= len(network.layers) and neuron < network.sizes[layer]:
            return layer, neuron
    raise InvalidInputError(code="boundary-element", pointer="/element")


def _range(column: Array) -> tuple[float, float]:
    low, high = float(column.min()), float(column.max())
    margin = max(MARGIN, MARGIN * (high - low))
    return low - margin, high + margin


def _midpoint(session: Session, layer: int, neuron: int, values: NDArray[np.float32]) -> float:
    """Return the activation between the two classes: the middle of what the neuron is meant to give."""
    network = session.problem.network
    target_range = ACTIVATIONS.get(network.layers[layer - 1].activation).target_range
    if target_range is not None:
        return sum(target_range) / 2
    if layer == len(network.layers):
        targets = session.data.targets[:, neuron]
        return float(targets.min() + targets.max()) / 2
    return float(values.min() / 2 + values.max() / 2) if values.size else 0.0
