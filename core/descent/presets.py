"""The ready examples of both halves of the lab: one variable, and races in two."""

from __future__ import annotations

from typing import Any

from core.descent.functions import FUNCTIONS
from core.descent.surfaces import SURFACES
from core.lab import LabPreset
from core.optimizers import OPTIMIZERS
from core.registry import Label, complete_parameters

_COURSE = LabPreset(
    "course",
    Label("The course's 100 iterations", "강의 자료의 100회 반복"),
    {"expression": "(x-3)^2 + 10", "start": 10.0, "learning_rate": 0.01, "steps": 100},
    mode="curve",
)


def _runs(*wanted: tuple[str, float, str]) -> list[dict[str, Any]]:
    """Return entrants with all their parameters, as a reply's request writes them."""
    runs = []
    for name, rate, batch in wanted:
        parameters = complete_parameters(OPTIMIZERS.get(name).parameters, {"learning_rate": rate})
        runs.append({"optimizer": name, "parameters": parameters, "batch": batch})
    return runs


_LOSS = SURFACES.get("regression")

CURVES = (
    *(
        LabPreset(
            entry.name,
            entry.label,
            {
                "expression": entry.expression,
                "start": entry.start,
                "learning_rate": entry.learning_rate,
                "rates": list(entry.rates),
            },
            mode="curve",
        )
        for entry in FUNCTIONS
    ),
    _COURSE,
)

# The more particular ones first: what a page has before it is named after the first that fits.
RACES = (
    LabPreset(
        "batches",
        Label("Full batch, mini-batch, one sample", "전체 배치, 미니배치, 표본 하나"),
        {"surface": "regression", "runs": _runs(*(("sgd", 0.05, mode) for mode in ("full", "mini", "one")))},
        mode="race",
    ),
    LabPreset(
        "optimizers-on-data",
        Label("Six optimizers on mini-batches", "미니배치에서 여섯 가지 최적화 기법"),
        {
            "surface": "regression",
            "runs": _runs(*((name, _LOSS.rate(name), "mini") for name in OPTIMIZERS.names())),
        },
        mode="race",
    ),
    LabPreset(
        "rates",
        Label("One optimizer, three rates", "한 가지 기법, 학습률 세 가지"),
        {"surface": "ravine", "runs": _runs(*(("sgd", rate, "full") for rate in (0.1, 0.95, 1.02)))},
        mode="race",
    ),
    *(LabPreset(entry.name, entry.label, {"surface": entry.name}, mode="race") for entry in SURFACES),
)

PRESETS = (*CURVES, *RACES)
