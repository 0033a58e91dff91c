"""A network as layers with matrices, as a reply."""

from __future__ import annotations

from dataclasses import asdict

from app.presenters.lab import present_explanation
from app.presenters.numbers import Numbers, below
from app.schemas.base import Matrix, Number, Vector
from app.schemas.graph import (
    GraphLayersReply,
    GraphLayersRequest,
    LayerGateReply,
    LayerWireReply,
    ScalarReply,
    SourceReply,
)
from core.lab import Explanation
from core.layers import LayerView, LayerWire, ScalarView
from core.network import Array


def present_layers(
    request: GraphLayersRequest,
    source: SourceReply | None,
    view: LayerView,
    scalar: ScalarView | None,
    explanation: Explanation,
) -> GraphLayersReply:
    """Return the whole view; `request` has every default filled in."""
    numbers = Numbers()
    told = present_explanation(explanation, request.granularity)
    return GraphLayersReply(
        request=request,
        at=0,
        last=0,
        source=source,
        batch=view.batch,
        batch_factor=view.batch_factor,
        loss=numbers.number(view.loss, "/loss"),
        gates=[LayerGateReply.model_validate(asdict(gate)) for gate in view.gates],
        wires=[_wire(wire, numbers, f"/wires/{at}") for at, wire in enumerate(view.wires)],
        scalar=None if scalar is None else ScalarReply.model_validate(asdict(scalar)),
        explanation=told,
        nonfinite={**numbers.nonfinite, **dict(below("/explanation", told.nonfinite))},
    )


def _wire(wire: LayerWire, numbers: Numbers, pointer: str) -> LayerWireReply:
    return LayerWireReply(
        id=wire.id,
        base=wire.base,
        sup=wire.sup,
        symbol=wire.symbol,
        shape=list(wire.shape),
        samples=wire.samples,
        values=_array(wire.values, numbers, f"{pointer}/values"),
        gradient=None if wire.gradient is None else _array(wire.gradient, numbers, f"{pointer}/gradient"),
        differentiated=wire.gradient is not None,
        refs=wire.refs,
        gradient_refs=wire.gradient_refs,
    )


def _array(array: Array, numbers: Numbers, pointer: str) -> Matrix | Vector | Number:
    if array.ndim == 0:
        return numbers.number(float(array), pointer)
    return numbers.vector(array, pointer) if array.ndim == 1 else numbers.matrix(array, pointer)
