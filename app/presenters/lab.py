"""A lab's explanation, its proof and the verdicts on answers as replies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from app.i18n import catalogue
from app.presenters.answers import present_verdict
from app.presenters.microsteps import present_microstep
from app.presenters.numbers import Numbers
from app.schemas.base import Text
from app.schemas.lab import ExplanationReply, LabAnswers, LabAnswersReply
from app.schemas.readings import VerificationReply, VerificationRow
from core.answers import Answer
from core.lab import Explanation, GradientCheck, Granularity, check_answers


def present_explanation(explanation: Explanation, granularity: Granularity) -> ExplanationReply:
    """Return an explanation at a granularity, with the sentences that it uses in both languages."""
    told = explanation.at(granularity)
    numbers = Numbers()
    steps = [
        present_microstep(step, numbers, f"/microsteps/{index}") for index, step in enumerate(told.microsteps)
    ]
    keys = dict.fromkeys(
        key for step in told.microsteps for key in (step.title.key, *(line.sentence for line in step.lines))
    )
    return ExplanationReply.model_validate(
        {
            "granularity": granularity,
            "elements": [asdict(quantity) for quantity in told.quantities],
            "sentences": {key: _text(key) for key in keys},
            "phases": [asdict(span) for span in told.phases],
            "microsteps": steps,
            "verification": _verification(told.checks) if told.checks else None,
            "nonfinite": numbers.nonfinite,
        },
        from_attributes=True,
    )


def _text(key: str) -> Text:
    return Text(en=catalogue("en")[key], ko=catalogue("ko")[key])


def _verification(checks: Sequence[GradientCheck]) -> VerificationReply:
    numbers = Numbers()
    rows = [
        VerificationRow(
            element=check.element,
            analytic=numbers.number(check.analytic, f"/rows/{index}/analytic"),
            central=numbers.number(check.central, f"/rows/{index}/central"),
            autodiff=None
            if check.autodiff is None
            else numbers.number(check.autodiff, f"/rows/{index}/autodiff"),
            difference=numbers.number(check.difference, f"/rows/{index}/difference"),
            verdict=check.verdict,
        )
        for index, check in enumerate(checks)
    ]
    verdicts = {check.verdict for check in checks}
    measured = [check.difference for check in checks if check.verdict != "not-differentiable"]
    return VerificationReply(
        step=0,
        samples=[],
        checked=len(rows),
        parameters=len(rows),
        subset=False,
        largest_relative_difference=max(measured, default=0.0),
        verdict="differ"
        if "differ" in verdicts
        else "agree"
        if "agree" in verdicts
        else "not-differentiable",
        rows=rows,
        nonfinite=numbers.nonfinite,
    )


def present_lab_answers(explanation: Explanation, body: LabAnswers) -> LabAnswersReply:
    """Return the verdicts on a learner's numbers for what is told, with the count of right ones."""
    answers = [Answer(answer.ref, answer.value) for answer in body.answers]
    verdicts = check_answers(explanation, answers, body.decimals)
    return LabAnswersReply(
        answers=[present_verdict(verdict, "told_lab.slip") for verdict in verdicts],
        right=sum(verdict.verdict == "right" for verdict in verdicts),
        asked=len(verdicts),
    )
