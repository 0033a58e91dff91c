"""Steps into gates and wires: a copy gate where a value is used twice, values forward, gradients backward.

Backward follows one rule: downstream = local × upstream; a copy adds what its branches send back (Rumelhart,
Hinton & Williams 1986; the gates' names after CS231n and CS224n). Gradients are computed along the wires
here, so that core.graph, which knows neither copies nor parts, can be held against them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.computation.reading import PARTS, Reading, Step, short
from core.computation.records import GraphNode, Wire, Wiring
from core.graph import GATES, Gate
from core.registry import Label

# Where a value is used several times: on the way back each use adds its part (CS224n's "adder").
COPY = Gate(
    "copy",
    Label("Copy", "복사"),
    "<0>",
    1,
    lambda x: x,
    lambda x, r: (1.0,),
    ("1",),
    "adder",
    function=False,
)
_INDEXED = re.compile(r"([^\W\d_]+)_?(\d+)")
_PART_MARKS: Mapping[str, str] = {"sigmoid": "σ", "tanh": "t", "sqrt": "r"}


def written(name: str) -> tuple[str, str]:
    """Return a variable's name as base and lower index: x1 and x_1 are x₁, apple_num is apple with num."""
    if indexed := _INDEXED.fullmatch(name):
        return indexed[1], indexed[2]
    base, _, sub = name.partition("_")
    return (base, sub) if base and sub and "_" not in sub else (name, "")


def wire_up(reading: Reading, values: Mapping[str, float]) -> Wiring:
    """Return the graph of `reading` at `values` (one for each variable), both passes done."""
    return _Wiring(reading, values).done()


