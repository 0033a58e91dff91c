"""Penalties, dropout, clipping and schedules: plan and explained pass agree, and the numbers are right."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.clipping import CLIPPINGS, euclidean_norm
from core.contributions import contributions
from core.matrices import matrices
from core.network import (
    BatchSpec,
    ClippingSpec,
    LayerSpec,
    NetworkSpec,
    Parameters,
    RegularizationSpec,
    ScheduleSpec,
)
from core.optimizers import OPTIMIZERS
from core.paths import gradient_paths
from core.penalties import PENALTIES
from core.propagation import explain, predict
from core.schedules import SCHEDULES, scheduled_rate
from core.training import Problem, Snapshot, Trainer
from core.verification import verify
from tests.core.strategies import HIDDEN, OUTPUTS_WITH_LOSS, begin, loss_spec, network, pairwise, problem_of

PENALTY_CHOICES = [(0.0, 0.0), (0.03, 0.0), (0.0, 0.2), (0.01, 0.3)]
CLIPPING_CHOICES = [("none", 0.0), ("value", 0.02), ("norm", 0.05), ("norm", 1e6)]
SCHEDULE_CHOICES: list[tuple[str, tuple[tuple[str, float], ...]]] = [
    ("constant", ()),
    ("step", (("every", 2), ("factor", 0.3))),
    ("cosine", (("epochs", 5), ("final_rate", 0.02))),
]
MIX = pairwise(
    hidden=HIDDEN,
    output_loss=OUTPUTS_WITH_LOSS,
    bias=["trained", "fixed", "absent"],
    optimizer=OPTIMIZERS.names(),
    batch=[
        ("full", "stored"),
        ("full", "shuffled"),
        ("mini", "stored"),
        ("mini", "shuffled"),
        ("one", "stored"),
    ],
    batch_reduction=["sum", "mean"],
    penalties=PENALTY_CHOICES,
    clipping=CLIPPING_CHOICES,
    schedule=SCHEDULE_CHOICES,
    dropout=[0.0, 0.2, 0.6],
    frozen=[(), ("w.1.0.1", "w.3.2.1")],
)


def mixed(row: dict[str, Any]) -> tuple[Problem, np.ndarray]:
    output, loss = row["output_loss"]
    mode, order = row["batch"]
    problem, vector = problem_of(
        network(row["hidden"], output, row["bias"]),
        loss_spec(loss, batch=row["batch_reduction"]),
        row["optimizer"],
        batch=BatchSpec(mode, 2, order),
        samples=5,
        frozen=row["frozen"],
    )
    name, limit = row["clipping"]
    schedule, parameters = row["schedule"]
    return with_settings(
        problem,
        regularization=RegularizationSpec(*row["penalties"]),
        clipping=ClippingSpec(name, {"limit": limit} if limit else {}),
        schedule=ScheduleSpec(schedule, dict(parameters)),
        dropout=row["dropout"],
    ), vector


def with_settings(problem: Problem, **settings: Any) -> Problem:
    return replace(problem, training=replace(problem.training, **settings))


def plain(**settings: Any) -> tuple[Problem, np.ndarray]:
    """A small tanh network with a full batch of four and the given settings."""
    problem, vector = problem_of(network("tanh", "sigmoid"), loss_spec("squared_error"))
    return with_settings(problem, **settings), vector


def run(problem: Problem, snapshot: Snapshot, steps: int = 1) -> Snapshot:
    trainer = Trainer(problem)
    trainer.load(snapshot)
    assert trainer.run(steps).applied == steps
    return trainer.snapshot()


@pytest.mark.parametrize("row", MIX, ids=range(len(MIX)))
def test_every_mixed_step_is_the_plans(row: dict[str, Any]) -> None:
    problem, vector = mixed(row)
    snapshot = begin(problem, vector)
    for _ in range(6):
        trace, after = explain(problem, snapshot), run(problem, snapshot)
        pairs = [(trace.after, after.vector)]
        pairs += [(values, after.optimizer_state[name]) for name, values in trace.state_after.items()]
        for explained, planned in pairs:
            atol = 1e-12 * np.abs(explained).max() + 4e-16 * np.abs(trace.before).max()
            np.testing.assert_allclose(planned, explained, rtol=0, atol=atol)
        held = problem.frozen
        assert (after.vector[held] == vector[held]).all()
        snapshot = after


@pytest.mark.parametrize("row", MIX, ids=range(len(MIX)))
def test_mixed_gradients_stand_the_check(row: dict[str, Any]) -> None:
    problem, vector = mixed(row)
    snapshot = run(problem, begin(problem, vector), 2)
    found = verify(problem, snapshot)
    assert found.verdict != "differ", [one for one in found.rows if one.verdict == "differ"]
    assert found.loss == explain(problem, snapshot).objective


@pytest.mark.parametrize("row", MIX[::4], ids=range(len(MIX[::4])))
def test_one_run_and_many_single_steps_give_the_same_bits(row: dict[str, Any]) -> None:
    problem, vector = mixed(row)
    snapshot = begin(problem, vector)
    whole = run(problem, snapshot, 7)
    for _ in range(7):
        snapshot = run(problem, snapshot)
    assert snapshot.vector.tobytes() == whole.vector.tobytes()
    assert snapshot.generator_state == whole.generator_state
    assert (snapshot.step, snapshot.epoch, snapshot.position) == (whole.step, whole.epoch, whole.position)


# --- penalties --------------------------------------------------------------------------------------------


def test_the_objective_adds_the_penalties_of_the_weights_once() -> None:
    problem, vector = plain(regularization=RegularizationSpec(0.1, 0.4))
    trace = explain(problem, begin(problem, vector))
    weights = vector[problem.network.weight_mask() == 1.0]
    expected = 0.1 * np.abs(weights).sum() + 0.2 * (weights**2).sum()
    assert [one.name for one in trace.penalties] == PENALTIES.names()
    assert sum(one.value for one in trace.penalties) == pytest.approx(expected, rel=1e-14)
    assert trace.objective == pytest.approx(trace.loss + expected, rel=1e-14)
    biases = problem.network.weight_mask() == 0.0
    assert (trace.penalty_gradient[biases] == 0.0).all()
    np.testing.assert_allclose(
        trace.penalty_gradient[~biases], 0.1 * np.sign(weights) + 0.4 * weights, rtol=1e-14
    )
    # SGD without clipping: the whole gradient is what moves the parameters.
    np.testing.assert_allclose(trace.update, -0.1 * (trace.gradient + trace.penalty_gradient), rtol=1e-12)


def test_the_penalty_is_taken_where_the_gradient_is() -> None:
    problem, vector = problem_of(
        network("tanh", "tanh"), loss_spec("squared_error"), "nag", {"momentum": 0.9}
    )
    problem = with_settings(problem, regularization=RegularizationSpec(0.0, 1.0))
    snapshot = run(problem, begin(problem, vector), 3)
    trace = explain(problem, snapshot)
    assert not np.allclose(trace.point, trace.before)
    np.testing.assert_allclose(trace.penalty_gradient, trace.point * problem.network.weight_mask())


def test_a_weight_of_zero_is_not_moved_and_not_checked() -> None:
    problem, vector = plain(regularization=RegularizationSpec(0.5, 0.0))
    place = problem.network.position("w.2.1.1")
    vector[place] = 0.0
    snapshot = begin(problem, vector)
    assert explain(problem, snapshot).penalty_gradient[place] == 0.0
    rows = {one.element: one for one in verify(problem, snapshot).rows}
    assert rows["w.2.1.1"].verdict == "not-differentiable"
    assert {one.verdict for name, one in rows.items() if name != "w.2.1.1"} == {"agree"}


def test_a_forgotten_penalty_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, vector = plain(regularization=RegularizationSpec(0.0, 0.5))
    assert verify(problem, begin(problem, vector)).verdict == "agree"
    l2 = PENALTIES.get("l2")
    monkeypatch.setitem(PENALTIES._entries, "l2", replace(l2, slope=lambda w, out: np.multiply(w, 2.0, out)))
    assert verify(problem, begin(problem, vector)).verdict == "differ"


def test_strong_l1_brings_weights_near_zero_and_l2_shrinks_all() -> None:
    loose, vector = plain()
    sizes = {}
    for name, spec in {"none": (0, 0), "l1": (0.05, 0), "l2": (0, 0.05)}.items():
        problem = with_settings(loose, regularization=RegularizationSpec(*spec))
        weights = run(problem, begin(problem, vector), 2000).vector[problem.network.weight_mask() == 1.0]
        sizes[name] = np.abs(weights)
    assert (sizes["l1"] < 0.01).sum() > (sizes["l2"] < 0.01).sum() >= (sizes["none"] < 0.01).sum()
    assert (sizes["l2"] ** 2).sum() < (sizes["none"] ** 2).sum()


# --- clipping ---------------------------------------------------------------------------------------------


def test_clipping_by_norm_keeps_the_direction() -> None:
    problem, vector = plain(clipping=ClippingSpec("norm", {"limit": 0.01}))
    trace = explain(problem, begin(problem, vector))
    assert trace.clipping.norm == pytest.approx(np.linalg.norm(trace.gradient), rel=1e-14)
    assert trace.clipping.factor == pytest.approx(0.01 / np.linalg.norm(trace.gradient), rel=1e-14)
    assert np.linalg.norm(trace.received) == pytest.approx(0.01, rel=1e-12)
    np.testing.assert_allclose(trace.update, -0.1 * trace.received, rtol=1e-12, atol=1e-15)


def test_clipping_that_does_not_bite_changes_nothing() -> None:
    problem, vector = plain(clipping=ClippingSpec("norm", {"limit": 1e3}))
    free, _ = plain()
    assert run(problem, begin(problem, vector), 5).vector.tolist() == pytest.approx(
        run(free, begin(free, vector), 5).vector.tolist(), rel=1e-14
    )
    trace = explain(problem, begin(problem, vector))
    assert trace.clipping.factor == 1.0
    assert (trace.received == trace.gradient).all()


def test_frozen_entries_do_not_count_in_the_norm() -> None:
    problem, vector = problem_of(
        network("tanh", "sigmoid"), loss_spec("squared_error"), frozen=("w.3.0.0", "b.3.0")
    )
    problem = with_settings(problem, clipping=ClippingSpec("norm", {"limit": 0.01}))
    trace = explain(problem, begin(problem, vector))
    assert trace.gradient[problem.frozen].any()
    free = np.where(problem.frozen, 0.0, trace.gradient)
    assert trace.clipping.norm == pytest.approx(np.linalg.norm(free), rel=1e-14)
    assert not trace.received[problem.frozen].any()


@np.errstate(all="ignore")
def test_the_norm_of_huge_gradients_does_not_overflow() -> None:
    assert euclidean_norm(np.array([3e200, 4e200])) == pytest.approx(5e200)
    assert math.isinf(euclidean_norm(np.array([1.0, np.inf])))
    assert math.isnan(euclidean_norm(np.array([1.0, np.nan])))
    clip = CLIPPINGS.get("norm").clip
    assert clip(np.array([3e200, 4e200]), {"limit": 1.0}).gradient == pytest.approx([0.6, 0.8])
    assert np.isnan(clip(np.array([1.0, np.inf]), {"limit": 1.0}).gradient[1])


def test_clipping_by_value_bounds_every_entry() -> None:
    problem, vector = plain(clipping=ClippingSpec("value", {"limit": 0.003}))
    trace = explain(problem, begin(problem, vector))
    assert np.abs(trace.received).max() == 0.003
    small = np.abs(trace.gradient) < 0.003
    assert small.any()
    assert (trace.received[small] == trace.gradient[small]).all()


# --- schedules --------------------------------------------------------------------------------------------


def test_rates_of_the_schedules() -> None:
    step = {"every": 3.0, "factor": 0.5}
    assert [scheduled_rate("step", step, 0.8, n) for n in range(7)] == [0.8] * 3 + [0.4] * 3 + [0.2]
    cosine = {"epochs": 4.0, "final_rate": 0.1}
    rates = [scheduled_rate("cosine", cosine, 0.9, n) for n in range(7)]
    assert rates == pytest.approx(
        [0.9, 0.5 + 0.4 * math.sqrt(0.5), 0.5, 0.5 - 0.4 * math.sqrt(0.5), 0.1, 0.1, 0.1]
    )
    assert scheduled_rate("constant", {}, 0.3, 10**6) == 0.3
    for schedule in SCHEDULES:
        assert schedule.rate(0.3, 0, {p.name: p.default for p in schedule.parameters}) == 0.3


@pytest.mark.parametrize("mode", ["full", "mini", "one"])
def test_the_trace_has_the_rate_of_its_epoch(mode: str) -> None:
    problem, vector = problem_of(
        network("tanh", "sigmoid"),
        loss_spec("squared_error"),
        parameters={"learning_rate": 0.4},
        batch=BatchSpec(mode, 3, "stored"),  # type: ignore[arg-type]
    )
    problem = with_settings(problem, schedule=ScheduleSpec("step", {"every": 1, "factor": 0.5}))
    snapshot = begin(problem, vector)
    for _ in range(8):
        trace = explain(problem, snapshot)
        rate = 0.4 * 0.5**trace.epoch
        assert trace.schedule.rate == trace.optimizer_parameters["learning_rate"] == rate
        assert trace.schedule.base == 0.4
        np.testing.assert_allclose(trace.update, -rate * trace.gradient, rtol=1e-12, atol=1e-15)
        snapshot = run(problem, snapshot)


# --- dropout ----------------------------------------------------------------------------------------------


def test_masks_drop_and_scale_hidden_neurons_of_each_sample() -> None:
    problem, vector = plain(dropout=0.4)
    trace = explain(problem, begin(problem, vector))
    first, second, output = trace.layers
    assert output.mask is None
    for layer in (first, second):
        assert layer.mask is not None
        assert set(np.unique(layer.mask)) <= {0.0, 1.0 / 0.6}
        np.testing.assert_array_equal(layer.activation, layer.function_value * layer.mask)
        dropped = layer.mask == 0.0
        assert not layer.local[dropped].any()
        assert not layer.delta[dropped].any()
    np.testing.assert_array_equal(second.inputs, first.activation)


def test_the_next_trace_shows_the_mask_that_the_step_uses() -> None:
    problem, vector = plain(dropout=0.5)
    snapshot = begin(problem, vector)
    seen = set()
    for _ in range(5):
        trace, again = explain(problem, snapshot), explain(problem, snapshot)
        assert trace.layers[0].mask is not None
        assert again.layers[0].mask is not None
        assert trace.layers[0].mask.tobytes() == again.layers[0].mask.tobytes()
        seen.add(trace.layers[0].mask.tobytes())
        snapshot = run(problem, snapshot)
        np.testing.assert_allclose(trace.after, snapshot.vector, rtol=1e-12, atol=1e-14)
    assert len(seen) > 1


def test_the_share_of_dropped_neurons_and_the_expected_activation() -> None:
    layer = LayerSpec(40, "tanh")
    problem, vector = problem_of(
        NetworkSpec(3, (layer, LayerSpec(1, "sigmoid"))), loss_spec("squared_error"), samples=500
    )
    problem = with_settings(problem, dropout=0.3)
    first = explain(problem, begin(problem, vector)).layers[0]
    assert first.mask is not None
    assert (first.mask == 0.0).mean() == pytest.approx(0.3, abs=0.01)
    assert first.mask.mean() == pytest.approx(1.0, abs=0.02)


def test_predicting_and_the_losses_never_drop() -> None:
    problem, vector = plain(dropout=0.5)
    free, _ = plain()
    trainers = []
    for each in (problem, free):
        trainer = Trainer(each)
        trainer.load(begin(each, vector))
        trainers.append(trainer)
    assert trainers[0].loss() == trainers[1].loss()
    net_input, activation = predict(problem.network, vector, problem.data.inputs)[0]
    np.testing.assert_array_equal(activation, np.tanh(net_input))
    assert explain(problem, begin(problem, vector)).loss != explain(free, begin(free, vector)).loss


def test_a_network_without_hidden_layers_has_nothing_to_drop() -> None:
    problem, vector = problem_of(NetworkSpec(2, (LayerSpec(2, "sigmoid"),)), loss_spec("squared_error"))
    problem = with_settings(problem, dropout=0.5)
    snapshot = begin(problem, vector)
    after = run(problem, snapshot)
    assert after.generator_state == snapshot.generator_state
    assert explain(problem, snapshot).dropout == 0.0


def test_a_subset_is_checked_with_its_own_masks() -> None:
    problem, vector = problem_of(network("tanh", "sigmoid"), loss_spec("squared_error"), samples=40)
    problem = with_settings(problem, dropout=0.5)
    found = verify(problem, begin(problem, vector))
    assert found.subset
    assert found.verdict == "agree"
    assert len(found.samples) == 10


def test_every_weight_of_a_dropped_neuron_has_no_gradient() -> None:
    problem, vector = problem_of(
        network("tanh", "sigmoid"), loss_spec("squared_error"), batch=BatchSpec("one", 1, "stored")
    )
    problem = with_settings(problem, dropout=0.5)
    snapshot = begin(problem, vector)
    trace = explain(problem, snapshot)
    mask = trace.layers[0].mask
    assert mask is not None
    assert (mask == 0.0).any()
    assert (mask != 0.0).any()
    gradient = Parameters(problem.network, trace.gradient)
    for j in range(3):
        dropped = mask[0, j] == 0.0
        assert dropped == (not gradient.weights(1)[:, j].any()) == (not gradient.weights(2)[j].any())


@pytest.mark.parametrize("row", MIX[::3], ids=range(len(MIX[::3])))
def test_matrices_contributions_and_paths_follow_the_settings(row: dict[str, Any]) -> None:
    problem, vector = mixed(row)
    snapshot = run(problem, begin(problem, vector), 2)
    trace = explain(problem, snapshot)
    sample = trace.batch[-1]
    at = trace.sample_position(sample)
    for record in matrices(problem, trace, sample):
        values = {one.name: one.values for one in record.matrices}
        layer = trace.layers[record.layer - 1]
        assert ("mask" in values) == (layer.mask is not None)
        if layer.mask is not None:
            np.testing.assert_array_equal(values["activation"], layer.function_value * values["mask"])
        given = values.get("received_weight_gradient", values["weight_gradient"])
        assert ("received_weight_gradient" in values) == bool(
            trace.penalties or trace.clipping.name != "none"
        )
        received = Parameters(problem.network, trace.received).weights(record.layer)
        held = Parameters(problem.network, problem.frozen.astype(float)).weights(record.layer) == 1.0
        np.testing.assert_allclose(given[~held], received[~held], rtol=1e-14)
    for element in ("w.1.0.0", "w.2.1.0", "w.3.0.0"):
        place = problem.network.position(element)
        found = contributions(problem.network, trace, element)
        assert found.combined == trace.gradient[place]
        assert (found.penalty, found.received) == (trace.penalty_gradient[place], trace.received[place])
        ways = gradient_paths(problem, trace, sample, element)
        assert ways.total is not None
        _kind, layer_number, i, j = element.split(".")
        own = trace.layers[int(layer_number) - 1].sample_weight_gradients[at, int(i), int(j)]
        assert ways.total == pytest.approx(own, rel=1e-9, abs=1e-12)
