"""The perceptron lab over REST: defaults, dragging, refusals, answers, and the way on to the Network lab."""

import json
import zlib
from base64 import urlsafe_b64decode
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.app.conftest import SESSIONS

LAB = "/api/v1/perceptron"


def post(client: TestClient, path: str = "", **body: Any) -> dict[str, Any]:
    reply = client.post(f"{LAB}{path}", json=body)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def test_the_opening_example(client: TestClient) -> None:
    reply = post(client)
    assert reply["request"]["data"]["name"] == "and"
    assert (reply["outcome"], reply["last"], reply["at"], reply["epoch"]) == ("separated", 19, 0, 1)
    assert len(reply["path"]["biases"]) == len(reply["path"]["samples"]) + 1 == 21
    assert reply["corrections"] <= reply["most_corrections"]
    assert reply["explanation"]["verification"] is None
    assert [phase["count"] for phase in reply["explanation"]["phases"]] == [4, 1, 0, 6]
    texts = reply["explanation"]["sentences"].values()
    assert all(text["en"] != text["ko"] for text in texts)
    last = post(client, at=1000, granularity="group")
    assert last["request"]["at"] == last["at"] == reply["last"]
    assert last["after"]["right"] == [True] * 4
    assert last["explanation"]["granularity"] == "group"


def test_xor_and_why_not(client: TestClient) -> None:
    reply = post(client, data={"name": "xor"}, weights=[0.3, 0.2], bias=-0.4)
    assert reply["outcome"] == "cycles"
    assert reply["cycle"]["period"] == reply["cycle"]["again"] - reply["cycle"]["first"]
    proof = reply["separability"]
    assert not proof["separable"]
    assert proof["contradiction"]["total"] == [1, 1, 2]
    assert [condition["relation"] for condition in proof["conditions"]] == ["<", ">=", ">=", "<"]
    assert [condition["holds"] for condition in proof["conditions"]] == [True, False, False, False]
    told = proof["explanation"]["microsteps"][-1]["lines"][0]
    assert told["result_ref"] == "total"
    assert reply["most_corrections"] is None


def test_a_dragged_line_becomes_weights(client: TestClient) -> None:
    first = post(client, weights=[1.0, 1.0], bias=-1.5)
    ends = first["before"]["line"]["ends"]
    moved = post(client, weights=[1.0, 1.0], bias=-1.5, line={"move": [0.1, 0.1]})
    assert (moved["request"]["weights"], moved["request"]["bias"]) == ([1.0, 1.0], -1.7)
    assert moved["request"]["line"] is None
    turned = post(client, weights=[1.0, 1.0], bias=-1.5, line={"through": [ends[0], [1.5, 0.5]]})
    assert turned["request"]["weights"] != [1.0, 1.0]
    assert post(client, **turned["request"]) == turned


def test_adaline_is_the_network_with_identity(client: TestClient) -> None:
    """Widrow and Hoff's rule is gradient descent on half the squared error, one sample at a time."""
    start = {"rule": "adaline", "weights": [0.3, -0.2], "bias": 0.1, "learning_rate": 0.1}
    reply = post(client, data={"name": "or"}, epochs=2, **start)
    assert reply["explanation"]["verification"]["verdict"] == "agree"
    created = client.post(
        SESSIONS,
        json={
            "network": {
                "layers": [{"units": 1, "activation": "identity"}],
                "parameters": {"weights": [[[0.3], [-0.2]]], "biases": [[0.1]]},
            },
            "training": {
                "loss": {"name": "squared_error", "coefficient": 0.5, "outputs": "sum", "batch": "sum"},
                "optimizer": {"name": "sgd", "parameters": {"learning_rate": 0.1}},
                "batch": {"mode": "one"},
            },
            "data": {"inputs": reply["inputs"], "targets": [[-1.0], [1.0], [1.0], [1.0]]},
        },
    ).json()
    stepped = client.post(f"{SESSIONS}/{created['id']}/step", json={"count": 8})
    assert stepped.status_code == 200
    session = client.get(f"{SESSIONS}/{created['id']}").json()["parameters"]
    last = reply["path"]["weights"][-1]
    assert [row[0] for row in session["weights"][0]] == pytest.approx(last, rel=1e-12)
    assert session["biases"][0] == pytest.approx([reply["path"]["biases"][-1]], rel=1e-12)


