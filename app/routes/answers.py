"""Predict the number: a learner's answers checked against one step's trace."""

from __future__ import annotations

from fastapi import APIRouter, Request

from app.json_body import JsonRoute
from app.moment import moment
from app.presenters.answers import present_answers
from app.presenters.session import sample_of
from app.schemas.answers import AnswersReply, AnswersRequest
from app.services import services
from app.store import Handle
from core.answers import Answer, check_answers

router = APIRouter(prefix="/sessions", tags=["explanation"], route_class=JsonRoute)


@router.post("/{id}/answers")
async def post_answers(request: Request, id: str, body: AnswersRequest) -> AnswersReply:
    """Check numbers for hidden results: right, explained by a slip, or wrong. Changes nothing.

    A number is right within one per cent or half the last digit shown. The reply never tells the right one.
    """

    def command(handle: Handle) -> AnswersReply:
        trace = handle.session.trace(body.step)
        row = trace.batch[sample_of(trace, body.sample)]
        problem = moment(handle.session, body.step).problem
        answers = [Answer(answer.ref, answer.value) for answer in body.answers]
        return present_answers(trace.step, row, check_answers(problem, trace, row, answers, body.decimals))

    return await services(request).on_session(id, command)
