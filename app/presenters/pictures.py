"""Pictures as replies: metrics, maps, lines, hidden space, confusion, histogram."""

from __future__ import annotations

import base64

import numpy as np

from app.presenters.numbers import Numbers
from app.schemas.base import Vector
from app.schemas.pictures import (
    ConfusionCounts,
    ConfusionReply,
    ElementLines,
    HiddenSpaceReply,
    HistogramReply,
    LayerHistogramReply,
    Line,
    MapsReply,
    MetricsReply,
    NeuronMapReply,
    ZeroLinesReply,
)
from core.errors import InvalidInputError
from core.network import Array
from core.pictures.hidden import hidden_space
from core.pictures.histogram import histogram
from core.pictures.lines import Line as CoreLine
from core.pictures.lines import zero_lines
from core.pictures.maps import MAXIMUM_MAPS, Quantity, neuron_maps
from core.pictures.plane import plane_of
from core.pictures.scores import class_pair, confusion
from core.pictures.sets import test_rows
from core.propagation import predict
from core.session import Session

# Corners of lines lie on a grid of so many points a side.
LINES_RESOLUTION = 48


def packed(values: Array) -> str:
    """Return the values as base64 of little-endian float32; what is beyond float32 is infinite."""
    with np.errstate(over="ignore"):
        return base64.b64encode(values.astype("<f4").tobytes()).decode()


def present_metrics(session: Session) -> MetricsReply:
    """Return what was measured along the present branch."""
    numbers = Numbers()
    found = session.metrics()

    def series(values: Array, pointer: str) -> Vector | None:
        # nan says that there is no such number, which is nothing to report.
        if np.isnan(values).all():
            return None
        shown = numbers.vector(values, pointer)
        for index in np.flatnonzero(np.isnan(values)):
            numbers.nonfinite.pop(f"{pointer}/{index}")
        return shown

    layers = range(found.gradients.shape[1])
    return MetricsReply(
        steps=found.steps.tolist(),
        test_loss=series(found.test_loss, "/test_loss"),
        accuracy=series(found.accuracy, "/accuracy"),
        test_accuracy=series(found.test_accuracy, "/test_accuracy"),
        gradients=[numbers.vector(found.gradients[:, k], f"/gradients/{k}") for k in layers],
        idle=[series(found.idle[:, k], f"/idle/{k}") for k in layers],
        idle_kinds=list(found.kinds),
        nonfinite=numbers.nonfinite,
    )


def present_maps(
    session: Session, elements: tuple[str, ...], quantity: Quantity, axes: tuple[int, int], resolution: int
) -> MapsReply:
    """Return several neurons' maps from one pass over the grid."""
    if not 1 <= len(elements) <= MAXIMUM_MAPS:
        raise InvalidInputError(code="maps-count", pointer="/elements", limit=MAXIMUM_MAPS)
    plane = plane_of(session.data, axes, resolution)
    found = neuron_maps(session.network, session.parameters.vector, session.data, plane, elements, quantity)
    numbers = Numbers()
    return MapsReply(
        x_range=plane.x_range,
        y_range=plane.y_range,
        resolution=resolution,
        quantity=quantity,
        maps=[
            NeuronMapReply(
                element=one.element,
                minimum=numbers.number(one.minimum, ""),
                maximum=numbers.number(one.maximum, ""),
                midpoint=one.midpoint,
                values=packed(one.values.astype(np.float64)),
            )
            for one in found
        ],
    )


def present_zero_lines(session: Session, layer: int, axes: tuple[int, int]) -> ZeroLinesReply:
    """Return where the net inputs of a layer's neurons are 0."""
    if layer > len(session.network.layers):
        raise InvalidInputError(code="layer-range", pointer="/layer", limit=len(session.network.layers))
    plane = plane_of(session.data, axes, LINES_RESOLUTION)
    found = zero_lines(session.network, session.parameters.vector, session.data, plane, layer)
    return ZeroLinesReply(
        layer=layer,
        x_range=plane.x_range,
        y_range=plane.y_range,
        neurons=[
            ElementLines(element=f"a.{layer}.{index}", lines=_lines(lines))
            for index, lines in enumerate(found)
        ],
    )


