"""A computational graph as a reply."""

from __future__ import annotations

from dataclasses import asdict

from app.presenters.lab import present_explanation
from app.presenters.numbers import Numbers, below
from app.schemas.graph import GraphNodeReply, GraphReply, GraphRequest, QuotientReply, WireReply
from core.computation import GraphNode, Proof, Reading, Wire, Wiring
from core.lab import Explanation


def present_graph(
    request: GraphRequest,
    reading: Reading,
    wiring: Wiring,
    proofs: tuple[Proof, ...],
    explanation: Explanation,
) -> GraphReply:
    """Return the whole graph; `request` has every default filled in."""
    numbers = Numbers()
    told = present_explanation(explanation, request.granularity)
    value = numbers.number(wiring.value, "/value")
    nodes = [_node(node, numbers, f"/nodes/{at}") for at, node in enumerate(wiring.nodes)]
    wires = [_wire(wire, numbers, f"/wires/{at}") for at, wire in enumerate(wiring.wires)]
    quotients = [
        QuotientReply(
            element=proof.element,
            gap=proof.gap,
            low=numbers.number(proof.low, f"/quotients/{at}/low"),
            high=numbers.number(proof.high, f"/quotients/{at}/high"),
        )
        for at, proof in enumerate(proofs)
    ]
    return GraphReply(
        request=request,
        at=0,
        last=0,
        output=wiring.output,
        value=value,
        nodes=nodes,
        wires=wires,
        forward=list(wiring.forward),
        backward=list(wiring.backward),
        foldable=list(reading.foldable),
        quotients=quotients,
        explanation=told,
        nonfinite={**numbers.nonfinite, **dict(below("/explanation", told.nonfinite))},
    )


def _node(node: GraphNode, numbers: Numbers, pointer: str) -> GraphNodeReply:
    fields = asdict(node) | {"value": numbers.number(node.value, f"{pointer}/value")}
    return GraphNodeReply.model_validate(fields)


def _wire(wire: Wire, numbers: Numbers, pointer: str) -> WireReply:
    fields = asdict(wire)
    for name in ("value", "local", "upstream", "gradient"):
        if fields[name] is not None:
            fields[name] = numbers.number(fields[name], f"{pointer}/{name}")
    return WireReply.model_validate(fields | {"differentiated": wire.gradient is not None})
