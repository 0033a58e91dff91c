"""The ready examples of the layer view. The course prints shapes and rules; the numbers are our own."""

from __future__ import annotations

from typing import Any

from core.lab import LabPreset
from core.registry import Label


def _layer(units: int, activation: str, bias: str = "trained") -> dict[str, Any]:
    return {
        "units": units,
        "activation": activation,
        "activation_parameters": {},
        "bias": {"mode": bias, "value": 1.0},
    }


def _body(
    layers: list[dict[str, Any]],
    weights: list[list[list[float]]],
    biases: list[list[float] | None],
    loss: dict[str, Any],
    inputs: list[list[float]],
    targets: list[list[float]],
) -> dict[str, Any]:
    """Return a request as the reply writes it, so that a page can tell which example it shows."""
    return {
        "network": {
            "layers": layers,
            "initializer": None,
            "parameters": {"weights": weights, "biases": biases},
        },
        "loss": loss,
        "data": {"inputs": inputs, "targets": targets},
    }


_MEAN = {"name": "categorical_cross_entropy", "coefficient": 1.0, "outputs": "sum", "batch": "mean"}
# Shapes of the course: X (N,2), W (2,3), B (3), with N = 2.
OPENING: dict[str, Any] = _body(
    [_layer(3, "softmax")],
    [[[0.5, -0.25, 0.75], [-0.5, 0.25, 1.0]]],
    [[0.1, 0.2, -0.3]],
    _MEAN,
    [[1.0, 2.0], [3.0, -1.0]],
    [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]],
)

PRESETS: tuple[LabPreset, ...] = (
    LabPreset(
        "affine-softmax",
        Label("Affine and softmax with loss", "Affine과 소프트맥스-손실"),
        OPENING,
        mode="layers",
    ),
    LabPreset(
        "two-layers",
        Label("Two layers, batch of three", "두 층, 샘플 세 개의 배치"),
        _body(
            [_layer(2, "relu"), _layer(3, "softmax")],
            [[[0.5, -1.0], [1.0, 0.5]], [[0.5, -0.5, 0.25], [-0.25, 0.75, 1.0]]],
            [[0.0, 0.5], [0.1, 0.0, -0.1]],
            _MEAN,
            [[1.0, 0.5], [-1.0, 2.0], [0.5, -1.5]],
            [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        ),
        mode="layers",
    ),
    LabPreset(
        "worked-example",
        Label("The worked example, 2-2-2", "손계산 예제 2-2-2"),
        _body(
            [_layer(2, "sigmoid", "absent")] * 2,
            [[[0.3, 0.4], [0.25, 0.35]], [[0.45, 0.7], [0.4, 0.6]]],
            [None, None],
            {"name": "squared_error", "coefficient": 0.5, "outputs": "sum", "batch": "sum"},
            [[0.1, 0.2]],
            [[0.4, 0.6]],
        ),
        mode="layers",
    ),
    LabPreset(
        "logistic",
        Label("Logistic unit, batch of four", "로지스틱 뉴런, 샘플 네 개의 배치"),
        _body(
            [_layer(1, "sigmoid")],
            [[[1.0], [-0.5]]],
            [[0.25]],
            {"name": "binary_cross_entropy", "coefficient": 1.0, "outputs": "sum", "batch": "mean"},
            [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]],
            [[0.0], [1.0], [1.0], [1.0]],
        ),
        mode="layers",
    ),
)
