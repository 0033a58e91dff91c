"""One step explained: its trace, its micro-steps, the check of its gradient."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from app.moment import moment
from app.presenters.microsteps import present_microsteps
from app.presenters.session import sample_of
from app.presenters.trace import present_trace
from app.presenters.verification import present_verification
from app.schemas.microsteps import MicrostepsReply
from app.schemas.readings import VerificationReply
from app.schemas.requests import MAX_INTEGER
from app.schemas.trace import TraceReply
from app.services import services
from app.store import Handle
from core.errors import ConflictError
from core.microsteps import microsteps
from core.verification import verify

router = APIRouter(prefix="/sessions", tags=["explanation"])

Step = Annotated[
    int | None,
    Query(
        ge=0, le=MAX_INTEGER, description="A recorded step; by default the next one, which is not applied."
    ),
]
Sample = Annotated[
    int | None, Query(ge=0, le=MAX_INTEGER, description="A row of the data set, in the step's batch.")
]


@router.get("/{id}/trace")
async def get_trace(request: Request, id: str, step: Step = None, sample: Sample = None) -> TraceReply:
    """Every number of one step: forward pass, loss, backward pass, update."""

    def command(handle: Handle) -> TraceReply:
        trace = handle.session.trace(step)
        return present_trace(trace, handle.session.problem.network, sample_of(trace, sample))

    return await services(request).on_session(id, command)


@router.get("/{id}/microsteps")
async def get_microsteps(
    request: Request,
    id: str,
    step: Step = None,
    sample: Sample = None,
    granularity: Literal["neuron", "layer", "phase"] = "neuron",
) -> MicrostepsReply:
    """The same step as an ordered list of micro-steps, each with its equation and its numbers.

    A network of more than 5,000 parameters is not explained neuron by neuron; its trace has every number.
    """
    limit = services(request).settings.max_explained_parameters

    def command(handle: Handle) -> MicrostepsReply:
        trace = handle.session.trace(step)
        count = handle.session.network.parameter_count
        if count > limit:
            raise ConflictError(code="too-large-to-explain", limit=limit, count=count)
        row = trace.batch[sample_of(trace, sample)]
        problem = moment(handle.session, step).problem
        return present_microsteps(microsteps(problem, trace, row, granularity))

    return await services(request).on_session(id, command)


@router.get("/{id}/verification")
async def get_verification(request: Request, id: str, step: Step = None) -> VerificationReply:
    """The analytic gradient beside central differences and automatic differentiation."""

    def command(handle: Handle) -> VerificationReply:
        then = moment(handle.session, step)
        return present_verification(verify(then.problem, then.snapshot))

    return await services(request).on_session(id, command)
