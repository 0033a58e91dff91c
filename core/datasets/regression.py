"""Data sets of real-valued targets: curves over one input, surfaces over two.

Targets stay within about -1 and 1, so that an identity output learns them at the usual rates without scaling.
Noise is added to the targets; the inputs are exact.
"""

from __future__ import annotations

import numpy as np

from core.datasets.entry import DATASETS, Array, DataSource, Numbers, blurred, noise, size
from core.registry import Label, Parameter


def _line(p: Numbers, generator: np.random.Generator) -> tuple[Array, Array]:
    x = generator.uniform(-1.0, 1.0, (int(p["size"]), 1))
    return x, blurred(0.8 * x - 0.1, p, generator)


def _sine(p: Numbers, generator: np.random.Generator) -> tuple[Array, Array]:
    x = generator.uniform(-1.0, 1.0, (int(p["size"]), 1))
    return x, blurred(np.sin(np.pi * p["periods"] * x), p, generator)


def _plane(p: Numbers, generator: np.random.Generator) -> tuple[Array, Array]:
    x = generator.uniform(-1.0, 1.0, (int(p["size"]), 2))
    return x, blurred(0.5 * x.sum(axis=1, keepdims=True), p, generator)


# Hills of height 1 and hollows of depth 1, each on its place in the plane.
_BUMPS = (((-0.5, 0.5), 1.0), ((0.5, -0.5), 1.0), ((0.5, 0.5), -1.0), ((-0.5, -0.5), -1.0))


def _bumps(p: Numbers, generator: np.random.Generator) -> tuple[Array, Array]:
    x = generator.uniform(-1.0, 1.0, (int(p["size"]), 2))
    y = np.zeros((len(x), 1))
    for centre, height in _BUMPS:
        distance = ((x - np.array(centre)) ** 2).sum(axis=1, keepdims=True)
        y += height * np.exp(-distance / (2.0 * p["width"] ** 2))
    return x, blurred(y, p, generator)


_PERIODS = Parameter("periods", Label("periods", "주기 수"), "r", 1.0, 0.25, 4.0)
_WIDTH = Parameter("width", Label("width of a bump", "봉우리의 너비"), "w", 0.25, 0.1, 1.0)

DATASETS.add(
    DataSource(
        "line",
        Label("Line (regression)", "직선(회귀)"),
        parameters=(size(60), noise(0.1)),
        inputs=1,
        build_values=_line,
    )
)
DATASETS.add(
    DataSource(
        "sine",
        Label("Sine curve (regression)", "사인 곡선(회귀)"),
        parameters=(size(100), noise(0.1), _PERIODS),
        inputs=1,
        build_values=_sine,
    )
)
DATASETS.add(
    DataSource(
        "plane",
        Label("Plane (regression)", "평면(회귀)"),
        parameters=(size(), noise(0.05)),
        build_values=_plane,
    )
)
DATASETS.add(
    DataSource(
        "bumps",
        Label("Bumps and hollows (regression)", "봉우리와 골짜기(회귀)"),
        parameters=(size(300), noise(0.05), _WIDTH),
        build_values=_bumps,
    )
)
