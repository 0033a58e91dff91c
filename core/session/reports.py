"""What a session answers to a call of `step`, and why it cannot go on."""

from __future__ import annotations

from dataclasses import dataclass

from core.session.record import Losses


@dataclass(frozen=True)
class StepReport:
    """What a call of `step` did: how many updates, and pairs (step, loss of the whole set).

    `before` and `after` are the ends; `losses` are at most 64 of the steps between, the last one among them.
    """

    applied: int
    before: tuple[int, float]
    after: tuple[int, float]
    losses: Losses
    diverged: bool


@dataclass(frozen=True)
class Divergence:
    """Why the session cannot go on: the update from `step` would make `element` the first non-finite one."""

    step: int
    element: str | None
    learning_rate: float
    suggested_learning_rate: float
