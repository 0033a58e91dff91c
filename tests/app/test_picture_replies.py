"""Pictures over REST: each reply against predict, set loss or the curve."""

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
BLOBS: dict[str, Any] = {"preset": "blobs"}


def floats(text: str) -> list[float]:
    packed = base64.b64decode(text)
    return list(struct.unpack(f"<{len(packed) // 4}f", packed))


@pytest.fixture
def xor(client: TestClient, create: Create) -> str:
    address = f"{SESSIONS}/{create(**XOR)['id']}"
    client.post(f"{address}/step", json={"count": 200})
    return address


def test_metrics(client: TestClient, xor: str) -> None:
    found = client.get(f"{xor}/metrics").json()
    assert found["steps"][:33] == list(range(33))
    assert found["steps"][-1] == 200
    assert found["test_loss"] is found["test_accuracy"] is None
    assert found["accuracy"][-1] == client.get(xor).json()["accuracy"]
    assert len(found["gradients"]) == len(found["idle"]) == 2
    assert found["idle_kinds"] == ["saturated", "saturated"]
    assert found["nonfinite"] == {}
    # The last row's gradient is that of the full batch about to be applied.
    received = client.get(f"{xor}/trace").json()["received"]["weights"]
    for series, weights in zip(found["gradients"], received, strict=True):
        flat = [abs(value) for row in weights for value in row]
        assert series[-1] == pytest.approx(sum(flat) / len(flat), rel=1e-9)
    # Going back shows the same run.
    client.post(f"{xor}/seek", json={"step": 64})
    assert client.get(f"{xor}/metrics").json() == found


def test_maps_in_one_reply(client: TestClient, xor: str) -> None:
    elements = ["a.1.0", "a.2.0", "a.1.2"]
    found = client.get(f"{xor}/maps?elements={','.join(elements)}&resolution=6").json()
    assert [one["element"] for one in found["maps"]] == elements
    for one in found["maps"]:
        alone = client.get(f"{xor}/boundary?element={one['element']}&resolution=6&encoding=base64").json()
        assert alone["values"] == one["values"]
        for name in ("minimum", "maximum", "midpoint"):
            assert alone[name] == one[name]
        assert (alone["x_range"], alone["y_range"]) == (found["x_range"], found["y_range"])
    nets = client.get(f"{xor}/maps?elements=a.1.1&resolution=2&quantity=net_input").json()
    low = [found["x_range"][0], found["y_range"][0]]
    layers = client.post(f"{xor}/predict", json={"inputs": [low]}).json()["layers"]
    assert floats(nets["maps"][0]["values"])[0] == pytest.approx(layers[0]["net_input"][0][1], rel=1e-5)


def test_zero_lines(client: TestClient, xor: str) -> None:
    found = client.get(f"{xor}/zero-lines").json()
    assert [one["element"] for one in found["neurons"]] == ["a.1.0", "a.1.1", "a.1.2"]
    corners = [corner for one in found["neurons"] for line in one["lines"] for corner in line]
    assert corners
    layers = client.post(f"{xor}/predict", json={"inputs": corners}).json()["layers"]
    place = 0
    for index, one in enumerate(found["neurons"]):
        for line in one["lines"]:
            for _ in line:
                assert abs(layers[0]["net_input"][place][index]) < 1e-10
                place += 1


def test_hidden_space(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(preset='xor-2-2-1')['id']}"
    for _ in range(20):
        client.post(f"{address}/step", json={"count": 1000})
    session = client.get(address).json()
    found = client.get(f"{address}/hidden-space?resolution=21").json()
    layers = client.post(f"{address}/predict", json={"inputs": session["data"]["inputs"]}).json()["layers"]
    assert found["points"] == layers[0]["activation"]
    assert (found["axes"], found["element"], found["misplaced"]) == ("units", "a.2.0", [])
    # The dividing line through the output neuron: w · h + b = 0.
    weights, biases = session["parameters"]["weights"][1], session["parameters"]["biases"][1]
    for line in found["lines"]:
        for x, y in line:
            assert abs(x * weights[0][0] + y * weights[1][0] + biases[0]) < 1e-9


