"""Room on the disk that is kept for when there is none left: deleting needs some too."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

NAME = "reserve"
# What the write-ahead log grows to before it is brought into the file, and as much again.
SIZE = 8 * 1024 * 1024


class Reserve:
    """A file that takes up room and holds nothing."""

    def __init__(self, directory: Path | None) -> None:
        """Without a directory there is none."""
        self._path = None if directory is None else directory / NAME

    def make(self) -> None:
        """Take the room, unless that is done or there is not so much left."""
        if self._path is None or self._path.is_file():
            return
        try:
            with open(self._path, "xb") as file:
                # Zeros are written one by one: a file that only claims to be large takes no room.
                for _ in range(SIZE // 65_536):
                    file.write(bytes(65_536))
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self.release()

    def release(self) -> None:
        """Give the room back."""
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)
