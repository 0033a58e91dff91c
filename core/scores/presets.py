"""The lab's ready examples, and where their numbers come from.

The distributions of the three classes, the scores of argmax and the four points are the course material's;
the opening layer, the temperatures and the saturated neuron are ours. The material prints the probabilities
of the right classes only; which of the four points belong to class 1 follows from its second table.
"""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from core.lab import LabPreset
from core.registry import Label
from core.scores.settings import BinarySettings, LikelihoodSettings, SaturatedSettings, SoftmaxSettings

_SETTINGS = {
    "softmax": SoftmaxSettings,
    "binary": BinarySettings,
    "likelihood": LikelihoodSettings,
    "saturated": SaturatedSettings,
}


def _preset(topic: str, name: str, en: str, ko: str, **changes: object) -> LabPreset:
    """Return an example of a topic with everything that is set in it, so that a page can tell it again."""
    settings = {**asdict(_SETTINGS[topic]()), **changes}
    return LabPreset(
        name, Label(en, ko), {"topic": topic, topic: {k: _plain(v) for k, v in settings.items()}}
    )


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, (tuple, list)) else value


def _softmax(name: str, en: str, ko: str, **changes: object) -> LabPreset:
    return _preset("softmax", name, en, ko, **changes)


def _logs(*probabilities: float) -> list[float]:
    """Return the scores whose softmax these probabilities are."""
    return [math.log(p) for p in probabilities]


PRESETS: tuple[LabPreset, ...] = (
    _softmax("layer", "Four inputs, three classes", "입력 넷, 클래스 셋"),
    _softmax(
        "course-good",
        "Course: Q = (0.2, 0.7, 0.1)",
        "강의 자료: Q = (0.2, 0.7, 0.1)",
        source="scores",
        scores=_logs(0.2, 0.7, 0.1),
        target=1,
    ),
    _softmax(
        "course-worse",
        "Course: Q = (0.4, 0.4, 0.2)",
        "강의 자료: Q = (0.4, 0.4, 0.2)",
        source="scores",
        scores=_logs(0.4, 0.4, 0.2),
        target=1,
    ),
    _softmax(
        "argmax-clear",
        "Course: scores 1.37 and 0",
        "강의 자료: 점수 1.37, 0",
        source="scores",
        scores=[1.37, 0.0],
        target=0,
    ),
    _softmax(
        "argmax-close",
        "Course: scores 1.37 and 1.36",
        "강의 자료: 점수 1.37, 1.36",
        source="scores",
        scores=[1.37, 1.36],
        target=0,
    ),
    _softmax("cold", "Cold: temperature 0.1", "낮은 온도: 0.1", temperature=0.1),
    _softmax("hot", "Hot: temperature 10", "높은 온도: 10", temperature=10.0),
    _softmax(
        "large-scores",
        "Large scores: why the shift",
        "큰 점수: 최댓값을 빼는 까닭",
        source="scores",
        scores=[1000.0, 999.0, 998.0],
        target=1,
    ),
    _softmax(
        "lost-share",
        "A share that rounds to 0",
        "0으로 반올림되는 확률",
        source="scores",
        scores=[800.0, 0.0, -1.0],
        target=1,
    ),
    _preset("binary", "binary", "Binary cross-entropy", "이진 교차 엔트로피"),
    _preset(
        "binary",
        "binary-sure-and-wrong",
        "Sure and wrong: p = 0.01 for target 1",
        "확신했지만 틀린 경우: 목푯값 1에 p = 0.01",
        source="probability",
        probability=0.01,
    ),
    _preset(
        "likelihood",
        "likelihood",
        "Course: four points, 0.0084 and 0.3024",
        "강의 자료: 점 넷의 가능도 0.0084, 0.3024",
    ),
    _preset(
        "likelihood",
        "likelihood-binary",
        "Course: p = 0.9, 0.6, 0.2, 0.3",
        "강의 자료: p = 0.9, 0.6, 0.2, 0.3",
        targets=[1, 1, 0, 0],
        models=[[0.9, 0.6, 0.2, 0.3]],
    ),
    _preset("saturated", "saturated", "A saturated neuron, three losses", "포화된 뉴런, 손실 함수 셋"),
    _preset(
        "saturated",
        "saturated-hard",
        "Saturated beyond 1 − y = 0",
        "1 − y = 0이 될 만큼 포화된 뉴런",
        weight=30.0,
        bias=10.0,
    ),
)
