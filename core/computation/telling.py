"""A graph told: forward node by node, backward edge by edge, each line with its numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.computation.proof import Proof
from core.computation.reading import Reading
from core.computation.records import GraphNode, Wire, Wiring
from core.graph import GATES
from core.lab import Explanation, Notebook, Quantity, derivative

_PLAIN = re.compile(r"\d+(?:\.\d*)?|\.\d+", re.ASCII)


def tell(reading: Reading, wiring: Wiring, proofs: Sequence[Proof]) -> Explanation:
    """Return both passes as micro-steps, with the proofs of the derivatives.

    References: a node's id is its value, `l` + a wire's id the local gradient ∂target/∂value, `g` + a wire's
    id the gradient ∂output/∂value that flows back on it. On the way back a gate makes for each wire the local
    gradient, then downstream = local × upstream; a copy adds what its branches send back.
    """
    return _Telling(reading, wiring).done(proofs)


class _Telling:
    def __init__(self, reading: Reading, wiring: Wiring) -> None:
        self.reading, self.wiring = reading, wiring
        self.nodes = {node.id: node for node in wiring.nodes}
        self.wires = {wire.id: wire for wire in wiring.wires}
        self.texts = {step.id: step.text for step in reading.steps if _PLAIN.fullmatch(step.text)}
        self.book = Notebook()
        # The node that made what leaves a copy.
        self.origin = {
            node.id: self.wires[node.inputs[0]].source for node in wiring.nodes if node.kind == "copy"
        }
        self.last = self._made(self.wires[wiring.result].source)  # what makes the result

    def _made(self, node: str) -> str:
        """Return the node that computed what leaves `node`: its own id, or for a copy what it copies."""
        return self.origin.get(node, node)

    def _leaving(self, node: str) -> str:
        (wire,) = self.nodes[node].outputs
        return wire

    def done(self, proofs: Sequence[Proof]) -> Explanation:
        self._name()
        for node in self.wiring.nodes:
            if node.kind in ("variable", "constant"):
                self.book.give(node.id, node.value)
        for id in self.wiring.forward:
            node = self.nodes[id]
            if node.kind == "copy":
                self._hand_on(node)
            else:
                self._forward(node)
        self._result()
        if self.wires[self.wiring.result].gradient is not None:
            self._seed()
        for id in self.wiring.backward:
            node = self.nodes[id]
            if node.kind == "copy":
                self._add_up(node)
            else:
                self._backward(node)
        for proof in proofs:
            wire = self.wires[self._leaving(proof.element)]
            assert wire.gradient is not None
            self.book.check(
                wire.id,
                wire.gradient,
                proof.central,
                proof.autodiff,
                scale=self.wiring.value,
                kink=proof.kink,
            )
        return self.book.done()

    def _name(self) -> None:
        for node in self.wiring.nodes:
            self.book.name(Quantity(node.id, node.base, node.sub))
        for wire in self.wiring.wires:
            if wire.source in self.origin:
                made = self.nodes[self._made(wire.source)]
                branch = wire.id.rpartition(".")[2]
                self.book.name(Quantity(wire.id, made.base, made.sub, f"({branch})"))
        for wire in self.wiring.wires:
            if wire.gradient is not None:
                self.book.name(derivative(f"g{wire.id}", of="out", by=wire.id))
                if self.nodes[wire.target].kind == "gate":
                    self.book.name(derivative(f"l{wire.id}", of=wire.target, by=wire.id))

    def _slot(self, wire: Wire) -> str:
        """Return the template's entry for the value on a wire: a plain constant is written as in the text."""
        made = self._made(wire.source)
        text = self.texts.get(made)
        return f"<{made}|{text}>" if text else f"<{made}>"

    def _fill(self, tex: str, node: GraphNode) -> str:
        for slot, wire in enumerate(node.inputs):
            tex = tex.replace(f"<{slot}>", self._slot(self.wires[wire]))
        return tex.replace("<r>", f"<{node.id}>")

    def _forward(self, node: GraphNode) -> None:
        self.book.line(
            "forward",
            "function",
            node.id,
            self._fill(GATES.get(node.gate).tex, node),
            node.value,
            sentence=f"told_graph.forward.{node.gate}",
            refs={"made": node.id},
            title="told_graph.title.forward",
            group=[node.id],
            focus=[node.id, *node.outputs],
        )

    def _hand_on(self, node: GraphNode) -> None:
        made = self._made(node.id)
        self.book.line(
            "forward",
            "function",
            node.id,
            f"<{made}>",
            node.value,
            sentence="told_graph.forward.copy",
            refs={"made": node.id, "from": made},
            title="told_graph.title.copy",
            group=[node.id],
            focus=[node.id, *node.outputs],
        )

    def _result(self) -> None:
        self.book.line(
            "forward",
            "function",
            "out",
            self._slot(self.wires[self.wiring.result]),
            self.wiring.value,
            sentence="told_graph.forward.out",
            refs={"made": "out"},
            title="told_graph.title.forward",
            group=["out"],
            focus=["out", self.wiring.result],
        )

    def _seed(self) -> None:
        wire = self.wires[self.wiring.result]
        self.book.line(
            "backward",
            "factor",
            f"g{wire.id}",
            "1",
            1.0,
            sentence="told_graph.seed",
            refs={"out": "out"},
            title="told_graph.title.seed",
            group=["out"],
            focus=["out", wire.id],
            reads=["out"],
        )

    def _backward(self, node: GraphNode) -> None:
        (leaving,) = node.outputs
        templates = GATES.get(node.gate).local_tex
        for slot, id in enumerate(node.inputs):
            wire = self.wires[id]
            if wire.local is None or wire.gradient is None:
                continue
            refs = {"gate": node.id, "by": id, "local": f"l{id}", "upstream": f"g{leaving}"}
            self.book.line(
                "backward",
                "factor",
                f"l{id}",
                self._fill(templates[slot], node),
                wire.local,
                sentence=f"told_graph.local.{node.gate}",
                refs=refs,
                title="told_graph.title.local",
                badge=1,
                group=[node.id],
                focus=[node.id, id],
            )
            self.book.line(
                "backward",
                "product",
                f"g{id}",
                f"<l{id}>\\cdot <g{leaving}>",
                wire.gradient,
                sentence="told_graph.downstream",
                refs=refs,
                title="told_graph.title.downstream",
                group=[node.id],
                focus=[node.id, id, leaving],
            )

    def _add_up(self, node: GraphNode) -> None:
        (id,) = node.inputs
        wire = self.wires[id]
        assert wire.gradient is not None
        parts = []
        for branch in node.outputs:
            sent = self.wires[branch].gradient
            assert sent is not None
            parts.append((f"<g{branch}>", sent))
        self.book.line(
            "backward",
            "sum",
            f"g{id}",
            "+".join(template for template, _ in parts),
            wire.gradient,
            sentence="told_graph.sum",
            refs={"by": id},
            title="told_graph.title.sum",
            group=[node.id],
            focus=[node.id, id, *node.outputs],
            parts=parts,
        )
