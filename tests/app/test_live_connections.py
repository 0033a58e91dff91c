"""Streams on real connections: readers who do not read or who leave, deletion, the end of the server."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
import urllib.parse
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from starlette.types import Message

from app.i18n import LANGUAGES
from app.live.stream import EventStream
from tests.app.conftest import SESSIONS
from tests.app.test_live import ENDLESS, STREAM, XOR, Live, events, live

__all__ = ["live"]

ROOT = Path(__file__).parents[2]
PROBLEM = "application/problem+json"


def open_stream(url: str, address: str, body: Any) -> socket.socket:
    """Ask for a stream and read nothing of it, with as little room for it as the system allows."""
    place = urllib.parse.urlsplit(url)
    assert place.hostname is not None
    assert place.port is not None
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    connection.connect((place.hostname, place.port))
    content = json.dumps(body).encode()
    connection.sendall(
        f"POST {address}/train HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n".encode()
        + content
    )
    return connection


def test_who_does_not_read_holds_up_nobody(live: Live, live_url: str) -> None:
    body = {"frames_per_second": 60, "boundary": {"resolution": 100}}
    with open_stream(live_url, live.at, body):
        while live.get()["status"] != "training":
            pass
        # Another reader sees the run go on, and its frames are those of the moment.
        with live.stream(method="GET", query="?frames_per_second=60") as stream:
            steps = [next(stream)[1]["step"] for _ in range(30)]
            assert steps == sorted(set(steps))
            assert live.get()["step"] >= steps[-1]
        assert live.pause()["status"] == "paused"


def test_who_never_reads_is_given_up() -> None:
    ended: list[str] = []

    async def events() -> AsyncGenerator[bytes, None]:
        try:
            while True:
                yield b": waiting\n\n"
        finally:
            ended.append("events")

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            # Its connection takes nothing more.
            await asyncio.Event().wait()

    async def receive() -> Message:
        await asyncio.Event().wait()
        return {}

    stream = EventStream(events(), 0.05, lambda: ended.append("place"))
    asyncio.run(stream({"type": "http"}, receive, send))
    assert sorted(ended) == ["events", "place"]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.tuples(st.integers(0, 600), st.booleans()), min_size=1, max_size=4))
def test_a_stream_may_break_at_any_byte(live_url: str, cuts: list[tuple[int, bool]]) -> None:
    live = Live(live_url)
    for bytes_read, by_post in cuts:
        if live.get()["status"] != "training":
            live.call("POST", f"{live.at}/train", {}, expect=202)
        if by_post:
            live.pause()
            connection = open_stream(live_url, live.at, {"epochs": ENDLESS})
            with connection:
                read = 0
                while read < bytes_read:
                    read += len(connection.recv(min(100, bytes_read - read)))
        else:
            with live.stream(method="GET", query="?frames_per_second=60") as stream:
                next(stream)
    stopped = live.pause()
    recipe = live.call("GET", f"{live.at}/export")
    alone = live.call("POST", f"{SESSIONS}/import", recipe, expect=201)
    assert alone["parameters"] == "identical"
    assert alone["session"]["step"] == stopped["step"]
    for id in (alone["session"]["id"], stopped["id"]):
        live.client.delete(f"{SESSIONS}/{id}")
    live.client.close()


def test_a_change_under_way_is_repeated_exactly(live: Live) -> None:
    changes: tuple[dict[str, Any], ...] = (
        {"training": {"optimizer": {"parameters": {"learning_rate": 0.05}}}},
        {"training": {"batch": {"mode": "full"}}},
        {"parameters": [{"element": "w.1.0.0", "frozen": True}]},
        {"training": {"optimizer": {"name": "adam", "parameters": {"learning_rate": 0.01}}}},
    )
    with live.stream({"epochs": ENDLESS, "frames_per_second": 60}) as stream:
        next(stream)
        for change in changes:
            before = next(stream)[1]["step"]
            changed = live.call("PATCH", live.at, change)
            assert changed["status"] == "training"
            assert changed["step"] >= before
        next(stream)
        stopped = live.pause()
    steps = [a for a in stopped["recipe"]["actions"] if a["type"] == "step"]
    patches = [a for a in stopped["recipe"]["actions"] if a["type"] == "patch"]
    assert len(patches) == len(changes)
    assert sum(action["count"] for action in steps) == stopped["step"]
    again = live.call("POST", f"{SESSIONS}/import", live.call("GET", f"{live.at}/export"), expect=201)
    assert again["parameters"] == "identical"
    live.client.delete(f"{SESSIONS}/{again['session']['id']}")


def test_reading_meanwhile_changes_nothing(live: Live) -> None:
    with live.stream({"epochs": ENDLESS}) as stream:
        next(stream)
        while live.get()["step"] < 50:
            pass
        for path in (
            *("/trace", "/trace?step=3", "/microsteps?step=10", "/verification?step=0", "/curve", "/metrics"),
            *("/history", "/boundary?resolution=5", "/export", "/confusion", "/histogram"),
        ):
            live.call("GET", live.at + path)
            next(stream)
        live.call("POST", f"{live.at}/predict", {"inputs": [[0.5, 0.5]]})
        live.pause()
    again = live.call("POST", f"{SESSIONS}/import", live.call("GET", f"{live.at}/export"), expect=201)
    assert again["parameters"] == "identical"
    live.client.delete(f"{SESSIONS}/{again['session']['id']}")


def test_many_callers_at_once(live_url: str) -> None:
    def one(number: int) -> tuple[str, int]:
        live = Live(live_url)
        try:
            if number % 2:
                with live.stream({"epochs": 50 + number}) as stream:
                    end = list(stream)[-1][1]
                return end["reason"], end["session"]["epoch"] - number
            for _ in range(10):
                step = live.call("POST", f"{live.at}/step", {"count": 5})["session"]["step"]
            return "steps", step
        finally:
            live.client.delete(live.at)
            live.client.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(one, range(8))) == {("epochs", 50), ("steps", 50)}


def test_a_call_that_waits_does_not_begin_training_of_what_was_deleted(live: Live, live_url: str) -> None:
    # Steps that take turns, then a run that waits for them, and a deletion that waits for nothing.
    with ThreadPoolExecutor(3) as pool:
        at = f"{live_url}{live.at}"
        stepping = pool.submit(httpx.post, f"{at}/step", json={"count": 1000}, timeout=60)
        training = pool.submit(httpx.post, f"{at}/train", json={}, timeout=60)
        deleting = pool.submit(httpx.delete, at, timeout=60)
        statuses = [each.result().status_code for each in (stepping, training, deleting)]
    # Who comes first is not settled: behind the run, a step is refused.
    assert statuses[0] in (200, 404, 409)
    assert statuses[1] in (202, 404)
    assert statuses[2] == 204
    assert live.call("GET", live.at, expect=404)
    assert live.call("POST", f"{live.at}/pause", expect=404)


@pytest.mark.parametrize("language", LANGUAGES)
def test_unknown_sessions_and_what_is_no_request(client: TestClient, language: str) -> None:
    session = client.post(SESSIONS, json=XOR).json()
    at = f"{SESSIONS}/{session['id']}"
    query = f"?lang={language}"
    json_type = {"content-type": "application/json", **STREAM}
    for reply, status in (
        (client.post(f"{SESSIONS}/nothing/train{query}", json={}, headers=STREAM), 404),
        (client.get(f"{SESSIONS}/nothing/train{query}", headers=STREAM), 404),
        (client.post(f"{SESSIONS}/nothing/pause{query}"), 404),
        (client.get(f"{at}/train{query}", headers=STREAM), 409),
        (client.post(f"{at}/train{query}", content=b"{", headers=json_type), 400),
        (client.post(f"{at}/train{query}", content=b"[" * 100_000, headers=json_type), 413),
        (client.post(f"{at}/train{query}", content=b'{"epochs": 1, "epochs": 2}', headers=json_type), 400),
        (client.post(f"{at}/train{query}", content=b'{"epochs": NaN}', headers=json_type), 400),
        (client.post(f"{at}/train{query}", content=b'{"stop_at_loss": 1e999}', headers=json_type), 422),
        (client.post(f"{at}/train{query}", content=b"epochs=1", headers=STREAM), 415),
        (client.post(f"{at}/train{query}", json=[], headers=STREAM), 422),
        (client.post(f"{at}/train{query}", json={"epochs": True}, headers=STREAM), 422),
        (client.post(f"{at}/train{query}", json={"epochs": 10**400}, headers=STREAM), 422),
        (client.post(f"{at}/train{query}", json={"steps_per_second": -1}, headers=STREAM), 422),
        (client.post(f"{at}/train{query}", json={"patience": 3}, headers=STREAM), 422),
        (client.post(f"{at}/train{query}", json={"patience": {"epochs": 1, "minimum_change": -1}}), 422),
        (client.get(f"{at}/train{query}&resolution=1"), 422),
        (client.get(f"{at}/train{query}&frames_per_second=0"), 422),
        (client.put(f"{at}/train{query}", json={}), 405),
    ):
        assert reply.status_code == status, reply.text
        assert reply.headers["content-type"] == PROBLEM
        assert reply.headers["content-language"] == language
        assert "{" not in reply.json()["detail"]
    assert client.get(at).json() == session


def test_conflicts_are_told_in_both_languages(client: TestClient) -> None:
    at = f"{SESSIONS}/{client.post(SESSIONS, json=XOR).json()['id']}"
    assert client.post(f"{at}/train", json={}).status_code == 202
    told = {client.post(f"{at}/step?lang={language}", json={}).json()["detail"] for language in LANGUAGES}
    assert len(told) == 2
    told = set()
    client.post(f"{at}/pause")
    for language in LANGUAGES:
        told.add(client.get(f"{at}/train?lang={language}").json()["detail"])
    assert len(told) == 2
    regression = {"data": {"inputs": [[0, 0], [1, 1]], "targets": [[0.3], [0.7]]}}
    at = f"{SESSIONS}/{client.post(SESSIONS, json=regression | XOR).json()['id']}"
    for language in LANGUAGES:
        reply = client.post(f"{at}/train?lang={language}", json={"stop_at_accuracy": 0.9})
        assert reply.status_code == 422
        assert reply.json()["errors"][0]["pointer"] == "/stop_at_accuracy"
        told.add(reply.json()["detail"])
    assert len(told) == 4


def test_too_many_streams_are_refused(make_client: Callable[..., TestClient]) -> None:
    client = make_client(max_streams=1)
    at = f"{SESSIONS}/{client.post(SESSIONS, json=XOR).json()['id']}"
    services = client.app.state.services  # type: ignore[attr-defined]
    services.readers.add(object())
    for language in LANGUAGES:
        reply = client.post(f"{at}/train?lang={language}", json={}, headers=STREAM)
        assert reply.status_code == 503
        assert int(reply.headers["retry-after"]) > 0
        assert "1" in reply.json()["detail"]
    assert client.get(at).json()["status"] == "ready"
    services.readers.clear()
    done = client.post(f"{at}/train", json={"epochs": 1}, headers=STREAM)
    assert done.text.count("event: end") == 1
    assert services.readers == set()


def test_a_stream_is_neither_compressed_nor_kept(live: Live) -> None:
    headers = {**STREAM, "accept-encoding": "gzip"}
    body = {"epochs": ENDLESS, "boundary": {"resolution": 100}}
    with live.client.stream("POST", f"{live.at}/train", json=body, headers=headers) as reply:
        assert "content-encoding" not in reply.headers
        assert "content-length" not in reply.headers
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["x-content-type-options"] == "nosniff"
        stream = events(reply)
        # A frame is here before there is another one: nothing waits for a buffer to fill.
        assert next(stream)[1]["step"] < next(stream)[1]["step"]
    live.pause()


@contextmanager
def server() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, as the command starts it."""
    command = "import sys; from app.cli import main; sys.exit(main(sys.argv[1:]))"
    with subprocess.Popen(
        [sys.executable, "-c", command, "--no-browser", "--port=0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            found = re.fullmatch(r"Deltaboard is running at (\S+)\n", process.stdout.readline())
            assert found
            assert process.stdout.readline() == "Press Ctrl-C to stop\n"
            yield process, found[1]
        finally:
            process.kill()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_server_ends_with_open_streams(how: signal.Signals) -> None:
    with server() as (process, url):
        lives = [Live(url) for _ in range(3)]
        first, unread, slow = lives
        with (
            first.stream({"epochs": ENDLESS}) as stream,
            open_stream(url, unread.at, {"frames_per_second": 60, "boundary": {"resolution": 100}}),
        ):
            slow.call("POST", f"{slow.at}/train", {"steps_per_second": 0.001}, expect=202)
            next(stream)
            process.send_signal(how)
            # Once is enough: who reads is told, who does not is given up.
            name, end = list(stream)[-1]
            rest, _ = process.communicate(timeout=30)
        for each in lives:
            each.client.close()
    assert (name, end["reason"], end["session"]["status"]) == ("end", "paused", "paused")
    assert "Traceback" not in rest
    assert process.returncode == (0 if how == signal.SIGINT else -signal.SIGTERM)
