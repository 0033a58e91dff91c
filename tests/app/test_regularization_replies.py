"""Penalties, dropout, clipping and schedules over REST: what is asked for, refused, told and repeated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

SESSIONS = "/api/v1/sessions"
WANTED: dict[str, Any] = {
    "regularization": {"l1": 0.01, "l2": 0.2},
    "dropout": 0.4,
    "clipping": {"name": "norm", "parameters": {"limit": 0.05}},
    "schedule": {"name": "step", "parameters": {"every": 2, "factor": 0.5}},
}


def create(client: TestClient, training: dict[str, Any]) -> dict[str, Any]:
    reply = client.post(SESSIONS, json={"preset": "circles", "training": training})
    assert reply.status_code == 201, reply.text
    found: dict[str, Any] = reply.json()
    return found


def test_the_settings_come_back_and_the_recipe_repeats_them(client: TestClient) -> None:
    session = create(client, WANTED)
    training = session["training"]
    assert {name: training[name] for name in WANTED} == WANTED
    path = f"{SESSIONS}/{session['id']}"
    client.post(f"{path}/step", json={"count": 5, "unit": "epoch"})
    client.patch(path, json={"training": {"dropout": 0.1, "clipping": {"name": "none"}}})
    end = client.post(f"{path}/step", json={"count": 3}).json()["session"]
    assert end["training"]["clipping"] == {"name": "none", "parameters": {}}
    assert end["training"]["regularization"] == WANTED["regularization"]
    again = client.post(SESSIONS, json=end["recipe"]["create"]).json()
    for action in end["recipe"]["actions"]:
        route = f"{SESSIONS}/{again['id']}"
        if action["type"] == "step":
            client.post(f"{route}/step", json={"count": action["count"]})
        else:
            client.patch(route, json=action["patch"])
    assert client.get(f"{SESSIONS}/{again['id']}").json()["parameters"] == end["parameters"]


def test_the_effective_rate_is_told(client: TestClient) -> None:
    session = create(client, {**WANTED, "optimizer": {"name": "sgd", "parameters": {"learning_rate": 0.8}}})
    path = f"{SESSIONS}/{session['id']}"
    rates = [session["learning_rate"]]
    for _ in range(4):
        reply = client.post(f"{path}/step", json={"unit": "epoch"}).json()
        rates.append(reply["session"]["learning_rate"])
    assert rates == [0.8, 0.8, 0.4, 0.4, 0.2]
    trace = client.get(f"{path}/trace").json()
    assert trace["schedule"] == {
        "name": "step",
        "parameters": {"every": 2.0, "factor": 0.5},
        "base": 0.8,
        "rate": 0.2,
    }
    assert trace["optimizer"]["parameters"]["learning_rate"] == 0.2


def test_the_trace_adds_up(client: TestClient) -> None:
    session = create(client, WANTED)
    trace = client.get(f"{SESSIONS}/{session['id']}/trace").json()
    weights = np.concatenate([np.ravel(layer) for layer in trace["before"]["weights"]])
    penalty = 0.01 * np.abs(weights).sum() + 0.1 * (weights**2).sum()
    assert trace["loss"]["penalty"] == pytest.approx(penalty)
    assert trace["loss"]["objective"] == pytest.approx(trace["loss"]["batch"] + penalty)
    assert [one["name"] for one in trace["penalties"]] == ["l1", "l2"]
    clipping = trace["clipping"]
    for layer, received, added in zip(
        trace["layers"], trace["received"]["weights"], trace["penalty_gradient"]["weights"], strict=True
    ):
        whole = np.array(layer["batch_weight_gradient"]) + np.array(added)
        np.testing.assert_allclose(received, whole * clipping["factor"], rtol=1e-12, atol=1e-18)
    hidden, output = trace["layers"][0], trace["layers"][-1]
    assert output["mask"] is None
    np.testing.assert_allclose(hidden["activation"], np.multiply(hidden["function_value"], hidden["mask"]))


def test_without_any_of_them_the_trace_says_so(client: TestClient) -> None:
    session = client.post(SESSIONS, json={}).json()
    trace = client.get(f"{SESSIONS}/{session['id']}/trace").json()
    assert (trace["penalties"], trace["penalty_gradient"], trace["dropout"]) == ([], None, 0.0)
    assert trace["loss"]["objective"] == trace["loss"]["batch"]
    assert trace["clipping"] == {"name": "none", "parameters": {}, "norm": None, "factor": None}
    assert session["learning_rate"] == trace["schedule"]["rate"] == trace["schedule"]["base"]


@pytest.mark.parametrize(
    ("training", "pointer", "range_of"),
    [
        ({"regularization": {"l1": -0.1}}, "/training/regularization/l1", "0"),
        ({"regularization": {"l2": 1e9}}, "/training/regularization/l2", "1000"),
        ({"dropout": 1.0}, "/training/dropout", "0.95"),
        ({"dropout": -0.5}, "/training/dropout", "0"),
        (
            {"clipping": {"name": "value", "parameters": {"limit": 0}}},
            "/training/clipping/parameters/limit",
            "0",
        ),
        ({"clipping": {"name": "shear"}}, "/training/clipping/name", "norm"),
        (
            {"schedule": {"name": "step", "parameters": {"every": 1.5}}},
            "/training/schedule/parameters/every",
            "1",
        ),
        (
            {"schedule": {"name": "step", "parameters": {"factor": 2}}},
            "/training/schedule/parameters/factor",
            "1",
        ),
        (
            {"schedule": {"name": "cosine", "parameters": {"every": 3}}},
            "/training/schedule/parameters/every",
            "epochs",
        ),
        ({"schedule": {"name": "daily"}}, "/training/schedule/name", "cosine"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_what_does_not_fit_is_refused_with_its_range(
    client: TestClient, training: dict[str, Any], pointer: str, range_of: str, language: str
) -> None:
    reply = client.post(f"{SESSIONS}?lang={language}", json={"training": training})
    assert reply.status_code == 422
    (error,) = reply.json()["errors"]
    assert error["pointer"] == pointer
    assert range_of in error["detail"]
    assert any("가" <= letter <= "힣" for letter in error["detail"]) == (language == "ko")


def test_the_catalogue_has_what_the_controls_need(client: TestClient) -> None:
    catalog = client.get("/api/v1/catalog").json()
    assert [one["name"] for one in catalog["penalties"]] == ["l1", "l2"]
    assert [one["name"] for one in catalog["clippings"]] == ["none", "value", "norm"]
    assert [one["name"] for one in catalog["schedules"]] == ["constant", "step", "cosine"]
    assert catalog["dropout"]["maximum"] == 0.95
    for one in (*catalog["penalties"], *catalog["clippings"], *catalog["schedules"]):
        assert one["tex"]
        assert one["label"]["en"]
        assert one["label"]["ko"]


def test_a_change_is_told_in_the_history(client: TestClient) -> None:
    path = f"{SESSIONS}/{client.post(SESSIONS, json={'preset': 'circles'}).json()['id']}"
    client.patch(path, json={"training": WANTED})
    (branch,) = client.get(f"{path}/history").json()["branches"]
    (change,) = branch["changes"]
    told = {(one["kind"], one["name"]): (one["before"], one["after"]) for one in change["settings"]}
    assert told == {
        ("regularization", "l1"): (0.0, 0.01),
        ("regularization", "l2"): (0.0, 0.2),
        ("dropout", "dropout"): (0.0, 0.4),
        ("clipping", "name"): ("none", "norm"),
        ("clipping", "limit"): (None, 0.05),
        ("schedule", "name"): ("constant", "step"),
        ("schedule", "every"): (None, 2.0),
        ("schedule", "factor"): (None, 0.5),
    }


def test_a_fork_and_a_seek_draw_the_same_masks(client: TestClient) -> None:
    session = create(client, WANTED)
    path = f"{SESSIONS}/{session['id']}"
    end = client.post(f"{path}/step", json={"count": 6}).json()["session"]
    fork = client.post(f"{path}/fork", json={"step": 2}).json()
    masks = []
    for where, id in (
        ("seek", session["id"]),
        ("fork", fork["session"]["id"] if "session" in fork else fork["id"]),
    ):
        if where == "seek":
            client.post(f"{path}/seek", json={"step": 2})
        trace = client.get(f"{SESSIONS}/{id}/trace").json()
        masks.append([layer["mask"] for layer in trace["layers"]])
        stepped = client.post(f"{SESSIONS}/{id}/step", json={"count": 4}).json()["session"]
        assert stepped["parameters"] == end["parameters"]
    assert masks[0] == masks[1]
