"""Which quantities can be asked for, where each is made, and what it is made from."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from core.activations import ACTIVATIONS
from core.answers.setting import CROWD, Setting

_INDEX = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)

# The chain rule's factors: effect of the activation on the loss, slope.
_BADGES = {"up": 1, "loc": 2}


class Quantity(NamedTuple):
    """A reference taken apart: `name` is that of an optimizer's quantity, "" for the others."""

    kind: str
    name: str
    indices: tuple[int, ...]

    @property
    def ref(self) -> str:
        """The reference that it came from."""
        return ".".join((self.kind, *((self.name,) if self.name else ()), *map(str, self.indices)))

    @property
    def element(self) -> str:
        """The weight or bias that it is about."""
        return ".".join((self.kind_of_element, *map(str, self.indices)))

    @property
    def kind_of_element(self) -> str:
        """`w` or `b`: of a weight, or of a bias."""
        return "b" if len(self.indices) == 2 else "w"


def quantity(setting: Setting, ref: str) -> Quantity | None:
    """Return what `ref` asks for, None if no step of this network makes such a number.

    Names of the same number are one: in a batch of one its gradient is the sample's, as is its loss; a single
    output's part is the loss.
    """
    kind, *rest = ref.split(".")
    name = ""
    if kind in ("s", "o"):
        known = setting.optimizer.state if kind == "s" else setting.optimizer.terms
        if len(rest) < 4 or rest[0] not in known or (rest[1], len(rest)) not in (("w", 5), ("b", 4)):
            return None
        name, rest = f"{rest[0]}.{rest[1]}", rest[2:]
    if kind in ("size", "pen", "clip"):
        if rest not in _steps_own(setting, kind):
            return None
        name, rest = rest[0], []
    if not all(_INDEX.fullmatch(part) for part in rest):
        return None
    indices = tuple(map(int, rest))
    if setting.batch == 1:
        kind = "e" if ref == "eb" else {"Gw": "gw", "Gb": "gb"}.get(kind, kind)
    if kind == "e" and setting.network.outputs == 1 and indices == (0,):
        indices = ()
    exists = _EXISTS.get(kind)
    found = Quantity(kind, name, indices)
    return found if exists and exists(setting, found) else None


def _steps_own(s: Setting, kind: str) -> list[list[str]]:
    """Return the names of the quantities of a kind that belong to the whole step."""
    if kind == "clip":
        return [["norm"], ["factor"]] if s.trace.clipping.factor is not None else []
    return [[penalty.name] for penalty in s.trace.penalties]


def _neuron(s: Setting, q: Quantity) -> bool:
    return len(q.indices) == 2 and 0 < q.indices[0] <= s.last and q.indices[1] < s.width(q.indices[0])


def _weight(s: Setting, q: Quantity) -> bool:
    if len(q.indices) != 3:
        return False
    layer, i, j = q.indices
    return 0 < layer <= s.last and i < s.width(layer - 1) and j < s.width(layer)


def _bias(s: Setting, q: Quantity) -> bool:
    return _neuron(s, q) and s.network.layers[q.indices[0] - 1].bias.mode == "trained"


def _parameter(s: Setting, q: Quantity) -> bool:
    return _weight(s, q) if q.kind_of_element == "w" else _bias(s, q)


def _slope(s: Setting, q: Quantity) -> bool:
    layer = q.indices[0] if q.indices else 0
    if not 0 < layer <= s.last:
        return False
    expected = 3 if s.is_softmax(layer) else 2
    return len(q.indices) == expected and all(index < s.width(layer) for index in q.indices[1:])


def _contribution(s: Setting, q: Quantity) -> bool:
    if len(q.indices) != 3 or not 0 < q.indices[0] <= s.last:
        return False
    layer, j, k = q.indices
    if layer == s.last:
        return s.is_softmax(layer) and max(j, k) < s.width(layer)
    return j < s.width(layer) and k < s.width(layer + 1)


def _running(s: Setting, q: Quantity) -> bool:
    if len(q.indices) != 3 or q.indices[2] < 1:
        return False
    layer, j, k = q.indices
    return _weight(s, Quantity("p", "", (layer, k, j))) if q.kind == "ps" else _contribution(s, q)


def _state(s: Setting, q: Quantity) -> bool:
    return _parameter(s, q) and not s.frozen(q.element)


