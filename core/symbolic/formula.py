"""A typed formula: its value, its derivatives and their TeX."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

from core.errors import ExpressionError
from core.graph import from_expression, parse
from core.symbolic.derivative import differentiate
from core.symbolic.polynomials import expanded
from core.symbolic.program import Program
from core.symbolic.terms import Algebra
from core.symbolic.tex import write

CONSTANTS = {"pi": math.pi, "e": math.e}


@lru_cache(maxsize=64)
def formula(text: str, names: tuple[str, ...]) -> Formula:
    """Return a formula; a recent one is not read and differentiated again."""
    return Formula(text, names)


class Formula:
    """A formula of the variables `names`; its text may also use the constants pi and e.

    Raises ExpressionError with the place of the character.
    """

    def __init__(self, text: str, names: tuple[str, ...]) -> None:
        self.text, self.names = text, names
        self._algebra = Algebra()
        self._result = self._read(text)
        self._derivatives: dict[tuple[str, ...], int] = {(): self._result}
        self._programs: dict[tuple[tuple[str, ...], ...], Program] = {}

    def _read(self, text: str) -> int:
        built: list[int] = []
        for each in parse(text):
            if each.gate == "constant":
                # The digits as typed, 0.1 as one tenth.
                built.append(self._algebra.constant(Fraction(repr(each.value))))
            elif each.gate == "variable":
                if each.name not in self.names and each.name not in CONSTANTS:
                    raise ExpressionError(
                        code="expression-name", position=each.position, choices=[*self.names, *CONSTANTS]
                    )
                built.append(self._algebra.variable(each.name))
            else:
                built.append(self._algebra.raw(each.gate, *(built[place] for place in each.inputs)))
        return built[-1]

    def _derivative(self, by: tuple[str, ...]) -> int:
        if by not in self._derivatives:
            inner = self._derivative(by[:-1])
            self._derivatives[by] = differentiate(self._algebra, inner, by[-1])
        return self._derivatives[by]

    def program(self, *derivatives: tuple[str, ...]) -> Program:
        """Return what computes derivatives at once, each named by what it is taken by: () is the value."""
        if derivatives not in self._programs:
            places = [self._derivative(by) for by in derivatives]
            self._programs[derivatives] = Program(self._algebra, places, self.names, CONSTANTS)
        return self._programs[derivatives]

    def value(self, *point: float) -> float:
        """Return the value at a point."""
        return self.program(())(*point)[0]

    def gradient(self, *point: float) -> list[float]:
        """Return the first derivatives at a point, by the symbolic formulas."""
        return self.program(*((name,) for name in self.names))(*point)

    def autodiff(self, *point: float) -> list[float]:
        """Return the first derivatives by the computational graph, from the text alone."""
        values = dict(zip(self.names, point, strict=True))
        graph, result = from_expression(self.text, {**CONSTANTS, **values})
        found = graph.backward(result)
        return [found[graph.variables[name]] if name in graph.variables else 0.0 for name in self.names]

    def tex(self, *by: str, names: Mapping[str, str] | None = None) -> str | None:
        """Return the TeX of the formula or of a derivative; None where it is too long to be read."""
        return write(self._algebra, self._derivative(by), names or {})

    def expanded_tex(self, *by: str) -> str | None:
        """Return the same as a short polynomial; None where it is none, or written so already."""
        place = self._derivative(by)
        short = expanded(self._algebra, place, self.names)
        if short is None:
            return None
        tex = write(self._algebra, short, {})
        return None if tex == write(self._algebra, place, {}) else tex
