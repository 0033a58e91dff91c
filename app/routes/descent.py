"""The Descent lab: gradient descent in one variable, and races of optimizers in two."""

from __future__ import annotations

from fastapi import APIRouter, Request

from app.json_body import JsonRoute
from app.presenters.descent import present_descent, present_race
from app.presenters.lab import present_lab_answers
from app.schemas.descent import (
    DescentAnswers,
    DescentReply,
    DescentRequest,
    RaceAnswers,
    RaceReply,
    RaceRequest,
)
from app.schemas.lab import LabAnswersReply
from app.services import services
from core.descent.line import Descent, descend
from core.descent.race import Path, race
from core.descent.setup import RaceSetup, RunAsked, race_setup
from core.descent.told_race import tell_move

router = APIRouter(prefix="/descent", tags=["labs"], route_class=JsonRoute)


def _descend(body: DescentRequest) -> Descent:
    return descend(
        body.expression,
        body.start,
        body.learning_rate,
        body.steps,
        body.tolerance,
        body.rates,
        _pair(body.x_range),
        body.at,
    )


def _race(body: RaceRequest) -> tuple[RaceSetup, tuple[Path, ...]]:
    setup = race_setup(
        body.surface,
        body.expression,
        None
        if body.runs is None
        else [RunAsked(each.optimizer, each.parameters, each.batch) for each in body.runs],
        _pair(body.start),
        body.steps,
        (_pair(body.x_range), _pair(body.y_range)),
        None if body.points is None else [(point[0], point[1]) for point in body.points],
        (body.count, body.noise, body.seed),
    )
    paths = race(
        setup.objective,
        setup.entrants,
        setup.start,
        setup.steps,
        body.tolerance,
        body.batch_size,
        body.seed,
    )
    return setup, paths


def _pair(given: list[float] | None) -> tuple[float, float] | None:
    return None if given is None else (given[0], given[1])


@router.post("")
async def post_descent(request: Request, body: DescentRequest) -> DescentReply:
    """Descend a function of x: the path, the tangent, rates side by side, difference quotients for h to 0."""
    return await services(request).runner.run(lambda: present_descent(_descend(body), body))


@router.post("/answers")
async def post_descent_answers(request: Request, body: DescentAnswers) -> LabAnswersReply:
    """Check numbers for results of the step that is told; the reply never tells the right ones."""
    return await services(request).runner.run(lambda: present_lab_answers(_descend(body).explanation, body))


@router.post("/race")
async def post_race(request: Request, body: RaceRequest) -> RaceReply:
    """Let optimizers race on a surface, or over a regression's loss in full, mini and single batches."""

    def command() -> RaceReply:
        setup, paths = _race(body)
        return present_race(setup, paths, body)

    return await services(request).runner.run(command)


@router.post("/race/answers")
async def post_race_answers(request: Request, body: RaceAnswers) -> LabAnswersReply:
    """Check numbers for results of the update that is told; the reply never tells the right ones."""

    def command() -> LabAnswersReply:
        setup, paths = _race(body)
        path = paths[min(body.told, len(paths) - 1)]
        told = tell_move(setup.objective, path, min(body.at, setup.steps))
        return present_lab_answers(told, body)

    return await services(request).runner.run(command)
