"""Micro-steps of the forward pass: net inputs and activations, and the look-ahead point before them."""

from __future__ import annotations

from collections.abc import Iterator

from core.activations import ACTIVATIONS
from core.microsteps.records import Line, MicroStep, Title
from core.microsteps.writing import SUMMANDS, Writer, elided
from core.optimizers import OPTIMIZERS


def look_ahead_steps(writer: Writer) -> Iterator[MicroStep]:
    """Yield, a neuron each, the point where an optimizer that looks ahead takes its gradient."""
    template = OPTIMIZERS.get(writer.trace.optimizer).point_template
    for layer in range(1, writer.last + 1):
        for j in writer.told(layer):
            step = f"lookahead/{layer}/{j}"
            neuron = f"a.{layer}.{j}"
            elements = writer.parameters_of(layer, j)
            lines = []
            for element in elements:
                meaning = optimizer_refs(writer, element)
                refs = {"parameter": element}
                lines.append(
                    writer.line(
                        f"{step}/{element}",
                        "state",
                        "line.look_ahead",
                        f"l{element}",
                        template,
                        meaning,
                        refs=refs,
                    )
                )
            yield MicroStep(
                id=step,
                phase="forward",
                group=(neuron,),
                focus=(neuron, *elements),
                uses=tuple(elements),
                produces=tuple(f"l{element}" for element in elements),
                title=Title("title.look_ahead", {"neuron": neuron}),
                headline=f"{lines[0].symbol}={lines[0].formula}",
                lines=tuple(lines),
            )


def optimizer_refs(writer: Writer, element: str) -> dict[str, str]:
    """Return what the placeholders of an optimizer's templates mean for one parameter."""
    refs = {name: prefix + element for name, prefix in writer.optimizer_prefixes.items()}
    refs["g"] = writer.received(element)
    refs.update(writer.optimizer_constants)
    return refs


def forward_steps(writer: Writer) -> Iterator[MicroStep]:
    """Yield the forward pass, neuron by neuron; a softmax layer ends with a step for its activations."""
    for layer in range(1, writer.last + 1):
        softmax = writer.is_softmax(layer)
        for j in writer.told(layer):
            step = f"forward/{layer}/{j}"
            neuron = f"a.{layer}.{j}"
            lines = [net_input_line(writer, step, layer, j)]
            if not softmax:
                lines.extend(activation_lines(writer, step, layer, j))
            weights = [f"w.{layer}.{i}.{j}" for i in range(writer.width(layer - 1))]
            if writer.network.layers[layer - 1].bias.mode != "absent":
                weights.append(f"b.{layer}.{j}")
            yield MicroStep(
                id=step,
                phase="forward",
                group=(neuron,),
                focus=(neuron, *weights),
                uses=(*(f"a.{layer - 1}.{i}" for i in range(writer.width(layer - 1))), *weights),
                produces=tuple(line.result_ref for line in lines),
                title=Title("title.net_input" if softmax else "title.forward", {"neuron": neuron}),
                # With dropout f(z) is within the last line.
                headline=",\\quad ".join(
                    f"{line.symbol}={line.formula}" for line in (lines if len(lines) < 3 else lines[::2])
                ),
                lines=tuple(lines),
            )
        if softmax and writer.told(layer):
            yield softmax_step(writer, layer)


def net_input_line(writer: Writer, step: str, layer: int, j: int) -> Line:
    """Return z = Σ w a + b, with every product as a part."""
    n_in, names = writer.width(layer - 1), writer.names
    pairs = [(f"{writer.weight}.{layer}.{i}.{j}", f"a.{layer - 1}.{i}") for i in range(n_in)]
    values: dict[str, float] = {}
    parts = writer.products(pairs, values)
    ahead = "look_ahead_" if writer.weight == "lw" else ""
    bias = "" if writer.network.layers[layer - 1].bias.mode == "absent" else f"+<{writer.bias}.{layer}.{j}>"
    if bias:
        ref = f"{writer.bias}.{layer}.{j}"
        values[ref] = writer.numbers[ref]
    template = elided([f"<{weight}>\\,<{value}>" for weight, value in pairs]) + bias
    formula = None
    if n_in > SUMMANDS:
        weight = names.running("w", layer, "i", j, ahead=bool(ahead))
        formula = f"{names.sum_over('i', n_in)}{weight}\\,{names.running('a', layer - 1, 'i')}{bias}"
    return writer.line(
        f"{step}/z",
        "sum",
        f"line.{ahead}net_input{'_biased' if bias else ''}",
        f"z.{layer}.{j}",
        template,
        formula=formula,
        refs={"neuron": f"a.{layer}.{j}"},
        parts=parts if bias or len(parts) > 1 else (),
        values=values,
    )


