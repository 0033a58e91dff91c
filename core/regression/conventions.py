"""Which sum of squared residuals is minimized: its factor, its name, and what texts call it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.registry import Label, Registry


@dataclass(frozen=True, slots=True)
class Convention:
    """loss = c·Σ(y − ŷ)², with c = `coefficient(N)` for N points.

    `symbol` names the loss. `loss_tex` and `gradient_tex` are templates over the sum `<S>` or `<S.b>`, with #
    for the number of points, each "" where the factor is 1. `note` says who writes it so.
    """

    name: str
    label: Label
    symbol: str
    tex: str
    coefficient: Callable[[int], float]
    loss_tex: str
    gradient_tex: str
    note: Label


CONVENTIONS: Registry[Convention] = Registry("convention")

CONVENTIONS.add(
    Convention(
        "mean",
        Label("mean of the squares (MSE)", "제곱의 평균(MSE)"),
        "MSE",
        "\\frac{1}{N}\\sum_{i=1}^{N}\\left(y_i-(w_0+w_1x_i)\\right)^{2}",
        lambda n: 1.0 / n,
        "\\frac{1}{#}\\cdot <S>",
        "\\frac{2}{#}\\cdot <S.b>",
        Label(
            "The mean squared error. The course material calls this formula, 1/N included, RSS.",
            "평균 제곱 오차입니다. 강의 자료는 1/N까지 포함한 이 식을 RSS라고 부릅니다.",
        ),
    )
)
CONVENTIONS.add(
    Convention(
        "sum",
        Label("sum of the squares (RSS)", "제곱의 합(RSS)"),
        "RSS",
        "\\sum_{i=1}^{N}\\left(y_i-(w_0+w_1x_i)\\right)^{2}",
        lambda n: 1.0,
        "",
        "2\\cdot <S.b>",
        Label(
            "The residual sum of squares as statistics defines it, also SSE: no factor. It is N times the "
            "mean, and so are its derivatives: the learning rate has to be N times smaller.",
            "통계학에서 정의하는 잔차 제곱합으로, SSE라고도 하며 앞에 곱하는 수가 없습니다. 평균의 N배이고 "
            "편미분도 N배이므로 학습률은 N분의 1이어야 합니다.",
        ),
    )
)
CONVENTIONS.add(
    Convention(
        "half_sum",
        Label("half of the sum (½ SSE)", "합의 절반(½ SSE)"),
        "E",
        "\\frac{1}{2}\\sum_{i=1}^{N}\\left(y_i-(w_0+w_1x_i)\\right)^{2}",
        lambda n: 0.5,
        "\\frac{1}{2}\\cdot <S>",
        "",
        Label(
            "The course material calls it SSE. The ½ cancels the 2 of the derivative.",
            "강의 자료에서 SSE라고 부르는 식입니다. 미분할 때 나오는 2가 ½과 약분됩니다.",
        ),
    )
)
CONVENTIONS.add(
    Convention(
        "half_mean",
        Label("half of the mean", "평균의 절반"),
        "J",
        "\\frac{1}{2N}\\sum_{i=1}^{N}\\left(y_i-(w_0+w_1x_i)\\right)^{2}",
        lambda n: 0.5 / n,
        "\\frac{1}{2\\,#}\\cdot <S>",
        "\\frac{1}{#}\\cdot <S.b>",
        Label(
            "Some courses write the mean with a ½ that cancels the 2 of the derivative.",
            "미분할 때 나오는 2를 약분하려고 평균에 ½을 곱하는 강의도 있습니다.",
        ),
    )
)
