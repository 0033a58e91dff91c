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
            "Two inputs, two hidden neurons, two outputs, one sample: small enough to check every number "
            "with a calculator. One update lowers the total loss from 0.02397190 to 0.02323634. The "
            "printed second forward pass has two slips: it gives the first net input as 0.7979778, which "
            "is 0.07979778, and writes inputs x where the hidden activations h are meant. Its results are "
            "right.",
            "입력 2개, 은닉 뉴런 2개, 출력 2개, 샘플 1개로 모든 숫자를 계산기로 확인할 수 있습니다. 한 번 "
            "갱신하면 전체 손실이 0.02397190에서 0.02323634로 줄어듭니다. 자료의 두 번째 순전파에는 "
            "오기가 두 곳 있습니다. 첫 번째 가중합 0.7979778은 0.07979778이 맞고, 은닉층의 출력 h를 써야 "
            "할 식에 입력 x를 썼습니다. 결과 숫자는 맞습니다.",
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
            "The smallest network with hidden neurons that learns XOR. One sample at a time, learning "
            "rate 0.1: after 1,000 epochs one output is still on the wrong side of 0.5, after 10,000 "
            "epochs all four are right. Watch the loss stay flat for a long while before it falls. The "
            "seed is ours, because the course's run started from weights that it does not print.",
            "은닉 뉴런이 있는 가장 작은 신경망으로 XOR을 학습합니다. 샘플을 하나씩 쓰고 학습률은 "
            "0.1입니다. 1,000 에포크 뒤에는 출력 하나가 아직 0.5의 반대쪽에 있고, 10,000 에포크 뒤에는 네 "
            "개가 모두 맞습니다. 손실이 오랫동안 거의 그대로이다가 뚝 떨어지는 모습을 살펴보세요. 강의 "
            "자료에는 처음 가중치가 나와 있지 않아서 시드는 따로 골랐습니다.",
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
            "All four rows in every update, gradients summed, learning rate 0.2. The program it comes "
            "from carries its biases as a constant input and a sixth hidden neuron held at 1; here they "
            "are ordinary biases, and the numbers are the same. The four outputs printed there are those "
            "of the forward pass before the 10,000th update (trace 9999).",
            "갱신할 때마다 네 행을 모두 쓰고 기울기를 더하며, 학습률은 0.2입니다. 원래 프로그램은 편향을 "
            "상수 입력과 값이 1로 고정된 여섯 번째 은닉 뉴런으로 나타내는데, 여기서는 보통의 편향으로 "
            "나타냈고 숫자는 같습니다. 자료에 인쇄된 네 출력은 10,000번째 갱신 직전 순전파의 값(기록 "
            "9999)입니다.",
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
            "The delta of an output neuron is (o − t) · o(1 − o), and each weight changes by minus the "
            "delta times what flows through it. Every bias is the constant 1 and is not trained. The "
            "slides give the rule without numbers: inputs, targets and weights are ours.",
            "출력 뉴런의 델타는 (o − t) · o(1 − o)이고, 각 가중치는 델타와 그 가중치로 들어온 값을 곱한 "
            "만큼 줄어듭니다. 편향은 모두 상수 1이고 학습하지 않습니다. 슬라이드에는 규칙만 있고 숫자가 "
            "없어서 입력, 목푯값, 가중치는 따로 정했습니다.",
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
            "One hidden neuron computes NAND, the other OR, and the output neuron joins them with AND: "
            "that is XOR, without any training. The weights are set by hand. A step function is flat on "
            "both sides, so every gradient is 0 and an update changes nothing: this is why trained "
            "networks use smooth activations.",
            "은닉 뉴런 하나는 NAND, 다른 하나는 OR을 계산하고, 출력 뉴런이 둘을 AND로 묶습니다. 학습하지 "
            "않아도 XOR이 됩니다. 가중치는 손으로 정한 값입니다. 계단 함수는 양쪽이 모두 평평해서 "
            "기울기가 전부 0이고, 갱신해도 아무것도 바뀌지 않습니다. 학습하는 신경망이 매끄러운 활성화 "
            "함수를 쓰는 까닭입니다.",
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
            "A single neuron draws a single straight line, and that is enough for AND. Train it, then "
            "exchange the data for XOR: no line separates those points, and the loss stays high.",
            "뉴런 하나는 직선 하나를 긋고, AND에는 그것으로 충분합니다. 학습한 다음 데이터를 XOR로 바꿔 "
            "보세요. 어떤 직선으로도 점들을 나눌 수 없어서 손실이 줄지 않습니다.",
        ),
        "Lecture slides: truth table of AND (network and settings are ours)",
        _and_perceptron,
    )
)
