"""The Regression lab's ready examples."""

from __future__ import annotations

from core.lab import LabPreset
from core.registry import Label

PRESETS: tuple[LabPreset, ...] = (
    LabPreset("five", Label("five points, by hand", "점 다섯 개, 손으로 계산"), {}),
    LabPreset(
        "centred",
        Label("the same points, x centred", "같은 점, x의 평균을 0으로 옮김"),
        {
            "points": [[-2.0, 1.0], [-1.0, 3.0], [0.0, 2.0], [1.0, 5.0], [2.0, 4.0]],
            "learning_rate": 0.2,
            "steps": 20,
        },
    ),
    LabPreset(
        "houses",
        Label("price by size (made-up houses)", "크기에 따른 주택 가격(가상의 수)"),
        {
            "points": [[0.5, 2.1], [0.6, 2.0], [0.8, 3.2], [0.9, 2.9], [1.1, 4.4], [1.3, 4.1], [1.5, 5.6]],
            "learning_rate": 0.3,
            "steps": 200,
        },
    ),
    LabPreset(
        "noisy",
        Label("30 points with noise", "잡음이 있는 점 30개"),
        {"generator": {"name": "line"}, "learning_rate": 0.08},
    ),
    LabPreset(
        "outliers",
        Label("two outliers pull the line", "이상점 둘이 직선을 끌어당김"),
        {"generator": {"name": "outliers"}, "learning_rate": 0.08},
    ),
    LabPreset(
        "curve",
        Label("no line fits", "직선으로는 맞지 않음"),
        {"generator": {"name": "curve"}, "learning_rate": 0.08},
    ),
    LabPreset(
        "stochastic",
        Label("one point a step (stochastic)", "한 번에 점 하나(확률적 경사 하강법)"),
        {
            "generator": {"name": "line"},
            "learning_rate": 0.03,
            "steps": 120,
            "batch": {"mode": "one"},
        },
    ),
    LabPreset(
        "too_large",
        Label("a learning rate that is too large", "너무 큰 학습률"),
        {"learning_rate": 0.16, "steps": 20},
    ),
)
