"""Races in two variables: the optimizers of training, to the last digit, and each update told."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.descent.contours import relief
from core.descent.objectives import DataObjective, FunctionObjective, drawn_points
from core.descent.race import BatchMode, Entrant, race, standing
from core.descent.setup import RunAsked, race_setup
from core.descent.surfaces import SURFACES
from core.descent.told_race import tell_move
from core.errors import InvalidInputError
from core.network import (
    BatchSpec,
    DataSet,
    LayerSpec,
    LossSpec,
    NetworkSpec,
    OptimizerSpec,
    Parameters,
    TrainingSpec,
)
from core.optimizers import OPTIMIZERS
from core.registry import complete_parameters
from core.symbolic import formula
from core.training import Problem, Trainer, start
from tests.core.tex_arithmetic import evaluate

MODES: tuple[BatchMode, ...] = ("full", "mini", "one")


def entrant(name: str, batch: BatchMode = "full", **parameters: float) -> Entrant:
    optimizer = OPTIMIZERS.get(name)
    return Entrant(optimizer, complete_parameters(optimizer.parameters, parameters), batch)


def trained(
    data: DataObjective, runner: Entrant, begin: tuple[float, float], steps: int, size: int, seed: int
) -> np.ndarray:
    """Train one linear neuron through the plan, update by update; returns (w_0, w_1) after each."""
    network = NetworkSpec(1, (LayerSpec(1, "identity"),))
    training = TrainingSpec(
        LossSpec("squared_error", 1.0, "sum", "mean"),
        OptimizerSpec(runner.optimizer.name, runner.parameters),
        BatchSpec(runner.batch, size, "stored" if runner.batch == "full" else "shuffled"),
    )
    points = DataSet(data.inputs[:, None], data.targets[:, None])
    problem = Problem(network, training, points, network.trainable_mask() == 0.0)
    vector = np.zeros(2)
    views = Parameters(network, vector)
    views.weights(1)[0, 0], views.bias(1)[0] = begin[1], begin[0]  # type: ignore[index]
    trainer = Trainer(problem)
    trainer.load(start(problem, vector, np.random.default_rng([seed, 1])))
    path = [begin]
    for _ in range(steps):
        trainer.run(1)
        now = Parameters(network, trainer.snapshot().vector)
        path.append((float(now.bias(1)[0]), float(now.weights(1)[0, 0])))  # type: ignore[index]
    return np.array(path)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(OPTIMIZERS.names()),
    st.sampled_from(MODES),
    st.integers(2, 12),
    st.integers(1, 5),
    st.integers(0, 1000),
    st.floats(0.001, 0.05),
)
def test_a_race_is_training(
    name: str, mode: BatchMode, count: int, size: int, seed: int, rate: float
) -> None:
    points = np.array(drawn_points(count, 0.5, seed))
    data = DataObjective(points[:, 0], points[:, 1])
    runner = entrant(name, mode, learning_rate=rate)
    [path] = race(data, [runner], (-3.0, -2.0), 25, batch_size=size, seed=seed)
    wanted = trained(data, runner, (-3.0, -2.0), 25, size, seed)
    assert path.points == pytest.approx(wanted, rel=1e-9, abs=1e-11)


def test_the_rules_are_the_registry_s_own() -> None:
    setup = race_setup("ravine", None, None, None, None, (None, None), None, (12, 0.5, 0))
    assert [each.optimizer.name for each in setup.entrants] == OPTIMIZERS.names()
    assert all(each.optimizer is OPTIMIZERS.get(each.optimizer.name) for each in setup.entrants)


def test_the_ravine_after_fourteen_steps() -> None:
    """Figures of a program of its own, written apart from this one."""
    wanted = {
        "adagrad": (-0.8945, 0.0, 0.040010),
        "rmsprop": (-1.7916, 0.0, 0.160500),
        "sgd": (-1.7305, 0.4575, 0.359075),
        "nag": (-2.9364, 0.2013, 0.471662),
        "adam": (-2.9689, -0.7085, 0.942671),
        "momentum": (-2.8089, 0.9265, 1.252920),
    }
    setup = race_setup("ravine", None, None, None, None, (None, None), None, (12, 0.5, 0))
    paths = race(setup.objective, setup.entrants, setup.start, setup.steps)
    order = [paths[place].entrant.optimizer.name for place in standing(paths, 14)]
    assert order == list(wanted)
    for path in paths:
        x, y, value = wanted[path.entrant.optimizer.name]
        assert path.points[14] == pytest.approx((x, y), abs=5e-5)
        assert path.values[14] == pytest.approx(value, abs=5e-7)


@pytest.mark.parametrize("name", [entry.name for entry in SURFACES if not entry.is_loss])
def test_surfaces(name: str) -> None:
    entry = SURFACES.get(name)
    objective = FunctionObjective(formula(entry.expression, ("x", "y")))
    for point in entry.minima:
        assert np.abs(objective.gradient(np.array(point))).max() < 1e-9
    setup = race_setup(name, None, None, None, None, (None, None), None, (12, 0.5, 0))
    paths = race(setup.objective, setup.entrants, setup.start, setup.steps)
    assert all(path.failed is None and path.steps == setup.steps for path in paths)
    # All come down, and stay where the picture shows them.
    assert all(path.values[-1] < path.values[0] for path in paths)
    assert all(low <= start <= high for start, (low, high) in zip(
        setup.start, (setup.x_range, setup.y_range), strict=True
    ))  # fmt: skip
    picture = relief(objective, entry.x_range, entry.y_range, 24)
    assert list(picture.levels) == sorted(picture.levels)
    assert picture.values[0, -1] == pytest.approx(
        objective.value(np.array([entry.x_range[1], entry.y_range[0]]))
    )


@pytest.mark.parametrize("name", OPTIMIZERS.names())
@pytest.mark.parametrize("surface", ["beale", "regression"])
def test_every_line_of_an_update_comes_to_its_result(name: str, surface: str) -> None:
    asked = [RunAsked(name, {}, "mini" if surface == "regression" else "full")]
    setup = race_setup(surface, None, asked, None, None, (None, None), None, (12, 0.5, 0))
    [path] = race(setup.objective, setup.entrants, setup.start, setup.steps)
    for at in (0, 3, setup.steps):
        told = tell_move(setup.objective, path, at)
        lines = [line for step in told.microsteps for line in step.lines]
        for line in lines:
            assert evaluate(line.substitution, line.values) == pytest.approx(
                line.result, rel=1e-9, abs=1e-12
            ), line.id
        assert [check.verdict for check in told.checks] == ["agree", "agree"]
        if at < path.steps:
            results = {line.result_ref: line.result for line in lines}
            new = [results[f"n{each}"] for each in setup.objective.parameters]
            assert new == path.points[at + 1].tolist()


def test_divergence_keeps_the_last_finite_point() -> None:
    objective = FunctionObjective(formula("x^4 + y^2", ("x", "y")))
    [path] = race(objective, [entrant("sgd", learning_rate=1.0)], (5.0, 1.0), 50)
    assert path.failed == "gradient"
    assert path.steps < 50
    assert np.isfinite(path.points).all()
    told = tell_move(objective, path, 50)
    assert any(math.isinf(line.result) for step in told.microsteps for line in step.lines)


def test_a_run_settles_where_its_gradient_stays_small() -> None:
    objective = FunctionObjective(formula("x^2 + y^2", ("x", "y")))
    [path] = race(objective, [entrant("sgd", learning_rate=0.1)], (3.0, 4.0), 100, tolerance=1e-3)
    assert path.settled is not None
    assert path.norms[path.settled] <= 1e-3 < path.norms[path.settled - 1]


def test_the_regression_ends_at_least_squares() -> None:
    asked = [RunAsked("sgd", {"learning_rate": 0.1})]
    setup = race_setup("regression", None, asked, None, 400, (None, None), None, (12, 0.5, 0))
    [path] = race(setup.objective, setup.entrants, setup.start, setup.steps)
    assert path.points[-1] == pytest.approx(setup.minima[0], abs=1e-9)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"surface": "nowhere"}, "unknown-name"),
        ({"expression": "x*y"}, "descent-expression"),
        ({"runs": [RunAsked("sgd", {}, "mini")]}, "descent-batch"),
        ({"runs": [RunAsked("sgd", {"momentum": 0.5})]}, "unknown-name"),
        ({"ranges": ((1.0, 0.0), None)}, "descent-range"),
        (
            {"surface": "typed", "expression": "+".join(f"sin({k}*x)" for k in range(40)), "steps": 1000},
            "descent-work",
        ),
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, object], code: str) -> None:
    asked = {"surface": "ravine", "expression": None, "runs": None, "start": None, "steps": None}
    asked |= {"ranges": (None, None), "points": None, "drawn": (12, 0.5, 0), **changes}
    with pytest.raises(InvalidInputError) as caught:
        race_setup(*asked.values())  # type: ignore[arg-type]
    assert caught.value.code == code
