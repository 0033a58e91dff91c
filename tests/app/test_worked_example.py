"""The worked example through the REST API: every printed digit of its source."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.app.conftest import SESSIONS, WORKED_EXAMPLE

# What the document prints, eight decimals; weights neuron by neuron of the receiving layer.
FIRST = {
    "/layers/0/activation": ["0.51998934", "0.52747230"],
    "/layers/1/net_input": ["0.44498412", "0.68047592"],
    "/layers/1/activation": ["0.60944600", "0.66384491"],
    "/loss/parts": ["0.02193381", "0.00203809"],
    "/loss/sample": "0.02397190",
    "/loss/batch": "0.02397190",
    "/layers/1/upstream/0": "0.20944600",
    "/layers/1/local/0": "0.23802157",
    "/layers/1/inputs/0": "0.51998934",
    "/layers/1/weight_gradient/0/0": "0.02592286",
    "/layers/1/batch_weight_gradient/0/0": "0.02592286",
    "/layers/0/upstream/0": "0.03240681",
    "/layers/0/local/0": "0.24960043",
    "/layers/0/weight_gradient/0/0": "0.00080888",
    "/after/weights/1": [["0.43703857", "0.69629578"], ["0.38685205", "0.59624247"]],
    "/after/weights/0": [["0.29959556", "0.39964496"], ["0.24919112", "0.34928991"]],
}
SECOND = {
    # The document prints 0.7979778 for the first of these: a misprint, as its own next line shows.
    "/layers/0/net_input": ["0.07979778", "0.10982248"],
    "/layers/0/activation": ["0.51993887", "0.52742806"],
    "/layers/1/net_input": ["0.43126996", "0.67650625"],
    "/layers/1/activation": ["0.60617688", "0.66295848"],
    "/loss/parts": ["0.02125445", "0.00198189"],
    "/loss/batch": "0.02323634",
}
# The two parts of dE/dh1.
PARTS = ["0.02243370", "0.00997311"]


def at(document: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        document = document[int(part) if isinstance(document, list) else part]
    return document


def printed(value: Any) -> Any:
    return [printed(item) for item in value] if isinstance(value, list) else f"{value:.8f}"


@pytest.fixture(params=["preset", "parts"])
def session(request: pytest.FixtureRequest, create: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    body = {"preset": "worked-example"} if request.param == "preset" else WORKED_EXAMPLE
    return create(**body)


def test_every_printed_digit(client: TestClient, session: dict[str, Any]) -> None:
    address = f"{SESSIONS}/{session['id']}"
    before = client.get(f"{address}/trace").json()
    step = client.post(f"{address}/step", json={"trace": True}).json()
    for trace in (before, step["trace"], client.get(f"{address}/trace?step=0").json()):
        assert {pointer: printed(at(trace, pointer)) for pointer in FIRST} == FIRST
        assert trace["nonfinite"] == {}
        assert (trace["step"], trace["iteration"], trace["sample"]) == (0, 1, 0)
    after = client.get(f"{address}/trace").json()
    assert {pointer: printed(at(after, pointer)) for pointer in SECOND} == SECOND
    assert step["session"]["parameters"]["weights"] == step["trace"]["after"]["weights"]
    assert printed(step["before"]["loss"]) == "0.02397190"
    assert printed(step["after"]["loss"]) == "0.02323634"
    assert (step["applied"], step["diverged"]) == (1, False)


def test_the_parts_of_a_hidden_neurons_gradient(client: TestClient, session: dict[str, Any]) -> None:
    reply = client.get(f"{SESSIONS}/{session['id']}/microsteps").json()
    lines = [line for step in reply["microsteps"] if step["id"] == "backward/1/0" for line in step["lines"]]
    factor = next(line for line in lines if line["badge"] == 1 and line["kind"] == "factor")
    assert printed([part["result"] for part in factor["parts"]]) == PARTS
    assert printed(factor["result"]) == "0.03240681"
    keys = {
        key
        for step in reply["microsteps"]
        for key in (step["title"]["key"], *(x["sentence"] for x in step["lines"]))
    }
    assert keys == reply["sentences"].keys()


def test_shapes_and_orientation(client: TestClient, create: Callable[..., dict[str, Any]]) -> None:
    session = create(**WORKED_EXAMPLE)
    assert session["parameters"]["weights"] == WORKED_EXAMPLE["network"]["parameters"]["weights"]
    assert session["parameters"]["biases"] == [None, None]
    trace = client.get(f"{SESSIONS}/{session['id']}/trace").json()
    assert trace["layers"][0]["shapes"]["weights"] == [2, 2]
    assert trace["layers"][0]["bias_gradient"] is None
    assert trace["point"] is None


def test_verification_agrees(client: TestClient, session: dict[str, Any]) -> None:
    reply = client.get(f"{SESSIONS}/{session['id']}/verification").json()
    assert reply["verdict"] == "agree"
    assert reply["checked"] == 8
    assert {row["element"] for row in reply["rows"]} == {
        f"w.{layer}.{i}.{j}" for layer in (1, 2) for i in (0, 1) for j in (0, 1)
    }


def test_differences_are_outputs_minus_targets(client: TestClient, session: dict[str, Any]) -> None:
    assert printed(session["differences"]) == [["0.20944600", "0.06384491"]]


def test_every_number_at_term_granularity(client: TestClient) -> None:
    """The paper's calculation, product by product: its sums' summands add up to the printed results."""
    session = client.post(SESSIONS, json={"preset": "worked-example"}).json()
    reply = client.get(f"{SESSIONS}/{session['id']}/microsteps?granularity=term").json()
    results = {step["id"]: step["lines"][0]["result"] for step in reply["microsteps"]}
    counts = {phase["name"]: phase["count"] for phase in reply["phases"]}
    assert counts == {"forward": 16, "loss": 3, "backward": 24, "update": 8}
    assert all(len(step["lines"]) == 1 for step in reply["microsteps"])
    places = {step["id"]: place for place, step in enumerate(reply["microsteps"])}
    for step in reply["microsteps"]:
        assert all(places[used] < places[step["id"]] for used in step["lines"][0]["uses"])
    assert f"{results['backward/1/0/c0']:.8f}" == "0.02243370"
    assert f"{results['backward/1/0/c1']:.8f}" == "0.00997311"
    assert f"{results['backward/1/0/factor1']:.8f}" == "0.03240681"
