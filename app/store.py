"""The sessions: which there are, which of them are in memory, and how many may be."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass, field
from typing import Any, Protocol
from weakref import WeakValueDictionary

from app.problems import ProblemError
from app.schemas.data import DataReply
from app.schemas.session import ElementReply, RunReply, StepReply
from app.stepping import Told
from core.features import Feature
from core.network import DataSet
from core.session import Session
from core.session.storing import Scribe


class RunUnderWay(Protocol):
    """Training that goes on by itself, or the last that did; the compute thread's."""

    @property
    def reason(self) -> str | None:
        """Why it ended, None while it goes on."""

    def pause(self) -> None:
        """End it where it stands."""

    def give_up(self, code: str) -> None:
        """End it for an error, without anything more being stored."""

    def reply(self) -> RunReply:
        """Return how far it has come."""


@dataclass(eq=False)
class Content:
    """What is stored of a session, in memory; the compute thread's."""

    session: Session
    label: str | None = None
    # First replies under their idempotency keys, the oldest first: whole, and in short. Those that were read
    # again are there in short only.
    replies: OrderedDict[str, tuple[StepReply | None, Told]] = field(default_factory=OrderedDict)
    # What is large and seldom changes is presented once.
    data: tuple[DataSet, DataReply] | None = None
    elements: tuple[tuple[Feature, ...], list[ElementReply]] | None = None
    parts: dict[str, tuple[object, object]] = field(default_factory=dict)
    # For whoever stores it: what else has changed, and what is stored already.
    notes: dict[str, Any] = field(default_factory=dict)
    scribe: Scribe | None = None
    # How many updates apart states are stored, while this is what is trained.
    apart: tuple[object, int] = (None, 1)
    image_bytes: int = 0
    entries: int = 0
    entry_bytes: int = 0


class Handle:
    """A session by its id. Only the compute thread touches `session` and what belongs to it.

    The session is read from the store when it is first asked for. `lock` keeps its commands in order.
    """

    def __init__(
        self, id: str, session: Session | None = None, read: Callable[[Handle], Content] | None = None
    ) -> None:
        self.id = id
        self._read = read
        self._content = None if session is None else Content(session)
        self.lock = asyncio.Lock()
        self.used = 0.0
        # When that was last stored.
        self.noted = 0.0
        # About how much memory it takes, and what the store has counted of that.
        self.bytes = 0
        self.counted = 0
        self.run: RunUnderWay | None = None
        # It was deleted: commands that waited must not begin anything any more.
        self.gone = False

    @property
    def content(self) -> Content:
        """The session and what belongs to it; 404 where the store has it no more."""
        if self._content is None:
            assert self._read is not None
            self._content = self._read(self)
        return self._content

    @property
    def session(self) -> Session:
        """The session itself."""
        return self.content.session

    @property
    def label(self) -> str | None:
        """What its user calls it, among others that it is compared with."""
        return self.content.label

    @label.setter
    def label(self, label: str | None) -> None:
        self.content.label = self.content.notes["label"] = label

    def remember(self, key: str, reply: StepReply, told: Told, limit: int) -> None:
        """Keep the first reply under an idempotency key, the last `limit` of them."""
        content = self.content
        content.replies[key] = (reply, told)
        content.notes["reply"] = (key, astuple(told))
        while len(content.replies) > limit:
            content.replies.popitem(last=False)

    def take_back(self) -> None:
        """Forget what is in memory: what is stored counts."""
        self._content = None

    @property
    def is_training(self) -> bool:
        """Whether training goes on by itself."""
        return self.run is not None and self.run.reason is None

    def require_kept(self) -> None:
        """Raise 404 once the session was deleted: who waited behind that is not to change anything."""
        if self.gone:
            raise ProblemError("session-not-found", 404)

    def require_idle(self) -> None:
        """Raise 409 while training goes on: what was asked for would be about a state that is gone."""
        if self.is_training:
            raise ProblemError("training", 409)


@dataclass(frozen=True)
class Limits:
    """How many sessions there may be, and for how long; seconds and bytes."""

    sessions: int = 10_000
    live: int = 1000
    live_bytes: int = 512_000_000
    idle_seconds: float = 3600.0
    kept_seconds: float = 86400.0
    retry_after: int = 30


