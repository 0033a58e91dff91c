"""The Regression lab's numerics: loss, derivatives, descent, closed form, the largest learning rate."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.lab import Explanation
from core.regression import (
    CONVENTIONS,
    GENERATORS,
    MAXIMUM_TOLD,
    Batches,
    Problem,
    closed_form,
    descend,
    evaluate,
    line_through,
    ranges,
    stability,
    surface,
    tell_closed_form,
    tell_iteration,
    tell_stability,
    usual_rates,
    verdict,
)

NAMES = CONVENTIONS.names()
X, Y = np.array([0.0, 1.0, 2.0, 3.0, 4.0]), np.array([1.0, 3.0, 2.0, 5.0, 4.0])
numbers = st.floats(-10.0, 10.0).map(lambda value: round(value, 3))
points = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=20)
weights = st.tuples(numbers, numbers)
few = settings(max_examples=40, deadline=None)


def problem(x: np.ndarray = X, y: np.ndarray = Y, **changes: object) -> Problem:
    name = str(changes.pop("convention", "mean"))
    return Problem(x, y, CONVENTIONS.get(name), **changes)  # type: ignore[arg-type]


def results(explanation: Explanation) -> dict[str, float]:
    return {line.result_ref: line.result for step in explanation.microsteps for line in step.lines}


@few
@given(points, weights)
def test_the_course_formulas(data: list[tuple[float, float]], w: tuple[float, float]) -> None:
    """RSS = 1/N Σ(y − (w0 + w1 x))² with both its partial derivatives, as the material writes them."""
    n, (w0, w1) = len(data), w
    found = evaluate(*np.array(data).T, w0, w1, CONVENTIONS.get("mean"))
    residuals = [y - (w0 + w1 * x) for x, y in data]
    assert found.loss == pytest.approx(sum(e * e for e in residuals) / n, rel=1e-12, abs=1e-12)
    dw1 = 2 / n * sum(-x * e for (x, _), e in zip(data, residuals, strict=True))
    dw0 = 2 / n * sum(-e for e in residuals)
    assert found.gradient == pytest.approx((dw0, dw1), rel=1e-9, abs=1e-9)


@few
@given(points, weights, st.sampled_from(NAMES))
def test_three_ways_agree(data: list[tuple[float, float]], w: tuple[float, float], name: str) -> None:
    x, y = np.array(data).T
    case = problem(x, y, convention=name, start=w, rate=1e-3, steps=1)
    told = tell_iteration(case, descend(case), 0)
    assert {check.element for check in told.checks} == {"w.0", "w.1"}
    for check in told.checks:
        assert check.verdict == "agree", check
        assert results(told)[f"g{check.element}"] == check.analytic


@few
@given(points, st.sampled_from(NAMES))
def test_closed_form_is_the_minimum(data: list[tuple[float, float]], name: str) -> None:
    x, y = np.array(data).T
    closed = closed_form(x, y)
    told = tell_closed_form(problem(x, y, convention=name), closed)
    if closed.slope is None or closed.intercept is None:
        assert len(set(x.tolist())) == 1
        assert told.checks == ()
        return
    if closed.variance > 1e-3:
        slope, intercept = np.polyfit(x, y, 1)
        assert (closed.intercept, closed.slope) == pytest.approx((intercept, slope), rel=1e-6, abs=1e-6)
    scale = 1.0 + np.abs(y).sum() + abs(closed.slope) * np.abs(x).sum()
    there = evaluate(x, y, closed.intercept, closed.slope, CONVENTIONS.get(name))
    assert there.gradient == pytest.approx((0.0, 0.0), abs=1e-12 * scale * 20 * len(data))
    assert all(check.verdict == "agree" for check in told.checks)
    for move in ((1e-3, 0.0), (0.0, -1e-3), (-1e-3, 2e-3)):
        beside = evaluate(x, y, closed.intercept + move[0], closed.slope + move[1], CONVENTIONS.get(name))
        assert beside.loss >= there.loss * (1 - 1e-12)


@few
@given(points, st.sampled_from(NAMES))
def test_curvature(data: list[tuple[float, float]], name: str) -> None:
    x = np.array(data)[:, 0]
    found = stability(x, CONVENTIONS.get(name))
    hessian = np.array(found.hessian)
    ones = np.stack((np.ones(len(x)), x))
    assert hessian == pytest.approx(2 * CONVENTIONS.get(name).coefficient(len(x)) * ones @ ones.T)
    large, small = found.eigenvalues
    values = np.linalg.eigvalsh(hessian)
    assert (small, large) == pytest.approx(tuple(values), rel=1e-9, abs=1e-12 * large)
    for value, vector in zip(found.eigenvalues, found.eigenvectors, strict=True):
        assert math.hypot(*vector) == pytest.approx(1.0)
        assert hessian @ np.array(vector) == pytest.approx(value * np.array(vector), abs=1e-9 * large)
    assert found.limit == 2.0 / large


@pytest.mark.parametrize("name", NAMES)
def test_the_largest_stable_rate(name: str) -> None:
    """Just below 2/λ_max the distance shrinks at every step, just above it grows, by exactly 1 − ηλ."""
    found, closed = stability(X, CONVENTIONS.get(name)), closed_form(X, Y)
    assert closed.intercept is not None
    assert closed.slope is not None
    best = np.array((closed.intercept, closed.slope))
    for share, grows in ((0.98, False), (1.02, True)):
        path = descend(problem(convention=name, rate=share * found.limit, steps=40))
        distances = np.stack((path.w0, path.w1), axis=1) - best
        along = distances @ np.array(found.eigenvectors[0])
        assert along[1:] / along[:-1] == pytest.approx(found.factors(share * found.limit)[0], rel=1e-6)
        assert bool(abs(along[-1]) > abs(along[0])) is grows
    smallest = evaluate(X, Y, *best, CONVENTIONS.get(name)).loss
    said = []
    for rate in (*usual_rates(found.limit), 0.998 * found.limit):
        said.append(verdict(descend(problem(convention=name, rate=rate)), found, rate, smallest))
    assert said == ["small", "good", "diverges", "oscillates"]


def test_numbers_by_hand() -> None:
    """Five points from the line y = 0: 55/5, −2/5·15 and −2/5·38."""
    path = descend(problem(rate=0.1, steps=3))
    told = results(tell_iteration(problem(rate=0.1, steps=3), path, 0))
    assert (told["S"], told["L"]) == (55.0, 11.0)
    assert (told["S.0"], told["S.1"]) == (-15.0, -38.0)
    assert (told["gw.0"], told["gw.1"]) == pytest.approx((-6.0, -15.2))
    assert (told["nw.0"], told["nw.1"]) == (path.w0[1], path.w1[1]) == pytest.approx((0.6, 1.52))
    closed = results(tell_closed_form(problem(), closed_form(X, Y)))
    assert (closed["m.x"], closed["m.y"], closed["cov"], closed["var"]) == (2.0, 3.0, 1.6, 2.0)
    assert (closed["w.0"], closed["w.1"]) == pytest.approx((1.4, 0.8))
    assert closed["L"] == pytest.approx(0.72)
    limit = results(tell_stability(problem(), stability(X, CONVENTIONS.get("mean"))))
    assert (limit["a"], limit["b"], limit["d"]) == (2.0, 4.0, 12.0)
    assert limit["limit"] == pytest.approx(2 / (7 + math.sqrt(41)))


def test_half_sum_has_no_factor_to_tell() -> None:
    told = results(tell_iteration(problem(convention="half_sum"), descend(problem(convention="half_sum")), 0))
    assert (told["L"], told["gw.0"], told["gw.1"]) == (27.5, -15.0, -38.0)
    assert "S.0" not in told


@pytest.mark.parametrize("mode", ["full", "mini", "one"])
def test_a_told_iteration_is_the_path(mode: str) -> None:
    x, y = GENERATORS.get("outliers").draw({"count": 40}, 3)
    case = problem(x, y, rate=0.02, steps=30, batches=Batches(mode, 16, 7))  # type: ignore[arg-type]
    path = descend(case)
    for iteration in (0, 1, 7, path.last):
        told = tell_iteration(case, path, iteration)
        made = results(told)
        assert (made["nw.0"], made["nw.1"]) == (path.w0[iteration + 1], path.w1[iteration + 1])
        assert (made["gw.0"], made["gw.1"]) == tuple(path.gradients[iteration])
        rows = path.rows[iteration]
        assert sum(ref.startswith("h.") for ref in made) == min(len(rows), MAXIMUM_TOLD)
        # What is not told one by one is in the sums all the same.
        for total, item in (("S", "q"), ("S.0", "s.0"), ("S.1", "s.1")):
            parts = [value for ref, value in made.items() if ref.startswith(f"{item}.")]
            rest = made.get(f"{total}.rest", 0.0)
            assert sum(parts) + rest == pytest.approx(made[total], rel=1e-12)
            assert (f"{total}.rest" in made) is (len(rows) > MAXIMUM_TOLD)
        assert all(check.verdict == "agree" for check in told.checks)


def test_an_epoch_of_batches_takes_every_point_once() -> None:
    rows = Batches("mini", 3, 1).rows(8)
    epochs = [np.concatenate([next(rows) for _ in range(3)]) for _ in range(2)]
    assert [sorted(epoch.tolist()) for epoch in epochs] == [list(range(8))] * 2
    assert epochs[0].tolist() != epochs[1].tolist()


def test_divergence_ends_the_path_at_the_last_finite_line() -> None:
    case = problem(rate=1e6, steps=200)
    path = descend(case)
    assert path.diverged == path.last == len(path.w0) - 1
    assert np.isfinite(path.losses).all()
    told = tell_iteration(case, path, path.last)
    assert all(check.verdict in ("agree", "not-differentiable") for check in told.checks)


@few
@given(points, st.sampled_from(NAMES))
def test_surface_is_the_loss(data: list[tuple[float, float]], name: str) -> None:
    x, y = np.array(data).T
    convention = CONVENTIONS.get(name)
    case = problem(x, y, convention=name, rate=1e-3, steps=5)
    closed = closed_form(x, y)
    w0, w1 = ranges(descend(case), closed)
    grid = surface(x, y, closed, convention, w0, w1, 5)
    for row, b in enumerate(grid.w1):
        for column, a in enumerate(grid.w0):
            right = evaluate(x, y, float(a), float(b), convention).loss
            assert grid.values[row, column] == pytest.approx(right, rel=1e-9, abs=1e-9)
    assert (np.diff(grid.levels) >= 0).all()
    assert w0[0] < w0[1]
    assert w1[0] < w1[1]


def test_line_through_two_points() -> None:
    assert line_through((1.0, 3.0), (3.0, 7.0)) == (1.0, 2.0)
    for second in ((1.0, 4.0), (1.0, 3.0), (1.0 + 1e-15, 9.0)):
        with pytest.raises(InvalidInputError) as raised:
            line_through((1.0, 3.0), second)
        assert raised.value.code == "line-vertical"


@pytest.mark.parametrize("name", GENERATORS.names())
def test_generators(name: str) -> None:
    generator = GENERATORS.get(name)
    x, y = generator.draw({}, 5)
    assert (np.diff(x) >= 0).all()
    again = generator.draw({}, 5)
    assert (x.tolist(), y.tolist()) == (again[0].tolist(), again[1].tolist())
    assert y.tolist() != generator.draw({}, 6)[1].tolist()
    exact = {"noise": 0.0, "outliers": 0, "bend": 0.0}
    known = {parameter.name for parameter in generator.parameters}
    x, y = generator.draw({key: value for key, value in exact.items() if key in known}, 1)
    assert y == pytest.approx(1.0 + 0.8 * x)
