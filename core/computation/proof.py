"""The proof of a graph's gradients: difference quotients, and core.graph's own reverse pass over the text.

core.graph reads the same statements, but knows neither copy gates nor the parts of an unfolded gate.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from core.computation.reading import Reading
from core.computation.records import Wiring
from core.graph import Graph

STEP = 1e-5  # h of the central difference, times the size of the value where that exceeds 1
REFINED_STEP = 2e-4  # h of the five-point difference
_AGREE = 1e-7


@dataclass(frozen=True, slots=True)
class Proof:
    """The derivative by one variable, found in two further ways; `element` is the id of its node.

    The central difference was taken between two neighbours `gap` apart, where the output is `low` and `high`;
    `kink` says that a gate has its kink between them.
    """

    element: str
    central: float
    autodiff: float
    kink: bool
    gap: float
    low: float
    high: float


def oracle(reading: Reading, values: Wiring) -> tuple[Graph, int]:
    """Return core.graph's graph of the statements and its result."""
    graph = Graph()
    names = {name: graph.variable(name, value) for name, value in values.variables.items()}
    result = 0
    for name, text in reading.statements:
        result = graph.expression(text, names)
        if name:
            names[name] = result
    return graph, result


def prove(reading: Reading, wiring: Wiring) -> tuple[Proof, ...]:
    """Return the proof of the derivative by each variable, in the order of their appearance.

    The central difference has h = 1e-5 (times |x| where that is larger); where it is not exact enough the
    five-point difference takes its place (Abramowitz and Stegun 1964, formula 25.3.6).
    """
    return tuple(_prove(reading, wiring))


def _prove(reading: Reading, wiring: Wiring) -> Iterator[Proof]:
    graph, result = oracle(reading, wiring)
    gradients = graph.backward(result)
    elements = {step.name: step.id for step in reading.steps if step.gate == "variable"}
    for name, node in graph.variables.items():
        x, autodiff = wiring.variables[name], gradients[node]
        size = max(1.0, abs(x))
        sides: list[tuple[int, ...]] = []

        def at(offset: float, name: str = name, x: float = x, sides: list[tuple[int, ...]] = sides) -> float:
            graph.assign({name: x + offset})
            sides.append(_sides(graph))
            return graph.value(result)

        h = STEP * size
        high, low = at(h), at(-h)
        central = (high - low) / (2.0 * h)
        if not abs(central - autodiff) <= _AGREE * (abs(autodiff) + 1e-4 * max(1.0, abs(wiring.value))):
            g = REFINED_STEP * size
            refined = (8.0 * (at(g) - at(-g)) - (at(2.0 * g) - at(-2.0 * g))) / (12.0 * g)
            central = refined if math.isfinite(refined) else central
        graph.assign({name: x})
        yield Proof(elements[name], central, autodiff, len(set(sides)) > 1, 2.0 * h, low, high)


def _sides(graph: Graph) -> tuple[int, ...]:
    """Return on which side of its kink every gate that has one stands."""
    values = graph.values
    found = []
    for node in graph.nodes:
        if node.gate in ("max", "min"):
            found.append(_sign(values[node.inputs[0]] - values[node.inputs[1]]))
        elif node.gate in ("relu", "abs", "step", "sqrt"):
            found.append(_sign(values[node.inputs[0]]))
    return tuple(found)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
