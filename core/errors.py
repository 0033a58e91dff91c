"""One tree of exceptions, each with a stable code that the interface layers translate.

A core error never carries a sentence: it carries a `code`, a JSON `pointer` to the offending input where
there is one, and the `params` that a message in any language may mention (limits, choices, names of entries).
It never carries the rejected value itself.
"""

from __future__ import annotations


class DeltaboardError(Exception):
    """Base of every error that a caller can cause; `code` is stable across versions."""

    code = "error"

    def __init__(self, *, pointer: str = "", code: str | None = None, **params: object) -> None:
        self.code = code or type(self).code
        self.pointer = pointer
        self.params = params
        super().__init__(f"{self.code} at {pointer or '/'} {params}")


class InvalidInputError(DeltaboardError):
    """An input is malformed or out of its range (HTTP 422)."""

    code = "invalid-input"


class UnknownNameError(InvalidInputError):
    """A registry has no entry of that name; `params` has `kind` and `choices`."""

    code = "unknown-name"


class ExpressionError(InvalidInputError):
    """An expression does not parse; `params` has `position`, counted in characters from 0."""

    code = "expression"


class NotRecordedError(DeltaboardError):
    """A step or node that was never reached (HTTP 404)."""

    code = "step-not-recorded"


class ConflictError(DeltaboardError):
    """The request does not fit the session's present state (HTTP 409)."""

    code = "conflict"


class DivergedError(ConflictError):
    """The session has diverged: its next step would hold a non-finite number (HTTP 409)."""

    code = "diverged"
