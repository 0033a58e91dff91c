"""Presets that reproduce the course material, to the digits that it prints."""

from __future__ import annotations

from core.network import BiasSpec
from core.presets.entry import (
    HALF_SSE,
    MSE,
    PRESETS,
    Preset,
    given,
    network,
    rows,
    training,
)
from core.registry import Label
from core.session.specification import DataChoice, InitializerSpec, SessionSpec


def _worked_example() -> SessionSpec:
    return given(
        network(2, (2, "sigmoid"), (2, "sigmoid"), bias=BiasSpec("absent", 0.0)),
        training(HALF_SSE, "sgd", 0.5, "one"),
        rows([[0.1, 0.2]], [[0.4, 0.6]]),
        [[[0.3, 0.25], [0.4, 0.35]], [[0.45, 0.4], [0.7, 0.6]]],
    )


def _xor_keras() -> SessionSpec:
    return SessionSpec(
        network(2, (2, "sigmoid"), (1, "sigmoid")),
        training(MSE, "sgd", 0.1, "one", order="shuffled"),
        DataChoice("xor"),
        seed=3,
        initializer=InitializerSpec("glorot_uniform"),
    )


def _xor_numpy() -> SessionSpec:
    # As drawn by numpy.random.RandomState(5), 2u - 1: a row a hidden neuron, its bias last.
    hidden = [
        [-0.556013657820521, 0.5318157129606311, -0.11738155420809382],
        [0.7414646123547528, 0.036835975745886484, -0.6833802645746976],
        [-0.5865616893211472, -0.4063989968475561, 0.7598740624025577],
        [0.8372218158758431, -0.6245575426774967, -0.4518270760155507],
        [-0.023177622410341714, -0.8385174624702503, -0.17152996183789737],
    ]
    output = [
        [
            0.25757581775896665,
            0.1596756203790901,
            0.19985839324997512,
            -0.4683617649289855,
            -0.4306282387172724,
            -0.492823588452425,
        ]
    ]
    return given(
        network(2, (5, "sigmoid"), (1, "sigmoid")),
        training(HALF_SSE, "sgd", 0.2),
        DataChoice("xor"),
        [hidden, output],
    )


def _delta_rule() -> SessionSpec:
    return given(
        network(2, (2, "sigmoid"), (2, "sigmoid"), bias=BiasSpec("fixed", 1.0)),
        training(HALF_SSE, "sgd", 1.0, "one"),
        rows([[0.5, 0.8]], [[0.9, 0.1]]),
        [[[0.2, -0.4, 1.0], [0.6, 0.1, 1.0]], [[0.3, -0.5, 1.0], [-0.2, 0.7, 1.0]]],
    )


def _xor_gates() -> SessionSpec:
    return given(
        network(2, (2, "step"), (1, "step")),
        training(HALF_SSE, "sgd", 0.1, "one"),
        DataChoice("xor"),
        [[[-1.0, -1.0, 1.5], [1.0, 1.0, -0.5]], [[1.0, 1.0, -1.5]]],
    )


def _and_perceptron() -> SessionSpec:
    return SessionSpec(
        network(2, (1, "sigmoid")),
        training(HALF_SSE, "sgd", 0.5),
        DataChoice("and"),
        seed=1,
        initializer=InitializerSpec("uniform"),
    )


