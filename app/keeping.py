"""What has changed is stored, one transaction for all of it; the compute thread's."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import astuple
from typing import Any

from app.problems import ProblemError
from app.schemas.session import RunReply
from app.stepping import Told, work_of_update
from app.storage.engine import Batch, Engine, StorageError
from app.store import Content, Handle
from core.session.packing import UnreadableError, pack, unpack
from core.session.storing import Scribe, restored

log = logging.getLogger(__name__)
# Reading a session again repeats updates of about so many multiplications at most.
_REPEATED = 20_000_000
# Entries may take as much room as the image, and at least so many bytes.
_ENTRY_BYTES = 64 * 1024
# How old the stored time of a session's last use may be.
_NOTED_SECONDS = 60.0
_STATUSES = {"full": ("storage-full", 507), "failed": ("storage-failed", 503)}


class Keeper:
    """Writes down the sessions that have changed, and reads them again.

    Every change is marked by `changed` or `deleted` in the compute thread. `commit` stores all that is
    marked; where that fails nothing of it is stored, and memory goes back to what is.
    """

    def __init__(
        self, engine: Engine, retry_after: int, keys_kept: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._engine = engine
        self._retry_after = retry_after
        self._keys_kept = keys_kept
        self._clock = clock
        self._pending: dict[str, Handle] = {}
        self._deleted: dict[str, Handle] = {}
        # Ids that the event loop has forgotten.
        self._forgotten: deque[str] = deque()
        # Rises with every mark.
        self.marks = 0
        # The code of why nothing could be stored the last time, None where it could.
        self._trouble: str | None = None

    def changed(self, handle: Handle) -> None:
        """Let the session be stored with the next commit, if anything of it has changed, and weigh it."""
        if handle.gone:
            return
        content = handle.content
        # What a mere look at it needed takes memory too.
        handle.bytes = content.session.kept_bytes
        if content.scribe is None or content.scribe.changed or content.notes:
            self._pending[handle.id] = handle
            self.marks += 1

    def deleted(self, handle: Handle) -> None:
        """Let the session be stored no more from the next commit on."""
        handle.gone = True
        self._deleted[handle.id] = handle
        self.marks += 1

    def forget(self, id: str) -> None:
        """Delete a session that nobody has used for long, with some later commit; from any thread."""
        self._forgotten.append(id)

    @property
    def pending(self) -> bool:
        """Whether there is something to commit."""
        return bool(self._pending or self._deleted)

    def commit(self) -> None:
        """Store all that is marked, in one transaction; ProblemError where that cannot be done."""
        pending, deleted, batch = self._pending, self._deleted, Batch()
        self._pending, self._deleted = {}, {}
        try:
            batch.deleted.update(deleted)
            while self._forgotten:
                batch.deleted.add(self._forgotten.popleft())
            for handle in pending.values():
                if handle.id not in deleted:
                    self._write_down(handle, batch)
            self._engine.write(batch)
        except Exception as error:
            problem = self._problem(error)
            for handle in pending.values():
                if handle.run is not None and handle.is_training:
                    handle.run.give_up(problem.code)
                handle.take_back()
            for handle in deleted.values():
                handle.gone = False
            raise problem from error
        self._trouble = None

    def ready(self) -> str | None:
        """Return the code of why nothing can be stored at present, None where it can; from any thread."""
        return self._trouble

    def look(self) -> None:
        """Look whether something can be stored again, after it could not."""
        if self._trouble is not None:
            try:
                self._engine.probe()
            except StorageError:
                return
            self._trouble = None

    def _problem(self, error: Exception) -> ProblemError:
        if not isinstance(error, StorageError):
            log.error("sessions could not be written down", exc_info=error)
            return ProblemError("internal", 500)
        log.error("nothing could be stored: %s", error)
        code, status = _STATUSES.get(error.kind, _STATUSES["failed"])
        self._trouble = code
        return ProblemError(code, status, headers={"retry-after": str(self._retry_after)})

    def _write_down(self, handle: Handle, batch: Batch) -> None:
        content = handle.content
        session = content.session
        problem = session.problem
        if content.apart[0] is not problem:
            content.apart = (problem, max(1, _REPEATED // work_of_update(session)))
        apart = content.apart[1]
        entry = None
        if content.scribe is None:
            content.scribe = Scribe(session)
        else:
            entry = pack({**content.scribe.changes(apart), **content.notes})
        if entry is None or content.entry_bytes + len(entry) > max(_ENTRY_BYTES, content.image_bytes):
            image = pack({**content.scribe.image(apart), **_belongings(handle)})
            batch.images[handle.id] = image
            content.image_bytes, content.entries, content.entry_bytes = len(image), 0, 0
        else:
            batch.entries.append((handle.id, content.entries, entry))
            content.entries += 1
            content.entry_bytes += len(entry)
        content.notes.clear()
        now = self._clock()
        if now - handle.noted > _NOTED_SECONDS or entry is None:
            batch.used[handle.id] = handle.noted = now

    def read(self, handle: Handle) -> Content:
        """Return the session as it is stored; 404 where it is not, 500 where it cannot be read."""
        try:
            stored = self._engine.load(handle.id)
            if stored is None:
                raise ProblemError("session-not-found", 404)
            image, entries = unpack(stored.image), [unpack(entry) for entry in stored.entries]
            scribe = restored(image, entries)
        except (StorageError, UnreadableError) as error:
            log.error("a session could not be read: %s", error)
            if isinstance(error, StorageError) and error.kind != "damaged":
                raise self._problem(error) from error
            raise ProblemError("session-unreadable", 500) from error
        content = Content(scribe.session, scribe=scribe)
        content.image_bytes, content.entries = len(stored.image), len(entries)
        content.entry_bytes = sum(map(len, stored.entries))
        run = None
        for part in (image, *entries):
            content.label = part.get("label", content.label)
            for key, told in (*part.get("replies", ()), *([part["reply"]] if "reply" in part else ())):
                content.replies[key] = (None, Told(*told))
            run = part.get("run", run)
        while len(content.replies) > self._keys_kept:
            content.replies.popitem(last=False)
        if handle.run is None and run is not None:
            handle.run = KeptRun(run)
        return content

    def close(self, handles: tuple[Handle, ...]) -> None:
        """Store when these sessions were used last, and let go of the store."""
        batch = Batch(used={handle.id: handle.used for handle in handles}, deleted=set(self._forgotten))
        try:
            self._engine.write(batch)
        except StorageError as error:
            log.error("nothing could be stored: %s", error)
        self._engine.close()


class KeptRun:
    """A run of an earlier process: it has ended, or was cut off by that process's end."""

    def __init__(self, stored: dict[str, Any]) -> None:
        reply = RunReply(**stored)
        self._reply = reply.model_copy(update={"reason": reply.reason or "interrupted", "seconds_left": None})
        self.reason: str | None = self._reply.reason

    def pause(self) -> None:
        """Stay as it is."""

    def give_up(self, code: str) -> None:
        """Stay as it is."""

    def reply(self) -> RunReply:
        """Return how far it had come."""
        return self._reply


def _belongings(handle: Handle) -> dict[str, Any]:
    """Return what an image holds beside the session."""
    content = handle.content
    return {
        "label": content.label,
        "replies": [(key, astuple(told)) for key, (_, told) in content.replies.items()],
        "run": None if handle.run is None else handle.run.reply().model_dump(),
    }
