"""What the layer view is of: a network with a batch as it was sent, or a session's at one of its steps."""

from __future__ import annotations

from dataclasses import dataclass

from app.moment import moment
from app.schemas.graph import MAX_BATCH, BatchData, GraphLayersRequest
from app.schemas.requests import (
    BatchInput,
    BiasInput,
    CreateRequest,
    DataInput,
    LayerInput,
    LossInput,
    NetworkInput,
    OptimizerInput,
    ParametersInput,
    TrainingInput,
)
from app.specs import session_spec
from app.store import Handle
from core.errors import InvalidInputError
from core.layers import OPENING
from core.network import Parameters
from core.session import Session
from core.snapshot import Problem
from core.trace import Trace
from core.verification import Verification, verify

# More numbers than that stay behind their session's id.
MOST_NUMBERS = 2000


@dataclass(frozen=True)
class Layers:
    """A network at one step: what it is, its trace, the proof of its gradients where all of them are checked.

    `request` has every default filled in.
    """

    request: GraphLayersRequest
    problem: Problem
    trace: Trace
    verification: Verification | None


def layers_given(body: GraphLayersRequest) -> Layers:
    """Return the network that the body describes; InvalidInputError with a pointer where it does not fit."""
    opening = GraphLayersRequest.model_validate(OPENING)
    network, loss, data = (
        body.network or opening.network,
        body.loss or opening.loss,
        body.data or opening.data,
    )
    assert data is not None
    asked = CreateRequest(
        network=network,
        training=TrainingInput(
            loss=loss,
            optimizer=OptimizerInput(name="sgd"),
            batch=BatchInput(mode="full", order="stored"),
        ),
        data=DataInput(inputs=data.inputs, targets=data.targets),
    )
    try:
        session = Session.create(session_spec(asked))
    except InvalidInputError as error:
        error.pointer = error.pointer.replace("/training/loss", "/loss", 1)
        raise
    trace = session.trace()
    if body.sample >= len(trace.inputs):
        raise InvalidInputError(
            code="out-of-range", pointer="/sample", minimum=0, maximum=len(trace.inputs) - 1, integer=True
        )
    filled = _filled(body, session.problem, trace)
    verification = verify(session.problem, session.snapshot)
    return Layers(filled, session.problem, trace, None if verification.subset else verification)


def layers_of_session(body: GraphLayersRequest, handle: Handle) -> Layers:
    """Return the network of a session at the step that the body names, by default its next one.

    With few enough numbers it is taken out of the session, with plain descent and without penalties: the loss
    and its gradients are those of the step.
    """
    session = handle.session
    trace = session.trace(body.step)
    problem = moment(session, body.step).problem
    count = len(trace.point) + trace.inputs.size + trace.targets.size
    if trace.dropout == 0.0 and count <= MOST_NUMBERS and len(trace.inputs) <= MAX_BATCH:
        return layers_given(_filled(body, problem, trace))
    return Layers(body.model_copy(update={"step": trace.step}), problem, trace, None)


def _filled(body: GraphLayersRequest, problem: Problem, trace: Trace) -> GraphLayersRequest:
    spec, loss = problem.network, problem.training.loss
    views = Parameters(spec, trace.point)
    numbers = range(1, len(spec.layers) + 1)
    biases = [views.bias(n) for n in numbers]
    network = NetworkInput(
        layers=[
            LayerInput(
                units=layer.units,
                activation=layer.activation,
                activation_parameters=dict(layer.activation_parameters),
                bias=BiasInput(mode=layer.bias.mode, value=layer.bias.value),
            )
            for layer in spec.layers
        ],
        parameters=ParametersInput(
            weights=[views.weights(n).tolist() for n in numbers],
            biases=[None if bias is None else bias.tolist() for bias in biases],
        ),
    )
    return body.model_copy(
        update={
            "session": None,
            "step": None,
            "network": network,
            "loss": LossInput(
                name=loss.name, coefficient=loss.coefficient, outputs=loss.outputs, batch=loss.batch
            ),
            "data": BatchData(inputs=trace.inputs.tolist(), targets=trace.targets.tolist()),
        }
    )
