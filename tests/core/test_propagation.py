"""The explained pass: the worked example to every printed digit, and what a Trace promises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.network import (
    Array,
    BatchSpec,
    BiasSpec,
    DataSet,
    LayerSpec,
    NetworkSpec,
    OptimizerSpec,
    Parameters,
    TrainingSpec,
)
from core.optimizers import OPTIMIZERS
from core.propagation import explain, sample_losses, set_loss
from core.trace import Trace
from core.training import Problem, Snapshot, Trainer
from tests.core.strategies import FULL, begin, loss_spec, network, problem_of


def worked_example() -> tuple[Problem, Snapshot]:
    """A 2-2-2 network, sigmoid, no bias, half squared error, learning rate 0.5."""
    layer = LayerSpec(2, "sigmoid", bias=BiasSpec("absent"))
    spec = NetworkSpec(2, (layer, layer))
    parameters = Parameters(spec, np.zeros(8))
    parameters.weights(1)[:] = np.array([[0.3, 0.25], [0.4, 0.35]]).T
    parameters.weights(2)[:] = np.array([[0.45, 0.4], [0.7, 0.6]]).T
    training = TrainingSpec(optimizer=OptimizerSpec("sgd", {"learning_rate": 0.5}))
    problem = Problem(
        spec, training, DataSet(np.array([[0.1, 0.2]]), np.array([[0.4, 0.6]])), np.zeros(8, dtype=bool)
    )
    return problem, begin(problem, parameters.vector)


def printed(values: Array | float) -> list[str]:
    return [f"{value:.8f}" for value in np.ravel(values)]


def test_worked_example_to_every_printed_digit() -> None:
    problem, snapshot = worked_example()
    trace = explain(problem, snapshot)
    hidden, output = trace.layers
    assert printed(hidden.net_input) == ["0.08000000", "0.11000000"]
    assert printed(hidden.activation) == ["0.51998934", "0.52747230"]
    assert printed(output.net_input) == ["0.44498412", "0.68047592"]
    # The document prints o1 as 0.60944600, cut off from 0.609446005.
    assert output.activation[0].tolist() == pytest.approx([0.6094460049966992, 0.6638449096982892], rel=1e-15)
    assert printed(trace.loss_parts) == ["0.02193381", "0.00203809"]
    assert printed(trace.loss) == ["0.02397190"]
    assert trace.loss == pytest.approx(0.023971900751730026, rel=1e-15)
    assert output.upstream[0].tolist() == pytest.approx([0.2094460049966992, 0.06384490969828926], rel=1e-14)
    assert printed(output.local[0, 0]) == ["0.23802157"]
    assert output.delta[0].tolist() == pytest.approx([0.04985266735639471, 0.014247300963894368], rel=1e-14)
    assert printed(output.sample_weight_gradients[0, 0, 0]) == ["0.02592286"]
    paths = output.delta[0] * Parameters(problem.network, trace.before).weights(2)[0]
    assert printed(paths) == ["0.02243370", "0.00997311"]
    assert printed(hidden.upstream[0, 0]) == ["0.03240681"]
    assert printed(hidden.local[0, 0]) == ["0.24960043"]
    assert printed(hidden.sample_weight_gradients[0, 0, 0]) == ["0.00080888"]
    after = Parameters(problem.network, trace.after)
    assert printed(after.weights(2).T) == ["0.43703857", "0.38685205", "0.69629578", "0.59624247"]
    assert printed(after.weights(1).T) == ["0.29959556", "0.24919112", "0.39964496", "0.34928991"]


def test_worked_example_second_pass_through_the_plan() -> None:
    problem, snapshot = worked_example()
    trainer = Trainer(problem)
    trainer.load(snapshot)
    trainer.run(1)
    trace = explain(problem, trainer.snapshot())
    hidden, output = trace.layers
    # The document's 0.7979778 for the first net input is a misprint of 0.07979778.
    assert printed(hidden.net_input) == ["0.07979778", "0.10982248"]
    assert printed(hidden.activation) == ["0.51993887", "0.52742806"]
    assert printed(output.net_input) == ["0.43126996", "0.67650625"]
    assert printed(output.activation) == ["0.60617688", "0.66295848"]
    assert printed(trace.loss_parts) == ["0.02125445", "0.00198189"]
    assert printed(trace.loss) == ["0.02323634"]


def run_once(problem: Problem, snapshot: Snapshot) -> Snapshot:
    trainer = Trainer(problem)
    trainer.load(snapshot)
    assert trainer.run(1).applied == 1
    return trainer.snapshot()


def assert_same_step(trace: Trace, after: Snapshot) -> None:
    """Hold plan and explained pass equal to 1e-12 of each array's largest entry."""
    pairs = [
        (trace.after, after.vector),
        (trace.update, np.where(trace.frozen, 0.0, after.vector - trace.before)),
    ]
    pairs += [(values, after.optimizer_state[name]) for name, values in trace.state_after.items()]
    for explained, planned in pairs:
        # A difference of two parameters carries their own rounding.
        rounding = 4 * np.finfo(float).eps * np.abs(trace.before).max()
        np.testing.assert_allclose(
            planned, explained, rtol=0, atol=1e-12 * np.abs(explained).max() + rounding
        )


