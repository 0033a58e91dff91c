"""The paths of one parameter over HTTP: the worked example's numbers, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.app.conftest import SESSIONS, WORKED_EXAMPLE

Create = Callable[..., dict[str, Any]]
GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "course_numbers.json").read_text("utf-8"))
BACKWARD = GOLDEN["worked_example_2_2_2"]["backward"]
XOR: dict[str, Any] = {
    "network": {"layers": [{"units": 2, "activation": "tanh"}, {"units": 1, "bias": {"mode": "fixed"}}]},
    "data": {"name": "xor"},
    "seed": 4,
}


def test_the_worked_example(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(**WORKED_EXAMPLE)['id']}"
    reply = client.get(f"{address}/paths?element=w.1.0.0")
    assert reply.status_code == 200
    found = reply.json()
    by_hand = [part * BACKWARD["dh_dz"][0] * 0.1 for part in BACKWARD["dE_dh1_parts"]]
    assert [path["product"] for path in found["paths"]] == pytest.approx(by_hand, rel=1e-14)
    assert found["paths"][0]["elements"] == ["w.1.0.0", "a.1.0", "w.2.0.0", "a.2.0", "e.0"]
    assert found["paths"][0]["factors"][2] == {"ref": "w.2.0.0", "value": 0.45}
    assert found["total"] == pytest.approx(BACKWARD["dE_dW1"][0][0], rel=1e-14)
    trace = client.get(f"{address}/trace").json()
    assert found["gradient"] == trace["layers"][0]["weight_gradient"][0][0]
    assert (found["step"], found["sample"], found["count"], found["omitted"]) == (0, 0, 2, 0)
    assert found["multiplications"] == {
        "parameter": {"paths": 8, "reverse": 6},
        "network": {"paths": 40, "reverse": 16},
    }
    assert found["nonfinite"] == {}


def test_step_and_sample_are_those_of_the_trace(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(**XOR)['id']}"
    client.post(f"{address}/step", json={"count": 3})
    for step, sample in ((1, 2), (3, 0)):
        trace = client.get(f"{address}/trace?step={step}&sample={sample}").json()
        found = client.get(f"{address}/paths?element=b.1.1&step={step}&sample={sample}").json()
        assert (found["step"], found["sample"], found["element"]) == (step, sample, "b.1.1")
        assert found["gradient"] == trace["layers"][0]["bias_gradient"][1]
        assert found["total"] == pytest.approx(found["gradient"], rel=1e-12)
        weight = next(factor for factor in found["paths"][0]["factors"] if factor["ref"] == "w.2.1.0")
        assert weight["value"] == trace["before"]["weights"][1][1][0]


def test_a_long_list_is_cut_and_says_so(client: TestClient, create: Create) -> None:
    layers = [{"units": units, "activation": "tanh"} for units in (6, 6, 6)]
    body = {"network": {"layers": [*layers, {"units": 1}]}, "data": {"name": "xor"}, "seed": 1}
    found = client.get(f"{SESSIONS}/{create(**body)['id']}/paths?element=w.1.0.0").json()
    assert (found["count"], len(found["paths"]), found["omitted"], found["limit"]) == (36, 36, 0, 64)
    layers.append({"units": 3, "activation": "tanh"})
    body["network"] = {"layers": [*layers, {"units": 1}]}
    found = client.get(f"{SESSIONS}/{create(**body)['id']}/paths?element=w.1.0.0").json()
    assert (found["count"], len(found["paths"]), found["omitted"]) == (108, 64, 44)
    shown = sum(path["product"] for path in found["paths"])
    assert shown + found["omitted_sum"] == pytest.approx(found["gradient"], rel=1e-9)


def test_a_large_network_gets_counts(client: TestClient, create: Create) -> None:
    body = {
        "network": {"layers": [{"units": 50, "activation": "tanh"}] * 2 + [{"units": 1}]},
        "data": {"name": "xor"},
    }
    found = client.get(f"{SESSIONS}/{create(**body)['id']}/paths?element=w.1.0.0").json()
    assert (found["listed"], found["paths"], found["total"], found["omitted_sum"]) == (False, [], None, None)
    assert (found["count"], found["omitted"], found["nonfinite"]) == (50, 50, {})
    assert found["gradient"] is not None


@pytest.mark.parametrize(
    ("element", "english", "korean"),
    [
        ("w.1.2.0", "names no weight or bias", "가중치나 편향"),
        ("a.1.0", "names no weight or bias", "가중치나 편향"),
        ("b.2.0", "fixed bias", "고정"),
    ],
)
def test_what_is_no_trained_parameter(
    client: TestClient, create: Create, element: str, english: str, korean: str
) -> None:
    address = f"{SESSIONS}/{create(**XOR)['id']}/paths?element={element}"
    for language, words in (("en", english), ("ko", korean)):
        reply = client.get(f"{address}&lang={language}")
        assert reply.status_code == 422
        assert reply.headers["content-type"] == "application/problem+json"
        (error,) = reply.json()["errors"]
        assert error["pointer"] == "/element"
        assert words in error["detail"]


def test_other_refusals(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(**XOR, training={'batch': {'mode': 'one'}})['id']}/paths"
    for query, status, pointer in (
        ("", 422, "/element"),
        (f"?element={'w' * 33}", 422, "/element"),
        ("?element=w.1.0.0&step=7", 404, None),
        ("?element=w.1.0.0&sample=9", 422, "/sample"),
        ("?element=w.1.0.0&step=-1", 422, "/step"),
    ):
        reply = client.get(address + query)
        assert reply.status_code == status, query
        if pointer:
            assert [error["pointer"] for error in reply.json()["errors"]] == [pointer]
    assert client.get(f"{SESSIONS}/nothing/paths?element=w.1.0.0").status_code == 404


def test_numbers_that_are_not_finite(client: TestClient, create: Create) -> None:
    large = 1e6
    identity = {"units": 1, "activation": "identity", "bias": {"mode": "absent"}}
    session = create(
        network={
            "layers": [identity] * 4,
            "parameters": {"weights": [[[large]]] * 4, "biases": [None] * 4},
        },
        data={"inputs": [[large]], "targets": [[0.0]]},
        training={"loss": {"name": "squared_error"}},
    )
    address = f"{SESSIONS}/{session['id']}"
    stepped = client.post(f"{address}/step", json={"count": 9}).json()["session"]
    assert stepped["status"] == "diverged"
    assert client.get(f"{address}/paths?element=w.1.0.0").status_code == 409
    found = client.get(f"{address}/paths?element=w.1.0.0&step={stepped['step']}").json()
    assert [path["product"] for path in found["paths"]] == [None]
    assert (found["total"], found["gradient"]) == (None, None)
    for pointer in ("/paths/0/product", "/total", "/gradient"):
        assert found["nonfinite"][pointer] in ("inf", "-inf", "nan")