def _lines(lines: list[CoreLine]) -> list[Line]:
    return [[(float(x), float(y)) for x, y in line] for line in lines]


def present_hidden_space(
    session: Session, layer: int, output: int, resolution: int, along_output: bool
) -> HiddenSpaceReply:
    """Return the data in a hidden layer's plane; several outputs are shown as the greatest of them."""
    network = session.network
    hidden = len(network.layers) - 1
    if hidden == 0:
        raise InvalidInputError(code="no-hidden-layer", pointer="/layer")
    if layer > hidden:
        raise InvalidInputError(code="layer-range", pointer="/layer", limit=hidden)
    if output >= network.outputs:
        raise InvalidInputError(code="boundary-axis", pointer="/output", limit=network.outputs - 1)
    vector = session.parameters.vector
    found = hidden_space(network, vector, session.data, layer, resolution, output, along_output)
    numbers = Numbers()
    values, classes = found.values[output].ravel(), None
    if network.outputs > 1:
        each = found.values.reshape(network.outputs, -1)
        winners = each.argmax(axis=0)
        values = each[winners, np.arange(each.shape[1])]
        classes = base64.b64encode(winners.astype(np.uint8).tobytes()).decode()
    finite = values[np.isfinite(values)]
    low, high = (finite.min(), finite.max()) if finite.size else (np.nan, np.nan)
    return HiddenSpaceReply(
        layer=layer,
        units=network.sizes[layer],
        axes=found.axes,
        mean=numbers.vector(found.mean, "/mean"),
        directions=numbers.matrix(found.directions, "/directions"),
        shares=found.shares,
        x_range=found.x_range,
        y_range=found.y_range,
        resolution=resolution,
        element=f"a.{len(network.layers)}.{output}",
        points=numbers.matrix(found.points, "/points"),
        test_points=None if found.test_points is None else numbers.matrix(found.test_points, "/test_points"),
        misplaced=np.flatnonzero(found.misplaced).tolist(),
        values=packed(values),
        classes=classes,
        minimum=numbers.number(low, "/minimum"),
        maximum=numbers.number(high, "/maximum"),
        midpoint=found.midpoint,
        lines=[line for lines in found.lines for line in _lines(lines)],
        nonfinite=numbers.nonfinite,
    )


def present_confusion(session: Session) -> ConfusionReply:
    """Return the confusion matrices of the training and the test rows."""
    network, data, pair = session.network, session.data, class_pair(session.network)
    names = data.classes
    count = max(2, network.outputs)
    classes = [str(name) for name in names] if len(names) == count else [str(k + 1) for k in range(count)]
    if network.outputs == 1 and pair is not None and len(names) != count:
        classes = [f"{value:g}" for value in pair]

    def counts(inputs: Array, targets: Array) -> ConfusionCounts | None:
        outputs = predict(network, session.parameters.vector, inputs)[-1][1]
        found = confusion(outputs, targets, pair)
        if found is None:
            return None
        return ConfusionCounts(
            rows=found.rows,
            right=found.rows - len(found.wrong),
            counts=None if found.counts is None else found.counts.tolist(),
            wrong=found.wrong.tolist(),
        )

    held = test_rows(data)
    return ConfusionReply(
        classes=classes,
        train=counts(data.inputs, data.targets),
        test=None if held is None else counts(*held),
    )


def present_histogram(session: Session, bins: int) -> HistogramReply:
    """Return the weights' histogram now and at the start."""
    numbers = Numbers()
    found = histogram(session.network, session.parameters.vector, session.initial, bins)
    return HistogramReply(
        edges=found.edges.tolist(),
        layers=[
            LayerHistogramReply(
                layer=one.layer,
                counts=one.counts.tolist(),
                initial=one.initial.tolist(),
                minimum=numbers.number(one.minimum, f"/layers/{k}/minimum"),
                maximum=numbers.number(one.maximum, f"/layers/{k}/maximum"),
                mean=numbers.number(one.mean, f"/layers/{k}/mean"),
                deviation=numbers.number(one.deviation, f"/layers/{k}/deviation"),
            )
            for k, one in enumerate(found.layers)
        ],
        nonfinite=numbers.nonfinite,
    )
