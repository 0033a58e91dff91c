"""Micro-steps of the backward pass: the factors of the chain rule, delta and gradients of every neuron."""

from __future__ import annotations

import math
from collections.abc import Iterator

from core.activations import ACTIVATIONS
from core.losses import LOSSES
from core.microsteps.forward import activation_refs, masked
from core.microsteps.loss import factor_tex, fused_pair, loss_refs, scaled
from core.microsteps.records import Line, MicroStep, Title
from core.microsteps.writing import SUMMANDS, Writer, elided

# Activations whose slope has a sentence of its own; any other gets the general one.
_SLOPES = frozenset({"sigmoid", "tanh", "relu", "identity", "step"})

# The long route is shown as long as its product is the delta that trains, up to rounding.
_AGREEMENT = 1e-9


def backward_steps(writer: Writer) -> Iterator[MicroStep]:
    """Yield the backward pass neuron by neuron from the output layer."""
    for layer in range(writer.last, 0, -1):
        if writer.is_softmax(layer) and writer.told(layer):
            yield upstream_step(writer, layer)
        for j in writer.told(layer):
            yield neuron_step(writer, layer, j)


def upstream_step(writer: Writer, layer: int) -> MicroStep:
    """Return how the loss reacts to each output of a softmax layer; every neuron's delta needs them all."""
    step = f"backward/{layer}/upstream"
    outputs = tuple(f"a.{layer}.{k}" for k in range(writer.width(layer)))
    lines = tuple(output_factor_line(writer, f"{step}/{k}", k) for k in range(len(outputs)))
    return MicroStep(
        id=step,
        phase="backward",
        group=outputs,
        focus=(*outputs, "e"),
        uses=(*outputs, *(f"t.{k}" for k in range(len(outputs)))),
        produces=tuple(f"up.{layer}.{k}" for k in range(len(outputs))),
        title=Title("title.upstream", {"first": outputs[0], "last": outputs[-1], "loss": "e"}),
        headline=f"{lines[0].symbol}={lines[0].formula}",
        lines=lines,
    )


def neuron_step(writer: Writer, layer: int, j: int) -> MicroStep:
    """Return delta of one neuron and the gradients of the parameters that feed it."""
    step = f"backward/{layer}/{j}"
    neuron = f"a.{layer}.{j}"
    produces = [f"loc.{layer}.{j}", f"d.{layer}.{j}"]
    if writer.is_softmax(layer):
        lines, factors = _softmax_lines(writer, step, layer, j)
        produces[:1] = [f"loc.{layer}.{i}.{j}" for i in range(writer.width(layer))]
    else:
        lines, factors = _factor_lines(writer, step, layer, j)
        produces.insert(0, f"up.{layer}.{j}")
    elements = writer.parameters_of(layer, j)
    gradients = [_gradient_line(writer, step, layer, j, element, factors) for element in elements]
    behind = "e" if layer == writer.last else ""
    following = () if behind else tuple(f"a.{layer + 1}.{k}" for k in range(writer.width(layer + 1)))
    wires = tuple(f"w.{layer + 1}.{j}.{k}" for k in range(len(following)))
    deltas = tuple(f"d.{layer + 1}.{k}" for k in range(len(following)))
    return MicroStep(
        id=step,
        phase="backward",
        group=(neuron,),
        focus=(neuron, *((behind,) if behind else ()), *following, *wires, *elements),
        uses=(*((neuron, f"t.{j}") if behind else (neuron, *deltas, *wires)), *_carriers(writer, layer)),
        produces=(*produces, *(f"g{element}" for element in elements)),
        title=Title("title.backward", {"neuron": neuron}),
        headline=f"{gradients[0].symbol}={gradients[0].formula}",
        lines=(*lines, *gradients),
    )


def _carriers(writer: Writer, layer: int) -> Iterator[str]:
    return (f"a.{layer - 1}.{i}" for i in range(writer.width(layer - 1)))


