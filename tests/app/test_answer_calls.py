"""Predict the number through the REST API: verdicts, sentences in both languages, refusals."""

import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.app.conftest import SESSIONS, WORKED_EXAMPLE

Create = Callable[..., dict[str, Any]]
GRADIENT = 0.0259228556
DELTA = 0.0498526674


@pytest.fixture
def address(create: Create) -> str:
    return f"{SESSIONS}/{create(**WORKED_EXAMPLE)['id']}"


def ask(client: TestClient, address: str, *answers: tuple[str, float], **more: Any) -> dict[str, Any]:
    body = {"answers": [{"ref": ref, "value": value} for ref, value in answers], **more}
    reply = client.post(f"{address}/answers", json=body)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def test_right_slip_and_wrong(client: TestClient, address: str) -> None:
    reply = ask(client, address, ("gw.2.0.0", 0.0259), ("gw.2.0.0", DELTA), ("gw.2.0.0", 7.0))
    right, slip, wrong = reply.pop("answers")
    assert reply == {"step": 0, "sample": 0, "right": 1, "asked": 3}
    assert right == {"ref": "gw.2.0.0", "value": 0.0259, "verdict": "right", "slip": None, "factors": []}
    assert (slip["verdict"], slip["factors"]) == ("slip", [])
    assert slip["slip"]["name"] == "carried_forgotten"
    assert slip["slip"]["place"] == {"ref": "a.1.0", "badge": 3, "line": "backward/2/0/w.2.0.0"}
    assert slip["slip"]["refs"] == {"asked": "gw.2.0.0", "used": "d.2.0", "due": "a.1.0"}
    assert "{due}" in slip["slip"]["text"]["en"]
    assert "{due}" in slip["slip"]["text"]["ko"]
    assert slip["slip"]["text"]["en"] != slip["slip"]["text"]["ko"]
    assert (wrong["verdict"], wrong["slip"]) == ("wrong", None)
    assert wrong["factors"] == ["up.2.0", "loc.2.0", "a.1.0"]


def numbers_in(document: Any) -> list[float]:
    if isinstance(document, dict):
        return [number for value in document.values() for number in numbers_in(value)]
    if isinstance(document, list):
        return [number for value in document for number in numbers_in(value)]
    return [document] if isinstance(document, float) else []


def test_the_reply_never_tells_the_right_number(client: TestClient, address: str) -> None:
    told = client.get(f"{address}/microsteps").json()
    refs = [line["result_ref"] for step in told["microsteps"] for line in step["lines"]]
    reply = ask(client, address, *((ref, 123456.5) for ref in refs))
    assert set(numbers_in(reply)) == {123456.5}
    assert {answer["verdict"] for answer in reply["answers"]} == {"wrong"}


def test_every_line_of_the_page_can_be_answered(client: TestClient, address: str) -> None:
    told = client.get(f"{address}/microsteps").json()
    lines = [(line["result_ref"], line["result"]) for step in told["microsteps"] for line in step["lines"]]
    reply = ask(client, address, *((ref, float(f"{value:.4f}")) for ref, value in lines))
    assert reply["right"] == reply["asked"] == len(lines)


def test_the_first_wrong_factor_is_found(client: TestClient, address: str) -> None:
    # A learner who went wrong at one product, and so everywhere after it: asked factor by factor.
    beliefs = {"p.2.0.0": 0.234, "p.2.1.0": 0.9, "a.1.1": 0.5275}
    asked = []

    def first_wrong(ref: str) -> str:
        asked.append(ref)
        (verdict,) = ask(client, address, (ref, beliefs.get(ref, 9.0)))["answers"]
        if verdict["verdict"] == "right":
            return ""
        return next(filter(None, map(first_wrong, verdict["factors"])), ref)

    assert first_wrong("gw.2.0.0") == "p.2.1.0"
    assert asked == ["gw.2.0.0", "up.2.0", "a.2.0", "z.2.0", "p.2.0.0", "p.2.1.0", "a.1.1"]


def test_nothing_changes(client: TestClient, address: str) -> None:
    before = client.get(address).json()
    ask(client, address, ("z.1.0", 0.08), ("gw.2.0.0", 7.0))
    assert client.get(address).json() == before


def test_an_earlier_step_and_the_decimals(client: TestClient, address: str) -> None:
    client.post(f"{address}/step", json={"count": 1})
    # z1 is 0.08 at first, 0.07979778 after the update.
    assert ask(client, address, ("z.1.0", 0.07979778), step=1, decimals=8)["answers"][0]["verdict"] == "right"
    assert ask(client, address, ("gw.1.0.0", 0.00085), step=0)["right"] == 1
    assert ask(client, address, ("gw.1.0.0", 0.00085), step=0, decimals=6)["right"] == 0
    assert ask(client, address, ("z.1.0", 0.08), step=0)["step"] == 0
    assert ask(client, address, ("z.1.0", 0.08))["step"] == 1


def test_the_step_s_own_specification_counts(client: TestClient, address: str) -> None:
    client.post(f"{address}/step", json={"count": 1})
    patch = {"training": {"loss": {"coefficient": 1.0}}}
    assert client.patch(address, json=patch).status_code == 200
    # The first step's loss still has its ½.
    (then,) = ask(client, address, ("e.0", 0.0438676290), step=0)["answers"]
    assert then["slip"]["name"] == "half_forgotten"


