"""Applying updates, and travelling on the timeline."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Request

from app.json_body import JsonRoute
from app.presenters.session import present_session, present_step
from app.schemas.requests import SeekRequest, StepRequest
from app.schemas.session import SessionReply, StepReply
from app.services import Services, services
from app.stepping import Progress, Told
from app.store import Handle
from core.errors import InvalidInputError

router = APIRouter(prefix="/sessions", tags=["training"], route_class=JsonRoute)

IdempotencyKey = Annotated[
    str | None,
    Header(min_length=1, max_length=64, description="A retry with the same key gets the first reply again."),
]


@router.post("/{id}/step")
async def step_session(
    request: Request, id: str, body: StepRequest, idempotency_key: IdempotencyKey = None
) -> StepReply:
    """Apply updates: a number of them, or up to an epoch boundary, at most 1,000 in a call.

    Stops before an update that would make a parameter infinite: a reply with `diverged`, not an error.
    """
    parts = services(request)
    limit = parts.settings.max_steps_per_call
    if body.count > limit:
        raise InvalidInputError(code="out-of-range", pointer="/count", minimum=1, maximum=limit)
    handle = parts.store.get(id)
    async with handle.lock:
        return await _apply(parts, handle, body, idempotency_key)


async def _apply(parts: Services, handle: Handle, body: StepRequest, key: str | None) -> StepReply:
    """Apply the updates in turns, so that other sessions' commands come in between; mostly one turn does.

    They are stored together with the last one: a call that is cut off has not been.
    """
    settings = parts.settings
    progress: Progress | None = None

    def turn() -> StepReply | None:
        nonlocal progress
        if progress is None:
            known = None if key is None else handle.content.replies.get(key)
            if known is not None:
                return known[0] or _again(handle, known[1])
        handle.require_kept()
        handle.require_idle()
        session = handle.session
        if progress is None:
            progress = Progress.start(session, body.count, body.unit, settings.max_steps_per_call)
        if not progress.finished:
            progress.turn(session, settings.quantum_operations)
        if not progress.finished:
            return None
        reply = present_step(handle, progress, body.trace)
        if key is not None:
            told = progress.told(session.node, body.trace)
            handle.remember(key, reply, told, settings.idempotency_keys_kept)
        parts.keeper.changed(handle)
        return reply

    reply = None
    try:
        while reply is None:
            reply = await parts.runner.run(turn)
    except BaseException:
        if progress is not None:
            handle.take_back()
        raise
    parts.store.weighed(handle)
    return reply


def _again(handle: Handle, told: Told) -> StepReply:
    """Return the reply of a call that was answered before the server started anew."""
    with handle.session.standing_at(told.node):
        return present_step(handle, Progress.of(told), told.with_trace)


@router.post("/{id}/seek")
async def seek_session(request: Request, id: str, body: SeekRequest) -> SessionReply:
    """Go to a node of the timeline, or to a step of the present branch: exactly the state that was there."""
    node, step = body.node, body.step
    if (node is None) == (step is None):
        raise InvalidInputError(code="seek-target", pointer="/node")

    def command(handle: Handle) -> SessionReply:
        handle.require_idle()
        if node is not None:
            handle.session.seek_node(node)
        elif step is not None:
            handle.session.seek_step(step)
        return present_session(handle)

    return await services(request).on_session(id, command)
