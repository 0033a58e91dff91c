"""The proof of a formula's derivatives: difference quotients, and whether a slope jumps in their reach."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from core.symbolic import Formula

# A power of two: the places beside a number of ordinary size are then exact.
STEP = 2.0**-13
_SAMPLES = 10
# Of a smooth slope's change over the samples each gap has about a ninth; a jump is nearly all of it.
_JUMP, _NOTHING = 0.7, 1e-7


def central(f: Callable[[float], float], x: float) -> float:
    """Return the central difference of fourth order, (f(x−2h) − 8f(x−h) + 8f(x+h) − f(x+2h)) / 12h.

    Its truncation is h⁴/30·|f⁽⁵⁾|. Source: Abramowitz and Stegun 1964, table 25.2.
    """
    near = f(x + STEP) - f(x - STEP)
    far = f(x + 2.0 * STEP) - f(x - 2.0 * STEP)
    return (8.0 * near - far) / (12.0 * STEP)


def along(formula: Formula, point: tuple[float, ...], index: int) -> Callable[[float], float]:
    """Return the formula as a function of one of its variables, the others as in `point`."""
    return lambda value: formula.value(*point[:index], value, *point[index + 1 :])


def is_kink(formula: Formula, point: tuple[float, ...], index: int) -> bool:
    """Whether the slope along one variable jumps between the places that `central` looks at."""
    by = formula.program((formula.names[index],))
    slopes = []
    for sample in range(_SAMPLES):
        place = point[index] + 4.0 * STEP * (sample / (_SAMPLES - 1) - 0.5)
        slopes.append(by(*point[:index], place, *point[index + 1 :])[0])
    gaps = [abs(after - before) for before, after in pairwise(slopes)]
    whole = sum(gaps)
    return whole > _NOTHING * max(1.0, *map(abs, slopes)) and max(gaps) > _JUMP * whole
