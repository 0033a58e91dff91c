"""The derivative as a difference quotient, h going to 0, and how far off it is for each h."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.symbolic import Formula

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

SMALLEST_POWER = 15
_UNIT_ROUNDOFF = float(np.finfo(np.float64).eps) / 2.0


@dataclass(frozen=True, slots=True)
class Quotients:
    """For each h = 10^-1 … 10^-15 at `x`: both quotients and their distances from `derivative`.

    forward = (f(x+h) − f(x)) / h, central = (f(x+h) − f(x−h)) / (2h). What is to be expected of an error has
    two parts: the truncation, h/2·|f''| and h²/6·|f'''|, which falls with h, and the rounding of f, about
    u·(|f|+|f|)/h and half of that, u = 2^-53, which grows (Press et al. 2007, Numerical Recipes, section
    5.7). `best_forward` and `best_central` are the places of the smallest errors, -1 where there is none.
    """

    x: float
    value: float
    derivative: float
    h: Array
    forward: Array
    forward_error: Array
    forward_truncation: Array
    forward_rounding: Array
    central: Array
    central_error: Array
    central_truncation: Array
    central_rounding: Array
    best_forward: int
    best_central: int


def quotients(formula: Formula, x: float) -> Quotients:
    """Return the difference quotients of a function of x, exactly as one computes them in float64."""
    value, first, second, third = formula.program((), ("x",), ("x", "x"), ("x", "x", "x"))(x)
    h = np.array([float(f"1e-{power}") for power in range(1, SMALLEST_POWER + 1)])
    f = formula.program(())
    with np.errstate(all="ignore"):
        above = np.array([f(x + each)[0] for each in h])
        below = np.array([f(x - each)[0] for each in h])
        forward = (above - value) / h
        central = (above - below) / (2.0 * h)
        rounding = _UNIT_ROUNDOFF * (np.abs(above) + np.abs(value)) / h
        forward_error, central_error = np.abs(forward - first), np.abs(central - first)
        return Quotients(
            x=x,
            value=value,
            derivative=first,
            h=h,
            forward=forward,
            forward_error=forward_error,
            forward_truncation=0.5 * h * abs(second),
            forward_rounding=rounding,
            central=central,
            central_error=central_error,
            central_truncation=h * h / 6.0 * abs(third),
            central_rounding=0.5 * rounding,
            best_forward=_smallest(forward_error),
            best_central=_smallest(central_error),
        )


def _smallest(errors: Array) -> int:
    return -1 if np.isnan(errors).all() else int(np.nanargmin(errors))
