"""The embedded store: one SQLite file, one connection, one transaction for all that a round has changed.

With a write-ahead log and `synchronous=NORMAL` a committed transaction outlives the process however it ends;
a loss of power may take the last ones back, whole ones, and never tears one. `FULL` waits for the disk.
Source: SQLite, Write-Ahead Logging, sections 2.2 and 3; PRAGMA synchronous.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from app.storage.engine import Batch, Failure, StorageError, Stored
from app.storage.place import Lock, PlaceError, alone_among_workers, unusable
from app.storage.reserve import Reserve

NAME = "sessions.db"
# Of the file's header: "DLTB", so that another program's database is not taken for one of these.
APPLICATION = 0x444C5442
SCHEMA = 1
# What makes schema n + 1 of schema n; each is carried out in one transaction, on a copy that takes its place.
MIGRATIONS: dict[int, str] = {}
_TABLES = """
CREATE TABLE sessions (id TEXT PRIMARY KEY, used REAL NOT NULL, image BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE entries (
  session TEXT NOT NULL, number INTEGER NOT NULL, entry BLOB NOT NULL, PRIMARY KEY (session, number)
) WITHOUT ROWID;
"""
_PAGE = 4096
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class SqliteEngine:
    """Sessions in a file of a directory that this process has alone, or in memory."""

    def __init__(
        self,
        directory: Path | None,
        synchronous: Literal["NORMAL", "FULL"] = "NORMAL",
        max_bytes: int = 1 << 32,
    ) -> None:
        """Open or make the file; else PlaceError, with words for who runs the server, and nothing is changed.

        One thread at a time may use the engine afterwards, and not always the one that made it.
        """
        self._lock = alone_among_workers() if directory is None else Lock(directory)
        self._reserve = Reserve(directory)
        try:
            self._database = _opened(directory, synchronous, max_bytes, self._reserve)
        except BaseException:
            if self._lock is not None:
                self._lock.release()
            raise
        self._reserve.make()

    def ids(self) -> list[tuple[str, float]]:
        """Return every session's id and when it was last used, the longest unused first."""
        with _told():
            return self._database.execute("SELECT id, used FROM sessions ORDER BY used").fetchall()

    def load(self, id: str) -> Stored | None:
        """Return a session, None if it is not stored. Raises StorageError."""
        with _told():
            found = self._database.execute("SELECT image FROM sessions WHERE id = ?", (id,)).fetchone()
            if found is None:
                return None
            entries = self._database.execute(
                "SELECT entry FROM entries WHERE session = ? ORDER BY number", (id,)
            )
            return Stored(found[0], tuple(entry for (entry,) in entries))

    def write(self, batch: Batch) -> None:
        """Store all of it, or nothing. Raises StorageError."""
        try:
            self._write(batch)
        except StorageError as error:
            if error.kind != "full":
                raise
            # What stands in the log twice and more takes room; and deleting is to be possible always.
            if not batch.images and not batch.entries:
                self._reserve.release()
            self._empty_log()
            self._write(batch)
            self._empty_log()
            self._reserve.make()

    def _empty_log(self) -> None:
        """Bring what the log holds into the file; what cannot be brought over stays where it is."""
        with contextlib.suppress(sqlite3.Error):
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _write(self, batch: Batch) -> None:
        with _told(), self._transaction() as database:
            if batch.images:
                ids = [(id,) for id in batch.images]
                database.executemany("DELETE FROM entries WHERE session = ?", ids)
                database.executemany(
                    "INSERT INTO sessions (id, used, image) VALUES (?, ?, ?) "
                    "ON CONFLICT (id) DO UPDATE SET image = excluded.image",
                    [(id, batch.used.get(id, 0.0), image) for id, image in batch.images.items()],
                )
            if batch.entries:
                database.executemany("INSERT INTO entries VALUES (?, ?, ?)", batch.entries)
            if batch.used:
                database.executemany(
                    "UPDATE sessions SET used = ? WHERE id = ?",
                    [(used, id) for id, used in batch.used.items()],
                )
            for id in batch.deleted:
                database.execute("DELETE FROM entries WHERE session = ?", (id,))
                database.execute("DELETE FROM sessions WHERE id = ?", (id,))

    def probe(self) -> None:
        """Raise StorageError unless something can be written now."""
        with _told(), self._transaction() as database:
            database.execute("INSERT INTO entries VALUES ('', 0, zeroblob(?))", (2 * _PAGE,))
            database.execute("DELETE FROM entries WHERE session = ''")

    def close(self) -> None:
        """Bring what the log holds into the file, and let others have the directory."""
        self._empty_log()
        with contextlib.suppress(sqlite3.Error):
            self._database.close()
        if self._lock is not None:
            self._lock.release()

    def __del__(self) -> None:
        """Close the file of an application that was made and never served."""
        if hasattr(self, "_database"):
            self.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        database = self._database
        database.execute("BEGIN IMMEDIATE")
        try:
            yield database
            database.execute("COMMIT")
        except BaseException:
            # After some faults SQLite has rolled back already.
            if database.in_transaction:
                database.execute("ROLLBACK")
            raise


@contextmanager
def _told() -> Iterator[None]:
    """Let a fault of the database be told as a StorageError."""
    try:
        yield
    except sqlite3.Error as error:
        raise StorageError(
            _kind(error), f"{error} ({getattr(error, 'sqlite_errorname', 'no code')})"
        ) from error


def _kind(error: sqlite3.Error) -> Failure:
    # The lower byte is the kind, what stands above it the circumstances.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return "full"
    return "damaged" if code in _DAMAGED else "failed"


def _opened(directory: Path | None, synchronous: str, max_bytes: int, reserve: Reserve) -> sqlite3.Connection:
    path = None if directory is None else directory / NAME
    try:
        return _connected(path, synchronous, max_bytes)
    except sqlite3.Error as error:
        if _kind(error) != "full":
            raise PlaceError(_refusal(path, error)) from error
    # On a full disk what is there is to be read all the same, and deleted.
    reserve.release()
    try:
        return _connected(path, synchronous, max_bytes)
    except sqlite3.Error as error:
        raise PlaceError(_refusal(path, error)) from error


def _connected(path: Path | None, synchronous: str, max_bytes: int) -> sqlite3.Connection:
    try:
        if path is not None:
            # Whoever knows a session's id has it: the file is for this account alone.
            path.touch(mode=0o600)
        database = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
    except OSError as error:
        raise PlaceError(unusable(path.parent if path else Path(), error)) from error
    try:
        _check_schema(database, path)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(f"PRAGMA synchronous = {synchronous}")
        database.execute(f"PRAGMA max_page_count = {max(1, max_bytes // _PAGE)}")
        if path is not None:
            # Whatever is wrong with the directory is to be known now, not at the first session.
            database.execute("BEGIN IMMEDIATE")
            database.execute(f"PRAGMA application_id = {APPLICATION}")
            database.execute("COMMIT")
    except BaseException:
        database.close()
        raise
    return database


def _check_schema(database: sqlite3.Connection, path: Path | None) -> None:
    """Make the tables in a new file, bring older ones up to date; PlaceError for any other file."""
    [(application,)] = database.execute("PRAGMA application_id")
    [(schema,)] = database.execute("PRAGMA user_version")
    [(tables,)] = database.execute("SELECT count(*) FROM sqlite_master")
    if not tables and not schema:
        database.executescript(
            f"BEGIN; {_TABLES} PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {SCHEMA}; COMMIT;"
        )
        return
    if application != APPLICATION:
        raise PlaceError(
            f"{path} is a database of another program; it has not been touched.\n"
            "Name another directory with --data-dir."
        )
    if schema > SCHEMA:
        raise PlaceError(
            f"{path} was written by a newer Deltaboard (its form is number {schema}, this one knows "
            f"{SCHEMA}); it has not been touched.\n"
            "Update Deltaboard, or name another directory with --data-dir."
        )
    if schema < SCHEMA:
        _migrate(database, schema, path)


def _migrate(database: sqlite3.Connection, schema: int, path: Path | None) -> None:
    """Bring the tables up to date in one transaction; the file as it was is kept beside it."""
    missing = [number for number in range(schema, SCHEMA) if number not in MIGRATIONS]
    if missing:
        raise PlaceError(
            f"{path} was written by a Deltaboard too old for this one (its form is number {schema}); it has "
            "not been touched.\nName another directory with --data-dir."
        )
    if path is not None:
        kept = path.with_name(f"{path.name}.form-{schema}")
        if not kept.exists():
            database.execute("VACUUM INTO ?", (str(kept),))
    script = "".join(MIGRATIONS[number] for number in range(schema, SCHEMA))
    database.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {SCHEMA}; COMMIT;")


def _refusal(path: Path | None, error: sqlite3.Error) -> str:
    """Return in words why the file cannot be used; it is as it was."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if path is None:
        return f"No store can be made in memory: {error}."
    if code in _DAMAGED:
        return (
            f"{path} is damaged or no database; it has not been touched.\n"
            "Put a backup in its place (docs/operations.md), or move it elsewhere, with the files "
            f"{path.name}-wal and {path.name}-shm if they are there, and start again."
        )
    return unusable(path.parent, OSError(str(error)))
