"""Points to fit a line to: given ones, or drawn by a named generator from a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.registry import Label, Parameter, Registry, complete_parameters

Array = NDArray[np.float64]
Numbers = Mapping[str, float]

MAXIMUM_POINTS = 200
LARGEST_COORDINATE = 1e6
OPENING_POINTS: tuple[tuple[float, float], ...] = ((0.0, 1.0), (1.0, 3.0), (2.0, 2.0), (3.0, 5.0), (4.0, 4.0))


@dataclass(frozen=True, slots=True)
class Generator:
    """A named way to draw points: `build` returns x and y, each (count,)."""

    name: str
    label: Label
    tex: str
    parameters: tuple[Parameter, ...]
    build: Callable[[Numbers, np.random.Generator], tuple[Array, Array]]

    def draw(self, parameters: Numbers, seed: int, pointer: str = "") -> tuple[Array, Array]:
        """Return the points of these parameters and this seed, in the order of x."""
        numbers = complete_parameters(self.parameters, parameters, f"{pointer}/parameters")
        x, y = self.build(numbers, np.random.default_rng(seed))
        order = np.argsort(x, kind="stable")
        return x[order], y[order]


GENERATORS: Registry[Generator] = Registry("generator")

_COUNT = Parameter("count", Label("points", "점의 수"), "N", 30, 2, MAXIMUM_POINTS, integer=True)
_INTERCEPT = Parameter("intercept", Label("true intercept", "참 절편"), "w_0", 1.0, -100.0, 100.0)
_SLOPE = Parameter("slope", Label("true slope", "참 기울기"), "w_1", 0.8, -100.0, 100.0)
_NOISE = Parameter("noise", Label("noise (standard deviation)", "잡음(표준편차)"), "s", 0.5, 0.0, 100.0)
_BEND = Parameter("bend", Label("bend", "휜 정도"), "c", 0.3, -10.0, 10.0)
_OUTLIERS = Parameter("outliers", Label("outliers", "이상점의 수"), "k", 2, 0, MAXIMUM_POINTS, integer=True)
_DISTANCE = Parameter("distance", Label("how far off", "벗어난 거리"), "d", 6.0, -100.0, 100.0)
_LOW, _HIGH = 0.0, 5.0


def _line(p: Numbers, generator: np.random.Generator) -> tuple[Array, Array]:
    count = int(p["count"])
    x = generator.uniform(_LOW, _HIGH, count)
    return x, p["intercept"] + p["slope"] * x + p["noise"] * generator.standard_normal(count)


def _curve(p: Numbers, generator: np.random.Generator) -> tuple[Array, Array]:
    x, y = _line(p, generator)
    return x, y + p["bend"] * (x - 0.5 * (_LOW + _HIGH)) ** 2


def _outliers(p: Numbers, generator: np.random.Generator) -> tuple[Array, Array]:
    x, y = _line(p, generator)
    # Those furthest right: they pull at the slope.
    off = np.argsort(x)[max(0, len(x) - int(p["outliers"])) :]
    y[off] -= p["distance"]
    return x, y


_COMMON = (_COUNT, _INTERCEPT, _SLOPE, _NOISE)
GENERATORS.add(
    Generator(
        "line",
        Label("a line with noise", "직선에 잡음을 더한 점"),
        "y=w_0+w_1x+s\\varepsilon",
        _COMMON,
        _line,
    )
)
GENERATORS.add(
    Generator(
        "outliers",
        Label("a line with outliers", "이상점이 섞인 직선"),
        "y=w_0+w_1x+s\\varepsilon-d",
        (*_COMMON, _OUTLIERS, _DISTANCE),
        _outliers,
    )
)
GENERATORS.add(
    Generator(
        "curve",
        Label("a curve, which no line fits", "직선으로 맞출 수 없는 곡선"),
        "y=w_0+w_1x+c\\,(x-2.5)^{2}+s\\varepsilon",
        (*_COMMON, _BEND),
        _curve,
    )
)
