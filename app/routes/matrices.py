"""A whole step as matrices, and one parameter's gradient sample by sample."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from app.moment import moment
from app.presenters.matrices import present_contributions, present_matrices
from app.presenters.session import sample_of
from app.routes.explanation import Sample, Step
from app.schemas.matrices import ContributionsReply, MatricesReply
from app.services import services
from app.store import Handle
from core.contributions import contributions
from core.matrices import matrices

router = APIRouter(prefix="/sessions", tags=["explanation"])

Element = Annotated[
    str, Query(max_length=32, description="A trained weight or bias, such as `w.1.0.0` or `b.2.0`.")
]


@router.get("/{id}/matrices")
async def get_matrices(request: Request, id: str, step: Step = None, sample: Sample = None) -> MatricesReply:
    """X, W, b, Z, A, δ, ∂W and ∂b of every layer for the whole batch, with shapes, identities and numpy text.

    Rows of X, Z, A and δ are samples. A batch of more than 64 samples is cut to 64 of them, `sample` among
    these. A softmax layer's `local` is the Jacobian of `sample`.
    """

    def command(handle: Handle) -> MatricesReply:
        trace = handle.session.trace(step)
        position = sample_of(trace, sample)
        problem = moment(handle.session, step).problem
        return present_matrices(matrices(problem, trace, trace.batch[position]), trace, position)

    return await services(request).on_session(id, command)


@router.get("/{id}/contributions")
async def get_contributions(
    request: Request, id: str, element: Element, step: Step = None
) -> ContributionsReply:
    """The gradient of one parameter sample by sample, and how the samples combine to what the optimizer gets.

    At most 256 samples are listed, those with the largest gradients.
    """

    def command(handle: Handle) -> ContributionsReply:
        trace = handle.session.trace(step)
        return present_contributions(contributions(handle.session.network, trace, element), trace)

    return await services(request).on_session(id, command)
