"""The timeline as branches, and sessions that branch off it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.json_body import JsonRoute
from app.presenters.history import present_history
from app.presenters.session import present_session
from app.schemas.history import ForkRequest, HistoryReply
from app.schemas.requests import PatchRequest
from app.schemas.session import SessionReply
from app.services import services
from app.specs import patch_edit
from app.store import Handle
from core.errors import InvalidInputError
from core.session import Session

router = APIRouter(prefix="/sessions", tags=["history"], route_class=JsonRoute)


@router.get("/{id}/history")
async def get_history(request: Request, id: str) -> HistoryReply:
    """The branches of the timeline: where each begins, what was changed on it, and its loss curve."""
    return await services(request).on_session(id, lambda handle: present_history(handle.session))


@router.post("/{id}/fork", status_code=201)
async def fork_session(request: Request, response: Response, id: str, body: ForkRequest) -> SessionReply:
    """A new session with the past and the exact state of a node, a step or the present; the old one stays.

    A change of the training is applied to it there. All or nothing.
    """
    if body.node is not None and body.step is not None:
        raise InvalidInputError(code="seek-target", pointer="/node")

    def command(handle: Handle) -> Session:
        if body.node is None and body.step is None:
            # While training goes on, the present is another one when the reply comes.
            handle.require_idle()
        session = handle.session.fork(body.node, body.step)
        if body.training is not None:
            session.edit(patch_edit(PatchRequest(training=body.training), session))
        return session

    parts = services(request)
    handle = parts.store.create(await parts.on_session(id, command))
    response.headers["location"] = f"{request.url.path.removesuffix(f'/{id}/fork')}/{handle.id}"
    return await parts.keep([handle], lambda: present_session(handle))
