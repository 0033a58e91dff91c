"""What a dividing line must fulfil, one inequality a sample, told with the present numbers, and their sums.

References: `w.0`, `w.1`, `b` as in an iteration, `z.0`, `z.1`, … the net input of each sample, `sum.one` and
`sum.zero` the sums that contradict, `total` what both of them are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.lab import Explanation, Notebook, Quantity
from core.perceptron.learning import NetInputs, decimal
from core.perceptron.plane import Neuron
from core.perceptron.separability import Contradiction
from core.perceptron.tables import Samples


@dataclass(frozen=True, slots=True)
class Condition:
    """A sample's net input must be ≥ 0 (class 1) or < 0 (class 0); `ref` names it in what is told."""

    sample: int
    ref: str
    at_least_zero: bool
    net_input: float
    holds: bool


def conditions(samples: Samples, net_inputs: NetInputs) -> tuple[Condition, ...]:
    """Return every sample's condition and whether its net input fulfils it."""
    return tuple(
        Condition(place, f"z.{place}", label == 1, float(z), (z >= 0) == (label == 1))
        for place, (z, label) in enumerate(zip(net_inputs, samples.classes, strict=True))
    )


def told(
    samples: Samples, neuron: Neuron, net_inputs: NetInputs, contradiction: Contradiction | None
) -> Explanation:
    """Return the conditions told with a neuron's numbers, and where they contradict the two sums."""
    note = Notebook()
    note.name(Quantity("w.0", "w", "1"), Quantity("w.1", "w", "2"), Quantity("b", "b"))
    for ref, value in zip(("w.0", "w.1", "b"), (*neuron.weights, neuron.bias), strict=True):
        note.give(ref, value)
    for condition in conditions(samples, net_inputs):
        inputs = samples.inputs[condition.sample]
        note.name(Quantity(condition.ref, "z", ",".join(f"{value:g}" for value in inputs)))
        note.line(
            "forward",
            "sum",
            condition.ref,
            _combination((*inputs, 1.0), ("w.0", "w.1", "b")),
            condition.net_input,
            sentence=f"told_perceptron.condition_{'one' if condition.at_least_zero else 'zero'}",
            title="told_perceptron.title.condition",
            refs={"z": condition.ref},
            group=("conditions",),
            focus=(condition.ref,),
        )
    if contradiction:
        _add_up(note, neuron, contradiction)
    return note.done()


def _add_up(note: Notebook, neuron: Neuron, contradiction: Contradiction) -> None:
    total = _sum_of_products(contradiction.total, (*neuron.weights, neuron.bias))
    note.name(Quantity("sum.one", "S", "1"), Quantity("sum.zero", "S", "0"), Quantity("total", "S"))
    for name, side in (("one", contradiction.ones), ("zero", contradiction.zeros)):
        note.line(
            "forward",
            "sum",
            f"sum.{name}",
            _combination([float(count) for _, count in side], [f"z.{place}" for place, _ in side]),
            total,
            sentence=f"told_perceptron.sum_{name}",
            title="told_perceptron.title.sum",
            refs={"sum": f"sum.{name}"},
            group=("sums",),
            focus=(f"sum.{name}", *(f"z.{place}" for place, _ in side)),
        )
    note.line(
        "forward",
        "total",
        "total",
        _combination(contradiction.total, ("w.0", "w.1", "b")),
        total,
        sentence="told_perceptron.contradiction",
        title="told_perceptron.title.contradiction",
        refs={"one": "sum.one", "zero": "sum.zero"},
        group=("sums",),
        focus=("total", "sum.one", "sum.zero"),
    )


def _sum_of_products(coefficients: Sequence[float], values: Sequence[float]) -> float:
    """Return Σ c v of the decimals as they are written, rounded once; infinite where it overflows."""
    total = Fraction(0)
    for coefficient, value in zip(coefficients, values, strict=True):
        total += decimal(coefficient) * decimal(value)
    try:
        return float(total)
    except OverflowError:
        return math.inf if total > 0 else -math.inf


def _combination(coefficients: Sequence[float], refs: Sequence[str]) -> str:
    """Return the template of a linear combination as one writes it: no 0, no factor 1."""
    written = ""
    for coefficient, ref in zip(coefficients, refs, strict=True):
        if coefficient:
            size = "" if abs(coefficient) == 1.0 else f"{abs(coefficient):.15g}\\,"
            sign = "-" if coefficient < 0.0 else "+" if written else ""
            written += f"{sign}{size}<{ref}>"
    return written or "0"
