"""Other granularities: the neurons' micro-steps joined into layers or phases, or taken apart into terms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from core.activations import ACTIVATIONS
from core.clipping import CLIPPINGS
from core.losses import LOSSES
from core.microsteps.records import Granularity, MicroStep, Title
from core.microsteps.terms import terms
from core.microsteps.writing import Writer
from core.notation import letter_tex
from core.optimizers import OPTIMIZERS
from core.penalties import PENALTIES


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
    if kind == "penalty":
        slopes = "+".join(PENALTIES.get(one.name).slope_template for one in writer.trace.penalties)
        for one in writer.trace.penalties:
            slopes = slopes.replace(f"<{one.name}>", PENALTIES.get(one.name).coefficient.tex)
        of = "L" if writer.batched else "E"
        return f"{_gradient('J', layer)}={_gradient(of, layer)}+{slopes.replace('<w>', f'W^{{({layer})}}')}"
    if kind == "clip":
        return CLIPPINGS.get(writer.trace.clipping.name).tex
    if kind == "update":
        return writer.names.notation.optimizer(OPTIMIZERS.get(writer.trace.optimizer).tex)
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
    notation = writer.names.notation
    if layer is None:
        here, before, function, has_bias = "l", "l-1", notation.slope, True
    else:
        spec = writer.network.layers[layer - 1]
        here, before = str(layer), str(layer - 1)
        function = notation.function(spec.activation, ACTIVATIONS.get(spec.activation).tex_function)
        has_bias = spec.bias.mode != "absent"
    tilde = "\\tilde " if writer.weight == "lw" else ""
    weights, incoming = f"{tilde}W^{{({here})}}", f"{notation.vector}^{{({before})}}"
    net_input = f"{letter_tex(notation.net_input)}^{{({here})}}"
    weighted = f"{weights}{incoming}" if notation.transposed else f"{incoming}{weights}"
    bias = f"+{tilde}b^{{({here})}}" if has_bias else ""
    kept = _masks(writer, here)
    return f"{net_input}={weighted}{bias},\\quad {notation.vector}^{{({here})}}={function}({net_input}){kept}"


def _masks(writer: Writer, layer: str) -> str:
    """Return the factor of a layer's dropout; "" without, and for the output layer."""
    return f"\\odot m^{{({layer})}}" if writer.trace.dropout and layer != str(writer.last) else ""


def _backward(writer: Writer, layer: int | None) -> str:
    notation = writer.names.notation
    here, before, after = ("l", "l-1", "l+1") if layer is None else map(str, (layer, layer - 1, layer + 1))
    activations, net_input = (
        f"{letter}^{{({here})}}" for letter in (notation.vector, letter_tex(notation.net_input))
    )
    slope = f"\\odot {notation.slope}'({net_input}){_masks(writer, here)}"
    weights = ("\\tilde W" if writer.weight == "lw" else "W") + f"^{{({after})\\top}}"
    delta, next_delta = (f"\\delta^{{({number})}}" for number in (here, after))
    if layer is None or layer < writer.last:
        carried = f"{weights}{next_delta}" if notation.transposed else f"{next_delta}{weights}"
        made = f"\\left({carried}\\right){slope}"
    else:
        made = f"\\frac{{\\partial E}}{{\\partial {activations}}}"
        if writer.is_softmax(layer):
            jacobian = f"\\frac{{\\partial {activations}}}{{\\partial {net_input}}}"
            made = f"{jacobian}\\cdot {made}" if notation.transposed else f"{made}\\cdot {jacobian}"
        else:
            made += slope
    incoming = f"{notation.vector}^{{({before})\\top}}"
    gradient = f"{delta}{incoming}" if notation.transposed else f"{incoming}{delta}"
    return f"{delta}={made},\\quad {_gradient('E', here)}={gradient}"


def _loss(writer: Writer) -> str:
    return f"E={writer.names.notation.letters(LOSSES.get(writer.loss.name).tex)}"
