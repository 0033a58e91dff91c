"""Micro-steps of the update: the optimizer's state, its intermediate terms, then the parameters."""

from __future__ import annotations

from collections.abc import Iterator

from core.microsteps.forward import optimizer_refs
from core.microsteps.records import Line, MicroStep, Part, Title
from core.microsteps.writing import Writer
from core.optimizers import OPTIMIZERS

# Quantities whose sentence is their own; any other gets the general one.
_STATES = frozenset({"velocity", "squares", "m", "v"})
_TERMS = frozenset({"scale", "m_hat", "v_hat"})


def update_steps(writer: Writer) -> Iterator[MicroStep]:
    """Yield the update of each neuron's parameters, from the first layer to the last."""
    for layer in range(1, writer.last + 1):
        for j in writer.told(layer):
            elements = writer.parameters_of(layer, j)
            step = f"update/{layer}/{j}"
            lines: list[Line] = []
            for element in elements:
                lines.extend(_parameter_lines(writer, step, layer, j, element))
            shown = next((line for line in lines if line.sentence == "line.update"), lines[-1])
            yield MicroStep(
                id=step,
                phase="update",
                group=(f"a.{layer}.{j}",),
                focus=(f"a.{layer}.{j}", *elements),
                uses=(*elements, *map(writer.received, elements), "eta"),
                produces=tuple(line.result_ref for line in lines),
                title=Title("title.update", {"neuron": f"a.{layer}.{j}"}),
                headline=f"{shown.symbol}\\leftarrow {shown.formula}",
                lines=tuple(lines),
            )


def _parameter_lines(writer: Writer, step: str, layer: int, j: int, element: str) -> Iterator[Line]:
    """Yield one parameter's lines: state, terms, new value; a frozen one only says that it stays."""
    refs = {"parameter": element}
    if writer.frozen(element):
        yield writer.line(
            f"{step}/{element}", "update", "line.frozen", f"n{element}", f"<{element}>", refs=refs
        )
        return
    optimizer = OPTIMIZERS.get(writer.trace.optimizer)
    meaning = optimizer_refs(writer, element)
    for template in optimizer.state_templates:
        yield writer.line(
            f"{step}/{element}/{template.name}",
            "state",
            f"line.state_{template.name}" if template.name in _STATES else "line.state",
            f"s.{template.name}.{element}",
            template.template,
            meaning,
            refs=refs,
        )
    for template in optimizer.term_templates:
        yield writer.line(
            f"{step}/{element}/{template.name}",
            "state",
            f"line.term_{template.name}" if template.name in _TERMS else "line.term",
            f"o.{template.name}.{element}",
            template.template,
            meaning,
            refs=refs,
        )
    yield writer.line(
        f"{step}/{element}",
        "update",
        "line.update",
        f"n{element}",
        optimizer.update_template,
        meaning,
        refs=refs,
        parts=_old_and_change(writer, element),
        values={f"u{element}": writer.numbers[f"u{element}"]},
    )


def _old_and_change(writer: Writer, element: str) -> tuple[Part, ...]:
    """Return the two summands of a new value: the old one and the signed change."""
    change = f"u{element}"
    return tuple(
        Part(writer.names.sym(ref), f"\\val{{{ref}}}", writer.numbers[ref]) for ref in (element, change)
    )
