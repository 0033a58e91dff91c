"""Derivatives by rules: equal to the graph's and to difference quotients, sensibly short, and as printed."""

import math
import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import ExpressionError
from core.graph import GATES, from_expression
from core.symbolic import CONSTANTS, Formula, formula
from core.symbolic.derivative import RULES
from tests.core.test_graph import NAMES, expressions, kink_distance
from tests.core.tex_arithmetic import evaluate

POINT = st.tuples(*[st.floats(0.3, 2.0)] * 3)
few = settings(max_examples=50, deadline=None)


@few
@given(expressions(), POINT)
def test_symbolic_derivative_equals_autodiff_and_difference_quotient(
    text: str, point: tuple[float, float, float]
) -> None:
    graph, result = from_expression(text, dict(zip(NAMES, point, strict=True)))
    assume(math.isfinite(graph.value(result)) and abs(graph.value(result)) < 1e3)
    # At a kink the three may differ; a sum's parts may hide a pole that the whole has not.
    assume(kink_distance(graph) > 1e-2)
    function = Formula(text, NAMES)
    symbolic, graphed = function.gradient(*point), function.autodiff(*point)
    assume(all(math.isfinite(each) and abs(each) < 1e4 for each in graphed))
    scale = max(1.0, *map(abs, graphed))
    assert symbolic == pytest.approx(graphed, rel=1e-6, abs=1e-7 * scale)
    for index, name in enumerate(NAMES):
        quotients = []
        for h in (1e-5, 2e-5):
            moved = [(point[i] + h * (i == index), point[i] - h * (i == index)) for i in range(3)]
            above, below = (function.value(*(pair[side] for pair in moved)) for side in (0, 1))
            quotients.append((above - below) / (2 * h))
        assume(abs(quotients[0] - quotients[1]) <= 1e-5 * scale)
        assert symbolic[index] == pytest.approx(quotients[0], rel=1e-3, abs=1e-3 * scale), name


@few
@given(expressions(), POINT)
def test_what_is_printed_is_what_is_computed(text: str, point: tuple[float, float, float]) -> None:
    function = Formula(text, NAMES)
    values = dict(zip(NAMES, point, strict=True))
    slots = {name: f"\\val{{{name}}}" for name in NAMES}
    for by in ((), ("x",), ("y",)):
        tex = function.tex(*by, names=slots)
        value = function.program(by)(*point)[0]
        assume(tex is not None and math.isfinite(value))
        # Between numbers a thin space is a cross.
        shown = re.sub(r"\\cdot |\\,", r"\\times ", str(tex))
        try:
            printed = evaluate(shown, values)
        except (ZeroDivisionError, OverflowError, ValueError):
            assume(False)
        assume(not isinstance(printed, complex))
        assert printed == pytest.approx(value, rel=1e-6, abs=1e-9)


def test_every_gate_has_a_rule() -> None:
    assert [gate.name for gate in GATES if gate.name not in RULES] == []


@pytest.mark.parametrize(
    ("text", "tex", "derivative", "expanded"),
    [
        ("(x-3)^2+10", "(x-3)^{2}+10", "2\\,(x-3)", "2\\,x-6"),
        ("x^2/20", "\\frac{x^{2}}{20}", "\\frac{x}{10}", None),
        ("0.26*x^2", "0.26\\,x^{2}", "0.52\\,x", None),
        ("x^4/4 - x^2", "\\frac{x^{4}}{4}-x^{2}", "x^{3}-2\\,x", None),
        ("exp(-x^2)", "e^{-x^{2}}", "-2\\,x\\,e^{-x^{2}}", None),
        ("sqrt(x^2+1)", "\\sqrt{x^{2}+1}", "\\frac{x}{\\sqrt{x^{2}+1}}", None),
        ("log(x^2)", "\\ln\\left(x^{2}\\right)", "\\frac{2}{x}", None),
        ("sin(pi*x)", "\\sin(\\pi \\,x)", "\\pi \\,\\cos(\\pi \\,x)", None),
        ("tanh(x)", "\\tanh(x)", "1-(\\tanh(x))^{2}", None),
        ("x*x*x", "x\\,x\\,x", "3\\,x^{2}", None),
        ("abs(x)", "\\lvert x\\rvert ", "\\operatorname{sgn}(x)", None),
        ("-x^2+x", "-x^{2}+x", "1-2\\,x", None),
        ("7", "7", "0", None),
        ("x-x", "x-x", "0", None),
        ("2^x", "2^{x}", "2^{x}\\,\\ln(2)", None),
    ],
)
def test_short_forms(text: str, tex: str, derivative: str, expanded: str | None) -> None:
    function = Formula(text, ("x",))
    assert (function.tex(), function.tex("x"), function.expanded_tex("x")) == (tex, derivative, expanded)


def test_names_and_places_of_errors() -> None:
    assert Formula("pi*e*x", ("x",)).value(2.0) == pytest.approx(2 * math.pi * math.e)
    with pytest.raises(ExpressionError) as caught:
        formula("x + yy", ("x",))
    assert caught.value.params == {"position": 4, "choices": ["x", *CONSTANTS]}


def test_arrays_equal_single_points() -> None:
    text = "max(x, 1-x)*relu(x-0.2) + sigmoid(x)^x + min(abs(x), step(x)) + sqrt(x)/log(x+2) - tanh(-x)"
    program = Formula(text, ("x",)).program((), ("x",))
    x = np.linspace(0.05, 3.0, 37)
    singles = np.array([program(each) for each in x.tolist()]).T
    assert np.allclose(program.arrays(x), singles, rtol=1e-12)


def test_no_formula_is_expensive() -> None:
    """Size, not time, is what is bounded: the largest formulas have derivatives of some thousand steps."""
    for text in (
        "*".join(f"sin({k}*x)" for k in range(1, 38)),
        "/".join(f"(x+{k})" for k in range(1, 49)),
        "sqrt(" * 30 + "x^2+1" + ")" * 30,
        "x^" * 30 + "x",
    ):
        function = Formula(text, ("x",))
        assert len(function.program(("x",), ("x", "x"), ("x", "x", "x"))) < 8000
        assert len(function.tex("x") or "") < 4000
    # Numbers too large to write out are left standing.
    assert Formula("x*9^9^9^9", ("x",)).gradient(1.0) == [math.inf]
