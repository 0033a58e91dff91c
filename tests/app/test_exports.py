"""Exports: tables that read back to the same floats, documents that make the same session again."""

import csv
import io
import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.tables import Table, to_csv
from tests.app.conftest import SESSIONS

Create = Callable[..., dict[str, Any]]
IMPORT = f"{SESSIONS}/import"
STEP = {"type": "step", "count": 1}
NO_SUCH_DATA = {"type": "data", "data": {"name": "x"}}


def read(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


@pytest.fixture
def session(client: TestClient, create: Create) -> dict[str, Any]:
    """XOR with edits, other data, another optimizer and a branch behind it."""
    made = create(preset="xor-2-2-1", seed=7)
    at = f"{SESSIONS}/{made['id']}"
    client.post(f"{at}/step", json={"count": 30})
    client.patch(
        at,
        json={
            "training": {
                "optimizer": {"name": "adam"},
                "batch": {"mode": "mini", "size": 3, "order": "shuffled"},
            },
            "parameters": [{"element": "w.1.0.0", "value": -0.1}, {"element": "b.2.0", "frozen": True}],
            "label": "=cmd",
        },
    )
    client.post(f"{at}/step", json={"count": 11})
    client.post(f"{at}/seek", json={"step": 35})
    client.put(f"{at}/data", json={"inputs": [[0, 0], [0, 1.5], [1, 0]], "targets": [[0], [1], [1]]})
    client.post(f"{at}/step", json={"count": 9})
    return dict(client.get(at).json())


def table(client: TestClient, session: dict[str, Any], what: str, **query: Any) -> list[dict[str, str]]:
    reply = client.get(f"{SESSIONS}/{session['id']}/export", params={"format": "csv", "what": what, **query})
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert reply.headers["content-disposition"] == f'attachment; filename="deltaboard-xor-2-2-1-{what}.csv"'
    return read(reply.content)


@given(st.lists(st.floats(), min_size=1, max_size=8), st.text(max_size=20))
def test_csv_gives_every_float_and_text_back(numbers: list[float], text: str) -> None:
    content = to_csv(Table(("number", "text"), [(number, text) for number in numbers]))
    rows = list(csv.reader(io.StringIO(content.decode("utf-8", "strict"), newline="")))[1:]
    for number, row in zip(numbers, rows, strict=True):
        back = float(row[0])
        assert math.isnan(back) if math.isnan(number) else repr(back) == repr(number)
        assert row[1] in (text, f"'{text}")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_text_becomes_a_formula(text: str) -> None:
    rows = list(csv.reader(io.StringIO(to_csv(Table((text,), [(text,)])).decode(), newline="")))
    assert rows == [[f"'{text}"], [f"'{text}"]]


def test_tables_hold_the_same_numbers_as_the_other_calls(client: TestClient, session: dict[str, Any]) -> None:
    at = f"{SESSIONS}/{session['id']}"
    curve = client.get(f"{at}/curve").json()
    rows = table(client, session, "curve")
    assert [int(row["step"]) for row in rows] == curve["steps"]
    for name, column in (("loss", "last"), ("minimum", "minimum"), ("maximum", "maximum")):
        assert [float(row[name]) for row in rows] == curve[column]

    rows = table(client, session, "parameters")
    weights = session["parameters"]["weights"]
    for row in rows:
        layer, to = int(row["layer"]) - 1, int(row["to"])
        biases = session["parameters"]["biases"][layer]
        value = weights[layer][int(row["from"])][to] if row["kind"] == "weight" else biases[to]
        assert float(row["value"]) == value
        assert row["frozen"] == ("true" if row["element"] == "b.2.0" else "false")
    assert len(rows) == 9

    trace = client.get(f"{at}/trace").json()
    rows = table(client, session, "trace")
    delta = [float(row["value"]) for row in rows if row["quantity"] == "delta" and row["layer"] == "2"]
    assert delta == trace["layers"][1]["delta"]
    rows = table(client, session, "optimizer")
    first = next(row for row in rows if row["element"] == "w.1.0.0")
    assert float(first["update"]) == trace["update"]["weights"][0][0][0]
    assert float(first["after"]) == trace["after"]["weights"][0][0][0]

    rows = table(client, session, "samples")
    assert [float(row["output1"]) for row in rows] == [output[0] for output in session["outputs"]]
    assert [float(row["loss"]) for row in rows] == session["sample_losses"]
    assert rows[1]["x2"] == "1.5"
    assert {row["set"] for row in rows} == {"train"}

    proof = client.get(f"{at}/verification").json()
    rows = table(client, session, "proof")
    assert [float(row["analytic"]) for row in rows] == [row["analytic"] for row in proof["rows"]]

    history = client.get(f"{at}/history").json()
    rows = table(client, session, "history")
    assert {row["branch"] for row in rows} == {branch["name"] for branch in history["branches"]}

    parts = client.get(f"{at}/contributions", params={"element": "w.2.0.0"}).json()
    rows = table(client, session, "contributions", element="w.2.0.0")
    assert sorted(float(row["gradient"]) for row in rows) == sorted(
        one["gradient"] for one in parts["samples"]
    )

    matrices = client.get(f"{at}/matrices").json()
    rows = table(client, session, "matrices")
    assert sum(row["layer"] == "1" for row in rows) > 10
    assert {row["name"] for row in rows} == {
        one["name"] for layer in matrices["layers"] for one in layer["matrices"]
    }

    grid = client.get(f"{at}/boundary", params={"resolution": 5, "element": "a.1.1"}).json()
    rows = table(client, session, "boundary", resolution=5, element="a.1.1")
    assert [float(row["a.1.1"]) for row in rows] == grid["values"]
    assert (float(rows[0]["x1"]), float(rows[-1]["x2"])) == (grid["x_range"][0], grid["y_range"][1])


def test_tables_of_pictures_and_of_test_rows(client: TestClient, create: Create) -> None:
    data = {"name": "moons", "split": {"test_share": 0.25, "seed": 1}, "scaling": "standard"}
    made = create(preset="xor-2-2-1", data=data)
    at = f"{SESSIONS}/{made['id']}"
    client.post(f"{at}/step", json={"count": 50})
    rows = table(client, made, "samples")
    assert [row["set"] for row in rows].count("test") == len(rows) // 4
    metrics = client.get(f"{at}/metrics").json()
    told = table(client, made, "metrics")
    assert [int(row["step"]) for row in told] == metrics["steps"]
    assert [float(row["test_loss"]) for row in told] == metrics["test_loss"]
    assert "mean gradient, layer 2" in told[0]
    confusion = client.get(f"{at}/confusion").json()
    counts = [int(row["rows"]) for row in table(client, made, "confusion") if row["set"] == "test"]
    assert counts == [count for row in confusion["test"]["counts"] for count in row]
    weights = table(client, made, "histogram")
    assert sum(int(row["weights"]) for row in weights if row["layer"] == "1") == 4


def test_runs_beside_each_other(client: TestClient, session: dict[str, Any]) -> None:
    begun = client.post(
        f"{SESSIONS}/{session['id']}/experiments", json={"optimizers": True, "step": 0}
    ).json()
    ids = [run["id"] for run in begun["runs"][1:]]
    client.post(f"{SESSIONS}/{ids[0]}/step", json={"count": 3})
    rows = table(client, session, "runs", **{"with": ",".join([*ids, "gone"])})
    assert [row["optimizer"] for row in rows] == [
        "adam",
        "sgd",
        "momentum",
        "nag",
        "adagrad",
        "rmsprop",
        "adam",
    ]
    assert rows[0]["name"] == "'=cmd"
    assert rows[1]["step"] == "3"
    rows = table(client, session, "run_curves", **{"with": ",".join(ids)})
    own = [row for row in rows if row["run"] == "1"]
    assert [row["step"] for row in own] == ["0", "1", "2", "3"]


def test_a_document_makes_the_same_session_again(client: TestClient, session: dict[str, Any]) -> None:
    reply = client.get(f"{SESSIONS}/{session['id']}/export")
    assert reply.headers["content-disposition"] == 'attachment; filename="deltaboard-xor-2-2-1.json"'
    document = reply.json()
    assert document["step"] == session["step"]
    made = client.post(IMPORT, json=document)
    assert made.status_code == 201, made.text
    assert made.json()["parameters"] == "identical"
    again = made.json()["session"]
    assert made.headers["location"] == f"{SESSIONS}/{again['id']}"
    for name in ("parameters", "training", "data", "frozen", "step", "epoch", "loss", "next_batch", "recipe"):
        assert again[name] == session[name], name
    # What comes next is the same as well.
    for id in (session["id"], again["id"]):
        client.post(f"{SESSIONS}/{id}/step", json={"count": 20})
    ends = [client.get(f"{SESSIONS}/{id}").json()["parameters"] for id in (session["id"], again["id"])]
    assert ends[0] == ends[1]
    assert client.get(f"{SESSIONS}/{again['id']}/export").json()["label"] == "=cmd"


def test_a_document_that_another_program_wrote_again_is_the_same(
    client: TestClient, session: dict[str, Any]
) -> None:
    """JavaScript writes 1.0 as 1 and 1e-07 as 1e-7: the numbers are the same."""
    document = client.get(f"{SESSIONS}/{session['id']}/export").json()
    text = json.dumps(document).replace("1.0,", "1,").replace("1.0]", "1]").replace("1.0}", "1}")
    made = client.post(IMPORT, content=text, headers={"content-type": "application/json"})
    assert made.json()["parameters"] == "identical"
    view = {"micro": 3, "granularity": "term", "sample": None, "map": "a.1.0", "drawer": None, "notation": {}}
    file = {"deltaboard": 1, "recipe": document["recipe"], **view}
    assert client.post(IMPORT, json=file).json()["parameters"] == "not-checked"


def test_what_differs_is_told(client: TestClient, session: dict[str, Any]) -> None:
    document = client.get(f"{SESSIONS}/{session['id']}/export").json()
    other = {**document, "parameters_sha256": "0" * 64}
    assert client.post(IMPORT, json=other).json()["parameters"] == "different"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"deltaboard": 2}, 422, "import-version"),
        ({"deltaboard": "1"}, 422, "invalid-input"),
        ({"recipe_sha256": "1" * 64}, 422, "import-tampered"),
        ({"recipe_sha256": "x"}, 422, "invalid-input"),
        ({"unknown": 1}, 422, "invalid-input"),
        ({"recipe": {"create": {"preset": "none"}}}, 422, "unknown-name"),
        ({"recipe": {"create": {}, "actions": [{"type": "step"}]}}, 422, "import-action"),
        ({"recipe": {"create": {}, "actions": [{"type": "patch", "count": 1}]}}, 422, "import-action"),
        ({"recipe": {"create": {}, "actions": [{"type": "run", "count": 1}]}}, 422, "invalid-input"),
        ({"recipe": {"create": {}, "actions": [{"type": "step", "count": 0}]}}, 422, "invalid-input"),
        ({"recipe": {"create": {}, "actions": [{"type": "step", "count": 10**7}]}}, 422, "import-too-long"),
        (
            {"recipe": {"create": {}, "actions": [NO_SUCH_DATA]}},
            422,
            "unknown-name",
        ),
        (
            {"recipe": {"create": {}, "actions": [STEP] * 20_001}},
            422,
            "invalid-input",
        ),
        ({"recipe": []}, 422, "invalid-input"),
    ],
)
def test_hostile_documents_are_refused(
    client: TestClient, change: dict[str, Any], status: int, code: str
) -> None:
    reply = client.post(IMPORT, json={"deltaboard": 1, "recipe": {"create": {}}, **change})
    assert (reply.status_code, reply.json()["type"]) == (status, f"/problems/{code}"), reply.text
    assert len(reply.content) <= 4096


