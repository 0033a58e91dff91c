"""What every lab's requests and replies share: an explanation, its proof, and answers about it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.answers import MAX_ANSWERS, MAX_DECIMALS, AnswerInput, VerdictReply
from app.schemas.base import Input, Reply, Text, WithNonfinite
from app.schemas.microsteps import MicrostepReply, PhaseReply
from app.schemas.readings import VerificationReply

GranularityName = Literal["term", "group", "phase"]


class LabRequest(Input):
    """What a lab is asked to compute, and how finely it is to be told."""

    granularity: GranularityName = "term"


class LabAnswers(Input):
    """A learner's numbers for results of an explanation; `decimals` is how many digits the learner sees."""

    decimals: Annotated[int, Field(ge=0, le=MAX_DECIMALS)] = 4
    answers: Annotated[list[AnswerInput], Field(min_length=1, max_length=MAX_ANSWERS)]


class QuantityReply(Reply):
    """How a quantity is written: `base` with a lower and an upper index, or as derivative of `of` by `by`."""

    id: str
    base: str
    sub: str
    sup: str
    of: str
    by: str


class ExplanationReply(WithNonfinite):
    """One step of a lab told as micro-steps, as in the Network lab; `verification` proves its derivatives."""

    granularity: GranularityName
    elements: list[QuantityReply]
    sentences: dict[str, Text]
    phases: list[PhaseReply]
    microsteps: list[MicrostepReply]
    verification: VerificationReply | None


class LabReply(WithNonfinite):
    """What a lab computed, and the step that was asked for, told."""

    explanation: ExplanationReply


class LabAnswersReply(Reply):
    """The verdicts in the order of the answers, and how many of those asked were right."""

    answers: list[VerdictReply]
    right: int
    asked: int
