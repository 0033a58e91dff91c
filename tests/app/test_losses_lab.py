"""The losses lab over HTTP: every topic, its limits, what is not finite, answers."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.i18n import LANGUAGES

LOSSES = "/api/v1/losses"
TOPICS = ("softmax", "binary", "likelihood", "saturated")


def post(client: TestClient, **body: Any) -> dict[str, Any]:
    reply = client.post(LOSSES, json=body)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


@pytest.mark.parametrize("topic", TOPICS)
def test_each_topic_is_told_and_proven(client: TestClient, topic: str) -> None:
    reply = post(client, topic=topic)
    assert [name for name in TOPICS if reply[name] is not None] == [topic]
    assert reply["last"] == (100 if topic == "saturated" else 0)
    told = reply["explanation"]
    assert told["verification"]["verdict"] == "agree"
    assert {name for step in told["microsteps"] for name in (step["title"]["key"],)} <= told[
        "sentences"
    ].keys()
    for granularity in ("group", "phase"):
        coarser = post(client, topic=topic, granularity=granularity)["explanation"]["microsteps"]
        lines = [line for step in coarser for line in step["lines"]]
        assert lines == [line for step in told["microsteps"] for line in step["lines"]]
        assert len(coarser) < len(told["microsteps"])


def test_what_is_not_finite_is_null_with_its_kind(client: TestClient) -> None:
    reply = post(client, softmax={"source": "scores", "scores": [1000, 1], "target": 1})
    assert reply["softmax"]["naive"] == [None, 0.0]
    assert reply["nonfinite"]["/softmax/naive/0"] == "nan"
    assert reply["nonfinite"]["/softmax/argmax_loss"] == "inf"
    sure = post(client, topic="binary", binary={"source": "probability", "probability": 0, "target": 1})
    assert sure["binary"]["loss"] is None
    assert sure["explanation"]["verification"]["verdict"] == "not-differentiable"


def test_a_step_of_the_saturated_neuron(client: TestClient) -> None:
    reply = post(client, topic="saturated", at=7, saturated={"steps": 7})
    assert reply["at"] == reply["last"] == 7
    made = {
        line["result_ref"]: line["result"]
        for step in reply["explanation"]["microsteps"]
        for line in step["lines"]
    }
    assert made["y.c"] == reply["saturated"]["paths"][2]["output"][7]
    beyond = post(client, topic="saturated", at=8, saturated={"steps": 7})
    assert beyond["at"] == 7
    assert beyond["explanation"] == reply["explanation"]


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"topic": "nothing"}, "/topic", "likelihood"),
    ({"at": -1}, "/at", "0"),
    ({"softmax": {"temperature": 0}}, "/softmax/temperature", "0.01"),
    ({"softmax": {"scores": [1]}}, "/softmax/scores", "2"),
    ({"softmax": {"scores": [0, 1001]}}, "/softmax/scores/1", "1000"),
    ({"softmax": {"inputs": [1, 2]}}, "/softmax/weights", "2"),
    ({"softmax": {"inputs": [1, 2], "weights": [[1, 2], [1]]}}, "/softmax/weights/1", "2"),
    ({"softmax": {"target": 5}}, "/softmax/target", "2"),
    ({"binary": {"probability": 1.5}}, "/binary/probability", "1"),
    ({"binary": {"target": True}}, "/binary/target", ""),
    ({"topic": "likelihood", "likelihood": {"models": [[0.5]]}}, "/likelihood/models/0", "4"),
    ({"likelihood": {"models": [[0.5]] * 5}}, "/likelihood/models", "4"),
    ({"saturated": {"learning_rate": 0}}, "/saturated/learning_rate", "0"),
    ({"saturated": {"steps": 301}}, "/saturated/steps", "300"),
    ({"surprise": 1}, "/surprise", ""),
]


@pytest.mark.parametrize(("body", "pointer", "mentioned"), REFUSED, ids=lambda value: str(value)[:60])
def test_limits(client: TestClient, body: dict[str, Any], pointer: str, mentioned: str) -> None:
    for language in LANGUAGES:
        reply = client.post(f"{LOSSES}?lang={language}", json=body)
        assert reply.status_code == 422, reply.text
        errors = {error["pointer"]: error["detail"] for error in reply.json()["errors"]}
        assert mentioned in errors[pointer], errors


def test_answers(client: TestClient) -> None:
    answers = [
        {"ref": "y.0", "value": 0.4409},
        {"ref": "z.0", "value": 0.6},
        {"ref": "gz.1", "value": 0.639},
        {"ref": "S", "value": 7.7},
    ]
    reply = client.post(f"{LOSSES}/answers", json={"answers": answers}).json()
    assert [answer["verdict"] for answer in reply["answers"]] == ["right", "slip", "slip", "wrong"]
    assert [answer["slip"] and answer["slip"]["name"] for answer in reply["answers"][1:3]] == [
        "only_summand",
        "sign",
    ]
    unknown = client.post(f"{LOSSES}/answers", json={"answers": [{"ref": "q.9", "value": 1}]})
    assert unknown.status_code == 422
    assert unknown.json()["errors"][0]["pointer"] == "/answers/0/ref"
