"""Every error as application/problem+json (RFC 9457), in the caller's language.

A reply names the field, the limit and what to do. It never repeats the rejected value, and never shows a path
of the machine or a traceback. It is at most 4 KB long.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Match

from app.i18n import catalogue, message, scope_language
from core.errors import ConflictError, DeltaboardError, InvalidInputError, NotRecordedError

MEDIA_TYPE = "application/problem+json"
MAX_BYTES = 4096
MAX_ERRORS = 10
# Of the reply to a caller who has left; it goes nowhere.
CLIENT_GONE = 499

# Statuses that the framework raises by itself, and the code under which a caller sees them.
_HTTP_CODES = {404: "not-found", 405: "method-not-allowed", 400: "malformed-request", 413: "body-too-large"}

_CORE_STATUSES: tuple[tuple[type[DeltaboardError], int], ...] = (
    (InvalidInputError, 422),
    (NotRecordedError, 404),
    (ConflictError, 409),
)

# Kinds of validation errors whose sentence is that of another kind.
_SAME_SENTENCE = {
    "int_parsing": "int_type",
    "int_parsing_size": "int_type",
    "int_from_float": "int_type",
    "float_parsing": "float_type",
    "bool_parsing": "bool_type",
    "model_type": "dict_type",
    "model_attributes_type": "dict_type",
    "string_unicode": "string_type",
    "string_sub_type": "string_type",
}


class ProblemError(Exception):
    """A refusal that arises in the server itself; `code` names the message, `params` fill it."""

    def __init__(
        self,
        code: str,
        status: int,
        *,
        pointer: str | None = None,
        headers: Mapping[str, str] | None = None,
        **params: object,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.pointer = pointer
        self.headers = dict(headers or {})
        self.params = params


def reply(
    language: str,
    code: str,
    status: int,
    detail: str,
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the problem document as a response, with as many of `errors` as fit."""
    document: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": catalogue(language)[f"problems.title.{status}"],
        "status": status,
        "detail": detail,
        "errors": list(errors[:MAX_ERRORS]),
    }
    while True:
        # A lone surrogate in a caller's key has no UTF-8; it is shown as its escape.
        body = json.dumps(document, ensure_ascii=False).encode("utf-8", "backslashreplace")
        if len(body) <= MAX_BYTES or not document["errors"]:
            break
        document["errors"].pop()
    extra = {"content-language": language, "cache-control": "no-store", **(headers or {})}
    return Response(body, status, extra, media_type=MEDIA_TYPE)


_PLACES = ("position", "row", "column")


def problem_response(error: ProblemError, language: str) -> Response:
    """Return the response for a refusal of the server itself."""
    detail = message(language, f"problems.{error.code}", error.params)
    errors = [] if error.pointer is None else [{"pointer": error.pointer, "detail": detail}]
    return reply(language, error.code, error.status, detail, errors, error.headers)


def core_response(error: DeltaboardError, language: str) -> Response:
    """Return the response for an error of the core; its class gives the status, its code the sentence."""
    statuses = [status for kind, status in _CORE_STATUSES if isinstance(error, kind)]
    status = statuses[0] if statuses else 400
    detail = message(language, f"problems.{error.code}", _readable(error, language))
    errors: list[dict[str, Any]] = []
    if error.pointer:
        # A place within the text at the pointer: a character from 0, or a row and a column.
        places = {name: error.params[name] for name in _PLACES if name in error.params}
        errors = [{"pointer": error.pointer[:200], "detail": detail, **places}]
    return reply(language, error.code, status, detail, errors)


def _readable(error: DeltaboardError, language: str) -> dict[str, object]:
    """Return the error's parameters as words: lists joined, whole numbers without a decimal point."""
    words: dict[str, object] = {"field": field_name(error.pointer.split("/")[1:])}
    for key, value in error.params.items():
        if key == "position":
            # People count characters from 1.
            words[key] = cast(int, value) + 1
        elif isinstance(value, (list, tuple, set, frozenset)):
            words[key] = ", ".join(str(item) for item in value)
        elif isinstance(value, float):
            words[key] = f"{value:g}"
        else:
            words[key] = value
    if {"minimum", "maximum"} <= error.params.keys():
        words["range"] = _range(error.params, language)
    return words


