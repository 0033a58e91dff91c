"""Micro-steps that combine the samples' gradients into the batch's, which the optimizer receives."""

from __future__ import annotations

from collections.abc import Iterator

from core.microsteps.loss import SAMPLES, combined
from core.microsteps.records import MicroStep, Title
from core.microsteps.writing import Writer


def combine_steps(writer: Writer) -> Iterator[MicroStep]:
    """Yield, from the output layer back, each neuron's gradients over the batch; none for a batch of one."""
    if writer.batched:
        for layer in range(writer.last, 0, -1):
            for j in writer.told(layer):
                yield combine_step(writer, layer, j)


def combine_step(writer: Writer, layer: int, j: int) -> MicroStep:
    """Return how the samples' gradients of one neuron's parameters become the batch's."""
    step = f"combine/{layer}/{j}"
    neuron = f"a.{layer}.{j}"
    elements = writer.parameters_of(layer, j)
    rows = writer.trace.batch
    samples = [f"<s{place}>" for place in range(len(rows))]
    template = combined(writer, samples)
    listed = [place for place, slot in enumerate(samples) if slot in template]
    lines = []
    for element in elements:
        own = f"gs.{writer.sample}.{element}"
        running = f"\\frac{{\\partial E^{{(s)}}}}{{\\partial {writer.names.tex(element)}}}"
        meaning = {f"s{place}": f"gs.{rows[place]}.{element}" for place in listed}
        lines.append(
            writer.line(
                f"{step}/{element}",
                "combine",
                f"line.combine_{writer.loss.batch}",
                f"G{element}",
                template,
                meaning,
                formula=combined(writer, samples, running) if len(rows) > SAMPLES else None,
                refs={"parameter": element, "loss": "eb"},
                # Also where the list is too long to show it: this sample's is the one made before.
                values={own: writer.numbers[own]},
            )
        )
    return MicroStep(
        id=step,
        phase="backward",
        group=(neuron,),
        focus=(neuron, *elements),
        uses=tuple(f"g{element}" for element in elements),
        produces=tuple(f"G{element}" for element in elements),
        title=Title("title.combine", {"neuron": neuron}),
        headline=f"{lines[0].symbol}={lines[0].formula}",
        lines=tuple(lines),
    )
