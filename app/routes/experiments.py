"""Several sessions from one start, and sessions beside each other."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request

from app.json_body import JsonRoute
from app.presenters.experiments import present_run
from app.presenters.numbers import Numbers
from app.problems import ProblemError
from app.routes.live import begin_training, check_epochs
from app.schemas.experiments import ComparedRun, ComparisonReply, ExperimentRequest
from app.schemas.live import TrainRequest
from app.services import Services, services
from app.specs import experiment
from app.store import Handle
from core.errors import InvalidInputError
from core.session import Edit, Session

router = APIRouter(prefix="/sessions", tags=["experiments"], route_class=JsonRoute)

# A page keeps up to twelve runs beside those of an experiment.
MAX_COMPARED = 48


@router.post("/{id}/experiments", status_code=201)
async def begin_experiment(request: Request, id: str, body: ExperimentRequest) -> ComparisonReply:
    """Begin several sessions that share this one's past up to one state and train on in different ways.

    All or nothing. With `epochs` they train at once, side by side; `GET …/comparison` tells how far they are,
    `POST …/pause` ends one. The reply compares them with the session itself, which is its first entry.
    """
    if body.node is not None and body.step is not None:
        raise InvalidInputError(code="seek-target", pointer="/node")
    parts = services(request)

    def plan(handle: Handle) -> list[tuple[str | None, Edit]]:
        handle.require_idle()
        return experiment(body, handle.session)

    check_epochs(parts, body.epochs)
    if body.epochs is not None:
        parts.store.require_room_for_training()
    ways = await parts.on_session(id, plan)

    def fork(edit: Edit) -> Session:
        session = parts.store.get(id).session.fork(body.node, body.step)
        session.edit(edit)
        return session

    # One turn of the compute thread each: nobody waits for twelve of them.
    sessions = [await parts.runner.run(partial(fork, edit)) for _, edit in ways]
    made: list[Handle] = []
    try:
        for session in sessions:
            made.append(parts.store.create(session))
    except ProblemError:
        for handle in made:
            parts.store.delete(handle.id)
        raise

    def begin() -> None:
        for handle, (label, _) in zip(made, ways, strict=True):
            handle.label = label or None
        if body.epochs is not None:
            _train(parts, made, TrainRequest(epochs=body.epochs))

    await parts.keep(made, begin)
    return await _compare(parts, parts.store.get(id), made, [])


def _train(parts: Services, handles: list[Handle], how: TrainRequest) -> None:
    """Begin all in one turn of the compute thread, so that none gets a start before the others."""
    for handle in handles:
        # One that cannot take a step is compared as what it is.
        if handle.session.status != "diverged":
            begin_training(parts, handle, how, watched=False)


@router.get("/{id}/comparison")
async def compare_sessions(
    request: Request,
    id: str,
    others: Annotated[
        str,
        Query(alias="with", max_length=1500, description="Ids of the other sessions, with commas between."),
    ] = "",
) -> ComparisonReply:
    """This session and others beside each other: settings that differ, losses, curves."""
    parts = services(request)
    first = parts.store.get(id)
    ids = [other for other in dict.fromkeys(others.split(",")) if other and other != id]
    if len(ids) > MAX_COMPARED:
        raise InvalidInputError(code="too-many-compared", pointer="/with", limit=MAX_COMPARED)
    found: list[Handle] = []
    gone: list[str] = []
    for other in ids:
        try:
            found.append(parts.store.get(other))
        except ProblemError:
            gone.append(other)
    return await _compare(parts, first, found, gone)


async def _compare(parts: Services, first: Handle, others: list[Handle], gone: list[str]) -> ComparisonReply:
    numbers = Numbers()
    runs: list[ComparedRun] = []
    for place, handle in enumerate([first, *others]):
        pointer = f"/runs/{place}"
        runs.append(await parts.runner.run(partial(present_run, handle, first, numbers, pointer)))
    return ComparisonReply(runs=runs, gone=gone, nonfinite=numbers.nonfinite)