def test_hidden_space_of_several_outputs(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(**BLOBS)['id']}"
    found = client.get(f"{address}/hidden-space?resolution=9").json()
    assert found["axes"] == "principal"
    assert 0.0 < sum(found["shares"]) <= 1.0
    assert set(base64.b64decode(found["classes"])) <= {0, 1, 2}
    assert len(floats(found["values"])) == 81


def test_class_map(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(**BLOBS)['id']}"
    found = client.get(f"{address}/boundary?element=classes&resolution=3").json()
    (left, right), (low, high) = found["x_range"], found["y_range"]
    places = [[x, y] for y in (low, (low + high) / 2, high) for x in (left, (left + right) / 2, right)]
    outputs = client.post(f"{address}/predict", json={"inputs": places}).json()["outputs"]
    assert found["classes"] == [row.index(max(row)) for row in outputs]
    assert found["values"] == pytest.approx([max(row) for row in outputs], rel=1e-5)
    packed = client.get(f"{address}/boundary?element=classes&resolution=3&encoding=base64").json()
    assert list(base64.b64decode(packed["classes"])) == found["classes"]


def test_confusion(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(**BLOBS)['id']}"
    session = client.get(address).json()
    found = client.get(f"{address}/confusion").json()
    assert found["classes"] == ["1", "2", "3"]
    assert found["test"] is None
    train = found["train"]
    assert sum(sum(row) for row in train["counts"]) == train["rows"] == session["data"]["size"]
    assert train["right"] == train["rows"] - len(train["wrong"])
    assert session["accuracy"] == pytest.approx(train["right"] / train["rows"])
    for row in train["wrong"]:
        output, target = session["outputs"][row], session["data"]["targets"][row]
        assert output.index(max(output)) != target.index(1.0)


def test_histogram(client: TestClient, xor: str) -> None:
    found = client.get(f"{xor}/histogram?bins=7").json()
    assert len(found["edges"]) == 8
    assert [sum(layer["counts"]) for layer in found["layers"]] == [6, 3]
    assert [sum(layer["initial"]) for layer in found["layers"]] == [6, 3]
    weights = [value for row in client.get(xor).json()["parameters"]["weights"][0] for value in row]
    assert (found["layers"][0]["minimum"], found["layers"][0]["maximum"]) == (min(weights), max(weights))


@pytest.mark.parametrize("kind", ["parameters", "random", "path"])
def test_loss_surface(client: TestClient, xor: str, kind: str) -> None:
    session = client.get(xor).json()
    found = client.get(f"{xor}/loss-surface?kind={kind}&resolution=9&y=b.1.2").json()
    assert found["loss"] == pytest.approx(session["loss"], rel=1e-12)
    assert (found["kind"], found["step"], found["resolution"]) == (kind, 200, 9)
    assert len(found["losses"]) == len(found["losses"][0]) == len(found["x"]) == 9
    assert found["path"]["steps"][0] == 0
    assert found["path"]["steps"][-1] == 200
    assert found["path"]["losses"][-1] == pytest.approx(session["loss"], rel=1e-9)
    if kind == "parameters":
        # A cell against a session whose two parameters are set to its place.
        assert found["elements"] == ["w.1.0.0", "b.1.2"]
        values = [found["x"][2], found["y"][7]]
        edits = [
            {"element": name, "value": value} for name, value in zip(found["elements"], values, strict=True)
        ]
        there = client.patch(xor, json={"parameters": edits}).json()
        assert there["loss"] == pytest.approx(found["losses"][7][2], rel=1e-9)