PRESETS.add(
    Preset(
        "worked-example",
        Label("Worked example, 2-2-2", "손으로 따라 하는 예제, 2-2-2"),
        Label(
            "Check every number of one update with a calculator: 2-2-2, one sample, no biases. The update "
            "lowers the total loss from 0.02397190 to 0.02323634. Two misprints in the notes' second "
            "forward pass: the first net input should be 0.07979778, not 0.7979778, and x stands where "
            "h is meant; the results are right.",
            "갱신 한 번에 나오는 모든 숫자를 계산기로 확인할 수 있습니다. 편향이 없고 샘플이 하나이며, "
            "갱신하면 전체 손실이 0.02397190에서 0.02323634로 줄어듭니다. 자료의 두 번째 순전파에는 오기가 "
            "두 곳 있습니다. 첫 번째 가중합 0.7979778은 0.07979778이 맞고, 은닉층의 출력 h를 쓸 자리에 입력 "
            "x를 썼으며, 결과 숫자는 맞습니다.",
        ),
        "Course notes: worked example of backpropagation, 2-2-2",
        _worked_example,
    )
)
PRESETS.add(
    Preset(
        "xor-2-2-1",
        Label("XOR, 2-2-1", "XOR, 2-2-1"),
        Label(
            "Watch the loss stay flat for long before the network learns XOR. After 1,000 epochs one output "
            "is still on the wrong side of 0.5; after 10,000 all four are right. The course prints no "
            "initial weights, so the seed is ours.",
            "손실이 오랫동안 거의 그대로이다가 줄어들며 XOR을 배우는 모습을 볼 수 있습니다. 1,000 에포크 "
            "뒤에는 출력 하나가 아직 0.5의 반대쪽에 있고, 10,000 에포크 뒤에는 네 개가 모두 맞습니다. 강의 "
            "자료에 초기 가중치가 없어서 시드는 따로 골랐습니다.",
        ),
        "Course notes: XOR with Keras, 2-2-1 (settings as given, initial weights not printed there)",
        _xor_keras,
    )
)
PRESETS.add(
    Preset(
        "xor-numpy",
        Label("XOR in plain numpy, 2-5-1", "넘파이만으로 푸는 XOR, 2-5-1"),
        Label(
            "Train on all four rows at once and reach the four outputs printed in the course. They are "
            "those of iteration 10,000 before its update (trace 9999). The constant inputs and the sixth "
            "hidden neuron of that program are ordinary biases here; the numbers are the same.",
            "네 행을 한꺼번에 학습하여 자료에 인쇄된 네 출력까지 따라갈 수 있습니다. 그 값은 반복 "
            "10,000에서 갱신하기 직전의 출력(기록 9999)입니다. 원래 프로그램의 상수 입력과 여섯 번째 은닉 "
            "뉴런을 여기서는 보통의 편향으로 나타냈고, 숫자는 같습니다.",
        ),
        "Course notes: XOR with numpy only, random seed 5",
        _xor_numpy,
    )
)
PRESETS.add(
    Preset(
        "delta-rule",
        Label("Delta rule with fixed biases, 2-2-2", "고정된 편향과 델타 규칙, 2-2-2"),
        Label(
            "See the delta rule change each weight by −η times delta times its input. The delta of an "
            "output neuron is (o − t) · o(1 − o); every bias stays at 1. The slides print no numbers, so "
            "inputs, targets and weights are ours.",
            "델타 규칙이 각 가중치를 −η × 델타 × 들어온 값만큼 바꾸는 모습을 볼 수 있습니다. 출력 뉴런의 "
            "델타는 (o − t) · o(1 − o)이고, 편향은 모두 1로 고정되어 있습니다. 슬라이드에 숫자가 없어서 "
            "입력, 목푯값, 가중치는 따로 정했습니다.",
        ),
        "Lecture slides: output-layer delta rule (the slides print no weights or inputs)",
        _delta_rule,
    )
)
PRESETS.add(
    Preset(
        "xor-gates",
        Label("XOR from NAND, OR and AND", "NAND, OR, AND로 만든 XOR"),
        Label(
            "See XOR put together from NAND, OR and AND, with weights set by hand. The slope of the step "
            "function is 0, so every gradient is 0 and an update changes nothing. This is why trained "
            "networks use activation functions with a slope.",
            "손으로 정한 가중치로 NAND, OR, AND를 묶어 XOR을 만드는 모습을 볼 수 있습니다. 계단 함수는 "
            "미분값이 0이라 기울기가 모두 0이고, 갱신해도 아무것도 바뀌지 않습니다. 그래서 학습하는 "
            "신경망에는 미분값이 있는 활성화 함수를 씁니다.",
        ),
        "Lecture slides: XOR as NAND, OR and AND (the weights are ours)",
        _xor_gates,
    )
)
PRESETS.add(
    Preset(
        "and-perceptron",
        Label("AND with one neuron, 2-1", "뉴런 하나로 푸는 AND, 2-1"),
        Label(
            "See one neuron draw a straight line, which is enough for AND. Train it, then change the data "
            "to XOR: no line separates those points, and the loss stays high.",
            "뉴런 하나가 직선 하나를 그어 AND를 푸는 모습을 볼 수 있습니다. 학습한 다음 데이터를 XOR로 바꿔 "
            "보십시오. 어떤 직선으로도 점들을 나눌 수 없어서 손실이 높은 값에 머뭅니다.",
        ),
        "Lecture slides: truth table of AND (network and settings are ours)",
        _and_perceptron,
    )
)
