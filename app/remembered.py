"""The access code and the cookies' key, kept beside the sessions: who was in stays in after a restart."""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from app.access import CODE, new_code

FILE = "access.json"


@dataclass(frozen=True)
class Remembered:
    """A generated access code, the key that cookies are made with, and the file that keeps both, if any."""

    code: str
    key: bytes
    file: Path | None

    def save(self) -> None:
        """Write both down, for this account alone to read; called once the directory is this process's."""
        if self.file is None:
            return
        content = json.dumps({"code": self.code, "key": self.key.hex()})
        # A disk that is full now ends nothing: the next start makes new ones.
        with contextlib.suppress(OSError):
            unfinished = self.file.with_suffix(".new")
            unfinished.unlink(missing_ok=True)
            written = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(written, "w", encoding="ascii") as file:
                file.write(content)
            os.replace(unfinished, self.file)


def recall(directory: Path | None, anew: bool = False) -> Remembered:
    """Return what the directory remembers; fresh ones where there is none, or where the old are to end."""
    file = None if directory is None else directory / FILE
    if file is not None and not anew:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(file.read_text("ascii"))
            key = bytes.fromhex(kept["key"])
            # What somebody has changed is made anew rather than trusted.
            if len(key) == 32 and re.fullmatch(CODE, kept["code"]):
                return Remembered(kept["code"], key, file)
    return Remembered(new_code(), secrets.token_bytes(32), file)
