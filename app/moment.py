"""A session as it stood at one of its steps."""

from __future__ import annotations

from dataclasses import dataclass

from core.session import Session
from core.training import Problem, Snapshot


@dataclass(frozen=True)
class Moment:
    """What was being trained, and the state it had."""

    problem: Problem
    snapshot: Snapshot


def moment(session: Session, step: int | None) -> Moment:
    """Return the moment before update `step` on the present branch, by default now; NotRecordedError if none.

    The session goes there and comes back: an edit since then may have changed the data or the loss.
    """
    here = session.node
    if step is None or step == session.step_count:
        return Moment(session.problem, session.snapshot)
    session.seek_step(step)
    try:
        return Moment(session.problem, session.snapshot)
    finally:
        session.seek_node(here)
