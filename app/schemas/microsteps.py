"""A trace told as the ordered list of micro-steps, each with its equations and numbers."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.schemas.base import Number, Reply, Text, WithNonfinite
from app.schemas.notation import NotationReply
from app.schemas.session import ElementReply


class SentenceRef(Reply):
    """A sentence of the reply's table, with the quantities that fill its placeholders."""

    key: str
    refs: dict[str, str]


class PhaseReply(Reply):
    """Where a phase stands in the list."""

    name: str
    first: int
    count: int


class PartReply(Reply):
    """One contribution to a sum."""

    formula: str
    substitution: str
    result: Number


class LineReply(Reply):
    """One line of working: the equation, the same with numbers, the result.

    `uses` has the ids of the earlier micro-steps whose results the line reads.
    """

    id: str
    kind: str
    sentence: str
    refs: dict[str, str]
    badge: int | None
    symbol: str
    formula: str
    substitution: str
    values: dict[str, Number]
    parts: list[PartReply]
    result: Number
    result_ref: str
    uses: list[str]


class MicrostepReply(Reply):
    """One micro-step: what it concerns in the diagram, what it needs and what it makes known."""

    id: str
    phase: Literal["forward", "loss", "backward", "update"]
    group: list[str]
    focus: list[str]
    uses: list[str]
    produces: list[str]
    title: SentenceRef
    headline: str
    lines: list[LineReply]


class MicrostepsReply(WithNonfinite):
    """The micro-steps of one sample in a step, in order; at granularity `term` each has exactly one line."""

    step: int
    iteration: int
    epoch: int
    sample: int
    batch: list[int]
    granularity: Literal["term", "neuron", "layer", "phase"]
    only: str | None = Field(description="The neuron that the list is limited to; null: the whole network.")
    notation: NotationReply
    elements: list[ElementReply] = Field(description="The session's elements as this notation names them.")
    sentences: dict[str, Text]
    phases: list[PhaseReply]
    microsteps: list[MicrostepReply]
