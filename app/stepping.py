"""A call of `step`, cut into turns of the compute thread."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from core.session import MAXIMUM_STEPS, Session

MAX_LOSSES = 64
# What an update costs whatever the network's size, in the time of multiplications.
_OVERHEAD = 5000


@dataclass(frozen=True)
class Told:
    """What a call of `step` answered, short: the node that it led to, and the call's own numbers."""

    node: int
    with_trace: bool
    applied: int
    diverged: bool
    before: tuple[int, float]
    after: tuple[int, float]
    losses: tuple[tuple[int, float], ...]


@dataclass
class Progress:
    """How far a call has come: updates still to apply, and what the turns so far reported.

    `before`, `after` and `losses` are pairs of a step and the loss of the whole set there.
    """

    remaining: int
    before: tuple[int, float]
    after: tuple[int, float]
    applied: int = 0
    diverged: bool = False
    losses: list[tuple[int, float]] = field(default_factory=list)

    @classmethod
    def start(cls, session: Session, count: int, unit: Literal["step", "epoch"], limit: int) -> Progress:
        """Return the beginning of a call of at most `limit` updates; an epoch runs to its boundary."""
        updates = count
        if unit == "epoch":
            updates = session.steps_to_epoch_end() + (count - 1) * session.steps_per_epoch
        here = (session.step_count, session.loss)
        return cls(
            remaining=min(updates, limit), before=here, after=here, diverged=session.status == "diverged"
        )

    @classmethod
    def of(cls, told: Told) -> Progress:
        """Return the end of a call that was answered so."""
        return cls(0, told.before, told.after, told.applied, told.diverged, list(told.losses))

    def told(self, node: int, with_trace: bool) -> Told:
        """Return in short what the call answers."""
        return Told(
            node, with_trace, self.applied, self.diverged, self.before, self.after, tuple(self.losses)
        )

    @property
    def finished(self) -> bool:
        """Whether nothing is left to apply."""
        return self.remaining <= 0 or self.diverged

    def turn(self, session: Session, operations: int) -> None:
        """Apply as many updates as about `operations` multiplications allow, at least one."""
        report = session.step(
            min(self.remaining, max(1, operations // work_of_update(session)), MAXIMUM_STEPS)
        )
        self.applied += report.applied
        self.remaining -= report.applied
        self.diverged = report.diverged
        self.after = report.after
        self.losses = thin([*self.losses, *report.losses])


def work_of_update(session: Session) -> int:
    """Return about how many multiplications one update takes; the same whatever the machine."""
    # Forward, backward and update read every weight about three times a sample.
    return _OVERHEAD + 3 * session.network.parameter_count * session.training.batch.length(session.data.size)


def thin(losses: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """Return at most 64 of the pairs, evenly spread, the last one among them."""
    while len(losses) > MAX_LOSSES:
        losses = losses[(len(losses) + 1) % 2 :: 2]
    return losses
