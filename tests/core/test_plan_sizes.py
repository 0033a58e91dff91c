"""The plan's other forms, for large layers and in float32, against the explained pass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.network import (
    BatchSpec,
    ClippingSpec,
    DataSet,
    LayerSpec,
    NetworkSpec,
    RegularizationSpec,
    ScheduleSpec,
)
from core.optimizers import OPTIMIZERS
from core.plan import BACKENDS, CompiledPlan
from core.propagation import explain, set_loss
from core.training import Problem, Snapshot, Trainer
from tests.core.strategies import FULL, begin, loss_spec, network, problem_of

# Single precision is 1.2e-7 a rounding. A step of these networks goes through some thirty of them, and
# through slopes of at most 10: within 1e-5 of an array's largest entry.
SINGLE = 1e-5
REGULARIZED = {
    "regularization": RegularizationSpec(0.02, 0.03),
    "dropout": 0.3,
    "clipping": ClippingSpec("norm", {"limit": 0.05}),
    "schedule": ScheduleSpec("cosine", {}),
}


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give small networks the forms that large ones get: single constants, updates stretch by stretch."""
    monkeypatch.setattr("core.plan.buffers.LARGE", 0)
    monkeypatch.setattr("core.plan.buffers.STRETCH", 7)
    monkeypatch.setattr("core.activations.records.SMALL", 0)


def run_once(problem: Problem, snapshot: Snapshot) -> Snapshot:
    trainer = Trainer(problem)
    trainer.load(snapshot)
    assert trainer.run(1).applied == 1
    return trainer.snapshot()


def assert_same(problem: Problem, before: Snapshot, after: Snapshot, tolerance: float) -> None:
    trace = explain(problem, before)
    pairs = [(trace.after, after.vector)]
    pairs += [(values, after.optimizer_state[name]) for name, values in trace.state_after.items()]
    for explained, planned in pairs:
        size = max(np.abs(explained).max(), 1e-3)
        np.testing.assert_allclose(planned, explained, rtol=0, atol=tolerance * size)


def single(problem: Problem, vector: np.ndarray) -> tuple[Problem, np.ndarray]:
    """Return the problem in float32, its data and parameters such as float32 can hold."""
    data = problem.data
    inputs, targets = data.inputs.astype(np.float32), data.targets.astype(np.float32)
    problem = replace(
        problem,
        training=replace(problem.training, precision="float32"),
        data=DataSet(inputs.astype(np.float64), targets.astype(np.float64)),
    )
    return problem, vector.astype(np.float32).astype(np.float64)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(("hidden", "output", "loss", "bias"), FULL)
def test_the_form_for_large_layers_is_the_explained_step(
    hidden: str, output: str, loss: str, bias: str
) -> None:
    spec = network(hidden, output, bias)  # type: ignore[arg-type]
    problem, vector = problem_of(spec, loss_spec(loss, batch="mean"), parameters={"learning_rate": 1.0})
    before = begin(problem, vector)
    assert_same(problem, before, run_once(problem, before), 1e-12)


@pytest.mark.parametrize("regularized", [False, True])
@pytest.mark.parametrize("frozen", [(), ("w.1.0.1", "b.2.0", "w.3.2.1")])
@pytest.mark.parametrize("optimizer", OPTIMIZERS.names())
@pytest.mark.parametrize("precision", ["float64", "float32"])
@pytest.mark.usefixtures("large")
def test_every_optimizer_stretch_by_stretch(
    optimizer: str, precision: str, frozen: tuple[str, ...], regularized: bool
) -> None:
    problem, vector = problem_of(
        network("tanh", "sigmoid"),
        loss_spec("squared_error", "mean", "mean"),
        optimizer,
        batch=BatchSpec("mini", 2, "shuffled"),
        samples=5,
        frozen=frozen,
    )
    if regularized:
        problem = replace(problem, training=replace(problem.training, **REGULARIZED))
    if precision == "float32":
        problem, vector = single(problem, vector)
    snapshot = begin(problem, vector)
    for _ in range(4):
        after = run_once(problem, snapshot)
        # The division by √v loses what v lost in float32.
        assert_same(problem, snapshot, after, 1e-12 if precision == "float64" else 10 * SINGLE)
        snapshot = after


