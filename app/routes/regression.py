"""The Regression lab: one call computes it, one checks a learner's numbers. Nothing is kept."""

from __future__ import annotations

from fastapi import APIRouter, Request

from app.json_body import JsonRoute
from app.presenters.lab import present_lab_answers
from app.presenters.regression import present_regression, told_of
from app.schemas.lab import LabAnswersReply
from app.schemas.regression import RegressionAnswers, RegressionReply, RegressionRequest
from app.services import services

router = APIRouter(tags=["labs"], route_class=JsonRoute)


@router.post("/regression")
async def post_regression(request: Request, body: RegressionRequest) -> RegressionReply:
    """Fit a line to points: one iteration of descent told, the path, the surface, the closed form."""
    return await services(request).runner.run(lambda: present_regression(body))


@router.post("/regression/answers")
async def post_regression_answers(request: Request, body: RegressionAnswers) -> LabAnswersReply:
    """Check numbers for what is told: right, explained by a slip, or wrong. Never tells the right one."""
    return await services(request).runner.run(lambda: present_lab_answers(told_of(body), body))
