"""The one compute thread: every session is created, changed, read and trained there."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol, TypeVar

from app.problems import ProblemError

Result = TypeVar("Result")

log = logging.getLogger(__name__)


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


class Runner:
    """Runs commands in arrival order, and between them one turn of one session's training after another.

    A single thread owns all sessions, so that they need no locks. Commands come first: a caller waits for at
    most one turn of training. A long command is cut into pieces by its caller; each queues behind the
    others' commands.
    """

    def __init__(self, max_queued: int, retry_after: int) -> None:
        self._max_queued = max_queued
        self._retry_after = retry_after
        self._commands: deque[Callable[[], None]] = deque()
        self._turns: deque[Turns] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="compute", daemon=True)
        self._thread.start()

    async def run(self, command: Callable[[], Result]) -> Result:
        """Return the command's result, or raise its error; 503 when too many commands wait already."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Result] = loop.create_future()

        def settle(result: Result | None, error: BaseException | None) -> None:
            if answer.done():
                return  # whoever asked has gone
            if error is None:
                answer.set_result(result)  # type: ignore[arg-type]
            else:
                answer.set_exception(error)

        def carry_out() -> None:
            result, error = None, None
            if not answer.cancelled():
                try:
                    result = command()
                # Whatever it is, it is the caller's: raised where the command was asked for.
                except BaseException as raised:
                    error = raised
            loop.call_soon_threadsafe(settle, result, error)

        with self._changed:
            if self._closed or len(self._commands) >= self._max_queued:
                raise ProblemError("busy", 503, headers={"retry-after": str(self._retry_after)})
            self._commands.append(carry_out)
            self._changed.notify()
        return await answer

    def begin(self, turns: Turns) -> None:
        """Let this work go on from now, in turn with the others; called in the compute thread."""
        self._turns.append(turns)

    async def stop(self) -> None:
        """End all training, in order: its readers are told, and no update is lost."""
        await self.run(self._stop)

    def _stop(self) -> None:
        while self._turns:
            self._turns.popleft().stop()

    def close(self) -> None:
        """Let the running command finish, drop what waits, and end the thread."""
        with self._changed:
            self._closed = True
            self._commands.clear()
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._closed and not self._commands and not self._is_due():
                    self._changed.wait(self._seconds_to_wait())
                if self._closed:
                    return
                waiting = list(self._commands)
                self._commands.clear()
            for command in waiting:
                command()
            self._next_turn()

    def _is_due(self) -> bool:
        now = time.perf_counter()
        return any(turns.due <= now for turns in self._turns)

    def _seconds_to_wait(self) -> float | None:
        if not self._turns:
            return None
        return max(0.0, min(turns.due for turns in self._turns) - time.perf_counter())

    def _next_turn(self) -> None:
        """Make one turn of the first work that is due; it then stands behind all the others."""
        now = time.perf_counter()
        for _ in range(len(self._turns)):
            turns = self._turns.popleft()
            if turns.due > now:
                self._turns.append(turns)
                continue
            try:
                goes_on = turns.turn()
            # One session's fault must not end the others' training; it is logged, its readers are told.
            except Exception:
                log.exception("training has failed")
                turns.failed()
                goes_on = False
            if goes_on:
                self._turns.append(turns)
            return
