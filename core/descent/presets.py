"""The ready examples of both halves of the lab: one variable, and races in two."""

from __future__ import annotations

from core.descent.functions import FUNCTIONS
from core.descent.surfaces import SURFACES
from core.lab import LabPreset
from core.registry import Label

DESCENT = (
    LabPreset(
        "course",
        Label("The course's 100 iterations", "강의 자료의 100회 반복"),
        {"expression": "(x-3)^2 + 10", "start": 10.0, "learning_rate": 0.01, "steps": 100},
    ),
    *(
        LabPreset(
            entry.name,
            entry.label,
            {
                "expression": entry.expression,
                "start": entry.start,
                "learning_rate": entry.learning_rate,
                "rates": [entry.learning_rate / 10, entry.learning_rate, entry.learning_rate * 10.5],
            },
        )
        for entry in FUNCTIONS
    ),
)

_BATCHES = [
    {"optimizer": "sgd", "batch": mode, "parameters": {"learning_rate": 0.05}}
    for mode in ("full", "mini", "one")
]

RACES = (
    *(LabPreset(entry.name, entry.label, {"surface": entry.name}) for entry in SURFACES),
    LabPreset(
        "batches",
        Label("Full batch, mini-batch, one sample", "전체 배치, 미니배치, 표본 하나"),
        {"surface": "regression", "runs": _BATCHES},
    ),
    LabPreset(
        "optimizers-on-data",
        Label("Six optimizers on mini-batches", "미니배치에서 여섯 가지 최적화 기법"),
        {
            "surface": "regression",
            "runs": [
                {"optimizer": name, "batch": "mini"}
                for name in ("sgd", "momentum", "nag", "adagrad", "rmsprop", "adam")
            ],
        },
    ),
    LabPreset(
        "rates",
        Label("One optimizer, three rates", "한 가지 기법, 학습률 세 가지"),
        {
            "surface": "ravine",
            "runs": [
                {"optimizer": "sgd", "parameters": {"learning_rate": rate}} for rate in (0.1, 0.95, 1.02)
            ],
        },
    ),
)
