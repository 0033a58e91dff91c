"""Names, numbers and lines that the telling of the layers shares."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from core.activations import ACTIVATIONS
from core.lab import Notebook, Quantity, derivative
from core.losses import FUSED, factor
from core.microsteps.records import LineKind, PhaseName
from core.network import Array, Parameters
from core.snapshot import Problem
from core.trace import Trace

# How many samples and neurons are told, the first of them: the largest of these blocks with few enough lines.
_BLOCKS = ((64, 64), (8, 8), (4, 4), (2, 4), (2, 2))
MOST_LINES = 400
# A longer sum is written with a sum sign and without its parts.
SUMMANDS = 8


class Sum(NamedTuple):
    """A template, and its summands with their values where there are several."""

    template: str
    parts: Sequence[tuple[str, float]] = ()


def summed(terms: Sequence[tuple[str, float]], short: str, more: str = "") -> Sum:
    """Return a sum of `terms` and `more`; `short` is how a long one is written."""
    if len(terms) > SUMMANDS:
        return Sum(short)
    return Sum("+".join(term for term, _ in terms) + more, terms if len(terms) > 1 else ())


class Writer:
    """References are the layer view's; of a large network only the first samples and neurons are told."""

    def __init__(self, problem: Problem, trace: Trace) -> None:
        self.problem, self.trace = problem, trace
        self.parameters = Parameters(problem.network, trace.point)
        self.book = Notebook()
        self.last = len(trace.layers)
        self.scale = trace.batch_factor
        loss = problem.training.loss
        self.loss = loss
        self.factor = factor(loss, problem.network.outputs)
        self.fused = FUSED.get((loss.name, trace.layers[-1].activation_name))
        self.named: set[str] = set()
        sizes = problem.network.sizes
        batch = len(trace.inputs)

        def lines(rows: int, units: int) -> int:
            told = [min(size, units) for size in sizes]
            pairs = sum(a * b for a, b in pairwise(told))
            return min(batch, rows) * sum(told) * 4 + pairs + sum(told)

        self.most_rows, self.most_units = next(
            (block for block in _BLOCKS if lines(*block) <= MOST_LINES), _BLOCKS[-1]
        )
        self.batch = batch
        self.name("L", "L")
        for sample in self.rows():
            for i in range(problem.network.inputs):
                self.give(f"x.{sample}.{i}", trace.inputs[sample, i])

    def rows(self) -> range:
        """Return the samples that are told."""
        return range(min(self.batch, self.most_rows))

    def units(self, layer: int) -> range:
        """Return the neurons of layer 0..L that are told."""
        return range(min(self.problem.network.sizes[layer], self.most_units))

    def sup(self, layer: int) -> str:
        """Return the upper index of a layer; a single layer needs none."""
        return f"({layer})" if self.last > 1 else ""

    def name(self, ref: str, base: str, index: Sequence[int] = (), sup: str = "") -> None:
        """Say how a quantity is written, once; `index` counts from 0."""
        if ref not in self.named:
            self.named.add(ref)
            sub = ("," if any(one > 8 for one in index) else "").join(str(one + 1) for one in index)
            self.book.name(Quantity(ref, base, sub, sup))

    def entry(self, ref: str) -> None:
        """Name an entry of a matrix by its reference."""
        kind, *rest = ref.split(".")
        places = [int(one) for one in rest]
        if kind in ("x", "y", "t", "E"):
            self.name(ref, kind, places)
        else:
            self.name(ref, kind, places[1:], self.sup(places[0]))

    def matrix(self, ref: str) -> str:
        """Name a whole matrix and its gradient, which name groups of the ruler; return the reference."""
        base, _, layer = ref.partition(".")
        self.name(ref, base, (), self.sup(int(layer)) if layer else "")
        return ref

    def d(self, ref: str, of: str = "L") -> str:
        """Name a derivative of the loss; return its reference."""
        made = f"g{ref}"
        if made not in self.named:
            self.named.add(made)
            self.book.name(derivative(made, of=of, by=ref))
        return made

    def give(self, ref: str, value: float) -> str:
        """Note a given entry; return its reference."""
        self.entry(ref)
        self.book.give(ref, float(value))
        return ref

    def a(self, layer: int, s: int, j: int) -> str:
        """Return the reference of what layer 0..L passes on for a sample."""
        if layer == 0:
            return f"x.{s}.{j}"
        return f"y.{s}.{j}" if layer == self.last else f"a.{layer}.{s}.{j}"

    def matrix_of(self, layer: int) -> str:
        """Return the reference of the matrix that layer 0..L passes on."""
        return self.matrix("X" if layer == 0 else "Y" if layer == self.last else f"A.{layer}")

    def value(self, layer: int, s: int, j: int) -> float:
        """Return what layer 0..L passes on for a sample."""
        source = self.trace.inputs if layer == 0 else self.trace.layers[layer - 1].activation
        return float(source[s, j])

    def slope(self, ref: str, of: str) -> str:
        """Name the derivative of an activation by its net input; return its reference."""
        made = f"s{ref}"
        if made not in self.named:
            self.named.add(made)
            self.book.name(derivative(made, of=of, by=ref))
        return made

    def mask(self, n: int, s: int, j: int, mask: Array) -> str:
        """Note an entry of a dropout mask; return its reference."""
        return self.give(f"m.{n}.{s}.{j}", mask[s, j])

    def filled(self, template: str, n: int, z: str, a: str) -> str:
        """Return an activation's template with references in place of its placeholders."""
        filled = template.replace("<z>", f"<{z}>").replace("<a>", f"<{a}>")
        for parameter in ACTIVATIONS.get(self.trace.layers[n - 1].activation_name).parameters:
            filled = filled.replace(f"<{parameter.name}>", f"<p.{n}.{parameter.name}>")
        return filled

    def line(
        self,
        phase: PhaseName,
        kind: LineKind,
        ref: str,
        result: float,
        sentence: str,
        group: str,
        written: Sum,
        *,
        badge: int | None = None,
        refs: dict[str, str] | None = None,
    ) -> None:
        """Write one line; `group` is the matrix that it fills."""
        self.book.line(
            phase,
            kind,
            ref,
            written.template,
            float(result),
            sentence=f"told_layers.{sentence}",
            refs={"made": ref, **(refs or {})},
            title=f"told_layers.title.{phase}",
            group=[group],
            focus=[ref, group],
            badge=badge,
            parts=[(template, float(value)) for template, value in written.parts],
        )
