"""The Regression lab's ready examples, each with all that tells it from the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.lab import LabPreset
from core.registry import Label, complete_parameters
from core.regression.data import GENERATORS, OPENING_POINTS

_OPENING = [list(point) for point in OPENING_POINTS]
_HOUSES = [[0.5, 2.1], [0.6, 2.0], [0.8, 3.2], [0.9, 2.9], [1.1, 4.4], [1.3, 4.1], [1.5, 5.6]]


def _given(points: list[list[float]], rate: float, steps: int) -> Mapping[str, Any]:
    return {"points": points, "generator": None, "learning_rate": rate, "steps": steps}


def _drawn(name: str, rate: float, steps: int, batch: str = "full") -> Mapping[str, Any]:
    parameters = complete_parameters(GENERATORS.get(name).parameters, {})
    return {
        "points": None,
        "generator": {"name": name, "parameters": parameters, "seed": 0},
        "learning_rate": rate,
        "steps": steps,
        "batch": {"mode": batch, "size": 2, "seed": 0},
    }


PRESETS: tuple[LabPreset, ...] = (
    LabPreset("five", Label("five points, by hand", "점 다섯 개, 손으로 계산"), _given(_OPENING, 0.1, 50)),
    LabPreset(
        "centred",
        Label("the same points, x centred", "같은 점, x의 평균을 0으로 옮김"),
        _given([[x - 2.0, y] for x, y in _OPENING], 0.2, 20),
    ),
    LabPreset(
        "too_large",
        Label("a learning rate that is too large", "너무 큰 학습률"),
        _given(_OPENING, 0.16, 20),
    ),
    LabPreset(
        "houses",
        Label("price by size (made-up houses)", "크기에 따른 주택 가격(가상의 수)"),
        _given(_HOUSES, 0.3, 200),
    ),
    LabPreset("noisy", Label("30 points with noise", "잡음이 있는 점 30개"), _drawn("line", 0.08, 50)),
    LabPreset(
        "outliers",
        Label("two outliers pull the line", "이상점 둘이 직선을 끌어당김"),
        _drawn("outliers", 0.08, 50),
    ),
    LabPreset("curve", Label("no line fits", "직선으로는 맞지 않음"), _drawn("curve", 0.08, 50)),
    LabPreset(
        "stochastic",
        Label("one point a step (stochastic)", "한 번에 점 하나(확률적 경사 하강법)"),
        _drawn("line", 0.03, 120, "one"),
    ),
)
