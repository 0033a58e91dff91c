"""Gradient descent in one variable: the course's figures, ends and verdicts, quotients, the told step."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from core.descent.curve import curve, view
from core.descent.functions import FUNCTIONS
from core.descent.line import descend
from core.descent.quotient import quotients
from core.descent.told import tell
from core.descent.walk import walk
from core.errors import InvalidInputError
from core.symbolic import Formula, formula
from tests.core.tex_arithmetic import evaluate

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "course_numbers.json").read_text("utf-8"))
COURSE = GOLDEN["gradient_descent_1d"]
PARABOLA = formula("(x-3)^2 + 10", ("x",))


def of_x(text: str) -> Formula:
    return formula(text, ("x",))


def test_the_course_s_hundred_iterations_digit_for_digit() -> None:
    run = walk(PARABOLA, 10.0, 0.01, 100, 1e-5)
    found = [[x, y] for x, y in zip(run.x.tolist(), run.y.tolist(), strict=True)]
    assert found[-6:] == COURSE["last_six"]
    assert (run.steps, run.end, run.verdict, found[-1][0]) == (100, "steps", "slow", COURSE["final_x"])


@pytest.mark.parametrize(
    ("text", "start", "rate", "end", "verdict"),
    [
        ("(x-3)^2+10", 10.0, 0.1, "gradient", "good"),
        ("(x-3)^2+10", 10.0, 0.001, "steps", "slow"),
        ("(x-3)^2+10", 10.0, 1.0, "steps", "oscillates"),
        ("(x-3)^2+10", 10.0, 1.05, "steps", "diverges"),
        ("x^4", 10.0, 100.0, "diverged", "diverges"),
        ("abs(x)", 1.05, 0.2, "steps", "oscillates"),
        ("log(x)", -1.0, 0.1, "undefined", "undefined"),
        ("x^3", 1.0, 0.1, "steps", "slow"),
        ("5", 1.0, 0.1, "gradient", "good"),
    ],
)
def test_ends_and_verdicts(text: str, start: float, rate: float, end: str, verdict: str) -> None:
    run = walk(of_x(text), start, rate, 100, 1e-5)
    assert (run.end, run.verdict) == (end, verdict)
    assert np.isfinite(run.x).all()


@pytest.mark.parametrize("name", FUNCTIONS.names())
def test_the_rates_of_the_functions_are_what_they_are_for(name: str) -> None:
    entry = FUNCTIONS.get(name)
    small, suits, large = (
        walk(of_x(entry.expression), entry.start, rate, 100, 1e-5).verdict for rate in entry.rates
    )
    assert small == "slow"
    # A step of fixed size jumps over a kink for ever; on a flat bottom, or a saddle, descent creeps.
    assert suits == {"kink": "oscillates", "flat": "slow", "saddle-point": "slow"}.get(name, "good")
    # Too large a step may also land in another valley, and settle there.
    assert large == "good" if name == "two-minima" else large in ("diverges", "oscillates")


def test_it_stops_at_the_first_slope_within_the_tolerance() -> None:
    run = walk(PARABOLA, 10.0, 0.1, 100, 1e-5)
    sizes = np.abs(run.slope)
    assert run.steps == 64
    assert sizes[-1] <= 1e-5 < sizes[-2]
    # On a parabola the slope shrinks by |1 - η·f''| a step.
    assert run.factor == pytest.approx(0.8, rel=1e-9)


def test_quotients_as_one_computes_them() -> None:
    found = quotients(of_x("sin(x)"), 1.0)
    assert found.derivative == math.cos(1.0)
    assert found.h.tolist() == [float(f"1e-{k}") for k in range(1, 16)]
    for h, forward, central in zip(found.h, found.forward, found.central, strict=True):
        assert forward == (math.sin(1.0 + h) - math.sin(1.0)) / h
        assert central == (math.sin(1.0 + h) - math.sin(1.0 - h)) / (2 * h)
    # Where h is large the truncation is the error, where it is small the rounding bounds it.
    assert found.forward_error[:5] == pytest.approx(found.forward_truncation[:5], rel=0.05)
    assert found.central_error[:3] == pytest.approx(found.central_truncation[:3], rel=0.05)
    expected = found.forward_truncation + found.forward_rounding
    assert (found.forward_error <= 1.5 * expected).all()
    # In theory the best h is about 1e-8 forward and 1e-5 central.
    assert found.h[found.best_forward] in (1e-7, 1e-8, 1e-9)
    assert found.h[found.best_central] in (1e-5, 1e-6)
    assert found.forward_error[-1] > 1e3 * found.forward_error[found.best_forward]


def test_minima_and_the_rate_that_still_converges() -> None:
    [minimum] = curve(PARABOLA, -4.0, 10.0).minima
    assert (minimum.x, minimum.y, minimum.curvature, minimum.largest_rate) == (3.0, 10.0, 2.0, 1.0)
    two = curve(of_x("x^4/4 - x^3/3 - x^2 + 1"), -3.0, 3.0).minima
    assert [each.x for each in two] == [-1.0, 2.0]
    [kink] = curve(of_x("abs(x)"), -1.0, 1.5).minima
    assert (kink.x, kink.largest_rate) == (0.0, None)
    [flat] = curve(of_x("x^4"), -1.0, 2.0).minima
    assert flat.largest_rate is None
    assert curve(of_x("log(-x^2-1)"), -1.0, 1.0).minima == ()


@pytest.mark.parametrize("rate", [0.01, 0.5, 0.99])
def test_below_the_largest_rate_descent_converges(rate: float) -> None:
    assert walk(PARABOLA, 10.0, rate, 1000, 1e-3).end == "gradient"


def test_the_view_holds_the_paths_that_stay() -> None:
    stays, runs_away = walk(PARABOLA, 10.0, 0.1, 100, 1e-5), walk(PARABOLA, 10.0, 1.05, 100, 1e-5)
    low, high = view([runs_away, stays])
    assert low < 3.0 < 10.0 < high < 12.0
    low, high = view([runs_away])
    assert -40.0 < low < 10.0 < high < 40.0


@pytest.mark.parametrize("name", FUNCTIONS.names())
def test_every_line_comes_to_its_result(name: str) -> None:
    entry = FUNCTIONS.get(name)
    run = walk(of_x(entry.expression), entry.start, entry.learning_rate, 100, 1e-5)
    for at in (0, min(2, run.steps), run.steps):
        told = tell(of_x(entry.expression), run, at)
        for step in told.microsteps:
            [line] = step.lines
            assert evaluate(line.substitution, line.values) == pytest.approx(line.result, rel=1e-9, abs=1e-12)
        assert [check.verdict for check in told.checks] in (["agree"], ["not-differentiable"])
        made = [line.result_ref for step in told.microsteps for line in step.lines]
        assert made == ["f", "gx", "size"] + (["ux", "nx"] if at < run.steps else [])


def test_a_steep_wall_is_no_kink() -> None:
    for text, start in (("1000*(x-3)^2", 3.001), ("sin(50*x)", 1.0), ("exp(5*x)", 2.0), ("(x-3)^2", 1e6)):
        found = descend(text, start, 1e-6, 1, 0.0, [], None, 0)
        assert [check.verdict for check in found.explanation.checks] == ["agree"], text


def test_a_kink_is_named() -> None:
    found = descend("abs(x)", 0.4, 0.2, 10, 0.0, [], None, 2)
    assert [check.verdict for check in found.explanation.checks] == ["not-differentiable"]


def test_limits() -> None:
    with pytest.raises(InvalidInputError) as caught:
        descend("+".join(f"sin({k}*x)" for k in range(40)), 1.0, 0.1, 1000, 0.0, [0.1] * 6, None, 0)
    assert caught.value.code == "descent-work"
    with pytest.raises(InvalidInputError) as caught:
        descend("x", 1.0, 0.1, 10, 0.0, [], (1.0, 1.0), 0)
    assert (caught.value.code, caught.value.pointer) == ("descent-range", "/x_range")
