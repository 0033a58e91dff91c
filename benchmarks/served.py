"""The application as a person starts it, in a process of its own, with one more endpoint, an empty one."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SESSIONS = "/api/v1/sessions"
EMPTY = "/api/v1/empty"


@dataclass(frozen=True)
class Served:
    """A running server."""

    port: int
    process: int

    def memory(self) -> float:
        """Return the server's resident memory in MB; nan where the system does not tell."""
        status = Path(f"/proc/{self.process}/status")
        found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text("utf-8")) if status.is_file() else None
        return int(found[1]) / 1000 if found else float("nan")


@contextmanager
def server(directory: Path | None = None) -> Iterator[Served]:
    """Start a server on a free port, and end it; without a directory its sessions are in one of its own."""
    with tempfile.TemporaryDirectory() as own:
        yield from _server(directory or Path(own))


def _server(directory: Path) -> Iterator[Served]:
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.served"],
        cwd=ROOT,
        env=os.environ | {"DELTABOARD_DATA_DIR": str(directory)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r":(\d+)\s*$", line)
        if found is None:
            raise SystemExit(f"The server did not start: {line!r}")
        yield Served(int(found[1]), process.pid)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def request_bytes(method: str, path: str, body: Any = None, accept: str = "application/json") -> bytes:
    """Return a request as it goes over the wire."""
    content = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\n"
    if content:
        head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
    return head.encode() + b"\r\n" + content


def status_and_length(head: bytes) -> tuple[int, int]:
    """Return a reply's status and the length of its body."""
    found = re.search(rb"\r\ncontent-length: (\d+)", head.lower())
    return int(head[9:12]), int(found[1]) if found else 0


class Connection:
    """One kept connection that waits for each reply; as little work as a client can do."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; return the reply's status and body."""
        self._socket.sendall(request)
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._read()
        status, length = status_and_length(data[: end + 2])
        while len(data) < end + 4 + length:
            data += self._read()
        return status, data[end + 4 :]

    def _read(self) -> bytes:
        data = self._socket.recv(1 << 16)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Send a request that must succeed; return its JSON."""
        status, content = self.send(request_bytes(method, path, body))
        if not 200 <= status < 300:
            raise RuntimeError(f"{method} {path}: {status} {content[:300]!r}")
        return json.loads(content) if content else None

    def timed(self, request: bytes) -> float:
        """Return the seconds from sending a request to its whole reply."""
        before = time.perf_counter_ns()
        status, content = self.send(request)
        taken = (time.perf_counter_ns() - before) / 1e9
        if not 200 <= status < 300:
            raise RuntimeError(f"{status} {content[:300]!r}")
        return taken

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


def main() -> int:
    """Serve on any free port."""
    import app.main
    from app.cli import main as serve

    create = app.main.create_app

    def with_empty(*given: Any) -> Any:
        application = create(*given)

        async def empty() -> dict[str, int]:
            return {}

        application.post(EMPTY)(empty)
        return application

    app.main.create_app = with_empty
    return serve(["--no-browser", "--port", "0"])


if __name__ == "__main__":
    sys.exit(main())
