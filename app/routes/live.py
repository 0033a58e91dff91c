"""Training that goes on by itself: begin it, watch it, change its speed, end it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.json_body import JsonRoute
from app.live.frames import check_view
from app.live.readers import Reader, View
from app.live.run import Run, end_run
from app.live.stream import EventStream
from app.presenters.session import present_session
from app.problems import ProblemError
from app.schemas.live import BoundaryInput, FramesPerSecond, PaceRequest, TrainRequest
from app.schemas.session import SessionReply
from app.services import Services, services
from app.store import Handle
from core.errors import DivergedError, InvalidInputError
from core.session import Patience, StopRules, TrainingRun

router = APIRouter(prefix="/sessions", tags=["live training"], route_class=JsonRoute)

FRAMES_PER_SECOND = 30.0
EVENTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": (
            "`event: frame` with a FrameReply whenever the reader is ready for one, always the latest; "
            "at last `event: end` with an EndReply."
        ),
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@router.post("/{id}/train", status_code=202, response_model=SessionReply, responses=EVENTS)
async def train(request: Request, id: str, body: TrainRequest) -> Any:
    """Train on until a rule ends it or it is paused.

    With `Accept: text/event-stream` the reply is a stream of events; closing it loses no update, and training
    goes on for a while. Otherwise the reply is the session, whose `run` tells how far it has come.
    """
    parts = services(request)
    watched = "text/event-stream" in request.headers.get("accept", "")
    view = _view(parts, body.frames_per_second, body.boundary, "/boundary/resolution")
    _check_limits(parts, body.steps_per_second)
    check_epochs(parts, body.epochs)
    reader = _reader(parts, view) if watched else None
    parts.store.require_room_for_training()

    def command(handle: Handle) -> Run:
        run = begin_training(parts, handle, body, watched)
        if reader is not None:
            run.join(reader)
        return run

    run = await parts.on_session(id, command)
    if reader is None:
        return await parts.on_session(id, present_session)
    return _stream(parts, run, reader)


def begin_training(parts: Services, handle: Handle, body: TrainRequest, watched: bool) -> Run:
    """Let a session train on by itself from now; called in the compute thread."""
    session = handle.session
    handle.require_idle()
    if session.status == "diverged":
        raise DivergedError(step=session.step_count)
    if body.stop_at_accuracy is not None and session.accuracy is None:
        raise InvalidInputError(code="no-accuracy", pointer="/stop_at_accuracy")
    if body.boundary is not None:
        check_view(handle.session, body.boundary)
    patience = body.patience
    rules = StopRules(
        epochs=body.epochs,
        loss=body.stop_at_loss,
        accuracy=body.stop_at_accuracy,
        patience=None if patience is None else Patience(patience.epochs, patience.minimum_change),
        restore_best=body.restore_best,
    )
    session.prepare()
    run = Run(
        handle,
        TrainingRun(session, rules),
        parts.settings,
        body.steps_per_second,
        watched,
        keep=parts.keeper.changed,
        # The one whose turn it is stands in no queue.
        runs=lambda: parts.runner.training + 1,
    )
    parts.runner.begin(run)
    handle.run = run
    run.note(run.begun)
    return run


@router.get("/{id}/train", response_class=Response, responses=EVENTS)
async def watch(
    request: Request,
    id: str,
    frames_per_second: Annotated[FramesPerSecond | None, Query()] = None,
    resolution: Annotated[int | None, Query(ge=2, description="With it, frames carry a map.")] = None,
    element: Annotated[str | None, Query(max_length=32)] = None,
) -> Response:
    """Watch the training under way, from its present state on."""
    parts = services(request)
    boundary = None
    if resolution is not None:
        # An element that is none is refused with the session's own names.
        boundary = BoundaryInput.model_construct(resolution=resolution, element=element)
    reader = _reader(parts, _view(parts, frames_per_second, boundary, "/resolution"))

    def command(handle: Handle) -> Run:
        run = _under_way(handle)
        if boundary is not None:
            check_view(handle.session, boundary)
        run.join(reader)
        return run

    return _stream(parts, await parts.on_session(id, command), reader)


@router.patch("/{id}/train")
async def change_speed(request: Request, id: str, body: PaceRequest) -> SessionReply:
    """Go on at another speed."""
    parts = services(request)
    _check_limits(parts, body.steps_per_second)

    def command(handle: Handle) -> SessionReply:
        run = _under_way(handle)
        run.set_pace(body.steps_per_second)
        parts.runner.wake(run)
        return present_session(handle)

    return await parts.on_session(id, command)


@router.post("/{id}/pause")
async def pause(request: Request, id: str) -> SessionReply:
    """End training after the update under way; a session that does not train stays as it is."""
    parts = services(request)

    def command(handle: Handle) -> SessionReply:
        end_run(handle, parts.runner)
        return present_session(handle)

    return await parts.on_session(id, command)


def _under_way(handle: Handle) -> Run:
    """Return the session's run; 409 if it has none that goes on."""
    if not isinstance(handle.run, Run) or handle.run.reason is not None:
        raise ProblemError("not-training", 409)
    return handle.run


def check_epochs(parts: Services, epochs: int | None) -> None:
    """Raise InvalidInputError for more epochs than the server trains in one run."""
    _at_most(parts.settings.max_run_epochs, epochs, "/epochs")


def _check_limits(parts: Services, steps_per_second: float | None) -> None:
    _at_most(parts.settings.max_steps_per_second, steps_per_second, "/steps_per_second", above=True)


def _at_most(limit: float, value: float | None, pointer: str, above: bool = False) -> None:
    """Raise InvalidInputError for a value beyond a setting; the model has seen to the lower end."""
    if value is not None and value > limit:
        minimum = 0 if above else 1
        raise InvalidInputError(
            code="out-of-range", pointer=pointer, minimum=minimum, maximum=limit, exclusive_minimum=above
        )


def _view(
    parts: Services, frames_per_second: float | None, boundary: BoundaryInput | None, pointer: str
) -> View:
    most = parts.settings.max_frames_per_second
    _at_most(most, frames_per_second, "/frames_per_second", above=True)
    limit = parts.settings.max_frame_resolution
    if boundary is not None and boundary.resolution > limit:
        raise InvalidInputError(code="resolution-range", pointer=pointer, limit=limit)
    return View(frames_per_second or min(FRAMES_PER_SECOND, most), boundary)


def _reader(parts: Services, view: View) -> Reader:
    """Return a place for one more reader; 503 where the server has too many."""
    settings = parts.settings
    if len(parts.readers) >= settings.max_streams:
        raise ProblemError(
            "streams-full",
            503,
            limit=settings.max_streams,
            headers={"retry-after": str(settings.retry_after_seconds)},
        )
    return Reader(view, settings.keep_alive_seconds)


def _stream(parts: Services, run: Run, reader: Reader) -> EventStream:
    parts.readers.add(reader)

    def closed() -> None:
        parts.readers.discard(reader)
        run.leave(reader)

    return EventStream(reader.events(), parts.settings.unread_stream_seconds, closed)
