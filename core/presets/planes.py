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
            "Watch four hidden neurons fence in the inner circle, each bending along one line. Try three "
            "hidden neurons, then two: with two, the fence cannot close.",
            "은닉 뉴런 4개가 안쪽 원을 울타리처럼 둘러싸는 모습을 볼 수 있습니다. 은닉 뉴런은 저마다 직선 "
            "하나를 따라 평면을 꺾습니다. 은닉 뉴런을 3개, 2개로 줄여 보십시오. 2개로는 울타리를 닫을 수 "
            "없습니다.",
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
            "Watch the boundary bend between two crescents that reach into each other. A straight line gets "
            "most points right; the rest need the bend. Momentum helps the weights through the stretch "
            "where the loss stays flat.",
            "서로 맞물린 초승달 두 개 사이에서 경계가 휘는 모습을 볼 수 있습니다. 직선으로도 대부분 "
            "맞히지만, 나머지는 경계가 휘어야 맞힙니다. 손실이 거의 줄지 않는 구간을 모멘텀의 도움으로 "
            "지나갑니다.",
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
            "Watch two hidden layers part two arms wound around each other, the hardest set here. The first "
            "layer cuts the plane into strips, the second joins the strips into arms. Take one layer away "
            "and see how far it gets.",
            "은닉층 두 개가 서로 감긴 두 팔을 나누는 모습을 볼 수 있으며, 예제 가운데 가장 어렵습니다. 첫 "
            "번째 은닉층은 평면을 띠로 자르고, 두 번째 은닉층은 띠를 모아 나선의 팔을 만듭니다. 층 하나를 "
            "빼면 어디까지 되는지 살펴보십시오.",
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
            "See softmax give each of three clusters an output; the outputs always add up to 1. With "
            "cross-entropy, the delta of an output neuron is simply o − t: its probability minus the "
            "target.",
            "합이 항상 1인 소프트맥스 출력 3개로 세 군집을 나누는 모습을 볼 수 있습니다. 교차 엔트로피를 "
            "함께 쓰면 출력 뉴런의 델타는 o − t, 곧 확률에서 목푯값을 뺀 값이 됩니다.",
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
            "Watch the network find the two boundaries between four noisy clouds of XOR points. Each of the "
            "four points is a cloud of fifty, so learning them by heart is not enough.",
            "잡음으로 퍼진 XOR의 네 무리 사이에서 신경망이 두 경계를 찾는 모습을 볼 수 있습니다. 무리마다 "
            "점이 50개씩 있어서 점을 외우는 것으로는 풀 수 없습니다.",
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
