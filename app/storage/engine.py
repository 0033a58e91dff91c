"""What is asked of whatever stores sessions: an embedded database now, a shared one later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, Protocol

Failure = Literal["full", "damaged", "failed"]


class StorageError(Exception):
    """The store could not do it and has changed nothing; the reason is for the log and who runs the server.

    `full`: no room, on the disk or by the setting. `damaged`: what is stored cannot be read. `failed`: any
    other fault, such as a disk that has gone.
    """

    def __init__(self, kind: Failure, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


@dataclass(frozen=True)
class Stored:
    """One session: its image, and the entries since, in order."""

    image: bytes
    entries: tuple[bytes, ...]


@dataclass
class Batch:
    """What is written in one transaction, by session id.

    An image takes the place of the earlier one and of all entries. Entries have numbers that rise by one from
    the image on, beginning with 0. `used` are seconds since 1970.
    """

    images: dict[str, bytes] = field(default_factory=dict)
    entries: list[tuple[str, int, bytes]] = field(default_factory=list)
    used: dict[str, float] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)


class Engine(Protocol):
    """A store of bytes. One thread at a time calls it."""

    def ids(self) -> Iterable[tuple[str, float]]:
        """Return every session's id and when it was last used, the longest unused first."""

    def load(self, id: str) -> Stored | None:
        """Return a session, None if it is not stored. Raises StorageError."""

    def write(self, batch: Batch) -> None:
        """Store all of it, or nothing. Raises StorageError."""

    def probe(self) -> None:
        """Raise StorageError unless something can be written now."""

    def close(self) -> None:
        """Let go of it."""
