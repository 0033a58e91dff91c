"""The one compute thread: every session is created, changed, read and trained there."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from app.problems import ProblemError

Result = TypeVar("Result")

log = logging.getLogger(__name__)
LONGEST_WAIT = 3600.0
# Seconds for which what turns have changed may wait for others': a class that trains is stored together.
TOGETHER = 0.05


class Turns(Protocol):
    """Work that goes on by itself, a short turn at a time, until it says that it has ended."""

    @property
    def due(self) -> float:
        """When the next turn may be made, by `time.perf_counter`."""

    def turn(self) -> bool:
        """Work for a millisecond or two; return whether more is to be done."""

    def failed(self) -> None:
        """End after an error, which has been logged."""

    def stop(self) -> None:
        """End now: the server is about to."""


class Commits(Protocol):
    """Who stores what commands and turns have changed."""

    @property
    def marks(self) -> int:
        """A number that rises whenever a change is marked."""

    @property
    def pending(self) -> bool:
        """Whether there is something to commit."""

    def commit(self) -> None:
        """Store all that is marked, or raise."""


class _Nothing:
    """Nothing is stored."""

    marks = 0
    pending = False

    def commit(self) -> None:
        """Store nothing."""


class _Command:
    """A call that an event loop waits for."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self._call = call
        self._loop = asyncio.get_running_loop()
        self.answer: asyncio.Future[Any] = self._loop.create_future()
        self._result: Any = None
        self._error: BaseException | None = None

    def carry_out(self) -> None:
        """Make the call, unless whoever asked has gone."""
        if self.answer.cancelled():
            return
        try:
            self._result = self._call()
        # Whatever it is, it is the caller's: raised where the command was asked for.
        except BaseException as raised:
            self._error = raised

    def tell(self, failure: BaseException | None = None) -> None:
        """Tell the call's result or its error; `failure`: what it did has come to nothing."""
        result, error = self._result, failure or self._error
        post(self._loop, lambda: self._settle(result, error))

    def drop(self) -> None:
        """Tell that the call is not made any more."""
        post(self._loop, self.answer.cancel)

    def _settle(self, result: Any, error: BaseException | None) -> None:
        if self.answer.done():
            return
        if error is None:
            self.answer.set_result(result)
        else:
            self.answer.set_exception(error)


def post(loop: asyncio.AbstractEventLoop, call: Callable[[], object]) -> None:
    """Let an event loop make a call; nothing happens if the loop has ended, and with it whoever waited."""
    try:
        loop.call_soon_threadsafe(call)
    except RuntimeError:
        log.debug("an answer came after its event loop had ended")


