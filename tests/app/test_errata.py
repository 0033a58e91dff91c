"""docs/errata.md: the corrected values are what the program computes, the printed ones are not."""

import math
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

ERRATA = (Path(__file__).parents[2] / "docs" / "errata.md").read_text("utf-8")


def post(client: TestClient, call: str, **body: Any) -> dict[str, Any]:
    reply = client.post(f"/api/v1/{call}", json=body)
    assert reply.is_success, reply.text
    document: dict[str, Any] = reply.json()
    return document


def second_forward_pass(client: TestClient) -> dict[str, Any]:
    session = post(client, "sessions", preset="worked-example")["id"]
    post(client, f"sessions/{session}/step", count=1)
    trace: dict[str, Any] = client.get(f"/api/v1/sessions/{session}/trace").json()
    return trace


def test_the_first_net_input_of_the_second_forward_pass(client: TestClient) -> None:
    z1 = second_forward_pass(client)["layers"][0]["net_input"][0]
    assert f"{z1:.8f}" == "0.07979778"
    assert "z₁ = 0.7979778 | z₁ = 0.07979778" in ERRATA


def test_the_output_layer_reads_the_hidden_one(client: TestClient) -> None:
    trace = second_forward_pass(client)
    hidden, output = trace["layers"][0]["activation"], trace["layers"][1]["net_input"]
    weights = trace["before"]["weights"][1]
    for k, printed in enumerate(("0.43126996", "0.67650625")):
        column = [row[k] for row in weights]
        assert f"{output[k]:.8f}" == printed
        assert printed in ERRATA
        assert sum(w * h for w, h in zip(column, hidden, strict=True)) == pytest.approx(output[k], rel=1e-12)
        assert sum(w * x for w, x in zip(column, trace["inputs"], strict=True)) != pytest.approx(
            output[k], rel=0.1
        )


def test_every_neuron_has_its_own_bias(client: TestClient) -> None:
    body = {
        "network": {
            "layers": [{"units": 3, "activation": "identity"}, {"units": 1, "activation": "identity"}],
            "parameters": {
                "weights": [[[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]], [[1.0], [1.0], [1.0]]],
                "biases": [[0.1, 0.2, 0.3], [0.0]],
            },
        },
        "data": {"inputs": [[1.0, 0.5]], "targets": [[0.0]]},
    }
    session = post(client, "sessions", **body)["id"]
    z = client.get(f"/api/v1/sessions/{session}/trace").json()["layers"][0]["net_input"]
    assert z[2] == pytest.approx(0.5 * 1.0 + 0.6 * 0.5 + 0.3)


def test_the_minus_of_cross_entropy_reaches_both_terms(client: TestClient) -> None:
    reply = post(client, "losses", topic="likelihood")["likelihood"]
    cases = (
        ("4.7795", ("0.51", "1.61", "2.3", "0.36"), "4.78"),
        ("1.1960", ("0.36", "0.1", "0.22", "0.51"), "1.19"),
    )
    for model, (printed, logs, total) in zip(reply["models"], cases, strict=True):
        pairs = list(zip(reply["targets"], model["probabilities"], strict=True))
        right = -sum(t * math.log(p) + (1 - t) * math.log(1 - p) for t, p in pairs)
        unbracketed = -sum(t * math.log(p) for t, p in pairs) + sum(
            (1 - t) * math.log(1 - p) for t, p in pairs
        )
        assert model["negative_log_sum"] == pytest.approx(right, rel=1e-12)
        assert model["negative_log_sum"] != pytest.approx(unbracketed, rel=0.1)
        assert f"{model['negative_log_sum']:.4f}" == printed
        assert printed in ERRATA
        # The slides add logarithms of one or two digits.
        digits = [min(2, len(text.partition(".")[2])) for text in logs]
        rounded = [round(loss, n) for loss, n in zip(model["losses"], digits, strict=True)]
        assert [f"{one:g}" for one in rounded] == list(logs)
        assert f"{sum(rounded):.2f}" == total
        assert total in ERRATA


def test_with_one_nth_it_is_the_mean(client: TestClient) -> None:
    mean, total = post(client, "regression"), post(client, "regression", convention="sum")
    residuals = mean["iteration"]["residuals"]
    assert total["iteration"]["line"]["loss"] == sum(e * e for e in residuals)
    assert mean["iteration"]["line"]["loss"] == sum(e * e for e in residuals) / len(residuals)
    assert (mean["convention"]["symbol"], total["convention"]["symbol"]) == ("MSE", "RSS")
    xs = [x for x, _ in mean["points"]]
    slides = (
        2 / len(xs) * sum(-e for e in residuals),
        2 / len(xs) * sum(-x * e for x, e in zip(xs, residuals, strict=True)),
    )
    gradient = mean["iteration"]["gradient"]
    assert (gradient["w0"], gradient["w1"]) == pytest.approx(slides)


def test_the_quotient_tends_to_the_derivative_for_h_to_0(client: TestClient) -> None:
    quotients = post(client, "descent")["quotients"]
    for h, error in list(zip(quotients["h"], quotients["forward"]["error"], strict=True))[:5]:
        assert error == pytest.approx(h, rel=1e-4)
