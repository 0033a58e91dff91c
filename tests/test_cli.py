"""The command line: ports, addresses, and a server that is started and stopped as a user would."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from app import cli

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def occupied() -> int:
    """A port that another program listens on, while the test runs."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_port_in_use_gives_a_later_one(occupied: int) -> None:
    with cli.listen("127.0.0.1", occupied) as listener:
        assert occupied < listener.getsockname()[1] < occupied + cli.PORTS_TRIED


def test_a_free_port_is_taken_and_kept() -> None:
    with cli.listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with cli.listen("127.0.0.1", port) as second:
            assert second.getsockname()[1] != port


def test_ports_that_are_all_in_use_are_an_error(occupied: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "PORTS_TRIED", 1)
    with pytest.raises(cli.StartError, match="name another with --port"):
        cli.listen("127.0.0.1", occupied)


def test_an_address_of_another_machine_is_refused_in_words() -> None:
    with pytest.raises(cli.StartError, match=r"Cannot serve on 192\.0\.2\.1"):
        cli.listen("192.0.2.1", 8000)


@pytest.mark.parametrize(
    ("host", "own"), [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False)]
)
def test_loopback_addresses_are_known(host: str, own: bool) -> None:
    assert cli.is_loopback(host) is own


@pytest.mark.parametrize("port", ["-1", "65536", "http", ""])
def test_what_is_no_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        cli.parse([f"--port={port}"])
    assert "a port is a number from 0 to 65535" in capsys.readouterr().err


def test_addresses_are_printed_as_a_browser_takes_them() -> None:
    assert cli.shown_host("0.0.0.0") == "127.0.0.1"
    assert cli.shown_host("::1") == "[::1]"
    assert cli.shown_host("localhost") == "localhost"


def test_a_browser_is_opened_only_where_it_would_be_seen() -> None:
    assert cli.has_screen({"DISPLAY": ":0"}, "linux")
    assert cli.has_screen({}, "darwin")
    assert not cli.has_screen({}, "linux")
    assert not cli.has_screen({"DISPLAY": ":0", "SSH_CONNECTION": "a b"}, "linux")
    assert not cli.has_screen({"CI": "true"}, "win32")


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Run the server as a user would."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DELTABOARD_")}
    return subprocess.Popen(
        [sys.executable, "-m", "app", "--no-browser", *arguments],
        cwd=ROOT,
        env=kept | {"PYTHONUNBUFFERED": "1", "DELTABOARD_DATA_DIR": ":memory:"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_the_server_says_where_it_is_answers_and_stops(occupied: int) -> None:
    with start(f"--port={occupied}") as server:
        assert server.stdout is not None
        try:
            said = iter(server.stdout.readline, "")
            # Where sources have changed since the page was built, it is built first, and says so.
            first = next(line for line in said if not line.startswith("Building the page"))
            moved = re.fullmatch(rf"Port {occupied} is in use; taking (\d+) instead\.\n", first)
            assert moved
            address = f"http://127.0.0.1:{moved[1]}"
            assert server.stdout.readline() == f"Deltaboard is running at {address}\n"
            assert server.stdout.readline() == "Press Ctrl-C to stop\n"
            with urllib.request.urlopen(f"{address}/healthz", timeout=10) as reply:
                assert reply.status == 200
                assert "server" not in reply.headers
            server.send_signal(signal.SIGINT)
            rest, _ = server.communicate(timeout=15)
        finally:
            server.kill()
    assert server.returncode == 0
    assert rest == "\nStopped.\n"


def test_another_address_is_served_with_an_access_code_only() -> None:
    with start("--classroom", "--port=0") as server:
        assert server.stdout is not None
        try:
            said = "".join(iter(server.stdout.readline, "Press Ctrl-C to stop\n"))
            code = re.search(r"access code  (\S+)", said)
            own = re.search(r"http://127\.0\.0\.1:\d+", said)
            assert code
            assert own
            with pytest.raises(urllib.error.HTTPError, match="401"):
                urllib.request.urlopen(f"{own[0]}/api/v1/catalog", timeout=10)
            bearer = urllib.request.Request(
                f"{own[0]}/api/v1/catalog", headers={"authorization": f"Bearer {code[1]}"}
            )
            with urllib.request.urlopen(bearer, timeout=10) as reply:
                assert reply.status == 200
        finally:
            server.kill()
