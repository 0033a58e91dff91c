"""Ready examples of the perceptron lab; those of the mode "learn" say every field that one may change."""

from __future__ import annotations

from typing import Any

from core.lab import LabPreset
from core.registry import Label

_PERCEPTRON: dict[str, Any] = {
    "rule": "perceptron",
    "weights": [0.5, -0.5],
    "bias": 0.2,
    "learning_rate": 0.2,
    "epochs": 20,
}
_ADALINE = {**_PERCEPTRON, "rule": "adaline", "learning_rate": 0.1, "epochs": 50}
_POINTS = [[1.0, 1.0], [2.0, 0.5], [1.5, 2.0], [0.5, 1.5], [3.5, 3.0], [3.0, 4.0], [4.0, 2.5], [2.5, 3.5]]


def _learn(name: str, en: str, ko: str, data: dict[str, Any], settings: dict[str, Any]) -> LabPreset:
    return LabPreset(name, Label(en, ko), {"data": data, **settings}, "learn")


PRESETS = (
    _learn("and", "AND, perceptron rule", "AND, 퍼셉트론 학습 규칙", {"name": "and"}, _PERCEPTRON),
    _learn("or", "OR, perceptron rule", "OR, 퍼셉트론 학습 규칙", {"name": "or"}, _PERCEPTRON),
    _learn("nand", "NAND, perceptron rule", "NAND, 퍼셉트론 학습 규칙", {"name": "nand"}, _PERCEPTRON),
    _learn("xor", "XOR: no line separates it", "XOR: 나눌 직선이 없는 경우", {"name": "xor"}, _PERCEPTRON),
    _learn("and-adaline", "AND, Adaline", "AND, 아달라인", {"name": "and"}, _ADALINE),
    _learn("xor-adaline", "XOR, Adaline", "XOR, 아달라인", {"name": "xor"}, _ADALINE),
    _learn(
        "own-points",
        "Eight points of one's own",
        "직접 놓은 점 여덟 개",
        {"inputs": _POINTS, "classes": [0, 0, 0, 0, 1, 1, 1, 1]},
        {**_PERCEPTRON, "learning_rate": 0.5},
    ),
    LabPreset("xor-gates", Label("XOR from NAND, OR and AND", "NAND, OR, AND로 만든 XOR"), {}, "xor"),
)