class Runner:
    """Runs commands in arrival order, and between them one turn of one session's training after another.

    A single thread owns all sessions, so that they need no locks. Commands come first: a caller waits for at
    most one turn of training. Those that come while others are carried out wait for one turn too, so that
    they cannot keep training from its turn for ever. A long command is cut into pieces by its caller; each
    queues behind the others' commands. With nothing to do, the thread sleeps.

    What the commands of a round have changed is committed at once, and who changed something is answered
    after that; what turns have marked is committed with it, or a moment later: nobody waits for that.
    """

    def __init__(self, max_queued: int, retry_after: int, commits: Commits | None = None) -> None:
        self._max_queued = max_queued
        self._commits = commits or _Nothing()
        # Commands that have changed something: they are answered once it is stored.
        self._changing: list[_Command] = []
        self._committed = 0.0
        self._retry_after = retry_after
        # Waiting for one of these costs half of what waiting for a condition does. None wakes the thread.
        self._commands: queue.SimpleQueue[_Command | None] = queue.SimpleQueue()
        # Work whose turn may be made now, in order, and work that waits for its time.
        self._ready: deque[Turns] = deque()
        self._later: list[tuple[float, int, Turns]] = []
        self._numbers = itertools.count()
        self._stopped = False
        self._closed = False
        self._thread: threading.Thread | None = None

    @property
    def waiting(self) -> int:
        """How many commands wait for the compute thread."""
        return self._commands.qsize()

    @property
    def training(self) -> int:
        """How many runs go on by themselves; one whose turn it is may not be counted."""
        return len(self._ready) + len(self._later)

    async def run(self, command: Callable[[], Result]) -> Result:
        """Return the command's result, or raise its error; 503 when too many commands wait already."""
        if self._closed or self._commands.qsize() >= self._max_queued:
            raise self.busy()
        return await self._queue(command)

    async def _queue(self, command: Callable[[], Result]) -> Result:
        queued = _Command(command)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="compute", daemon=True)
            self._thread.start()
        self._commands.put(queued)
        result: Result = await queued.answer
        return result

    def busy(self) -> ProblemError:
        """Return the refusal of what cannot be done now."""
        return ProblemError("busy", 503, headers={"retry-after": str(self._retry_after)})

    def begin(self, turns: Turns) -> None:
        """Let this work go on from now, in turn with the others; called in the compute thread.

        Raises the 503 of a busy server when it is about to end.
        """
        if self._stopped:
            raise self.busy()
        self._ready.append(turns)

    def wake(self, turns: Turns) -> None:
        """Let work that waits for its time be looked at again now; called in the compute thread."""
        kept = [entry for entry in self._later if entry[2] is not turns]
        if len(kept) < len(self._later):
            heapq.heapify(kept)
            self._later = kept
            self._ready.append(turns)

    async def stop(self) -> None:
        """End all training, in order: its readers are told, no update is lost, and nothing new begins."""
        if not self._closed:
            await self._queue(self._stop)

    def _stop(self) -> None:
        self._stopped = True
        ending = [*self._ready, *(entry[2] for entry in self._later)]
        self._ready.clear()
        self._later.clear()
        for turns in ending:
            self._guarded(turns, turns.stop)

    def close(self) -> None:
        """Let the running command finish, drop what waits, and end the thread; from the loop's thread."""
        self._closed = True
        with contextlib.suppress(queue.Empty):
            while True:
                self._carry_out(self._commands.get_nowait())
        self._commands.put(None)
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while not self._closed:
            seconds = self._seconds_to_wait()
            if seconds != 0.0:
                with contextlib.suppress(queue.Empty):
                    self._carry_out(self._commands.get(timeout=seconds))
            with contextlib.suppress(queue.Empty):
                # Those that wait now, not those that come meanwhile: training is to have its turn too.
                for _ in range(self._commands.qsize()):
                    self._carry_out(self._commands.get_nowait())
            if self._changing:
                self._commit()
            if not self._closed:
                self._next_turn()
                # With nothing more to do the thread would sleep on it.
                if not self._ready or time.perf_counter() - self._committed > TOGETHER:
                    self._commit()
        self._commit()

    def _commit(self) -> None:
        """Store what has changed, then answer."""
        if not self._commits.pending and not self._changing:
            return
        failure: BaseException | None = None
        self._committed = time.perf_counter()
        try:
            self._commits.commit()
        except Exception as error:
            failure = error
        changing, self._changing = self._changing, []
        for command in changing:
            command.tell(failure)

    def _carry_out(self, command: _Command | None) -> None:
        if command is None:
            return
        if self._closed:
            command.drop()
            return
        marks = self._commits.marks
        command.carry_out()
        if self._commits.marks == marks:
            command.tell()
        else:
            self._changing.append(command)

    def _seconds_to_wait(self) -> float | None:
        """Return for how long there is nothing to do but for commands that come, None: as far as is known."""
        if self._ready:
            return 0.0
        if not self._later:
            return None
        # No lock waits for ages, which a very slow pace may ask for.
        return min(max(0.0, self._later[0][0] - time.perf_counter()), LONGEST_WAIT)

    def _next_turn(self) -> None:
        """Make one turn of the first work that is due; it then stands behind all the others."""
        now = time.perf_counter()
        while self._later and self._later[0][0] <= now:
            self._ready.append(heapq.heappop(self._later)[2])
        if not self._ready:
            return
        turns = self._ready.popleft()
        if self._guarded(turns, turns.turn):
            due = turns.due
            if due <= now:
                self._ready.append(turns)
            else:
                heapq.heappush(self._later, (due, next(self._numbers), turns))

    def _guarded(self, turns: Turns, call: Callable[[], Result]) -> Result | None:
        """Make a call of one session's work: its fault must not end the others' training, or this thread."""
        try:
            return call()
        except Exception:
            log.exception("training has failed")
        try:
            turns.failed()
        except Exception:
            log.exception("training that failed could not be ended in order")
        return None
