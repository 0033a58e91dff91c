"""Data sets over REST: split, scaling, features, formulas; what is displayed and what the network sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from starlette.testclient import TestClient

from tests.app.conftest import SESSIONS

Create = Callable[..., dict[str, Any]]

NETWORK = {"layers": [{"units": 3, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}]}
FEATURES = ["x1", "x2", "x1^2", "x1*x2", "sin(x2)"]
CIRCLES = {
    "name": "circles",
    "parameters": {"size": 40},
    "split": {"test_share": 0.25, "seed": 3},
    "features": FEATURES,
    "scaling": "standard",
}


def test_a_prepared_set_is_shown_as_it_was_given(client: TestClient, create: Create) -> None:
    session = create(network=NETWORK, data=CIRCLES)
    data = session["data"]
    assert session["network"]["inputs"] == 5
    assert (data["size"], data["test_size"], len(data["test_rows"])) == (30, 10, 10)
    assert data["features"] == FEATURES
    assert data["columns"] == ["x1", "x2"]
    assert data["kind"] == "classes"
    assert data["split"] == {"test_share": 0.25, "seed": 3}
    raw, seen = np.array(data["inputs"]), np.array(data["network_inputs"])
    scaled = (raw - np.array(data["scaling"]["centre"])) / np.array(data["scaling"]["spread"])
    x, y = scaled.T
    np.testing.assert_allclose(seen, np.column_stack([x, y, x * x, x * y, np.sin(y)]), rtol=1e-12, atol=1e-14)
    assert session["test_loss"] > 0
    assert 0 <= session["test_accuracy"] <= 1


def test_derived_inputs_have_their_formula_as_a_name(client: TestClient, create: Create) -> None:
    session = create(network=NETWORK, data=CIRCLES)
    names = {each["id"]: (each["base"], each["sub"], each["sup"]) for each in session["elements"]}
    assert [names[f"a.0.{place}"] for place in range(5)] == [
        ("x", "1", ""),
        ("x", "2", ""),
        ("x", "1", "2"),
        ("x₁x", "2", ""),
        ("sin x", "2", ""),
    ]
    reply = client.get(f"{SESSIONS}/{session['id']}/microsteps").json()
    first = reply["microsteps"][0]["lines"][0]["formula"]
    for tex in ("x^{2}_{1}", "x_{1}x_{2}", "\\sin x_{2}"):
        assert tex in first
    # The slots keep the references of inputs.
    assert "a.0.4" in str(reply["microsteps"][0])


def test_predict_and_boundary_take_rows_of_the_table(client: TestClient, create: Create) -> None:
    session = create(network=NETWORK, data=CIRCLES)
    address = f"{SESSIONS}/{session['id']}"
    reply = client.post(f"{address}/predict", json={"inputs": session["data"]["inputs"]}).json()
    np.testing.assert_allclose(reply["outputs"], session["outputs"], rtol=1e-12)
    refused = client.post(f"{address}/predict", json={"inputs": [[1, 2, 3, 4, 5]]})
    assert refused.status_code == 422
    grid = client.get(f"{address}/boundary", params={"resolution": 5}).json()
    corner = [grid["x_range"][0], grid["y_range"][0]]
    probe = client.post(f"{address}/predict", json={"inputs": [corner]}).json()
    assert abs(probe["outputs"][0][0] - grid["values"][0]) < 1e-5
    xs = [row[0] for row in session["data"]["inputs"]]
    assert grid["x_range"][0] < min(xs) < max(xs) < grid["x_range"][1]


def test_target_scaling_is_undone_in_what_is_displayed(client: TestClient, create: Create) -> None:
    rows = [[place / 10] for place in range(20)]
    session = create(
        network={"layers": [{"units": 1, "activation": "identity"}]},
        training={
            "batch": {"mode": "full"},
            "optimizer": {"name": "sgd", "parameters": {"learning_rate": 0.02}},
        },
        data={
            "inputs": rows,
            "targets": [[5000 + 300 * row[0]] for row in rows],
            "columns": ["distance"],
            "target_columns": ["price"],
            "scaling": "minmax",
            "target_scaling": "standard",
        },
    )
    address = f"{SESSIONS}/{session['id']}"
    for _ in range(8):
        session = client.post(f"{address}/step", json={"count": 1000}).json()["session"]
    assert session["data"]["kind"] == "regression"
    assert session["accuracy"] is None
    np.testing.assert_allclose(session["outputs"], session["data"]["targets"], rtol=1e-6)
    np.testing.assert_allclose(session["differences"], 0, atol=1e-2)
    predicted = client.post(f"{address}/predict", json={"inputs": [[1.0]]}).json()
    assert abs(predicted["outputs"][0][0] - 5300) < 0.01
    # The layers are the network's own numbers.
    assert abs(predicted["layers"][-1]["activation"][0][0]) < 2
    assert session["data"]["network_targets"] is not None


def test_the_recipe_carries_everything(client: TestClient, create: Create) -> None:
    session = create(network=NETWORK, data=CIRCLES)
    address = f"{SESSIONS}/{session['id']}"
    client.post(f"{address}/step", json={"count": 5})
    moons = {**CIRCLES, "name": "function", "expression": "x^2 - 1", "split": {"test_share": 0.5, "seed": 1}}
    assert client.put(f"{address}/data", json=moons).status_code == 200
    original = client.post(f"{address}/step", json={"count": 5}).json()["session"]
    recipe = original["recipe"]
    assert recipe["create"]["data"]["features"] == FEATURES
    copy = f"{SESSIONS}/{create(**recipe['create'])['id']}"
    for action in recipe["actions"]:
        kind = action["type"]
        if kind == "data":
            client.put(f"{copy}/data", json=action["data"])
        else:
            client.post(f"{copy}/step", json={"count": action["count"]})
    made = client.get(copy).json()
    for name in ("parameters", "data", "loss", "test_loss", "test_accuracy"):
        assert made[name] == original[name]


def test_an_error_in_a_formula_names_the_character(client: TestClient) -> None:
    for language, word in (("en", "Character 4"), ("ko", "4번째")):
        reply = client.post(
            SESSIONS,
            params={"lang": language},
            json={"network": NETWORK, "data": {"name": "function", "expression": "2 * foo"}},
        )
        assert reply.status_code == 422
        assert reply.json()["type"].endswith("expression-name")
        error = reply.json()["errors"][0]
        assert (error["pointer"], error["position"]) == ("/data/expression", 4)
        assert ("5" in error["detail"]) or word in error["detail"]


def test_what_is_refused(client: TestClient) -> None:
    for data, pointer in (
        ({"name": "xor", "expression": "x"}, "/data/expression"),
        ({"name": "xor", "columns": ["a", "b"]}, None),
        ({"name": "circles", "split": {"test_share": 0.95}}, "/data/split/test_share"),
        ({"name": "circles", "features": ["x1", "x5"]}, "/data/features/1"),
        ({"name": "circles", "scaling": "log"}, "/data/scaling"),
        ({"name": "circles", "target_scaling": "standard"}, "/data/target_scaling"),
        ({"inputs": [[1, 2]], "targets": [[1]], "columns": ["a", "a"]}, "/data/columns/1"),
    ):
        reply = client.post(SESSIONS, json={"network": NETWORK, "data": data})
        assert reply.status_code == 422, data
        if pointer is not None:
            assert reply.json()["errors"][0]["pointer"] == pointer


def test_the_catalogue_tells_kinds_formulas_and_features(client: TestClient) -> None:
    catalog = client.get("/api/v1/catalog").json()
    sets = {each["name"]: each for each in catalog["datasets"]}
    assert sets["sine"]["kind"] == "regression"
    assert sets["sine"]["inputs"] == 1
    assert sets["function"]["expression"] == "sin(3*x)"
    assert sets["moons"]["expression"] is None
    assert [each["name"] for each in catalog["features"]] == ["column", "square", "product", "sine"]
    assert catalog["features"][2]["tex"] == "x_{<0>}x_{<1>}"