def _range(params: Mapping[str, Any], language: str) -> str:
    """Return a parameter's range in words, open ends included."""
    low = "above" if params.get("exclusive_minimum") else "from"
    high = "below" if params.get("exclusive_maximum") else "to"
    text = message(
        language,
        f"problems.range.{low}-{high}",
        {"minimum": f"{params['minimum']:g}", "maximum": f"{params['maximum']:g}"},
    )
    return message(language, "problems.range.whole", {"range": text}) if params.get("integer") else text


def field_name(location: Iterable[str | int]) -> str:
    """Return a place in a document as a reader writes it: `network.layers[0].units`."""
    name = ""
    for part in location:
        # A key that the caller made up may hold anything; a sentence holds what can be printed.
        text = "".join(mark if mark.isprintable() else "\ufffd" for mark in str(part)[:60])
        name += f"[{text}]" if text.isdigit() else f".{text}" if name else text
    return name[:120]


def pointer_to(location: Iterable[str | int]) -> str:
    """Return a place in a document as a JSON pointer (RFC 6901)."""
    parts = [str(part)[:60].replace("~", "~0").replace("/", "~1") for part in location]
    return "".join(f"/{part}" for part in parts)[:200]


def validation_response(error: RequestValidationError, language: str) -> Response:
    """Return the response for a request that does not fit its model: a sentence a field, up to ten."""
    errors = [_sentence(item, language) for item in error.errors()[:MAX_ERRORS]]
    several = message(language, "problems.invalid-input", {})
    detail = errors[0]["detail"] if len(errors) == 1 else several
    return reply(language, "invalid-input", 422, detail, errors)


def _sentence(item: Mapping[str, Any], language: str) -> dict[str, str]:
    """Return pointer and sentence for one of pydantic's errors, a general one for a rare kind."""
    kind, *location = item["loc"]
    if kind not in ("body", "query", "path", "header", "cookie"):
        location = [kind, *location]
    key = f"problems.field.{_SAME_SENTENCE.get(item['type'], item['type'])}"
    if not location:
        key = "problems.field.missing-body" if item["type"] == "missing" else "problems.field.not-an-object"
    if key not in catalogue(language):
        key = "problems.field.other"
    context = item.get("ctx", {})
    limits = {
        name: context[name]
        for name in ("gt", "ge", "lt", "le", "min_length", "max_length")
        if name in context
    }
    parameters = {
        "field": field_name(location),
        "limit": next((_number(value) for value in limits.values()), ""),
        "choices": str(context.get("expected", "")).replace("'", "")[:200],
    }
    return {"pointer": pointer_to(location), "detail": message(language, key, parameters)}


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _allowed(request: Request) -> str:
    """Return every method that the address takes; the router names those of one of its routes alone."""
    methods = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
    routes = request.app.routes
    return ", ".join(
        method
        for method in methods
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    )


def install(app: FastAPI) -> None:
    """Register the handlers of every kind of error."""

    async def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, ProblemError)
        return problem_response(error, scope_language(request.scope))

    async def on_core(request: Request, error: Exception) -> Response:
        assert isinstance(error, DeltaboardError)
        return core_response(error, scope_language(request.scope))

    async def on_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return validation_response(error, scope_language(request.scope))

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        status = error.status_code if error.status_code in _HTTP_CODES else 404
        code = _HTTP_CODES[status]
        headers = {"allow": _allowed(request)} if status == 405 else error.headers
        refusal = ProblemError(code, status, headers=headers)
        return problem_response(refusal, scope_language(request.scope))

    async def on_gone(request: Request, error: Exception) -> Response:
        # Who leaves before the body is complete has made no error that a log need tell of.
        return Response(status_code=CLIENT_GONE)

    async def on_anything(request: Request, error: Exception) -> Response:
        # The server's log has the traceback: Starlette raises the error again after this reply.
        return problem_response(ProblemError("internal", 500), scope_language(request.scope))

    app.add_exception_handler(ProblemError, on_problem)
    app.add_exception_handler(DeltaboardError, on_core)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(ClientDisconnect, on_gone)
    app.add_exception_handler(Exception, on_anything)
