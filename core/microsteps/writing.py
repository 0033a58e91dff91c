"""Turns templates into lines: one template gives the formula, its substitution and the numbers in it.

core.microsteps.templates says what a template is. Those of the registries have placeholders (<z>, <theta>)
that mean a reference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from core.microsteps.numbers import Numbers
from core.microsteps.records import Line, LineKind, Part
from core.microsteps.templates import pieces
from core.naming import Names
from core.network import LossSpec, NetworkSpec
from core.optimizers import OPTIMIZERS
from core.trace import Trace

# Longer sums are written with a sum sign and their first and last summands only.
SUMMANDS = 12
_HEAD = 4

# The few templates of the registries, which every parameter or neuron fills with its own references.
_entry_pieces = lru_cache(maxsize=512)(pieces)


def elided(summands: Sequence[str]) -> str:
    """Return the sum of `summands`, of a long one the first four and the last."""
    if len(summands) > SUMMANDS:
        return "+".join((*summands[:_HEAD], "\\cdots", summands[-1]))
    return "+".join(summands)


class Writer:
    """What every builder of micro-steps needs: the specification, names and numbers, and `line`."""

    def __init__(
        self,
        network: NetworkSpec,
        loss: LossSpec,
        trace: Trace,
        sample: int,
        names: Names,
        only: tuple[int, int] | None = None,
    ) -> None:
        self.network = network
        self._only = only
        self.loss = loss
        self.trace = trace
        self.sample = sample
        self.names = names
        self.numbers = Numbers(network, trace, sample)
        self.last = len(network.layers)
        self.batched = len(trace.batch) > 1
        # Where the gradient is taken ahead of the parameters, both passes run on the look-ahead weights.
        optimizer = OPTIMIZERS.get(trace.optimizer)
        self.weight = "lw" if optimizer.looks_ahead else "w"
        self.bias = "lb" if optimizer.looks_ahead else "b"
        # The gradient of the batch's loss, which for a batch of one is the sample's own.
        self.gradient = "G" if self.batched else "g"
        self.penalised = bool(trace.penalties)
        self.clipped = trace.clipping.name != "none"
        self.scheduled = trace.schedule.name != "constant"

        names_of = [parameter.name for parameter in optimizer.parameters]
        # What an optimizer's placeholders mean: the same for every parameter, or about the one in question.
        self.optimizer_constants = {name: f"hp.{name}" for name in (*names_of, "count")}
        self.optimizer_constants["learning_rate"] = "eta"
        self.optimizer_prefixes = {"theta": ""}
        for name in optimizer.state:
            self.optimizer_prefixes |= {name: f"s0.{name}.", f"{name}'": f"s.{name}."}
        self.optimizer_prefixes |= {name: f"o.{name}." for name in optimizer.terms}

    def objective_gradient(self, element: str) -> str:
        """Return the reference of the objective's gradient; biases have no penalty."""
        return f"{'J' if self.penalised and element[0] == 'w' else self.gradient}{element}"

    def received(self, element: str) -> str:
        """Return the reference of the gradient that the optimizer receives for a parameter."""
        return f"C{element}" if self.clipped else self.objective_gradient(element)

    def frozen(self, element: str) -> bool:
        """Return whether no update may move this parameter."""
        return bool(self.trace.frozen[self.network.position(element)])

    def mask(self, layer: int, j: int) -> float | None:
        """Return what dropout multiplies a neuron by: 0 or 1/(1-p); None where nothing can be dropped."""
        mask = self.trace.layers[layer - 1].mask
        return None if mask is None else float(mask[self.trace.sample_position(self.sample), j])

    def width(self, layer: int) -> int:
        """Return the number of neurons in `layer`."""
        return self.network.sizes[layer]

    def told(self, layer: int) -> range:
        """Return the neurons of `layer` that micro-steps are made for: all, or the chosen one alone."""
        if self._only is None:
            return range(self.width(layer))
        return range(self._only[1], self._only[1] + 1) if self._only[0] == layer else range(0)

    def is_softmax(self, layer: int) -> bool:
        """Return whether the activations of `layer` each depend on the whole layer."""
        return self.trace.layers[layer - 1].local.ndim == 3

    def parameters_of(self, layer: int, j: int) -> list[str]:
        """Return the weights into neuron j, then its bias if it is trained: "w.1.0.0", "b.1.0"."""
        refs = [f"w.{layer}.{i}.{j}" for i in range(self.width(layer - 1))]
        if self.network.layers[layer - 1].bias.mode == "trained":
            refs.append(f"b.{layer}.{j}")
        return refs

    def factors(self, product: str) -> tuple[str, str]:
        """Return the references of the two factors of a product or of a contribution."""
        kind, *indices = product.split(".")
        left, right = self.numbers.factors(kind, indices)
        return (left if self.weight == "lw" else left.replace("lw.", "w.", 1)), (
            right if self.weight == "lw" else right.replace("lw.", "w.", 1)
        )

    def formula(self, template: str, meaning: Mapping[str, str] | None = None) -> str:
        """Return the symbolic form of a template; `meaning` gives the references of its placeholders."""
        return self.write(template, {}, meaning)[0]

    def write(
        self, template: str, values: dict[str, float], meaning: Mapping[str, str] | None = None
    ) -> tuple[str, str]:
        """Return the symbolic form and that with slots, whose numbers are entered into `values`."""
        sym, numbers = self.names.sym, self.numbers
        symbols, slots = [], []
        for text, crossed, name, own in _entry_pieces(template) if meaning else pieces(template):
            symbols.append(text)
            slots.append(crossed)
            if name is not None:
                ref = meaning.get(name, name) if meaning else name
                values[ref] = numbers[ref]
                symbols.append(f"\\sym{{{ref}}}{{{own}}}" if own else sym(ref))
                slots.append(f"\\val{{{ref}}}")
        return "".join(symbols), "".join(slots)

    def line(
        self,
        line_id: str,
        kind: LineKind,
        sentence: str,
        result_ref: str,
        template: str,
        meaning: Mapping[str, str] | None = None,
        *,
        prefix: str = "",
        formula: str | None = None,
        refs: Mapping[str, str] | None = None,
        badge: int | None = None,
        parts: tuple[Part, ...] = (),
        values: dict[str, float] | None = None,
    ) -> Line:
        """Return the line of `result_ref`.

        `meaning` gives the references that the template's placeholders stand for; `formula` replaces the
        symbolic side where it is not the template's own; `prefix` is a template that stands before it with an
        equals sign; `values` already holds numbers that are read but may not be shown.
        """
        values = {} if values is None else values
        symbolic, substitution = self.write(template, values, meaning)
        if formula is not None:
            symbolic = self.formula(formula, meaning)
        if prefix:
            symbolic = f"{self.formula(prefix, meaning)}={symbolic}"
        return Line(
            id=line_id,
            kind=kind,
            sentence=sentence,
            refs=refs or {},
            badge=badge,
            symbol=self.names.sym(result_ref),
            formula=symbolic,
            substitution=substitution,
            values=values,
            parts=parts,
            result=self.numbers[result_ref],
            result_ref=result_ref,
        )

    def products(self, pairs: Sequence[tuple[str, str]], values: dict[str, float]) -> tuple[Part, ...]:
        """Return one part for each product of two references, entering their numbers into `values`."""
        sym, numbers = self.names.sym, self.numbers
        parts = []
        for left, right in pairs:
            values[left] = first = numbers[left]
            values[right] = second = numbers[right]
            parts.append(
                Part(
                    f"{sym(left)}\\,{sym(right)}",
                    f"\\val{{{left}}}\\times \\val{{{right}}}",
                    first * second,
                )
            )
        return tuple(parts)
