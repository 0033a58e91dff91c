"""What is read off a session: batches, the map, the curve, predictions."""

import base64
import struct
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.app.conftest import SESSIONS

Create = Callable[..., dict[str, Any]]
XOR: dict[str, Any] = {
    "network": {"layers": [{"units": 3, "activation": "tanh"}, {"units": 1}]},
    "data": {"name": "xor"},
    "seed": 4,
}


def test_an_epoch_ends_at_its_boundary(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(**XOR, training={'batch': {'mode': 'one'}})['id']}"
    client.post(f"{address}/step", json={})
    reply = client.post(f"{address}/step", json={"unit": "epoch"}).json()
    assert (reply["applied"], reply["session"]["epoch"], reply["session"]["epoch_position"]) == (3, 1, 0)
    assert client.post(f"{address}/step", json={"unit": "epoch", "count": 2}).json()["applied"] == 8


def test_samples_of_a_batch(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(**XOR, training={'batch': {'mode': 'mini', 'size': 2}})['id']}"
    batch = client.get(address).json()["next_batch"]
    trace = client.get(f"{address}/trace?sample={batch[1]}").json()
    assert (trace["sample"], trace["batch"]) == (batch[1], batch)
    outside = next(row for row in range(4) if row not in batch)
    for name in ("trace", "microsteps"):
        reply = client.get(f"{address}/{name}?sample={outside}")
        assert reply.status_code == 422
        assert reply.json()["errors"][0]["pointer"] == "/sample"


def test_boundary(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(**XOR)['id']}"
    grid = client.get(f"{address}/boundary?resolution=5").json()
    assert (grid["x_range"], grid["y_range"]) == ([-0.25, 1.25], [-0.25, 1.25])
    assert (grid["element"], grid["midpoint"], len(grid["values"])) == ("a.2.0", 0.5, 25)
    # The first row is the lowest y; the value is the network's own at that point.
    corner = client.post(f"{address}/predict", json={"inputs": [[1.25, -0.25]]}).json()
    assert grid["values"][4] == pytest.approx(corner["outputs"][0][0], rel=1e-5)
    assert (grid["minimum"], grid["maximum"]) == (min(grid["values"]), max(grid["values"]))
    packed = client.get(f"{address}/boundary?resolution=5&encoding=base64").json()
    assert list(struct.unpack("<25f", base64.b64decode(packed["values"]))) == grid["values"]
    hidden = client.get(f"{address}/boundary?resolution=2&element=a.1.2&x=1&y=0").json()
    assert (hidden["element"], hidden["midpoint"]) == ("a.1.2", 0.0)


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("resolution=1", "/resolution"),
        ("resolution=201", "/resolution"),
        ("resolution=x", "/resolution"),
        ("element=a.0.0", "/element"),
        ("element=a.2.1", "/element"),
        ("element=w.1.0.0", "/element"),
        ("x=2", "/x"),
        ("x=0&y=0", "/y"),
        ("encoding=png", "/encoding"),
    ],
)
def test_boundary_limits(client: TestClient, create: Create, query: str, pointer: str) -> None:
    reply = client.get(f"{SESSIONS}/{create(**XOR)['id']}/boundary?{query}")
    assert reply.status_code == 422
    assert [error["pointer"] for error in reply.json()["errors"]] == [pointer]


def test_curve(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(**XOR)['id']}"
    reply = client.post(f"{address}/step", json={"count": 20}).json()
    curve = client.get(f"{address}/curve").json()
    assert (curve["steps"][0], curve["steps"][-1]) == (0, 20)
    assert (curve["last"][0], curve["last"][-1]) == (reply["before"]["loss"], reply["after"]["loss"])


def test_predict(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(**XOR)['id']}"
    session = client.get(address).json()
    reply = client.post(f"{address}/predict", json={"inputs": session["data"]["inputs"]}).json()
    assert reply["outputs"] == session["outputs"] == reply["layers"][-1]["activation"]
    wrong = client.post(f"{address}/predict", json={"inputs": [[1, 2, 3]]})
    assert wrong.json()["errors"][0]["pointer"] == "/inputs/0"
    many = client.post(f"{address}/predict", json={"inputs": [[0, 0]] * 1001})
    assert many.status_code == 422
