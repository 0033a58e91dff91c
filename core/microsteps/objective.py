"""Micro-steps of the objective: what the penalties add to the loss, and to the gradient of each weight."""

from __future__ import annotations

from collections.abc import Iterator

from core.microsteps.records import Line, MicroStep, Title
from core.microsteps.writing import Writer, elided
from core.penalties import PENALTIES


def objective_steps(writer: Writer) -> Iterator[MicroStep]:
    """Yield the penalties and the objective; nothing where no penalty is switched on."""
    if not writer.penalised:
        return
    loss = "eb" if writer.batched else "e"
    lines = [line for penalty in writer.trace.penalties for line in _penalty_lines(writer, penalty.name)]
    yield _step(writer, "loss/penalty", loss, "title.loss_penalty", lines)
    values = [f"pen.{penalty.name}" for penalty in writer.trace.penalties]
    objective = writer.line(
        "loss/objective/sum",
        "total",
        "line.objective",
        "obj",
        "+".join(f"<{ref}>" for ref in (loss, *values)),
        refs={"loss": loss},
    )
    yield _step(writer, "loss/objective", loss, "title.loss_objective", [objective])


def _step(writer: Writer, step: str, loss: str, title: str, lines: list[Line]) -> MicroStep:
    weights = [
        f"w.{layer}.{i}.{j}"
        for layer in range(1, writer.last + 1)
        for j in writer.told(layer)
        for i in range(writer.width(layer - 1))
    ]
    penalty = step == "loss/penalty"
    return MicroStep(
        id=step,
        phase="loss",
        group=(loss,),
        focus=(loss, *(weights if penalty else ())),
        uses=tuple(weights) if penalty else (loss,),
        produces=tuple(line.result_ref for line in lines),
        title=Title(title, {"loss": loss}),
        headline=f"{lines[-1].symbol}={lines[-1].formula}",
        lines=tuple(lines),
    )


def _penalty_lines(writer: Writer, name: str) -> Iterator[Line]:
    """Yield the sum over all weights of the network, and λ times it."""
    penalty, network = PENALTIES.get(name), writer.network
    weights = [
        f"{writer.weight}.{layer}.{i}.{j}"
        for layer in range(1, writer.last + 1)
        for j in range(writer.width(layer))
        for i in range(writer.width(layer - 1))
    ]
    assert len(weights) == network.weight_mask().sum()
    yield writer.line(
        f"loss/penalty/{name}/size",
        "function",
        f"line.penalty_size_{name}",
        f"size.{name}",
        elided([penalty.summand.replace("<w>", f"<{weight}>") for weight in weights]),
    )
    yield writer.line(
        f"loss/penalty/{name}",
        "function",
        "line.penalty",
        f"pen.{name}",
        penalty.template,
        {name: f"reg.{name}", "sum": f"size.{name}"},
    )


def penalty_steps(writer: Writer) -> Iterator[MicroStep]:
    """Yield, from the output layer back, what the penalties add to the gradient of each neuron's weights."""
    if writer.penalised:
        for layer in range(writer.last, 0, -1):
            for j in writer.told(layer):
                yield _neuron_step(writer, layer, j)


def _neuron_step(writer: Writer, layer: int, j: int) -> MicroStep:
    step, neuron = f"penalty/{layer}/{j}", f"a.{layer}.{j}"
    weights = [element for element in writer.parameters_of(layer, j) if element[0] == "w"]
    slopes = "+".join(PENALTIES.get(one.name).slope_template for one in writer.trace.penalties)
    lines = []
    for weight in weights:
        meaning = {"g": f"{writer.gradient}{weight}", "w": weight.replace("w", writer.weight, 1)}
        meaning |= {one.name: f"reg.{one.name}" for one in writer.trace.penalties}
        lines.append(
            writer.line(
                f"{step}/{weight}",
                "combine",
                "line.penalty_gradient",
                f"J{weight}",
                f"<g>+{slopes}",
                meaning,
                refs={"parameter": weight, "loss": "eb" if writer.batched else "e"},
            )
        )
    return MicroStep(
        id=step,
        phase="backward",
        group=(neuron,),
        focus=(neuron, *weights),
        uses=(*(f"{writer.gradient}{weight}" for weight in weights), *weights),
        produces=tuple(f"J{weight}" for weight in weights),
        title=Title("title.penalty", {"neuron": neuron}),
        headline=f"{lines[0].symbol}={lines[0].formula}",
        lines=tuple(lines),
    )
