"""What is logged, and how: as text or one JSON document a line, on standard error, without secrets."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

# The fields of a request's record that are told beside its message.
REQUEST_FIELDS = ("method", "route", "status", "milliseconds")
HIDDEN = "[hidden]"


class _Formatter(logging.Formatter):
    """Takes out of every line what it must not show, wherever it came from."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        super().__init__()
        # As they are, and as they stand in an address.
        self._secrets = {form for secret in secrets for form in (secret, quote(secret, safe=""))}

    def hide(self, text: str) -> str:
        """Return the text without the secrets."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def parts(self, record: logging.LogRecord) -> tuple[str, str, str]:
        """Return time (UTC), message and traceback, the last one empty where there is none."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        return time.replace("+00:00", "Z"), self.hide(record.getMessage()), self.hide(trace)


class TextFormatter(_Formatter):
    """Time, level and message; a traceback in the lines that follow."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text."""
        time, message, trace = self.parts(record)
        message = "".join(letter if letter.isprintable() else " " for letter in message)
        return f"{time} {record.levelname.lower()} {message}" + (f"\n{trace}" if trace else "")


class JsonFormatter(_Formatter):
    """One JSON document a line: time, level, logger, message, a request's fields, a traceback as `error`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON."""
        time, message, trace = self.parts(record)
        document: dict[str, Any] = {
            "time": time,
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message,
        }
        document |= {name: record.__dict__[name] for name in REQUEST_FIELDS if name in record.__dict__}
        if trace:
            document["error"] = trace
        return json.dumps(document, ensure_ascii=False)


FORMATTERS: dict[str, type[_Formatter]] = {"text": TextFormatter, "json": JsonFormatter}


def configuration(form: str, level: str, secrets: Sequence[str]) -> dict[str, Any]:
    """Return the configuration of all logs of the process (logging.config.dictConfig)."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": FORMATTERS[form], "secrets": tuple(secrets)}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
    }
