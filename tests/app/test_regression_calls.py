"""POST /regression and its answers: the reply, what is refused and how, and that it can be sent again."""

from typing import Any

import pytest
from starlette.testclient import TestClient

URL = "/api/v1/regression"


def post(client: TestClient, **body: Any) -> dict[str, Any]:
    reply = client.post(URL, json=body)
    assert reply.status_code == 200, reply.text
    document: dict[str, Any] = reply.json()
    return document


def test_the_opening_example(client: TestClient) -> None:
    reply = post(client)
    assert reply["points"] == reply["request"]["points"] == [[0, 1], [1, 3], [2, 2], [3, 5], [4, 4]]
    iteration = reply["iteration"]
    assert iteration["residuals"] == [1, 3, 2, 5, 4]
    assert (iteration["total"], iteration["line"]["loss"]) == (55, 11)
    assert (iteration["gradient"]["w0"], iteration["gradient"]["w1"]) == pytest.approx((-6, -15.2))
    assert (iteration["after"]["w0"], iteration["after"]["w1"]) == pytest.approx((0.6, 1.52))
    closed = reply["closed_form"]
    assert (closed["line"]["w0"], closed["line"]["w1"], closed["line"]["loss"]) == pytest.approx(
        (1.4, 0.8, 0.72)
    )
    assert reply["explanation"]["verification"]["verdict"] == "agree"
    assert [rate["verdict"] for rate in reply["rates"]] == ["small", "good", "diverges"]
    assert reply["convention"]["symbol"] == "MSE"
    assert "RSS" in reply["convention"]["note"]["ko"]
    assert len(reply["surface"]["values"]) == len(reply["surface"]["values"][0]) == 41
    assert reply["nonfinite"] == {}


def test_a_dragged_line_is_where_descent_starts(client: TestClient) -> None:
    reply = post(client, line=[[1, 2.2], [3, 3.8]], at=4)
    assert (reply["request"]["start"]["w0"], reply["request"]["start"]["w1"]) == pytest.approx((1.4, 0.8))
    assert reply["request"]["line"] is None
    assert post(client, **reply["request"]) == reply
    # The line of least squares: it stays where it is.
    assert reply["iteration"]["line"]["loss"] == pytest.approx(reply["closed_form"]["line"]["loss"])


def test_conventions_differ_by_a_factor(client: TestClient) -> None:
    gradients = {
        name: post(client, convention=name)["iteration"]["gradient"]["w1"]
        for name in ("mean", "sum", "half_sum", "half_mean")
    }
    assert gradients == pytest.approx({"mean": -15.2, "sum": -76, "half_sum": -38, "half_mean": -7.6})


def test_divergence_is_no_error(client: TestClient) -> None:
    reply = post(client, learning_rate=1e6, at=999)
    assert reply["at"] == reply["last"] == reply["path"]["diverged"]
    assert reply["iteration"]["after"]["loss"] is None
    assert reply["nonfinite"]["/iteration/after/loss"] == "inf"
    assert reply["stability"]["verdict"] == "diverges"


def test_points_above_each_other_have_no_best_slope(client: TestClient) -> None:
    for points in ([[1, 2], [1, 4]], [[3, 3]]):
        reply = post(client, points=points, told="closed_form")
        assert reply["closed_form"]["line"] is None
        assert reply["explanation"]["microsteps"][-1]["produces"] == ["var"]
        assert reply["stability"]["condition"] is None


def test_granularities_tell_the_same_numbers(client: TestClient) -> None:
    for told in ("iteration", "closed_form", "stability"):
        found = [
            {
                line["result_ref"]: line["result"]
                for step in post(client, told=told, granularity=name)["explanation"]["microsteps"]
                for line in step["lines"]
            }
            for name in ("term", "group", "phase")
        ]
        assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"points": []}, "/points"),
        ({"points": [[1, 2, 3]]}, "/points/0"),
        ({"points": [[1, 1e7]]}, "/points/0/1"),
        ({"points": [[0, 0]] * 201}, "/points"),
        ({"points": [[0, 0]], "generator": {}}, "/points"),
        ({"generator": {"name": "moon"}}, "/generator/name"),
        ({"generator": {"parameters": {"count": 1}}}, "/generator/parameters/count"),
        ({"line": [[1, 2], [1, 3]]}, "/line"),
        ({"convention": "median"}, "/convention"),
        ({"learning_rate": 0}, "/learning_rate"),
        ({"steps": 1001}, "/steps"),
        ({"surface": {"w0_range": [1, 1]}}, "/surface/w0_range"),
        ({"surface": {"resolution": 1000}}, "/surface/resolution"),
        ({"rates": []}, "/rates"),
        ({"slope": 3}, "/slope"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_refusals(client: TestClient, body: dict[str, Any], pointer: str, language: str) -> None:
    reply = client.post(f"{URL}?lang={language}", json=body)
    assert reply.status_code == 422
    (error,) = reply.json()["errors"]
    assert error["pointer"] == pointer
    assert "{" not in error["detail"]


def test_answers(client: TestClient) -> None:
    asked = {"gw.1": -15.2, "gw.0": 6.0, "L": 55.0, "S.1": -22.0, "e.1": 77.0}
    body = {"answers": [{"ref": ref, "value": value} for ref, value in asked.items()]}
    reply = client.post(f"{URL}/answers", json=body)
    assert reply.status_code == 200, reply.text
    verdicts = {answer["ref"]: answer for answer in reply.json()["answers"]}
    assert {ref: answer["verdict"] for ref, answer in verdicts.items()} == {
        "gw.1": "right",
        "gw.0": "slip",
        "L": "slip",
        "S.1": "slip",
        "e.1": "wrong",
    }
    assert verdicts["gw.0"]["slip"]["name"] == "sign"
    assert verdicts["S.1"]["slip"]["name"] == "summand"
    assert reply.json()["right"] == 1
    told = client.post(
        f"{URL}/answers", json={**body, "told": "closed_form", "answers": [{"ref": "w.1", "value": 0.8}]}
    )
    assert told.json()["right"] == 1
    unknown = client.post(f"{URL}/answers", json={"answers": [{"ref": "w.7", "value": 1}]})
    assert unknown.status_code == 422
    assert unknown.json()["errors"][0]["pointer"] == "/answers/0/ref"
