"""The notation of the micro-steps' reply, and the catalogue from which the page builds its dialog."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.app.conftest import SESSIONS

SYMBOL = re.compile(r"\\sym\{([^{}]*)\}\{((?:[^{}]|\{[^{}]*\})*)\}")


@pytest.fixture
def told(client: TestClient, create: Callable[..., dict[str, Any]]) -> Callable[[str], dict[str, Any]]:
    """The micro-steps of the worked example with this query."""
    session = create(preset="worked-example")["id"]

    def get(query: str = "") -> dict[str, Any]:
        reply = client.get(f"{SESSIONS}/{session}/microsteps{query}")
        assert reply.status_code == 200, reply.text
        body: dict[str, Any] = reply.json()
        return body

    return get


def values(body: dict[str, Any]) -> list[Any]:
    return [
        (step["id"], line["id"], line["values"], line["result"], [part["result"] for part in line["parts"]])
        for step in body["microsteps"]
        for line in step["lines"]
    ]


def test_every_ready_notation_changes_symbols_and_no_number(
    client: TestClient, told: Callable[[str], dict[str, Any]]
) -> None:
    usual = told("")
    assert usual["notation"]["name"] == "deltaboard"
    for preset in client.get("/api/v1/catalog").json()["notations"]["presets"]:
        body = told(f"?notation={preset['name']}")
        assert body["notation"]["name"] == preset["name"]
        assert preset["choices"].items() <= body["notation"].items()
        assert values(body) == values(usual)
        names = {name["id"]: name for name in body["elements"]}
        assert names.keys() == {name["id"] for name in usual["elements"]}
        # The equations and the diagram's names agree.
        shown = {ref: tex for line in lines(body) for ref, tex in SYMBOL.findall(line["formula"])}
        weight = names["w.2.0.0"]
        assert (
            shown["w.2.0.0"]
            == "w" + (f"^{{{weight['sup']}}}" if weight["sup"] else "") + f"_{{{weight['sub']}}}"
        )


def lines(body: dict[str, Any]) -> list[dict[str, Any]]:
    return [line for step in body["microsteps"] for line in step["lines"]]


def test_single_choices_and_the_loss_in_their_letters(told: Callable[[str], dict[str, Any]]) -> None:
    body = told("?notation=worked_example&rate=eta&output=yhat&target=y&granularity=layer")
    notation = body["notation"]
    assert (notation["name"], notation["rate_symbol"], notation["weights"]) == (None, "η", "numbered")
    assert notation["loss"] == "\\tfrac{1}{2}\\sum_k (y_k-\\hat{y}_k)^2"
    assert {name["base"] for name in body["elements"] if name["id"].startswith(("a.2", "t."))} == {"ŷ", "y"}
    update = next(step for step in body["microsteps"] if step["phase"] == "update")
    assert "\\eta" in update["headline"]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    ("query", "pointer", "named"),
    [
        ("notation=mine", "/notation", "worked_example, net_inputs"),
        ("rate=nu", "/rate", "eta, alpha"),
        ("index_base=2", "/index_base", "1, 0"),
        ("output=y&target=y", "/target", "y"),
        ("notation=numpy&net_input=a", "/net_input", "a"),
    ],
)
def test_what_cannot_be_is_refused_with_the_choices(
    client: TestClient,
    create: Callable[..., dict[str, Any]],
    query: str,
    pointer: str,
    named: str,
    language: str,
) -> None:
    session = create(preset="worked-example")["id"]
    reply = client.get(f"{SESSIONS}/{session}/microsteps?{query}&lang={language}")
    assert reply.status_code == 422
    [error] = reply.json()["errors"]
    assert error["pointer"] == pointer
    assert named in error["detail"]


def test_the_catalogue_names_every_choice_in_both_languages(client: TestClient) -> None:
    notations = client.get("/api/v1/catalog").json()["notations"]
    fields = {field["name"]: {choice["name"] for choice in field["choices"]} for field in notations["fields"]}
    assert len(fields) == 9
    for preset in notations["presets"]:
        assert {name: {value} <= fields[name] for name, value in preset["choices"].items()} == dict.fromkeys(
            fields, True
        )
        assert all(
            preset[text][language] for text in ("label", "description", "source") for language in ("en", "ko")
        )
    query = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/sessions/{id}/microsteps"]["get"]
    assert fields.keys() | {"notation"} <= {parameter["name"] for parameter in query["parameters"]}
