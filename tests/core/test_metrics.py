"""What is measured beside the loss: at which steps, with which numbers, and in how much memory."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.activations import ACTIVATIONS
from core.history import MetricCurve, Timeline
from core.history import metrics as metrics_module
from core.network import BatchSpec, LayerSpec, NetworkSpec, OptimizerSpec, Parameters, TrainingSpec
from core.pictures.meter import SATURATED, Meter
from core.presets import PRESETS
from core.propagation import Pass, predict
from core.registry import complete_parameters
from core.session import DataChoice, Session
from core.session.shell import accuracy
from core.session.validation import target_range
from tests.core.sessions import HALF, spec, training
from tests.core.strategies import FULL, loss_spec, network, problem_of
from tests.core.test_branches import DOINGS, do


def plainly(session: Session) -> tuple[float | None, list[float], list[float]]:
    """The same numbers by the explained pass over the whole set, one neuron and one sample at a time."""
    problem, vector = session.problem, session.snapshot.vector
    computed = Pass(problem, vector, problem.data.inputs, problem.data.targets)
    gradient = Parameters(problem.network, computed.gradient)
    means, idle = [], []
    for index, layer in enumerate(problem.network.layers, start=1):
        means.append(float(np.abs(gradient.weights(index)).mean()))
        entry = ACTIVATIONS.get(layer.activation)
        net_input, activation = computed.layers[index - 1].net_input, computed.layers[index - 1].activation
        if entry.idle == "dead":
            idle.append(float((net_input <= 0).all(axis=0).mean()))
        elif entry.idle == "saturated":
            numbers = complete_parameters(entry.parameters, layer.activation_parameters)
            slopes = np.abs(entry.derivative(net_input, activation, numbers))
            greatest = {"sigmoid": 0.25, "tanh": 1.0}[layer.activation]
            idle.append(float((slopes < SATURATED * greatest).mean()))
        else:
            idle.append(np.nan)
    right = accuracy(computed.layers[-1].activation, problem.data.targets, target_range(problem.network))
    return right, means, idle


def check(session: Session) -> None:
    """Every row of the present branch is what a computation at that step gives."""
    found = session.metrics()
    assert (np.diff(found.steps) > 0).all()
    assert session.step_count in found.steps
    for row, step in enumerate(found.steps):
        session.seek_step(int(step))
        right, means, idle = plainly(session)
        assert np.isnan(found.test_loss[row])
        assert np.isnan(found.test_accuracy[row])
        np.testing.assert_equal(found.accuracy[row], np.nan if right is None else right)
        np.testing.assert_allclose(found.gradients[row], means, rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(found.idle[row], idle)


@settings(deadline=None, max_examples=25)
@given(DOINGS)
def test_metrics_are_those_of_their_steps(doings: list[tuple[str, int]]) -> None:
    session = Session.create(spec(training("momentum", "mini", "shuffled", size=3)))
    do(session, doings)
    node = session.node
    copy = session.fork()
    check(session)
    session.seek_node(node)
    check(copy)


@pytest.mark.parametrize(("hidden", "output", "loss", "bias"), FULL)
def test_a_measurement_is_the_explained_pass_over_the_set(
    hidden: str, output: str, loss: str, bias: str
) -> None:
    problem, vector = problem_of(network(hidden, output, bias), loss_spec(loss, batch="mean"), samples=7)  # type: ignore[arg-type]
    row = Meter(problem).measure(vector)
    computed = Pass(problem, vector, problem.data.inputs, problem.data.targets)
    gradient = Parameters(problem.network, computed.gradient)
    expected = [float(np.abs(gradient.weights(layer)).mean()) for layer in (1, 2, 3)]
    np.testing.assert_allclose(row[3:6], expected, rtol=1e-9, atol=1e-14)


def test_a_large_set_is_measured_in_parts() -> None:
    problem, vector = problem_of(network("tanh", "sigmoid"), loss_spec("squared_error"), samples=1100)
    for batch in ("sum", "mean"):
        one = replace(
            problem, training=replace(problem.training, loss=loss_spec("squared_error", batch=batch))
        )
        meter = Meter(one)
        computed = Pass(one, vector, one.data.inputs, one.data.targets)
        gradient = Parameters(one.network, computed.gradient)
        expected = [float(np.abs(gradient.weights(layer)).mean()) for layer in (1, 2, 3)]
        # The second time the buffers are those of the last part.
        for _ in range(2):
            np.testing.assert_allclose(meter.measure(vector)[3:6], expected, rtol=1e-9)


def test_deep_sigmoid_vanishes_and_relu_does_not() -> None:
    """The first layer's gradient against the last one's, before anything is learnt."""
    shares = {}
    for activation in ("sigmoid", "relu"):
        layers = tuple(LayerSpec(8, activation) for _ in range(6))
        session = Session.create(
            spec(
                replace(training(mode="full"), loss=HALF),
                network=NetworkSpec(2, (*layers, LayerSpec(1, "sigmoid"))),
                data=DataChoice("circles"),
            )
        )
        gradients = session.metrics().gradients[0]
        shares[activation] = gradients[0] / gradients[-1]
    assert shares["sigmoid"] < 1e-4
    assert shares["relu"] > 1e-2


def test_the_deep_presets_show_it() -> None:
    """The same start; only the activation function differs."""
    sessions = [Session.create(PRESETS.get(f"deep-{name}").spec()) for name in ("sigmoid", "relu")]
    assert np.array_equal(*(session.initial for session in sessions))
    for session in sessions:
        session.step(1000)
    sigmoid, relu = (session.metrics().gradients for session in sessions)
    assert np.median(sigmoid[:, 0] / sigmoid[:, -1]) < 1e-2
    assert np.median(relu[:, 0] / relu[:, -1]) > 0.1
    assert sessions[0].accuracy is not None
    assert sessions[0].accuracy < 0.6
    assert sessions[1].accuracy == 1.0


def test_an_output_fused_with_its_loss_is_never_saturated() -> None:
    found = Session.create(PRESETS.get("moons").spec()).metrics()
    assert found.kinds == ("saturated", None)
    assert np.isnan(found.idle[:, 1]).all()


def test_dead_neurons_are_counted() -> None:
    spec_ = spec(network=NetworkSpec(2, (LayerSpec(4, "relu"), LayerSpec(1))), data=DataChoice("xor"))
    weights = np.zeros((4, 3))
    weights[:, 2] = [-1.0, -1.0, 0.0, 1.0]  # only the last one is above 0 anywhere
    session = Session.create(replace(spec_, initial=np.concatenate([weights.ravel(), np.zeros(5)])))
    assert session.metrics().idle[0].tolist() == [0.75, 0.0]


def test_a_long_run_keeps_few_rows_and_the_beginning() -> None:
    session = Session.create(PRESETS.get("xor-numpy").spec())
    for _ in range(20):
        session.step(1000)
    steps = session.metrics().steps
    assert steps[:33].tolist() == list(range(33))
    assert len(steps) < 400
    assert steps[-1] == 20_000
    assert np.diff(steps).max() <= metrics_module.AFFORDABLE


def test_rows_stay_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics_module, "MAXIMUM_ROWS", 400)
    timeline: Timeline[str] = Timeline()
    curve = MetricCurve(1)
    curve.add(0, 0, np.zeros(1))
    steps = [0]
    step = 0
    while step < 200_000:
        step = curve.next_after(step)
        curve.add(0, step, np.array([float(step)]))
        steps.append(step)
    timeline.append_steps(step)
    kept, rows = curve.arrays(timeline.path(step))
    assert len(kept) <= 400
    assert kept[0] == 0
    assert set(kept) <= set(steps)
    assert np.array_equal(kept, rows[:, 0])
    # Still spread over the run, its beginning too.
    assert sum(kept < 1000) > 100
    assert sum(kept > 100_000) > 10


@given(st.integers(0, 10**7), st.floats(1.0, 5000.0))
def test_the_next_step_to_measure_is_one_that_is_wanted(step: int, cost: float) -> None:
    curve = MetricCurve(1)
    following = curve.next_after(step, cost)
    assert following > step
    assert curve.wants(following, cost)


def test_a_batch_of_one_is_measured_seldom() -> None:
    """A measurement reads the whole set: with 5,000 rows a step's batch is a small part of it."""
    curve = MetricCurve(1)
    assert curve.next_after(100_000, 5000.0) - 100_000 > curve.next_after(100_000, 1.0) - 100_000


def test_no_classes_no_accuracy() -> None:
    how = TrainingSpec(HALF, OptimizerSpec("sgd", {"learning_rate": 0.1}), BatchSpec())
    data = replace(problem_of(network("tanh", "identity"), HALF)[0].data)
    session = Session.create(spec(how, network=network("tanh", "identity"), data=data))
    found = session.metrics()
    assert np.isnan(found.accuracy).all()
    assert found.kinds == ("saturated", "saturated", None)
    assert predict(session.network, session.snapshot.vector, data.inputs)[-1][1].shape == (4, 2)


def test_rows_of_many_branches_stay_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics_module, "MAXIMUM_ROWS", 150)
    curve = MetricCurve(1)
    for segment in range(120):
        for step in range(30):
            curve.add(segment, step, np.zeros(1))
    assert sum(len(rows) for rows in curve._rows.values()) // 2 == curve._total <= 150
    assert all(len(rows) >= 2 for rows in curve._rows.values())
