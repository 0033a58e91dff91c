"""Matrices and contributions through the REST API."""

import ast
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from tests.app.conftest import SESSIONS, WORKED_EXAMPLE

XOR: dict[str, Any] = {
    "network": {"layers": [{"units": 2, "activation": "sigmoid"}, {"units": 1, "activation": "sigmoid"}]},
    "training": {
        "loss": {"name": "squared_error", "coefficient": 1.0, "outputs": "mean", "batch": "mean"},
        "optimizer": {"name": "sgd", "parameters": {"learning_rate": 0.5}},
        "batch": {"mode": "full"},
    },
    "data": {"inputs": [[0, 0], [0, 1], [1, 0], [1, 1]], "targets": [[0], [1], [1], [0]]},
    "seed": 3,
}
CLASSES: dict[str, Any] = {
    "network": {"layers": [{"units": 2, "activation": "tanh"}, {"units": 3, "activation": "softmax"}]},
    "training": {
        "loss": {"name": "categorical_cross_entropy"},
        "optimizer": {"name": "adam", "parameters": {}},
    },
    "data": {"inputs": [[0.5, -1], [1, 2], [-1, 0.25]], "targets": [[1, 0, 0], [0, 1, 0], [0, 0, 1]]},
}


def read(client: TestClient, address: str) -> Any:
    reply = client.get(address)
    assert reply.status_code == 200, reply.text
    return reply.json()


def arrays(reply: dict[str, Any], layer: int) -> dict[str, np.ndarray[Any, Any]]:
    return {one["name"]: np.array(one["values"]) for one in reply["layers"][layer - 1]["matrices"]}


@pytest.mark.parametrize("body", [WORKED_EXAMPLE, XOR, CLASSES], ids=["worked", "xor", "classes"])
def test_text_values_and_trace_are_the_same_numbers(
    client: TestClient, create: Callable[..., dict[str, Any]], body: dict[str, Any]
) -> None:
    address = f"{SESSIONS}/{create(**body)['id']}"
    client.post(f"{address}/step", json={"count": 2})
    for row in range(len(body["data"]["inputs"])):
        reply = read(client, f"{address}/matrices?step=1&sample={row}")
        trace = read(client, f"{address}/trace?step=1&sample={row}")
        assert (reply["step"], reply["sample"], reply["batch"]) == (1, row, trace["batch"])
        assert reply["batch"][reply["position"]] == row
        for layer, recorded in zip(reply["layers"], trace["layers"], strict=True):
            found = arrays(reply, layer["layer"])
            for matrix in layer["matrices"]:
                text = matrix["numpy"].removeprefix("array(").removesuffix(")")
                np.testing.assert_array_equal(np.array(ast.literal_eval(text)), found[matrix["name"]])
                assert list(found[matrix["name"]].shape) == matrix["shape"]
            for name in ("inputs", "net_input", "activation", "upstream", "delta"):
                np.testing.assert_array_equal(found[name][reply["position"]], recorded[name])
            number = layer["layer"] - 1
            np.testing.assert_array_equal(found["weights"], trace["before"]["weights"][number])
            np.testing.assert_array_equal(found["new_weights"], trace["after"]["weights"][number])
            np.testing.assert_array_equal(found["weight_gradient"], recorded["batch_weight_gradient"])
            if len(trace["batch"]) > 1:
                np.testing.assert_array_equal(found["sample_weight_gradient"], recorded["weight_gradient"])


def test_a_softmax_layer_has_the_jacobian_of_its_sample(
    client: TestClient, create: Callable[..., dict[str, Any]]
) -> None:
    address = f"{SESSIONS}/{create(**CLASSES)['id']}"
    reply = read(client, f"{address}/matrices?sample=2")
    trace = read(client, f"{address}/trace?sample=2")
    local = next(one for one in reply["layers"][1]["matrices"] if one["name"] == "local")
    assert local["values"] == trace["layers"][1]["local"]
    assert local["samples"] is False
    assert local["shape"] == [3, 3]


def test_the_gradient_point_of_nag(client: TestClient, create: Callable[..., dict[str, Any]]) -> None:
    optimizer = {"name": "nag", "parameters": {}}
    body = {**WORKED_EXAMPLE, "training": {**WORKED_EXAMPLE["training"], "optimizer": optimizer}}
    address = f"{SESSIONS}/{create(**body)['id']}"
    client.post(f"{address}/step", json={"count": 3})
    reply = read(client, f"{address}/matrices")
    trace = read(client, f"{address}/trace")
    assert reply["looks_ahead"] is True
    assert arrays(reply, 1)["weights"].tolist() == trace["point"]["weights"][0]
    assert reply["layers"][0]["matrices"][1]["refs"] == "lw.1.{row}.{column}"


def test_contributions_of_xor(client: TestClient, create: Callable[..., dict[str, Any]]) -> None:
    address = f"{SESSIONS}/{create(**XOR)['id']}"
    trace = read(client, f"{address}/trace")
    reply = read(client, f"{address}/contributions?element=w.2.1.0")
    own = [
        read(client, f"{address}/trace?sample={row}")["layers"][1]["weight_gradient"][1][0]
        for row in trace["batch"]
    ]
    assert [one["gradient"] for one in reply["samples"]] == own
    assert [one["sample"] for one in reply["samples"]] == trace["batch"]
    assert [one["inputs"] for one in reply["samples"]] == XOR["data"]["inputs"]
    assert [one["targets"] for one in reply["samples"]] == XOR["data"]["targets"]
    assert reply["combined"] == trace["layers"][1]["batch_weight_gradient"][1][0]
    assert reply["batch_factor"] == 0.25
    assert reply["total"] == pytest.approx(sum(own), abs=1e-15)
    assert reply["positive"] == pytest.approx(sum(one for one in own if one > 0), abs=1e-15)
    assert reply["cancellation"] == pytest.approx(1 - abs(sum(own)) / sum(map(abs, own)), abs=1e-12)
    assert (reply["size"], reply["omitted"], reply["frozen"]) == (4, 0, False)


