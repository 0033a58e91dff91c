"""The API's description, with the error replies as they really are."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from app.schemas.base import Problem
from app.schemas.live import EndReply, FrameReply

_SCHEMAS = "#/components/schemas/"
_FRAMEWORK_ERRORS = ("HTTPValidationError", "ValidationError")
_MEANINGS = {
    "400": "The request or its JSON is malformed.",
    "401": "This server asks for its access code, and this was not it.",
    "404": "No such session, or a step that was never reached.",
    "408": "The body took too long to arrive.",
    "409": "Not possible in the session's present state.",
    "413": "The body is too large.",
    "415": "The body is not application/json.",
    "422": "A value cannot be used; `errors` names each.",
    "429": "Too many wrong access codes; `Retry-After` says when to try again.",
    "500": "Something went wrong in the server, or what is stored of the session cannot be read.",
    "503": "The server is full or busy; `Retry-After` says when to try again.",
    "507": "There is no room to store it; nothing has changed.",
}


def _add(schemas: dict[str, Any], model: type[BaseModel]) -> None:
    described = model.model_json_schema(ref_template=_SCHEMAS + "{model}", mode="serialization")
    for name, inner in described.pop("$defs", {}).items():
        schemas.setdefault(name, inner)
    schemas[model.__name__] = described


def with_problems(document: dict[str, Any]) -> dict[str, Any]:
    """Return the description with every operation's problem replies in place of the framework's own."""
    schemas: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    for name in _FRAMEWORK_ERRORS:
        schemas.pop(name, None)
    # The data of events is in no reply's own description.
    for model in (Problem, FrameReply, EndReply):
        _add(schemas, model)
    content = {"application/problem+json": {"schema": {"$ref": _SCHEMAS + "Problem"}}}

    for path, operations in document.get("paths", {}).items():
        for operation in operations.values():
            statuses = {"401", "429", "503"}
            if "/sessions" in path or "/graph/layers" in path:
                statuses |= {"507"}
            # The layer view of a graph may be asked of a session, which its body names.
            if "{id}" in path or "/graph/layers" in path:
                statuses |= {"404", "409", "422", "500"}
            if "requestBody" in operation:
                statuses |= {"400", "408", "413", "415", "422"}
            operation["responses"].pop("422", None)
            for status in sorted(statuses):
                operation["responses"][status] = {"description": _MEANINGS[status], "content": content}
    return document
