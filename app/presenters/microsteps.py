"""Micro-steps as a reply; the sentences that they mention are sent once, in both languages."""

from __future__ import annotations

from app.i18n import catalogue
from app.presenters.numbers import Numbers
from app.schemas.base import Text
from app.schemas.microsteps import (
    LineReply,
    MicrostepReply,
    MicrostepsReply,
    PartReply,
    PhaseReply,
    SentenceRef,
)
from core.microsteps import Line, MicroStep, MicroSteps


def present_microsteps(record: MicroSteps) -> MicrostepsReply:
    """Return the whole list with the sentences that it uses."""
    numbers = Numbers()
    steps = [
        _microstep(step, numbers, f"/microsteps/{index}") for index, step in enumerate(record.microsteps)
    ]
    return MicrostepsReply(
        step=record.step,
        iteration=record.iteration,
        epoch=record.epoch,
        sample=record.sample,
        batch=list(record.batch),
        granularity=record.granularity,
        sentences={key: _sentence(key) for key in list(record.keys())},
        phases=[PhaseReply(name=span.name, first=span.first, count=span.count) for span in record.phases],
        microsteps=steps,
        nonfinite=numbers.nonfinite,
    )


def _sentence(key: str) -> Text:
    """Return a sentence in both languages; the core knows only its key."""
    return Text(en=catalogue("en")[f"microsteps.{key}"], ko=catalogue("ko")[f"microsteps.{key}"])


def _microstep(step: MicroStep, numbers: Numbers, pointer: str) -> MicrostepReply:
    return MicrostepReply(
        id=step.id,
        phase=step.phase,
        group=list(step.group),
        focus=list(step.focus),
        uses=list(step.uses),
        produces=list(step.produces),
        title=SentenceRef(key=step.title.key, refs=dict(step.title.refs)),
        headline=step.headline,
        lines=[_line(line, numbers, f"{pointer}/lines/{index}") for index, line in enumerate(step.lines)],
    )


def _line(line: Line, numbers: Numbers, pointer: str) -> LineReply:
    return LineReply(
        id=line.id,
        kind=line.kind,
        sentence=line.sentence,
        refs=dict(line.refs),
        badge=line.badge,
        symbol=line.symbol,
        formula=line.formula,
        substitution=line.substitution,
        values={ref: numbers.number(value, f"{pointer}/values/{ref}") for ref, value in line.values.items()},
        parts=[
            PartReply(
                formula=part.formula,
                substitution=part.substitution,
                result=numbers.number(part.result, f"{pointer}/parts/{index}/result"),
            )
            for index, part in enumerate(line.parts)
        ],
        result=numbers.number(line.result, f"{pointer}/result"),
        result_ref=line.result_ref,
        uses=list(line.uses),
    )
