"""What all labs promise: defaults for everything, presets that work, a request that can be sent again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.core.tex_arithmetic import evaluate

# The calls of the parts that are not a lab's own.
PARTS = {("descent", "race"): "descent/race", ("graph", "layers"): "graph/layers"}


def test_every_preset_of_every_lab_is_a_body(client: TestClient) -> None:
    labs = client.get("/api/v1/catalog").json()["labs"]
    assert [name for name, lab in labs.items() if not lab["presets"]] == []
    for path, body in calls(client):
        reply = client.post(path, json=body)
        assert reply.status_code == 200, (path, body, reply.text)
        again = client.post(path, json=reply.json()["request"])
        assert again.json() == reply.json(), (path, body)
        assert reply.json()["explanation"]["microsteps"]


def calls(client: TestClient) -> Iterator[tuple[str, dict[str, Any]]]:
    """The path and the body of every preset, and of every lab's opening example."""
    for name, lab in client.get("/api/v1/catalog").json()["labs"].items():
        yield f"/api/v1/{name}", {}
        for preset in lab["presets"]:
            yield f"/api/v1/{PARTS.get((name, preset.get('mode')), name)}", preset["body"]


def told(client: TestClient) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every explanation of every preset: at its first iteration, the second and the last."""
    for path, body in calls(client):
        last = client.post(path, json=body).json()["last"]
        for at in sorted({0, 1, 7 if last is None else last}):
            if last is None or at <= last:
                reply = client.post(path, json={**body, "at": at})
                assert reply.status_code == 200, (path, body, at, reply.text)
                yield f"{path} {body} at {at}", reply.json()["explanation"]


def test_what_a_line_prints_comes_to_its_result(client: TestClient) -> None:
    checked = 0
    for where, explanation in told(client):
        for step in explanation["microsteps"]:
            for line in step["lines"]:
                numbers = [line["result"], *line["values"].values()]
                if not line["substitution"] or None in numbers:
                    continue
                try:
                    found = evaluate(line["substitution"], line["values"])
                except ZeroDivisionError:
                    # A share that underflowed stands for a tiny one: -0/y is 0 for every share y.
                    assert line["result"] == 0.0, (where, line)
                    continue
                except ValueError:
                    # Cases, inequalities and elided sums are no arithmetic.
                    continue
                checked += 1
                assert found == pytest.approx(line["result"], rel=1e-12, abs=1e-12), (where, line)
    assert checked > 500


def test_every_line_says_what_it_uses_and_is_named_in_both_languages(client: TestClient) -> None:
    for where, explanation in told(client):
        known = {element["id"] for element in explanation["elements"]}
        made: set[str] = set()
        for step in explanation["microsteps"]:
            for line in step["lines"]:
                assert line["result_ref"] in known, (where, line["result_ref"])
                assert set(line["uses"]) <= made, (where, line["id"], "uses what comes later")
                for key in (line["sentence"], step["title"]["key"]):
                    text = explanation["sentences"][key]
                    assert text["en"], (where, key)
                    assert re.search("[가-힣]", text["ko"]), (where, key)
            made |= {line["id"] for line in step["lines"]}


def test_no_derivative_is_proven_wrong_and_each_has_its_line(client: TestClient) -> None:
    proven = 0
    for where, explanation in told(client):
        verification = explanation["verification"]
        if verification is None:
            continue
        results = {line["result_ref"] for step in explanation["microsteps"] for line in step["lines"]}
        for row in verification["rows"]:
            assert row["verdict"] != "differ", (where, row)
            proven += row["verdict"] == "agree"
            assert f"g{row['element']}" in results, (where, row["element"])
    assert proven > 20


def test_answers_never_tell_and_the_right_number_is_right(client: TestClient) -> None:
    for path, body in calls(client):
        explanation = client.post(path, json=body).json()["explanation"]
        line = explanation["microsteps"][-1]["lines"][-1]
        if line["result"] is None:
            continue
        for value, verdict in ((line["result"], "right"), (line["result"] * 1.7 + 11.3, None)):
            answers = {"decimals": 4, "answers": [{"ref": line["result_ref"], "value": value}]}
            reply = client.post(f"{path}/answers", json={**body, **answers})
            assert reply.status_code == 200, (path, body, reply.text)
            (found,) = reply.json()["answers"]
            assert (found["verdict"] == "right") == (verdict == "right"), (path, body, found)
            if verdict is None and len(repr(line["result"])) > 8:
                assert repr(line["result"]) not in reply.text
