"""Micro-steps of the loss: each output's part, the sample's loss, and the batch's."""

from __future__ import annotations

from collections.abc import Iterator

from core.losses import FUSED, LOSSES, Fused
from core.microsteps.records import Line, MicroStep, Title
from core.microsteps.writing import SUMMANDS, Writer, elided

# A batch's samples are listed up to this many.
SAMPLES = 8

# Near 0 or 1 a logarithm of what is shown loses its digits: the same loss from the net input instead.
# Each entry: how near to 1 an output may come, and the template.
_FROM_NET_INPUT = {
    "binary_cross_entropy": (1e-3, "\\ln(1+e^{<z>})-<t>\\cdot <z>"),
    "categorical_cross_entropy": (0.0, "<t>\\cdot (\\ln(<powers>)-<z>)"),
}


def loss_steps(writer: Writer) -> Iterator[MicroStep]:
    """Yield the parts of the loss (where there are several outputs), their total, and the batch's loss."""
    outputs = writer.network.outputs
    if outputs > 1:
        for k in range(outputs):
            line = part_line(writer, f"loss/{k}", k, f"e.{k}")
            yield _step(writer, f"loss/{k}", (f"e.{k}",), ("a", "t"), [k], "title.loss_part", line)
    rows = range(outputs)
    if outputs > 1:
        yield _step(writer, "loss/total", ("e",), ("e",), rows, "title.loss_total", total_line(writer))
    else:
        line = part_line(writer, "loss/total", 0, "e")
        yield _step(writer, "loss/total", ("e",), ("a", "t"), rows, "title.loss_total", line)
    if writer.batched:
        line = batch_line(writer)
        yield _step(writer, "loss/batch", ("eb",), (), rows, "title.loss_batch", line)


def _step(
    writer: Writer,
    step: str,
    produces: tuple[str, ...],
    kinds: tuple[str, ...],
    outputs: range | list[int],
    title: str,
    line: Line,
) -> MicroStep:
    places = {"a": f"a.{writer.last}.", "t": "t.", "e": "e."}
    uses = tuple(f"{places[kind]}{k}" for k in outputs for kind in kinds) or ("e",)
    return MicroStep(
        id=step,
        phase="loss",
        group=("eb",) if step == "loss/batch" else ("e",),
        focus=(*produces, *(uses if step != "loss/batch" else ())),
        uses=uses,
        produces=produces,
        title=Title(title, {"output": f"a.{writer.last}.{outputs[0]}", "loss": produces[0]}),
        headline=f"{line.symbol}={line.formula}",
        lines=(line,),
    )


def factor_tex(writer: Writer, *, halved: bool = False) -> str:
    """Return the TeX of the factor before an output's part; "" for 1. `halved`: without the coefficient."""
    coefficient = 1.0 if halved else writer.loss.coefficient
    divisors = ["2"] if coefficient == 0.5 else []
    if writer.loss.outputs == "mean" and writer.network.outputs > 1:
        divisors.append(str(writer.network.outputs))
    product = "\\cdot ".join(divisors)
    return f"\\frac{{1}}{{{product}}}" if product else ""


def scaled(template: str, factor: str) -> str:
    """Return `template` times `factor`: at its placeholder <c> where it has one, else before it."""
    if "<c>" in template:
        if factor:
            return template.replace("<c>", factor)
        return template.replace("\\cdot <c>", "").replace("<c>\\,", "")
    return f"{factor}\\cdot \\left({template}\\right)" if factor else template


def loss_refs(writer: Writer, k: int) -> dict[str, str]:
    """Return what the placeholders of a loss's templates mean for output k."""
    return {"a": f"a.{writer.last}.{k}", "t": f"t.{k}", "z": f"z.{writer.last}.{k}"}


def fused_pair(writer: Writer) -> Fused | None:
    """Return the entry that differentiates loss and output activation together, if there is one."""
    return FUSED.get((writer.loss.name, writer.network.layers[-1].activation))


def part_line(writer: Writer, step: str, k: int, result: str) -> Line:
    """Return output k's part of the loss, or the loss itself where it is the only output."""
    entry = LOSSES.get(writer.loss.name)
    template = writer.names.notation.signed(entry.value_template)
    output = writer.numbers[f"a.{writer.last}.{k}"]
    margin, from_net_input = _FROM_NET_INPUT.get(entry.name, (0.0, ""))
    if from_net_input and (output == 0.0 or 1.0 - output < margin):
        powers = elided([f"e^{{<z.{writer.last}.{m}>}}" for m in range(writer.network.outputs)])
        template = from_net_input.replace("<powers>", powers)
    return writer.line(
        f"{step}/part",
        "total" if result == "e" else "loss_part",
        "line.loss_only" if result == "e" else "line.loss_part",
        result,
        scaled(template, factor_tex(writer)),
        loss_refs(writer, k),
        refs={"output": f"a.{writer.last}.{k}", "target": f"t.{k}", "loss": result},
    )


def total_line(writer: Writer) -> Line:
    """Return the sample's loss as the sum of its outputs' parts."""
    n = writer.network.outputs
    return writer.line(
        "loss/total/sum",
        "total",
        "line.loss_total",
        "e",
        elided([f"<e.{k}>" for k in range(n)]),
        formula=f"{writer.names.sum_over('k', n)}E_k" if n > SUMMANDS else None,
        refs={"loss": "e"},
        values={f"e.{k}": writer.numbers[f"e.{k}"] for k in range(n)},
    )


def batch_line(writer: Writer) -> Line:
    """Return the batch's loss as the sum or the mean of its samples' losses."""
    samples = [f"<es.{row}>" for row in writer.trace.batch]
    return writer.line(
        "loss/batch/combine",
        "combine",
        f"line.loss_batch_{writer.loss.batch}",
        "eb",
        combined(writer, samples),
        formula=combined(writer, samples, "E^{(s)}"),
        refs={"loss": "eb"},
        values={f"es.{writer.sample}": writer.numbers["e"]},
    )


def combined(writer: Writer, samples: list[str], running: str = "") -> str:
    """Return the template that sums or averages one slot a sample of the batch.

    A batch of more than a few samples is abbreviated; `running` is then its summand under a sum sign.
    """
    n = len(samples)
    mean = writer.loss.batch == "mean"
    if running and n > SAMPLES:
        rest = (
            f"\\sum_{{s=1}}^{{{n}}}{running}"
            if list(writer.trace.batch) == list(range(n))
            else f"\\sum_s {running}"
        )
        return f"\\frac{{1}}{{{n}}}{rest}" if mean else rest
    total = "+".join(samples if n <= SAMPLES else (*samples[:3], "\\cdots", samples[-1]))
    return f"\\frac{{1}}{{{n}}}\\cdot \\left({total}\\right)" if mean else total
