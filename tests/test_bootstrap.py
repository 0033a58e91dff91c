"""The set-up: what it finds missing, what it remembers, and that it says what to do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app import bootstrap

ROOT = Path(__file__).resolve().parent.parent
BEFORE_SET_UP = ("app/__init__.py", "app/__main__.py", "app/bootstrap.py", "app/cli.py", "tests/__main__.py")


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project folder that the set-up takes for its own."""
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "TOOLS", tmp_path / ".tools")
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "UNFINISHED", tmp_path / ".venv" / "unfinished")
    monkeypatch.setattr(bootstrap, "VENDOR_STAMP", tmp_path / "static" / "vendor" / "stamp.json")
    monkeypatch.setattr(bootstrap, "BUILT_STAMP", tmp_path / "static" / "built" / "stamp.json")
    for name in ("requirements.lock", "requirements-dev.lock", *bootstrap.DECISIVE):
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.fixture
def steps(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The set-up's commands in order, recorded instead of run, with the files that they would make."""
    done: list[str] = []

    def run(command: list[str]) -> None:
        done.append(" ".join(command[1:3]))
        if command[1] == "venv":
            bootstrap.venv_python().parent.mkdir(parents=True, exist_ok=True)
            bootstrap.venv_python().touch()
        if "--editable" in command:
            stamp = {
                name: bootstrap.digest(checkout / name) for name in ("package-lock.json", "hatch_build.py")
            }
            bootstrap.VENDOR_STAMP.parent.mkdir(parents=True, exist_ok=True)
            bootstrap.VENDOR_STAMP.write_text(json.dumps(stamp))

    monkeypatch.setattr(bootstrap, "run", run)
    monkeypatch.setattr(bootstrap, "find_uv", lambda: "uv")
    return done


def test_a_stamp_holds_until_a_file_that_it_names_changes(tmp_path: Path) -> None:
    (tmp_path / "lock").write_bytes(b"one\ntwo\n")
    stamp = tmp_path / "stamp.json"
    assert not bootstrap.holds(stamp, tmp_path)
    stamp.write_text(json.dumps({"lock": bootstrap.digest(tmp_path / "lock")}))
    assert bootstrap.holds(stamp, tmp_path)
    (tmp_path / "lock").write_bytes(b"one\r\ntwo\r\n")
    assert bootstrap.holds(stamp, tmp_path), "line ends are not a change"
    (tmp_path / "lock").write_bytes(b"one\nthree\n")
    assert not bootstrap.holds(stamp, tmp_path)
    (tmp_path / "lock").unlink()
    assert not bootstrap.holds(stamp, tmp_path)


def test_a_second_set_up_has_nothing_to_do(steps: list[str]) -> None:
    assert not bootstrap.is_set_up("app")
    bootstrap.set_up("app")
    assert steps == ["venv --clear", "pip install", "pip install"]
    assert bootstrap.is_set_up("app")
    assert not bootstrap.is_set_up("tests"), "the tests need more packages"


@pytest.mark.parametrize("name", ["requirements.lock", *bootstrap.DECISIVE])
def test_a_changed_file_asks_for_a_set_up_in_the_same_environment(
    name: str, steps: list[str], checkout: Path
) -> None:
    bootstrap.set_up("app")
    (checkout / name).write_text("changed")
    assert not bootstrap.is_set_up("app")
    steps.clear()
    bootstrap.set_up("app")
    assert steps == ["pip install", "pip install"]
    assert bootstrap.is_set_up("app")


def test_an_interrupted_set_up_starts_from_an_empty_environment(
    steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = bootstrap.run

    def fail(command: list[str]) -> None:
        if command[1] == "pip":
            raise KeyboardInterrupt
        run(command)

    monkeypatch.setattr(bootstrap, "run", fail)
    with pytest.raises(KeyboardInterrupt):
        bootstrap.set_up("app")
    assert not bootstrap.is_set_up("app")
    monkeypatch.setattr(bootstrap, "run", run)
    steps.clear()
    bootstrap.set_up("app")
    assert steps[0] == "venv --clear"
    assert bootstrap.is_set_up("app")


def test_lost_browser_libraries_ask_for_a_set_up(steps: list[str]) -> None:
    bootstrap.set_up("app")
    bootstrap.VENDOR_STAMP.unlink()
    assert not bootstrap.is_set_up("app")


@pytest.mark.parametrize("tools", [True, False])
def test_a_changed_page_is_built_anew_and_a_failure_stops_nothing(
    tools: bool, steps: list[str], checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def succeeds(command: list[str]) -> bool:
        asked.append(" ".join(command[1:]))
        return tools and command[1] == "-c"

    monkeypatch.setattr(bootstrap, "succeeds", succeeds)
    monkeypatch.setattr(bootstrap, "tool_uv", lambda: "uv")
    monkeypatch.setattr(bootstrap.sys, "prefix", str(checkout / ".venv"))
    (checkout / "node_modules" / "esbuild").mkdir(parents=True)
    bootstrap.set_up("app")
    (checkout / "page.js").write_text("let a")
    bootstrap.BUILT_STAMP.parent.mkdir(parents=True)
    bootstrap.BUILT_STAMP.write_text(json.dumps({"page.js": bootstrap.digest(checkout / "page.js")}))
    bootstrap.refresh_page("python")
    assert asked == [], "nothing has changed"
    (checkout / "page.js").write_text("let b")
    bootstrap.refresh_page("python")
    assert ("build_page.py" if tools else "--offline") in asked[-1]


def test_an_old_python_is_told_which_one_is_needed() -> None:
    bootstrap.check_python((3, 11, 0))
    with pytest.raises(bootstrap.SetupError, match=r"Python 3\.11 or newer is needed; this is Python 3\.8"):
        bootstrap.check_python((3, 8, 10))


@pytest.mark.parametrize("name", BEFORE_SET_UP)
def test_what_runs_before_the_set_up_parses_on_python_3_8(name: str) -> None:
    import ast

    ast.parse((ROOT / name).read_text("utf-8"), feature_version=(3, 8))


def test_without_pip_the_package_to_install_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "has_pip", lambda: False)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)
    with pytest.raises(bootstrap.SetupError, match="Debian: apt-get install python3-pip"):
        bootstrap.find_uv()


def test_a_failed_step_ends_the_set_up_in_words(checkout: Path) -> None:
    with pytest.raises(bootstrap.SetupError, match="The set-up stopped"):
        bootstrap.run([sys.executable, "-c", "raise SystemExit(1)"])


def test_requirements_that_are_absent_or_too_old_are_missing() -> None:
    wanted = ["pytest>=1.0", "numpy>=999.1,<1000", "no-such-package>=1"]
    assert bootstrap.missing(wanted) == ["numpy>=999.1,<1000", "no-such-package>=1"]


def test_this_environment_satisfies_what_pyproject_names() -> None:
    assert bootstrap.missing(bootstrap.direct_requirements("tests")) == []


def test_pips_index_is_passed_on_and_other_environments_are_not() -> None:
    given = {"PIP_INDEX_URL": "file:///mirror", "PYTHONPATH": "/x", "VIRTUAL_ENV": "/y", "HOME": "/z"}
    cleaned = bootstrap.clean_environment(given)
    assert cleaned["UV_DEFAULT_INDEX"] == "file:///mirror"
    assert cleaned["HOME"] == "/z"
    assert not cleaned.keys() & {"PYTHONPATH", "VIRTUAL_ENV"}


@pytest.mark.parametrize("argument", ["--help", "--port=x"])
def test_help_and_wrong_options_are_answered_without_any_package(argument: str, tmp_path: Path) -> None:
    # -S leaves out site-packages: this Python has the standard library and nothing else.
    done = subprocess.run(
        [sys.executable, "-S", "-m", "app", argument], cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == (0 if argument == "--help" else 2)
    assert "usage: python3 -m app" in done.stdout + done.stderr
    assert "Setting up" not in done.stdout
