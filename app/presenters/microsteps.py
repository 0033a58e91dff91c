"""Micro-steps as a reply; the sentences that they mention are sent once, in both languages."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import Any

from app.i18n import catalogue
from app.presenters.notation import present_notation
from app.presenters.numbers import Numbers
from app.presenters.session import present_elements
from app.schemas.base import Text
from app.schemas.microsteps import MicrostepsReply
from core.microsteps import Line, MicroStep, MicroSteps
from core.notation import Notation
from core.training import Problem


def present_microsteps(record: MicroSteps, problem: Problem, notation: Notation) -> MicrostepsReply:
    """Return the whole list with the sentences and the names that it uses."""
    numbers = Numbers()
    steps = [
        present_microstep(step, numbers, f"/microsteps/{index}")
        for index, step in enumerate(record.microsteps)
    ]
    # One call makes all the models, of which there are thousands.
    return MicrostepsReply.model_validate(
        {
            "step": record.step,
            "iteration": record.iteration,
            "epoch": record.epoch,
            "sample": record.sample,
            "batch": list(record.batch),
            "granularity": record.granularity,
            "only": record.only,
            "notation": present_notation(notation, problem.training.loss),
            "elements": present_elements(problem.network, notation, problem.data.features),
            "sentences": {key: _sentence(key) for key in list(record.keys())},
            "phases": [asdict(span) for span in record.phases],
            "microsteps": steps,
            "nonfinite": numbers.nonfinite,
        },
        from_attributes=True,
    )


def _sentence(key: str) -> Text:
    """Return a sentence in both languages; the core knows only its key."""
    return Text(en=catalogue("en")[f"microsteps.{key}"], ko=catalogue("ko")[f"microsteps.{key}"])


def present_microstep(step: MicroStep, numbers: Numbers, pointer: str) -> MicroStep | dict[str, Any]:
    """Return the micro-step as it is where all its numbers are finite, as nearly always."""
    if all(map(_is_finite, step.lines)):
        return step
    fields = step._asdict()
    fields["lines"] = [
        _line(line, numbers, f"{pointer}/lines/{index}") for index, line in enumerate(step.lines)
    ]
    return fields


def _is_finite(line: Line) -> bool:
    return (
        isfinite(line.result)
        and all(map(isfinite, line.values.values()))
        and all(isfinite(part.result) for part in line.parts)
    )


def _line(line: Line, numbers: Numbers, pointer: str) -> dict[str, Any]:
    fields = line._asdict()
    fields["values"] = {
        ref: numbers.number(value, f"{pointer}/values/{ref}") for ref, value in line.values.items()
    }
    fields["result"] = numbers.number(line.result, f"{pointer}/result")
    fields["parts"] = [
        {**part._asdict(), "result": numbers.number(part.result, f"{pointer}/parts/{index}/result")}
        for index, part in enumerate(line.parts)
    ]
    return fields