@pytest.mark.parametrize(("hidden", "output", "loss", "bias"), FULL)
def test_explained_step_is_the_plans(hidden: str, output: str, loss: str, bias: str) -> None:
    spec = network(hidden, output, bias)  # type: ignore[arg-type]
    problem, vector = problem_of(spec, loss_spec(loss), parameters={"learning_rate": 1.0})
    snapshot = begin(problem, vector)
    assert_same_step(explain(problem, snapshot), run_once(problem, snapshot))


@pytest.mark.parametrize("optimizer", OPTIMIZERS.names())
@pytest.mark.parametrize("mode", ["full", "mini", "one"])
@pytest.mark.parametrize("order", ["stored", "shuffled"])
def test_every_step_of_an_epoch_is_the_plans(optimizer: str, mode: str, order: str) -> None:
    batch = BatchSpec(mode, 2, order)  # type: ignore[arg-type]
    for outputs, reduction in [("sum", "sum"), ("sum", "mean"), ("mean", "sum"), ("mean", "mean")]:
        for frozen in [(), ("w.1.0.1", "b.2.0", "w.3.2.1")]:
            loss = loss_spec("squared_error", outputs, reduction)
            spec = network("tanh", "sigmoid")
            problem, vector = problem_of(spec, loss, optimizer, batch=batch, samples=5, frozen=frozen)
            snapshot = begin(problem, vector)
            for _ in range(6):
                after = run_once(problem, snapshot)
                trace = explain(problem, snapshot)
                assert_same_step(trace, after)
                assert trace.optimizer_count == after.optimizer_count
                snapshot = after
            held = problem.frozen
            assert (snapshot.vector[held] == vector[held]).all()
            assert all((values[held] == 0.0).all() for values in snapshot.optimizer_state.values())


def test_recorded_after_wins() -> None:
    problem, vector = problem_of(network("tanh", "tanh"), loss_spec("squared_error"), "momentum")
    snapshot = begin(problem, vector)
    after = run_once(problem, snapshot)
    changed = replace(after, vector=after.vector + 1e-3)
    trace = explain(problem, snapshot, changed)
    assert (trace.after == changed.vector).all()
    np.testing.assert_allclose(trace.before + trace.update, trace.after, rtol=1e-15)
    assert (trace.state_after["velocity"] == after.optimizer_state["velocity"]).all()


def test_trace_has_the_shapes_it_promises_and_cannot_be_written() -> None:
    problem, vector = problem_of(
        network("relu", "softmax"), loss_spec("categorical_cross_entropy"), samples=4
    )
    trace = explain(problem, begin(problem, vector))
    last = trace.layers[-1]
    assert last.local.shape == (4, 2, 2)
    assert last.sample_weight_gradients.shape == (4, 3, 2)
    assert trace.sample_losses.shape == (4,)
    assert trace.batch == (0, 1, 2, 3)
    for array in (trace.before, trace.after, trace.gradient, trace.frozen, last.delta, last.local):
        assert not array.flags.writeable
    fixed = problem_of(network("relu", "tanh", "fixed"), loss_spec("squared_error"))
    first = explain(fixed[0], begin(*fixed)).layers[0]
    assert first.bias_gradient is None
    assert first.sample_bias_gradients is None


