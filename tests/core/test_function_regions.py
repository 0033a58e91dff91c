"""Regions above a typed function: the formula, its errors, and the points."""

from __future__ import annotations

import numpy as np
import pytest

from core.datasets import DATASETS
from core.datasets.functions import evaluate
from core.errors import ExpressionError, InvalidInputError
from core.session import DataChoice, Session
from tests.core.sessions import look, replayed, spec

X = np.linspace(-2.0, 2.0, 41)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("0.5", np.full(41, 0.5)),
        ("x", X),
        ("x1^2 - 1", X**2 - 1),
        ("-x**2", -(X**2)),
        ("2*sin(3*x) + cos(pi*x)/2", 2 * np.sin(3 * X) + np.cos(np.pi * X) / 2),
        ("max(abs(x), exp(-x))", np.maximum(np.abs(X), np.exp(-X))),
        ("min(tanh(x), step(x)) + relu(x) - sigmoid(x)", None),
        ("e^x", np.exp(X)),
    ],
)
def test_formulas(text: str, values: np.ndarray | None) -> None:
    if values is None:
        values = np.minimum(np.tanh(X), (X >= 0) * 1.0) + np.maximum(X, 0) - 1 / (1 + np.exp(-X))
    np.testing.assert_allclose(evaluate(text, X), values, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        (" ", "expression-empty", 0),
        ("sin(3*x", "expression-expected", 7),
        ("2*y", "expression-name", 2),
        ("x + foo(x)", "expression-unknown-function", 4),
        ("x + $", "expression-character", 4),
        ("max(x)", "expression-arity", 0),
        ("x +", "expression-incomplete", 3),
        ("2 x", "expression-unexpected", 2),
        ("x" * 501, "expression-too-long", 500),
        ("(" * 40 + "x" + ")" * 40, "expression-too-deep", 33),
        ("+".join(["x"] * 150), "expression-too-many-nodes", 199),
        ("__import__('os')", "expression-character", 11),
        ("eval(x)", "expression-unknown-function", 0),
    ],
)
def test_errors_name_the_character(text: str, code: str, position: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(text, X, "/data/expression")
    assert (caught.value.code, caught.value.params["position"]) == (code, position)
    assert caught.value.pointer == "/data/expression"


@pytest.mark.parametrize("text", ["sin(3*x)", "x^2-1", "1.9", "-1.9", "sqrt(x)", "3", "-3", "1/x"])
def test_points_lie_on_their_side(text: str) -> None:
    data = DATASETS.get("function").make({}, np.random.default_rng(2), expression=text)
    x, y = data.inputs.T
    with np.errstate(all="ignore"):
        above = y > evaluate(text, x)
    np.testing.assert_array_equal(data.targets[:, 0] == 1.0, above)
    assert data.size == 200
    assert np.abs(data.inputs).max() <= 2.0
    assert data.expression == text


def test_both_classes_in_turn() -> None:
    data = DATASETS.get("function").make({}, np.random.default_rng(2))
    assert data.targets[:6, 0].tolist() == [0, 1, 0, 1, 0, 1]
    assert data.targets.sum() == 100


def test_a_formula_without_values() -> None:
    with pytest.raises(InvalidInputError) as caught:
        DATASETS.get("function").make({}, np.random.default_rng(2), expression="log(-1)")
    assert caught.value.code == "expression-undefined"


def test_a_recipe_carries_the_formula() -> None:
    session = Session.create(spec(data=DataChoice("function", {"size": 20}, "x^2 - 1")))
    session.step(3)
    assert session.recipe()["create"]["data"]["expression"] == "x^2 - 1"
    assert look(replayed(session.recipe())) == look(session)


def test_other_sets_have_no_formula() -> None:
    with pytest.raises(InvalidInputError) as caught:
        Session.create(spec(data=DataChoice("xor", {}, "x")))
    assert (caught.value.code, caught.value.pointer) == ("data-expression", "/data/expression")
