"""The perceptron lab: one neuron that learns, and XOR from three of them."""

from __future__ import annotations

from fastapi import APIRouter, Request

from app.json_body import JsonRoute
from app.presenters.lab import present_lab_answers
from app.presenters.perceptron import (
    composition_explanation,
    explanation_of,
    present_composition,
    present_perceptron,
)
from app.schemas.lab import LabAnswersReply
from app.schemas.perceptron import (
    CompositionAnswersRequest,
    CompositionReply,
    CompositionRequest,
    PerceptronAnswersRequest,
    PerceptronReply,
    PerceptronRequest,
)
from app.services import services

router = APIRouter(prefix="/perceptron", tags=["labs"], route_class=JsonRoute)


@router.post("")
async def post_perceptron(request: Request, body: PerceptronRequest) -> PerceptronReply:
    """Let one neuron learn a truth table or points of the plane; iteration `at` is told.

    The reply has the whole path, the dividing line, when the weights come back, and whether any line can
    separate the classes at all. Stateless: the body is all there is.
    """
    return await services(request).runner.run(lambda: present_perceptron(body))


@router.post("/answers")
async def post_perceptron_answers(request: Request, body: PerceptronAnswersRequest) -> LabAnswersReply:
    """Check numbers for results of iteration `at`; the reply never tells the right one."""
    return await services(request).runner.run(lambda: present_lab_answers(explanation_of(body), body))


@router.post("/xor")
async def post_composition(request: Request, body: CompositionRequest) -> CompositionReply:
    """Build XOR from NAND, OR and AND with weights set by hand; row `at` of the truth table is told."""
    return await services(request).runner.run(lambda: present_composition(body))


@router.post("/xor/answers")
async def post_composition_answers(request: Request, body: CompositionAnswersRequest) -> LabAnswersReply:
    """Check numbers for results of row `at`; the reply never tells the right one."""
    return await services(request).runner.run(
        lambda: present_lab_answers(composition_explanation(body), body)
    )
