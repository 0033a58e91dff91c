"""Maps, lines, hidden space, histogram, confusion: each against `predict` or a plain count."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.errors import InvalidInputError
from core.network import DataSet, LayerSpec, NetworkSpec, Parameters, Preparation, SplitSpec
from core.pictures.hidden import HiddenSpace, hidden_space, outputs_of_layer
from core.pictures.histogram import histogram
from core.pictures.lines import level_lines, zero_lines
from core.pictures.maps import class_map, neuron_maps
from core.pictures.plane import plane_of
from core.pictures.scores import accuracy, confusion
from core.presets import PRESETS
from core.propagation import predict
from core.session import DataChoice, Session
from tests.core.sessions import network as net
from tests.core.sessions import spec, training
from tests.core.strategies import HIDDEN, loss_spec, network, problem_of

SIZES = (2, 5, 4, 3)


def trained(preset: str, steps: int = 300) -> Session:
    session = Session.create(PRESETS.get(preset).spec())
    session.step(steps)
    return session


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("output", ["softmax", "sigmoid", "identity"])
def test_maps_are_predict_over_the_grid(hidden: str, output: str) -> None:
    problem, vector = problem_of(network(hidden, output, sizes=SIZES), loss_spec("squared_error"), samples=9)
    plane = plane_of(problem.data, (0, 1), 11)
    elements = ("a.1.0", "a.2.3", "a.3.0", "a.3.2", "a.1.4")
    expected = predict(problem.network, vector, plane.grid())
    for place, quantity in ((1, "activation"), (0, "net_input")):
        maps = neuron_maps(problem.network, vector, problem.data, plane, elements, quantity)  # type: ignore[arg-type]
        for one in maps:
            layer, neuron = (int(part) for part in one.element[2:].split("."))
            values = expected[layer - 1][place][:, neuron]
            if hidden == "step" and layer > 1:
                continue  # a step on the edge may fall to the other side in float32
            np.testing.assert_allclose(one.values, values, rtol=1e-4, atol=2e-5)
            assert (one.minimum, one.maximum) == (float(one.values.min()), float(one.values.max()))


def test_the_class_map_is_the_greatest_output() -> None:
    session = trained("blobs")
    vector = session.snapshot.vector
    plane = plane_of(session.data, (0, 1), 15)
    found = class_map(session.network, vector, session.data, plane)
    outputs = predict(session.network, vector, plane.grid())[-1][1]
    assert found.classes.tolist() == outputs.argmax(axis=1).tolist()
    np.testing.assert_allclose(found.values, outputs.max(axis=1), rtol=1e-5)
    with pytest.raises(InvalidInputError, match="class-map"):
        class_map(network("tanh", "sigmoid", sizes=(2, 2, 1)), vector, session.data, plane)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6), st.sampled_from(["tanh", "relu", "sigmoid", "gelu"]), st.integers(1, 2))
def test_net_inputs_are_0_on_zero_lines(seed: int, hidden: str, layer: int) -> None:
    problem, vector = problem_of(
        network(hidden, "sigmoid", sizes=SIZES), loss_spec("squared_error"), seed=seed
    )
    plane = plane_of(problem.data, (0, 1), 24)
    lines = zero_lines(problem.network, vector, problem.data, plane, layer)
    assert len(lines) == problem.network.sizes[layer]
    for neuron, parts in enumerate(lines):
        for line in parts:
            net_input = predict(problem.network, vector, line)[layer - 1][0][:, neuron]
            assert np.abs(net_input).max() < 1e-10
    # A line is there exactly where the sign changes.
    grid = predict(problem.network, vector, plane.grid())[layer - 1][0]
    for neuron, parts in enumerate(lines):
        assert bool(parts) == (0 < int((grid[:, neuron] >= 0).sum()) < len(grid))


def test_zero_lines_of_the_first_layer_are_straight_and_whole() -> None:
    session = trained("xor-2-2-1", 1000)
    plane = plane_of(session.data, (0, 1), 24)
    for neuron, parts in enumerate(
        zero_lines(session.network, session.snapshot.vector, session.data, plane, 1)
    ):
        assert len(parts) <= 1
        weights = Parameters(session.network, session.snapshot.vector).weights(1)[:, neuron]
        for line in parts:
            along = line @ np.array([-weights[1], weights[0]])
            assert (np.diff(along) > 0).all() or (np.diff(along) < 0).all()
            # From frame to frame.
            for end in (line[0], line[-1]):
                assert end[0] in plane.x_range or end[1] in plane.y_range


def test_lines_close_around_a_hill_and_part_at_a_saddle() -> None:
    axis = np.linspace(-2.0, 2.0, 41)
    x, y = np.meshgrid(axis, axis)
    circle = level_lines(axis, axis, (x * x + y * y)[None], 1.0, lambda a, b, which: a * a + b * b)[0]
    assert len(circle) == 1
    assert np.array_equal(circle[0][0], circle[0][-1])
    np.testing.assert_allclose(np.hypot(*circle[0].T), 1.0, rtol=1e-12)
    saddle = level_lines(axis, axis, (x * y)[None], 0.01, lambda a, b, which: a * b)[0]
    assert len(saddle) == 2
    missing = np.where(x > 0, np.nan, x + 1.0)
    half = level_lines(axis, axis, missing[None], 0.0, lambda a, b, which: a + 1.0)[0]
    np.testing.assert_allclose(half[0][:, 0], -1.0)


def test_hidden_space_of_two_units_is_their_activations() -> None:
    session = trained("xor-2-2-1", 1000)
    for _ in range(30):
        session.step(1000)
    vector = session.snapshot.vector
    space = hidden_space(session.network, vector, session.data, 1, 21)
    assert space.axes == "units"
    assert sum(space.shares) == pytest.approx(1.0)
    layers = predict(session.network, vector, session.data.inputs)
    assert np.array_equal(space.points, layers[0][1])
    check_lines(session, space)


def check_lines(session: Session, space: HiddenSpace) -> None:
    """The dividing line's places, put through the layers after it, give the output's midpoint."""
    vector = session.snapshot.vector
    [lines] = space.lines
    assert lines
    for line in lines:
        places = space.mean + line @ space.directions
        outputs = outputs_of_layer(session.network, vector, places, space.layer)
        np.testing.assert_allclose(outputs[:, 0], space.midpoint, atol=1e-9)


def separated(space: HiddenSpace, yes: NDArray[np.bool_]) -> bool:
    """Whether the dividing line is straight, with the two classes on its two sides."""
    [[line]] = space.lines
    along = line[-1] - line[0]
    normal = np.array([along[1], -along[0]]) / np.hypot(*along)
    assert np.abs((line - line[0]) @ normal).max() < 1e-9
    sides = (space.points - line[0]) @ normal > 0
    return bool((sides == yes).all() or (sides == ~yes).all())


@pytest.mark.parametrize("preset", ["xor-2-2-1", "xor-numpy"])
def test_xor_becomes_separable_in_hidden_space(preset: str) -> None:
    session = trained(preset, 1000)
    yes = session.data.targets[:, 0] == 1.0
    for _ in range(60):
        session.step(1000)
    assert session.accuracy == 1.0
    space = hidden_space(session.network, session.snapshot.vector, session.data, 1, 31, along_output=True)
    assert space.axes == {"xor-2-2-1": "units", "xor-numpy": "output"}[preset]
    check_lines(session, space)
    assert separated(space, yes)
    assert not space.misplaced.any()


def test_rows_that_the_plane_misplaces_are_marked() -> None:
    session = trained("xor-numpy", 1000)
    for _ in range(60):
        session.step(1000)
    space = hidden_space(session.network, session.snapshot.vector, session.data, 1, 31)
    yes = session.data.targets[:, 0] == 1.0
    # Two axes hold part of the variance; the rest decides some rows.
    assert space.axes == "principal"
    assert sum(space.shares) < 0.99
    assert separated(space, yes ^ space.misplaced)
    assert space.misplaced.any()


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(1, 3))
def test_hidden_space_of_any_width(seed: int, units: int, outputs: int) -> None:
    shape = network("tanh", "sigmoid", sizes=(2, units, outputs))
    problem, vector = problem_of(shape, loss_spec("squared_error"), samples=12, seed=seed)
    space = hidden_space(problem.network, vector, problem.data, 1, 9, outputs - 1)
    seen = predict(shape, vector, problem.data.inputs)[0][1]
    assert space.values.shape == (outputs, 9, 9)
    if units > 2:
        # The principal axes: orthonormal, and no other plane holds more of the variance.
        np.testing.assert_allclose(space.directions @ space.directions.T, np.eye(2), atol=1e-9)
        centred = seen - seen.mean(axis=0)
        squares = np.linalg.svd(centred, compute_uv=False) ** 2
        np.testing.assert_allclose(space.shares, squares[:2] / squares.sum(), atol=1e-9)
        back = space.mean + space.points @ space.directions
        np.testing.assert_allclose(((back - seen) ** 2).sum(), squares[2:].sum(), atol=1e-9)
    else:
        np.testing.assert_allclose(space.points[:, :units], seen)
    # The grid is the outputs at its places: the corner at the lowest x and y.
    corner = space.mean + np.array([space.x_range[0], space.y_range[0]]) @ space.directions
    expected = outputs_of_layer(shape, vector, corner[None], 1)[0]
    np.testing.assert_allclose(space.values[:, 0, 0], expected, rtol=1e-12)


def test_several_outputs_are_divided_where_another_becomes_the_greatest() -> None:
    session = trained("blobs", 600)
    vector = session.snapshot.vector
    space = hidden_space(session.network, vector, session.data, 1, 31)
    assert len(space.lines) == 3
    found = 0
    for index, lines in enumerate(space.lines):
        for line in lines:
            outputs = outputs_of_layer(session.network, vector, space.mean + line @ space.directions, 1)
            others = np.delete(outputs, index, axis=1).max(axis=1)
            np.testing.assert_allclose(outputs[:, index], others, atol=1e-9)
            found += len(line)
    assert found > 10


def test_outputs_of_a_layer_are_those_of_predict() -> None:
    problem, vector = problem_of(network("elu", "softmax", sizes=SIZES), loss_spec("squared_error"))
    layers = predict(problem.network, vector, problem.data.inputs)
    for layer in (1, 2):
        found = outputs_of_layer(problem.network, vector, layers[layer - 1][1], layer)
        assert np.array_equal(found, layers[-1][1])


def test_histogram_counts_every_weight_once() -> None:
    session = trained("moons")
    found = histogram(session.network, session.snapshot.vector, session.initial, 12)
    parameters = Parameters(session.network, session.snapshot.vector)
    before = Parameters(session.network, session.initial)
    for one in found.layers:
        weights = parameters.weights(one.layer)
        assert one.counts.sum() == one.initial.sum() == weights.size
        for k, count in enumerate(one.counts):
            low, high = found.edges[k], found.edges[k + 1]
            last = k == len(one.counts) - 1
            assert count == ((weights >= low) & ((weights <= high) if last else (weights < high))).sum()
        assert (one.minimum, one.maximum) == (weights.min(), weights.max())
        assert one.mean == pytest.approx(weights.mean())
        assert before.weights(one.layer).min() >= found.edges[0]


def test_equal_weights_have_a_histogram() -> None:
    spec = NetworkSpec(2, (LayerSpec(1),))
    found = histogram(spec, np.zeros(3), np.zeros(3), 5)
    assert found.layers[0].counts.tolist() == [0, 0, 2, 0, 0]
    large = np.array([1e308, -1e308, 0.0])
    assert np.isfinite(histogram(spec, large, large, 5).edges).all()


PAIR = (0.0, 1.0)


@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 30))
def test_confusion_is_a_count(seed: int, outputs: int, rows: int) -> None:
    random = np.random.default_rng(seed)
    answers = random.uniform(0.0, 1.0, (rows, outputs))
    actual = random.integers(0, max(2, outputs), rows)
    targets = actual[:, None] * 1.0 if outputs == 1 else np.eye(outputs)[actual]
    found = confusion(answers, targets, PAIR)
    assert found is not None
    assert found.counts is not None
    guessed = [int(row[0] >= 0.5) if outputs == 1 else int(np.argmax(row)) for row in answers]
    for i in range(max(2, outputs)):
        for j in range(max(2, outputs)):
            assert found.counts[i, j] == sum(a == i and g == j for a, g in zip(actual, guessed, strict=True))
    wrong = [k for k, (a, g) in enumerate(zip(actual, guessed, strict=True)) if a != g]
    assert found.wrong.tolist() == wrong
    assert accuracy(answers, targets, PAIR) == pytest.approx(1.0 - len(wrong) / rows)


def test_confusion_needs_classes() -> None:
    answers = np.array([[0.2, 0.9], [0.7, 0.6]])
    assert confusion(answers, np.array([[0.3, 1.0], [1.0, 0.0]]), PAIR) is None
    assert confusion(answers, np.array([[0.0, 1.0], [1.0, 0.0]]), None) is None
    # Several yes in a row: right and wrong, but no single class.
    both = confusion(answers, np.array([[0.0, 1.0], [1.0, 1.0]]), PAIR)
    assert both is not None
    assert both.counts is None
    assert both.wrong.tolist() == []


def test_a_map_near_divergence_is_drawn_without_warnings() -> None:
    problem, vector = problem_of(network("relu", "identity", sizes=(2, 3, 1)), loss_spec("squared_error"))
    plane = plane_of(problem.data, (0, 1), 5)
    huge = vector * 1e300
    [one] = neuron_maps(problem.network, huge, problem.data, plane, ("a.2.0",))
    assert not np.isfinite(one.values).all()
    zero_lines(problem.network, huge, problem.data, plane, 1)
    hidden_space(problem.network, huge, problem.data, 1, 5)


def test_planes_of_wider_data_stand_at_the_mean() -> None:
    inputs = np.arange(15.0).reshape(5, 3)
    data = DataSet(inputs, np.zeros((5, 1)))
    plane = plane_of(data, (2, 0), 3)
    grid = plane.grid()
    assert (grid[:, 1] == inputs[:, 1].mean()).all()
    assert grid[0].tolist() == [plane.y_range[0], inputs[:, 1].mean(), plane.x_range[0]]
    with pytest.raises(InvalidInputError, match="boundary-axis"):
        plane_of(data, (0, 3), 3)
    with pytest.raises(InvalidInputError, match="boundary-axes"):
        plane_of(replace(data), (1, 1), 3)


def prepared_session() -> Session:
    """Four inputs made of two scaled columns, a quarter of the rows held back."""
    preparation = Preparation(SplitSpec(0.25, 7), ("x1", "x2", "x1^2", "x1*x2"), "standard")
    data = DataChoice("circles", {"size": 80}, preparation=preparation)
    session = Session.create(spec(training("adam"), network=net(4, 1, inputs=4), data=data))
    session.step(200)
    return session


def test_pictures_of_prepared_data_are_in_its_own_units() -> None:
    session = prepared_session()
    data, vector = session.data, session.snapshot.vector
    plane = plane_of(data, (0, 1), 24)
    assert plane.x_range[0] < data.raw_inputs[:, 0].min()
    [one] = neuron_maps(session.network, vector, data, plane, ("a.2.0",))
    expected = predict(session.network, vector, data.network_inputs(plane.grid()))[-1][1][:, 0]
    np.testing.assert_allclose(one.values, expected, rtol=1e-4)
    bent = zero_lines(session.network, vector, data, plane, 1)
    assert sum(len(lines) for lines in bent)
    for neuron, lines in enumerate(bent):
        for line in lines:
            net_input = predict(session.network, vector, data.network_inputs(line))[0][0][:, neuron]
            assert np.abs(net_input).max() < 1e-10


def test_test_rows_are_seen_too() -> None:
    session = prepared_session()
    data, vector = session.data, session.snapshot.vector
    found = session.metrics()
    assert found.test_loss[-1] == pytest.approx(session.test_loss, rel=1e-12)
    assert found.test_accuracy[-1] == session.test_accuracy
    assert not np.isnan(found.test_loss).any()
    space = hidden_space(session.network, vector, data, 1, 9)
    assert space.test_points is not None
    seen = predict(session.network, vector, data.test_inputs)[0][1]
    np.testing.assert_allclose(space.test_points, (seen - space.mean) @ space.directions.T)
    # As it was on the way, each value from the state there.
    for row in (0, 10, 40):
        session.seek_step(int(found.steps[row]))
        assert found.test_loss[row] == pytest.approx(session.test_loss, rel=1e-12)
        assert found.test_accuracy[row] == session.test_accuracy
