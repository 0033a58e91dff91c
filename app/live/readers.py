"""A reader of a run: gets the latest frame whenever it is ready for one, and the end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from app.schemas.live import BoundaryInput

# Said when nothing else is to be said, so that neither side takes the connection for dead.
KEEP_ALIVE = b": waiting\n\n"


@dataclass(frozen=True)
class View:
    """What a reader wants to see: how often, and with which map."""

    frames_per_second: float
    boundary: BoundaryInput | None


class Reader:
    """One reader's place for one frame. The compute thread fills it, the event loop empties it.

    A frame is only made for a reader that waits for one, so a slow reader costs nothing and always gets the
    state of the moment.
    """

    def __init__(self, view: View, keep_alive_seconds: float) -> None:
        self.view = view
        # The step of its last frame: the next one tells the losses since.
        self.seen = 0
        self._due = 0.0
        self._waits = False
        self._keep_alive = keep_alive_seconds
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self._frame: bytes | None = None
        self._end: bytes | None = None

    def is_ready(self, now: float) -> bool:
        """Whether a frame may be made for it; asked by the compute thread."""
        return self._waits and now >= self._due

    def deliver(self, frame: bytes, step: int) -> None:
        """Hand over a frame; called in the compute thread."""
        self._waits = False
        self._due = time.perf_counter() + 1.0 / self.view.frames_per_second
        self.seen = step
        self._loop.call_soon_threadsafe(self._take, frame)

    def end(self, last: bytes) -> None:
        """Hand over the last event; called in the compute thread."""
        self._loop.call_soon_threadsafe(self._finish, last)

    def _take(self, frame: bytes) -> None:
        self._frame = frame
        self._arrived.set()

    def _finish(self, last: bytes) -> None:
        self._end = last
        self._arrived.set()

    async def events(self) -> AsyncIterator[bytes]:
        """Yield frames until the end, which is the last event."""
        while True:
            # Nothing is asked for while the event before is still on its way to a slow connection.
            self._waits = self._end is None
            try:
                async with asyncio.timeout(self._keep_alive):
                    await self._arrived.wait()
            except TimeoutError:
                yield KEEP_ALIVE
                continue
            self._arrived.clear()
            frame, self._frame = self._frame, None
            if frame is not None:
                yield frame
            if self._end is not None:
                yield self._end
                return
