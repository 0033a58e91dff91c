"""The reply that an event stream is, with a limit on how long a reader may leave it unread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable

from starlette.responses import Response
from starlette.types import Receive, Scope, Send


class EventStream(Response):
    """Server-sent events as they come; `closed` is called when the stream ends, however it ends.

    A connection that takes nothing for `patience` seconds is given up.
    """

    media_type = "text/event-stream"

    def __init__(
        self, events: AsyncGenerator[bytes, None], patience: float, closed: Callable[[], None]
    ) -> None:
        super().__init__(headers={"cache-control": "no-store", "x-accel-buffering": "no"})
        # Its length is not known before its end.
        del self.headers["content-length"]
        self._events = events
        self._patience = patience
        self._closed = closed
        # When the event under way was given to the connection. A timer for each would cost as much as it.
        self._since: float | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until there are no more, the reader has gone, or it does not read."""
        sending = asyncio.ensure_future(self._send(send))
        others = [asyncio.ensure_future(_disconnected(receive)), asyncio.ensure_future(self._unread())]
        try:
            await asyncio.wait({sending, *others}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._closed()
            for task in (sending, *others):
                task.cancel()
            results = await asyncio.gather(sending, *others, return_exceptions=True)
            # One that was left between two events still waits for its reader to go on.
            await self._events.aclose()
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        time = asyncio.get_running_loop().time
        async for event in self._events:
            self._since = time()
            await send({"type": "http.response.body", "body": event, "more_body": True})
            self._since = None
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _unread(self) -> None:
        """Return once an event has been under way for too long."""
        time = asyncio.get_running_loop().time
        while self._since is None or time() - self._since < self._patience:
            await asyncio.sleep(self._patience / 4)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
