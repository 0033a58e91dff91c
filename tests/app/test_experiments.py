"""Several sessions from one start over HTTP, and comparing them."""

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

from tests.app.conftest import SESSIONS

Create = Callable[..., dict[str, Any]]


def begin(client: TestClient, id: str, **body: Any) -> dict[str, Any]:
    reply = client.post(f"{SESSIONS}/{id}/experiments", json=body)
    assert reply.status_code == 201, reply.text
    document: dict[str, Any] = reply.json()
    return document


def test_six_optimizers_from_the_start(client: TestClient, create: Create) -> None:
    base = create(preset="xor-2-2-1")
    client.post(f"{SESSIONS}/{base['id']}/step", json={"count": 40})
    reply = begin(client, base["id"], step=0, optimizers=True)
    first, *runs = reply["runs"]
    assert first["id"] == base["id"]
    assert first["step"] == 40
    assert first["changes"] == []
    assert [run["training"]["optimizer"]["name"] for run in runs] == [
        "sgd",
        "momentum",
        "nag",
        "adagrad",
        "rmsprop",
        "adam",
    ]
    for run in runs:
        assert run["step"] == 0
        assert run["same_start"]
        assert run["sizes"] == [2, 2, 1]
        shown = client.get(f"{SESSIONS}/{run['id']}").json()
        assert shown["parameters"] == base["parameters"]
        client.post(f"{SESSIONS}/{run['id']}/step", json={"count": 5, "unit": "epoch"})
    ids = ",".join(run["id"] for run in runs)
    compared = client.get(f"{SESSIONS}/{base['id']}/comparison?with={ids}").json()
    assert compared["gone"] == []
    assert len(compared["runs"]) == 7
    for run in compared["runs"][1:]:
        assert run["epoch"] == 5
        assert run["curve"]["epochs"][-1] == 5
        assert run["curve"]["last"][-1] == run["loss"]
    adam = compared["runs"][-1]
    assert {change["kind"] for change in adam["changes"]} == {"optimizer", "learning_rate"}


def test_rates_variants_names_and_what_is_gone(client: TestClient, create: Create) -> None:
    base = create(preset="worked-example")
    rates = begin(client, base["id"], learning_rates={"lowest": 0.01, "highest": 100, "count": 3})["runs"]
    assert [run["training"]["optimizer"]["parameters"]["learning_rate"] for run in rates[1:]] == [
        0.01,
        1,
        100,
    ]
    own = begin(
        client,
        base["id"],
        variants=[
            {"label": "one", "training": {"optimizer": {"name": "adam"}}},
            {"training": {"batch": {"mode": "one", "order": "shuffled"}}},
        ],
    )["runs"][1:]
    assert [run["label"] for run in own] == ["one", None]
    named = client.patch(f"{SESSIONS}/{own[1]['id']}", json={"label": "=1+1"})
    assert named.status_code == 200
    assert named.json()["timeline"]["node"] == 1
    client.delete(f"{SESSIONS}/{own[0]['id']}")
    asked = f"{own[0]['id']},{own[1]['id']},{base['id']},nonsense"
    compared = client.get(f"{SESSIONS}/{base['id']}/comparison?with={asked}").json()
    assert compared["gone"] == [own[0]["id"], "nonsense"]
    assert [run["label"] for run in compared["runs"]] == [None, "=1+1"]
    client.patch(f"{SESSIONS}/{own[1]['id']}", json={"label": ""})
    compared = client.get(f"{SESSIONS}/{base['id']}/comparison?with={own[1]['id']}").json()
    assert compared["runs"][1]["label"] is None


def test_all_of_them_train_side_by_side(client: TestClient, create: Create) -> None:
    base = create(preset="xor-2-2-1")["id"]
    runs = begin(client, base, optimizers=True, epochs=300)["runs"][1:]
    ids = [run["id"] for run in runs]
    while any(run["status"] == "training" for run in runs):
        runs = client.get(f"{SESSIONS}/{base}/comparison?with={','.join(ids)}").json()["runs"][1:]
        assert all(run["to_epoch"] == (300 if run["status"] == "training" else None) for run in runs)
    assert [run["epoch"] for run in runs] == [300] * 6
    # Trained in turns with five others, each is what it is alone.
    alone = create(preset="xor-2-2-1", training={"optimizer": {"name": "adam"}})["id"]
    for _ in range(2):
        client.post(f"{SESSIONS}/{alone}/step", json={"count": 600})
    shown, adam = (client.get(f"{SESSIONS}/{id}").json() for id in (alone, ids[-1]))
    assert shown["step"] == adam["step"] == 1200
    assert shown["parameters"] == adam["parameters"]


def test_an_experiment_can_be_ended(client: TestClient, create: Create) -> None:
    base = create(preset="xor-2-2-1")["id"]
    runs = begin(client, base, variants=[{}, {}], epochs=10_000_000)["runs"][1:]
    assert [run["status"] for run in runs] == ["training", "training"]
    for run in runs:
        paused = client.post(f"{SESSIONS}/{run['id']}/pause").json()
        assert paused["status"] in ("paused", "ready")
    # A session that trains is not forked meanwhile.
    client.post(f"{SESSIONS}/{base}/train", json={})
    refused = client.post(f"{SESSIONS}/{base}/experiments", json={"optimizers": True})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/training")
    client.post(f"{SESSIONS}/{base}/pause")


def test_all_or_nothing(make_client: Callable[..., TestClient]) -> None:
    client = make_client(max_sessions=5)
    id = client.post(SESSIONS, json={"preset": "worked-example"}).json()["id"]
    full = client.post(f"{SESSIONS}/{id}/experiments", json={"optimizers": True})
    assert full.status_code == 503
    # None of the six was kept: four fit.
    begin(client, id, variants=[{}, {}, {}, {}])


def test_refusals_name_what_is_wrong(client: TestClient, create: Create) -> None:
    id = create(preset="worked-example")["id"]
    cases: list[tuple[dict[str, Any], int, str]] = [
        ({}, 422, ""),
        ({"optimizers": True, "variants": [{}]}, 422, ""),
        ({"variants": []}, 422, "/variants"),
        ({"variants": [{}] * 13}, 422, "/variants"),
        (
            {"variants": [{}, {"training": {"optimizer": {"name": "x"}}}]},
            422,
            "/variants/1/training/optimizer/name",
        ),
        ({"variants": [{"label": "a\nb"}]}, 422, "/variants/0/label"),
        ({"learning_rates": {"lowest": 1, "highest": 0.1}}, 422, "/learning_rates/highest"),
        ({"learning_rates": {"lowest": 1, "highest": 2, "count": 13}}, 422, "/learning_rates/count"),
        ({"optimizers": True, "step": 0, "node": 0}, 422, "/node"),
        ({"optimizers": True, "step": 9}, 404, ""),
    ]
    for body, status, pointer in cases:
        reply = client.post(f"{SESSIONS}/{id}/experiments", json=body)
        assert reply.status_code == status, (body, reply.text)
        pointers = [error["pointer"] for error in reply.json()["errors"]]
        assert pointers == ([pointer] if pointer else []), body
    assert client.get(f"{SESSIONS}/nobody/comparison").status_code == 404
    many = ",".join(f"id{k}" for k in range(49))
    assert client.get(f"{SESSIONS}/{id}/comparison?with={many}").status_code == 422