def activation_lines(writer: Writer, step: str, layer: int, j: int) -> Iterator[Line]:
    """Yield a = f(z) for an activation function that works neuron by neuron; with dropout in two lines."""
    mask = writer.mask(layer, j)
    if mask is None:
        yield _function_line(writer, f"{step}/a", layer, j, f"a.{layer}.{j}")
        return
    yield _function_line(writer, f"{step}/f", layer, j, f"f.{layer}.{j}")
    yield writer.line(
        f"{step}/a",
        "function",
        "line.kept" if mask else "line.dropped",
        f"a.{layer}.{j}",
        masked(f"<f.{layer}.{j}>", mask),
        refs={"neuron": f"a.{layer}.{j}"},
    )


def masked(template: str, mask: float) -> str:
    """Return a template divided by 1 − p where dropout has kept the neuron, else multiplied by 0."""
    # What an entry defines behind its formula stays behind it.
    value, comma, definition = template.partition(",\\;")
    if mask:
        return f"\\frac{{{value}}}{{1-<drop>}}{comma}{definition}"
    return f"0\\cdot {value if value.startswith('<f.') else f'({value})'}{comma}{definition}"


def _function_line(writer: Writer, line_id: str, layer: int, j: int, result: str) -> Line:
    entry = ACTIVATIONS.get(writer.network.layers[layer - 1].activation)
    net_input = f"z.{layer}.{j}"
    call = f"{writer.names.notation.function(entry.name, entry.tex_function)}(<z>)"
    # With dropout f(z) is the symbol of the line itself.
    plain = result[0] == "f" or entry.value_template in (f"{entry.tex_function}(<z>)", "<z>")
    return writer.line(
        line_id,
        "function",
        "line.activation",
        result,
        entry.value_template,
        activation_refs(writer, layer, j),
        prefix="" if plain else call,
        refs={"neuron": f"a.{layer}.{j}", "net_input": net_input},
    )


def activation_refs(writer: Writer, layer: int, j: int) -> dict[str, str]:
    """Return what the placeholders of an activation's templates mean for one neuron."""
    refs = {"z": f"z.{layer}.{j}", "a": f"{'a' if writer.mask(layer, j) is None else 'f'}.{layer}.{j}"}
    entry = ACTIVATIONS.get(writer.network.layers[layer - 1].activation)
    refs.update((parameter.name, f"ap.{layer}.{parameter.name}") for parameter in entry.parameters)
    return refs


def softmax_step(writer: Writer, layer: int) -> MicroStep:
    """Return the micro-step that divides each e^z of the layer by their sum."""
    step = f"forward/{layer}/softmax"
    n = writer.width(layer)
    outputs = tuple(f"a.{layer}.{k}" for k in range(n))
    inputs = tuple(f"z.{layer}.{k}" for k in range(n))
    numbers = [writer.numbers[ref] for ref in inputs]
    # Numbers far from 0 overflow the exponential; subtracting the largest changes nothing (the textbook's
    # trick).
    largest = inputs[max(range(n), key=numbers.__getitem__)]
    shift = f"-<{largest}>" if max(map(abs, numbers)) > 700.0 else ""
    powers = [f"e^{{<{ref}>{shift}}}" for ref in inputs]
    lines = []
    for k, output in enumerate(outputs):
        lines.append(
            writer.line(
                f"{step}/{k}",
                "function",
                "line.softmax",
                output,
                f"\\frac{{{powers[k]}}}{{{elided(powers)}}}",
                refs={"neuron": output, "net_input": inputs[k]},
                values={ref: writer.numbers[ref] for ref in inputs},
            )
        )
    return MicroStep(
        id=step,
        phase="forward",
        group=outputs,
        focus=outputs,
        uses=inputs,
        produces=outputs,
        title=Title("title.softmax", {"first": outputs[0], "last": outputs[-1]}),
        headline=writer.names.notation.letters("o_k=\\frac{e^{z_k}}{\\sum_m e^{z_m}}"),
        lines=tuple(lines),
    )
