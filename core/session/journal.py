"""What was done to a session's record since it was last written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.session.specification import Edit

STEPS, EDIT, AT = "steps", "edit", "at"


class Journal:
    """The record's own changes, small enough to be stored with every call.

    `path` has, in order, (STEPS, how many), (EDIT, the resolved edit) and (AT, the node that was gone to).
    `losses` are (segment, step, loss), `metrics` (segment, step, row); `diverged` are nodes.
    """

    def __init__(self) -> None:
        self.path: list[tuple[str, Any]] = []
        self.losses: list[tuple[int, int, float]] = []
        self.metrics: list[tuple[int, int, Sequence[float]]] = []
        self.diverged: list[int] = []

    def __bool__(self) -> bool:
        return bool(self.path or self.losses or self.metrics or self.diverged)

    def stepped(self, count: int) -> None:
        """Write down that new steps were made."""
        if self.path and self.path[-1][0] == STEPS:
            count += self.path.pop()[1]
        self.path.append((STEPS, count))

    def edited(self, edit: Edit) -> None:
        """Write down a resolved edit."""
        self.path.append((EDIT, edit))

    def moved(self, node: int) -> None:
        """Write down that the record went to a node."""
        self.path.append((AT, node))
