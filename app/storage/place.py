"""The directory that holds the data: where it is by default, and that one process has it at a time."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

MEMORY = ":memory:"
LOCK = "deltaboard.lock"


class PlaceError(Exception):
    """The directory cannot be used; the message says why and what to do, in words for who runs the server."""


def default_directory(platform: str, environment: Mapping[str, str], home: Path) -> Path:
    """Return the directory of this user's data, as each system has it."""
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Deltaboard"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "Deltaboard"
    # Source: XDG Base Directory Specification 0.8; a path that is not absolute is to be ignored.
    given = environment.get("XDG_DATA_HOME", "")
    return (Path(given) if given.startswith("/") else home / ".local" / "share") / "deltaboard"


def data_directory(setting: str | None) -> Path | None:
    """Return the directory for the setting `data_dir`; None: in memory."""
    if not setting or setting == MEMORY:
        return None
    return Path(setting).expanduser().absolute()


def own_directory() -> Path:
    """Return the directory of this user's data. Raises PlaceError where there is none."""
    try:
        return default_directory(sys.platform, os.environ, Path.home())
    except RuntimeError as error:
        raise PlaceError(
            "This account has no home directory to keep sessions in. "
            f"Name a directory with --data-dir, or keep them in memory only with --data-dir {MEMORY}."
        ) from error


class Lock:
    """That this process alone uses a directory, until `release` or its end, however it ends."""

    def __init__(self, directory: Path) -> None:
        """Make the directory if need be and take it. Raises PlaceError."""
        try:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            # Opened for appending, so that nothing of another process's note is lost.
            self._file: IO[str] = open(directory / LOCK, "a+", encoding="ascii")  # noqa: SIM115
        except OSError as error:
            raise PlaceError(unusable(directory, error)) from error
        try:
            _take(self._file)
        except OSError as error:
            holder = self._holder()
            self._file.close()
            raise PlaceError(
                f"Another Deltaboard{holder} keeps its sessions in {directory}.\n"
                "One process at a time can: it alone has them in memory, so there are no several workers "
                "either.\nUse that one, end it, or start this one with another --data-dir "
                f"(--data-dir {MEMORY} keeps sessions in memory only)."
            ) from error
        with contextlib.suppress(OSError):
            # On a full disk the note is missing; the lock holds all the same.
            self._file.truncate(0)
            self._file.write(f"{os.getpid()}\n")
            self._file.flush()

    def _holder(self) -> str:
        # Windows does not let a locked file be read.
        with contextlib.suppress(OSError, ValueError):
            self._file.seek(0)
            return f" (process {int(self._file.read(32))})"
        return ""

    def release(self) -> None:
        """Let others take the directory."""
        with contextlib.suppress(OSError):
            self._file.close()


def alone_among_workers() -> Lock | None:
    """Return a lock against the other workers of this process's server, None if it is no worker.

    In memory each would have sessions of its own. Raises PlaceError in all but the first.
    """
    if multiprocessing.parent_process() is None and "gunicorn" not in os.environ.get("SERVER_SOFTWARE", ""):
        return None
    try:
        return Lock(Path(tempfile.gettempdir()) / f"deltaboard-workers-of-{os.getppid()}")
    except PlaceError as error:
        raise PlaceError(
            "This server has several workers, and each would keep sessions of its own in memory: whoever "
            "asks would find theirs only now and then.\nStart it with one worker."
        ) from error


def unusable(directory: Path, error: OSError) -> str:
    """Return in words why the directory cannot be used."""
    return (
        f"Sessions cannot be kept in {directory}: {error.strerror or error}.\n"
        "Name a directory that this account may write to with --data-dir, or keep sessions in memory only "
        f"with --data-dir {MEMORY}."
    )


def _take(file: IO[str]) -> None:
    """Lock the file or raise OSError at once; the system lets go of it when the process ends."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
