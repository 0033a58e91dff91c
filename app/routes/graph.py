"""The Graph lab: an expression as its graph of gates, and the check of a learner's numbers about it."""

from __future__ import annotations

from fastapi import APIRouter, Request

from app.json_body import JsonRoute
from app.presenters.graph import present_graph
from app.presenters.lab import present_lab_answers
from app.schemas.graph import GraphAnswers, GraphReply, GraphRequest
from app.schemas.lab import LabAnswersReply
from app.services import services
from app.specs import under
from core.answers import Answer
from core.computation import (
    OPENING,
    Reading,
    Wiring,
    check_unfolded,
    complete_values,
    prove,
    read,
    tell,
    wire_up,
)
from core.lab import check_answers

router = APIRouter(prefix="/graph", tags=["labs"], route_class=JsonRoute)


@router.post("")
async def post_graph(request: Request, body: GraphRequest) -> GraphReply:
    """An expression as its graph of gates, stepped forward node by node and backward edge by edge.

    Every wire has its value and its gradient: local × upstream, added up where a value is used twice.
    """

    def command() -> GraphReply:
        reading, wiring = _wired(body)
        proofs = prove(reading, wiring)
        filled = body.model_copy(update={"values": dict(wiring.variables)})
        return present_graph(filled, reading, wiring, proofs, tell(reading, wiring, proofs))

    return await services(request).runner.run(command)


@router.post("/answers")
async def post_answers(request: Request, body: GraphAnswers) -> LabAnswersReply:
    """Check numbers for results of the graph: right, explained by a slip, or wrong.

    The reply never tells the right one.
    """

    def command() -> LabAnswersReply:
        explanation = tell(*_wired(body), ()).at(body.granularity)
        answers = [Answer(answer.ref, answer.value) for answer in body.answers]
        return present_lab_answers(check_answers(explanation, answers, body.decimals))

    return await services(request).runner.run(command)


def _wired(body: GraphRequest) -> tuple[Reading, Wiring]:
    with under("/expression"):
        reading = read(body.expression, frozenset(body.unfolded))
    check_unfolded(reading, body.unfolded)
    given = body.values
    if given is None:
        given = OPENING["values"] if body.expression == OPENING["expression"] else {}
    return reading, wire_up(reading, complete_values(reading, given))
