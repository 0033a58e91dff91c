"""One step explained: its trace, its micro-steps, the check of its gradient."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from app.moment import moment
from app.notation import AskedNotation
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
from core.errors import InvalidInputError
from core.microsteps import Granularity, microsteps
from core.session import Session
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
    notation: AskedNotation,
    step: Step = None,
    sample: Sample = None,
    granularity: Granularity = "neuron",
    neuron: Annotated[
        str | None,
        Query(pattern=r"^a\.\d{1,2}\.\d{1,4}$", description="Only what concerns this neuron, such as a.1.0."),
    ] = None,
) -> MicrostepsReply:
    """The same step as an ordered list of micro-steps, each with its equation and its numbers.

    A network of more than 1,000 parameters is told one neuron at a time, the first one if none is chosen;
    `only` in the reply says which. The notation changes how things are written, never a number.
    """
    limit = services(request).settings.max_parameters_told_at_once

    def command(handle: Handle) -> MicrostepsReply:
        only = None if neuron is None else _neuron(neuron, handle.session)
        if only is None and handle.session.network.parameter_count > limit:
            only = (1, 0)
        trace = handle.session.trace(step)
        row = trace.batch[sample_of(trace, sample)]
        problem = moment(handle.session, step).problem
        told = microsteps(problem, trace, row, granularity, only, notation)
        return present_microsteps(told, problem, notation)

    return await services(request).on_session(id, command)


def _neuron(name: str, session: Session) -> tuple[int, int]:
    """Return layer and place of the neuron called `name`, say a.1.0."""
    sizes = session.network.sizes
    layer, place = (int(part) for part in name.split(".")[1:])
    if not (1 <= layer < len(sizes) and place < sizes[layer]):
        raise InvalidInputError(code="boundary-element", pointer="/neuron")
    return layer, place


@router.get("/{id}/verification")
async def get_verification(request: Request, id: str, step: Step = None) -> VerificationReply:
    """The analytic gradient beside central differences and automatic differentiation."""

    def command(handle: Handle) -> VerificationReply:
        then = moment(handle.session, step)
        return present_verification(verify(then.problem, then.snapshot))

    return await services(request).on_session(id, command)