def test_limits_of_an_import(make_client: Callable[..., TestClient]) -> None:
    client = make_client(max_import_operations=10_000)
    recipe = {"create": {}, "actions": [{"type": "step", "count": 100_000}]}
    reply = client.post(IMPORT, json={"deltaboard": 1, "recipe": recipe})
    assert reply.json()["type"] == "/problems/import-too-much-work"
    assert reply.json()["errors"][0]["pointer"] == "/recipe/actions/0"
    large = {"deltaboard": 1, "recipe": {"create": {}}, "program": "x" * 1_060_000}
    assert client.post(IMPORT, json=large).status_code == 413


def test_a_step_that_diverges_ends_the_replay_there(client: TestClient) -> None:
    create = {
        "preset": "worked-example",
        "network": {"layers": [{"units": 2, "activation": "identity"}] * 2},
        "training": {"optimizer": {"parameters": {"learning_rate": 1e6}}},
    }
    recipe = {"create": create, "actions": [{"type": "step", "count": 5000}]}
    reply = client.post(IMPORT, json={"deltaboard": 1, "recipe": recipe})
    assert reply.json()["session"]["status"] == "diverged"


def test_refused_exports(client: TestClient, create: Create) -> None:
    id = create(preset="worked-example")["id"]
    for query, code in (
        ({"format": "csv"}, "export-form"),
        ({"format": "json", "what": "curve"}, "export-form"),
        ({"format": "csv", "what": "contributions"}, "export-element"),
        ({"format": "csv", "what": "parameters", "step": 5}, "step-not-recorded"),
        ({"format": "csv", "what": "boundary", "resolution": 1000}, "resolution-range"),
        ({"format": "xls"}, "invalid-input"),
    ):
        reply = client.get(f"{SESSIONS}/{id}/export", params=query)
        assert reply.json()["type"] == f"/problems/{code}", query
    assert client.get(f"{SESSIONS}/nobody/export").status_code == 404
