"""A reader of a run: gets the latest frame whenever it is ready for one, and the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from app.runner import post
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
    state of the moment. `seen` is the step of its last frame: the next one tells the losses since; `due` is
    when it is to have that.
    """

    def __init__(self, view: View, keep_alive_seconds: float) -> None:
        self.view = view
        self.seen = 0
        self.due = 0.0
        # Set by whoever has the frame: the compute thread when it hands one over, the loop once it is sent.
        self.waits = True
        self._keep_alive = keep_alive_seconds
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self._frame: bytes | None = None
        self._end: bytes | None = None

    def deliver(self, frame: bytes, step: int) -> None:
        """Hand over a frame to a reader that waits for one; called in the compute thread."""
        self.waits = False
        self.seen = step
        post(self._loop, lambda: self._take(frame, None))

    def end(self, last: bytes) -> None:
        """Hand over what ends the stream, to follow a frame under way; called in the compute thread."""
        self.waits = False
        post(self._loop, lambda: self._take(None, last))

    def _take(self, frame: bytes | None, last: bytes | None) -> None:
        self._frame = self._frame if frame is None else frame
        self._end = self._end if last is None else last
        self._arrived.set()

    async def events(self) -> AsyncIterator[bytes]:
        """Yield frames until the end, which is the last."""
        while True:
            try:
                async with asyncio.timeout(self._keep_alive):
                    await self._arrived.wait()
            except TimeoutError:
                yield KEEP_ALIVE
                continue
            self._arrived.clear()
            if self._frame is not None:
                frame, self._frame = self._frame, None
                yield frame
                # Nothing is asked for while a frame is still on its way to a slow connection.
                self.waits = self._end is None
            if self._end is not None:
                yield self._end
                return
