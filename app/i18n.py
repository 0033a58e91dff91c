"""The catalogues of messages in both languages, and which language a caller wants."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from urllib.parse import parse_qs

from starlette.types import Scope

from app.paths import PACKAGE

LANGUAGES = ("en", "ko")
LANGUAGE_COOKIE = "lang"

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return every message of a language, `problems.json`'s key `x` as `problems.x`."""
    messages: dict[str, str] = {}
    for path in sorted((PACKAGE / "locales" / language).glob("*.json")):
        for key, text in json.loads(path.read_text("utf-8")).items():
            messages[f"{path.stem}.{key}"] = text
    return messages


# Areas that only the server speaks from: problems, the sentences of replies, those of each lab (told_NAME).
SERVER_AREAS = ("problems", "access", "microsteps", "answers", "told")


@cache
def page_catalogue(language: str) -> Mapping[str, str]:
    """Return the messages of a language that the page itself shows."""
    return {
        key: text
        for key, text in catalogue(language).items()
        if key.partition(".")[0].partition("_")[0] not in SERVER_AREAS
    }


def message(language: str, key: str, parameters: Mapping[str, object]) -> str:
    """Return the message with its {placeholders} filled; KeyError where the key does not exist."""
    return _PLACEHOLDER.sub(
        lambda match: str(parameters[match[1]]) if match[1] in parameters else match[0],
        catalogue(language)[key],
    )


def preferred(accept_language: str) -> str | None:
    """Return the language that an Accept-Language header likes best among ours, None if it names none.

    Quality values are honoured (RFC 9110, section 12.5.4); of two equally liked the first one wins.
    """
    best, best_quality = None, 0.0
    for part in accept_language.split(","):
        tag, _, rest = part.partition(";")
        language = tag.strip().lower().partition("-")[0]
        match = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", rest)
        quality = float(match[1]) if match else 1.0
        if language in LANGUAGES and quality > best_quality:
            best, best_quality = language, quality
    return best


def choose(query_string: str, accept_language: str, cookie: str | None = None) -> str:
    """Return the language of `?lang=`, else of the cookie, else of Accept-Language, else English."""
    asked = parse_qs(query_string).get("lang", [""])[-1]
    for candidate in (asked, cookie):
        if candidate in LANGUAGES:
            return candidate
    return preferred(accept_language) or LANGUAGES[0]


def scope_language(scope: Scope) -> str:
    """Return the language that an API caller wants: `?lang=`, else Accept-Language."""
    accept = next((value for name, value in scope.get("headers", ()) if name == b"accept-language"), b"")
    return choose(scope.get("query_string", b"").decode("latin-1"), accept.decode("latin-1"))
