"""Micro-steps: a trace told line by line, each line with its symbols, its numbers and what it uses.

`microsteps` turns the trace of one step into the ordered list for one sample:
forward, loss, backward, update.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from core.activations import ACTIVATIONS
from core.dropout import DROPOUT
from core.microsteps.backward import backward_steps
from core.microsteps.combine import combine_steps
from core.microsteps.forward import forward_steps, look_ahead_steps
from core.microsteps.grouping import grouped
from core.microsteps.loss import loss_steps
from core.microsteps.objective import objective_steps, penalty_steps
from core.microsteps.receiving import clipping_steps, schedule_steps
from core.microsteps.records import (
    Granularity,
    Line,
    MicroStep,
    MicroSteps,
    Part,
    PhaseName,
    PhaseSpan,
    Title,
)
from core.microsteps.update import update_steps
from core.microsteps.writing import Writer
from core.naming import Names
from core.notation import DEFAULT, Notation, letter_tex
from core.optimizers import OPTIMIZERS
from core.penalties import PENALTIES
from core.schedules import SCHEDULES
from core.trace import Trace

if TYPE_CHECKING:
    from core.training import Problem

__all__ = [
    "Granularity",
    "Line",
    "MicroStep",
    "MicroSteps",
    "Part",
    "PhaseName",
    "PhaseSpan",
    "Title",
    "microsteps",
    "symbols_of",
]

_PHASES: tuple[PhaseName, ...] = ("forward", "loss", "backward", "update")


def microsteps(
    problem: Problem,
    trace: Trace,
    sample: int,
    granularity: Granularity = "neuron",
    only: tuple[int, int] | None = None,
    notation: Notation = DEFAULT,
) -> MicroSteps:
    """Return the micro-steps of `trace` for the data set's row `sample`; `only` limits them to one neuron.

    Only `problem.network` and the loss of `problem.training` are read; everything else is in the trace. For a
    batch of several samples the passes are those of `sample`, followed by the combination of all samples'
    gradients. `only` is (layer, neuron), layers from 1, neurons from 0: its forward pass, the loss, its
    backward pass and the update of its parameters. `notation` is how symbols are written; no number depends
    on it.
    Raises ValueError if `sample` is not in the trace's batch, or if there is no such neuron.
    """
    optimizer = OPTIMIZERS.get(trace.optimizer)
    if only and not (
        0 < only[0] <= len(problem.network.layers) and 0 <= only[1] < problem.network.sizes[only[0]]
    ):
        raise ValueError(f"no neuron {only}")
    writer = Writer(
        problem.network,
        problem.training.loss,
        trace,
        sample,
        Names(
            problem.network,
            symbols_of(problem, trace, notation),
            optimizer.looks_ahead,
            notation,
            problem.data.features,
        ),
        only,
    )
    steps = chain(
        look_ahead_steps(writer) if optimizer.looks_ahead else (),
        forward_steps(writer),
        loss_steps(writer),
        objective_steps(writer),
        backward_steps(writer),
        combine_steps(writer),
        penalty_steps(writer),
        schedule_steps(writer),
        clipping_steps(writer),
        update_steps(writer),
    )
    result = _linked(grouped(writer, list(steps), granularity), sample)
    return MicroSteps(
        only=only and f"a.{only[0]}.{only[1]}",
        step=trace.step,
        iteration=trace.step + 1,
        epoch=trace.epoch,
        sample=sample,
        batch=trace.batch,
        granularity=granularity,
        phases=_spans(result),
        microsteps=tuple(result),
    )


def symbols_of(problem: Problem, trace: Trace, notation: Notation = DEFAULT) -> dict[str, str]:
    """Return the TeX of the optimizer's and the activations' own quantities and of the step's, for Names."""
    optimizer = OPTIMIZERS.get(trace.optimizer)
    symbols = {"hp.count": "k"}
    symbols.update((f"hp.{parameter.name}", parameter.tex) for parameter in optimizer.parameters)
    rate = letter_tex(notation.rate)
    schedule = SCHEDULES.get(trace.schedule.name)
    if schedule.name != "constant":
        # The rate of this step is another number than the optimizer's own.
        symbols |= {"eta": f"{rate}_{{n}}", "eta0": rate, "epoch": "n"}
    symbols.update((f"sched.{one.name}", one.tex.replace("\\eta", rate)) for one in schedule.parameters)
    for penalty in PENALTIES:
        symbols[f"reg.{penalty.name}"] = penalty.coefficient.tex
        symbols[f"size.{penalty.name}"] = penalty.sum_tex
        symbols[f"pen.{penalty.name}"] = f"\\Omega_{{{penalty.name[1:]}}}"
    symbols |= {"obj": "J", "drop": DROPOUT.tex, "clip.factor": "\\kappa", "clip.limit": "c"}
    symbols["clip.norm"] = "\\lVert g\\rVert"
    symbols.update((f"s.{state.name}", state.symbol) for state in optimizer.state_templates)
    symbols.update((f"o.{term.name}", term.symbol) for term in optimizer.term_templates)
    for number, layer in enumerate(problem.network.layers, start=1):
        entry = ACTIVATIONS.get(layer.activation)
        symbols[f"fn.{number}"] = notation.function(entry.name, entry.tex_function)
        for parameter in ACTIVATIONS.get(layer.activation).parameters:
            # Where α is the learning rate, the coefficient of a layer's activation says whose it is.
            taken = parameter.tex == letter_tex(notation.rate)
            symbols[f"ap.{number}.{parameter.name}"] = parameter.tex + (f"^{{({number})}}" if taken else "")
    return symbols


def _linked(steps: list[MicroStep], sample: int) -> list[MicroStep]:
    """Return the micro-steps with the `uses` of their lines: who made, last before, the numbers they read."""
    made: dict[str, str] = {}
    own_gradient, own_loss = f"gs.{sample}.", f"es.{sample}"
    result = []
    for step in steps:
        lines = []
        for line in step.lines:
            names: dict[str, None] = {}
            for ref in line.values:
                # This sample's part in the batch has another name there than where it was made.
                if ref.startswith(own_gradient):
                    ref = f"g{ref[len(own_gradient) :]}"
                elif ref == own_loss:
                    ref = "e"
                if ref in made:
                    names[made[ref]] = None
            names.pop(step.id, None)
            lines.append(line._replace(uses=tuple(names)) if names else line)
            made[line.result_ref] = step.id
        result.append(step._replace(lines=tuple(lines)))
    return result


def _spans(result: list[MicroStep]) -> tuple[PhaseSpan, ...]:
    spans, first = [], 0
    for name in _PHASES:
        count = sum(microstep.phase == name for microstep in result)
        spans.append(PhaseSpan(name, first, count))
        first += count
    return tuple(spans)
