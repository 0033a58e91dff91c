"""Micro-steps between gradient and optimizer: the scheduled learning rate and the clipped gradient."""

from __future__ import annotations

from collections.abc import Iterator

from core.clipping import CLIPPINGS
from core.microsteps.records import MicroStep, Title
from core.microsteps.writing import Writer, elided
from core.schedules import SCHEDULES

# A norm that is made of more gradients lists those that its line shows.
MOST_VALUES = 1000


def schedule_steps(writer: Writer) -> Iterator[MicroStep]:
    """Yield the learning rate of this step; nothing where it is constant."""
    if not writer.scheduled:
        return
    schedule = SCHEDULES.get(writer.trace.schedule.name)
    meaning = {"eta0": "eta0", "epoch": "epoch"}
    meaning |= {parameter.name: f"sched.{parameter.name}" for parameter in schedule.parameters}
    line = writer.line(
        "schedule/rate/eta", "function", f"line.schedule_{schedule.name}", "eta", schedule.template, meaning
    )
    yield MicroStep(
        id="schedule/rate",
        phase="update",
        group=(),
        focus=(),
        uses=("eta0", "epoch"),
        produces=("eta",),
        title=Title("title.schedule"),
        headline=f"{line.symbol}={line.formula}",
        lines=(line,),
    )


def clipping_steps(writer: Writer) -> Iterator[MicroStep]:
    """Yield the gradient's norm and factor where the rule has them, then each neuron's clipped gradients."""
    if not writer.clipped:
        return
    clipping = CLIPPINGS.get(writer.trace.clipping.name)
    if clipping.factor_template:
        yield _norm_step(writer, clipping.factor_template)
    for layer in range(1, writer.last + 1):
        for j in writer.told(layer):
            elements = [element for element in writer.parameters_of(layer, j) if not writer.frozen(element)]
            if elements:
                yield _neuron_step(writer, layer, j, elements)


def _norm_step(writer: Writer, factor_template: str) -> MicroStep:
    gradients = [
        writer.objective_gradient(element)
        for layer in range(1, writer.last + 1)
        for j in range(writer.width(layer))
        for element in writer.parameters_of(layer, j)
        if not writer.frozen(element)
    ]
    few = gradients if len(gradients) <= MOST_VALUES else []
    squares = elided([f"\\left(<{ref}>\\right)^{{2}}" for ref in gradients]) if gradients else "0"
    norm = writer.line(
        "clip/norm/norm",
        "function",
        "line.clip_norm",
        "clip.norm",
        f"\\sqrt{{{squares}}}",
        values={ref: writer.numbers[ref] for ref in few},
    )
    factor = writer.line(
        "clip/norm/factor",
        "function",
        "line.clip_factor",
        "clip.factor",
        factor_template,
        {"norm": "clip.norm", "limit": "clip.limit"},
    )
    return MicroStep(
        id="clip/norm",
        phase="update",
        group=(),
        focus=(),
        uses=tuple(few),
        produces=("clip.norm", "clip.factor"),
        title=Title("title.clip_norm"),
        headline=f"{norm.symbol}=\\sqrt{{\\textstyle\\sum_i g_i^{{2}}}},\\quad "
        f"{factor.symbol}={factor.formula}",
        lines=(norm, factor),
    )


def _neuron_step(writer: Writer, layer: int, j: int, elements: list[str]) -> MicroStep:
    step, neuron = f"clip/{layer}/{j}", f"a.{layer}.{j}"
    clipping = CLIPPINGS.get(writer.trace.clipping.name)
    lines = []
    for element in elements:
        gradient = writer.objective_gradient(element)
        meaning = {"g": gradient, "limit": "clip.limit", "factor": "clip.factor"}
        lines.append(
            writer.line(
                f"{step}/{element}",
                "combine",
                f"line.clip_{clipping.name}_gradient",
                f"C{element}",
                clipping.template,
                meaning,
                refs={"parameter": element},
            )
        )
    return MicroStep(
        id=step,
        phase="update",
        group=(neuron,),
        focus=(neuron, *elements),
        uses=tuple(writer.objective_gradient(element) for element in elements),
        produces=tuple(f"C{element}" for element in elements),
        title=Title("title.clip", {"neuron": neuron}),
        headline=f"{lines[0].symbol}={lines[0].formula}",
        lines=tuple(lines),
    )
