"""The embedded store by itself: transactions, and files that cannot be used."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.storage import sqlite
from app.storage.engine import Batch, StorageError, Stored
from app.storage.place import PlaceError, data_directory, default_directory
from app.storage.reserve import SIZE
from app.storage.sqlite import NAME, SqliteEngine


def filled(directory: Path | None) -> SqliteEngine:
    engine = SqliteEngine(directory)
    engine.write(
        Batch({"a": b"image", "b": b"other"}, [("a", 0, b"one"), ("a", 1, b"two")], {"a": 2, "b": 1})
    )
    return engine


@pytest.mark.parametrize("memory", [False, True])
def test_what_is_written_is_read(tmp_path: Path, memory: bool) -> None:
    engine = filled(None if memory else tmp_path)
    assert engine.ids() == [("b", 1), ("a", 2)]
    assert engine.load("a") == Stored(b"image", (b"one", b"two"))
    assert engine.load("nobody") is None
    engine.write(Batch(images={"a": b"new"}, used={"a": 0.5}))
    assert engine.load("a") == Stored(b"new", ())
    engine.write(Batch(entries=[("a", 0, b"three")], deleted={"b"}))
    assert (engine.ids(), engine.load("a")) == ([("a", 0.5)], Stored(b"new", (b"three",)))
    engine.probe()
    engine.close()
    if not memory:
        again = SqliteEngine(tmp_path, "FULL")
        assert again.load("a") == Stored(b"new", (b"three",))
        again.close()


def test_a_transaction_is_whole_or_nothing(tmp_path: Path) -> None:
    engine = filled(tmp_path)
    with pytest.raises(StorageError):
        engine.write(Batch(images={"b": b"lost"}, entries=[("a", 2, b"lost"), ("a", 1, b"there already")]))
    assert engine.load("a") == Stored(b"image", (b"one", b"two"))
    assert engine.load("b") == Stored(b"other", ())
    engine.close()


def test_a_full_store_takes_nothing_and_gives_everything(tmp_path: Path) -> None:
    engine = SqliteEngine(tmp_path, max_bytes=65_536)
    engine.write(Batch(images={"a": b"image"}))
    with pytest.raises(StorageError) as refused:
        engine.write(Batch(images={"b": bytes(100_000)}, entries=[("a", 0, b"lost too")]))
    assert refused.value.kind == "full"
    assert engine.load("a") == Stored(b"image", ())
    engine.write(Batch(entries=[("a", 0, b"small")]))
    assert engine.load("a") == Stored(b"image", (b"small",))
    engine.close()


class FullDisk:
    """A connection to a file on a disk that has room only without the reserve."""

    def __init__(self, database: sqlite3.Connection, reserve: Path) -> None:
        self.database, self.reserve = database, reserve

    def __getattr__(self, name: str) -> Any:
        return getattr(self.database, name)

    def execute(self, statement: str, *values: Any) -> Any:
        if statement == "COMMIT" and self.reserve.exists():
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error
        return self.database.execute(statement, *values)


def test_deleting_is_possible_on_a_full_disk(tmp_path: Path) -> None:
    engine = filled(tmp_path)
    reserve = tmp_path / "reserve"
    assert reserve.stat().st_size == SIZE
    engine._database = FullDisk(engine._database, reserve)  # type: ignore[assignment]
    with pytest.raises(StorageError):
        engine.write(Batch(entries=[("a", 2, b"three")]))
    assert reserve.exists()
    engine.write(Batch(deleted={"a"}))
    assert engine.load("a") is None
    # Taken again at once, for the next one.
    assert reserve.exists()
    engine.close()


def test_only_this_account_reads_the_file(tmp_path: Path) -> None:
    filled(tmp_path / "new" / "place").close()
    if os.name != "nt":
        assert (tmp_path / "new" / "place").stat().st_mode & 0o777 == 0o700
        assert (tmp_path / "new" / "place" / NAME).stat().st_mode & 0o777 == 0o600


def refused(directory: Path, *words: str) -> None:
    """Check that the directory is refused in these words, and that no file in it is another one then."""
    before = {path.name: path.read_bytes() for path in directory.iterdir() if path.name != "deltaboard.lock"}
    with pytest.raises(PlaceError) as error:
        SqliteEngine(directory)
    for word in words:
        assert word in str(error.value)
    after = {path.name: path.read_bytes() for path in directory.iterdir() if path.name != "deltaboard.lock"}
    assert after == before


def test_a_second_process_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from app.storage.sqlite import SqliteEngine;"
        f"engine = SqliteEngine(Path({str(tmp_path)!r})); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        refused(tmp_path, f"process {other.pid}" if os.name != "nt" else "", "--data-dir", "several workers")
        other.kill()
        other.wait()
    SqliteEngine(tmp_path).close()


def test_in_memory_a_second_worker_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    SqliteEngine(None).close()
    code = "from app.storage.sqlite import SqliteEngine; engine = SqliteEngine(None); print('open')"
    environment = os.environ | {
        "SERVER_SOFTWARE": "gunicorn/23.0",
        "TMPDIR": str(tmp_path),
        "TEMP": str(tmp_path),
    }
    monkeypatch.setenv("SERVER_SOFTWARE", "gunicorn/23.0")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(os, "getppid", os.getpid)
    first = SqliteEngine(None)
    second = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert second.returncode != 0
    assert "several workers" in second.stderr
    assert "one worker" in second.stderr
    first.close()
    assert subprocess.run([sys.executable, "-c", code], env=environment).returncode == 0


def test_files_that_are_none_of_ours_are_left_alone(tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_bytes(b"no database at all, but long enough to be looked at" * 100)
    refused(tmp_path, "damaged", "not been touched", "backup")
    file.unlink()
    other = sqlite3.connect(file)
    other.execute("CREATE TABLE accounts (name TEXT)")
    other.commit()
    other.close()
    refused(tmp_path, "another program", "not been touched")


def test_a_file_that_was_cut_off_is_told(tmp_path: Path) -> None:
    filled(tmp_path).close()
    file = tmp_path / NAME
    file.write_bytes(file.read_bytes()[:5000])
    refused(tmp_path, "damaged", "backup")


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    filled(tmp_path).close()
    with sqlite3.connect(tmp_path / NAME) as database:
        database.execute("PRAGMA user_version = 7")
    database.close()
    refused(tmp_path, "newer Deltaboard", "number 7", "Update")


def test_an_older_file_is_brought_up_to_date_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(tmp_path).close()
    monkeypatch.setattr(sqlite, "SCHEMA", 3)
    monkeypatch.setattr(sqlite, "MIGRATIONS", {1: "ALTER TABLE sessions ADD COLUMN note TEXT;"})
    refused(tmp_path, "too old")
    migrations = {**sqlite.MIGRATIONS, 2: "UPDATE sessions SET note = 'here';"}
    monkeypatch.setattr(sqlite, "MIGRATIONS", {**migrations, 2: "no SQL at all;"})
    refused_but_kept(tmp_path)
    monkeypatch.setattr(sqlite, "MIGRATIONS", migrations)
    engine = SqliteEngine(tmp_path)
    assert engine.load("a") == Stored(b"image", (b"one", b"two"))
    assert engine._database.execute("SELECT note FROM sessions").fetchall() == [("here",), ("here",)]
    engine.close()
    with sqlite3.connect(tmp_path / f"{NAME}.form-1") as old:
        assert old.execute("PRAGMA user_version").fetchone() == (1,)
        assert old.execute("SELECT image FROM sessions WHERE id = 'a'").fetchone() == (b"image",)
    old.close()


def refused_but_kept(directory: Path) -> None:
    """Check that a migration that fails leaves the file at its old form."""
    with pytest.raises(PlaceError):
        SqliteEngine(directory)
    with sqlite3.connect(directory / NAME) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (1,)
    database.close()


@contextmanager
def as_nobody() -> Iterator[None]:
    """Be an account without rights meanwhile: root may write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.name == "nt", reason="there a directory has no such mode")
