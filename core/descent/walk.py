"""Gradient descent in one variable: the path, why it ended, and how a learning rate did."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.optimizers import OPTIMIZERS
from core.symbolic import Formula

Array = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
End = Literal["gradient", "steps", "diverged", "undefined"]
Verdict = Literal["good", "slow", "oscillates", "diverges", "undefined"]

MAXIMUM_STEPS = 1000


@dataclass(frozen=True, slots=True)
class Walk:
    """A path x_0, x_1, … with f and f' at each point (n+1,), and why it ended after step n.

    `end`: "gradient" where |f'| is at most the tolerance, "steps" where no more were asked for, "diverged"
    where the next x, or f there, is beyond all numbers, "undefined" where f or f' has no value at x_n.
    """

    learning_rate: float
    tolerance: float
    x: Array
    y: Array
    slope: Array
    end: End

    @property
    def steps(self) -> int:
        """How many steps were made."""
        return len(self.x) - 1

    @property
    def verdict(self) -> Verdict:
        """How the learning rate did.

        "diverges": numbers overflowed, or the slope has grown in size while f rose above its start. "slow":
        the steps ran out while every one went the same way. "oscillates": they ran out going to and fro.
        """
        if self.end == "undefined":
            return "undefined"
        if self.end == "gradient":
            return "good"
        if self.end == "diverged":
            return "diverges"
        if self.y[-1] > self.y[0] and abs(self.slope[-1]) > abs(self.slope[0]):
            return "diverges"
        late = self.slope[len(self.slope) // 2 :]
        return "oscillates" if bool((late[:-1] * late[1:] < 0.0).any()) else "slow"

    @property
    def factor(self) -> float | None:
        """By what the last step multiplied the slope's size; below 1 it shrinks. None without a step."""
        if self.steps == 0 or self.slope[-2] == 0.0:
            return None
        return abs(float(self.slope[-1] / self.slope[-2]))


def walk(formula: Formula, start: float, learning_rate: float, steps: int, tolerance: float) -> Walk:
    """Return the path of gradient descent, x ← x − η·f'(x), through the registry's own rule.

    It stops before a step where |f'(x)| ≤ `tolerance`.
    """
    rule, settings = OPTIMIZERS.get("sgd").update, {"learning_rate": learning_rate}
    program = formula.program((), ("x",))
    xs = [float(start)]
    found = program(start)
    values, slopes = [found[0]], [found[1]]
    end: End = "steps"
    with np.errstate(all="ignore"):
        while True:
            if not (math.isfinite(values[-1]) and math.isfinite(slopes[-1])):
                end = "undefined"
                break
            if abs(slopes[-1]) <= tolerance:
                end = "gradient"
                break
            if len(xs) > steps:
                break
            following = float(
                rule(np.array([xs[-1]]), np.array([slopes[-1]]), {}, len(xs), settings).theta[0]
            )
            found = program(following)
            if not math.isfinite(following) or math.isinf(found[0]) or math.isinf(found[1]):
                end = "diverged"
                break
            xs.append(following)
            values.append(found[0])
            slopes.append(found[1])
    return Walk(learning_rate, tolerance, np.array(xs), np.array(values), np.array(slopes), end)
