"""Other granularities: the neurons' micro-steps joined into layers or phases, or taken apart into terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from core.activations import ACTIVATIONS
from core.losses import LOSSES
from core.microsteps.records import Granularity, MicroStep, Title
from core.microsteps.terms import terms
from core.microsteps.writing import Writer
from core.optimizers import OPTIMIZERS


def grouped(writer: Writer, microsteps: Sequence[MicroStep], granularity: Granularity) -> list[MicroStep]:
    """Return the micro-steps at that granularity, finer or coarser than the neurons'."""
    if granularity == "neuron":
        return list(microsteps)
    if granularity == "term":
        return [term for microstep in microsteps for term in terms(writer, microstep)]
    joined_id = _layer_of if granularity == "layer" else _phase_of
    ids = {microstep.id: joined_id(microstep) for microstep in microsteps}
    return [
        _joined(writer, name, list(members), granularity)
        for name, members in groupby(microsteps, key=lambda microstep: ids[microstep.id])
    ]


def _layer_of(microstep: MicroStep) -> str:
    return "loss" if microstep.phase == "loss" else microstep.id.rsplit("/", 1)[0]


def _phase_of(microstep: MicroStep) -> str:
    return microstep.phase


def _joined(writer: Writer, name: str, members: list[MicroStep], granularity: Granularity) -> MicroStep:
    produced = _union(member.produces for member in members)
    made = set(produced)
    first = members[0]
    alone = len(members) == 1
    return MicroStep(
        id=name,
        phase=first.phase,
        group=_union(member.group for member in members) if granularity == "layer" else (),
        focus=_union(member.focus for member in members),
        uses=tuple(ref for ref in _union(member.uses for member in members) if ref not in made),
        produces=produced,
        title=first.title if alone and granularity == "layer" else _title(name, members, granularity),
        headline=first.headline if alone else _headline(writer, name, granularity),
        lines=tuple(line for member in members for line in member.lines),
    )


def _union(references: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ref for refs in references for ref in refs))


def _title(name: str, members: list[MicroStep], granularity: Granularity) -> Title:
    if granularity == "phase":
        return Title(f"title.{name}_phase")
    if name == "loss":
        return Title("title.loss_phase")
    neurons = _union(member.group for member in members)
    kind = name.split("/", 1)[0]
    # A softmax layer of one output has two micro-steps but no range to name.
    if len(neurons) == 1:
        return Title(f"title.{kind}_single", {"neuron": neurons[0]})
    return Title(f"title.{kind}_layer", {"first": neurons[0], "last": neurons[-1]})


def _headline(writer: Writer, name: str, granularity: Granularity) -> str:
    """Return the equation of a whole layer or phase, in vectors and matrices."""
    kind, _, layer = name.partition("/")
    if kind == "loss":
        return _loss(writer)
    if kind == "lookahead":
        return f"\\tilde\\theta={_optimizer(writer, OPTIMIZERS.get(writer.trace.optimizer).point_template)}"
    if kind == "combine":
        return f"{_gradient('L', layer)}={_batch_sign(writer)}{_gradient('E^{(s)}', layer)}"
    if kind == "update":
        return OPTIMIZERS.get(writer.trace.optimizer).tex
    number = int(layer) if granularity == "layer" else None
    return _forward(writer, number) if kind == "forward" else _backward(writer, number)


def _optimizer(writer: Writer, template: str) -> str:
    """Return an optimizer's template with the symbols of its quantities, for all parameters at once."""
    optimizer = OPTIMIZERS.get(writer.trace.optimizer)
    symbols = {"theta": "\\theta"} | {parameter.name: parameter.tex for parameter in optimizer.parameters}
    symbols |= {state.name: state.symbol for state in optimizer.state_templates}
    for name, symbol in symbols.items():
        template = template.replace(f"<{name}>", symbol)
    return template


def _batch_sign(writer: Writer) -> str:
    return f"\\frac{{1}}{{{len(writer.trace.batch)}}}\\sum_s" if writer.loss.batch == "mean" else "\\sum_s"


def _gradient(of: str, layer: str) -> str:
    return f"\\frac{{\\partial {of}}}{{\\partial W^{{({layer})}}}}"


def _forward(writer: Writer, layer: int | None) -> str:
    if layer is None:
        here, before, function, has_bias = "l", "l-1", "f", True
    else:
        spec = writer.network.layers[layer - 1]
        here, before = str(layer), str(layer - 1)
        function = ACTIVATIONS.get(spec.activation).tex_function
        has_bias = spec.bias.mode != "absent"
    tilde = "\\tilde " if writer.weight == "lw" else ""
    net_input = f"a^{{({before})}}{tilde}W^{{({here})}}" + (f"+{tilde}b^{{({here})}}" if has_bias else "")
    return f"z^{{({here})}}={net_input},\\quad a^{{({here})}}={function}(z^{{({here})}})"


def _backward(writer: Writer, layer: int | None) -> str:
    weight = "\\tilde W" if writer.weight == "lw" else "W"
    if layer is None:
        here, before = "l", "l-1"
        upstream = f"\\left(\\delta^{{(l+1)}}{weight}^{{(l+1)\\top}}\\right)"
        slope = "\\odot f'(z^{(l)})"
    else:
        here, before = str(layer), str(layer - 1)
        upstream = f"\\frac{{\\partial E}}{{\\partial a^{{({here})}}}}"
        slope = f"\\odot f'(z^{{({here})}})"
        if layer < writer.last:
            upstream = f"\\left(\\delta^{{({layer + 1})}}{weight}^{{({layer + 1})\\top}}\\right)"
        elif writer.is_softmax(layer):
            slope = f"\\cdot \\frac{{\\partial a^{{({here})}}}}{{\\partial z^{{({here})}}}}"
    delta = f"\\delta^{{({here})}}"
    return f"{delta}={upstream}{slope},\\quad {_gradient('E', here)}=a^{{({before})\\top}}{delta}"


def _loss(writer: Writer) -> str:
    return f"E={LOSSES.get(writer.loss.name).tex}"
