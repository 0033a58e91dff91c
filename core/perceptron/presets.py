"""Ready examples of the perceptron lab."""

from __future__ import annotations

from core.lab import LabPreset
from core.registry import Label

PRESETS = (
    LabPreset(
        "and", Label("AND, perceptron rule", "AND, 퍼셉트론 학습 규칙"), {"data": {"name": "and"}}, "learn"
    ),
    LabPreset(
        "or", Label("OR, perceptron rule", "OR, 퍼셉트론 학습 규칙"), {"data": {"name": "or"}}, "learn"
    ),
    LabPreset(
        "nand",
        Label("NAND, perceptron rule", "NAND, 퍼셉트론 학습 규칙"),
        {"data": {"name": "nand"}},
        "learn",
    ),
    LabPreset(
        "xor",
        Label("XOR: no line separates it", "XOR: 나눌 직선이 없는 경우"),
        {"data": {"name": "xor"}, "learning_rate": 1.0},
        "learn",
    ),
    LabPreset(
        "and-adaline",
        Label("AND, Adaline", "AND, 아달라인"),
        {"data": {"name": "and"}, "rule": "adaline", "learning_rate": 0.1, "epochs": 50},
        "learn",
    ),
    LabPreset(
        "xor-adaline",
        Label("XOR, Adaline", "XOR, 아달라인"),
        {"data": {"name": "xor"}, "rule": "adaline", "learning_rate": 0.1, "epochs": 50},
        "learn",
    ),
    LabPreset(
        "own-points",
        Label("Eight points of one's own", "직접 놓은 점 여덟 개"),
        {
            "data": {
                "inputs": [
                    [1.0, 1.0],
                    [2.0, 0.5],
                    [1.5, 2.0],
                    [0.5, 1.5],
                    [3.5, 3.0],
                    [3.0, 4.0],
                    [4.0, 2.5],
                    [2.5, 3.5],
                ],
                "classes": [0, 0, 0, 0, 1, 1, 1, 1],
            },
            "learning_rate": 0.5,
            "epochs": 50,
        },
        "learn",
    ),
    LabPreset("xor-gates", Label("XOR from NAND, OR and AND", "NAND, OR, AND로 만든 XOR"), {}, "xor"),
)