def test_displayed_factors_of_a_fused_pair_multiply_to_its_delta() -> None:
    for loss, output in [("binary_cross_entropy", "sigmoid"), ("categorical_cross_entropy", "softmax")]:
        problem, vector = problem_of(network("tanh", output), loss_spec(loss, "mean"))
        last = explain(problem, begin(problem, vector)).layers[-1]
        long = (
            np.einsum("si,sij->sj", last.upstream, last.local)
            if last.local.ndim == 3
            else last.upstream * last.local
        )
        np.testing.assert_allclose(last.delta, long, rtol=1e-12, atol=1e-15)


def test_sample_gradients_combine_to_the_batch_gradient() -> None:
    problem, vector = problem_of(
        network("silu", "tanh"), loss_spec("squared_error", "mean", "mean"), samples=5
    )
    trace = explain(problem, begin(problem, vector))
    assert trace.batch_factor == 1 / 5
    for layer in trace.layers:
        combined = trace.batch_factor * layer.sample_weight_gradients.sum(axis=0)
        np.testing.assert_allclose(layer.weight_gradient, combined, rtol=1e-14)
        np.testing.assert_allclose(
            Parameters(problem.network, trace.gradient).weights(layer.layer), layer.weight_gradient
        )


def test_nag_takes_its_gradient_ahead() -> None:
    problem, vector = problem_of(network("tanh", "tanh"), loss_spec("squared_error"), "nag")
    snapshot = run_once(problem, begin(problem, vector))
    trace = explain(problem, snapshot)
    np.testing.assert_allclose(
        trace.point, snapshot.vector + 0.9 * snapshot.optimizer_state["velocity"], rtol=1e-15
    )
    ahead = explain(
        replace(problem, training=TrainingSpec(problem.training.loss)), begin(problem, trace.point)
    )
    np.testing.assert_allclose(trace.gradient, ahead.gradient, rtol=1e-15)


def test_first_nonfinite_is_the_first_in_order_of_computation() -> None:
    problem, vector = problem_of(network("identity", "identity", sizes=(2, 2, 2)), loss_spec("squared_error"))
    assert explain(problem, begin(problem, vector)).first_nonfinite is None
    for element, factor, expected in [("w.1.0.1", 1e308, "z.1.1"), ("w.2.1.0", 1e308, "z.2.0")]:
        huge = vector.copy()
        huge[problem.network.position(element)] = factor
        data = DataSet(np.full((1, 2), 9.0), np.zeros((1, 2)))
        if element.startswith("w.2"):
            huge[problem.network.position("b.1.1")] = 1e3
        trace = explain(replace(problem, data=data), begin(replace(problem, data=data), huge))
        assert trace.first_nonfinite == expected
        assert trace.diverged
    # Everything finite up to the deltas: the update alone overflows.
    steep = TrainingSpec(problem.training.loss, OptimizerSpec("sgd", {"learning_rate": 1e6}))
    problem = replace(problem, training=steep, data=DataSet(np.full((1, 2), 1e100), np.full((1, 2), -1e153)))
    trace = explain(problem, begin(problem, np.full_like(vector, 1e50)))
    assert trace.first_nonfinite is not None


def test_saturated_network_has_finite_traces() -> None:
    for loss, output in [("binary_cross_entropy", "sigmoid"), ("categorical_cross_entropy", "softmax")]:
        problem, vector = problem_of(network("sigmoid", output), loss_spec(loss))
        trace = explain(problem, begin(problem, 1e3 * vector))
        assert trace.first_nonfinite is None
        assert not trace.diverged
        assert np.isfinite(trace.loss)


def test_element_is_the_inverse_of_position() -> None:
    for bias in ("trained", "absent"):
        spec = network("tanh", "tanh", bias, (3, 4, 2))  # type: ignore[arg-type]
        for place in range(spec.parameter_count):
            assert spec.position(spec.element(place)) == place
    with pytest.raises(IndexError):
        spec.element(spec.parameter_count)


def test_set_loss_reduces_the_samples_losses() -> None:
    problem, vector = problem_of(
        network("tanh", "tanh"), loss_spec("squared_error", "mean", "mean"), samples=7
    )
    arguments = (problem.network, problem.training.loss, vector, problem.data.inputs, problem.data.targets)
    assert set_loss(*arguments) == pytest.approx(sample_losses(*arguments).mean(), rel=1e-15)
    assert set_loss(*arguments) == pytest.approx(explain(problem, begin(problem, vector)).loss, rel=1e-15)
