"""Around everything: counts every request and logs it, refusals at the door included."""

from __future__ import annotations

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.metrics import Metrics
from app.problems import CLIENT_GONE

log = logging.getLogger(__name__)
# What a request is counted under that reached no route: an unknown address, or refused at the door.
NO_ROUTE = "none"


class Observer:
    """ASGI middleware that tells of requests by the route's template, never by the address itself.

    An address may hold an access code or a session's id, which lets in whoever has it.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, prefix: str) -> None:
        self.app = app
        self._metrics = metrics
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = "gone"

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start" and message["status"] != CLIENT_GONE:
                status = str(message["status"])
                self._metrics.replied(
                    scope["method"], self._route(scope), status, time.perf_counter() - started
                )
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            seconds = time.perf_counter() - started
            if status == "gone":
                self._metrics.replied(scope["method"], self._route(scope), status, seconds)
            if log.isEnabledFor(logging.INFO):
                self._tell(scope["method"], self._route(scope), status, round(1000 * seconds, 1))

    def _tell(self, method: str, route: str, status: str, milliseconds: float) -> None:
        fields = {"method": method, "route": route, "status": status, "milliseconds": milliseconds}
        log.info("%s %s %s %s ms", method, route, status, milliseconds, extra=fields)

    def _route(self, scope: Scope) -> str:
        """Return the template of the route that was found: `/api/v1/sessions/{id}/step`."""
        route = scope.get("route")
        if route is not None:
            inside = scope["path"].startswith(f"{self._prefix}/")
            return f"{self._prefix if inside else ''}{route.path}"
        if scope.get("root_path"):
            return str(scope["root_path"])
        # A route without parameters is its own template.
        return str(scope["path"]) if "endpoint" in scope else NO_ROUTE
