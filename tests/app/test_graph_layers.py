"""The layer view through the REST API: shapes, a session's numbers, the same network gate by gate."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from tests.app.conftest import SESSIONS, WORKED_EXAMPLE

LAYERS = "/api/v1/graph/layers"


def post(client: TestClient, **body: Any) -> dict[str, Any]:
    reply = client.post(LAYERS, json=body)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def test_the_opening_example_has_the_shapes_of_the_course(client: TestClient) -> None:
    reply = post(client)
    wires = {wire["id"]: wire for wire in reply["wires"]}
    shapes = {name: wires[name]["shape"] for name in ("X", "W.1", "B.1", "Z.1", "Y", "T", "L")}
    assert shapes == {
        "X": [2, 2],
        "W.1": [2, 3],
        "B.1": [3],
        "Z.1": [2, 3],
        "Y": [2, 3],
        "T": [2, 3],
        "L": [],
    }
    d = np.array(wires["Z.1"]["gradient"])
    assert np.allclose(d, (np.array(wires["Y"]["values"]) - np.array(wires["T"]["values"])) / 2)
    assert np.allclose(wires["B.1"]["gradient"], d.sum(axis=0))
    assert np.allclose(wires["W.1"]["gradient"], np.array(wires["X"]["values"]).T @ d)
    assert np.allclose(wires["X"]["gradient"], d @ np.array(wires["W.1"]["values"]).T)
    assert reply["explanation"]["verification"]["verdict"] == "agree"
    assert (wires["T"]["gradient"], wires["T"]["differentiated"]) == (None, False)
    group = post(client, granularity="group")["explanation"]["microsteps"]
    assert [step["group"] for step in group] == [
        [one] for one in ("Z.1", "Y", "L", "gZ.1", "gX", "gW.1", "gB.1")
    ]


def test_a_session_gives_its_numbers_and_can_be_sent_again(
    client: TestClient, create: Callable[..., dict[str, Any]]
) -> None:
    session = create(**WORKED_EXAMPLE)["id"]
    client.post(f"{SESSIONS}/{session}/step", json={"count": 2})
    trace = client.get(f"{SESSIONS}/{session}/trace?step=1").json()
    reply = post(client, session=session, step=1)
    wires = {wire["id"]: wire for wire in reply["wires"]}
    for n, layer in enumerate(trace["layers"], start=1):
        assert wires[f"W.{n}"]["gradient"] == layer["weight_gradient"]
    assert reply["loss"] == trace["loss"]["batch"]
    assert reply["request"]["session"] is None
    assert post(client, **reply["request"]) == reply
    first = post(client, session=session, step=0)
    assert np.allclose(
        {wire["id"]: wire for wire in first["wires"]}["W.2"]["gradient"],
        [[0.0259228556036474, 0.007408444627213418], [0.02629590132820202, 0.007515056670116313]],
    )


def test_the_scalar_view_is_a_body_of_the_graph_lab(client: TestClient) -> None:
    layers = post(client, **{"sample": 1})
    scalar = layers["scalar"]
    graph = client.post(
        "/api/v1/graph", json={"expression": scalar["expression"], "values": scalar["values"]}
    ).json()
    gradients = {wire["id"]: wire["gradient"] for wire in graph["wires"]}
    x = next(wire for wire in layers["wires"] if wire["id"] == "X")
    for name, element in scalar["names"].items():
        if element.startswith("x."):
            assert gradients[f"in.{name}"] == pytest.approx(x["gradient"][1][int(element[2:])])


def test_large_sessions_stay_sessions(client: TestClient, create: Callable[..., dict[str, Any]]) -> None:
    session = create(
        network={"layers": [{"units": 8}, {"units": 1}]},
        data={"name": "circles"},
        training={"batch": {"mode": "full"}},
    )["id"]
    reply = post(client, session=session)
    assert (reply["request"]["session"], reply["request"]["step"]) == (session, 0)
    assert reply["source"]["session"] == session
    x = next(wire for wire in reply["wires"] if wire["id"] == "X")
    assert (len(x["values"]), x["shape"][0]) == (64, len(reply["source"]["batch"]))
    assert reply["scalar"] is None


def test_answers(client: TestClient) -> None:
    answers = [{"ref": "gb.1.0", "value": 99.0}, {"ref": "z.1.0.0", "value": -0.4}]
    reply = client.post(f"{LAYERS}/answers", json={"answers": answers})
    assert [answer["verdict"] for answer in reply.json()["answers"]] == ["wrong", "right"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"data": {"inputs": [[1.0]], "targets": [[1.0, 0.0, 0.0]]}}, "/network/parameters/weights/0"),
        ({"data": {"inputs": [[1.0, 2.0]], "targets": [[1.0]]}}, "/data/targets"),
        ({"loss": {"name": "binary_cross_entropy"}}, "/loss/name"),
        ({"network": {"layers": [{"units": 65}]}}, "/network/layers/0/units"),
        ({"sample": 2}, "/sample"),
        ({"step": 1}, "/step"),
        ({"session": "x", "network": {"layers": [{"units": 1}]}}, "/network"),
        ({"data": {"inputs": [[0.0, 0.0]] * 65, "targets": [[1.0, 0.0, 0.0]] * 65}}, "/data/inputs"),
    ],
)
def test_refusals_point_at_the_field(client: TestClient, body: dict[str, Any], pointer: str) -> None:
    reply = client.post(LAYERS, json=body)
    assert reply.status_code == 422, reply.text
    assert reply.json()["errors"][0]["pointer"] == pointer


def test_an_unknown_session_is_not_found(client: TestClient) -> None:
    assert client.post(LAYERS, json={"session": "nobody"}).status_code == 404
