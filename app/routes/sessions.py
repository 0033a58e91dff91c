"""Sessions: create, read, change, delete."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from app.json_body import DataRoute, JsonRoute
from app.live.run import end_run
from app.presenters.session import present_session
from app.schemas.requests import CreateRequest, PatchRequest
from app.schemas.session import SessionReply
from app.services import services
from app.specs import patch_edit, session_spec
from app.store import Handle
from core.session import Session

router = APIRouter(prefix="/sessions", tags=["sessions"], route_class=JsonRoute)
data_router = APIRouter(prefix="/sessions", tags=["sessions"], route_class=DataRoute)


@data_router.post("", status_code=201)
async def create_session(request: Request, response: Response, body: CreateRequest) -> SessionReply:
    """A new session from a preset, from its own parts, or from a preset with parts replaced."""
    parts = services(request)
    session = await parts.runner.run(lambda: Session.create(session_spec(body)))
    handle = parts.store.create(session)
    response.headers["location"] = f"{request.url.path}/{handle.id}"
    return await parts.keep([handle], lambda: present_session(handle))


@router.get("/{id}")
async def get_session(request: Request, id: str) -> SessionReply:
    """The session as it stands."""
    return await services(request).on_session(id, present_session)


@router.patch("/{id}")
async def patch_session(request: Request, id: str, body: PatchRequest) -> SessionReply:
    """Change hyperparameters, set or freeze parameters, choose the current sample; all or nothing."""

    def command(handle: Handle) -> SessionReply:
        handle.session.edit(patch_edit(body, handle.session))
        if body.label is not None:
            handle.label = body.label or None
        return present_session(handle)

    return await services(request).on_session(id, command)


@router.delete("/{id}", status_code=204)
async def delete_session(request: Request, id: str) -> None:
    """Forget the session; afterwards its id is unknown. Training under way ends."""
    parts = services(request)
    handle = parts.store.get(id)

    def command() -> None:
        end_run(handle, parts.runner)
        parts.keeper.deleted(handle)

    # Not behind the session's own commands: one that takes long must not keep it alive.
    await parts.runner.run(command)
    parts.store.delete(id)
