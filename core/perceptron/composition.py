"""XOR from three neurons whose weights are set by hand: AND of NAND and OR, told layer by layer.

One line cannot cut XOR's points apart, but two lines can cut out the strip between them: h₁ = NAND and
h₂ = OR are both 1 exactly there (Minsky & Papert 1969). References are those of the Network lab: `w.1.0.0`
is the weight from x₁ into h₁, `w.2.0.0` that from h₁ into y.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

from core.lab import Explanation, Notebook, Quantity
from core.perceptron.learning import decimal
from core.perceptron.plane import Line, Neuron, Window, line_of, window_of
from core.perceptron.tables import CORNERS, TABLES, Samples

# The gates in the order of computation, with the references of what each reads.
GATES = ("nand", "or", "and")
_READS = (("a.0.0", "a.0.1"), ("a.0.0", "a.0.1"), ("a.1.0", "a.1.1"))
_PLACES = ("1.0", "1.1", "2.0")
BY_HAND = (
    Neuron((-1.0, -1.0), 1.5),
    Neuron((1.0, 1.0), -0.5),
    Neuron((1.0, 1.0), -1.5),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the truth table through the network: net input and output of each gate, and the target."""

    inputs: tuple[float, float]
    net_inputs: tuple[float, float, float]
    outputs: tuple[float, float, float]
    target: float


@dataclass(frozen=True, slots=True)
class Gate:
    """One neuron of the network: the gate it is meant to be, its line over its own inputs, what it makes.

    `makes` are its outputs for (0, 0), (0, 1), (1, 0) and (1, 1); `right` whether they are its gate's.
    """

    name: str
    neuron: Neuron
    line: Line
    makes: tuple[int, ...]
    right: bool


@dataclass(frozen=True, slots=True)
class Composition:
    """The network over all four rows; `solved` says that every output is XOR's."""

    window: Window
    gates: tuple[Gate, ...]
    rows: tuple[Row, ...]
    solved: bool


def compose(neurons: tuple[Neuron, Neuron, Neuron]) -> Composition:
    """Return the network of NAND, OR and AND with these weights over the four rows."""
    window = window_of(Samples(CORNERS, (0, 0, 0, 0)))
    rows = []
    for inputs, target in zip(CORNERS, TABLES.get("xor").outputs, strict=True):
        first, second = (net_input(neuron, inputs) for neuron in neurons[:2])
        hidden = (_step(first), _step(second))
        last = net_input(neurons[2], hidden)
        rows.append(Row(inputs, (first, second, last), (*hidden, _step(last)), float(target)))
    gates = []
    for name, neuron in zip(GATES, neurons, strict=True):
        makes = tuple(int(_step(net_input(neuron, inputs))) for inputs in CORNERS)
        gates.append(Gate(name, neuron, line_of(neuron, window), makes, makes == TABLES.get(name).outputs))
    return Composition(window, tuple(gates), tuple(rows), all(row.outputs[2] == row.target for row in rows))


def net_input(neuron: Neuron, inputs: tuple[float, float]) -> float:
    """Return z = w₁x₁ + w₂x₂ + b of the decimals as they are written, rounded once."""
    (w1, w2), b = neuron.weights, neuron.bias
    x1, x2 = map(decimal, inputs)
    return float(decimal(w1) * x1 + decimal(w2) * x2 + decimal(b))


def _step(z: float) -> float:
    return 1.0 if z >= 0.0 else 0.0


def network_body(neurons: tuple[Neuron, Neuron, Neuron]) -> dict[str, Any]:
    """Return what to post as a new session so that the Network lab has exactly these weights."""
    if neurons == BY_HAND:
        return {"preset": "xor-gates"}
    hidden, last = neurons[:2], neurons[2]
    return {
        "preset": "xor-gates",
        "network": {
            "layers": [{"units": 2, "activation": "step"}, {"units": 1, "activation": "step"}],
            "parameters": {
                "weights": [
                    [[neuron.weights[source] for neuron in hidden] for source in (0, 1)],
                    [[weight] for weight in last.weights],
                ],
                "biases": [[neuron.bias for neuron in hidden], [last.bias]],
            },
        },
    }


def told(neurons: tuple[Neuron, Neuron, Neuron], at: int) -> Explanation:
    """Return the forward pass of row `at` of the truth table, 0 to 3, told neuron by neuron."""
    row = compose(neurons).rows[at]
    note = Notebook()
    note.name(Quantity("a.0.0", "x", "1"), Quantity("a.0.1", "x", "2"))
    note.name(Quantity("a.1.0", "h", "1"), Quantity("a.1.1", "h", "2"), Quantity("a.2.0", "y"))
    note.name(Quantity("t.0", "t"))
    for number, place in enumerate(_PLACES, start=1):
        note.name(Quantity(f"z.{place}", "z", str(number)), Quantity(f"b.{place}", "b", str(number)))
    for number, (place, source) in enumerate(product(_PLACES, (0, 1)), start=1):
        layer, unit = place.split(".")
        note.name(Quantity(f"w.{layer}.{source}.{unit}", "w", str(number)))
    note.give("a.0.0", row.inputs[0])
    note.give("a.0.1", row.inputs[1])
    note.give("t.0", row.target)
    for index, (name, place, reads) in enumerate(zip(GATES, _PLACES, _READS, strict=True)):
        layer, unit = place.split(".")
        neuron, weights = neurons[index], [f"w.{layer}.{source}.{unit}" for source in (0, 1)]
        for ref, value in zip((*weights, f"b.{place}"), (*neuron.weights, neuron.bias), strict=True):
            note.give(ref, value)
        products = [f"<{weight}>\\,<{carried}>" for weight, carried in zip(weights, reads, strict=True)]
        values = [
            note.value(weight) * note.value(carried) for weight, carried in zip(weights, reads, strict=True)
        ]
        z, a = f"z.{place}", f"a.{place}"
        note.line(
            "forward",
            "sum",
            z,
            f"{products[0]}+{products[1]}+<b.{place}>",
            row.net_inputs[index],
            sentence=f"told_perceptron.{name}_sum",
            title=f"told_perceptron.title.{name}_sum",
            group=(a,),
            focus=(z, a, *weights, f"b.{place}"),
            # The products alone: the page adds a bias to them by itself.
            parts=list(zip(products, values, strict=True)),
        )
        output = row.outputs[index]
        note.line(
            "forward",
            "function",
            a,
            f"\\operatorname{{step}}(<{z}>)",
            output,
            sentence="told_perceptron.fires" if output else "told_perceptron.silent",
            title=f"told_perceptron.title.{name}_output",
            refs={"z": z},
            group=(a,),
            focus=(a, z),
        )
    return note.done()
