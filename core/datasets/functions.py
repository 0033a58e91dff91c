"""Regions above a function: a point is of the class "yes" where y > f(x), for a formula that is typed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.datasets.entry import DATASETS, Array, Classes, DataSource, Numbers, blurred, noise, size
from core.errors import ExpressionError, InvalidInputError
from core.expressions import parse
from core.registry import Label, Parameter

DEFAULT = "sin(3*x)"
# Points drawn for each one kept, and some more, so that both classes are found where a region is small.
CANDIDATES, MORE_CANDIDATES = 4, 2000

_OPERATORS: dict[str, Callable[..., Array]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "power": np.power,
    "negate": np.negative,
}
_FUNCTIONS: dict[str, tuple[int, Callable[..., Array]]] = {
    "sin": (1, np.sin),
    "cos": (1, np.cos),
    "tan": (1, np.tan),
    "exp": (1, np.exp),
    "log": (1, np.log),
    "sqrt": (1, np.sqrt),
    "abs": (1, np.abs),
    "tanh": (1, np.tanh),
    "sigmoid": (1, lambda x: 0.5 * (1.0 + np.tanh(0.5 * x))),
    "relu": (1, lambda x: np.maximum(x, 0.0)),
    "step": (1, lambda x: np.where(x >= 0.0, 1.0, 0.0)),
    "max": (2, np.maximum),
    "min": (2, np.minimum),
}
_ARITIES = tuple((name, arity) for name, (arity, _) in _FUNCTIONS.items())
_CONSTANTS = {"pi": np.pi, "e": np.e}
_VARIABLES = ("x", "x1")


def evaluate(text: str, x: Array, pointer: str = "") -> Array:
    """Return f(x) (K,) for points x (K,); where f has no value it is nan or infinite.

    Raises ExpressionError with the place of the character for a formula that cannot be read; its names are x
    (or x1), pi and e.
    """
    try:
        instructions = parse(text, _ARITIES)
        for each in instructions:
            if each.gate == "variable" and each.name not in (*_VARIABLES, *_CONSTANTS):
                raise ExpressionError(
                    code="expression-name",
                    position=each.position,
                    choices=[_VARIABLES[0], *_CONSTANTS],
                )
    except ExpressionError as error:
        error.pointer = pointer
        raise
    values: dict[int, Array] = {}
    with np.errstate(all="ignore"):
        for place, each in enumerate(instructions):
            if each.gate == "constant":
                values[place] = np.full(len(x), each.value)
            elif each.gate == "variable":
                values[place] = np.full(len(x), _CONSTANTS[each.name]) if each.name in _CONSTANTS else x
            else:
                apply = _OPERATORS.get(each.gate) or _FUNCTIONS[each.gate][1]
                # Each is used once: what has been used is let go.
                values[place] = apply(*(values.pop(used) for used in each.inputs))
    return values[len(instructions) - 1]


def _regions(p: Numbers, generator: np.random.Generator, expression: str) -> tuple[Array, Classes]:
    """Draw points from the square evenly within each region, both regions in turn while they last."""
    count = int(p["size"])
    drawn = generator.uniform(-p["extent"], p["extent"], (CANDIDATES * count + MORE_CANDIDATES, 2))
    level = evaluate(expression, drawn[:, 0], "/data/expression")
    if not bool(np.isfinite(level).any()):
        raise InvalidInputError(code="expression-undefined", pointer="/data/expression")
    # Nothing lies above where there is no value.
    above = np.flatnonzero(drawn[:, 1] > level)
    below = np.flatnonzero(~(drawn[:, 1] > level))
    first = min(len(below), max(count - count // 2, count - len(above)))
    picked = np.empty(count, dtype=np.intp)
    classes = np.empty(count, dtype=np.intp)
    # A region that has too few points leaves its turns to the other.
    turn = np.argsort(
        np.concatenate([np.arange(first) * 2.0, np.arange(count - first) * 2.0 + 1.0]), kind="stable"
    )
    picked[:] = np.concatenate([below[:first], above[: count - first]])[turn]
    classes[:] = np.concatenate([np.zeros(first), np.ones(count - first)])[turn]
    return blurred(drawn[picked], p, generator), classes


_EXTENT = Parameter("extent", Label("half the width", "너비의 절반"), "r", 2.0, 0.5, 10.0)

DATASETS.add(
    DataSource(
        "function",
        Label("Regions above y = f(x)", "y = f(x) 위쪽 영역"),
        parameters=(size(), noise(0.0), _EXTENT),
        build_expression=_regions,
        expression=DEFAULT,
    )
)
