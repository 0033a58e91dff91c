"""Static files: addresses that change with the content, and the headers that let a browser keep them."""

from __future__ import annotations

import hashlib
import json
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.paths import STATIC

# The names under which the page's modules import the libraries.
IMPORTS = {
    "preact": "vendor/preact.js",
    "preact/hooks": "vendor/preact-hooks.js",
    "@preact/signals-core": "vendor/signals-core.js",
    "@preact/signals": "vendor/signals.js",
    "htm": "vendor/htm.js",
    "uplot": "vendor/uplot.js",
    "katex": "vendor/katex/katex.js",
    "d3-contour": "vendor/d3-contour.js",
}


@lru_cache(maxsize=512)
def _digest(path: Path, changed: int, size: int) -> str:
    """Return the start of the file's SHA-256; time and size are part of the cache's key: an edit is seen."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def version(path: Path) -> str:
    """Return the version of a file: a digest of its content."""
    status = path.stat()
    return _digest(path, status.st_mtime_ns, status.st_size)


def asset(name: str) -> str:
    """Return the address of `static/<name>` with its version, or without one while the file is missing."""
    path = STATIC / name
    return f"/static/{name}?v={version(path)}" if path.is_file() else f"/static/{name}"


@cache
def import_map() -> str:
    """Return the page's import map as JSON; its hash stands in the content security policy."""
    imports = {name: asset(path) for name, path in IMPORTS.items()}
    # A "<" could end the script element that carries the map.
    return json.dumps({"imports": imports}, separators=(",", ":")).replace("<", "\\u003c")


class Assets(StaticFiles):
    """Static files that a browser keeps for a year under a versioned address, and asks about otherwise."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file with its Cache-Control header."""
        response = await super().get_response(path, scope)
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("v", [""])[0]
        file = STATIC / path
        current = bool(asked) and file.is_file() and asked == version(file)
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if current else "no-cache"
        return response
