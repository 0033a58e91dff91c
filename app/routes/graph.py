"""The Graph lab: an expression as its graph of gates, a network as layers, and the check of numbers."""

from __future__ import annotations

from fastapi import APIRouter, Request

from app.json_body import JsonRoute
from app.layers import Layers, layers_given, layers_of_session
from app.presenters.graph import present_graph
from app.presenters.lab import present_lab_answers
from app.presenters.layers import present_layers
from app.schemas.graph import (
    GraphAnswers,
    GraphLayersAnswers,
    GraphLayersReply,
    GraphLayersRequest,
    GraphReply,
    GraphRequest,
    SourceReply,
)
from app.schemas.lab import LabAnswersReply
from app.services import services
from app.specs import under
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
from core.errors import InvalidInputError
from core.layers import layer_view, scalar_view
from core.layers import tell as tell_layers

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
        return present_lab_answers(explanation, body)

    return await services(request).runner.run(command)


def _wired(body: GraphRequest) -> tuple[Reading, Wiring]:
    with under("/expression"):
        reading = read(body.expression, frozenset(body.unfolded))
    check_unfolded(reading, body.unfolded)
    given = body.values
    if given is None:
        given = OPENING["values"] if body.expression == OPENING["expression"] else {}
    return reading, wire_up(reading, complete_values(reading, given))


@router.post("/layers")
async def post_layers(request: Request, body: GraphLayersRequest) -> GraphLayersReply:
    """A network as layers with matrices: affine, activation, softmax with loss, shapes on every wire.

    Gradients are those of the batch's loss: ∂L/∂X = ∂L/∂Z Wᵀ, ∂L/∂W = Xᵀ ∂L/∂Z, ∂L/∂B the sum over axis 0.
    """

    def present(layers: Layers) -> GraphLayersReply:
        trace = layers.trace
        source = (
            SourceReply(session=body.session, step=trace.step, batch=list(trace.batch))
            if body.session is not None and layers.request.session is not None
            else None
        )
        return present_layers(
            layers.request,
            source,
            layer_view(layers.problem, trace),
            scalar_view(layers.problem, trace, min(body.sample, len(trace.inputs) - 1)),
            tell_layers(layers.problem, trace, layers.verification),
        )

    layers = await _layers(request, body)
    return await services(request).runner.run(lambda: present(layers))


@router.post("/layers/answers")
async def post_layer_answers(request: Request, body: GraphLayersAnswers) -> LabAnswersReply:
    """Check numbers for entries of the layers' matrices: right, explained by a slip, or wrong."""
    layers = await _layers(request, body)

    def command() -> LabAnswersReply:
        explanation = tell_layers(layers.problem, layers.trace, None).at(body.granularity)
        return present_lab_answers(explanation, body)

    return await services(request).runner.run(command)


async def _layers(request: Request, body: GraphLayersRequest) -> Layers:
    if body.session is None:
        if body.step is not None:
            raise InvalidInputError(code="graph-step-without-session", pointer="/step")
        return await services(request).runner.run(lambda: layers_given(body))
    for name in ("network", "loss", "data"):
        if getattr(body, name) is not None:
            raise InvalidInputError(code="graph-session-or-network", pointer=f"/{name}")
    return await services(request).on_session(body.session, lambda handle: layers_of_session(body, handle))
