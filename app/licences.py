"""The licences of everything that Deltaboard stands on: the page's libraries and the Python packages."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import metadata

from app.paths import STATIC

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LICENCE_FILE = re.compile(r"(LICEN[CS]E|COPYING|NOTICE)[^/]*", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """One library: its name, version, the licence's name and the licence's text, which may be empty."""

    name: str
    version: str
    license: str
    text: str


@cache
def collect() -> tuple[Part, ...]:
    """Return the page's libraries and the installed run-time Python packages, each list by name."""
    return (*_page_libraries(), *_python_packages())


def _page_libraries() -> list[Part]:
    path = STATIC / "vendor" / "LICENSES.json"
    if not path.is_file():
        return []
    return [Part(**entry) for entry in json.loads(path.read_text("utf-8"))]


def _python_packages() -> list[Part]:
    """Return the packages that the project requires, and what those require, as far as they are installed."""
    found: dict[str, Part] = {}
    waiting = _requirements("deltaboard")
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # needed on another system or Python only
        found[name] = _part(distribution)
        waiting.extend(_requirements(name))
    return sorted(found.values(), key=lambda part: part.name.lower())


def _requirements(name: str) -> list[str]:
    """Return the names of what a package requires, without its optional extras."""
    try:
        required = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []  # run from a checkout that was never installed
    names = (_NAME.match(line) for line in required if "extra ==" not in line)
    return [match[0].lower().replace("_", "-") for match in names if match]


def _part(distribution: metadata.Distribution) -> Part:
    fields = distribution.metadata
    classifiers = [
        line.rpartition(" :: ")[2] for line in fields.get_all("Classifier", []) if "License ::" in line
    ]
    texts = [
        file.read_text(encoding="utf-8")
        for file in distribution.files or []
        if _LICENCE_FILE.fullmatch(file.name) and ".dist-info" in str(file)
    ]
    # The newer field first; a package that has neither says it in its classifiers.
    expressions = fields.get_all("License-Expression", [])
    named = "; ".join(expressions or classifiers or fields.get_all("License", []))
    return Part(
        fields["Name"], distribution.version, named.splitlines()[0] if named else "", "\n\n".join(texts)
    )
