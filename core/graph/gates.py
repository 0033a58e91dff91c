"""The gates of the computational graph: each a value, its local gradients, a label and its TeX.

Values follow IEEE 754 where Python's own arithmetic raises: 1/0 is inf, log(-1) is nan. A gradient that does
not exist is nan; at a kink relu'(0) = 0 and abs'(0) = 0, step' is 0 everywhere, and a tie in max or min goes
to the first input.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from core.registry import Label, Registry

_NAN, _INF = math.nan, math.inf

Value = Callable[..., float]
LocalGradients = Callable[[Sequence[float], float], tuple[float, ...]]
Role = Literal["distributor", "adder", "swapper", "router", "switch", "slope"]


@dataclass(frozen=True)
class Gate:
    """One operation on scalars.

    `value` maps the inputs to the output. `gradients` maps (inputs, output) to one local gradient per input.
    `tex` has the placeholders <0> and <1> for the inputs; so has `local_tex`, the local gradient by each
    input, where <r> is the output. `function` says whether an expression calls it by name. `role` is what the
    gate does to the gradient that comes back: a distributor hands it to every input, a swapper multiplies it
    by the other input, a router sends it to one input, a switch lets it pass or not, all others scale it.
    """

    name: str
    label: Label
    tex: str
    arity: int
    value: Value
    gradients: LocalGradients
    local_tex: tuple[str, ...]
    role: Role = "slope"
    function: bool = True


GATES: Registry[Gate] = Registry("gate")


def _exp(x: float) -> float:
    try:
        return math.exp(x)
    except OverflowError:
        return _INF


def _log(x: float) -> float:
    if x > 0:
        return math.log(x)
    return -_INF if x == 0 else _NAN


def _divide(x: float, y: float) -> float:
    if y != 0:
        return x / y
    if x == 0 or math.isnan(x):
        return _NAN
    return math.copysign(_INF, x) * math.copysign(1.0, y)


def _power(x: float, y: float) -> float:
    try:
        # ** would answer a complex number for a negative base; math.pow refuses.
        return math.pow(x, y)
    except OverflowError:
        odd = x < 0 and y == int(y) and int(y) % 2 == 1
        return -_INF if odd else _INF
    except ValueError:
        return _INF if x == 0 else _NAN


def _power_gradients(inputs: Sequence[float], result: float) -> tuple[float, ...]:
    x, y = inputs
    base = 0.0 if y == 0 else y * _power(x, y - 1.0)
    if x > 0:
        return base, result * math.log(x)
    # 0^y is constantly 0 for y > 0; a negative base has no real powers beside whole ones.
    return base, 0.0 if x == 0 and y > 0 else _NAN


def _sigmoid(x: float) -> float:
    # Split by sign, so that the exponential never overflows.
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    small = math.exp(x)
    return small / (1.0 + small) if x == x else x


def _trigonometric(function: Callable[[float], float], x: float) -> float:
    return function(x) if math.isfinite(x) else _NAN


def _sqrt(x: float) -> float:
    return math.sqrt(x) if x >= 0 else _NAN


def _maximum(x: float, y: float) -> float:
    return x if x >= y or x != x else y


def _minimum(x: float, y: float) -> float:
    return x if x <= y or x != x else y


def _sign(x: float) -> float:
    return float((x > 0) - (x < 0)) if x == x else x


def _gate(
    name: str,
    en: str,
    ko: str,
    tex: str,
    value: Value,
    gradients: LocalGradients,
    *local_tex: str,
    role: Role = "slope",
    function: bool = True,
) -> None:
    arity = len(local_tex)
    GATES.add(Gate(name, Label(en, ko), tex, arity, value, gradients, local_tex, role, function))


_gate(
    "add",
    "Add",
    "덧셈",
    "<0> + <1>",
    lambda x, y: x + y,
    lambda x, r: (1.0, 1.0),
    "1",
    "1",
    role="distributor",
    function=False,
)
_gate(
    "subtract",
    "Subtract",
    "뺄셈",
    "<0> - <1>",
    lambda x, y: x - y,
    lambda x, r: (1.0, -1.0),
    "1",
    "-1",
    role="distributor",
    function=False,
)
_gate(
    "multiply",
    "Multiply",
    "곱셈",
    "<0> \\cdot <1>",
    lambda x, y: x * y,
    lambda x, r: (x[1], x[0]),
    "<1>",
    "<0>",
    role="swapper",
    function=False,
)
_gate(
    "divide",
    "Divide",
    "나눗셈",
    "\\frac{<0>}{<1>}",
    _divide,
    lambda x, r: (_divide(1.0, x[1]), -_divide(r, x[1])),
    "\\frac{1}{<1>}",
    "-\\frac{<0>}{{<1>}^{2}}",
    function=False,
)
_gate(
    "power",
    "Power",
    "거듭제곱",
    "{<0>}^{<1>}",
    _power,
    _power_gradients,
    "<1>\\cdot {<0>}^{<1>-1}",
    "<r>\\cdot \\ln(<0>)",
    function=False,
)
_gate(
    "negate",
    "Negate",
    "부호 바꾸기",
    "-<0>",
    lambda x: -x,
    lambda x, r: (-1.0,),
    "-1",
    role="distributor",
    function=False,
)
_gate("exp", "Exponential", "지수 함수", "e^{<0>}", _exp, lambda x, r: (r,), "<r>")
_gate(
    "log",
    "Natural logarithm",
    "자연로그",
    "\\ln(<0>)",
    _log,
    lambda x, r: (_divide(1.0, x[0]),),
    "\\frac{1}{<0>}",
)
_gate(
    "sin",
    "Sine",
    "사인",
    "\\sin(<0>)",
    lambda x: _trigonometric(math.sin, x),
    lambda x, r: (_trigonometric(math.cos, x[0]),),
    "\\cos(<0>)",
)
_gate(
    "cos",
    "Cosine",
    "코사인",
    "\\cos(<0>)",
    lambda x: _trigonometric(math.cos, x),
    lambda x, r: (-_trigonometric(math.sin, x[0]),),
    "-\\sin(<0>)",
)
_gate(
    "tanh",
    "Hyperbolic tangent",
    "쌍곡탄젠트",
    "\\tanh(<0>)",
    math.tanh,
    lambda x, r: (1.0 - r * r,),
    "1-{<r>}^{2}",
)
_gate(
    "sigmoid",
    "Sigmoid",
    "시그모이드",
    "\\sigma(<0>)",
    _sigmoid,
    lambda x, r: (r * (1.0 - r),),
    "<r>\\,(1-<r>)",
)
_gate(
    "relu",
    "ReLU",
    "ReLU",
    "\\operatorname{ReLU}(<0>)",
    lambda x: x if x > 0 or x != x else 0.0,
    lambda x, r: (1.0 if x[0] > 0 else 0.0,),
    "\\mathbf{1}[<0>\\gt 0]",
    role="switch",
)
_gate(
    "abs",
    "Absolute value",
    "절댓값",
    "\\lvert <0> \\rvert",
    abs,
    lambda x, r: (_sign(x[0]),),
    "\\operatorname{sgn}(<0>)",
)
_gate(
    "sqrt",
    "Square root",
    "제곱근",
    "\\sqrt{<0>}",
    _sqrt,
    lambda x, r: (_divide(0.5, r),),
    "\\frac{1}{2\\,<r>}",
)
_gate(
    "step",
    "Step",
    "계단 함수",
    "\\operatorname{step}(<0>)",
    lambda x: 1.0 if x >= 0 else 0.0,
    lambda x, r: (0.0,),
    "0",
    role="switch",
)
_gate(
    "max",
    "Maximum",
    "최댓값",
    "\\max(<0>, <1>)",
    _maximum,
    lambda x, r: (1.0, 0.0) if x[0] >= x[1] else (0.0, 1.0),
    "\\mathbf{1}[<0>\\ge <1>]",
    "\\mathbf{1}[<1>\\gt <0>]",
    role="router",
)
_gate(
    "min",
    "Minimum",
    "최솟값",
    "\\min(<0>, <1>)",
    _minimum,
    lambda x, r: (1.0, 0.0) if x[0] <= x[1] else (0.0, 1.0),
    "\\mathbf{1}[<0>\\le <1>]",
    "\\mathbf{1}[<1>\\lt <0>]",
    role="router",
)
