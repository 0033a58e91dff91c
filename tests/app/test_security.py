"""Host, origin and body size are checked first; every reply carries the security headers."""

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from app.assets import import_map
from app.security import script_hash
from app.settings import Settings

SESSIONS = "/api/v1/sessions"
HEADERS = (
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
)


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/nothing", "/static/js/api_reader.js", f"{SESSIONS}/unknown"]
)
def test_every_reply_has_the_headers(client: TestClient, path: str) -> None:
    reply = client.get(path)
    assert [name for name in HEADERS if name not in reply.headers] == []
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self' 'sha256-")
    assert "unsafe" not in policy
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_refusals_and_failures_have_the_headers_too(client: TestClient) -> None:
    assert "content-security-policy" in client.get("/", headers={"host": "evil.example"}).headers


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("testserver", 200),
        ("testserver:8000", 200),
        ("TESTSERVER", 200),
        ("evil.example", 421),
        ("testserver.evil.example", 421),
        ("testserver@evil.example", 400),
        ("", 400),
        ("testserver:port", 400),
    ],
)
def test_host(client: TestClient, host: str, status: int) -> None:
    reply = client.get("/healthz", headers={"host": host})
    assert reply.status_code == status
    if status != 200:
        assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"origin": "http://testserver"}, True),
        ({"origin": "https://testserver"}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"origin": "http://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://testserver:81"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
    ],
)
def test_origin_of_unsafe_requests(client: TestClient, headers: dict[str, str], allowed: bool) -> None:
    reply = client.delete(f"{SESSIONS}/unknown", headers=headers)
    assert reply.status_code == (404 if allowed else 403)
    assert client.get("/healthz", headers=headers).status_code == 200


def test_no_other_origin_is_invited(client: TestClient) -> None:
    reply = client.get("/healthz", headers={"origin": "http://evil.example"})
    assert not [name for name in reply.headers if name.startswith("access-control")]


def test_a_declared_length_is_refused_before_the_body_is_read(make_client: Callable[..., TestClient]) -> None:
    client = make_client(max_body_bytes=2000)
    for length in ("2001", "99999999999999999999"):
        reply = client.post(f"{SESSIONS}/unknown/step", content=b"{}", headers={"content-length": length})
        assert reply.status_code == 413
        assert reply.headers["connection"] == "close"


def test_the_import_map_is_the_only_inline_script(client: TestClient) -> None:
    page = client.get("/")
    scripts = re.findall(r"<script([^>]*)>(.*?)</script>", page.text, re.DOTALL)
    inline = [(attributes, text) for attributes, text in scripts if "src=" not in attributes]
    assert inline == [(' type="importmap"', import_map())]
    assert script_hash(inline[0][1]) in page.headers["content-security-policy"]
    assert not re.search(r"\son\w+=|<style|\sstyle=", page.text)


def test_allowed_hosts_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DELTABOARD_ALLOWED_HOSTS", "A.example, [::1]")
    assert Settings().allowed_hosts == ("a.example", "[::1]")
    monkeypatch.setenv("DELTABOARD_ALLOWED_HOSTS", '["a.example", "[::1]"]')
    assert Settings().allowed_hosts == ("a.example", "[::1]")
