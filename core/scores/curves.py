"""What the topics share: the curve of −ln p, central differences, entries on single numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.losses import LOSSES, Array, Loss

# What is smaller has lost digits, or is 0.
SMALLEST = float(np.finfo(np.float64).tiny)
_STEP = 1e-5


@dataclass(frozen=True)
class Curve:
    """A function of one variable as arrays of equal length (n,), with its derivative."""

    x: Array
    y: Array
    slope: Array


def negative_log_curve() -> Curve:
    """Return −ln p for probabilities from 0.005 to 1, and its derivative −1/p.

    It is the cross-entropy of a distribution whose right class has probability p.
    """
    p = np.linspace(0.005, 1.0, 200)
    entry = LOSSES.get("categorical_cross_entropy")
    one = np.ones((len(p), 1))
    # 0·0 − ln p: subtracting keeps a 0 from being −0.
    return Curve(p, 0.0 - np.log(p), entry.gradient(p[:, None], one)[:, 0])


def difference_quotient(
    function: Callable[[float], float], at: float, size: float = 1.0, length: float = 1.0
) -> float:
    """Return (f(x+h) − f(x−h)) / 2h of a function with values of `size` that bends within `length`.

    h = 1e-5 · length · ∛size: rounding weighs with size/h and the cut-off with h², and their sum is least at
    such an h (Press et al. 2007, Numerical Recipes, section 5.7).
    """
    step = _STEP * length * float(np.cbrt(max(1.0, abs(size))))
    low, high = at - step, at + step
    return (function(high) - function(low)) / (high - low)


def single(value: float) -> Array:
    """Return a number as the (1, 1) array that the entries take."""
    return np.array([[value]])


def loss_of(entry: Loss, coefficient: float, a: float, t: float, z: float) -> float:
    """Return the loss of one output; `t` is 0 or 1 where it is binary cross-entropy."""
    if entry.name == "binary_cross_entropy":
        return coefficient * float(binary_entropy(single(z), t).item())
    return coefficient * float(entry.value(single(a), single(t), single(z)).item())


def binary_entropy(z: Array, t: float) -> Array:
    """Return the binary cross-entropy of net inputs for the target 0 or 1.

    Target 1 at z is target 0 at −z, which spares the difference ln(1+e^z) − z of two large numbers.
    """
    mirrored = -z if t else z
    return LOSSES.get("binary_cross_entropy").value(mirrored, np.zeros_like(z), mirrored)


def gradient_of(entry: Loss, coefficient: float, a: float, t: float) -> float:
    """Return the derivative of the loss of one output with respect to its activation."""
    return coefficient * float(entry.gradient(single(a), single(t)).item())


def bce_gradient(a: float, t: float) -> tuple[str, float]:
    """Return the template and the value of binary cross-entropy's derivative by a; t is 0 or 1.

    Where a or 1 − a has rounded to 0 the entry's fraction has no value: −1/a or 1/(1−a) is left of it.
    """
    entry = LOSSES.get("binary_cross_entropy")
    if a * (1.0 - a) >= SMALLEST:
        return entry.gradient_template, gradient_of(entry, 1.0, a, t)
    right = a if t else 1.0 - a
    value = 1.0 / right if right else math.inf
    return ("-\\frac{<t>}{<a>}", -value) if t else ("\\frac{1-<t>}{1-<a>}", value)


def filled(template: str, **refs: str) -> str:
    """Return an entry's template with its placeholders <a>, <t>, … turned into references."""
    for name, ref in refs.items():
        template = template.replace(f"<{name}>", f"<{ref}>")
    return template