class _Wiring:
    def __init__(self, reading: Reading, values: Mapping[str, float]) -> None:
        self.reading, self.given = reading, values
        steps = reading.steps
        # Each use of a value: the step that uses it with the slot; the result's last use is the output.
        self.uses: list[list[tuple[int, int]]] = [[] for _ in steps]
        for place, step in enumerate(steps):
            for slot, source in enumerate(step.inputs):
                self.uses[source].append((place, slot))
        self.uses[reading.result].append((len(steps), 0))
        self.copies = 0
        self.values: list[float] = []
        self.varies: list[bool] = []
        self.wire_of: dict[tuple[int, int], str] = {}  # (step, slot) -> id of the wire that ends there
        self.copy_of: dict[int, str] = {}  # step -> id of its copy gate
        for place, step in enumerate(steps):
            self._compute(step)
            self._name_wires(place, step)

    def _compute(self, step: Step) -> None:
        if step.gate == "variable":
            self.values.append(float(self.given[step.name]))
            self.varies.append(True)
        elif step.gate == "constant":
            self.values.append(step.value)
            self.varies.append(False)
        else:
            gate = GATES.get(step.gate)
            self.values.append(gate.value(*(self.values[source] for source in step.inputs)))
            self.varies.append(any(self.varies[source] for source in step.inputs))

    def _name_wires(self, place: int, step: Step) -> None:
        """A value used once leaves on a wire of its own name, one used several times by a copy's branches."""
        uses = self.uses[place]
        if len(uses) == 1:
            self.wire_of[uses[0]] = step.id
        elif uses:
            self.copies += 1
            self.copy_of[place] = f"copy.{self.copies}"
            for branch, use in enumerate(uses, start=1):
                self.wire_of[use] = f"copy.{self.copies}.{branch}"

    def _gradients(self) -> tuple[dict[str, float], dict[str, float], list[float | None]]:
        """Return local gradient and gradient of every differentiated wire, and what reaches each step."""
        steps = self.reading.steps
        local: dict[str, float] = {}
        gradient: dict[str, float] = {}
        upstream: list[float | None] = [None] * len(steps)
        if self.varies[self.reading.result]:
            last = self.wire_of[len(steps), 0]
            local[last] = gradient[last] = 1.0
        for place in range(len(steps) - 1, -1, -1):
            if not self.varies[place]:
                continue
            arriving = [gradient[self.wire_of[use]] for use in self.uses[place]]
            # Not sum(): its start of 0 would turn a -0 of a single wire into 0.
            total = arriving[0]
            for part in arriving[1:]:
                total += part
            upstream[place] = total
            if place in self.copy_of:
                local[steps[place].id], gradient[steps[place].id] = 1.0, total
            step = steps[place]
            if not step.inputs:
                continue
            gate = GATES.get(step.gate)
            inputs = [self.values[source] for source in step.inputs]
            for slot, slope in enumerate(gate.gradients(inputs, self.values[place])):
                if self.varies[step.inputs[slot]]:
                    wire = self.wire_of[place, slot]
                    local[wire] = slope
                    # A factor of exactly 0 stops even an infinite one, as in core.graph.
                    gradient[wire] = slope * total if slope and total else 0.0
        return local, gradient, upstream

    def done(self) -> Wiring:
        steps = self.reading.steps
        local, gradient, upstream = self._gradients()
        nodes: list[GraphNode] = []
        wires: list[Wire] = []
        for place, step in enumerate(steps):
            inputs = tuple(self.wire_of[place, slot] for slot in range(len(step.inputs)))
            for slot, wire in enumerate(inputs):
                source = self._leaving(step.inputs[slot])
                value = self.values[step.inputs[slot]]
                known = wire in gradient
                wires.append(
                    Wire(
                        wire,
                        source,
                        step.id,
                        slot,
                        value,
                        local.get(wire),
                        upstream[place] if known else None,
                        gradient.get(wire),
                    )
                )
            copy = self.copy_of.get(place)
            branches = tuple(self.wire_of[use] for use in self.uses[place])
            nodes.append(self._node(place, step, inputs, (step.id,) if copy else branches))
            if copy:
                total = gradient.get(step.id)
                wires.append(
                    Wire(step.id, step.id, copy, 0, self.values[place], local.get(step.id), total, total)
                )
                nodes.append(self._copy(copy, step.id, branches, self.values[place]))
        result = self.reading.result
        last = self.wire_of[len(steps), 0]
        value = self.values[result]
        seed = gradient.get(last)
        wires.append(Wire(last, self._leaving(result), "out", 0, value, seed, seed, seed))
        base, sub = written(self.reading.output)
        nodes.append(
            GraphNode(
                "out",
                "output",
                "",
                self.reading.output,
                base,
                sub,
                None,
                (last,),
                (),
                value,
                None,
                "",
                foldable=False,
            )
        )
        order = [node.id for node in nodes if node.kind in ("gate", "copy")]
        return Wiring(
            nodes=tuple(nodes),
            wires=tuple(wires),
            forward=tuple(order),
            backward=tuple(
                node.id
                for node in reversed(nodes)
                if node.kind in ("gate", "copy") and any(wire in gradient for wire in node.inputs)
            ),
            output=self.reading.output,
            result=last,
            value=value,
            variables={name: float(self.given[name]) for name in self.reading.variables},
        )

    def _leaving(self, place: int) -> str:
        """Return the id of the node whose wire carries the value of a step to where it is used."""
        return self.copy_of.get(place, self.reading.steps[place].id)

    def _node(self, place: int, step: Step, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> GraphNode:
        base, sub = self._written(place, step)
        gate = None if step.gate in ("variable", "constant") else GATES.get(step.gate)
        return GraphNode(
            id=step.id,
            kind="gate" if gate else "variable" if step.gate == "variable" else "constant",
            gate=step.gate if gate else "",
            name=step.name or self.reading.names.get(place, ""),
            base=base,
            sub=sub,
            role=gate.role if gate else None,
            inputs=inputs,
            outputs=outputs,
            value=self.values[place],
            span=step.span,
            part_of=step.part_of,
            foldable=step.gate in PARTS,
        )

    def _copy(self, id: str, wire: str, branches: tuple[str, ...], value: float) -> GraphNode:
        number = id.partition(".")[2] if self.copies > 1 else ""
        return GraphNode(
            id,
            "copy",
            "copy",
            "",
            "copy",
            number,
            "adder",
            (wire,),
            branches,
            value,
            None,
            "",
            foldable=False,
        )

    def _written(self, place: int, step: Step) -> tuple[str, str]:
        """Return how a step is written: by the name that it was given, else gate and number."""
        if step.gate == "variable":
            return written(step.name)
        # The name of the result is the output's: the last gate and where it leads differ.
        if place in self.reading.names and self.reading.names[place] != self.reading.output:
            return written(self.reading.names[place])
        if step.part_of:
            kind, number = step.part_of.split(".")
            part = step.id.removeprefix(f"{step.part_of}.").split(".")
            whole = _PART_MARKS[kind] + (number if self._several(f"{kind}.2") else "")
            again = any(other.id == f"{step.part_of}.{part[0]}.2" for other in self.reading.steps)
            return part[0], f"{whole},{part[1]}" if again else whole
        name, number = step.id.split(".")
        if step.gate != "constant" and not self._several(f"{name}.2"):
            number = ""
        return short(step.gate) if step.gate != "constant" else "k", number

    def _several(self, second: str) -> bool:
        """Whether the text has a second gate of a kind, shown or unfolded."""
        return any(step.id == second or step.part_of == second for step in self.reading.steps)
