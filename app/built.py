"""The page as tools/build_page.py made it: few small files; used only while they match their sources."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from app.paths import STATIC

FOLDER = STATIC / "built"
# What the build runs is no part of an installed wheel; whoever changes it builds anew.
_TOOLS = "tools/"
# Fonts of the text that stands on the page first.
_FIRST_FONTS = ("source-sans-3-latin-400-normal.woff2", "source-sans-3-latin-600-normal.woff2")


@dataclass(frozen=True)
class Built:
    """Names of files in static/built: the style sheet, the scripts, and what else the first paint needs."""

    style: str
    first_paint: str
    main: str
    preloads: tuple[str, ...]
    fonts: tuple[str, ...]


def current() -> Built | None:
    """Return the built files, None where there are none or a source has changed since.

    Asked for each page: the files' times and sizes are compared, and only when one changes the contents.
    """
    stamp = FOLDER / "stamp.json"
    try:
        return _load(FOLDER, _status(stamp), tuple(_status(path) for path in _sources(stamp, _status(stamp))))
    except FileNotFoundError:
        return None


def _status(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=4)
def _stamp(path: Path, status: tuple[int, int]) -> dict[str, str]:
    """Return the digest of each source that is here, under its path; `status` is part of the cache's key."""
    recorded: dict[str, str] = json.loads(path.read_text("utf-8"))
    return {name: digest for name, digest in recorded.items() if not name.startswith(_TOOLS)}


def _sources(stamp: Path, status: tuple[int, int]) -> list[Path]:
    # `static` and `templates` stand side by side in a checkout as well as in a wheel.
    return [STATIC.parent / name for name in _stamp(stamp, status)]


@lru_cache(maxsize=4)
def _load(folder: Path, status: tuple[int, int], sources: tuple[tuple[int, int], ...]) -> Built | None:
    """Read the manifest if every source has its digest; the sources' status is part of the cache's key."""
    for name, digest in _stamp(folder / "stamp.json", status).items():
        content = (STATIC.parent / name).read_bytes().replace(b"\r\n", b"\n")
        if hashlib.sha256(content).hexdigest() != digest:
            return None
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    main, *preloads = manifest["scripts"]["main"]
    return Built(
        style=manifest["styles"]["network"],
        first_paint=manifest["scripts"]["first_paint"][0],
        main=main,
        preloads=tuple(preloads),
        fonts=tuple(manifest["fonts"][name] for name in _FIRST_FONTS),
    )