_EXISTS: dict[str, Callable[[Setting, Quantity], bool]] = {
    "z": _neuron,
    "a": _neuron,
    "up": _neuron,
    "d": _neuron,
    "loc": _slope,
    "e": lambda s, q: not q.indices or (len(q.indices) == 1 and q.indices[0] < s.network.outputs),
    "eb": lambda s, q: not q.indices,
    "f": lambda s, q: _neuron(s, q) and s.mask(*q.indices) is not None,
    "obj": lambda s, q: not q.indices and bool(s.trace.penalties),
    "eta": lambda s, q: not q.indices and s.scheduled,
    **dict.fromkeys(("size", "pen", "clip"), lambda s, q: True),
    "Jw": lambda s, q: _weight(s, q) and bool(s.trace.penalties),
    **dict.fromkeys(("Cw", "Cb"), lambda s, q: s.clips and _state(s, q)),
    "p": _weight,
    "ps": _running,
    "c": _contribution,
    "cs": _running,
    "s": _state,
    "o": _state,
    **dict.fromkeys(("gw", "Gw", "nw", "uw"), _weight),
    **dict.fromkeys(("gb", "Gb", "nb", "ub"), _bias),
    "lw": lambda s, q: s.ahead and _weight(s, q),
    "lb": lambda s, q: s.ahead and _bias(s, q),
}


def line_of(s: Setting, q: Quantity) -> str:
    """Return the id of the micro-steps' line that makes the number."""
    layer, j = (q.indices[0], q.indices[-1]) if len(q.indices) > 1 else (0, 0)
    softmax = layer > 0 and s.is_softmax(layer)
    back = f"backward/{layer}"
    match q.kind:
        case "p":
            return f"forward/{layer}/{j}/p{q.indices[1]}"
        case "ps":
            return f"forward/{layer}/{q.indices[1]}/s{j}"
        case "z":
            return f"forward/{layer}/{j}/z"
        case "a":
            return f"forward/{layer}/softmax/{j}" if softmax else f"forward/{layer}/{j}/a"
        case "e":
            if q.indices:
                return f"loss/{q.indices[0]}/part"
            return "loss/total/sum" if s.network.outputs > 1 else "loss/total/part"
        case "eb":
            return "loss/batch/combine"
        case "f":
            return f"forward/{layer}/{j}/f"
        case "size":
            return f"loss/penalty/{q.name}/size"
        case "pen":
            return f"loss/penalty/{q.name}"
        case "obj":
            return "loss/objective/sum"
        case "eta":
            return "schedule/rate/eta"
        case "clip":
            return f"clip/norm/{q.name}"
        case "Jw":
            return f"penalty/{layer}/{j}/{q.element}"
        case "Cw" | "Cb":
            return f"clip/{layer}/{j}/{q.element}"
        case "up":
            return f"{back}/upstream/{j}" if softmax else f"{back}/{j}/factor1"
        case "c":
            return f"{back}/{q.indices[1]}/c{j}"
        case "cs":
            return f"{back}/{q.indices[1]}/cs{j}"
        case "loc":
            return f"{back}/{j}/factor2/{q.indices[1]}" if softmax else f"{back}/{j}/factor2"
        case "d":
            return f"{back}/{j}/{'fused' if layer == s.last and s.fused else 'delta'}"
        case "gw" | "gb":
            return f"{back}/{j}/{q.element}"
        case "Gw" | "Gb":
            return f"combine/{layer}/{j}/{q.element}"
        case "lw" | "lb":
            return f"lookahead/{layer}/{j}/{q.element}"
        case "s" | "o":
            return f"update/{layer}/{j}/{q.element}/{q.name.partition('.')[0]}"
        case _:
            return f"update/{layer}/{j}/{q.element}"


def badge_of(q: Quantity) -> int | None:
    """Return the quantity's number among the factors of the chain rule."""
    return _BADGES.get(q.kind)


def factors_of(s: Setting, q: Quantity) -> tuple[str, ...]:
    """Return the computed numbers that it is made from, in the order in which to ask for them."""
    return tuple(ref for ref in _operands(s, q) if quantity(s, ref))


