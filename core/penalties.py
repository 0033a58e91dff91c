"""Penalties on large weights: what each adds to the objective, and its slope. Biases have none.

The objective is the batch's loss plus λ·Σ value(w) over all weights of the network, added once a batch: no
mean over samples divides it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.registry import Label, Parameter, Registry

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Penalty:
    """One penalty; `coefficient` describes its λ.

    `size(w)` is what `summand` (TeX in <w>) adds up over the weights, and the penalty is λ · `share` · that
    sum; `share_tex` writes the share before it. `slope(w, out)` puts the derivative of share · size into
    `out`, `slope_template` is λ times it. `expression` is share · size for core.graph in w; `kinks` are the
    places where it has no derivative.
    """

    name: str
    label: Label
    tex: str
    coefficient: Parameter
    size: Callable[[Array], Array]
    share: float
    summand: str
    sum_tex: str
    template: str
    slope: Callable[[Array, Array], object]
    slope_template: str
    expression: str
    source: str
    kinks: tuple[float, ...] = ()

    def gradient(self, weights: Array, coefficient: float) -> Array:
        """Return λ times the slope at each weight, in the shape of `weights`."""
        slope = np.empty_like(weights)
        self.slope(weights, slope)
        return coefficient * slope


PENALTIES: Registry[Penalty] = Registry("penalty")

# The coefficients of a penalty that is switched off.
_LARGEST = 1e3

PENALTIES.add(
    Penalty(
        name="l1",
        label=Label("L1 (lasso)", "L1 규제(라쏘)"),
        tex="\\lambda_1\\sum_w |w|",
        coefficient=Parameter(
            "l1", Label("L1 penalty λ₁", "L1 규제 계수 λ₁"), "\\lambda_1", 0.0, 0.0, _LARGEST
        ),
        size=np.abs,
        share=1.0,
        summand="\\lvert <w>\\rvert",
        sum_tex="\\textstyle\\sum\\lvert w\\rvert",
        template="<l1>\\cdot <sum>",
        # sign(0) = 0: a weight that has become 0 is not moved by it.
        slope=np.sign,
        slope_template="<l1>\\cdot \\operatorname{sgn}(<w>)",
        expression="abs(w)",
        source="Tibshirani 1996",
        kinks=(0.0,),
    )
)

PENALTIES.add(
    Penalty(
        name="l2",
        label=Label("L2 (weight decay)", "L2 규제(가중치 감소)"),
        tex="\\tfrac{\\lambda_2}{2}\\sum_w w^2",
        coefficient=Parameter(
            "l2", Label("L2 penalty λ₂", "L2 규제 계수 λ₂"), "\\lambda_2", 0.0, 0.0, _LARGEST
        ),
        size=np.square,
        share=0.5,
        summand="<w>^{2}",
        sum_tex="\\textstyle\\sum w^2",
        template="\\frac{<l2>}{2}\\cdot <sum>",
        slope=np.positive,
        slope_template="<l2>\\cdot <w>",
        expression="w*w/2",
        source="Hoerl, Kennard 1970; Krogh, Hertz 1991",
    )
)