def test_another_sample_of_the_batch(client: TestClient, create: Create) -> None:
    data = {"inputs": [[0.1, 0.2], [1.0, 2.0]], "targets": [[0.4, 0.6], [0.1, 0.9]]}
    address = f"{SESSIONS}/{create(**{**WORKED_EXAMPLE, 'data': data})['id']}"
    reply = ask(client, address, ("z.1.0", 0.8), ("eb", 0.5), sample=1)
    assert reply["sample"] == 1
    assert [answer["verdict"] for answer in reply["answers"]] == ["right", "wrong"]
    assert reply["answers"][1]["factors"] == ["e"]


def refused(reply: Any, status: int) -> list[str]:
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    return [error["pointer"] for error in reply.json()["errors"]]


ONE = [{"ref": "e", "value": 1.0}]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/answers"),
        ({"answers": []}, "/answers"),
        ({"answers": ONE * 501}, "/answers"),
        ({"answers": {}}, "/answers"),
        ({"answers": ONE, "decimals": 13}, "/decimals"),
        ({"answers": ONE, "decimals": -1}, "/decimals"),
        ({"answers": ONE, "decimals": 4.5}, "/decimals"),
        ({"answers": ONE, "step": -1}, "/step"),
        ({"answers": ONE, "sample": 1}, "/sample"),
        ({"answers": ONE, "right": True}, "/right"),
        ({"answers": [{"ref": "e"}]}, "/answers/0/value"),
        ({"answers": [{"value": 1.0}]}, "/answers/0/ref"),
        ({"answers": [*ONE, {"ref": "e", "value": "1.0"}]}, "/answers/1/value"),
        ({"answers": [{"ref": "e", "value": None}]}, "/answers/0/value"),
        ({"answers": [{"ref": "e", "value": True}]}, "/answers/0/value"),
        ({"answers": [{"ref": "", "value": 1.0}]}, "/answers/0/ref"),
        ({"answers": [{"ref": "e" * 65, "value": 1.0}]}, "/answers/0/ref"),
        ({"answers": [*ONE, {"ref": "a.9.0", "value": 1.0}]}, "/answers/1/ref"),
        ({"answers": [{"ref": "w.1.0.0", "value": 1.0}]}, "/answers/0/ref"),
    ],
)
def test_unusable_requests(client: TestClient, address: str, body: Any, pointer: str) -> None:
    assert refused(client.post(f"{address}/answers", json=body), 422) == [pointer]


def test_numbers_that_are_not_finite_are_refused(client: TestClient, address: str) -> None:
    headers = {"content-type": "application/json"}
    for text, status in (("1e999", 422), ("NaN", 400), ("-Infinity", 400)):
        body = f'{{"answers": [{{"ref": "e", "value": {text}}}]}}'
        reply = client.post(f"{address}/answers", content=body, headers=headers)
        assert reply.status_code == status
    assert math.isinf(json.loads("1e999"))


@pytest.mark.parametrize(("language", "words"), [("en", "names no number"), ("ko", "값의 이름이 아닙니다")])
def test_refusal_in_the_caller_s_language(
    client: TestClient, address: str, language: str, words: str
) -> None:
    body = {"answers": [{"ref": "q.1", "value": 1.0}]}
    reply = client.post(f"{address}/answers?lang={language}", json=body)
    assert refused(reply, 422) == ["/answers/0/ref"]
    assert reply.json()["type"] == "/problems/answer-unknown"
    assert words in reply.json()["detail"]
    assert reply.json()["detail"].startswith("answers[0].ref")


def test_unknown_session_and_step(client: TestClient, address: str) -> None:
    assert refused(client.post(f"{SESSIONS}/unknown/answers", json={"answers": ONE}), 404) == []
    assert refused(client.post(f"{address}/answers", json={"answers": ONE, "step": 5}), 404) == []


def test_diverged(client: TestClient, create: Create) -> None:
    training = {
        **WORKED_EXAMPLE["training"],
        "optimizer": {"name": "sgd", "parameters": {"learning_rate": 1e6}},
    }
    layers = [{"units": 1, "activation": "identity", "bias": {"mode": "absent"}}]
    network = {"layers": layers, "parameters": {"weights": [[[1.0]]], "biases": [None]}}
    data = {"inputs": [[100.0]], "targets": [[1.0]]}
    address = f"{SESSIONS}/{create(network=network, training=training, data=data)['id']}"
    stepped = client.post(f"{address}/step", json={"count": 1000}).json()
    assert stepped["diverged"]
    assert refused(client.post(f"{address}/answers", json={"answers": ONE}), 409) == []
    step = client.get(address).json()["step"]
    body = {"step": step, "answers": [{"ref": "nw.1.0.0", "value": 1.0}]}
    for language in ("en", "ko"):
        reply = client.post(f"{address}/answers?lang={language}", json=body)
        assert refused(reply, 409) == ["/answers/0/ref"]
        assert reply.json()["type"] == "/problems/answer-not-finite"
