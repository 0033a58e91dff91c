"""The life of a session over HTTP: create, read, change, step, travel, delete."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.app.conftest import SESSIONS, WORKED_EXAMPLE

Create = Callable[..., dict[str, Any]]
XOR: dict[str, Any] = {
    "network": {"layers": [{"units": 3, "activation": "tanh"}, {"units": 1}]},
    "data": {"name": "xor"},
    "seed": 4,
}
RUNAWAY: dict[str, Any] = {
    "network": {"layers": [{"units": 1, "activation": "identity"}]},
    "training": {"optimizer": {"name": "sgd", "parameters": {"learning_rate": 1e6}}},
    "data": {"inputs": [[1000.0, 1000.0]], "targets": [[1.0]]},
    "seed": 1,
}


def test_create_names_the_place(client: TestClient) -> None:
    reply = client.post(SESSIONS, json={"preset": "xor-2-2-1"})
    session = reply.json()
    assert reply.status_code == 201
    assert reply.headers["location"] == f"{SESSIONS}/{session['id']}"
    assert len(session["id"]) >= 22
    assert (session["status"], session["step"], session["preset"]) == ("ready", 0, "xor-2-2-1")
    assert client.get(reply.headers["location"]).json() == session


def test_nothing_at_all_is_the_worked_example(client: TestClient, create: Create) -> None:
    assert create()["parameters"] == create(preset="worked-example")["parameters"]


def test_every_preset(client: TestClient, create: Create) -> None:
    catalog = client.get("/api/v1/catalog").json()
    for preset in catalog["presets"]:
        session = create(preset=preset["name"])
        reply = client.post(f"{SESSIONS}/{session['id']}/step", json={"count": 3, "trace": True})
        assert reply.status_code == 200, reply.text
        assert reply.json()["applied"] == 3
        assert client.get(f"{SESSIONS}/{session['id']}/microsteps").status_code == 200


def test_catalog_names_are_accepted(client: TestClient, create: Create) -> None:
    catalog = client.get("/api/v1/catalog").json()
    for optimizer in catalog["optimizers"]:
        session = create(**XOR, training={"optimizer": {"name": optimizer["name"]}})
        given = session["training"]["optimizer"]["parameters"]
        assert given == {parameter["name"]: parameter["default"] for parameter in optimizer["parameters"]}
    for initializer in catalog["initializers"]:
        if initializer["name"] != "given":
            network = {**XOR["network"], "initializer": {"name": initializer["name"]}}
            assert (
                create(**{**XOR, "network": network})["network"]["initializer"]["name"] == initializer["name"]
            )
    for data in catalog["datasets"]:
        network = {"layers": [{"units": data["outputs"], "activation": "sigmoid"}]}
        assert create(network=network, data={"name": data["name"]})["data"]["name"] == data["name"]


def test_same_seed_same_numbers(create: Create) -> None:
    one, other, third = create(**XOR), create(**XOR), create(**{**XOR, "seed": 5})
    assert one["parameters"] == other["parameters"] != third["parameters"]


def test_a_partial_change_keeps_the_rest(client: TestClient, create: Create) -> None:
    session = create(**WORKED_EXAMPLE)
    address = f"{SESSIONS}/{session['id']}"
    patch = {
        "training": {"optimizer": {"parameters": {"learning_rate": 0.25}}},
        "parameters": [{"element": "w.1.0.0", "value": 0.5, "frozen": True}],
    }
    changed = client.patch(address, json=patch).json()
    assert changed["training"]["optimizer"] == {"name": "sgd", "parameters": {"learning_rate": 0.25}}
    assert changed["training"]["loss"] == session["training"]["loss"]
    assert changed["parameters"]["weights"][0][0][0] == 0.5
    assert changed["frozen"]["weights"][0] == [[True, False], [False, False]]
    assert changed["timeline"]["node"] != session["timeline"]["node"]
    stepped = client.post(f"{address}/step", json={}).json()["session"]
    assert stepped["parameters"]["weights"][0][0][0] == 0.5
    back = client.post(f"{address}/seek", json={"node": session["timeline"]["node"]}).json()
    assert back["parameters"] == session["parameters"]


def test_a_change_is_all_or_nothing(client: TestClient, create: Create) -> None:
    session = create(**WORKED_EXAMPLE)
    address = f"{SESSIONS}/{session['id']}"
    edits = [{"element": "w.1.0.0", "value": 9.0}, {"element": "w.9.0.0", "value": 1.0}]
    reply = client.patch(address, json={"parameters": edits})
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["pointer"] == "/parameters/1/element"
    assert client.get(address).json() == session


def test_replacing_the_data(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(**XOR)['id']}"
    reply = client.put(
        f"{address}/data", json={"inputs": [[1, 2], [3, 4]], "targets": [[0], [1]], "order": [1, 0]}
    )
    data = reply.json()["data"]
    expected = {
        "name": "custom",
        "parameters": {},
        "inputs": [[1.0, 2.0], [3.0, 4.0]],
        "targets": [[0.0], [1.0]],
        "order": [1, 0],
        "size": 2,
    }
    assert {name: data[name] for name in expected} == expected
    wrong = client.put(f"{address}/data", json={"inputs": [[1]], "targets": [[0]]})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/inputs"


def test_one_call_applies_at_most_1000_updates(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(**XOR)['id']}"
    reply = client.post(f"{address}/step", json={"count": 1000}).json()
    assert (reply["applied"], reply["after"]["step"], len(reply["losses"]) <= 64) == (1000, 1000, True)
    assert reply["losses"][-1] == reply["after"]
    assert client.post(f"{address}/step", json={"count": 1001}).status_code == 422
    epochs = client.post(f"{address}/step", json={"count": 1000, "unit": "epoch"}).json()
    assert epochs["applied"] <= 1000


def test_turns_do_not_change_a_bit(client: TestClient, make_client: Callable[..., TestClient]) -> None:
    other = make_client(quantum_operations=1)
    ends = []
    for server in (client, other):
        address = f"{SESSIONS}/{server.post(SESSIONS, json=XOR).json()['id']}"
        reply = server.post(f"{address}/step", json={"count": 100}).json()
        assert reply["applied"] == 100
        assert reply["losses"][-1] == reply["after"]
        ends.append((reply["session"]["parameters"], reply["session"]["recipe"]))
    assert ends[0] == ends[1]


def test_a_retry_gets_the_first_reply(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(**XOR)['id']}"
    replies = [
        client.post(f"{address}/step", json={"count": 2}, headers={"idempotency-key": key}).json()
        for key in ("one", "one", "two", "one")
    ]
    assert replies[0] == replies[1] == replies[3]
    assert replies[2]["after"]["step"] == 4
    assert client.get(address).json()["step"] == 4
    assert client.post(f"{address}/step", json={}, headers={"idempotency-key": "x" * 65}).status_code == 422


def test_travelling(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(**XOR)['id']}"
    client.post(f"{address}/step", json={"count": 10})
    end = client.get(address).json()
    middle = client.post(f"{address}/seek", json={"step": 4}).json()
    assert (middle["step"], middle["timeline"]["last_step"]) == (4, 10)
    assert (
        client.post(f"{address}/step", json={"count": 6}).json()["session"]["parameters"] == end["parameters"]
    )
    assert client.post(f"{address}/seek", json={"step": 11}).status_code == 404
    assert client.get(f"{address}/trace?step=11").status_code == 404
    for body in ({}, {"node": 0, "step": 0}):
        assert client.post(f"{address}/seek", json=body).status_code == 422


def test_the_recipe_makes_the_same_session(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(preset='xor-2-2-1')['id']}"
    client.post(f"{address}/step", json={"count": 7})
    client.patch(
        address,
        json={"parameters": [{"element": "b.1.0", "value": 0.5}], "training": {"batch": {"mode": "full"}}},
    )
    client.put(f"{address}/data", json={"inputs": [[0, 1], [1, 1]], "targets": [[1], [0]]})
    client.post(f"{address}/step", json={"count": 2})
    original = client.get(address).json()

    recipe = original["recipe"]
    copy = f"{SESSIONS}/{create(**recipe['create'])['id']}"
    for action in recipe["actions"]:
        if action["type"] == "step":
            client.post(f"{copy}/step", json={"count": action["count"]})
        elif action["type"] == "patch":
            client.patch(copy, json=action["patch"])
        else:
            client.put(f"{copy}/data", json=action["data"])
    again = client.get(copy).json()
    assert {**again, "id": original["id"]} == original


def test_divergence_is_not_an_error(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(**RUNAWAY)['id']}"
    reply = client.post(f"{address}/step", json={"count": 1000, "trace": True})
    assert reply.status_code == 200
    body = json.loads(reply.text, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))
    session = body["session"]
    assert (body["diverged"], session["status"]) == (True, "diverged")
    assert 0 < body["applied"] < 1000
    divergence = session["divergence"]
    assert divergence["step"] == session["step"]
    assert divergence["suggested_learning_rate"] == divergence["learning_rate"] / 2
    assert all(value is not None for row in session["parameters"]["weights"][0] for value in row)

    assert client.get(f"{address}/trace").status_code == 409
    failing = client.get(f"{address}/trace?step={session['step']}").json()
    assert failing["diverged"] is True
    assert failing["first_nonfinite"] == divergence["element"]
    assert failing["nonfinite"]
    for pointer, kind in failing["nonfinite"].items():
        value: Any = failing
        for part in pointer.split("/")[1:]:
            value = value[int(part) if isinstance(value, list) else part]
        assert (value, kind in ("inf", "-inf", "nan")) == (None, True)
    again = client.post(f"{address}/step", json={"trace": True}).json()
    assert (again["applied"], again["trace"]["diverged"]) == (0, True)
    assert any(pointer.startswith("/trace/") for pointer in again["nonfinite"])
    assert client.get(f"{address}/microsteps?step={session['step']}").status_code == 200
    assert client.get(f"{address}/boundary").status_code == 200
