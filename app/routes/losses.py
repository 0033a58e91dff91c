"""The losses lab: stateless, the body is the whole state."""

from __future__ import annotations

from fastapi import APIRouter, Request

from app.json_body import JsonRoute
from app.presenters.lab import present_lab_answers
from app.presenters.losses import present_losses, tell
from app.schemas.lab import LabAnswersReply
from app.schemas.losses import LossesAnswersRequest, LossesReply, LossesRequest
from app.services import services

router = APIRouter(prefix="/losses", tags=["labs"], route_class=JsonRoute)


@router.post("")
async def post_losses(request: Request, body: LossesRequest) -> LossesReply:
    """Softmax and cross-entropy, binary cross-entropy, likelihood, or three losses at a saturated neuron."""
    return await services(request).runner.run(lambda: present_losses(body, tell(body)))


@router.post("/answers")
async def post_losses_answers(request: Request, body: LossesAnswersRequest) -> LabAnswersReply:
    """Check numbers for the results of the same request. Never tells the right one."""
    return await services(request).runner.run(lambda: present_lab_answers(tell(body).explanation, body))
