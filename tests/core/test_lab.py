"""What all labs share: the notebook, the explanation at three granularities, proofs, and answers."""

from __future__ import annotations

import math

import pytest

from core.answers import Answer
from core.errors import ConflictError, InvalidInputError
from core.lab import GRANULARITIES, Explanation, GradientCheck, Notebook, Quantity, check_answers, derivative
from tests.core.tex_arithmetic import evaluate


def told() -> Explanation:
    """y = w x + b and half its square, with the derivative by w: forward 3 lines, loss 1, backward 2."""
    book = Notebook()
    book.name(
        *(Quantity(name, name) for name in ("x", "b", "p", "y", "L")),
        Quantity("w.0", "w", "0"),
        derivative("gy", "L", "y"),
        derivative("gw.0", "L", "w.0"),
    )
    for ref, value in (("x", 3.0), ("w.0", 0.5), ("b", -0.25)):
        book.give(ref, value)
    book.line("forward", "term", "p", "<w.0>\\,<x>", 1.5, sentence="s.p", group=["y"])
    book.line(
        "forward",
        "sum",
        "y",
        "<p>+<b>",
        1.25,
        sentence="s.y",
        group=["y"],
        parts=[("<p>", 1.5), ("<b>", -0.25)],
    )
    book.line("loss", "function", "L", "\\frac{1}{2}<y>^{2}", 0.78125, sentence="s.L", group=["L"])
    book.line("backward", "factor", "gy", "<y>", 1.25, sentence="s.gy", group=["w.0"], badge=1)
    book.line("backward", "gradient", "gw.0", "<gy>\\cdot <x>", 3.75, sentence="s.gw", group=["w.0"])
    book.check("w.0", 3.75, 3.75 + 1e-9, 3.75)
    return book.done()


def test_one_template_gives_symbols_numbers_and_what_is_read() -> None:
    term, total, *_, gradient = (line for step in told().microsteps for line in step.lines)
    assert term.symbol == "\\sym{p}{p}"
    assert term.formula == "\\sym{w.0}{w_{0}}\\,\\sym{x}{x}"
    assert term.substitution == "\\val{w.0}\\times \\val{x}"
    assert term.values == {"w.0": 0.5, "x": 3.0}
    assert term.uses == ()
    assert total.uses == ("forward.p",)
    assert gradient.symbol == "\\sym{gw.0}{\\frac{\\partial L}{\\partial w_{0}}}"
    assert gradient.uses == ("backward.gy",)


def test_what_is_printed_comes_to_the_result() -> None:
    for step in told().microsteps:
        for line in step.lines:
            assert evaluate(line.substitution, line.values) == pytest.approx(line.result, rel=1e-15)


def test_a_number_that_nobody_made_is_a_fault() -> None:
    book = Notebook()
    book.name(Quantity("a", "a"), Quantity("b", "b"))
    with pytest.raises(KeyError):
        book.line("forward", "function", "b", "<a>", 1.0, sentence="s", group=["b"])


def test_fewer_micro_steps_have_the_same_lines() -> None:
    whole = told()
    lines = [line for step in whole.microsteps for line in step.lines]
    counts = {}
    for granularity in GRANULARITIES:
        fewer = whole.at(granularity)
        assert [line for step in fewer.microsteps for line in step.lines] == lines
        counts[granularity] = len(fewer.microsteps)
        for span in fewer.phases:
            here = fewer.microsteps[span.first : span.first + span.count]
            assert all(step.phase == span.name for step in here)
        for step in fewer.microsteps:
            # What a micro-step makes itself it does not need from elsewhere.
            assert not set(step.uses) & set(step.produces)
    assert counts == {"term": 5, "group": 3, "phase": 3}
    assert [span.count for span in whole.phases] == [2, 1, 2, 0]


@pytest.mark.parametrize(
    ("check", "verdict"),
    [
        (GradientCheck("w", 2.0, 2.0 + 1e-7, 2.0), "agree"),
        (GradientCheck("w", 2.0, 2.0, None), "agree"),
        (GradientCheck("w", 2.0, 2.1, 2.0), "differ"),
        (GradientCheck("w", 2.0, 2.0, -2.0), "differ"),
        (GradientCheck("w", 1e-11, 5e-11, 1e-11), "agree"),  # within what the difference can tell
        (GradientCheck("w", 0.0, 0.5, 0.0, kink=True), "not-differentiable"),
        (GradientCheck("w", math.inf, 1.0, 1.0), "not-differentiable"),
        (GradientCheck("w", 1.0, math.nan, 1.0), "not-differentiable"),
    ],
)
def test_a_proof_never_agrees_by_itself(check: GradientCheck, verdict: str) -> None:
    assert check.verdict == verdict


@pytest.mark.parametrize(
    ("ref", "value", "verdict", "slip", "used"),
    [
        ("p", 1.5, "right", None, None),
        ("p", 1.51, "right", None, None),
        ("p", 0.5, "slip", "factor", "x"),
        ("p", 3.0, "slip", "factor", "w.0"),
        ("p", -1.5, "slip", "sign", None),
        ("y", 1.5, "slip", "only_summand", "p"),
        ("y", -0.25, "slip", "summand", "p"),
        ("y", 7.77, "wrong", None, None),
        ("L", 1.5625, "slip", "double", None),
        ("gw.0", 1.25, "slip", "factor", "x"),
        ("gw.0", 99.0, "wrong", None, None),
    ],
)
def test_a_number_is_right_a_slip_or_wrong(
    ref: str, value: float, verdict: str, slip: str | None, used: str | None
) -> None:
    (found,) = check_answers(told(), [Answer(ref, value)], 4)
    assert found.verdict == verdict
    assert (found.slip.name if found.slip else None) == slip
    if used:
        assert found.slip is not None
        assert found.slip.refs["used"] == used


def test_a_wrong_number_asks_for_what_it_is_made_of() -> None:
    (found,) = check_answers(told(), [Answer("gw.0", 99.0)], 4)
    assert found.factors == ("gy",)


def test_answers_about_nothing_are_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_answers(told(), [Answer("p", 1.0), Answer("nothing", 1.0)], 4)
    assert refused.value.pointer == "/answers/1/ref"
    book = Notebook()
    book.name(Quantity("a", "a"))
    book.line("forward", "function", "a", "", math.inf, sentence="s", group=["a"])
    with pytest.raises(ConflictError):
        check_answers(book.done(), [Answer("a", 1.0)], 4)
