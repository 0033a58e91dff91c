"""The one compute thread: every session is created, changed and read there, one command after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from app.problems import ProblemError

Result = TypeVar("Result")


class Runner:
    """Runs commands in arrival order in a single thread, so that sessions need no locks.

    A long command is cut into turns by its caller; each turn queues behind the others' commands.
    """

    def __init__(self, max_queued: int, retry_after: int) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="compute")
        self._max_queued = max_queued
        self._retry_after = retry_after
        self._queued = 0

    async def run(self, command: Callable[[], Result]) -> Result:
        """Return the command's result, or raise its error; 503 when too many commands wait already."""
        if self._queued >= self._max_queued:
            raise ProblemError("busy", 503, headers={"retry-after": str(self._retry_after)})
        self._queued += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, command)
        finally:
            self._queued -= 1

    def close(self) -> None:
        """Let the running command finish, drop the waiting ones, and end the thread."""
        self._thread.shutdown(wait=True, cancel_futures=True)
