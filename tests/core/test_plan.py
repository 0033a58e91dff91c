"""What the plan does beside the step itself: unusual targets, plain fallbacks, evaluation."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.activations import ACTIVATIONS
from core.losses import LOSSES
from core.network import DataSet
from core.optimizers import OPTIMIZERS
from core.plan import CompiledPlan, Evaluation, Workspace
from core.plan.updates import BUILDERS
from core.propagation import explain, set_loss
from core.training import Problem, Trainer
from tests.core.strategies import OUTPUTS_WITH_LOSS, begin, loss_spec, network, problem_of


def step(problem: Problem, vector: np.ndarray) -> np.ndarray:
    trainer = Trainer(problem)
    trainer.load(begin(problem, vector))
    assert trainer.run(1).applied == 1
    return trainer.snapshot().vector


def test_targets_that_are_no_distribution() -> None:
    problem, vector = problem_of(network("tanh", "softmax"), loss_spec("categorical_cross_entropy"))
    problem = replace(problem, data=replace(problem.data, targets=1.7 * problem.data.targets + 0.1))
    np.testing.assert_allclose(
        step(problem, vector), explain(problem, begin(problem, vector)).after, rtol=1e-13
    )


@pytest.mark.parametrize("optimizer", OPTIMIZERS.names())
def test_an_optimizer_without_calls_of_its_own_runs_through_its_rule(
    optimizer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem, vector = problem_of(
        network("tanh", "tanh"), loss_spec("squared_error"), optimizer, frozen=("w.1.0.0",)
    )
    found = []
    for _ in range(2):
        trainer = Trainer(problem)
        trainer.load(begin(problem, vector))
        trainer.run(7)
        found.append(trainer.snapshot())
        monkeypatch.setattr("core.plan.updates.BUILDERS", {})
    np.testing.assert_allclose(found[0].vector, found[1].vector, rtol=1e-12, atol=1e-14)
    assert found[0].optimizer_count == found[1].optimizer_count == 7


def test_every_optimizer_has_calls_of_its_own() -> None:
    assert set(BUILDERS) == set(OPTIMIZERS.names())


@pytest.mark.parametrize(
    "name", [entry.name for entry in ACTIVATIONS if entry.in_place and not entry.output_only]
)
def test_an_activation_without_calls_of_its_own_runs_through_its_value(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem, vector = problem_of(network(name, name), loss_spec("squared_error"))
    compiled = step(problem, vector)
    monkeypatch.setitem(ACTIVATIONS._entries, name, replace(ACTIVATIONS.get(name), in_place=None))
    np.testing.assert_allclose(step(problem, vector), compiled, rtol=1e-13, atol=1e-15)


def test_a_loss_without_calls_of_its_own_runs_through_its_gradient(monkeypatch: pytest.MonkeyPatch) -> None:
    quartic = replace(
        LOSSES.get("squared_error"),
        name="quartic_error",
        value=lambda a, t, z: (a - t) ** 4,
        gradient=lambda a, t: 4.0 * (a - t) ** 3,
    )
    monkeypatch.setitem(LOSSES._entries, "quartic_error", quartic)
    for output in ("tanh", "identity", "softmax"):
        problem, vector = problem_of(network("tanh", output), loss_spec("quartic_error", coefficient=1.0))
        np.testing.assert_allclose(
            step(problem, vector), explain(problem, begin(problem, vector)).after, rtol=1e-13, atol=1e-15
        )


@pytest.mark.parametrize(("output", "loss"), OUTPUTS_WITH_LOSS)
def test_evaluation_is_the_loss_of_the_set(output: str, loss: str) -> None:
    problem, vector = problem_of(network("elu", output), loss_spec(loss, "mean", "mean"), samples=9)
    data, spec = problem.data, problem.training.loss
    evaluation = Evaluation(problem.network, spec, vector, data.inputs, data.targets)
    for _ in range(2):
        expected = set_loss(problem.network, spec, vector, data.inputs, data.targets)
        assert evaluation.loss() == pytest.approx(expected, rel=1e-13)
        vector += 0.1


def test_neighbouring_layers_of_one_function_share_their_derivative() -> None:
    def calls(hidden: str, output: str) -> int:
        problem, _ = problem_of(network(hidden, output), loss_spec("squared_error"))
        work = Workspace(OPTIMIZERS.get("sgd"), problem.network.parameter_count, problem.frozen, 0.1)
        return len(CompiledPlan(problem.network, problem.training, work, 4, unit_targets=False).calls)

    # tanh takes one call forward and two for its derivative, which here serves three layers.
    assert calls("tanh", "tanh") == 3 * 2 + 2 + 2 + 2 * 2 + 3 + 2


def test_many_samples_and_wide_layers() -> None:
    spec = network("relu", "sigmoid", sizes=(5, 40, 30, 3))
    problem, vector = problem_of(spec, loss_spec("binary_cross_entropy", batch="mean"), samples=200)
    problem = replace(problem, data=DataSet(problem.data.inputs, np.round(problem.data.targets)))
    explained = explain(problem, begin(problem, vector)).after
    np.testing.assert_allclose(step(problem, vector), explained, rtol=0, atol=1e-12 * np.abs(explained).max())
