"""Reading a JSON body: the content type, the size while it arrives, and RFC 8259 to the letter."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute

from app.problems import ProblemError
from app.services import services
from app.settings import Settings


def parse(body: bytes, max_depth: int, max_members: int = 1000) -> Any:
    """Return the document; 400 unless it is UTF-8 JSON without doubled keys, huge objects or deep nesting."""

    def checked(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
        # A sentence for each of many unknown keys would take seconds to make.
        if len(pairs) > max_members:
            raise ProblemError("json-members", 400, limit=max_members)
        members = dict(pairs)
        if len(members) != len(pairs):
            raise ProblemError("json-duplicate-key", 400)
        return members

    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise ProblemError("json-encoding", 400) from None
    try:
        document = json.loads(text, object_pairs_hook=checked, parse_constant=_refuse_constant)
    except RecursionError:
        raise ProblemError("json-depth", 400, limit=max_depth) from None
    except ValueError:
        # A number of thousands of digits is a ValueError too.
        raise ProblemError("malformed-json", 400) from None
    if not _within_depth(document, max_depth):
        raise ProblemError("json-depth", 400, limit=max_depth)
    return document


def _refuse_constant(name: str) -> NoReturn:
    """Refuse NaN, Infinity and -Infinity, which Python would read and JSON does not know."""
    raise ValueError


def _within_depth(document: Any, max_depth: int) -> bool:
    """Whether arrays and objects are nested at most `max_depth` deep."""
    level = [document]
    for _ in range(max_depth + 1):
        containers = [item for item in level if isinstance(item, (list, dict))]
        if not containers:
            return True
        level = [
            inner for item in containers for inner in (item.values() if isinstance(item, dict) else item)
        ]
    return False


class JsonRequest(Request):
    """A request whose body was read and parsed already, under this project's rules."""

    async def load(self, limit: int, settings: Settings) -> None:
        """Read and parse the body; 415, 413, 408 or 400 where it breaks a rule."""
        self._body = await self._read(limit, settings.request_seconds)
        if not self._body:
            return
        content_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type != "application/json":
            raise ProblemError("content-type", 415)
        self._json = parse(self._body, settings.max_json_depth, settings.max_json_members)

    async def _read(self, limit: int, seconds: float) -> bytes:
        try:
            async with asyncio.timeout(seconds):
                return await self._counted(limit)
        except TimeoutError:
            headers = {"connection": "close"}
            raise ProblemError("body-too-slow", 408, limit=f"{seconds:g}", headers=headers) from None

    async def _counted(self, limit: int) -> bytes:
        refusal = ProblemError("body-too-large", 413, limit=limit, headers={"connection": "close"})
        if int(self.headers.get("content-length", "0")) > limit:
            raise refusal
        # A chunked body declares no length: it is counted while it arrives.
        chunks, size = [], 0
        async for chunk in self.stream():
            size += len(chunk)
            if size > limit:
                raise refusal
            chunks.append(chunk)
        return b"".join(chunks)


class JsonRoute(APIRoute):
    """A route that takes at most the setting `max_json_bytes` of JSON."""

    reader: type[JsonRequest] = JsonRequest

    def limit(self, settings: Settings) -> int:
        """Return the largest body, in bytes."""
        return settings.max_json_bytes

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the framework's handler with the reading of the body in front of it."""
        original = super().get_route_handler()
        if self.body_field is None:
            return original

        async def handle(request: Request) -> Response:
            settings = services(request).settings
            checked = self.reader(request.scope, request.receive)
            await checked.load(self.limit(settings), settings)
            return await original(checked)

        return handle


class TableRequest(JsonRequest):
    """A request whose body is JSON, or CSV that is then read as the JSON {"csv": {"text": ...}}."""

    async def load(self, limit: int, settings: Settings) -> None:
        """Read the body; 415, 413, 408 or 400 where it breaks a rule, 422 for CSV that is not UTF-8."""
        content_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if content_type != "text/csv":
            await super().load(limit, settings)
            return
        # Never empty, or it would count as no body at all.
        self._body = await self._read(limit, settings.request_seconds) or b"\n"
        try:
            text = self._body.decode("utf-8")
        except UnicodeDecodeError:
            raise ProblemError("csv-encoding", 422, pointer="/csv/text") from None
        self._json = {"csv": {"text": text}}
        headers = [pair for pair in self.scope["headers"] if pair[0] != b"content-type"]
        self.scope["headers"] = [*headers, (b"content-type", b"application/json")]
        del self._headers


class DataRoute(JsonRoute):
    """A route that may carry a table of samples: at most the setting `max_data_bytes`."""

    def limit(self, settings: Settings) -> int:
        """Return the largest body, in bytes."""
        return settings.max_data_bytes


class TableRoute(DataRoute):
    """A route that takes a table as CSV too."""

    reader = TableRequest
