"""What whoever runs the server sees of it: readiness, metrics, logs without secrets, its end."""

import asyncio
import http.client
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from app import cli
from app.logs import HIDDEN, JsonFormatter, TextFormatter, configuration
from app.services import Services
from tests.app.conftest import SESSIONS

# As the installed command starts; without the set-up that `python -m app` looks after.
START = "import sys; from app import cli; sys.exit(cli.main(sys.argv[1:]))"
CODE = "K7QM-2XNA"
SAMPLE = re.compile(r'(\w+)(?:\{((?:\w+="(?:[^"\\\n]|\\.)*",?)+)\})? (-?[\d.e+-]+)')


def parts_of(client: TestClient) -> Services:
    found = client.app.state.services  # type: ignore[attr-defined]
    assert isinstance(found, Services)
    return found


def figures(client: TestClient) -> dict[str, float]:
    """The samples of /metrics under their name and labels; every line is checked."""
    reply = client.get("/metrics")
    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    samples: dict[str, float] = {}
    kinds: dict[str, str] = {}
    for line in reply.text.splitlines():
        if line.startswith("#"):
            _, word, name, rest = line.split(" ", 3)
            assert word in ("HELP", "TYPE")
            if word == "TYPE":
                kinds[name] = rest
            continue
        match = SAMPLE.fullmatch(line)
        assert match, line
        assert match[1] in kinds or re.sub(r"_(bucket|sum|count)$", "", match[1]) in kinds, line
        assert line.rpartition(" ")[0] not in samples, line
        samples[line.rpartition(" ")[0]] = float(match[3])
    return samples


def test_metrics_count_by_route_and_never_by_address(make_client: Callable[..., TestClient]) -> None:
    client = make_client()
    id = client.post(SESSIONS, json={}).json()["id"]
    client.post(f"{SESSIONS}/{id}/step", json={"count": 1})
    client.get("/nothing/of/the/kind?token=secret")
    client.request("BREW", "/")
    client.get("/static/icon.svg")
    counted = figures(client)
    total = "deltaboard_requests_total"
    assert counted[f'{total}{{method="POST",route="/api/v1/sessions",status="201"}}'] == 1
    assert counted[f'{total}{{method="POST",route="/api/v1/sessions/{{id}}/step",status="200"}}'] == 1
    assert counted[f'{total}{{method="GET",route="none",status="404"}}'] == 1
    assert counted[f'{total}{{method="other",route="/",status="405"}}'] == 1
    assert counted[f'{total}{{method="GET",route="/static",status="200"}}'] == 1
    assert counted["deltaboard_sessions"] == 1
    assert counted["deltaboard_ready"] == 1
    buckets = [
        n for name, n in counted.items() if name.startswith('deltaboard_request_seconds_bucket{route="none"')
    ]
    assert buckets == sorted(buckets)
    assert buckets[-1] == counted['deltaboard_request_seconds_count{route="none"}'] == 1
    assert counted["process_cpu_seconds_total"] > 0
    assert not re.search(f"{id}|secret|nothing", client.get("/metrics").text)


def test_every_figure_is_documented(client: TestClient) -> None:
    text = (Path(__file__).parents[2] / "docs" / "monitoring.md").read_text("utf-8")
    named = set(re.findall(r"^# TYPE (\w+)", client.get("/metrics").text, re.MULTILINE))
    assert named - set(re.findall(r"`(\w+)`", text)) == set()


def test_metrics_are_behind_the_code(make_client: Callable[..., TestClient]) -> None:
    client = make_client(access_token=SecretStr(CODE))
    assert client.get("/metrics").status_code == 401
    client.headers["authorization"] = f"Bearer {CODE}"
    counted = figures(client)
    assert counted['deltaboard_requests_total{method="GET",route="none",status="401"}'] == 1
    assert counted["deltaboard_wrong_codes_total"] == 0


