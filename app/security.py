"""Who gets in: the host, the origin, the size of a body; and the headers that keep a page to itself."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import ipaddress
import re

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.assets import import_map
from app.gate import Gate
from app.i18n import scope_language
from app.problems import ProblemError, problem_response
from app.settings import Settings

_HOST = re.compile(r"(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::\d{1,5})?", re.ASCII | re.IGNORECASE)
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def script_hash(script: str) -> str:
    """Return the source that allows exactly this inline script (Content Security Policy, level 3)."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def content_security_policy() -> str:
    """Return the policy: nothing but this server's own files, and no inline script but the import map."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {script_hash(import_map())}",
            "style-src 'self'",
            "font-src 'self'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class Guard:
    """ASGI middleware around everything: refuses strangers at the door, adds headers to every reply."""

    def __init__(self, app: ASGIApp, settings: Settings, gate: Gate) -> None:
        self.app = app
        self.settings = settings
        self._gate = gate
        self._headers = _security_headers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            # There are none, and none shall come in past what follows.
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = list(message.get("headers", ()))
                # The page that asks for the access code has a referrer policy of its own.
                names = {name for name, _ in own}
                added = (header for header in self._headers if header[0] not in names)
                message = {**message, "headers": [*own, *added]}
            await send(message)

        answer = self._answer(scope)
        await (self.app if answer is None else answer)(scope, receive, send_with_headers)

    def _answer(self, scope: Scope) -> Response | None:
        """Return what is answered at the door, None for a request that may come in."""
        headers: dict[bytes, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name, []).append(value.decode("latin-1"))
        refusal = self._refusal(scope, headers)
        if refusal is None:
            try:
                return self._gate.answer(scope, headers)
            except ProblemError as error:
                refusal = error
        return problem_response(refusal, scope_language(scope))

    def _refusal(self, scope: Scope, headers: dict[bytes, list[str]]) -> ProblemError | None:
        """Return why a request is refused whoever sends it, None if it is not."""
        hosts = headers.get(b"host", [])
        match = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if match is None:
            return ProblemError("host-malformed", 400)
        if not self._is_ours(match[1].lower()):
            return ProblemError("host-not-allowed", 421)
        if scope["method"] not in _SAFE_METHODS and not self._same_origin(hosts[0], headers):
            return ProblemError("cross-origin", 403)
        return self._too_large(headers.get(b"content-length", []))

    def _is_ours(self, name: str) -> bool:
        """Whether the server answers to this name.

        With an access code it answers to its addresses too: only a name can be made to lead elsewhere (DNS
        rebinding), and which address a class reaches it at, it cannot always know.
        """
        if name in self.settings.allowed_hosts:
            return True
        return self.settings.access_token is not None and _is_address(name)

    def _same_origin(self, host: str, headers: dict[bytes, list[str]]) -> bool:
        """Whether a browser says that the request comes from this server's own page; scripts say nothing."""
        own = (f"http://{host}".lower(), f"https://{host}".lower())
        origins = headers.get(b"origin", [])
        sites = headers.get(b"sec-fetch-site", [])
        return (
            len(origins) <= 1
            and all(origin.lower() in own for origin in origins)
            and all(site in ("same-origin", "none") for site in sites)
        )

    def _too_large(self, lengths: list[str]) -> ProblemError | None:
        """Return the refusal of a body whose declared length is too large; nothing of it has been read."""
        limit = self.settings.max_body_bytes
        for length in lengths:
            # Longer than ten digits is too large without looking at the number.
            if not length.isdecimal() or len(length) > 10 or int(length) > limit:
                return ProblemError("body-too-large", 413, limit=limit, headers={"connection": "close"})
        return None


def _is_address(name: str) -> bool:
    """Whether a host is written as an address, not as a name."""
    with contextlib.suppress(ValueError):
        return bool(ipaddress.ip_address(name.removeprefix("[").removesuffix("]")))
    return False


def _security_headers() -> list[tuple[bytes, bytes]]:
    """Return the headers that every reply carries."""
    return [
        (b"content-security-policy", content_security_policy().encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
    ]
