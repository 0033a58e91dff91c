"""The Graph lab through the REST API: numbers, errors with their character, answers."""

from typing import Any

import pytest
from starlette.testclient import TestClient

GRAPH = "/api/v1/graph"


def post(client: TestClient, **body: Any) -> dict[str, Any]:
    reply = client.post(GRAPH, json=body)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def test_the_opening_example_is_that_of_the_course(client: TestClient) -> None:
    reply = post(client)
    assert (reply["output"], reply["at"], reply["last"]) == ("price", 0, 0)
    assert reply["value"] == pytest.approx(715.0)
    wires = {wire["id"]: wire for wire in reply["wires"]}
    expected = {"apple": 2.2, "apple_num": 110.0, "orange": 3.3, "orange_num": 165.0, "tax": 650.0}
    assert {name: wires[f"in.{name}"]["gradient"] for name in expected} == pytest.approx(expected)
    assert reply["explanation"]["verification"]["verdict"] == "agree"
    assert reply["explanation"]["verification"]["checked"] == 5
    steps = reply["explanation"]["microsteps"]
    last = next(step for step in steps if "gin.apple" in step["produces"])["lines"][0]
    assert last["values"] == pytest.approx({"lin.apple": 2.0, "gmul.1": 1.1})
    quotient = next(one for one in reply["quotients"] if one["element"] == "in.apple")
    assert (quotient["high"] - quotient["low"]) / quotient["gap"] == pytest.approx(2.2)


def test_granularities(client: TestClient) -> None:
    counts = {
        name: len(post(client, granularity=name)["explanation"]["microsteps"])
        for name in ("term", "group", "phase")
    }
    # Four gates and the output forward; the output and the same gates backward.
    assert counts == {"term": 22, "group": 10, "phase": 2}


def test_values_and_parts(client: TestClient) -> None:
    reply = post(client, expression="y = sigmoid(x)", values={"x": 0}, unfolded=["sigmoid.1"])
    assert reply["value"] == 0.5
    parts = {node["gate"] for node in reply["nodes"] if node["part_of"] and node["kind"] == "gate"}
    assert parts == {"negate", "exp", "add", "divide"}
    assert reply["foldable"] == ["sigmoid.1"]
    assert post(client, expression="a*b")["request"]["values"] == {"a": 1.0, "b": 2.0}


def test_what_is_not_finite_is_null_with_its_kind(client: TestClient) -> None:
    reply = post(client, expression="log(x)", values={"x": 0})
    assert reply["value"] is None
    assert reply["nonfinite"]["/value"] == "-inf"
    assert reply["explanation"]["verification"]["verdict"] == "not-differentiable"


@pytest.mark.parametrize(
    ("body", "pointer", "position"),
    [
        ({"expression": "t = x $ 2; t"}, "/expression", 6),
        ({"expression": "x + y; z"}, "/expression", 5),
        ({"expression": "f(x)"}, "/expression", 0),
        ({"expression": "x" * 501}, "/expression", 500),
        ({"expression": "+".join("x" * 120)}, "/expression", None),
        ({"expression": "a*b", "values": {"c": 1}}, "/values/c", None),
        ({"expression": "a*b", "unfolded": ["sigmoid.1"]}, "/unfolded/0", None),
        ({"expression": "sigmoid(b)", "unfolded": ["sigmoid.7"]}, "/unfolded/0", None),
        ({"at": 1}, "/at", None),
    ],
)
def test_refusals_point_at_the_field_and_the_character(
    client: TestClient, body: dict[str, Any], pointer: str, position: int | None
) -> None:
    for language in ("en", "ko"):
        reply = client.post(f"{GRAPH}?lang={language}", json=body)
        assert reply.status_code == 422
        (error,) = reply.json()["errors"]
        assert error["pointer"] == pointer
        if position is not None:
            assert error["position"] == position
        assert "{" not in error["detail"]


def test_answers(client: TestClient) -> None:
    body = {"expression": "z = x*y", "values": {"x": 10, "y": 5}, "decimals": 2}
    answers = [
        {"ref": "gin.x", "value": 5.0},
        {"ref": "gin.x", "value": -5.0},
        {"ref": "mul.1", "value": 10.0},
        {"ref": "gin.y", "value": 3.0},
    ]
    reply = client.post(f"{GRAPH}/answers", json={**body, "answers": answers}).json()
    assert [answer["verdict"] for answer in reply["answers"]] == ["right", "slip", "slip", "wrong"]
    assert [answer["slip"]["name"] for answer in reply["answers"][1:3]] == ["sign", "read_off"]
    assert (reply["right"], reply["asked"]) == (1, 4)
    unknown = client.post(f"{GRAPH}/answers", json={**body, "answers": [{"ref": "gout", "value": 1}]})
    assert unknown.status_code == 422


def test_the_catalogue_has_the_gates(client: TestClient) -> None:
    gates = {gate["name"]: gate for gate in client.get("/api/v1/catalog").json()["gates"]}
    roles = {name: gates[name]["role"] for name in ("add", "copy", "multiply", "max")}
    assert roles == {"add": "distributor", "copy": "adder", "multiply": "swapper", "max": "router"}
    assert gates["multiply"]["local_tex"] == ["<1>", "<0>"]
    assert gates["sigmoid"]["parts"] == "1/(1+exp(-x))"
