"""The ready examples of the Graph lab: those of the course material, and one for each kind of gate."""

from __future__ import annotations

from typing import Any

from core.lab import LabPreset
from core.registry import Label

# The course material has the expression; the numbers are the textbook's (Saito 2016, chapter 5).
OPENING: dict[str, Any] = {
    "expression": "price = (apple*apple_num + orange*orange_num)*tax",
    "values": {"apple": 100.0, "apple_num": 2.0, "orange": 150.0, "orange_num": 3.0, "tax": 1.1},
}


def _preset(
    name: str, en: str, ko: str, expression: str, unfolded: tuple[str, ...] = (), **values: float
) -> LabPreset:
    body: dict[str, Any] = {"expression": expression, "values": values}
    if unfolded:
        body["unfolded"] = list(unfolded)
    return LabPreset(name, Label(en, ko), body, mode="graph")


PRESETS: tuple[LabPreset, ...] = (
    LabPreset("apples-and-oranges", Label("Apples and oranges", "사과와 귤 값"), OPENING, mode="graph"),
    _preset("sum-of-squares", "Sum of squares", "제곱의 합", "f = x_a^2 + x_b^2", x_a=3.0, x_b=4.0),
    _preset("square-of-a-sum", "Square of a sum", "합의 제곱", "t = x + y; z = t^2", x=1.0, y=2.0),
    _preset(
        "sum-times-maximum", "Sum times maximum", "합 × 최댓값", "f = (x + y)*max(y, z)", x=1.0, y=2.0, z=0.0
    ),
    _preset("adder", "Addition", "덧셈", "z = x + y", x=1.0, y=2.0),
    _preset("multiplier", "Multiplication", "곱셈", "z = x*y", x=10.0, y=5.0),
    _preset(
        "sigmoid-parts", "Parts of the sigmoid", "시그모이드의 구성", "y = sigmoid(x)", ("sigmoid.1",), x=1.0
    ),
    _preset("relu", "ReLU", "ReLU", "y = relu(x)", x=-0.5),
    _preset(
        "neuron",
        "One neuron",
        "뉴런 하나",
        "z = x1*w1 + x2*w2 + b; a = sigmoid(z)",
        x1=-1.0,
        w1=2.0,
        x2=-2.0,
        w2=-3.0,
        b=-3.0,
    ),
    _preset(
        "linear-layer",
        "Two linear layers",
        "선형 계층 두 개",
        "z1 = w11*x1 + w12*x2; z2 = w21*x1 + w22*x2; s = u1*z1 + u2*z2",
        w11=0.5,
        x1=1.0,
        w12=-0.25,
        x2=2.0,
        w21=0.75,
        w22=1.5,
        u1=2.0,
        u2=-1.0,
    ),
    _preset(
        "squared-residual",
        "One squared residual",
        "잔차 제곱 하나",
        "h = w0 + w1*x; r = y - h; L = r^2",
        w0=0.5,
        w1=2.0,
        x=1.5,
        y=4.0,
    ),
    _preset(
        "cross-entropy",
        "Binary cross-entropy",
        "이진 교차 엔트로피",
        "p = sigmoid(z); L = -(t*log(p) + (1 - t)*log(1 - p))",
        z=0.5,
        t=1.0,
    ),
    _preset(
        "softmax-with-loss",
        "Softmax with loss",
        "소프트맥스와 손실",
        "e1 = exp(a1); e2 = exp(a2); e3 = exp(a3); S = e1 + e2 + e3;"
        " y1 = e1/S; y2 = e2/S; y3 = e3/S; L = -(t1*log(y1) + t2*log(y2) + t3*log(y3))",
        a1=0.3,
        a2=2.9,
        a3=4.0,
        t1=0.0,
        t2=0.0,
        t3=1.0,
    ),
)
