"""Clipping of the gradient before the optimizer sees it: each rule on the flat vector, its TeX.

The gradient is that of the whole objective, penalties included; frozen parameters' entries are 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.registry import Label, Parameter, Registry

Array = NDArray[np.float64]
Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Clipped:
    """A gradient after clipping, (P,); norm before it and common factor where the rule has one."""

    gradient: Array
    norm: float | None = None
    factor: float | None = None


@dataclass(frozen=True)
class Clipping:
    """One rule; `clip(gradient, parameters)` leaves its argument as it is.

    `template` is one entry's new value, TeX with <g>, <limit> and, where there is a `factor_template`,
    <factor>; that one is the common factor, with <norm> and <limit>.
    """

    name: str
    label: Label
    tex: str
    parameters: tuple[Parameter, ...]
    clip: Callable[[Array, Numbers], Clipped]
    source: str
    template: str = "<g>"
    factor_template: str = ""


CLIPPINGS: Registry[Clipping] = Registry("clipping")


def euclidean_norm(gradient: Array) -> float:
    """Return ‖g‖₂ of a flat vector, also where a square would overflow."""
    squares = float(np.dot(gradient, gradient))
    if math.isfinite(squares):
        return math.sqrt(squares)
    largest = float(np.abs(gradient).max())
    if not math.isfinite(largest):
        return largest
    shrunk = gradient / largest
    return largest * math.sqrt(float(np.dot(shrunk, shrunk)))


def norm_factor(norm: float, limit: float) -> float:
    """Return min(1, c/‖g‖); nan where the norm is nan."""
    return 1.0 if norm <= limit else limit / norm


def _none(gradient: Array, p: Numbers) -> Clipped:
    return Clipped(gradient)


def _value(gradient: Array, p: Numbers) -> Clipped:
    limit = p["limit"]
    return Clipped(np.maximum(np.minimum(gradient, limit), -limit))


def _norm(gradient: Array, p: Numbers) -> Clipped:
    """Return g·min(1, c/‖g‖).

    Source: Pascanu, Mikolov and Bengio 2013, On the difficulty of training recurrent neural networks,
    algorithm 1.
    """
    norm = euclidean_norm(gradient)
    factor = norm_factor(norm, p["limit"])
    return Clipped(gradient if factor == 1.0 else gradient * factor, norm, factor)


_LIMIT = Parameter("limit", Label("limit c", "한계 c"), "c", 1.0, 0.0, 1e6, exclusive_minimum=True)

CLIPPINGS.add(
    Clipping(
        name="none",
        label=Label("No clipping", "잘라 내지 않음"),
        tex="\\hat g=g",
        parameters=(),
        clip=_none,
        source="",
    )
)

CLIPPINGS.add(
    Clipping(
        name="value",
        label=Label("By value", "값으로 잘라 내기"),
        tex="\\hat g=\\max(-c,\\min(c,g))",
        parameters=(_LIMIT,),
        clip=_value,
        source="Mikolov 2012",
        template="\\max(-<limit>,\\min(<limit>,<g>))",
    )
)

CLIPPINGS.add(
    Clipping(
        name="norm",
        label=Label("By norm", "노름으로 줄이기"),
        tex="\\hat g=g\\cdot\\min\\left(1,\\frac{c}{\\lVert g\\rVert}\\right)",
        parameters=(_LIMIT,),
        clip=_norm,
        source="Pascanu, Mikolov, Bengio 2013",
        template="<g>\\cdot <factor>",
        factor_template="\\min\\left(1,\\frac{<limit>}{<norm>}\\right)",
    )
)