def test_a_surface_in_turns(make_client: Callable[..., TestClient]) -> None:
    """However little a turn may do, the surface is the same."""
    replies = []
    for operations in (1, 10**9):
        client = make_client(quantum_operations=operations)
        address = f"{SESSIONS}/{client.post(SESSIONS, json=XOR).json()['id']}"
        replies.append(client.get(f"{address}/loss-surface?kind=random&resolution=6&seed=3").json())
    assert replies[0] == replies[1]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("maps?elements=", "/elements"),
        ("maps?elements=a.0.0", "/elements"),
        ("maps?elements=a.1.0&resolution=201", "/resolution"),
        (f"maps?elements={','.join(['a.1.0'] * 65)}", "/elements"),
        ("maps?elements=a.1.0&quantity=delta", "/quantity"),
        ("zero-lines?layer=3", "/layer"),
        ("hidden-space?layer=2", "/layer"),
        ("hidden-space?output=1", "/output"),
        ("hidden-space?resolution=101", "/resolution"),
        ("loss-surface?resolution=61", "/resolution"),
        ("loss-surface?kind=parameters&x=w.9.0.0", "/x"),
        ("loss-surface?kind=parameters&x=w.1.0.0&y=w.1.0.0", "/y"),
        ("loss-surface?radius=0", "/radius"),
        ("histogram?bins=1", "/bins"),
        ("boundary?element=classes", "/element"),
    ],
)
def test_limits(client: TestClient, xor: str, query: str, pointer: str) -> None:
    reply = client.get(f"{xor}/{query}")
    assert reply.status_code == 422
    assert [error["pointer"] for error in reply.json()["errors"]] == [pointer]


def test_without_a_hidden_layer_there_is_no_hidden_space(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(preset='and-perceptron')['id']}"
    reply = client.get(f"{address}/hidden-space")
    assert (reply.status_code, reply.json()["type"]) == (422, "/problems/no-hidden-layer")


@pytest.mark.parametrize(
    "name",
    [
        "metrics",
        "maps?elements=a.1.0",
        "zero-lines",
        "hidden-space",
        "confusion",
        "histogram",
        "loss-surface",
    ],
)
def test_pictures_of_a_session_near_divergence(client: TestClient, create: Create, name: str) -> None:
    """Numbers beyond every bound are null with their kind, and never an error."""
    body = {
        "network": {
            "layers": [{"units": 3, "activation": "identity"}, {"units": 1, "activation": "identity"}]
        },
        "training": {"optimizer": {"parameters": {"learning_rate": 1e5}}},
        "data": {"inputs": [[900, -50.5], [3, 4]], "targets": [[7], [-1]]},
    }
    address = f"{SESSIONS}/{create(**body)['id']}"
    last = client.post(f"{address}/step", json={"count": 50}).json()
    assert last["diverged"]
    reply = client.get(f"{address}/{name}")
    assert reply.status_code == 200
    assert "NaN" not in reply.text
    assert "Infinity" not in reply.text


@pytest.mark.parametrize("kind", ["parameters", "random", "path"])
def test_a_surface_around_numbers_that_overflow_is_refused_or_drawn(
    client: TestClient, create: Create, kind: str
) -> None:
    body = {
        "network": {"layers": [{"units": 1, "activation": "identity"}]},
        "training": {"optimizer": {"name": "sgd", "parameters": {"learning_rate": 1e6}}},
        "data": {"inputs": [[1e6, 1], [2, 3]], "targets": [[1], [0]]},
    }
    address = f"{SESSIONS}/{create(**body)['id']}"
    assert client.post(f"{address}/step", json={"count": 1000}).json()["diverged"]
    for language in ("en", "ko"):
        reply = client.get(
            f"{address}/loss-surface?kind={kind}&resolution=9&x=w.1.0.0&y=w.1.1.0&lang={language}"
        )
        assert (reply.status_code, reply.json().get("type")) in (
            (200, None),
            (409, "/problems/surface-too-far"),
        )
