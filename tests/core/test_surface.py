"""The loss surface: its points are losses, its path the states that training passed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.network import Array
from core.pictures import surface as surface_module
from core.pictures.surface import Surface, SurfaceJob, Visit, path_directions, random_directions
from core.presets import PRESETS
from core.propagation import set_loss
from core.session import Session

ALL = 10**12


def trained(preset: str = "xor-numpy", steps: int = 900) -> Session:
    session = Session.create(PRESETS.get(preset).spec())
    session.step(steps)
    return session


def loss_of(session: Session, vector: Array) -> float:
    problem = session.problem
    return set_loss(problem.network, problem.training.loss, vector, problem.data.inputs, problem.data.targets)


def made(session: Session, kind: str, resolution: int = 9, **more: object) -> tuple[SurfaceJob, Surface]:
    vector = session.snapshot.vector
    job = SurfaceJob(session.problem, vector, session.visits(20), kind, resolution, **more)  # type: ignore[arg-type]
    job.turn(ALL)
    return job, job.result


@pytest.mark.parametrize("kind", ["parameters", "random", "path"])
def test_points_are_losses_of_the_whole_set(kind: str) -> None:
    session = trained()
    job, found = made(session, kind)
    assert found.loss == pytest.approx(session.loss, rel=1e-12)
    for row, y in enumerate(found.ys):
        for column, x in enumerate(found.xs):
            expected = loss_of(session, job.vector_at(x, y))
            assert found.losses[row, column] == pytest.approx(expected, rel=1e-9)
    np.testing.assert_allclose(job.vector_at(*found.center), session.snapshot.vector)


@pytest.mark.parametrize("kind", ["parameters", "random", "path"])
def test_the_path_is_projected(kind: str) -> None:
    session = trained()
    job, found = made(session, kind)
    assert found.path_steps[0] == 0
    assert found.path_steps[-1] == session.step_count
    for k, step in enumerate(found.path_steps):
        session.seek_step(step)
        vector = session.snapshot.vector
        assert found.path_losses[k] == pytest.approx(session.loss, rel=1e-9)
        place = job.vector_at(found.path_x[k], found.path_y[k])
        rest = vector - place
        # What is left stands at a right angle on the plane.
        assert np.abs(found.directions @ rest).max() < 1e-8
        assert np.linalg.norm(rest) == pytest.approx(found.path_distances[k], abs=1e-9)
    assert (found.path_x[-1], found.path_y[-1]) == pytest.approx(found.center)
    assert found.path_distances[-1] == pytest.approx(0.0, abs=1e-12)
    if kind != "random":
        assert found.xs[0] <= found.path_x.min()
        assert found.path_x.max() <= found.xs[-1]
        assert found.ys[0] <= found.path_y.min()
        assert found.path_y.max() <= found.ys[-1]


def test_axes_of_parameters_are_their_values() -> None:
    session = trained()
    job, found = made(session, "parameters", elements=("w.1.0.2", "b.2.0"))
    x, y = session.network.position("w.1.0.2"), session.network.position("b.2.0")
    vector = session.snapshot.vector
    assert found.center == pytest.approx((vector[x], vector[y]))
    there = job.vector_at(0.25, -1.5)
    assert there[x] == pytest.approx(0.25)
    assert there[y] == pytest.approx(-1.5)
    assert np.array_equal(np.delete(there, [x, y]), np.delete(vector, [x, y]))
    with pytest.raises(InvalidInputError, match="surface-axes"):
        made(session, "parameters", elements=("b.2.0", "b.2.0"))
    with pytest.raises(InvalidInputError, match="unknown-element"):
        made(session, "parameters", elements=("b.2.0", "b.2.7"))


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6))
def test_random_directions_are_as_long_as_each_neuron(seed: int) -> None:
    session = trained("moons", 20)
    problem, vector = session.problem, session.snapshot.vector
    frozen = problem.frozen.copy()
    frozen[3] = True
    directions = random_directions(replace(problem, frozen=frozen), vector, seed)
    assert directions[0, 3] == directions[1, 3] == 0.0
    for offset, rows, columns in problem.network.blocks:
        for row in range(rows):
            part = slice(offset + row * columns, offset + (row + 1) * columns)
            for direction in directions:
                assert np.linalg.norm(direction[part]) == pytest.approx(np.linalg.norm(vector[part]))
    again = random_directions(replace(problem, frozen=frozen), vector, seed)
    assert np.array_equal(directions, again)


def test_the_centre_of_an_odd_random_surface_is_the_session() -> None:
    session = trained()
    _, found = made(session, "random", 9, radius=0.5)
    assert found.losses[4, 4] == pytest.approx(session.loss, rel=1e-9)
    assert (found.xs[0], found.xs[-1]) == (-0.5, 0.5)


@pytest.mark.parametrize("count", [1, 2, 3, 30])
def test_path_directions_are_the_principal_ones(count: int) -> None:
    random = np.random.default_rng(count)
    path = [Visit(k, random.normal(size=12)) for k in range(count)]
    directions, shares = path_directions(path, 12)
    np.testing.assert_allclose(directions @ directions.T, np.eye(2), atol=1e-9)
    vectors = np.stack([visit.vector for visit in path])
    squares = np.linalg.svd(vectors - vectors.mean(axis=0), compute_uv=False) ** 2
    if count > 2:
        np.testing.assert_allclose(shares, squares[:2] / squares.sum())
    else:
        assert sum(shares) == pytest.approx(count - 1.0)


def test_turns_give_what_one_turn_gives() -> None:
    session = trained()
    vector, path = session.snapshot.vector, session.visits(10)
    whole = SurfaceJob(session.problem, vector, path, "random", 8, seed=3)
    whole.turn(ALL)
    parts = SurfaceJob(session.problem, vector, path, "random", 8, seed=3)
    turns = 0
    while not parts.finished:
        # The session goes on meanwhile; the surface is of where it stood.
        session.step(1)
        parts.turn(1000)
        turns += 1
    assert turns > 5
    assert np.array_equal(whole.result.losses, parts.result.losses)


def test_a_large_problem_gets_fewer_points(monkeypatch: pytest.MonkeyPatch) -> None:
    session = trained()
    cells = session.network.parameter_count * session.data.size
    monkeypatch.setattr(surface_module, "MAXIMUM_OPERATIONS", cells * 150)
    job, _ = made(session, "random", 40)
    assert job.resolution == 12
    monkeypatch.setattr(surface_module, "MAXIMUM_OPERATIONS", cells)
    assert made(session, "random", 40)[0].resolution == surface_module.LEAST_RESOLUTION


def test_before_the_first_step_there_is_a_surface() -> None:
    session = Session.create(PRESETS.get("xor-numpy").spec())
    for kind in ("parameters", "random", "path"):
        _, found = made(session, kind)
        assert found.path_steps == (0,)
        assert np.isfinite(found.losses).all()


def test_visits_are_bounded_and_end_here() -> None:
    session = trained("xor-numpy", 1000)
    session.step(1000)
    session.seek_step(1500)
    steps = [visit.step for visit in session.visits(17)]
    assert steps[0] == 0
    assert steps[-1] == 1500
    assert len(steps) <= 17
    assert steps == sorted(set(steps))
