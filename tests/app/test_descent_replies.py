"""The Descent lab over REST: the course's numbers, what is refused, what is null, learners' answers."""

import base64
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from core.optimizers import OPTIMIZERS

ONE, TWO = "/api/v1/descent", "/api/v1/descent/race"
GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "course_numbers.json").read_text("utf-8"))
COURSE = GOLDEN["gradient_descent_1d"]


def post(client: TestClient, address: str, **body: Any) -> dict[str, Any]:
    reply = client.post(address, json=body)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def test_the_course_over_rest(client: TestClient) -> None:
    [preset] = [
        each
        for each in client.get("/api/v1/catalog").json()["labs"]["descent"]["presets"]
        if each["name"] == "course"
    ]
    found = post(client, ONE, **preset["body"], at=99)
    run = found["run"]
    assert [list(pair) for pair in zip(run["x"], run["y"], strict=True)][-6:] == COURSE["last_six"]
    results = {
        line["result_ref"]: line["result"]
        for step in found["explanation"]["microsteps"]
        for line in step["lines"]
    }
    assert results["nx"] == COURSE["final_x"]
    assert found["derivative"] == {"tex": "2\\,(x-3)", "expanded": "2\\,x-6"}
    assert "1.85667" in run["reason"]["en"]
    assert [each["verdict"] for each in found["rates"]] == ["slow", "good", "diverges"]
    assert found["curve"]["minima"] == [{"x": 3.0, "y": 10.0, "curvature": 2.0, "largest_rate": 1.0}]


def test_the_last_step_says_why(client: TestClient) -> None:
    found = post(client, ONE, at=1000)
    assert found["at"] == found["last"] == found["run"]["steps"] == 64
    last = found["explanation"]["microsteps"][-1]["lines"][0]
    assert "stops here" in found["explanation"]["sentences"][last["sentence"]]["en"]


def test_one_tangent_touches_the_curve(client: TestClient) -> None:
    found = post(client, ONE, at=2)
    (x0, y0), (x1, y1) = found["tangent"]
    x, y, slope = (found["run"][name][2] for name in ("x", "y", "slope"))
    assert (y1 - y0) / (x1 - x0) == pytest.approx(slope)
    assert y0 + slope * (x - x0) == pytest.approx(y)


def test_a_race_is_told_and_drawn(client: TestClient) -> None:
    found = post(client, TWO, at=14, told=5, resolution=32)
    assert [each["optimizer"] for each in found["paths"]] == OPTIMIZERS.names()
    relief = found["relief"]
    values = struct.unpack(f"<{32 * 32}f", base64.b64decode(relief["values"]))
    assert values[0] == pytest.approx(8**2 / 20 + 2.6**2)
    adam = found["standings"][5]
    results = {
        line["result_ref"]: line["result"]
        for step in found["explanation"]["microsteps"]
        for line in step["lines"]
    }
    assert [results["s.m.x"], results["s.m.y"]] == adam["next_state"]["m"]
    assert [results["nx"], results["ny"]] == [found["paths"][5][axis][15] for axis in "xy"]
    assert found["explanation"]["verification"]["verdict"] == "agree"


def test_divergence_is_null_with_a_reason(client: TestClient) -> None:
    runs = [{"optimizer": "sgd", "parameters": {"learning_rate": 1.0}}, {"optimizer": "adam"}]
    found = post(client, TWO, surface="rosenbrock", runs=runs, at=50)
    sgd, adam = found["paths"]
    assert sgd["failed"] == "gradient"
    assert sgd["steps"] < 50
    assert "Lower the learning rate" in sgd["reason"]["en"]
    assert adam["failed"] is None
    assert [each["rank"] for each in found["standings"]] == [2, 1]
    assert found["nonfinite"]["/standings/0/gradient/0"] in ("inf", "-inf")
    one = post(client, ONE, expression="x^4", learning_rate=100)
    assert one["run"]["end"] == "diverged"


@pytest.mark.parametrize(
    ("address", "body", "pointer", "position"),
    [
        (ONE, {"expression": "(x-3)^^2"}, "/expression", 6),
        (ONE, {"expression": "x*y"}, "/expression", 2),
        (ONE, {"expression": ""}, "/expression", 0),
        (ONE, {"steps": 1001}, "/steps", None),
        (ONE, {"learning_rate": 0}, "/learning_rate", None),
        (ONE, {"x_range": [1, 1]}, "/x_range", None),
        (ONE, {"at": -1}, "/at", None),
        (TWO, {"surface": "typed", "expression": "x*z"}, "/expression", 2),
        (TWO, {"surface": "mountain"}, "/surface", None),
        (TWO, {"runs": [{"optimizer": "sgd", "batch": "mini"}]}, "/runs/0/batch", None),
        (TWO, {"runs": [{"optimizer": "magic"}]}, "/runs/0/optimizer", None),
        (TWO, {"start": [1]}, "/start", None),
    ],
)
def test_what_is_refused(
    client: TestClient, address: str, body: dict[str, Any], pointer: str, position: int | None
) -> None:
    reply = client.post(address, json=body)
    assert reply.status_code == 422
    [error] = reply.json()["errors"]
    assert error["pointer"] == pointer
    assert error.get("position") == position


def test_answers(client: TestClient) -> None:
    answers = [{"ref": "gx", "value": 14}, {"ref": "nx", "value": 11.4}, {"ref": "ux", "value": 1.4}]
    found = post(client, f"{ONE}/answers", answers=answers)
    assert [each["verdict"] for each in found["answers"]] == ["right", "slip", "slip"]
    assert [each["slip"]["name"] for each in found["answers"][1:]] == ["summand_sign", "sign"]
    assert "8.6" not in json.dumps(found)
    # SGD from (-7, 2): f_x = -0.7, f_y = 4: x = -7 + 0.95*0.7, y = 2 - 0.95*4.
    answers = [{"ref": "gx", "value": -0.7}, {"ref": "nx", "value": -6.335}, {"ref": "ny", "value": 5.8}]
    found = post(client, f"{TWO}/answers", answers=answers)
    assert [each["verdict"] for each in found["answers"]] == ["right", "right", "slip"]
