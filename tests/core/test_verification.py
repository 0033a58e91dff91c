"""The gradient check agrees on every combination, and fails where a derivative is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from core.activations import ACTIVATIONS
from core.losses import FUSED, LOSSES
from core.network import BatchSpec, BiasSpec, DataSet, LayerSpec, NetworkSpec
from core.optimizers import OPTIMIZERS
from core.training import Problem, Trainer
from core.verification import Verification, verify
from tests.core.strategies import FULL, HIDDEN, begin, loss_spec, network, problem_of


def check(problem: Problem, vector: np.ndarray) -> Verification:
    return verify(problem, begin(problem, vector))


@pytest.mark.parametrize(("hidden", "output", "loss", "bias"), FULL)
def test_all_three_gradients_agree(hidden: str, output: str, loss: str, bias: str) -> None:
    spec = network(hidden, output, bias, (2, 3, 2))  # type: ignore[arg-type]
    problem, vector = problem_of(spec, loss_spec(loss, "mean", "mean"), samples=2)
    found = check(problem, vector)
    assert found.verdict == "agree", found
    assert found.largest_relative_difference <= 1e-6
    assert not found.subset
    assert found.checked == found.parameters == int(spec.trainable_mask().sum())
    assert all(row.verdict == "agree" and row.autodiff is not None for row in found.rows)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.names())
@pytest.mark.parametrize("mode", ["full", "mini", "one"])
def test_agreement_where_the_optimizer_takes_the_gradient(optimizer: str, mode: str) -> None:
    batch = BatchSpec(mode, 2, "shuffled")  # type: ignore[arg-type]
    problem, vector = problem_of(
        network("tanh", "sigmoid"),
        loss_spec("squared_error"),
        optimizer,
        batch=batch,
        samples=3,
        frozen=("w.1.0.0",),
    )
    trainer = Trainer(problem)
    trainer.load(begin(problem, vector))
    trainer.run(4)
    found = verify(problem, trainer.snapshot())
    assert (found.verdict, found.step) == ("agree", 4)
    assert found.samples == trainer.next_batch()
    assert "w.1.0.0" in {row.element for row in found.rows}


@pytest.mark.parametrize("name", [name for name in HIDDEN if name != "step"])
@pytest.mark.parametrize(
    "wrong", [lambda d: -d, lambda d: d * 1.001, lambda d: d + 1e-3], ids=["sign", "scale", "shift"]
)
def test_a_wrong_derivative_fails(
    name: str, wrong: Callable[[np.ndarray], np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = ACTIVATIONS.get(name)
    problem, vector = problem_of(network(name, "tanh"), loss_spec("squared_error"))
    assert check(problem, vector).verdict == "agree"
    corrupted = replace(entry, derivative=lambda z, a, p: wrong(entry.derivative(z, a, p)))
    monkeypatch.setitem(ACTIVATIONS._entries, name, corrupted)
    found = check(problem, vector)
    assert found.verdict == "differ"
    assert found.largest_relative_difference > 1e-6


def test_a_wrong_loss_gradient_or_fused_delta_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    squared = LOSSES.get("squared_error")
    problem, vector = problem_of(network("tanh", "tanh"), loss_spec("squared_error"))
    monkeypatch.setitem(LOSSES._entries, "squared_error", replace(squared, gradient=lambda a, t: a - t))
    assert check(problem, vector).verdict == "differ"
    for key, fused in list(FUSED.items()):
        problem, vector = problem_of(network("tanh", key[1]), loss_spec(key[0]))
        assert check(problem, vector).verdict == "agree"
        monkeypatch.setitem(FUSED, key, replace(fused, delta=lambda a, t: t - a))
        assert check(problem, vector).verdict == "differ"


def test_a_wrong_value_fails_against_the_expression(monkeypatch: pytest.MonkeyPatch) -> None:
    """Value and derivative wrong together: the differences agree, only the graph knows better."""
    entry = ACTIVATIONS.get("tanh")
    twice = replace(
        entry,
        value=lambda z, p: 2.0 * np.tanh(z),
        derivative=lambda z, a, p: 2.0 - 2.0 * np.tanh(z) ** 2,
    )
    problem, vector = problem_of(network("tanh", "identity"), loss_spec("squared_error"))
    monkeypatch.setitem(ACTIVATIONS._entries, "tanh", twice)
    found = check(problem, vector)
    assert found.verdict == "differ"
    row = found.rows[0]
    assert row.central == pytest.approx(row.analytic, rel=1e-5)


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu", "step"])
def test_a_stencil_across_a_kink_says_so(name: str) -> None:
    spec = NetworkSpec(1, (LayerSpec(1, name), LayerSpec(1, "identity")))
    problem, _ = problem_of(spec, loss_spec("squared_error"), samples=1)
    problem = replace(problem, data=DataSet(np.array([[1.0]]), np.array([[3.0]])))
    vector = np.array([1e-6, 0.0, 2.0, 0.5])  # net input 1e-6, nearer to the kink than h
    found = {row.element: row.verdict for row in check(problem, vector).rows}
    assert found["w.1.0.0"] == found["b.1.0"] == "not-differentiable"
    assert found["b.2.0"] == "agree"
    assert check(problem, np.array([0.5, 0.0, 2.0, 0.5])).verdict == "agree"


def test_all_parameters_at_a_kink() -> None:
    layer = LayerSpec(1, "relu", bias=BiasSpec("absent"))
    problem, _ = problem_of(NetworkSpec(1, (layer,)), loss_spec("squared_error"), samples=1)
    assert check(problem, np.zeros(1)).verdict == "not-differentiable"


def test_large_curvature_is_no_disagreement() -> None:
    """Inputs of size 40: the plain difference's own error would exceed the tolerance."""
    problem, vector = problem_of(network("sigmoid", "sigmoid", sizes=(2, 3, 1)), loss_spec("squared_error"))
    problem = replace(problem, data=replace(problem.data, inputs=40.0 * problem.data.inputs))
    assert check(problem, 0.1 * vector).verdict == "agree"


@pytest.mark.parametrize(("loss", "output"), sorted(FUSED))
def test_saturated_outputs_agree(loss: str, output: str) -> None:
    problem, vector = problem_of(network("tanh", output), loss_spec(loss))
    assert check(problem, 60.0 * vector).verdict == "agree"


def test_beyond_the_limits_a_seeded_subset_is_checked_and_named() -> None:
    problem, vector = problem_of(
        network("tanh", "tanh", sizes=(4, 30, 20, 3)), loss_spec("squared_error"), samples=30
    )
    one, other = check(problem, 0.3 * vector), check(problem, 0.3 * vector)
    assert one == other
    assert one.subset
    assert len(one.samples) == 10
    assert (one.checked, one.parameters) == (500, 833)
    assert one.verdict == "agree"


def test_a_diverged_step_is_not_called_wrong() -> None:
    problem, vector = problem_of(network("identity", "identity"), loss_spec("squared_error"))
    found = check(problem, 1e200 * vector)
    assert found.verdict == "not-differentiable"