def output_factor_line(writer: Writer, line_id: str, k: int) -> Line:
    """Return how the loss reacts to output k."""
    entry = LOSSES.get(writer.loss.name)
    template = entry.gradient_template
    if writer.loss.coefficient == 0.5 and entry.gradient_template_half:
        factor = factor_tex(writer, halved=True)
        template = entry.gradient_template_half
        template = f"{factor}\\cdot ({template})" if factor else template
    else:
        template = scaled(template, factor_tex(writer))
    return writer.line(
        line_id,
        "factor",
        "line.output_factor",
        f"up.{writer.last}.{k}",
        writer.names.notation.signed(template),
        loss_refs(writer, k),
        refs={"output": f"a.{writer.last}.{k}", "loss": "e"},
        badge=1,
    )


def _path_line(writer: Writer, step: str, layer: int, j: int) -> Line:
    """Return how the loss reacts to a hidden activation: one contribution for each path that leaves it."""
    n, names = writer.width(layer + 1), writer.names
    pairs = [(f"d.{layer + 1}.{k}", f"{writer.weight}.{layer + 1}.{j}.{k}") for k in range(n)]
    values: dict[str, float] = {}
    formula = None
    if n > SUMMANDS and not names.numbered:
        weight = names.running("w", layer + 1, j, "k", ahead=writer.weight == "lw")
        formula = f"{names.sum_over('k', n)}{names.running('δ', layer + 1, 'k')}\\,{weight}"
    parts = writer.products(pairs, values)
    return writer.line(
        f"{step}/factor1",
        "factor",
        "line.paths" if n > 1 else "line.path",
        f"up.{layer}.{j}",
        elided([f"<{delta}>\\,<{weight}>" for delta, weight in pairs]),
        formula=formula,
        refs={"neuron": f"a.{layer}.{j}"},
        badge=1,
        parts=parts if n > 1 else (),
        values=values,
    )


def _factor_lines(writer: Writer, step: str, layer: int, j: int) -> tuple[list[Line], list[str]]:
    """Return the lines down to delta, and the factors that a gradient of this neuron starts with."""
    first, second, delta = f"up.{layer}.{j}", f"loc.{layer}.{j}", f"d.{layer}.{j}"
    name = writer.network.layers[layer - 1].activation
    refs = {"neuron": f"a.{layer}.{j}", "net_input": f"z.{layer}.{j}"}
    is_output = layer == writer.last
    upstream = (
        output_factor_line(writer, f"{step}/factor1", j) if is_output else _path_line(writer, step, layer, j)
    )
    sentence = f"line.slope_{name}" if name in _SLOPES else "line.slope"
    template, mask = ACTIVATIONS.get(name).derivative_template, writer.mask(layer, j)
    if mask is not None:
        sentence = "line.slope_kept" if mask else "line.slope_dropped"
        template = masked(template, mask)
    slope = writer.line(
        f"{step}/factor2",
        "factor",
        sentence,
        second,
        template,
        activation_refs(writer, layer, j),
        refs=refs,
        badge=2,
    )
    lines = [upstream, slope]
    long_route = _agree(writer.numbers[first] * writer.numbers[second], writer.numbers[delta])
    refs = {"neuron": f"a.{layer}.{j}", "delta": delta}
    if long_route:
        product = f"<{first}>\\cdot <{second}>"
        lines.append(writer.line(f"{step}/delta", "product", "line.delta", delta, product, refs=refs))
    if is_output and fused_pair(writer):
        lines.append(_fused_line(writer, step, j))
    return lines, [first, second] if long_route else [delta]


def _agree(product: float, delta: float) -> bool:
    # Not finite on both sides is a diverged step: there the factors show where it began.
    if not math.isfinite(product):
        return not math.isfinite(delta)
    return abs(product - delta) <= _AGREEMENT * max(abs(product), abs(delta), _AGREEMENT)


