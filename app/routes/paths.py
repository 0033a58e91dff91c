"""Where a gradient comes from: the paths from one parameter to the loss."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from app.moment import moment
from app.presenters.paths import present_paths
from app.presenters.session import sample_of
from app.routes.explanation import Sample, Step
from app.schemas.paths import PathsReply
from app.services import services
from app.store import Handle
from core.paths import gradient_paths

router = APIRouter(prefix="/sessions", tags=["explanation"])

Element = Annotated[
    str, Query(max_length=32, description="A trained weight or bias, such as `w.1.0.0` or `b.2.0`.")
]


@router.get("/{id}/paths")
async def get_paths(
    request: Request, id: str, element: Element, step: Step = None, sample: Sample = None
) -> PathsReply:
    """The gradient of one parameter as a sum over every path from it to the loss.

    Beside each other: the multiplications that going path by path takes, and those of reverse mode. The
    factors' own making is in neither count; additions are free.
    """

    def command(handle: Handle) -> PathsReply:
        trace = handle.session.trace(step)
        row = trace.batch[sample_of(trace, sample)]
        problem = moment(handle.session, step).problem
        return present_paths(gradient_paths(problem, trace, row, element), trace, row)

    return await services(request).on_session(id, command)
