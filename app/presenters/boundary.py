"""The map of one neuron, or of the classes: a grid over two of the data's columns."""

from __future__ import annotations

import base64
from typing import Literal

import numpy as np

from app.presenters.numbers import Numbers
from app.presenters.pictures import packed
from app.schemas.readings import BoundaryReply
from core.network import Array
from core.pictures.maps import CLASSES, class_map, neuron_maps, place_of
from core.pictures.plane import Plane, plane_of
from core.session import Session

Encoding = Literal["json", "base64"]


def present_boundary(
    session: Session, element: str | None, axes: tuple[int, int], resolution: int, encoding: Encoding
) -> BoundaryReply:
    """Return `resolution` x `resolution` activations in float32, row by row from the lowest y.

    The grid covers the data set with a margin of a quarter of its extent, at least 0.25, on each side.
    Columns other than the two axes stand at the data set's mean. The element `classes` is the greatest of
    several outputs at each point, with its index in `classes`.
    """
    network, vector, data = session.network, session.parameters.vector, session.data
    plane = plane_of(data, axes, resolution)
    last = len(network.layers)
    if element == CLASSES:
        found = class_map(network, vector, data, plane)
        indices = (
            found.classes.tolist()
            if encoding == "json"
            else base64.b64encode(found.classes.tobytes()).decode()
        )
        extremes = found.minimum, found.maximum
        values = found.values.astype(np.float64)
        return _reply(plane, element, values, extremes, found.midpoint, encoding, indices)
    place_of(network, element or f"a.{last}.0")
    [one] = neuron_maps(network, vector, data, plane, (element or f"a.{last}.0",))
    extremes = one.minimum, one.maximum
    return _reply(plane, one.element, one.values.astype(np.float64), extremes, one.midpoint, encoding)


def _reply(
    plane: Plane,
    element: str,
    values: Array,
    extremes: tuple[float, float],
    middle: float,
    encoding: Encoding,
    classes: list[int] | str | None = None,
) -> BoundaryReply:
    numbers = Numbers()
    return BoundaryReply(
        x_range=plane.x_range,
        y_range=plane.y_range,
        resolution=plane.resolution,
        element=element,
        minimum=numbers.number(extremes[0], "/minimum"),
        maximum=numbers.number(extremes[1], "/maximum"),
        midpoint=middle,
        encoding=encoding,
        values=numbers.vector(values, "/values") if encoding == "json" else packed(values),
        classes=classes,
        nonfinite=numbers.nonfinite,
    )