@pytest.mark.parametrize(("hidden", "output", "loss", "bias"), FULL)
def test_float32_is_the_explained_step_within_its_precision(
    hidden: str, output: str, loss: str, bias: str
) -> None:
    spec = network(hidden, output, bias)  # type: ignore[arg-type]
    problem, vector = single(*problem_of(spec, loss_spec(loss), parameters={"learning_rate": 1.0}))
    before = begin(problem, vector)
    after = run_once(problem, before)
    assert_same(problem, before, after, SINGLE)
    assert (after.vector == after.vector.astype(np.float32)).all()


def test_float32_runs_and_steps_to_the_same_bits() -> None:
    spec = NetworkSpec(20, (LayerSpec(200, "relu"), LayerSpec(100, "relu"), LayerSpec(5, "softmax")))
    problem, vector = problem_of(
        spec,
        loss_spec("categorical_cross_entropy", batch="mean"),
        "adam",
        batch=BatchSpec("mini", 16, "shuffled"),
        samples=50,
    )
    problem, vector = single(problem, 0.1 * vector)
    at_once = Trainer(problem)
    at_once.load(begin(problem, vector))
    at_once.run(9)
    snapshot = begin(problem, vector)
    for _ in range(9):
        snapshot = run_once(problem, snapshot)
    whole = at_once.snapshot()
    assert whole.vector.tobytes() == snapshot.vector.tobytes()
    for name, values in whole.optimizer_state.items():
        assert values.tobytes() == snapshot.optimizer_state[name].tobytes()
    expected = set_loss(spec, problem.training.loss, whole.vector, problem.data.inputs, problem.data.targets)
    assert at_once.loss() == pytest.approx(expected, rel=SINGLE)


def test_a_large_network_in_both_precisions() -> None:
    """More parameters than one stretch, and buffers beyond the size of equal-shaped constants."""
    spec = NetworkSpec(90, (LayerSpec(200, "sigmoid"), LayerSpec(10, "sigmoid")))
    problem, vector = problem_of(
        spec, loss_spec("squared_error", "mean", "mean", coefficient=1.0), samples=64
    )
    before = begin(problem, 0.2 * vector)
    assert_same(problem, before, run_once(problem, before), 1e-12)
    problem, vector = single(problem, 0.2 * vector)
    before = begin(problem, vector)
    assert_same(problem, before, run_once(problem, before), SINGLE)


def test_a_step_that_would_not_be_finite_in_float32_is_not_made() -> None:
    problem, vector = problem_of(
        network("identity", "identity"), loss_spec("squared_error"), parameters={"learning_rate": 1e5}
    )
    problem, vector = single(problem, vector)
    trainer = Trainer(problem)
    trainer.load(begin(problem, vector))
    report = trainer.run(100)
    assert report.diverged
    assert np.isfinite(trainer.snapshot().vector).all()
    assert np.abs(trainer.snapshot().vector).max() < np.finfo(np.float32).max


def test_another_backend_is_asked_first(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    def narrow(network, training, work, length, unit_targets):  # type: ignore[no-untyped-def]
        asked.append((training.precision, length))
        return CompiledPlan(network, training, work, length, unit_targets) if length == 2 else None

    monkeypatch.setattr("core.plan.backends.BACKENDS", [narrow, *BACKENDS])
    problem, vector = problem_of(
        network("tanh", "tanh"), loss_spec("squared_error"), batch=BatchSpec("mini", 2), samples=5
    )
    trainer = Trainer(problem)
    trainer.load(begin(problem, vector))
    assert trainer.run(3).applied == 3
    assert asked == [("float64", 2), ("float64", 1)]
