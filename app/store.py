"""Where the sessions live: an interface, and the store of a single process in memory."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from app.problems import ProblemError
from app.schemas.data import DataReply
from app.schemas.session import ElementReply, RunReply, StepReply
from core.features import Feature
from core.network import DataSet
from core.session import Session


class RunUnderWay(Protocol):
    """Training that goes on by itself, or the last that did; the compute thread's."""

    @property
    def reason(self) -> str | None:
        """Why it ended, None while it goes on."""

    def pause(self) -> None:
        """End it where it stands."""

    def reply(self) -> RunReply:
        """Return how far it has come."""


@dataclass(eq=False)
class Handle:
    """A stored session. Only the compute thread touches `session`; `lock` keeps its commands in order."""

    id: str
    session: Session
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    # First replies under their idempotency keys, the oldest first.
    replies: OrderedDict[str, StepReply] = field(default_factory=OrderedDict)
    used: float = 0.0
    # What its user calls it, among others that it is compared with.
    label: str | None = None
    # What is large and seldom changes is presented once.
    data: tuple[DataSet, DataReply] | None = None
    elements: tuple[tuple[Feature, ...], list[ElementReply]] | None = None
    parts: dict[str, tuple[object, object]] = field(default_factory=dict)
    run: RunUnderWay | None = None
    # It was deleted: commands that waited must not begin anything any more.
    gone: bool = False

    @property
    def is_training(self) -> bool:
        """Whether training goes on by itself."""
        return self.run is not None and self.run.reason is None

    def require_idle(self) -> None:
        """Raise 409 while training goes on: what was asked for would be about a state that is gone."""
        if self.is_training:
            raise ProblemError("training", 409)


class SessionStore(Protocol):
    """What the routes need of a store."""

    def create(self, session: Session) -> Handle:
        """Keep a new session under a fresh id; 503 when the store is full."""

    def get(self, id: str) -> Handle:
        """Return the session; 404 for an id that is unknown or no longer kept."""

    def delete(self, id: str) -> None:
        """Forget the session; 404 for an id that is unknown or no longer kept."""

    def ready(self) -> str | None:
        """Return why nothing can be kept at present, None where all is well; called in the event loop."""

    def __len__(self) -> int:
        """Return how many sessions are live."""


class MemoryStore:
    """Sessions of one process, gone when it ends; those that are idle for too long are forgotten."""

    def __init__(
        self,
        max_sessions: int,
        idle_seconds: float,
        retry_after: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._handles: OrderedDict[str, Handle] = OrderedDict()  # the longest unused first
        self._max_sessions = max_sessions
        self._idle_seconds = idle_seconds
        self._retry_after = retry_after
        self._clock = clock

    def __len__(self) -> int:
        return len(self._handles)

    def create(self, session: Session) -> Handle:
        """Keep a new session under a fresh id of 128 random bits; 503 when the store is full."""
        self._forget_idle()
        if len(self._handles) >= self._max_sessions:
            raise ProblemError(
                "sessions-full",
                503,
                limit=self._max_sessions,
                headers={"retry-after": str(self._retry_after)},
            )
        handle = Handle(secrets.token_urlsafe(16), session, used=self._clock())
        self._handles[handle.id] = handle
        return handle

    def get(self, id: str) -> Handle:
        """Return the session; 404 for an id that is unknown or no longer kept."""
        self._forget_idle()
        handle = self._handles.get(id)
        if handle is None:
            raise ProblemError("session-not-found", 404)
        handle.used = self._clock()
        self._handles.move_to_end(id)
        return handle

    def ready(self) -> str | None:
        """Return None: memory can always be written."""
        return None

    def delete(self, id: str) -> None:
        """Forget the session; 404 for an id that is unknown or no longer kept."""
        self.get(id)
        del self._handles[id]

    def _forget_idle(self) -> None:
        oldest_kept = self._clock() - self._idle_seconds
        while self._handles:
            first = next(iter(self._handles.values()))
            if first.used >= oldest_kept or first.lock.locked():
                return
            if first.is_training:
                # Training is use.
                first.used = self._clock()
                self._handles.move_to_end(first.id)
                continue
            del self._handles[first.id]