def _operands(s: Setting, q: Quantity) -> list[str]:
    layer, j = (q.indices[0], q.indices[-1]) if len(q.indices) > 1 else (0, 0)
    match q.kind:
        case "p":
            return [s.weight(*q.indices), f"a.{layer - 1}.{q.indices[1]}"]
        case "ps" | "cs":
            neuron, single = q.indices[1], "p" if q.kind == "ps" else "c"
            terms = [
                f"p.{layer}.{k}.{neuron}" if single == "p" else f"c.{layer}.{neuron}.{k}" for k in (0, j)
            ]
            return terms if j == 1 else [f"{q.kind}.{layer}.{neuron}.{j - 1}", terms[1]]
        case "z":
            terms = [f"p.{layer}.{i}.{j}" for i in range(s.width(layer - 1))]
            return [*terms, s.bias(layer, j)] if s.has_bias(layer) else _summands(s, terms)
        case "a":
            if s.is_softmax(layer):
                return [f"z.{layer}.{k}" for k in range(s.width(layer))]
            return [f"z.{layer}.{j}"] if s.mask(layer, j) is None else [f"f.{layer}.{j}"]
        case "f":
            return [f"z.{layer}.{j}"]
        case "size":
            return []
        case "pen":
            return [f"size.{q.name}"]
        case "obj":
            return ["eb" if s.batch > 1 else "e", *(f"pen.{one.name}" for one in s.trace.penalties)]
        case "Jw":
            return [s.loss_gradient(q.element)]
        case "Cw" | "Cb":
            factor = ["clip.factor"] if s.trace.clipping.factor is not None else []
            return [s.objective_gradient(q.element), *factor]
        case "clip":
            return ["clip.norm"] if q.name == "factor" else _gradients(s)
        case "e":
            if q.indices or s.network.outputs == 1:
                return [f"a.{s.last}.{q.indices[0] if q.indices else 0}"]
            return [f"e.{k}" for k in range(s.network.outputs)]
        case "eb":
            return ["e"]
        case "up":
            if layer == s.last:
                return [f"a.{layer}.{j}"]
            return _summands(s, [f"c.{layer}.{j}.{k}" for k in range(s.width(layer + 1))])
        case "c":
            if layer == s.last:
                return [f"up.{layer}.{j}", f"loc.{layer}.{j}.{q.indices[1]}"]
            return [f"d.{layer + 1}.{j}", s.weight(layer + 1, q.indices[1], j)]
        case "loc":
            return _slope_operands(s, q)
        case "d":
            return _delta_operands(s, layer, j)
        case "gw" | "gb":
            carried = [f"a.{layer - 1}.{q.indices[1]}"] if q.kind == "gw" else []
            chain = [f"up.{layer}.{j}", f"loc.{layer}.{j}"]
            return [*(chain if s.long_route(layer, j) else [f"d.{layer}.{j}"]), *carried]
        case "Gw" | "Gb":
            return [f"g{q.element}"]
        case "s":
            return [s.gradient(q.element)]
        case "o":
            return [f"s.{name}.{q.element}" for name in _read_states(s, q.name.partition(".")[0])]
        case "nw" | "nb" | "uw" | "ub":
            return [] if s.frozen(q.element) else _update_operands(s, q.element)
        case _:
            return []


def _gradients(s: Setting) -> list[str]:
    """Return the gradients that a norm is made of; too many are no list to work through."""
    held = np.flatnonzero(~s.trace.frozen & (s.network.trainable_mask() == 1.0)).tolist()
    return [s.objective_gradient(s.network.element(place)) for place in held] if len(held) <= CROWD else []


def _slope_operands(s: Setting, q: Quantity) -> list[str]:
    layer, *neurons = q.indices
    if s.is_softmax(layer):
        return [f"a.{layer}.{k}" for k in dict.fromkeys(neurons)]
    template = ACTIVATIONS.get(s.network.layers[layer - 1].activation).derivative_template
    used = {"z": f"z.{layer}.{neurons[0]}", "a": s.value(layer, neurons[0])}
    return [ref for kind, ref in used.items() if f"<{kind}>" in template]


def _delta_operands(s: Setting, layer: int, j: int) -> list[str]:
    if s.long_route(layer, j):
        return [f"up.{layer}.{j}", f"loc.{layer}.{j}"]
    if layer == s.last and s.fused:
        return [f"a.{layer}.{j}"]
    return _summands(s, [f"c.{layer}.{j}.{k}" for k in range(s.width(layer))])


def _summands(s: Setting, terms: list[str]) -> list[str]:
    """Return the terms of a sum; a single one is no step of its own, so what it multiplies."""
    if len(terms) > 1:
        return terms
    kind, *rest = terms[0].split(".")
    return _operands(s, Quantity(kind, "", tuple(map(int, rest))))


def _read_states(s: Setting, term: str) -> list[str]:
    template = next(entry.template for entry in s.optimizer.term_templates if entry.name == term)
    return [name for name in s.optimizer.state if f"<{name}'>" in template]


def _update_operands(s: Setting, element: str) -> list[str]:
    """Return what the rule reads: its gradient, its new state, its terms, those of them that are made."""
    template = s.optimizer.update_template
    operands = ["eta"] if s.scheduled and "<learning_rate>" in template else []
    operands += [s.gradient(element)] if "<g>" in template else []
    operands += [f"s.{name}.{element}" for name in s.optimizer.state if f"<{name}'>" in template]
    return operands + [f"o.{name}.{element}" for name in s.optimizer.terms if f"<{name}>" in template]
