"""The losses lab: the course's numbers, derivatives proven, extremes without a wrong number."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.activations import ACTIVATIONS
from core.errors import InvalidInputError
from core.lab import Explanation
from core.scores import (
    PRESETS,
    BinarySettings,
    LikelihoodSettings,
    SaturatedSettings,
    SoftmaxSettings,
    explain_binary,
    explain_likelihood,
    explain_saturated,
    explain_softmax,
    explore_binary,
    explore_likelihood,
    explore_saturated,
    explore_softmax,
    negative_log_curve,
)

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[1] / "golden" / "losses.json").read_text("utf-8"))
FEW = settings(max_examples=40, deadline=None)


def results(told: Explanation) -> dict[str, float]:
    return {line.result_ref: line.result for step in told.microsteps for line in step.lines}


def proven(told: Explanation) -> bool:
    made = results(told)
    return all(
        check.verdict == "agree" and made["g" + check.element] == check.analytic for check in told.checks
    )


def softmax(**changes: Any) -> tuple[SoftmaxSettings, Explanation]:
    chosen = SoftmaxSettings(**changes)
    chosen.check("")
    return chosen, explain_softmax(chosen, explore_softmax(chosen))


def test_cross_entropy_of_the_course() -> None:
    golden = GOLDEN["cross_entropy_three_classes"]
    for name, q, h in (
        ("course-good", golden["Q"], golden["H"]),
        ("course-worse", golden["compare_Q"], golden["compare_H"]),
    ):
        body = next(preset.body["softmax"] for preset in PRESETS if preset.name == name)
        found = explore_softmax(
            SoftmaxSettings("scores", scores=tuple(body["scores"]), target=body["target"])
        )
        assert found.target.tolist() == golden["P"]
        assert found.probabilities.tolist() == pytest.approx(q, rel=1e-15)
        assert found.loss == pytest.approx(h, rel=1e-15)
    assert round(golden["H"], 3) == golden["printed"]


def test_likelihood_of_the_course() -> None:
    golden = GOLDEN["likelihood"]
    found = explore_likelihood(LikelihoodSettings())
    for model, name in zip(found.models, ("poor", "good"), strict=True):
        assert model.right.tolist() == pytest.approx(golden[name]["right"], rel=1e-15)
        assert model.product == pytest.approx(golden[name]["product"], rel=1e-14)
        assert model.negative_log_sum == pytest.approx(golden[name]["negative_log_sum"], rel=1e-15)
        assert -math.log(model.product) == pytest.approx(model.negative_log_sum, rel=1e-14)
    # The document adds up rounded logarithms for the second one: 1.196 is printed as 1.19.
    assert round(found.models[0].negative_log_sum, 2) == golden["poor"]["printed"]
    assert sum(round(-log, 2) for log in found.models[1].logs) == pytest.approx(1.2)
    assert math.floor(found.models[1].negative_log_sum * 100) / 100 == golden["good"]["printed"]
    assert found.best == 1
    binary = golden["binary"]
    alone = explore_likelihood(
        LikelihoodSettings(tuple(binary["targets"]), (tuple(binary["probabilities"]),))
    ).models[0]
    assert float(alone.losses.sum()) == pytest.approx(binary["sum"], rel=1e-15)
    assert alone.product == pytest.approx(golden["good"]["product"], rel=1e-14)


def test_products_leave_the_range_of_numbers_and_sums_of_logs_do_not() -> None:
    growth = explore_likelihood(LikelihoodSettings()).models[0].growth
    assert growth[-1].product == 0.0
    assert growth[-1].negative_log_sum == pytest.approx(4779.523573132869)


def test_argmax_answers_alike_where_softmax_does_not() -> None:
    clear, close = (
        explore_softmax(SoftmaxSettings("scores", scores=tuple(scores), target=0))
        for scores in GOLDEN["argmax_scores"]
    )
    assert clear.argmax.tolist() == close.argmax.tolist() == [1.0, 0.0]
    assert clear.probabilities[0] == pytest.approx(1 / (1 + math.exp(-1.37)))
    assert close.probabilities[0] == pytest.approx(1 / (1 + math.exp(-0.01)))


def test_argmax_has_slope_0_wherever_it_has_one() -> None:
    found = explore_softmax(SoftmaxSettings())
    # The second score is 0.2 below the first: only the widest step crosses the jump.
    assert [quotient.argmax for quotient in found.quotients] == [0.5, 0.0, 0.0, 0.0, 0.0]
    assert found.quotients[-1].softmax == pytest.approx(found.jacobian[1, 1], rel=1e-7)
    tie = explore_softmax(SoftmaxSettings("scores", scores=(1.0, 1.0), target=1))
    assert tie.argmax.tolist() == [1.0, 0.0]
    assert [quotient.argmax for quotient in tie.quotients] == pytest.approx([0.5, 5, 50, 500, 5000])
    assert math.isinf(tie.argmax_loss)


def test_temperature_goes_from_argmax_to_even_shares() -> None:
    cold = explore_softmax(SoftmaxSettings("scores", scores=(2.0, 2.0, 1.0), target=0, temperature=0.01))
    assert cold.probabilities == pytest.approx(cold.cold)
    assert cold.cold.tolist() == [0.5, 0.5, 0.0]
    hot = explore_softmax(SoftmaxSettings("scores", scores=(2.0, 2.0, 1.0), target=0, temperature=100.0))
    assert hot.probabilities == pytest.approx(hot.hot, abs=3e-3)
    curve = hot.temperature_curve
    assert np.all(np.diff(curve.softmax[:, 0]) < 0.0)
    assert curve.softmax.sum(axis=1) == pytest.approx(np.ones(len(curve.x)))


def test_the_shift_and_what_is_lost_without_it() -> None:
    found = explore_softmax(SoftmaxSettings("scores", scores=(1000.0, 999.0, 998.0), target=1))
    assert np.isnan(found.naive).all()
    assert found.probabilities.sum() == pytest.approx(1.0)
    assert found.loss == pytest.approx(1.4076059644443804)


def test_a_share_that_rounds_to_0_keeps_its_loss_and_its_gradient() -> None:
    chosen, told = softmax(source="scores", scores=(800.0, 0.0, -1.0), target=1)
    made = results(told)
    assert made["y.1"] == 0.0
    assert made["L"] == 800.0
    assert made["gy.1"] == -math.inf
    assert math.isnan(made["c.1"])
    assert made["gz.1"] == -1.0
    sentences = {line.sentence for step in told.microsteps for line in step.lines}
    assert {"told_losses.part_from_scores", "told_losses.paths_lost"} <= sentences
    assert proven(told)
    assert chosen.classes == 3


numbers = st.floats(-10.0, 10.0, allow_subnormal=False)


@FEW
@given(
    st.lists(numbers, min_size=4, max_size=4),
    st.lists(st.lists(numbers, min_size=3, max_size=3), min_size=4, max_size=4),
    st.sampled_from((0.05, 0.5, 1.0, 7.0)),
    st.integers(0, 2),
)
def test_every_line_of_softmax_adds_up(
    inputs: list[float], weights: list[list[float]], temperature: float, target: int
) -> None:
    chosen, told = softmax(
        inputs=tuple(inputs), weights=tuple(map(tuple, weights)), temperature=temperature, target=target
    )
    made = results(told)
    scores = np.array(inputs) @ np.array(weights)
    expected = ACTIVATIONS.get("softmax").value(scores[None] / temperature, {})[0]
    assert [made[f"y.{k}"] for k in range(3)] == pytest.approx(expected.tolist(), rel=1e-12)
    assert sum(made[f"y.{k}"] for k in range(3)) == pytest.approx(1.0)
    for k in range(3):
        assert made[f"own.{k}"] + made[f"other.{k}"] == pytest.approx(
            made[f"g{chosen.applied}.{k}"], abs=1e-15
        )
        if math.isfinite(made[f"c.{k}"]):
            assert made[f"c.{k}"] == pytest.approx(made[f"g{chosen.applied}.{k}"], abs=1e-12)
    assert proven(told), [check for check in told.checks if check.verdict != "agree"]


@FEW
@given(st.floats(-600.0, 600.0), st.integers(0, 1))
def test_binary_by_net_input(z: float, target: int) -> None:
    chosen = BinarySettings(net_input=z, target=target)
    found = explore_binary(chosen)
    told = explain_binary(chosen, found)
    assert proven(told)
    assert found.gradient == pytest.approx(found.probability - target)
    assert found.loss >= 0.0


@FEW
@given(
    st.floats(0.0, 1.0) | st.sampled_from((0.0, 1.0, 1e-300, 1e-9, 1.0 - 1e-9, 1.0 - 1e-16, 5e-324)),
    st.integers(0, 1),
)
def test_binary_by_probability(p: float, target: int) -> None:
    chosen = BinarySettings("probability", probability=p, target=target)
    found = explore_binary(chosen)
    right = p if target else 1.0 - p
    assert found.loss == pytest.approx(-math.log(right) if right else math.inf, rel=1e-6, abs=1e-15)
    assert abs(found.loss_gradient) == pytest.approx(1.0 / right if right else math.inf)
    for check in explain_binary(chosen, found).checks:
        assert check.verdict == ("agree" if min(p, 1.0 - p) >= 1e-9 else "not-differentiable")


def test_the_four_cases_of_the_course() -> None:
    corners = explore_binary(BinarySettings()).corners
    assert [(corner.target, corner.probability) for corner in corners] == [
        (1, 0.99),
        (1, 0.01),
        (0, 0.99),
        (0, 0.01),
    ]
    assert [corner.loss for corner in corners] == pytest.approx(
        [0.01005034, 4.60517019, 4.60517019, 0.01005034]
    )


@FEW
@given(st.lists(st.tuples(st.floats(0.001, 0.999), st.integers(0, 1)), min_size=1, max_size=12))
def test_likelihood_and_cross_entropy_are_one_number(points: list[tuple[float, int]]) -> None:
    chosen = LikelihoodSettings(tuple(t for _, t in points), (tuple(p for p, _ in points),))
    found = explore_likelihood(chosen)
    told = explain_likelihood(chosen, found)
    made = results(told)
    assert made["E.0"] == pytest.approx(made["N.0"], rel=1e-12)
    assert math.exp(-made["N.0"]) == pytest.approx(made["P.0"], rel=1e-9)
    assert proven(told)


def test_a_point_that_is_impossible_under_a_model() -> None:
    chosen = LikelihoodSettings((1, 0), ((0.0, 0.5), (1.0, 0.0)))
    found = explore_likelihood(chosen)
    assert found.models[0].product == 0.0
    assert found.models[0].negative_log_sum == math.inf
    assert found.models[1].product == 1.0
    assert found.models[1].gradient.tolist() == [-1.0, 1.0]
    assert found.best == 1
    assert explain_likelihood(chosen, found).microsteps


def test_cross_entropy_moves_a_saturated_neuron_and_squares_do_not() -> None:
    chosen = SaturatedSettings()
    found = explore_saturated(chosen)
    half, mse, cross = found.paths
    slope = half.output[0] * (1.0 - half.output[0])
    assert half.gradient[0] == pytest.approx(slope * half.output[0])
    assert mse.gradient[0] == 2.0 * half.gradient[0]
    assert cross.gradient[0] == half.output[0]
    assert results(explain_saturated(chosen, found, 0))["ratio"] == pytest.approx(1.0 / slope)
    # After twenty steps the one has learnt and the other two have not begun.
    assert cross.output[20] < 0.1
    assert min(half.output[20], mse.output[20]) > 0.99


@FEW
@given(
    st.floats(-5.0, 5.0),
    st.floats(-50.0, 50.0),
    st.floats(-50.0, 50.0),
    st.integers(0, 1),
    st.floats(0.01, 10.0),
    st.integers(0, 8),
)
def test_every_step_of_the_saturated_neuron_is_proven_and_leads_on(
    x: float, weight: float, bias: float, target: int, rate: float, at: int
) -> None:
    chosen = SaturatedSettings(x, weight, bias, target, rate, 9)
    found = explore_saturated(chosen)
    told = explain_saturated(chosen, found, at)
    made = results(told)
    for path in found.paths:
        assert made[f"nw.{path.letter}"] == path.weight[at + 1]
        assert made[f"nb.{path.letter}"] == path.bias[at + 1]
    assert proven(told), [check for check in told.checks if check.verdict != "agree"]


def test_what_does_not_fit_together() -> None:
    for pointer, changes in (
        ("/softmax/weights", {"weights": ((1.0, 2.0),)}),
        ("/softmax/weights/1", {"weights": ((1.0, 2.0), (1.0,), (1.0, 2.0), (1.0, 2.0))}),
        ("/softmax/target", {"target": 3}),
        ("/softmax/vary", {"vary": 3}),
    ):
        with pytest.raises(InvalidInputError) as raised:
            SoftmaxSettings(**changes).check("/softmax")  # type: ignore[arg-type]
        assert raised.value.pointer == pointer
    with pytest.raises(InvalidInputError):
        LikelihoodSettings((1,), ((0.5, 0.5),)).check("")


def test_the_curve_of_the_negative_logarithm() -> None:
    curve = negative_log_curve()
    assert curve.y[-1] == 0.0
    assert np.all(np.diff(curve.y) < 0.0)
    assert curve.slope == pytest.approx(-1.0 / curve.x)
