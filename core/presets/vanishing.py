"""Two deep networks that differ in nothing but their activation function: one learns, the other cannot."""

from __future__ import annotations

from collections.abc import Callable

from core.presets.entry import BCE, OURS, PRESETS, Preset, network, training
from core.registry import Label
from core.session.specification import DataChoice, InitializerSpec, SessionSpec

_HIDDEN = 5
_UNITS = 8


def _deep(activation: str) -> Callable[[], SessionSpec]:
    def build() -> SessionSpec:
        return SessionSpec(
            network(2, *[(_UNITS, activation)] * _HIDDEN, (1, "sigmoid")),
            training(BCE, "sgd", 0.1, "mini", 20, "shuffled"),
            DataChoice("circles"),
            seed=1,
            initializer=InitializerSpec("he_uniform"),
        )

    return build


PRESETS.add(
    Preset(
        "deep-sigmoid",
        Label("Vanishing gradients, 5 sigmoid layers", "기울기 소실, 시그모이드 5층"),
        Label(
            "See gradients vanish. Train, then open Pictures, Gradient flow: each sigmoid layer passes on "
            "at most a quarter of what it gets, so the first layers get next to nothing and the loss stays "
            "where it is. Then load the same network with ReLU.",
            "기울기가 사라지는 모습을 볼 수 있습니다. 학습한 다음 그림 탭의 기울기 흐름을 여십시오. "
            "시그모이드 층은 받은 기울기의 4분의 1까지만 앞 층으로 넘기므로 앞쪽 층에는 거의 도달하지 "
            "않고, 손실은 제자리에 머뭅니다. 이어서 같은 신경망을 ReLU로 불러 보십시오.",
        ),
        OURS,
        _deep("sigmoid"),
    )
)
PRESETS.add(
    Preset(
        "deep-relu",
        Label("Gradients that arrive, 5 ReLU layers", "끝까지 전해지는 기울기, ReLU 5층"),
        Label(
            "See the same five layers learn with ReLU: same data, same rate, same weights at the start. "
            "Where a neuron is active its slope is 1, so every layer gets a gradient of similar size. The "
            "price is neurons that no sample activates any more; Gradient flow counts them.",
            "같은 5층이 ReLU로는 학습하는 모습을 볼 수 있습니다. 데이터, 학습률, 처음 가중치가 모두 "
            "같습니다. 활성화된 뉴런의 미분값은 1이라서 모든 층에 비슷한 크기의 기울기가 전해집니다. "
            "대신 어떤 샘플에도 활성화되지 않는 뉴런이 생기며, 기울기 흐름에서 그 비율을 볼 수 있습니다.",
        ),
        OURS,
        _deep("relu"),
    )
)
