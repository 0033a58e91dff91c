"""Maps over the plane of two inputs: of any neuron, of many at once, and of the classes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.activations import ACTIVATIONS
from core.errors import InvalidInputError
from core.network import Array, DataSet, NetworkSpec
from core.pictures.plane import Map, Plane, features_of, negated_layers

Quantity = Literal["activation", "net_input"]

# The name of the map of several outputs' classes, where a neuron's map goes by its activation's id.
CLASSES = "classes"
MAXIMUM_MAPS = 64
# Points that are evaluated at once: more would not fit the cache.
BLOCK = 4096
_ACTIVATION = re.compile(r"a\.(\d{1,2})\.(\d{1,3})", re.ASCII)


@dataclass(frozen=True)
class NeuronMap:
    """One neuron over the plane: float32 values (resolution²,), row by row from the lowest y.

    `minimum` and `maximum` are of the finite values (nan without any); `midpoint` is where the two sides
    meet: the middle of what the activation is meant to give, 0 for a net input.
    """

    element: str
    values: Map
    minimum: float
    maximum: float
    midpoint: float


@dataclass(frozen=True)
class ClassMap:
    """The class of the greatest output at each point, (resolution²,), and that output there.

    `minimum`, `maximum` and `midpoint` are as in NeuronMap, the last for the first output.
    """

    classes: NDArray[np.uint8]
    values: Map
    minimum: float
    maximum: float
    midpoint: float


def place_of(network: NetworkSpec, element: str, pointer: str = "/element") -> tuple[int, int]:
    """Return layer and neuron of an activation's id; InvalidInputError `boundary-element` if it is none."""
    match = _ACTIVATION.fullmatch(element)
    if match:
        layer, neuron = int(match[1]), int(match[2])
        if 1 <= layer <= len(network.layers) and neuron < network.sizes[layer]:
            return layer, neuron
    raise InvalidInputError(code="boundary-element", pointer=pointer)


def neuron_maps(
    network: NetworkSpec,
    vector: Array,
    data: DataSet,
    plane: Plane,
    elements: tuple[str, ...],
    quantity: Quantity = "activation",
) -> tuple[NeuronMap, ...]:
    """Return the maps of several neurons from one forward pass over the grid."""
    places = [place_of(network, element, "/elements") for element in elements]
    found = {place: np.empty(plane.resolution**2, dtype=np.float32) for place in places}
    deepest = max((layer for layer, _ in places), default=1)
    inputs = features_of(data, plane.grid())
    for start in range(0, inputs.shape[1], BLOCK):
        block = slice(start, start + BLOCK)
        part = np.ascontiguousarray(inputs[:, block])
        keep = quantity == "net_input"
        for layer, net_input, activation in negated_layers(network, vector, part, last=deepest, keep=keep):
            values = activation if net_input is None else net_input
            for (wanted, neuron), target in found.items():
                if wanted == layer:
                    np.negative(values[neuron], target[block])
    return tuple(
        _map(network, data, element, place, found[place], quantity)
        for element, place in zip(elements, places, strict=True)
    )


def class_map(network: NetworkSpec, vector: Array, data: DataSet, plane: Plane) -> ClassMap:
    """Return the winning class over the plane; `class-map` where there are not several outputs."""
    if network.outputs < 2:
        raise InvalidInputError(code="class-map", pointer="/element")
    last = len(network.layers)
    elements = tuple(f"a.{last}.{index}" for index in range(network.outputs))
    outputs = np.stack([one.values for one in neuron_maps(network, vector, data, plane, elements)])
    classes = outputs.argmax(axis=0)
    values = outputs[classes, np.arange(outputs.shape[1])]
    low, high = _extremes(values)
    return ClassMap(
        classes.astype(np.uint8), values, low, high, midpoint(network, data, (last, 0), low, high)
    )


def _extremes(values: Map) -> tuple[float, float]:
    """Return the least and the greatest finite value, nan without any."""
    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (np.nan, np.nan)


def _map(
    network: NetworkSpec, data: DataSet, element: str, place: tuple[int, int], values: Map, quantity: Quantity
) -> NeuronMap:
    if quantity == "activation" and place[0] == len(network.layers) and data.transform is not None:
        # An output is shown in the units of the table.
        scale, shift = data.transform.target_scaling.line(place[1])
        values = np.asarray(values * np.float32(scale) + np.float32(shift), dtype=np.float32)
    low, high = _extremes(values)
    middle = 0.0 if quantity == "net_input" else midpoint(network, data, place, low, high)
    return NeuronMap(element, values, low, high, middle)


def midpoint(network: NetworkSpec, data: DataSet, place: tuple[int, int], low: float, high: float) -> float:
    """Return the activation between the two classes: the middle of what the neuron is meant to give.

    Where its function says nothing about that: for an output zero where the targets have both signs, else
    their middle; the middle of the values `low` to `high` for a hidden neuron.
    """
    layer, neuron = place
    target_range = ACTIVATIONS.get(network.layers[layer - 1].activation).target_range
    if target_range is not None:
        return sum(target_range) / 2
    if layer == len(network.layers):
        targets = data.raw_targets[:, neuron]
        least, greatest = float(targets.min()), float(targets.max())
        return 0.0 if least < 0.0 < greatest else (least + greatest) / 2
    return float(low / 2 + high / 2) if np.isfinite(low) else 0.0
