"""Events as they go over the wire: what a frame tells of a session, and its end."""

from __future__ import annotations

import base64
import math

import numpy as np

from app.presenters.numbers import Numbers
from app.presenters.session import present_session
from app.schemas.base import Reply
from app.schemas.live import BoundaryInput, EndReply, FrameBoundary, FrameReply
from app.schemas.session import LayerParameters, LossAt, RunReply
from app.stepping import thin
from app.store import Handle
from core.errors import InvalidInputError
from core.pictures.maps import CLASSES, class_map, neuron_maps, place_of
from core.pictures.plane import Map, plane_of
from core.session import Session

# A map that has to be quick still shows where things are.
_LEAST_RESOLUTION = 8


def event(name: str, reply: Reply) -> bytes:
    """Return a server-sent event with the reply as its data: JSON has no line breaks."""
    return b"event: %s\ndata: %s\n\n" % (name.encode(), reply.model_dump_json().encode())


def present_frame(
    session: Session,
    run: RunReply,
    losses: list[tuple[int, float]],
    wanted: BoundaryInput | None,
    operations: int,
) -> FrameReply:
    """Return where the session stands, with the losses given and the map that is wanted.

    The map is coarser than wanted where it would take more than so many multiplications.
    """
    numbers = Numbers()
    test_loss = session.test_loss
    values = numbers.layers(session.network, session.snapshot.vector, "/parameters")
    shown = [
        LossAt(step=step, loss=numbers.number(loss, f"/losses/{place}/loss"))
        for place, (step, loss) in enumerate(thin(losses))
    ]
    return FrameReply(
        step=session.step_count,
        epoch=session.epoch,
        loss=numbers.number(session.loss, "/loss"),
        test_loss=None if test_loss is None else numbers.number(test_loss, "/test_loss"),
        accuracy=session.accuracy,
        test_accuracy=session.test_accuracy,
        losses=shown,
        parameters=LayerParameters(weights=values.weights, biases=values.biases),
        boundary=None if wanted is None else _boundary(session, wanted, operations),
        epochs_per_second=run.epochs_per_second,
        seconds_left=run.seconds_left,
        progress=run.progress,
        nonfinite=numbers.nonfinite,
    )


def present_end(handle: Handle, run: RunReply) -> EndReply:
    """Return the last event of a run that has ended."""
    assert run.reason is not None
    return EndReply(reason=run.reason, run=run, session=present_session(handle))


def check_view(session: Session, wanted: BoundaryInput) -> None:
    """Raise InvalidInputError unless the session has that map."""
    columns = session.data.raw_inputs.shape[1]
    if columns < 2:
        raise InvalidInputError(code="boundary-axis", pointer="/boundary", limit=columns - 1)
    if wanted.element == CLASSES:
        if session.network.outputs < 2:
            raise InvalidInputError(code="class-map", pointer="/boundary/element")
    elif wanted.element is not None:
        place_of(session.network, wanted.element, "/boundary/element")


def _boundary(session: Session, wanted: BoundaryInput, operations: int) -> FrameBoundary:
    network, vector, data = session.network, session.parameters.vector, session.data
    affordable = max(_LEAST_RESOLUTION, math.isqrt(operations // network.parameter_count))
    plane = plane_of(data, (0, 1), min(wanted.resolution, affordable))
    element = wanted.element or f"a.{len(network.layers)}.0"
    classes = None
    if element == CLASSES:
        found = class_map(network, vector, data, plane)
        classes = base64.b64encode(found.classes.tobytes()).decode()
        values, low, high, middle = found.values, found.minimum, found.maximum, found.midpoint
    else:
        [one] = neuron_maps(network, vector, data, plane, (element,))
        values, low, high, middle = one.values, one.minimum, one.maximum, one.midpoint
    numbers = Numbers()
    return FrameBoundary(
        element=element,
        x_range=plane.x_range,
        y_range=plane.y_range,
        resolution=plane.resolution,
        minimum=numbers.number(low, "/minimum"),
        maximum=numbers.number(high, "/maximum"),
        midpoint=middle,
        values=base64.b64encode(_bytes(values, low, high)).decode(),
        classes=classes,
        nonfinite=numbers.nonfinite,
    )


def _bytes(values: Map, low: float, high: float) -> bytes:
    """Return the values as bytes, 0 at `low` and 255 at `high`; infinite ones at the end they lie at."""
    spread = high - low
    if not spread > 0:
        return bytes(len(values))
    scaled = (values.astype(np.float64) - low) * (255.0 / spread)
    shades: bytes = np.nan_to_num(np.clip(np.rint(scaled), 0.0, 255.0)).astype(np.uint8).tobytes()
    return shades
