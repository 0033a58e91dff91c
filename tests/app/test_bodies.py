"""What counts as a JSON body: RFC 8259, its size, its content type."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.json_body import parse
from app.problems import ProblemError

SESSIONS = "/api/v1/sessions"
JSON = {"content-type": "application/json"}


def depth(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "malformed-json"),
        (b'{"seed": NaN}', "malformed-json"),
        (b'{"seed": Infinity}', "malformed-json"),
        (b'{"seed": -Infinity}', "malformed-json"),
        (b"{'seed': 1}", "malformed-json"),
        (b'{"seed": 1,}', "malformed-json"),
        (b'{"seed": 01}', "malformed-json"),
        (b'{"seed": ' + b"1" * 5000 + b"}", "malformed-json"),
        (b'{"seed": 1} {}', "malformed-json"),
        (b'"\t"', "malformed-json"),
        (b"\xef\xbb\xbf{}", "malformed-json"),
        (b'{"seed": 1, "seed": 2}', "json-duplicate-key"),
        (b'{"network": {"layers": [{"units": 1, "units": 1}]}}', "json-duplicate-key"),
        (b'{"preset": "\xff"}', "json-encoding"),
        ('{"seed": 1}'.encode("utf-16"), "json-encoding"),
        (depth(65), "json-depth"),
        (depth(30_000), "json-depth"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "json-depth"),
    ],
)
def test_refused_json(client: TestClient, body: bytes, code: str) -> None:
    reply = client.post(SESSIONS, content=body, headers=JSON)
    assert reply.status_code == 400
    assert reply.json()["type"] == f"/problems/{code}"


def test_depth_of_64_is_read() -> None:
    assert parse(depth(64), 64) == json.loads(depth(64))
    with pytest.raises(ProblemError):
        parse(depth(65), 64)


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_other_content_types(client: TestClient, content_type: str) -> None:
    reply = client.post(SESSIONS, content=b"{}", headers={"content-type": content_type})
    assert reply.status_code == 415


def test_a_charset_may_be_named(client: TestClient) -> None:
    reply = client.post(SESSIONS, content=b"{}", headers={"content-type": "application/json; charset=utf-8"})
    assert reply.status_code == 201


def test_an_empty_body_is_missing(client: TestClient) -> None:
    reply = client.post(SESSIONS, content=b"", headers=JSON)
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["pointer"] == ""


def padded(size: int) -> bytes:
    return b"{" + b" " * (size - 2) + b"}"


@pytest.mark.parametrize(
    ("path", "limit"), [(SESSIONS, 1024 * 1024), (f"{SESSIONS}/unknown/step", 64 * 1024)]
)
def test_size_limits(client: TestClient, path: str, limit: int) -> None:
    assert client.post(path, content=padded(limit), headers=JSON).status_code != 413
    reply = client.post(path, content=padded(limit + 1), headers=JSON)
    assert reply.status_code == 413
    assert str(limit) in reply.json()["detail"]


def test_chunked_bodies_are_counted(make_client: Callable[..., TestClient]) -> None:
    client = make_client(max_json_bytes=2000)
    sent = 0

    def chunks() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b" " * 100

    reply = client.post(f"{SESSIONS}/unknown/step", content=chunks(), headers=JSON)
    assert reply.status_code == 413


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = [
    *(
        "preset",
        "seed",
        "network",
        "training",
        "data",
        "layers",
        "units",
        "activation",
        "bias",
        "mode",
        "value",
    ),
    *(
        "name",
        "parameters",
        "inputs",
        "targets",
        "order",
        "loss",
        "optimizer",
        "batch",
        "size",
        "count",
        "unit",
    ),
    *("trace", "node", "step", "element", "frozen", "current_sample", "weights", "biases", "initializer"),
]
known_bodies = st.recursive(
    json_values,
    lambda inner: st.dictionaries(st.sampled_from(FIELDS), inner, max_size=5) | st.lists(inner, max_size=3),
    max_leaves=20,
)
CALLS = [
    ("POST", ""),
    ("PATCH", "/{id}"),
    ("PUT", "/{id}/data"),
    ("POST", "/{id}/step"),
    ("POST", "/{id}/seek"),
    ("POST", "/{id}/predict"),
]


@settings(max_examples=150, deadline=None)
@given(call=st.sampled_from(CALLS), body=known_bodies)
def test_no_body_is_an_internal_error(client: TestClient, call: tuple[str, str], body: Any) -> None:
    created = client.post(SESSIONS, json={})
    id = created.json()["id"]
    method, path = call
    # json.dumps writes NaN and Infinity, which are not JSON, and lone surrogates as escapes, which are.
    content = json.dumps(body).encode()
    reply = client.request(method, SESSIONS + path.format(id=id), content=content, headers=JSON)
    assert reply.status_code < 500, reply.text
    json.loads(reply.text, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    if reply.status_code >= 400:
        assert reply.headers["content-type"] == "application/problem+json"
        assert len(reply.content) <= 4096
    client.delete(f"{SESSIONS}/{id}")
