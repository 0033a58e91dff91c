"""What is committed and what is built: locks with hashes and no addresses, whole browser libraries."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from app import bootstrap, built
from app.paths import STATIC, TEMPLATES

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
LOCKS = sorted(ROOT.glob("requirements*.lock"))
# What the page's import map leads to, and what each file imports by a bare name.
MODULES = {
    "preact.js": set(),
    "preact-hooks.js": {"preact"},
    "signals-core.js": set(),
    "signals.js": {"preact", "preact/hooks", "@preact/signals-core"},
    "htm.js": set(),
    "uplot.js": set(),
    "katex/katex.js": set(),
    "d3-contour.js": set(),
    "dagre.js": set(),
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_a_hash_and_no_address(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert "://" not in text
    entries = re.split(r"\n(?=\S)", re.sub(r" *#.*", "", text).strip())
    assert all(re.match(r"[\w.-]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)


def test_the_npm_lock_names_no_registry() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert not [name for name, package in packages.items() if "resolved" in package]
    assert not [name for name, package in packages.items() if name and "integrity" not in package]


def test_direct_dependencies_are_few_and_have_the_floors() -> None:
    direct = dict(requirement.split(">=") for requirement in PROJECT["project"]["dependencies"])
    assert len(direct) <= 10
    floors = {
        "starlette": "1.3.1",
        "uvicorn": "0.52.1",
        "pydantic": "2.13",
        "numpy": "2.3",
        "jinja2": "3.1.6",
    }
    for name, floor in floors.items():
        assert bootstrap.release(direct[name]) >= bootstrap.release(floor), name


def test_the_locks_serve_every_python_that_the_project_does() -> None:
    numpy = re.findall(
        r"^numpy==\S+ ; (.+?) \\", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE
    )
    assert numpy == ["python_full_version < '3.12'", "python_full_version >= '3.12'"]


def test_the_runtime_lock_is_part_of_the_one_for_tests() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[\w.-]+==[^\s;]+", (ROOT / name).read_text("utf-8"), re.MULTILINE))

    assert pins("requirements.lock") < pins("requirements-dev.lock")


def test_what_the_build_runs_is_what_is_locked() -> None:
    assert set(PROJECT["build-system"]["requires"]) < set(PROJECT["dependency-groups"]["build"])


def test_the_wheel_takes_folders_from_the_top_alone() -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    # Without the slash "app" would match tests/app as well.
    assert wheel["include"] == ["/app", "/core", "/static", "/templates"]
    made = ("/static/vendor", "/static/built")
    assert all(pattern.startswith(made) for pattern in [*wheel["exclude"], *wheel["artifacts"]])


def test_the_browser_libraries_are_current() -> None:
    assert bootstrap.holds(bootstrap.VENDOR_STAMP)


def test_the_tests_run_on_the_built_page() -> None:
    """What a user gets; `python3 -m tests` builds it anew, `python3 tools/build_page.py` does too."""
    assert bootstrap.holds(bootstrap.BUILT_STAMP)
    assert built.current() is not None


@pytest.mark.parametrize("name", MODULES)
def test_libraries_import_each_other_by_the_names_of_the_import_map(name: str) -> None:
    text = (VENDOR / name).read_text("utf-8")
    assert set(re.findall(r'(?:^|[;}])(?:import|export)[^;"()]*?from"([^"]+)"', text)) == MODULES[name]
    assert "sourceMappingURL" not in text


@pytest.mark.parametrize(
    "style", ["katex/katex.css", "fonts/fonts.css", "uplot.css", "swagger-ui/swagger-ui.css"]
)
def test_styles_ask_only_for_files_that_are_there(style: str) -> None:
    for address in re.findall(r"url\([\"']?([^\"')]+)", (VENDOR / style).read_text("utf-8")):
        assert address.startswith("data:") or (VENDOR / style).parent.joinpath(address).is_file(), address


def test_fonts_are_woff2_alone() -> None:
    fonts = [path.suffix for folder in ("katex/fonts", "fonts") for path in (VENDOR / folder).iterdir()]
    assert set(fonts) == {".woff2", ".css"}


def test_each_library_comes_with_its_licence() -> None:
    licences = json.loads((VENDOR / "LICENSES.json").read_text("utf-8"))
    assert {"preact", "htm", "katex", "uplot", "d3-contour", "d3-array", "internmap", "swagger-ui-dist"} <= {
        entry["name"] for entry in licences
    }
    assert all(entry["version"] and entry["license"] and len(entry["text"]) > 200 for entry in licences)


def test_the_page_finds_its_files() -> None:
    assert (STATIC / "vendor" / "preact.js").is_file()
    assert TEMPLATES.is_dir()


def test_nothing_that_is_fetched_is_committed() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    fetched = re.compile(r"(^|/)(node_modules|\.venv|\.tools|vendor|vendor-dev|built)/|(^|/)uv\.lock$")
    assert not [name for name in listed if fetched.search(name)]
