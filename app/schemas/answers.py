"""A learner's numbers for hidden results, and what the core says to them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import Input, Reply, Text
from app.schemas.requests import Index

MAX_ANSWERS = 500
MAX_DECIMALS = 12


class AnswerInput(Input):
    """A number for one quantity, named as in the micro-steps' `result_ref`."""

    ref: Annotated[str, Field(min_length=1, max_length=64)]
    value: float


class AnswersRequest(Input):
    """Answers about one sample of one step; by default the next step and the first sample of its batch.

    `decimals` is how many digits after the point the learner sees.
    """

    step: Index | None = None
    sample: Index | None = None
    decimals: Annotated[int, Field(ge=0, le=MAX_DECIMALS)] = 4
    answers: Annotated[list[AnswerInput], Field(min_length=1, max_length=MAX_ANSWERS)]


class PlaceReply(Reply):
    """Where the slip was made: the quantity, its number in the chain rule, the micro-steps' line."""

    ref: str
    badge: int | None
    line: str


class SlipReply(Reply):
    """What explains the number; `refs` fills the placeholders of `text` with symbols."""

    name: str
    text: Text
    refs: dict[str, str]
    place: PlaceReply


class VerdictReply(Reply):
    """The verdict on one answer; `factors` are the quantities to ask for, in order, if it is wrong."""

    ref: str
    value: float
    verdict: Literal["right", "slip", "wrong"]
    slip: SlipReply | None
    factors: list[str]


class AnswersReply(Reply):
    """The verdicts in the order of the answers, and how many of those asked were right."""

    step: int
    sample: int
    answers: list[VerdictReply]
    right: int
    asked: int