def test_a_large_batch_lists_the_largest_gradients(
    client: TestClient, create: Callable[..., dict[str, Any]]
) -> None:
    random = np.random.default_rng(1)
    rows = random.normal(size=(300, 2)).round(3)
    data = {"inputs": rows.tolist(), "targets": (rows[:, :1] > 0).astype(float).tolist()}
    address = f"{SESSIONS}/{create(**{**XOR, 'data': data})['id']}"
    reply = read(client, f"{address}/contributions?element=b.1.0")
    sizes = [abs(one["gradient"]) for one in reply["samples"]]
    assert len(sizes) == 256
    assert sizes == sorted(sizes, reverse=True)
    assert (reply["size"], reply["omitted"]) == (300, 44)
    shown = sum(one["gradient"] for one in reply["samples"])
    assert shown + reply["omitted_sum"] == pytest.approx(reply["total"], abs=1e-12)
    cut = read(client, f"{address}/matrices?sample=200")
    first = cut["layers"][0]["matrices"][0]
    assert first["limited"] is True
    assert first["shape"] == [300, 2]
    assert len(first["values"]) == 64
    assert first["values"][200 - first["first_row"]] == rows[200].tolist()


def test_a_diverged_step_names_what_is_not_finite(
    client: TestClient, create: Callable[..., dict[str, Any]]
) -> None:
    layers = [{"units": 2, "activation": "identity"}, {"units": 1, "activation": "identity"}]
    optimizer = {"name": "sgd", "parameters": {"learning_rate": 1e6}}
    body = {
        **XOR,
        "network": {"layers": layers},
        "training": {**XOR["training"], "optimizer": optimizer},
    }
    address = f"{SESSIONS}/{create(**body)['id']}"
    client.post(f"{address}/step", json={"count": 100})
    session = read(client, address)
    assert session["status"] == "diverged"
    step = session["step"]
    assert client.get(f"{address}/matrices?step={step}").status_code == 200
    assert client.get(f"{address}/matrices").status_code == 409
    assert client.get(f"{address}/contributions?element=w.1.0.0").status_code == 409
    reply = read(client, f"{address}/matrices?step={step}")
    assert reply["nonfinite"]
    for pointer, kind in reply["nonfinite"].items():
        assert kind in ("inf", "-inf", "nan")
        value: Any = reply
        for part in pointer.split("/")[1:]:
            value = value[int(part) if isinstance(value, list) else part]
        assert value is None


ERRORS = [
    ("matrices?step=7", 404, None),
    ("matrices?sample=9", 422, "/sample"),
    ("matrices?step=-1", 422, "/step"),
    ("contributions?element=w.1.0.0&step=7", 404, None),
    ("contributions?element=w.1.9.0", 422, "/element"),
    ("contributions?element=a.1.0", 422, "/element"),
    ("contributions", 422, "/element"),
    ("contributions?element=b.1.0", 422, "/element"),
]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(("call", "status", "pointer"), ERRORS)
def test_refusals(
    client: TestClient,
    create: Callable[..., dict[str, Any]],
    language: str,
    call: str,
    status: int,
    pointer: str | None,
) -> None:
    address = f"{SESSIONS}/{create(**WORKED_EXAMPLE)['id']}"
    reply = client.get(f"{address}/{call}", headers={"accept-language": language})
    assert reply.status_code == status, reply.text
    problem = reply.json()
    assert [one["pointer"] for one in problem["errors"]] == ([pointer] if pointer else [])
    korean = any("가" <= letter <= "힣" for letter in problem["detail"])
    assert korean == (language == "ko")


def test_a_fixed_bias_has_no_gradient(client: TestClient, create: Callable[..., dict[str, Any]]) -> None:
    layers = [{**layer, "bias": {"mode": "fixed", "value": 1.0}} for layer in XOR["network"]["layers"]]
    address = f"{SESSIONS}/{create(**{**XOR, 'network': {'layers': layers}})['id']}"
    reply = client.get(f"{address}/contributions?element=b.1.0")
    assert reply.status_code == 422
    assert reply.json()["type"] == "/problems/fixed-bias"
    names = [one["name"] for one in read(client, f"{address}/matrices")["layers"][0]["matrices"]]
    assert "bias" in names
    assert "bias_gradient" not in names


def test_the_catalogue_names_every_quantity_of_an_optimizer(client: TestClient) -> None:
    entries = {entry["name"]: entry for entry in read(client, "/api/v1/catalog")["optimizers"]}
    assert entries["adam"]["state"] == ["m", "v"]
    assert entries["adam"]["terms"] == ["m_hat", "v_hat"]
    assert entries["adam"]["symbols"]["m_hat"] == "\\hat m"
    for entry in entries.values():
        assert set(entry["symbols"]) == {*entry["state"], *entry["terms"]}