def test_xor_composed_goes_on_in_the_network_lab(client: TestClient) -> None:
    reply = post(client, "/xor", at=2)
    assert reply["solved"]
    assert reply["link"] == "/#preset=xor-gates"
    assert post(client, "/xor", **reply["request"]) == reply
    created = client.post(SESSIONS, json=reply["session"])
    assert created.status_code == 201, created.text
    predicted = client.post(
        f"{SESSIONS}/{created.json()['id']}/predict",
        json={"inputs": [row["inputs"] for row in reply["rows"]]},
    ).json()
    assert predicted["outputs"] == [[row["outputs"][2]] for row in reply["rows"]]
    hidden = [row["net_inputs"][:2] for row in reply["rows"]]
    assert predicted["layers"][0]["net_input"] == hidden
    # A step function has no slope: an update changes nothing.
    stepped = client.post(f"{SESSIONS}/{created.json()['id']}/step", json={"count": 4}).json()
    other = post(client, "/xor", **{"or": {"weights": [2, 3], "bias": -1}})
    assert not other["solved"] or other["gates"][1]["right"]
    packed = other["link"].partition("#recipe=")[2]
    recipe = json.loads(zlib.decompress(urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), -15))
    assert recipe == {"create": other["session"], "actions": []}
    assert client.post(SESSIONS, json=recipe["create"]).json()["parameters"]["weights"][0] == [
        [-1, 2],
        [-1, 3],
    ]
    assert stepped["session"]["parameters"] == created.json()["parameters"]


def test_answers(client: TestClient) -> None:
    asked = [{"ref": "z", "value": 0.1}, {"ref": "z", "value": 0.5}, {"ref": "nw.0", "value": 7}]
    body = {"weights": [0.5, 0.2], "bias": -0.4, "at": 2, "answers": asked}
    reply = post(client, "/answers", **body)
    assert [answer["verdict"] for answer in reply["answers"]] == ["right", "slip", "wrong"]
    assert (reply["right"], reply["asked"]) == (1, 3)
    row = post(client, "/xor/answers", at=3, answers=[{"ref": "z.1.0", "value": -0.5}])
    assert row["right"] == 1
    unknown = client.post(f"{LAB}/answers", json={"answers": [{"ref": "q", "value": 1}]})
    assert unknown.json()["errors"][0]["pointer"] == "/answers/0/ref"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"data": {"name": "maybe"}}, "/data/name"),
        ({"data": {}}, "/data"),
        ({"data": {"name": "and", "classes": [0]}}, "/data"),
        ({"data": {"inputs": [[0, 1]], "classes": [0, 1]}}, "/data/classes"),
        ({"data": {"inputs": [[0, 1, 2]], "classes": [0]}}, "/data/inputs/0"),
        ({"data": {"inputs": [[0, 101]], "classes": [0]}}, "/data/inputs/0/1"),
        ({"data": {"inputs": [[0, 1]] * 13, "classes": [0] * 13}}, "/data/inputs"),
        ({"data": {"inputs": [[0, 1]], "classes": [2]}}, "/data/classes/0"),
        ({"rule": "hebb"}, "/rule"),
        ({"weights": [1]}, "/weights"),
        ({"weights": ["1", 2]}, "/weights/0"),
        ({"bias": 1e7}, "/bias"),
        ({"learning_rate": 0}, "/learning_rate"),
        ({"epochs": 201}, "/epochs"),
        ({"at": 2401}, "/at"),
        ({"line": {}}, "/line"),
        ({"line": {"through": [[1, 1], [1, 1]]}}, "/line/through"),
        ({"line": {"move": [1e6, 1e6]}, "weights": [1e6, 0]}, "/line"),
        ({"granularity": "neuron"}, "/granularity"),
    ],
)
def test_refusals_point_at_the_field(client: TestClient, body: dict[str, Any], pointer: str) -> None:
    for language in ("en", "ko"):
        reply = client.post(f"{LAB}?lang={language}", json=body)
        assert reply.status_code == 422, reply.text
        errors = reply.json()["errors"]
        assert pointer in [error["pointer"] for error in errors]
        assert "{" not in errors[0]["detail"]


def test_numbers_that_overflow_are_null(client: TestClient) -> None:
    body = {"data": {"inputs": [[100.0, 100.0]], "classes": [1]}, "rule": "adaline", "learning_rate": 100.0}
    body["epochs"] = 200
    last = post(client, **body)["last"]
    reply = post(client, **body, at=last)
    assert reply["outcome"] == "diverged"
    assert reply["after"]["neuron"]["bias"] is None
    assert reply["nonfinite"]["/after/neuron/bias"] in ("inf", "-inf", "nan")
