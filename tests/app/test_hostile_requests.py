"""Requests as no client writes them: slow, cut, smuggled, swollen; each is refused and the server goes on."""

from __future__ import annotations

import json
import logging
import socket
import time
import urllib.parse
from collections.abc import Iterator

import httpx
import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from app.i18n import LANGUAGES
from app.json_body import parse
from app.problems import ProblemError
from app.schemas.exports import ImportRequest
from app.schemas.requests import CreateRequest
from app.settings import Settings
from core.datasets.csv_table import read_csv
from core.errors import InvalidInputError
from tests.app.conftest import SESSIONS, served

JSON = {"content-type": "application/json"}
HEAD = "POST /api/v1/sessions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def impatient_url() -> Iterator[str]:
    """A server that gives a request little time to arrive."""
    with served(Settings(request_seconds=0.3)) as url:
        yield url


def talk(url: str, *parts: bytes) -> bytes:
    """Send the parts and return all that comes back until the server hangs up."""
    place = urllib.parse.urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=60) as connection:
        reply = b""
        try:
            for part in parts:
                connection.sendall(part)
            while more := connection.recv(65536):
                reply += more
        except (ConnectionResetError, BrokenPipeError):
            # It hung up while there was more to send.
            pass
        return reply


def status(reply: bytes) -> int:
    return int(reply.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",  # no host
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1, evil.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1#@evil.example\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\x00.evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1:99999999\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: a\r\n b\r\n\x00\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 100_000,
        b"GET /" + b"a" * 100_000,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 40 + b"\r\n\r\n",  # TLS
        HEAD.encode() + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        HEAD.encode() + b"Content-Length: -1\r\n\r\n{}",
        HEAD.encode() + b"Content-Length: +2\r\n\r\n{}",
        HEAD.encode() + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        HEAD.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\n{}",
    ],
    ids=lambda head: repr(head[:60]),
)
def test_what_is_no_request_is_refused(live_url: str, head: bytes) -> None:
    assert status(talk(live_url, head)) == 400
    assert httpx.get(f"{live_url}/healthz").status_code == 200


def test_a_second_request_cannot_be_hidden_in_the_first(live_url: str) -> None:
    hidden = b"DELETE /api/v1/sessions/x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    both = HEAD.encode() + b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    reply = talk(live_url, both + b"2\r\n{}\r\n0\r\n\r\n" + hidden)
    # Either the mixture is refused, or it is one request whose end the chunks say.
    assert reply.count(b"HTTP/1.1 ") == 1
    assert status(reply) in (201, 400)


@pytest.mark.parametrize(
    "target",
    [
        *(
            "http://evil.example/",
            "/static/../app/settings.py",
            "/static/%2e%2e/pyproject.toml",
            "/%00",
            "/%ff",
        ),
        *("/static/js%5c..%5c..%5capp", "//evil.example/", "/api/v1/sessions/..%2f..%2fcatalog", "*"),
    ],
)
def test_addresses_that_lead_elsewhere(live_url: str, target: str) -> None:
    reply = talk(live_url, f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    assert status(reply) in (400, 404)
    assert b"Traceback" not in reply
    assert b"[project]" not in reply


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_body_that_comes_too_slowly(impatient_url: str, language: str) -> None:
    head = f"{HEAD}Accept-Language: {language}\r\nContent-Length: 10\r\n\r\n".encode()
    reply = talk(impatient_url, head + b'{"se')
    assert status(reply) == 408
    assert b"/problems/body-too-slow" in reply
    assert b"connection: close" in reply.lower()


@pytest.mark.parametrize(
    "part",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: 127",
        # Nobody reads the body of a page's address: the connection is closed all the same.
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n",
    ],
)
def test_a_connection_that_says_nothing_is_closed(impatient_url: str, part: bytes) -> None:
    talk(impatient_url, part)
    assert httpx.get(f"{impatient_url}/healthz").status_code == 200


def test_chunks_are_counted_and_not_waited_for(live_url: str) -> None:
    head = HEAD.encode() + b"Transfer-Encoding: chunked\r\n\r\n"
    # The last chunk never comes.
    reply = talk(live_url, head, *[b"10000\r\n" + b" " * 65536 + b"\r\n"] * 17)
    assert not reply or status(reply) == 413


