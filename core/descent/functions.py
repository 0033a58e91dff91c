"""Functions of one variable to descend, each an entry."""

from __future__ import annotations

from dataclasses import dataclass

from core.registry import Label, Registry


@dataclass(frozen=True, slots=True)
class Function:
    """A function of x: its expression, and a start and learning rates that show what it is for.

    `rates` are one too small, one that suits, and one too large.
    """

    name: str
    label: Label
    expression: str
    start: float
    rates: tuple[float, float, float]

    @property
    def learning_rate(self) -> float:
        """The rate that suits."""
        return self.rates[1]


FUNCTIONS: Registry[Function] = Registry("function")


def _add(
    name: str, en: str, ko: str, expression: str, start: float, rates: tuple[float, float, float]
) -> None:
    FUNCTIONS.add(Function(name, Label(en, ko), expression, start, rates))


_add("parabola", "Parabola", "포물선", "(x-3)^2 + 10", 10.0, (0.01, 0.1, 1.05))
_add("two-minima", "Two minima", "극솟값 두 개", "x^4/4 - x^3/3 - x^2 + 1", 2.8, (0.002, 0.1, 0.4))
_add("flat", "Flat at the bottom", "바닥이 평평한 곡선", "x^4", 1.5, (0.001, 0.2, 0.5))
_add("kink", "A kink at the minimum", "최솟값에서 꺾인 곡선", "abs(x)", 1.1, (0.005, 0.15, 0.8))
_add("waves", "Waves in a bowl", "물결이 있는 그릇", "x^2/10 + sin(3*x)", 4.0, (0.001, 0.05, 0.4))
_add("plateau", "A plateau", "완만한 고원", "1 - exp(-x^2)", 2.0, (0.02, 0.5, 1.6))
_add("saddle-point", "Flat, but no minimum", "평평하지만 극솟값이 아닌 점", "x^3", 1.0, (0.01, 0.1, 0.8))
