"""The branches of a session's timeline, and a session that begins from one of its states."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import Input, Number, Reply, Vector, WithNonfinite
from app.schemas.requests import Index, TrainingInput
from app.schemas.session import BatchReply

SettingKind = Literal[
    "optimizer",
    "learning_rate",
    "loss",
    "batch",
    "regularization",
    "dropout",
    "clipping",
    "schedule",
    "data",
    "sample",
    "value",
    "frozen",
    "network",
    "initializer",
    "seed",
    "edits",
]


class ForkRequest(Input):
    """Where to branch (a node, a step of the present branch, or here) and what to change there."""

    node: Index | None = None
    step: Index | None = None
    training: TrainingInput | None = None


class SettingReply(Reply):
    """One thing that a change changed: a field such as `learning_rate`, or the element `name`.

    `before` is null where it has no meaning: a weight's value, the sample, a number that only another
    optimizer has.
    """

    kind: SettingKind
    name: str
    before: bool | int | float | str | None
    after: bool | int | float | str | None


class ChangeReply(Reply):
    """An edit, the node that it made and its step; `more` settings beyond those listed changed too."""

    node: int
    step: int
    kinds: list[str]
    settings: list[SettingReply]
    more: int


class SpanReply(Reply):
    """Nodes that follow each other: `node` is at `step`, each next one is a step on, up to `last_step`."""

    node: int
    step: int
    last_step: int


class BranchTraining(Reply):
    """How the branch trains at its tip."""

    optimizer: str
    learning_rate: float
    loss: str
    batch: BatchReply


class BranchCurve(Reply):
    """Losses of the whole set from where the branch leaves its parent to its tip, in at most 256 buckets."""

    steps: list[int]
    last: Vector
    minimum: Vector
    maximum: Vector


class BranchReply(Reply):
    """A branch's own part: from `from_step`, where it leaves the branch `parent`, to its tip."""

    name: str
    parent: str | None
    tip: int
    current: bool
    from_node: int
    from_step: int
    last_step: int
    spans: list[SpanReply]
    changes: list[ChangeReply]
    more_changes: int
    training: BranchTraining
    loss: Number
    diverged: bool
    curve: BranchCurve


class HistoryReply(WithNonfinite):
    """The timeline as branches named A, B, C in the order in which they began.

    Listed are the present one and the 11 begun last; `omitted` counts the others.
    """

    node: int
    step: int
    epoch: int
    root: int
    total: int
    omitted: int
    branches: Annotated[list[BranchReply], Field(min_length=1)]