def _softmax_lines(writer: Writer, step: str, layer: int, j: int) -> tuple[list[Line], list[str]]:
    """Return the Jacobian's entries for net input j, delta by the long route, and its fused form."""
    n = writer.width(layer)
    delta, own = f"d.{layer}.{j}", f"a.{layer}.{j}"
    lines = []
    for i in range(n):
        other = f"a.{layer}.{i}"
        same = i == j
        lines.append(
            writer.line(
                f"{step}/factor2/{i}",
                "factor",
                "line.softmax_own" if same else "line.softmax_other",
                f"loc.{layer}.{i}.{j}",
                f"<{own}>\\,(1-<{own}>)" if same else f"-<{other}>\\,<{own}>",
                refs={"output": other, "net_input": f"z.{layer}.{j}"},
                badge=2,
            )
        )
    pairs = [(f"up.{layer}.{i}", f"loc.{layer}.{i}.{j}") for i in range(n)]
    values: dict[str, float] = {}
    parts = writer.products(pairs, values)
    fused = fused_pair(writer)
    # Large products that cancel leave their rounding; the agreement is judged by their size.
    size = max(1.0, *(abs(part.result) for part in parts))
    total = sum(part.result for part in parts)
    if not fused or _agree(total / size, writer.numbers[delta] / size):
        lines.append(
            writer.line(
                f"{step}/delta",
                "product",
                "line.softmax_delta",
                delta,
                elided([f"<{upstream}>\\cdot <{local}>" for upstream, local in pairs]),
                refs={"neuron": own, "delta": delta},
                parts=parts,
                values=values,
            )
        )
    if fused:
        lines.append(_fused_line(writer, step, j))
    return lines, [delta]


def _fused_line(writer: Writer, step: str, j: int) -> Line:
    """Return delta of an output whose activation and loss cancel to output minus target."""
    fused = fused_pair(writer)
    assert fused is not None
    template = fused.delta_template
    targets = [writer.numbers[f"t.{k}"] for k in range(writer.network.outputs)]
    if writer.is_softmax(writer.last) and sum(targets) != 1.0:
        # Only a distribution's targets sum to 1, which then needs no mention.
        total = "+".join(f"<t.{k}>" for k in range(len(targets)))
        template = template.replace("<a>", f"<a>\\cdot ({total})", 1)
    factor = factor_tex(writer)
    template = f"{factor}\\cdot ({template})" if factor else template
    return writer.line(
        f"{step}/fused",
        "product",
        "line.fused",
        f"d.{writer.last}.{j}",
        writer.names.notation.signed(template),
        loss_refs(writer, j),
        refs={"output": f"a.{writer.last}.{j}", "target": f"t.{j}", "delta": f"d.{writer.last}.{j}"},
    )


def _gradient_line(writer: Writer, step: str, layer: int, j: int, element: str, factors: list[str]) -> Line:
    """Return the gradient of one parameter: the factors down to this neuron times what the wire carried."""
    neuron, net_input = f"a.{layer}.{j}", f"z.{layer}.{j}"
    so_far = "\\cdot ".join(f"<{factor}>" for factor in factors)
    by = f"\\frac{{\\partial {writer.names.tex(net_input)}}}{{\\partial {writer.names.tex(element)}}}"
    if element[0] == "b":
        return writer.line(
            f"{step}/{element}",
            "gradient",
            "line.bias_gradient",
            f"g{element}",
            f"{so_far}\\cdot 1",
            formula=f"{so_far}\\cdot {by}",
            refs={"bias": element, "neuron": neuron},
            badge=3,
        )
    i = int(element.split(".")[2])
    carried = f"a.{layer - 1}.{i}"
    return writer.line(
        f"{step}/{element}",
        "gradient",
        "line.weight_gradient",
        f"g{element}",
        f"{so_far}\\cdot <{carried}|{by}>",
        refs={"weight": element, "carried": carried, "neuron": neuron},
        badge=3,
    )