class SessionStore:
    """Every session's handle by its id, in the event loop.

    All are stored; those used last are in memory too. One that was idle for long, or for which there is no
    room, is let go of, and read again when it is asked for. What nobody asked for long enough is forgotten.
    """

    def __init__(
        self,
        limits: Limits,
        ids: Iterable[tuple[str, float]] = (),
        read: Callable[[Handle], Content] | None = None,
        forget: Callable[[str], None] = lambda id: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Begin with the stored sessions `ids`, each with when it was last used, the longest unused first."""
        self._limits = limits
        self._read = read
        self._forget = forget
        self._clock = clock
        # When each was used last, the longest unused first.
        self._used: OrderedDict[str, float] = OrderedDict(ids)
        # Those in memory, in the same order.
        self._live: OrderedDict[str, Handle] = OrderedDict()
        # A session has one handle at a time, also where somebody holds one that was let go of.
        self._known: WeakValueDictionary[str, Handle] = WeakValueDictionary()
        self._looked = 0
        # Bytes of those in memory.
        self._total = 0

    def __len__(self) -> int:
        return len(self._used)

    @property
    def live(self) -> tuple[Handle, ...]:
        """The handles in memory."""
        return tuple(self._live.values())

    def create(self, session: Session) -> Handle:
        """Give a new session a fresh id of 128 random bits; 503 when the store is full."""
        self._tidy(room_for=1)
        if len(self._used) >= self._limits.sessions:
            raise self._full(self._limits.sessions)
        if len(self._live) >= self._limits.live:
            raise self._full(self._limits.live)
        handle = Handle(secrets.token_urlsafe(16), session, self._read)
        self._take_in(handle)
        return handle

    def get(self, id: str) -> Handle:
        """Return the session's handle; 404 for an id that is unknown or no longer kept."""
        handle = self._live.get(id)
        self._looked += 1
        if handle is None or self._looked % 100 == 0:
            self._tidy(room_for=handle is None)
            if id not in self._used:
                raise ProblemError("session-not-found", 404)
            handle = self._known.get(id) or Handle(id, None, self._read)
        self._take_in(handle)
        return handle

    def weighed(self, handle: Handle) -> None:
        """Count how much memory a session takes now, and let go of others where that is too much."""
        if handle.id in self._live:
            self._total += handle.bytes - handle.counted
            handle.counted = handle.bytes
            if self._total > self._limits.live_bytes:
                self._tidy()

    def require_room_for_training(self) -> None:
        """Raise 503 where no other run may begin: sessions that train cannot be let go of."""
        taken = sum(handle.counted for handle in self._live.values() if handle.is_training)
        if taken >= self._limits.live_bytes:
            raise ProblemError("training-full", 503, headers={"retry-after": str(self._limits.retry_after)})

    def ready(self) -> str | None:
        """Return None: memory can always be written."""
        return None

    def delete(self, id: str) -> None:
        """Forget the session, which is stored no more."""
        self._used.pop(id, None)
        self._known.pop(id, None)
        if id in self._live:
            self._let_go(self._live[id])

    def _take_in(self, handle: Handle) -> None:
        handle.used = self._used[handle.id] = self._clock()
        if handle.id not in self._live:
            handle.counted = handle.bytes
            self._total += handle.counted
        self._live[handle.id] = self._known[handle.id] = handle
        self._used.move_to_end(handle.id)
        self._live.move_to_end(handle.id)

    def _let_go(self, handle: Handle) -> None:
        del self._live[handle.id]
        self._total -= handle.counted

    def _full(self, limit: int) -> ProblemError:
        headers = {"retry-after": str(self._limits.retry_after)}
        return ProblemError("sessions-full", 503, limit=limit, headers=headers)

    def _tidy(self, room_for: int = 0) -> None:
        """Forget what was unused for too long; let go of what is idle, or too much for the memory."""
        now, limits = self._clock(), self._limits
        while self._used:
            id, used = next(iter(self._used.items()))
            if used >= now - limits.kept_seconds:
                break
            handle = self._known.get(id)
            if handle is not None and _busy(handle):
                self._take_in(handle)
                continue
            self.delete(id)
            self._forget(id)
        for handle in self.live:
            idle = handle.used < now - limits.idle_seconds
            # The one used last stays, whatever it takes: it would be read again at once.
            fits = self._total <= limits.live_bytes or len(self._live) == 1
            if not idle and fits and len(self._live) + room_for <= limits.live:
                break
            if not _busy(handle):
                self._let_go(handle)


def _busy(handle: Handle) -> bool:
    """Whether something is going on with a session: it is not to be let go of."""
    return handle.is_training or handle.lock.locked()
