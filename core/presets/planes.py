"""Presets on generated points in the plane: class boundaries to watch while they form."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.network import TrainingSpec
from core.presets.entry import (
    BCE,
    CCE,
    OURS,
    PRESETS,
    Preset,
    network,
    training,
)
from core.registry import Label
from core.session.specification import DataChoice, InitializerSpec, SessionSpec


def _plane(
    data: str,
    layers: tuple[tuple[int, str], ...],
    how: TrainingSpec,
    initializer: str,
    parameters: Mapping[str, float] | None = None,
    seed: int = 1,
) -> Callable[[], SessionSpec]:
    def build() -> SessionSpec:
        return SessionSpec(
            network(2, *layers),
            how,
            DataChoice(data, parameters or {}),
            seed=seed,
            initializer=InitializerSpec(initializer),
        )

    return build


PRESETS.add(
    Preset(
        "circles",
        Label("Two circles, 2-4-1", "두 동심원, 2-4-1"),
        Label(
            "One class encloses the other. Each hidden neuron bends the plane along one line; together "
            "they fence the inner circle in. Try three hidden neurons, then two: with two, the fence "
            "cannot close.",
            "한 클래스가 다른 클래스를 둘러싸고 있습니다. 은닉 뉴런은 저마다 직선 하나를 따라 평면을 "
            "꺾고, 모이면 안쪽 원을 울타리처럼 둘러쌉니다. 은닉 뉴런을 3개, 2개로 줄여 보세요. 2개로는 "
            "울타리를 닫을 수 없습니다.",
        ),
        OURS,
        _plane(
            "circles",
            ((4, "tanh"), (1, "sigmoid")),
            training(BCE, "adam", 0.05, "mini", 20, "shuffled"),
            "glorot_uniform",
        ),
    )
)
PRESETS.add(
    Preset(
        "moons",
        Label("Two moons, 2-8-1", "두 반달, 2-8-1"),
        Label(
            "Two crescents that reach into each other: a straight line gets most points right, the rest "
            "need a bend. Momentum carries the weights through the flat stretch in the middle of training.",
            "서로 맞물린 초승달 모양 두 개입니다. 직선으로도 대부분 맞히지만 나머지는 경계가 휘어야 "
            "맞힙니다. 학습 중간의 평평한 구간을 모멘텀이 지나가게 해 줍니다.",
        ),
        OURS,
        _plane(
            "moons",
            ((8, "tanh"), (1, "sigmoid")),
            training(BCE, "momentum", 0.1, "mini", 20, "shuffled"),
            "glorot_uniform",
        ),
    )
)
PRESETS.add(
    Preset(
        "spirals",
        Label("Two spirals, 2-16-16-1", "두 나선, 2-16-16-1"),
        Label(
            "The hardest of these: two arms wound around each other. The first hidden layer cuts the "
            "plane into strips, the second puts the strips together into arms. Take one layer away and "
            "see how far it gets.",
            "이 가운데 가장 어려운 문제로, 두 팔이 서로 감겨 있습니다. 첫 번째 은닉층은 평면을 띠로 "
            "자르고, 두 번째 은닉층은 띠를 모아 나선의 팔을 만듭니다. 층 하나를 빼면 어디까지 되는지 "
            "살펴보세요.",
        ),
        OURS,
        _plane(
            "spirals",
            ((16, "tanh"), (16, "tanh"), (1, "sigmoid")),
            training(BCE, "adam", 0.01, "mini", 20, "shuffled"),
            "glorot_uniform",
        ),
    )
)
PRESETS.add(
    Preset(
        "blobs",
        Label("Three clusters with softmax, 2-6-3", "소프트맥스로 나누는 세 군집, 2-6-3"),
        Label(
            "Three classes, three outputs that sum to 1. With softmax and cross-entropy the delta of an "
            "output neuron is simply y − t: its probability minus what it should have been.",
            "클래스가 3개이고, 출력 3개의 합은 1입니다. 소프트맥스와 교차 엔트로피를 함께 쓰면 출력 "
            "뉴런의 델타는 y − t, 곧 출력한 확률에서 목푯값을 뺀 값이 됩니다.",
        ),
        OURS,
        _plane(
            "blobs",
            ((6, "relu"), (3, "softmax")),
            training(CCE, "adam", 0.02, "mini", 20, "shuffled"),
            "he_normal",
        ),
    )
)
PRESETS.add(
    Preset(
        "noisy-xor",
        Label("XOR with noise, 2-4-1", "잡음이 있는 XOR, 2-4-1"),
        Label(
            "The four points of XOR, each spread into a cloud of fifty. The network can no longer learn "
            "them by heart and has to find the two boundaries between them.",
            "XOR의 네 점을 각각 50개의 점으로 퍼뜨렸습니다. 이제는 점을 외울 수 없으므로 점들 사이의 두 "
            "경계를 찾아야 합니다.",
        ),
        OURS,
        _plane(
            "noisy_xor",
            ((4, "tanh"), (1, "sigmoid")),
            training(BCE, "adam", 0.05, "mini", 20, "shuffled"),
            "glorot_uniform",
        ),
    )
)
