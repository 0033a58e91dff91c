"""Where the page's files are, in a checkout as well as in an installed wheel.

In a checkout `static` and `templates` stand beside `app`; a wheel carries them inside it.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def _find(name: str) -> Path:
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


STATIC = _find("static")
TEMPLATES = _find("templates")