def test_ready_only_while_sessions_can_be_made_and_kept(
    make_client: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_client(ready_seconds=0.05)
    parts = parts_of(client)
    assert (client.get("/readyz").status_code, client.get("/readyz").text) == (200, "ready")
    for phase in ("starting", "stopping"):
        monkeypatch.setattr(parts.phase, "name", phase)
        reply = client.get("/readyz")
        assert (reply.status_code, reply.text) == (503, f"not ready: {phase}")
        assert figures(client)["deltaboard_ready"] == 0
        # The process lives all the same.
        assert client.get("/healthz").status_code == 200
    monkeypatch.setattr(parts.phase, "name", "running")
    monkeypatch.setattr(type(parts.keeper), "ready", lambda self: "store")
    assert client.get("/readyz").text == "not ready: store"
    monkeypatch.undo()

    async def never(command: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(parts.runner, "run", never)
    assert client.get("/readyz").text == "not ready: busy"
    monkeypatch.undo()
    assert client.get("/readyz").status_code == 200


def record(message: str, *arguments: object, error: Exception | None = None) -> logging.LogRecord:
    exc_info = None if error is None else (type(error), error, error.__traceback__)
    return logging.LogRecord("app.x", logging.WARNING, __file__, 1, message, arguments, exc_info)


def test_logs_hide_secrets_wherever_they_stand() -> None:
    secrets = (CODE, "a/b&c secret")
    failed = record("%s and a%%2Fb%%26c%%20secret", CODE, error=ValueError(f"bad {CODE}"))
    for formatter in (TextFormatter(secrets), JsonFormatter(secrets)):
        text = formatter.format(failed)
        assert CODE not in text
        assert "a%2Fb" not in text
        assert text.count(HIDDEN) == 3
        assert "ValueError" in text


def test_a_log_line_is_one_line() -> None:
    forged = record("first\n2026-01-01 error second\x1b[31m")
    assert TextFormatter().format(forged).endswith("warning first 2026-01-01 error second [31m")
    document = json.loads(JsonFormatter().format(forged))
    assert document["message"].startswith("first\n")
    assert document["level"] == "warning"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", document["time"])


def test_the_configuration_is_of_all_logs() -> None:
    made = configuration("json", "info", (CODE,))
    assert made["root"] == {"handlers": ["stderr"], "level": "INFO"}
    assert made["formatters"]["line"]["()"] is JsonFormatter


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int, Path]]:
    """A server with a code of its own as a user starts it, its port, and the file that it logs to."""
    log = tmp_path / "log"
    kept = {k: v for k, v in os.environ.items() if not k.startswith("DELTABOARD_")}
    with log.open("w") as errors:
        server = subprocess.Popen(
            [
                sys.executable,
                "-c",
                START,
                "--no-browser",
                "--port=0",
                "--log-level=debug",
                "--log-format=json",
            ],
            env=kept
            | {
                "DELTABOARD_ACCESS_TOKEN": CODE,
                "DELTABOARD_DATA_DIR": ":memory:",
                "PYTHONUNBUFFERED": "1",
            },
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    with server:
        assert server.stdout is not None
        said = next(iter(server.stdout.readline, "Press Ctrl-C to stop\n"))
        found = re.search(r":(\d+)\n", said)
        assert found, log.read_text("utf-8")
        # It was set by its user, who knows it.
        assert CODE not in said
        yield server, int(found[1]), log
        server.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="there a program cannot be asked to end by SIGTERM")
def test_it_ends_in_time_with_open_pages_and_has_logged_no_secret(
    served: tuple[subprocess.Popen[str], int, Path],
) -> None:
    server, port, log = served
    bearer = {"authorization": f"Bearer {CODE}", "content-type": "application/json"}

    def call(path: str, body: bytes | None = None, headers: dict[str, str] = bearer) -> int:
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as reply:
                found.append(reply.read())
                return int(reply.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    found: list[bytes] = []
    assert call(SESSIONS, b"{}") == 201
    id = json.loads(found[-1])["id"]
    assert call(f"/readyz?token={CODE}") == 200
    assert call(f"/?token={CODE}", headers={"accept": "text/html"}) in (200, 401)
    assert call(f"/api?token={CODE}x") == 401
    assert call(f"{SESSIONS}/{id}/step", b'{"count": 1}') == 200
    assert call(f"{SESSIONS}/{id}/step", b'{"count": "%s"}' % CODE.encode()) == 422

    # Open pages: a stream that is read, a connection kept open, half a request, and half a body.
    stream = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    stream.request(
        "POST", f"{SESSIONS}/{id}/train", b'{"epochs": 10000000}', bearer | {"accept": "text/event-stream"}
    )
    reply = stream.getresponse()
    assert reply.status == 200
    assert reply.readline().startswith(b"event: ")
    idle = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(3)]
    host = b"host: 127.0.0.1\r\nauthorization: Bearer " + CODE.encode() + b"\r\n"
    idle[0].sendall(b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
    assert idle[0].recv(4096).startswith(b"HTTP/1.1 200")
    idle[1].sendall(b"GET / HTTP/1.1\r\nhost:")
    idle[2].sendall(
        b"POST /api/v1/sessions HTTP/1.1\r\n"
        + host
        + b"content-type: application/json\r\ncontent-length: 9\r\n\r\n{"
    )
    server.send_signal(signal.SIGTERM)
    # Six seconds are promised: one for the runs, four for the connections. A busy machine may need longer.
    server.wait(timeout=30)
    assert cli.RUNS_END_SECONDS + cli.SHUTDOWN_SECONDS <= 5.5
    assert b"event: end" in reply.read()
    assert server.returncode in (0, -signal.SIGTERM)
    for connection in (stream, *idle):
        connection.close()

    text = log.read_text("utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    assert {line["level"] for line in lines} <= {"debug", "info", "warning", "error"}
    logged = [line for line in lines if line["logger"] == "app.observer"]
    assert {"/api/v1/sessions", "/api/v1/sessions/{id}/step", "none"} <= {line["route"] for line in logged}
    assert CODE not in text
    assert id not in text
    assert "deltaboard-access" not in text