def test_a_directory_that_may_not_be_written_is_told() -> None:
    # Not below pytest's own directory, which other accounts may not enter.
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        filled(directory).close()
        before = {path.name: path.read_bytes() for path in directory.iterdir()}
        directory.chmod(0o555)
        for path in directory.iterdir():
            path.chmod(0o444)
        with as_nobody(), pytest.raises(PlaceError, match="--data-dir"):
            SqliteEngine(directory)
        directory.chmod(0o700)
        assert {path.name: path.read_bytes() for path in directory.iterdir()} == before


def test_a_place_that_is_no_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PlaceError, match="--data-dir"):
        SqliteEngine(tmp_path / "file" / "inside")


def test_the_default_directory_is_the_platforms(tmp_path: Path) -> None:
    home = Path("/home/kim")
    assert default_directory("linux", {}, home) == home / ".local/share/deltaboard"
    assert default_directory("linux", {"XDG_DATA_HOME": "/data"}, home) == Path("/data/deltaboard")
    assert default_directory("linux", {"XDG_DATA_HOME": "data"}, home) == home / ".local/share/deltaboard"
    assert default_directory("darwin", {}, home) == home / "Library/Application Support/Deltaboard"
    assert default_directory("win32", {"LOCALAPPDATA": "/l"}, home) == Path("/l/Deltaboard")
    assert data_directory(":memory:") is data_directory(None) is None
    assert data_directory(str(tmp_path)) == tmp_path
