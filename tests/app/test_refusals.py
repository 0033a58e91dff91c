"""Every field of every request: a wrong value is refused by the field's name, and never repeated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.i18n import LANGUAGES
from app.main import create_app
from app.settings import Settings
from tests.app.conftest import SESSIONS

DOCUMENT = create_app(Settings()).openapi()
CANARY = "zq7#canary"
WRONG: tuple[Any, ...] = (CANARY, [CANARY], {"name": CANARY}, [[CANARY]], -987654321987654321, True)


def bodies() -> Iterator[tuple[str, str, list[str]]]:
    """Each operation that takes JSON, with its fields."""
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content:
                schema = content["schema"]
                if "$ref" in schema:
                    schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
                yield method, path, list(schema["properties"])


def queries() -> Iterator[tuple[str, str, list[str]]]:
    """Each operation with a query, with its parameters."""
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            names = [each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"]
            if names:
                yield method, path, names


@pytest.fixture(scope="module")
def id(client: TestClient) -> Iterator[str]:
    """A session for those calls; none of them changes it."""
    made: str = client.post(SESSIONS, json={"preset": "xor-2-2-1"}).json()["id"]
    yield made
    client.delete(f"{SESSIONS}/{made}")


def check(reply: Any, name: str, language: str) -> None:
    """A refusal: helpful, short, and without what was sent."""
    assert reply.status_code < 500, reply.text
    if reply.status_code < 400:
        return
    assert "canary" not in reply.text
    assert "987654321" not in reply.text
    assert len(reply.content) <= 4096
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.headers["content-language"] == language
    told = reply.json()
    assert told["detail"]
    if reply.status_code == 422:
        # What is wrong with the body as a whole has no pointer.
        assert all(each["pointer"].startswith("/") or each["pointer"] == "" for each in told["errors"])


@pytest.mark.parametrize(("method", "path", "fields"), list(bodies()), ids=lambda value: str(value)[:50])
def test_wrong_fields(client: TestClient, id: str, method: str, path: str, fields: list[str]) -> None:
    address = path.replace("{id}", id)
    for place, field in enumerate(fields):
        language = LANGUAGES[place % len(LANGUAGES)]
        headers = {"accept-language": language}
        for wrong in WRONG:
            reply = client.request(method, address, json={field: wrong}, headers=headers)
            if path.endswith("/train"):
                client.post(address.replace("/train", "/pause"))
            check(reply, field, language)
            if reply.status_code == 422 and wrong == [CANARY] and len(reply.json()["errors"]) == 1:
                # Where answers are asked for, that they are missing comes first.
                assert reply.json()["errors"][0]["pointer"].startswith((f"/{field}", "/answers"))
    unknown = client.request(
        method, address, content=json.dumps({CANARY: 1}), headers={"content-type": "application/json"}
    )
    assert unknown.status_code == 422
    assert CANARY in [each["pointer"][1:] for each in unknown.json()["errors"]]


@pytest.mark.parametrize(("method", "path", "names"), list(queries()), ids=lambda value: str(value)[:50])
def test_wrong_queries(client: TestClient, id: str, method: str, path: str, names: list[str]) -> None:
    address = path.replace("{id}", id)
    for place, name in enumerate(names):
        language = LANGUAGES[place % len(LANGUAGES)]
        for wrong in (CANARY, "-987654321987654321", "nan", "1e999", "", "9" * 400, "%00", "0x10", " 1"):
            reply = (
                client.request(
                    method, address, params={name: wrong}, headers={"accept-language": language}, json={}
                )
                if method != "get"
                else client.get(address, params={name: wrong}, headers={"accept-language": language})
            )
            check(reply, name, language)
