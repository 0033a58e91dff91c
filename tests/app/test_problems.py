"""The shape and the language of errors; every code of the core has a sentence in both languages."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.exceptions import RequestValidationError
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.i18n import LANGUAGES, catalogue
from app.problems import MAX_BYTES, core_response, validation_response
from core.errors import DivergedError, InvalidInputError, NotRecordedError, UnknownNameError

ROOT = Path(__file__).parents[2]
SESSIONS = "/api/v1/sessions"


def raised_codes() -> set[str]:
    """Every code written in the sources of core and app."""
    pattern = re.compile(r"""(?:\bcode(?::\s*str)?\s*=\s*|ProblemError\(\s*)["']([a-z-]+)["']""")
    sources = [path for name in ("core", "app") for path in (ROOT / name).rglob("*.py")]
    return {code for path in sources for code in pattern.findall(path.read_text("utf-8"))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_sentence(language: str) -> None:
    codes = raised_codes()
    assert "unknown-name" in codes
    assert sorted(code for code in codes if f"problems.{code}" not in catalogue(language)) == []


def document(reply: Any, status: int) -> dict[str, Any]:
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    found: dict[str, Any] = reply.json()
    assert set(found) == {"type", "title", "status", "detail", "errors"}
    assert found["status"] == status
    assert re.fullmatch(r"/problems/[a-z-]+", found["type"])
    assert all(set(error) == {"pointer", "detail"} for error in found["errors"])
    return found


@pytest.mark.parametrize("path", [f"{SESSIONS}/unknown", "/nothing", f"{SESSIONS}/unknown/trace", "/api/v2"])
def test_not_found(client: TestClient, path: str) -> None:
    document(client.get(path), 404)


def test_method_not_allowed(client: TestClient) -> None:
    reply = client.put("/healthz")
    document(reply, 405)
    assert "GET" in reply.headers["allow"]


def test_deleted_and_unknown_are_the_same(client: TestClient) -> None:
    id = client.post(SESSIONS, json={}).json()["id"]
    assert client.delete(f"{SESSIONS}/{id}").status_code == 204
    assert client.get(f"{SESSIONS}/{id}").content == client.get(f"{SESSIONS}/unknown").content
    assert client.delete(f"{SESSIONS}/{id}").status_code == 404


def test_language_of_a_problem(client: TestClient) -> None:
    korean = client.get("/nothing", headers={"accept-language": "ko"})
    assert korean.json()["detail"] == catalogue("ko")["problems.not-found"]
    assert korean.headers["content-language"] == "ko"
    english = client.get("/nothing?lang=en", headers={"accept-language": "ko"})
    assert english.json()["detail"] == catalogue("en")["problems.not-found"]


def test_every_wrong_field_is_named_in_both_languages(client: TestClient) -> None:
    body = {"seed": "secret-value", "network": {"layers": [{"units": 65, "odd/key": 1}]}}
    for language in LANGUAGES:
        reply = client.post(f"{SESSIONS}?lang={language}", json=body)
        errors = document(reply, 422)["errors"]
        pointers = {error["pointer"] for error in errors}
        assert pointers == {"/seed", "/network/layers/0/units", "/network/layers/0/odd~1key"}
        units = next(error["detail"] for error in errors if error["pointer"].endswith("units"))
        assert "network.layers[0].units" in units
        assert "64" in units
        assert "secret-value" not in reply.text
        assert "{" not in "".join(error["detail"] for error in errors)


KINDS = st.sampled_from(
    ["int_type", "extra_forbidden", "greater_than", "is_instance_of", "union_tag_invalid"]
)
PLACES = st.lists(st.text(max_size=300) | st.integers(0, 10**9), max_size=20)


@given(kind=KINDS, places=st.lists(PLACES, min_size=1, max_size=30), language=st.sampled_from(LANGUAGES))
def test_a_problem_is_at_most_4_kb(kind: str, places: list[list[str | int]], language: str) -> None:
    error = RequestValidationError(
        [
            {"type": kind, "loc": ("body", *place), "msg": "", "input": "secret", "ctx": {"gt": 1}}
            for place in places
        ]
    )
    reply = validation_response(error, language)
    assert len(reply.body) <= MAX_BYTES
    assert json.loads(bytes(reply.body))["status"] == 422


def test_core_errors_by_class() -> None:
    cases = [
        (UnknownNameError(pointer="/a", kind="loss", choices=["x", "y"]), 422),
        (
            InvalidInputError(pointer="/b/0", code="parameter-range", name="alpha", minimum=0.0, maximum=1.0),
            422,
        ),
        (NotRecordedError(), 404),
        (DivergedError(), 409),
    ]
    for error, status in cases:
        for language in LANGUAGES:
            found = json.loads(bytes(core_response(error, language).body))
            assert found["status"] == status
            assert found["type"] == f"/problems/{error.code}"
            assert "{" not in found["detail"]


def test_unexpected_errors_tell_nothing(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(settings: object) -> None:
        raise RuntimeError("secret detail in /some/path")

    monkeypatch.setattr("app.routes.catalog.present_catalog", fail)
    reply = client.get("/api/v1/catalog")
    document(reply, 500)
    assert "secret" not in reply.text
    assert "content-security-policy" in reply.headers
