"""Terms as a list of calls: numbers in, numbers out, every shared part computed once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from core.graph import GATES
from core.symbolic.terms import Algebra
from core.symbolic.tex import _float

Array = NDArray[np.float64]


def _indicator(relation: Callable[[float, float], bool]) -> Callable[[float, float], float]:
    return lambda x, y: math.nan if x != x or y != y else float(relation(x, y))


_SCALARS: dict[str, Callable[..., float]] = {
    **{gate.name: gate.value for gate in GATES},
    "positive": lambda x: _SCALARS["above"](x, 0.0),
    "sign": lambda x: x if x != x else float((x > 0) - (x < 0)),
    "at_least": _indicator(lambda x, y: x >= y),
    "below": _indicator(lambda x, y: x < y),
    "at_most": _indicator(lambda x, y: x <= y),
    "above": _indicator(lambda x, y: x > y),
}


def _relation(compare: Callable[..., NDArray[np.bool_]]) -> Callable[..., Array]:
    return lambda x, y: np.where(np.isnan(x) | np.isnan(y), np.nan, compare(x, y))


_ARRAYS: dict[str, Callable[..., Array]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.divide,
    "power": np.power,
    "negate": np.negative,
    "exp": np.exp,
    "log": np.log,
    "sin": np.sin,
    "cos": np.cos,
    "tanh": np.tanh,
    "sigmoid": lambda x: 0.5 * (1.0 + np.tanh(0.5 * x)),
    "relu": lambda x: np.maximum(x, 0.0),
    "abs": np.abs,
    "sqrt": np.sqrt,
    "step": lambda x: np.where(x >= 0.0, 1.0, 0.0),
    "max": np.maximum,
    "min": np.minimum,
    "positive": lambda x: _ARRAYS["above"](x, 0.0),
    "sign": np.sign,
    "at_least": _relation(np.greater_equal),
    "below": _relation(np.less),
    "at_most": _relation(np.less_equal),
    "above": _relation(np.greater),
}


class Program:
    """Computes several terms of an algebra at once; `names` orders the arguments.

    Values follow the gates of the computational graph: what has no value is nan or infinite, never an error.
    """

    def __init__(
        self, algebra: Algebra, outputs: Sequence[int], names: Sequence[str], known: Mapping[str, float]
    ) -> None:
        order = algebra.reachable(*outputs)
        slots = {place: slot for slot, place in enumerate(order)}
        self._outputs = [slots[place] for place in outputs]
        self._values = [0.0] * len(order)
        self._arguments: list[tuple[int, int]] = []
        self._steps: list[tuple[int, str, tuple[int, ...]]] = []
        self._calls: list[tuple[int, Callable[..., float], int, int]] = []
        for place in order:
            term, slot = algebra.terms[place], slots[place]
            if term.gate == "constant":
                self._values[slot] = _float(term.number)
            elif term.gate == "variable":
                if term.name in names:
                    self._arguments.append((slot, list(names).index(term.name)))
                else:
                    self._values[slot] = known[term.name]
            else:
                inputs = tuple(slots[each] for each in term.inputs)
                self._steps.append((slot, term.gate, inputs))
                second = inputs[1] if len(inputs) > 1 else -1
                self._calls.append((slot, _SCALARS[term.gate], inputs[0], second))

    def __len__(self) -> int:
        return len(self._calls)

    def __call__(self, *numbers: float) -> list[float]:
        """Return the terms' values at a point."""
        values = self._values.copy()
        for slot, argument in self._arguments:
            values[slot] = numbers[argument]
        for slot, function, first, second in self._calls:
            values[slot] = function(values[first]) if second < 0 else function(values[first], values[second])
        return [values[slot] for slot in self._outputs]

    def arrays(self, *points: Array) -> list[Array]:
        """Return the terms' values at many points; all arrays are of one shape."""
        values: list[Array] = [np.full_like(points[0], value) for value in self._values]
        for slot, argument in self._arguments:
            values[slot] = points[argument]
        with np.errstate(all="ignore"):
            for slot, gate, inputs in self._steps:
                values[slot] = _ARRAYS[gate](*(values[each] for each in inputs))
        return [values[slot] for slot in self._outputs]
