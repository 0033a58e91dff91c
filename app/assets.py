"""Static files: addresses that change with the content, and the headers that let a browser keep them."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import os
import re
from functools import cache, lru_cache
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import Headers
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
    "@dagrejs/dagre": "vendor/dagre.js",
}

# Copies that the build makes beside a file, the smallest first: its encoding and what its name ends with.
ENCODINGS = {"br": ".br", "gzip": ".gz"}
# In static/built the name itself changes with the content.
_BUILT = re.compile(r"built/[\w.-]+-[A-Z0-9]{8}\.\w+")


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


def accepted(header: str) -> set[str]:
    """Return the encodings that an Accept-Encoding header allows (RFC 9110, section 12.5.3)."""
    allowed = set()
    for part in header.split(","):
        name, _, weight = part.partition(";")
        if not re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight):
            allowed.add(name.strip().lower())
    return allowed


class Assets(StaticFiles):
    """Static files, kept by a browser for a year under an address of their content, asked about otherwise.

    A file with compressed copies beside it is sent as the smallest one that the browser can read.
    """

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, or a compressed copy of it, with the headers for its keeping."""
        path = path.replace(os.sep, "/")
        headers = Headers(scope=scope)
        copies = [(encoding, path + suffix) for encoding, suffix in ENCODINGS.items()]
        there = [(encoding, copy) for encoding, copy in copies if _is_built(copy)]
        allowed = accepted(headers.get("accept-encoding", ""))
        encoding, sent = next((copy for copy in there if copy[0] in allowed), ("", path))
        response = await super().get_response(sent, scope)
        if there:
            response.headers.add_vary_header("accept-encoding")
        if encoding and response.status_code != 304:
            response.headers["content-encoding"] = encoding
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            response.headers["content-type"] = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
        kept = _is_built(path) or _is_version(path, scope)
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
        return response


def _is_built(path: str) -> bool:
    """Whether this is a file of the built page, whose name holds a digest of its content."""
    return bool(_BUILT.match(path)) and (STATIC / path).is_file()


def _is_version(path: str, scope: Scope) -> bool:
    """Whether the address names the file's present version."""
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("v", [""])[0]
    file = STATIC / path
    return bool(asked) and file.is_file() and asked == version(file)
