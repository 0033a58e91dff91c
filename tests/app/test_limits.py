"""Every limit on what a request may say: the status, the field that is named, and the limit itself."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from app.i18n import LANGUAGES
from tests.app.conftest import SESSIONS

HIDDEN = {"units": 2}
OUTPUT = {"units": 1}
DATA = {"inputs": [[0, 1]], "targets": [[1]]}


def network(*layers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"network": {"layers": list(layers), **more}, "data": DATA}


def optimizer(**parameters: Any) -> dict[str, Any]:
    return {"training": {"optimizer": {"name": "sgd", "parameters": parameters}}}


CREATE: list[tuple[dict[str, Any], str, str]] = [
    (network(), "/network/layers", "1"),
    (network(*[HIDDEN] * 7, OUTPUT), "/network/layers", "7"),
    (network({"units": 0}), "/network/layers/0/units", "1"),
    (network({"units": 65}, OUTPUT), "/network/layers/0/units", "64"),
    (network({"units": True}), "/network/layers/0/units", ""),
    (network({"units": "2"}), "/network/layers/0/units", ""),
    (network({"units": 1.5}), "/network/layers/0/units", ""),
    (network({"units": 1, "activation": "nothing"}), "/network/layers/0/activation", "sigmoid"),
    (network({"units": 2, "activation": "softmax"}, OUTPUT), "/network/layers/0/activation", ""),
    (network({"units": 1, "bias": {"mode": "odd"}}), "/network/layers/0/bias/mode", "trained"),
    (network({"units": 1, "surprise": 1}), "/network/layers/0/surprise", ""),
    (network(OUTPUT, initializer={"name": "nothing"}), "/network/initializer/name", "glorot_uniform"),
    (network(OUTPUT, parameters={"weights": [[[1.0]]]}), "/network/parameters/weights/0", "2"),
    (network(OUTPUT, parameters={"weights": [[[1.0], [1.0, 2.0]]]}), "/network/parameters/weights/0/1", "1"),
    (network(OUTPUT, parameters={"weights": []}), "/network/parameters/weights", "1"),
    (network(OUTPUT, parameters={"weights": [[[1], [2e6]]]}), "/network/parameters", "1e+06"),
    (
        network(OUTPUT, parameters={"weights": [[[1], [2]]], "biases": [[1, 2]]}),
        "/network/parameters/biases/0",
        "1",
    ),
    (optimizer(learning_rate=0), "/training/optimizer/parameters/learning_rate", "1e+06"),
    (optimizer(learning_rate=-0.1), "/training/optimizer/parameters/learning_rate", "0"),
    (optimizer(learning_rate=1.1e6), "/training/optimizer/parameters/learning_rate", "1e+06"),
    (optimizer(learning_rate="0.1"), "/training/optimizer/parameters/learning_rate", ""),
    (optimizer(learning_rate=True), "/training/optimizer/parameters/learning_rate", ""),
    (optimizer(lr=0.1), "/training/optimizer/parameters/lr", "learning_rate"),
    ({"training": {"optimizer": {"name": "nothing"}}}, "/training/optimizer/name", "sgd"),
    ({"training": {"loss": {"name": "nothing"}}}, "/training/loss/name", "squared_error"),
    ({"training": {"loss": {"coefficient": 0.7}}}, "/training/loss/coefficient", "0.5"),
    ({"training": {"loss": {"name": "categorical_cross_entropy"}}}, "/training/loss/name", "softmax"),
    ({"training": {"batch": {"size": 0}}}, "/training/batch/size", "1"),
    ({"training": {"batch": {"size": 5001}}}, "/training/batch/size", "5000"),
    ({"training": {"batch": {"mode": "all"}}}, "/training/batch/mode", "full"),
    ({"data": {"name": "nothing"}}, "/data/name", "xor"),
    ({"data": {}}, "/data", ""),
    ({"data": {"name": "xor", **DATA}}, "/data", ""),
    ({"data": {"inputs": [], "targets": []}}, "/data/inputs", "1"),
    ({"data": {"inputs": [[1]] * 5001, "targets": [[1]] * 5001}}, "/data/inputs", "5000"),
    ({"data": {"inputs": [[1, 2], [1]], "targets": [[1, 1], [1, 1]]}}, "/data/inputs/1", "2"),
    ({"data": {"inputs": [[1, 2]], "targets": [[1, 1], [1, 1]]}}, "/data/targets", "1"),
    ({"data": {"inputs": [[1, 1.1e6]], "targets": [[1, 1]]}}, "/data/inputs/0/1", "1e+06"),
    ({"data": {"inputs": [[1, 2]], "targets": [[1, 1]], "order": [1]}}, "/data/order", "1"),
    ({"preset": "nothing"}, "/preset", "worked-example"),
    ({"preset": 3}, "/preset", ""),
    ({"seed": -1}, "/seed", "0"),
    ({"seed": 2**53}, "/seed", str(2**53 - 1)),
    ({"seed": 1.0}, "/seed", ""),
    ({"surprise": 1}, "/surprise", ""),
]


@pytest.mark.parametrize(("body", "pointer", "mentioned"), CREATE, ids=lambda value: str(value)[:60])
def test_create(client: TestClient, body: dict[str, Any], pointer: str, mentioned: str) -> None:
    for language in LANGUAGES:
        reply = client.post(f"{SESSIONS}?lang={language}", json=body)
        assert reply.status_code == 422, reply.text
        errors = {error["pointer"]: error["detail"] for error in reply.json()["errors"]}
        assert pointer in errors
        assert mentioned in errors[pointer]
        assert "{" not in errors[pointer]


@pytest.mark.parametrize("literal", ["1e999", "-1e999"])
def test_numbers_are_finite(client: TestClient, literal: str) -> None:
    body = f'{{"data": {{"inputs": [[{literal}, 1]], "targets": [[1, 1]]}}}}'
    reply = client.post(SESSIONS, content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["pointer"] == "/data/inputs/0/0"


CALLS: list[tuple[str, str, dict[str, Any], str]] = [
    ("POST", "step", {"count": 0}, "/count"),
    ("POST", "step", {"count": 1001}, "/count"),
    ("POST", "step", {"count": 1001, "unit": "epoch"}, "/count"),
    ("POST", "step", {"count": True}, "/count"),
    ("POST", "step", {"count": "1"}, "/count"),
    ("POST", "step", {"unit": "epochs"}, "/unit"),
    ("POST", "step", {"trace": 1}, "/trace"),
    ("POST", "seek", {"node": -1}, "/node"),
    ("POST", "predict", {}, "/inputs"),
    ("POST", "predict", {"inputs": [[1, "2"]]}, "/inputs/0/1"),
    ("PATCH", "", {"parameters": [{"element": "w.3.0.0", "value": 1}]}, "/parameters/0/element"),
    ("PATCH", "", {"parameters": [{"element": "../x", "value": 1}]}, "/parameters/0/element"),
    ("PATCH", "", {"parameters": [{"element": "w.1.0.0", "value": 1.1e6}]}, "/parameters/0/value"),
    ("PATCH", "", {"current_sample": 1}, "/current_sample"),
    (
        "PATCH",
        "",
        {"training": {"optimizer": {"parameters": {"learning_rate": 0}}}},
        "/training/optimizer/parameters/learning_rate",
    ),
    ("PUT", "data", {"inputs": [[1, 2]]}, ""),
    ("PUT", "data", {"inputs": [[1, 2, 3]], "targets": [[1, 1]]}, "/inputs"),
    ("PUT", "data", {"name": "nothing"}, "/name"),
]


@pytest.mark.parametrize(("method", "call", "body", "pointer"), CALLS, ids=lambda value: str(value)[:60])
def test_calls(client: TestClient, method: str, call: str, body: dict[str, Any], pointer: str) -> None:
    address = f"{SESSIONS}/{client.post(SESSIONS, json={}).json()['id']}"
    before = client.get(address).json()
    reply = client.request(method, f"{address}/{call}".rstrip("/"), json=body)
    assert reply.status_code == 422, reply.text
    assert pointer in [error["pointer"] for error in reply.json()["errors"]] or not pointer
    assert client.get(address).json() == before


@pytest.mark.parametrize("query", ["step=-1", "step=x", "step=99999999999999999999", "sample=1", "sample=x"])
def test_queries(client: TestClient, query: str) -> None:
    address = f"{SESSIONS}/{client.post(SESSIONS, json={}).json()['id']}"
    reply = client.get(f"{address}/trace?{query}")
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["pointer"] == f"/{query.partition('=')[0]}"


def test_the_largest_network_is_served(client: TestClient) -> None:
    layers = [{"units": 64, "activation": "tanh"}] * 6 + [OUTPUT]
    address = f"{SESSIONS}/{client.post(SESSIONS, json=network(*layers)).json()['id']}"
    reply = client.post(f"{address}/step", json={"trace": True})
    assert reply.status_code == 200
    assert not [name for name in reply.json()["session"]["elements"] if name["id"].startswith("w.")]
    for call in ("trace", "verification", "boundary", "curve"):
        assert client.get(f"{address}/{call}").status_code == 200
    told = client.get(f"{address}/microsteps?granularity=term")
    assert (told.status_code, told.json()["only"]) == (200, "a.1.0")
    other = client.get(f"{address}/microsteps?neuron=a.2.63").json()
    assert other["only"] == "a.2.63"
    assert [step["id"] for step in other["microsteps"]] == [
        *("forward/2/63", "loss/total", "backward/2/63", "update/2/63")
    ]


@pytest.mark.parametrize("neuron", ["a.0.0", "a.3.0", "a.1.9", "w.1.0.0", "a.1", "a.1.x"])
def test_a_neuron_that_is_not_there(client: TestClient, neuron: str) -> None:
    address = f"{SESSIONS}/{client.post(SESSIONS, json={}).json()['id']}"
    reply = client.get(f"{address}/microsteps?neuron={neuron}")
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["pointer"] == "/neuron"
