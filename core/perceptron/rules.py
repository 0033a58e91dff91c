"""Learning rules of a single neuron: each corrects the weights by η · (target − what it compares) · input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.registry import Label, Registry


@dataclass(frozen=True)
class Rule:
    """One rule: w ← w + η (t − c) x and b ← b + η (t − c), sample by sample.

    `compares` is what c is: the neuron's output step(z), or its net input z. `targets` are the numbers that
    stand for the classes 0 and 1, so that the two meet where z = 0. A rule with `loss` descends on
    ½ (t − z)²; the other one has no gradient to follow, the step function's slope being 0. `exact` says that
    its numbers stay short decimals, so that they are computed as fractions without rounding.
    """

    name: str
    label: Label
    tex: str
    compares: Literal["output", "net_input"]
    targets: tuple[float, float]
    loss: bool
    exact: bool
    source: str


RULES: Registry[Rule] = Registry("rule")

RULES.add(
    Rule(
        "perceptron",
        Label("Perceptron rule", "퍼셉트론 학습 규칙"),
        "w_i \\leftarrow w_i + \\eta\\,(t - y)\\,x_i,\\quad b \\leftarrow b + \\eta\\,(t - y)",
        compares="output",
        targets=(0.0, 1.0),
        loss=False,
        exact=True,
        source="Rosenblatt (1958), The perceptron. Psychological Review 65(6)",
    )
)
RULES.add(
    Rule(
        "adaline",
        Label("Adaline (delta rule)", "아달라인(델타 규칙)"),
        "w_i \\leftarrow w_i + \\eta\\,(t - z)\\,x_i,\\quad b \\leftarrow b + \\eta\\,(t - z)",
        compares="net_input",
        targets=(-1.0, 1.0),
        loss=True,
        exact=False,
        source="Widrow & Hoff (1960), Adaptive switching circuits. IRE WESCON Convention Record 4",
    )
)
