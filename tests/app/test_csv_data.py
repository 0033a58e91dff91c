"""CSV over REST: the preview, the choice of columns, and refusals that name row and column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from tests.app.conftest import SESSIONS

Create = Callable[..., dict[str, Any]]
CSV = {"content-type": "text/csv; charset=utf-8"}
PREVIEW = "/api/v1/data/preview"
IRIS = (
    "length,width,species\n5.1,3.5,setosa\n7.0,3.2,versicolor\n6.3,3.3,virginica\n5.0,3.0,setosa\n"
    "6.9,3.1,versicolor\n5.8,2.7,virginica\n"
)
SOFTMAX = {
    "network": {"layers": [{"units": 4, "activation": "tanh"}, {"units": 3, "activation": "softmax"}]},
    "training": {"loss": {"name": "categorical_cross_entropy"}},
    "data": {"name": "blobs"},
}


def test_a_preview_tells_columns_kinds_and_guesses(client: TestClient) -> None:
    reply = client.post(PREVIEW, content=IRIS.encode(), headers=CSV).json()
    assert (reply["delimiter"], reply["decimal"], reply["rows"]) == ("comma", ".", 6)
    assert reply["target_guess"] == "species"
    assert reply["columns_guess"] == ["length", "width"]
    length, _, species = reply["columns"]
    assert (length["kind"], length["minimum"], length["maximum"]) == ("number", 5.0, 7.0)
    assert abs(length["mean"] - np.mean([5.1, 7.0, 6.3, 5.0, 6.9, 5.8])) < 1e-12
    assert species["classes"] == ["setosa", "versicolor", "virginica"]
    assert reply["first"][0] == ["5.1", "3.5", "setosa"]
    again = client.post(PREVIEW, json={"csv": {"text": IRIS}})
    assert again.json() == reply


def test_csv_replaces_the_data_of_a_session(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create(**SOFTMAX)['id']}"
    query = {"scaling": "standard", "test_share": 0.34, "split_seed": 2}
    reply = client.put(f"{address}/data", content=IRIS.encode(), headers=CSV, params=query)
    assert reply.status_code == 200, reply.text
    data = reply.json()["data"]
    assert (data["size"], data["test_size"]) == (4, 2)
    assert data["columns"] == ["length", "width"]
    assert data["classes"] == ["setosa", "versicolor", "virginica"]
    assert data["scaling"]["name"] == "standard"
    recipe = reply.json()["recipe"]
    assert recipe["actions"][0]["data"]["columns"] == ["length", "width"]
    copy = client.put(f"{SESSIONS}/{create(**SOFTMAX)['id']}/data", json=recipe["actions"][0]["data"])
    assert copy.json()["data"] == data
    # Named columns, in another order, and the same as JSON.
    narrow = create(**SOFTMAX)
    body = {"csv": {"text": IRIS, "columns": ["width", "length"], "target": "species"}}
    reply = client.put(f"{SESSIONS}/{narrow['id']}/data", json=body)
    assert reply.json()["data"]["inputs"][0] == [3.5, 5.1]


def test_a_session_is_created_from_csv(client: TestClient, create: Create) -> None:
    text = "a;b;price\n1,5;2;10,5\n2;3;20,25\n3;4;30,5\n"
    network = {"layers": [{"units": 1, "activation": "identity"}]}
    session = create(network=network, data={"csv": {"text": text}, "target_scaling": "standard"})
    assert session["network"]["inputs"] == 2
    assert session["data"]["targets"] == [[10.5], [20.25], [30.5]]
    assert session["data"]["kind"] == "regression"
    tanh = {"layers": [{"units": 1, "activation": "tanh"}]}
    signs = create(network=tanh, data={"csv": {"text": "a,b\n1,no\n2,yes\n"}})
    assert signs["data"]["targets"] == [[-1.0], [1.0]]
    assert signs["data"]["kind"] == "classes"


@pytest.mark.parametrize(
    ("text", "query", "code", "where", "words"),
    [
        (
            "a,b\n1,2\nx,3\n",
            {"columns": "a", "target": "b"},
            "csv-cell",
            {"row": 3, "column": "a"},
            ("3", "a"),
        ),
        ("a,b\n1,2\n3\n", {}, "csv-row-length", {"row": 3}, ("3", "1")),
        ("a,b\n1,2\n1,2e7\n", {}, "csv-cell-range", {"row": 3, "column": "b"}, ("3", "b")),
        ("1,2\n3,4\n", {}, "csv-header", {}, ()),
        ("", {}, "csv-empty", {}, ()),
        ("a,b\n1,2\n", {"columns": "z"}, "unknown-name", {}, ("a, b",)),
        ("a,b\n1,2\n3,2\n", {"target": "b"}, "csv-one-class", {"column": "b"}, ("b",)),
    ],
)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_refusals_name_row_and_column(
    client: TestClient,
    create: Create,
    text: str,
    query: dict[str, str],
    code: str,
    where: dict[str, object],
    words: tuple[str, ...],
    language: str,
) -> None:
    session = create(network={"layers": [{"units": 1}]}, data={"name": "xor"})
    address = f"{SESSIONS}/{session['id']}"
    reply = client.put(
        f"{address}/data", content=text.encode(), headers=CSV, params={**query, "lang": language}
    )
    assert reply.status_code == 422
    problem = reply.json()
    assert problem["type"] == f"/problems/{code}"
    assert problem["errors"][0]["pointer"].startswith("/csv")
    assert {name: problem["errors"][0][name] for name in where} == where
    for word in words:
        assert word in problem["detail"]
    assert client.get(address).json()["data"] == session["data"]


def test_bodies_that_are_no_table(client: TestClient, create: Create) -> None:
    address = f"{SESSIONS}/{create()['id']}/data"
    latin = client.put(address, content="a,b\n1,größe\n".encode("latin-1"), headers=CSV)
    assert (latin.status_code, latin.json()["type"]) == (422, "/problems/csv-encoding")
    large = client.post(PREVIEW, content=b"a,b\n" + b"1,2\n" * 300_000, headers=CSV)
    assert large.status_code == 413
    other = client.put(address, content=b"a,b\n1,2\n", headers={"content-type": "text/plain"})
    assert other.status_code == 415
    mixed = client.put(address, json={"name": "xor"}, params={"scaling": "standard"})
    assert (mixed.status_code, mixed.json()["type"]) == (422, "/problems/csv-query")
    both = client.put(address, json={"csv": {"text": "a,b\n1,2\n"}, "name": "xor"})
    assert (both.status_code, both.json()["type"]) == (422, "/problems/data-form")
    # Too many outputs for the network.
    shape = client.put(address, content=b"a,b,c,d\n1,2,3,x\n4,5,6,y\n", headers=CSV)
    assert shape.json()["type"] == "/problems/data-columns"