def test_who_leaves_in_the_middle_of_a_body_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    gone = 'deltaboard_requests_total{method="POST",route="/api/v1/sessions",status="gone"} 1'
    with served(Settings()) as url:
        place = urllib.parse.urlsplit(url)
        with socket.create_connection((place.hostname, place.port), timeout=60) as connection:
            connection.sendall(HEAD.encode() + b"Content-Length: 100\r\n\r\n{")
        deadline = time.monotonic() + 60
        while gone not in httpx.get(f"{url}/metrics").text:
            assert time.monotonic() < deadline
            time.sleep(0.01)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_no_upgrade_to_another_protocol(live_url: str) -> None:
    for protocol in ("websocket", "h2c"):
        reply = httpx.get(
            f"{live_url}/healthz",
            headers={"connection": "upgrade", "upgrade": protocol, "http2-settings": "AA"},
        )
        assert reply.status_code == 200


LONG = ",".join(f"x{number};q=0.{number}" for number in range(3000))


@pytest.mark.parametrize(
    "headers",
    [
        {"accept-language": LONG},
        {"accept-encoding": LONG},
        {"accept": LONG},
        {"if-none-match": LONG},
        {"range": "bytes=" + ",".join(f"{number}-{number}" for number in range(6000))},
        {"range": "bytes=0-99999999999999999999"},
        {"if-modified-since": "Thu, 99 Foo 9999999"},
        {"cookie": ";".join(f"x{number}={number}" for number in range(3000))},
        {"authorization": "Bearer " + "a" * 30_000},
        {"x-forwarded-host": "evil.example", "x-forwarded-for": "1.2.3.4", "forwarded": "host=evil.example"},
        {"accept-language": "ko\x00en"},
        {"accept-language": "../../../etc/passwd"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_swollen_headers(client: TestClient, headers: dict[str, str]) -> None:
    for path in ("/", "/static/css/base.css", "/api/v1/catalog", f"{SESSIONS}/unknown"):
        reply = client.get(path, headers=headers)
        assert reply.status_code < 500, path
        assert "evil.example" not in reply.text
        assert "evil.example" not in str(reply.headers)


def test_compressed_bodies_are_not_unpacked(client: TestClient) -> None:
    reply = client.post(SESSIONS, content=b"\x1f\x8b\x08\x00", headers={**JSON, "content-encoding": "gzip"})
    assert reply.status_code == 400


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_object_of_many_keys_is_refused_at_once(client: TestClient, language: str) -> None:
    body = json.dumps({f"k{number}": 0 for number in range(1001)})
    reply = client.post(f"{SESSIONS}?lang={language}", content=body, headers=JSON)
    assert (reply.status_code, reply.json()["type"]) == (400, "/problems/json-members")
    assert "1000" in reply.json()["detail"]
    assert len(parse(json.dumps({f"k{number}": 0 for number in range(1000)}).encode(), 64)) == 1000
    with pytest.raises(ProblemError):
        parse(b'{"a": {' + b",".join(b'"k%d":0' % number for number in range(5)) + b"}}", 64, 4)


ROW = ["a"] * 64


@pytest.mark.parametrize(
    ("model", "body"),
    [
        (CreateRequest, {"data": {"inputs": [ROW] * 4000, "targets": [ROW] * 4000}}),
        (CreateRequest, {"data": {"inputs": [[1]], "targets": [[1]], "order": ["a"] * 5000}}),
        (
            CreateRequest,
            {"network": {"layers": [{"units": 2}], "parameters": {"weights": [[ROW] * 64] * 7}}},
        ),
        (ImportRequest, {"deltaboard": 1, "recipe": {"create": {}, "actions": [{"type": "x"}] * 20_000}}),
    ],
)
def test_of_a_table_the_first_mistake_is_enough(model: type[CreateRequest], body: dict[str, object]) -> None:
    # A sentence for each of a hundred thousand cells would hold the server up for seconds.
    with pytest.raises(ValidationError) as found:
        model.model_validate(body)
    assert found.value.error_count() <= 20


@pytest.mark.parametrize("line", ["", ",", '""'])
def test_a_table_of_blank_lines_is_too_long(line: str) -> None:
    with pytest.raises(InvalidInputError) as found:
        read_csv("a,b\n" + f"{line}\n" * 50_000 + "1,2\n")
    assert found.value.code == "csv-too-many-rows"


def test_a_few_blank_lines_do_not_count() -> None:
    assert read_csv("a,b\n" + "\n1,2\n" * 5000).rows == 5000
