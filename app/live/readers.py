"""A reader of a run: gets the latest frame whenever it is ready for one, and the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from functools import partial

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
        # Whether nothing has come since the last look.
        self._quiet = False

    def end(self, last: bytes) -> None:
        """Hand over what ends the stream, to follow a frame under way; called in the compute thread."""
        self.waits = False
        post(self._loop, lambda: self._take(None, last))

    def _take(self, frame: bytes | None, last: bytes | None) -> None:
        self._frame = self._frame if frame is None else frame
        self._end = self._end if last is None else last
        self._arrived.set()

    @staticmethod
    def deliver(frames: Sequence[tuple[Reader, bytes]], step: int) -> None:
        """Hand over frames to readers that wait for one; called in the compute thread.

        All at once: waking an event loop for every reader would cost more than making the frame.
        """
        loops: dict[asyncio.AbstractEventLoop, list[tuple[Reader, bytes]]] = {}
        for reader, frame in frames:
            reader.waits = False
            reader.seen = step
            loops.setdefault(reader._loop, []).append((reader, frame))
        for loop, handed in loops.items():
            post(loop, partial(_hand_over, handed))

    async def events(self) -> AsyncGenerator[bytes, None]:
        """Yield frames until the end, which is the last."""
        ticking = asyncio.ensure_future(self._tick())
        try:
            while True:
                await self._arrived.wait()
                self._arrived.clear()
                self._quiet = False
                if self._frame is not None:
                    frame, self._frame = self._frame, None
                    yield frame
                    # Nothing is asked for while a frame is still on its way to a slow connection.
                    self.waits = self._end is None
                elif self._end is None:
                    yield KEEP_ALIVE
                if self._end is not None:
                    yield self._end
                    return
        finally:
            ticking.cancel()

    async def _tick(self) -> None:
        """Let something be said where nothing was for a while; a limit on each wait would cost far more."""
        while True:
            await asyncio.sleep(self._keep_alive / 2)
            if self._quiet:
                self._arrived.set()
            self._quiet = True


def _hand_over(frames: Sequence[tuple[Reader, bytes]]) -> None:
    for reader, frame in frames:
        reader._take(frame, None)
