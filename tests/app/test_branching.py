"""The branches of a session over HTTP, and sessions forked off it."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.app.conftest import SESSIONS

Create = Callable[..., dict[str, Any]]
SLOWER = {"optimizer": {"parameters": {"learning_rate": 0.05}}}
XOR: dict[str, Any] = {
    "network": {"layers": [{"units": 3, "activation": "tanh"}, {"units": 1}]},
    "training": {
        "optimizer": {"name": "adam", "parameters": {"learning_rate": 0.5}},
        "batch": {"mode": "one", "order": "shuffled"},
    },
    "data": {"name": "xor"},
    "seed": 4,
}
# What a session is apart from its name and its timeline.
SAME = ("step", "epoch", "parameters", "training", "data", "frozen", "next_batch", "loss", "outputs")


def at(session: dict[str, Any]) -> str:
    return f"{SESSIONS}/{session['id']}"


def post(client: TestClient, address: str, **body: Any) -> dict[str, Any]:
    reply = client.post(address, json=body)
    assert reply.status_code in (200, 201), reply.text
    made: dict[str, Any] = reply.json()
    return made


def alike(session: dict[str, Any]) -> dict[str, Any]:
    return {name: session[name] for name in SAME}


def follow(client: TestClient, recipe: dict[str, Any]) -> dict[str, Any]:
    """Create the session that a recipe describes."""
    session = post(client, SESSIONS, **recipe["create"])
    for action in recipe["actions"]:
        if action["type"] == "step":
            for done in range(0, action["count"], 1000):
                count = min(1000, action["count"] - done)
                session = post(client, f"{at(session)}/step", count=count)["session"]
        elif action["type"] == "patch":
            session = client.patch(at(session), json=action["patch"]).json()
        else:
            session = client.put(f"{at(session)}/data", json=action["data"]).json()
    return session


def test_a_new_session_has_one_branch(client: TestClient, create: Create) -> None:
    session = create(**XOR)
    history = client.get(f"{at(session)}/history").json()
    (branch,) = history.pop("branches")
    assert history == {
        "node": 0,
        "step": 0,
        "epoch": 0,
        "root": 0,
        "total": 1,
        "omitted": 0,
        "nonfinite": {},
    }
    curve = {name: [session["loss"]] for name in ("last", "minimum", "maximum")}
    assert branch == {
        "name": "A",
        "parent": None,
        "tip": 0,
        "current": True,
        "from_node": 0,
        "from_step": 0,
        "last_step": 0,
        "spans": [{"node": 0, "step": 0, "last_step": 0}],
        "changes": [],
        "more_changes": 0,
        "training": {
            "optimizer": "adam",
            "learning_rate": 0.5,
            "loss": session["training"]["loss"]["name"],
            "batch": {**session["training"]["batch"]},
        },
        "loss": session["loss"],
        "diverged": False,
        "curve": {"steps": [0], **curve},
    }


def test_two_rates_side_by_side(client: TestClient, create: Create) -> None:
    session = create(**XOR)
    fast = post(client, f"{at(session)}/step", count=60)
    post(client, f"{at(session)}/seek", step=20)
    client.patch(at(session), json={"training": SLOWER})
    slow = post(client, f"{at(session)}/step", count=40)
    history = client.get(f"{at(session)}/history").json()
    first, second = history["branches"]
    assert (history["node"], history["step"], history["total"]) == (101, 60, 2)
    assert [(b["name"], b["parent"], b["from_step"], b["last_step"]) for b in (first, second)] == [
        ("A", None, 0, 60),
        ("B", "A", 20, 60),
    ]
    assert [(b["current"], b["training"]["learning_rate"]) for b in (first, second)] == [
        (False, 0.5),
        (True, 0.05),
    ]
    (change,) = second["changes"]
    assert change == {
        "node": 61,
        "step": 20,
        "kinds": ["learning_rate"],
        "settings": [
            {"kind": "learning_rate", "name": "learning_rate", "before": 0.5, "after": 0.05},
        ],
        "more": 0,
    }
    for branch, reply in ((first, fast), (second, slow)):
        assert branch["loss"] == reply["after"]["loss"] == branch["curve"]["last"][-1]
        losses = dict(zip(branch["curve"]["steps"], branch["curve"]["last"], strict=True))
        told = [(pair["step"], pair["loss"]) for pair in reply["losses"]]
        assert told
        assert [losses[step] for step, _ in told] == [loss for _, loss in told]
    assert second["curve"]["steps"][0] == 20

    # Its tip is a place to go to: there is the exact loss again.
    back = post(client, f"{at(session)}/seek", node=first["tip"])
    assert alike(back) == alike(fast["session"])
    again = client.get(f"{at(session)}/history").json()
    assert [branch["current"] for branch in again["branches"]] == [True, False]
    assert [branch["curve"] for branch in again["branches"]] == [first["curve"], second["curve"]]


def test_losses_that_are_not_finite_are_named(client: TestClient, create: Create) -> None:
    huge = [[1e6]] * 4
    session = create(
        network={
            "layers": [{"units": 1, "activation": "identity"}],
            "parameters": {"weights": [[[1e6], [1e6]]], "biases": [[0.0]]},
        },
        training={"optimizer": {"name": "sgd", "parameters": {"learning_rate": 1e6}}},
        data={"inputs": [[1e6, 1e6]] * 4, "targets": huge},
    )
    post(client, f"{at(session)}/step", count=1000)
    reply = client.get(f"{at(session)}/history").json()
    (branch,) = reply["branches"]
    assert branch["diverged"]
    nulls = {f"/branches/0/curve/last/{k}" for k, v in enumerate(branch["curve"]["last"]) if v is None}
    assert nulls <= reply["nonfinite"].keys()
    assert (branch["loss"] is None) == ("/branches/0/loss" in reply["nonfinite"])


@pytest.mark.parametrize("place", [{}, {"node": 30}, {"step": 30}, {"node": 0}])
def test_a_fork_has_the_exact_state(client: TestClient, create: Create, place: dict[str, int]) -> None:
    session = create(**XOR)
    post(client, f"{at(session)}/step", count=45)
    reply = client.post(f"{at(session)}/fork", json=place)
    fork = reply.json()
    assert reply.status_code == 201
    assert fork["id"] != session["id"]
    assert reply.headers["location"] == at(fork)
    assert client.get(at(fork)).json() == fork
    assert fork["timeline"]["branches"] == 1
    assert client.get(at(session)).json()["step"] == 45, "the old session stays where it is"

    step = next(iter(place.values()), 45)
    there = post(client, f"{at(session)}/seek", step=step)
    assert alike(fork) == alike(there)
    assert fork["recipe"] == there["recipe"]
    # The next update, number by number, with the optimizer's state and the order drawn by the generator.
    assert client.get(f"{at(fork)}/trace").json() == client.get(f"{at(session)}/trace").json()
    on, other = (post(client, f"{at(each)}/step", count=200) for each in (fork, session))
    assert alike(on["session"]) == alike(other["session"])
    # And the past.
    back = [post(client, f"{at(each)}/seek", step=0) for each in (fork, session)]
    assert alike(back[0]) == alike(back[1])


def test_a_fork_with_another_training(client: TestClient, create: Create) -> None:
    session = create(**XOR)
    post(client, f"{at(session)}/step", count=50)
    before = client.get(at(session)).json()
    training = {"optimizer": {"name": "sgd", "parameters": {"learning_rate": 0.25}}}
    fork = post(client, f"{at(session)}/fork", step=10, training=training)
    assert (fork["step"], fork["training"]["optimizer"]) == (10, training["optimizer"])
    assert fork["training"]["batch"] == before["training"]["batch"], "what is not named stays"
    assert client.get(at(session)).json() == before
    on = post(client, f"{at(fork)}/step", count=40)["session"]
    # The same thing done by a change in the old session, and by the recipe.
    post(client, f"{at(session)}/seek", step=10)
    assert client.patch(at(session), json={"training": training}).status_code == 200
    assert alike(post(client, f"{at(session)}/step", count=40)["session"]) == alike(on)
    assert alike(follow(client, on["recipe"])) == alike(on)
    (branch,) = client.get(f"{at(fork)}/history").json()["branches"]
    assert [(change["step"], change["kinds"]) for change in branch["changes"]] == [
        (10, ["optimizer", "learning_rate"])
    ]


def test_a_fork_of_a_branch_takes_its_changes_along(client: TestClient, create: Create) -> None:
    session = create(**XOR)
    post(client, f"{at(session)}/step", count=30)
    post(client, f"{at(session)}/seek", step=12)
    patch = {"parameters": [{"element": "w.1.0.0", "value": 0.5}, {"element": "b.1.1", "frozen": True}]}
    client.patch(at(session), json=patch)
    post(client, f"{at(session)}/step", count=5)
    client.put(f"{at(session)}/data", json={"name": "xnor"})
    here = post(client, f"{at(session)}/step", count=5)["session"]
    fork = post(client, f"{at(session)}/fork")
    assert alike(fork) == alike(here)
    assert fork["recipe"] == here["recipe"]
    assert alike(follow(client, fork["recipe"])) == alike(fork)


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({"node": 11}, 404, "node-not-recorded", None),
        ({"step": 11}, 404, "step-not-recorded", None),
        ({"node": 1, "step": 1}, 422, "seek-target", "/node"),
        ({"node": -1}, 422, "invalid-input", "/node"),
        ({"parameters": []}, 422, "invalid-input", "/parameters"),
        (
            {"training": {"optimizer": {"parameters": {"learning_rate": -1.0}}}},
            422,
            None,
            "/training/optimizer/parameters/learning_rate",
        ),
        ({"training": {"optimizer": {"name": "sdg"}}}, 422, None, "/training/optimizer/name"),
        ({"training": {"batch": {"size": 0}}}, 422, "invalid-input", "/training/batch/size"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_refusals(
    make_client: Callable[..., TestClient],
    body: dict[str, Any],
    status: int,
    code: str | None,
    pointer: str | None,
    language: str,
) -> None:
    client = make_client(max_sessions=2)
    session = post(client, SESSIONS, **XOR)
    post(client, f"{at(session)}/step", count=10)
    reply = client.post(f"{at(session)}/fork", params={"lang": language}, json=body)
    problem = reply.json()
    assert reply.status_code == status, problem
    assert reply.headers["content-type"].startswith("application/problem+json")
    assert reply.headers["content-language"] == language
    assert any("가" <= letter <= "힣" for letter in problem["detail"]) == (language == "ko")
    if code is not None:
        assert problem["type"] == f"/problems/{code}"
    if pointer is not None:
        assert [error["pointer"] for error in problem["errors"]] == [pointer]
    # Nothing was kept of it: there is room for one more.
    assert client.post(f"{at(session)}/fork", json={}).status_code == 201


def test_unknown_sessions(client: TestClient) -> None:
    assert client.get(f"{SESSIONS}/nobody/history").status_code == 404
    assert client.post(f"{SESSIONS}/nobody/fork", json={}).status_code == 404


def test_a_full_store_takes_no_fork(make_client: Callable[..., TestClient]) -> None:
    client = make_client(max_sessions=1)
    session = post(client, SESSIONS, **XOR)
    reply = client.post(f"{at(session)}/fork", json={})
    assert (reply.status_code, reply.json()["type"]) == (503, "/problems/sessions-full")
    assert int(reply.headers["retry-after"]) >= 1
    assert client.get(at(session)).status_code == 200


def test_a_session_that_holds_the_most_changes(
    client: TestClient, create: Create, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.history.timeline.MAXIMUM_SEGMENTS", 3)
    session = create(**XOR)
    for rate in (0.1, 0.2):
        client.patch(at(session), json={"training": {"optimizer": {"parameters": {"learning_rate": rate}}}})
    reply = client.post(f"{at(session)}/fork", json={"training": SLOWER})
    assert (reply.status_code, reply.json()["type"]) == (409, "/problems/too-many-edits")
    assert post(client, f"{at(session)}/fork", node=1, training=SLOWER)["step"] == 0


def test_a_diverged_session_can_be_forked_with_a_smaller_rate(client: TestClient, create: Create) -> None:
    session = create(
        network={"layers": [{"units": 1, "activation": "identity"}]},
        training={"optimizer": {"name": "sgd", "parameters": {"learning_rate": 1e6}}},
        data={"inputs": [[1000.0, 1000.0]], "targets": [[1.0]]},
        seed=1,
    )
    gone = post(client, f"{at(session)}/step", count=1000)["session"]
    assert gone["status"] == "diverged"
    assert post(client, f"{at(session)}/fork")["status"] == "diverged"
    training = {"optimizer": {"parameters": {"learning_rate": 1e-9}}}
    fork = post(client, f"{at(session)}/fork", step=0, training=training)
    assert fork["status"] == "ready"
    on = post(client, f"{at(fork)}/step", count=50)
    assert on["after"]["loss"] < on["before"]["loss"]
