"""The graph itself: nodes in the order of creation, forward and backward without recursion.

Backward follows one rule: downstream = local × upstream, and what arrives over several edges is summed
(Rumelhart, Hinton & Williams 1986; Griewank & Walther 2008, section 3.2, for the reverse sweep).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import ExpressionError, UnknownNameError
from core.graph.gates import GATES, Gate
from core.graph.parsing import parse


@dataclass(frozen=True)
class Node:
    """One scalar: `gate` is a gate's name, `variable` or `constant`; `inputs` are the nodes it uses."""

    index: int
    gate: str
    value: float
    inputs: tuple[int, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Edge:
    """One use of a node: from `source` into input `slot` of `target`.

    contribution = local × upstream of the target. A value used twice has two edges. Where the source depends
    on no variable nothing is differentiated: local and contribution are 0.
    """

    source: int
    target: int
    slot: int
    local: float
    contribution: float


@dataclass(frozen=True)
class Gradients:
    """What one backward pass found: `upstream[i]` is d output / d node i; `edges` as computed forward."""

    output: int
    upstream: tuple[float, ...]
    edges: tuple[Edge, ...]

    def __getitem__(self, node: int) -> float:
        return self.upstream[node]


class Graph:
    """A computational graph that computes each value as the node is added.

    Nodes are named by integers in the order of creation, which is an order of computation; a node that does
    not exist is a programming error (IndexError).
    """

    def __init__(self) -> None:
        self.values: list[float] = []
        self.variables: dict[str, int] = {}
        self._gates: list[Gate | None] = []
        self._inputs: list[tuple[int, ...]] = []
        self._names: list[str] = []
        self._varies: list[bool] = []

    def __len__(self) -> int:
        return len(self.values)

    def _add(self, value: float, gate: Gate | None, inputs: tuple[int, ...], name: str, varies: bool) -> int:
        self.values.append(value)
        self._gates.append(gate)
        self._inputs.append(inputs)
        self._names.append(name)
        self._varies.append(varies)
        return len(self.values) - 1

    def variable(self, name: str, value: float) -> int:
        """Add an input to differentiate by; a name that exists already is a ValueError."""
        if name in self.variables:
            raise ValueError(f"variable {name!r} exists already")
        self.variables[name] = self._add(float(value), None, (), name, True)
        return self.variables[name]

    def constant(self, value: float) -> int:
        """Add a number that is not differentiated by."""
        return self._add(float(value), None, (), "", False)

    def apply(self, gate_name: str, *nodes: int) -> int:
        """Add a gate on existing nodes; UnknownNameError or, for a wrong arity, ValueError."""
        gate = GATES.get(gate_name)
        if len(nodes) != gate.arity:
            raise ValueError(f"{gate_name} takes {gate.arity} inputs")
        value = gate.value(*[self.values[node] for node in nodes])
        return self._add(value, gate, nodes, "", any(self._varies[node] for node in nodes))

    def expression(self, text: str, names: Mapping[str, int]) -> int:
        """Add the gates of `text`, whose names stand for existing nodes, and return the result's node.

        Raises ExpressionError as `parse` does, and with `expression-unknown-variable` for a name not given.
        """
        built: list[int] = []
        for instruction in parse(text):
            if instruction.gate == "constant":
                built.append(self.constant(instruction.value))
            elif instruction.gate == "variable":
                if instruction.name not in names:
                    raise ExpressionError(
                        code="expression-unknown-variable",
                        position=instruction.position,
                        choices=list(names),
                    )
                built.append(names[instruction.name])
            else:
                built.append(self.apply(instruction.gate, *[built[place] for place in instruction.inputs]))
        return built[-1]

    def value(self, node: int) -> float:
        """Return the node's present value."""
        return self.values[node]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Return a record of every node, in the order of computation."""
        variables = set(self.variables.values())
        return tuple(
            Node(
                index,
                gate.name if gate else "variable" if index in variables else "constant",
                self.values[index],
                self._inputs[index],
                self._names[index],
            )
            for index, gate in enumerate(self._gates)
        )

    def assign(self, values: Mapping[str, float]) -> None:
        """Give variables new values and compute every gate anew; UnknownNameError for a name that is none."""
        for name in values:
            if name not in self.variables:
                raise UnknownNameError(kind="variable", choices=list(self.variables))
        for name, value in values.items():
            self.values[self.variables[name]] = float(value)
        self.forward()

    def forward(self) -> None:
        """Compute every gate anew from the present variables and constants."""
        values = self.values
        for index, gate in enumerate(self._gates):
            if gate is not None:
                values[index] = gate.value(*[values[node] for node in self._inputs[index]])

    def backward(self, node: int) -> Gradients:
        """Return the derivative of `node` by every node, with each edge's local gradient and contribution.

        A factor of exactly 0 gives a contribution of 0 even against an infinite one: a branch that max, relu
        or step has switched off contributes nothing, whatever overflowed inside it.
        """
        upstream = [0.0] * len(self.values)
        upstream[node] = 1.0
        reached = [False] * len(self.values)
        reached[node] = True
        edges: list[Edge] = []
        for index in range(node, -1, -1):
            gate = self._gates[index]
            if gate is None or not reached[index]:
                continue
            inputs = self._inputs[index]
            locals_ = gate.gradients([self.values[source] for source in inputs], self.values[index])
            # From the last slot to the first: the list, reversed below, then reads in forward order.
            for slot in range(len(inputs) - 1, -1, -1):
                source, local, contribution = inputs[slot], 0.0, 0.0
                if self._varies[source]:
                    local = locals_[slot]
                    if local != 0.0 and upstream[index] != 0.0:
                        contribution = local * upstream[index]
                    upstream[source] += contribution
                    reached[source] = True
                edges.append(Edge(source, index, slot, local, contribution))
        edges.reverse()
        return Gradients(node, tuple(upstream), tuple(edges))


def from_expression(text: str, values: Mapping[str, float]) -> tuple[Graph, int]:
    """Return the graph of `text` and its result, with a variable for each name in order of appearance.

    Raises ExpressionError as `Graph.expression` does.
    """
    graph = Graph()
    names: dict[str, int] = {}
    for instruction in parse(text):
        if instruction.gate == "variable" and instruction.name not in names and instruction.name in values:
            names[instruction.name] = graph.variable(instruction.name, values[instruction.name])
    return graph, graph.expression(text, names)
