"""The verdicts on a learner's numbers as a reply, each slip with its sentence in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from app.i18n import catalogue
from app.schemas.answers import AnswersReply, PlaceReply, SlipReply, VerdictReply
from app.schemas.base import Text
from core.answers import Slip, Verdict


def present_answers(step: int, sample: int, verdicts: Sequence[Verdict]) -> AnswersReply:
    """Return the verdicts with the count of right ones."""
    return AnswersReply(
        step=step,
        sample=sample,
        answers=[present_verdict(verdict) for verdict in verdicts],
        right=sum(verdict.verdict == "right" for verdict in verdicts),
        asked=len(verdicts),
    )


def present_verdict(verdict: Verdict, area: str = "answers.slip") -> VerdictReply:
    """Return one verdict; `area` has the sentences of the slips."""
    return VerdictReply(
        ref=verdict.ref,
        value=verdict.value,
        verdict=verdict.verdict,
        slip=_slip(verdict.slip, area) if verdict.slip else None,
        factors=list(verdict.factors),
    )


def _slip(slip: Slip, area: str) -> SlipReply:
    key = f"{area}.{slip.name}"
    return SlipReply(
        name=slip.name,
        text=Text(en=catalogue("en")[key], ko=catalogue("ko")[key]),
        refs=dict(slip.refs),
        place=PlaceReply(ref=slip.place.ref, badge=slip.place.badge, line=slip.place.line),
    )
