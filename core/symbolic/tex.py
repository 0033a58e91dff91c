"""Terms as TeX. A thin space stands for a product, so that a template's numbers get a cross there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from core.symbolic.terms import Algebra

# A longer formula is not written: nobody reads it, and shared parts would be repeated without end.
MOST_WRITTEN = 160


class _Level:
    SUM, NEGATION, PRODUCT, FRACTION, FUNCTION, POWER, ATOM = range(7)


class _Written(NamedTuple):
    tex: str
    level: int


_CONSTANTS = {"pi": "\\pi ", "e": "e"}
_FUNCTIONS = {
    "log": "\\ln",
    "sin": "\\sin",
    "cos": "\\cos",
    "tanh": "\\tanh",
    "sigmoid": "\\sigma",
    "relu": "\\operatorname{ReLU}",
    "step": "\\operatorname{step}",
    "sign": "\\operatorname{sgn}",
    "max": "\\max",
    "min": "\\min",
}
# 1[u > 0] is 1 where the condition holds, else 0.
_RELATIONS = {"at_least": "\\ge ", "below": "\\lt ", "at_most": "\\le ", "above": "\\gt "}


def write(algebra: Algebra, place: int, names: Mapping[str, str]) -> str | None:
    """Return the TeX of a term, its variables as in `names`; None for one of more than 160 parts."""
    order = algebra.reachable(place)
    sizes: dict[int, int] = {}
    written: dict[int, _Written] = {}
    for here in order:
        term = algebra.terms[here]
        sizes[here] = 1 + sum(sizes[each] for each in term.inputs)
        if sizes[here] > MOST_WRITTEN:
            return None
        if term.gate == "constant":
            written[here] = _number(term.number)
        elif term.gate == "variable":
            own = _CONSTANTS.get(term.name, term.name) if term.name not in names else names[term.name]
            written[here] = _Written(own, _Level.ATOM)
        else:
            written[here] = _gate(term.gate, [written[each] for each in term.inputs])
    return written[place].tex


def decimal(number: Fraction) -> str:
    """Return a number as digits, in powers of ten where it is very large or small."""
    text = str(number.numerator) if number.denominator == 1 else repr(_float(number))
    if number.denominator == 1 and len(text) > 9:
        text = repr(_float(number))
    mantissa, _, exponent = text.removesuffix(".0").partition("e")
    return mantissa if not exponent else f"{mantissa}\\cdot 10^{{{int(exponent)}}}"


def _float(number: Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def _number(number: Fraction) -> _Written:
    text = decimal(number)
    return _Written(text, _Level.NEGATION if number < 0 else _Level.PRODUCT if "\\" in text else _Level.ATOM)


def _within(part: _Written, level: int) -> str:
    """Return a part in brackets where it binds less tightly than that."""
    return part.tex if part.level >= level else _bracketed(part.tex)


def _bracketed(tex: str) -> str:
    tall = "\\frac" in tex or "^" in tex
    return f"\\left({tex}\\right)" if tall else f"({tex})"


def _multiply(first: _Written, second: _Written) -> str:
    left = _within(first, _Level.PRODUCT)
    right = _within(second, _Level.PRODUCT)
    # Two numbers, or a function before a bracket, would run into one another.
    tight = right[:1].isdigit() or right.startswith("\\cdot")
    return f"{left}\\cdot {right}" if tight else f"{left}\\,{right}"


def _gate(gate: str, parts: list[_Written]) -> _Written:
    writer = _OPERATIONS.get(gate)
    if writer is not None:
        return writer(parts)
    if gate in _RELATIONS:
        return _Written(f"\\mathbf{{1}}[{parts[0].tex}{_RELATIONS[gate]}{parts[1].tex}]", _Level.ATOM)
    if gate in ("max", "min"):
        return _Written(f"{_FUNCTIONS[gate]}({parts[0].tex},{parts[1].tex})", _Level.FUNCTION)
    return _Written(_FUNCTIONS[gate] + _bracketed(parts[0].tex), _Level.FUNCTION)


_OPERATIONS: dict[str, Callable[[list[_Written]], _Written]] = {
    "add": lambda p: _Written(f"{p[0].tex}+{_within(p[1], _Level.PRODUCT)}", _Level.SUM),
    "subtract": lambda p: _Written(f"{p[0].tex}-{_within(p[1], _Level.PRODUCT)}", _Level.SUM),
    "negate": lambda p: _Written(f"-{_within(p[0], _Level.PRODUCT)}", _Level.NEGATION),
    "multiply": lambda p: _Written(_multiply(p[0], p[1]), _Level.PRODUCT),
    "divide": lambda p: _Written(f"\\frac{{{p[0].tex}}}{{{p[1].tex}}}", _Level.FRACTION),
    "power": lambda p: _Written(f"{_within(p[0], _Level.ATOM)}^{{{p[1].tex}}}", _Level.POWER),
    "exp": lambda p: _Written(f"e^{{{p[0].tex}}}", _Level.POWER),
    "sqrt": lambda p: _Written(f"\\sqrt{{{p[0].tex}}}", _Level.ATOM),
    "abs": lambda p: _Written(f"\\lvert {p[0].tex}\\rvert ", _Level.ATOM),
    "positive": lambda p: _Written(f"\\mathbf{{1}}[{p[0].tex}\\gt 0]", _Level.ATOM),
}
