"""A term written out as a polynomial: 2(x-3) as 2x-6."""

from __future__ import annotations

from fractions import Fraction

from core.symbolic.terms import Algebra

MOST_MONOMIALS = 6
_MOST_ON_THE_WAY = 24
_LARGEST_DEGREE = 12

# Exponents of the variables in their order -> coefficient.
_Polynomial = dict[tuple[int, ...], Fraction]


def expanded(algebra: Algebra, place: int, names: tuple[str, ...]) -> int | None:
    """Return the term as a sum of at most six monomials, the highest degree first; None if it is no such."""
    found: dict[int, _Polynomial] = {}
    for here in algebra.reachable(place):
        term = algebra.terms[here]
        inner = [found.get(each) for each in term.inputs]
        if any(each is None for each in inner):
            continue
        made = _made(algebra, here, [each for each in inner if each is not None], names)
        if made is not None and len(made) <= _MOST_ON_THE_WAY:
            found[here] = made
    polynomial = found.get(place)
    if polynomial is None or len(polynomial) > MOST_MONOMIALS:
        return None
    ordered = sorted(polynomial.items(), key=lambda item: (sum(item[0]), item[0]), reverse=True)
    monomials = [
        algebra.product(
            *((algebra.variable(name), Fraction(power)) for name, power in zip(names, powers, strict=True)),
            coefficient=coefficient,
        )
        for powers, coefficient in ordered
    ]
    return algebra.sum(*monomials) if monomials else algebra.constant(0)


def _made(
    algebra: Algebra, here: int, inner: list[_Polynomial], names: tuple[str, ...]
) -> _Polynomial | None:
    term = algebra.terms[here]
    flat = (0,) * len(names)
    match term.gate:
        case "constant":
            return {flat: term.number} if term.number else {}
        case "variable":
            if term.name not in names:
                return None
            return {tuple(int(name == term.name) for name in names): Fraction(1)}
        case "add" | "subtract":
            return _sum(inner[0], inner[1], 1 if term.gate == "add" else -1)
        case "negate":
            return _sum({}, inner[0], -1)
        case "multiply":
            return _product(inner[0], inner[1])
        case "divide":
            divisor = inner[1].get(flat)
            if divisor is None or len(inner[1]) != 1:
                return None
            return {powers: number / divisor for powers, number in inner[0].items()}
        case "power":
            exponent = algebra.number(term.inputs[1])
            if exponent is None or exponent.denominator != 1 or not 0 <= exponent <= _LARGEST_DEGREE:
                return None
            result: _Polynomial | None = {flat: Fraction(1)}
            for _ in range(int(exponent)):
                result = None if result is None else _product(result, inner[0])
            return result
        case _:
            return None


def _sum(first: _Polynomial, second: _Polynomial, sign: int) -> _Polynomial:
    result = dict(first)
    for powers, number in second.items():
        result[powers] = result.get(powers, Fraction(0)) + sign * number
    return {powers: number for powers, number in result.items() if number}


def _product(first: _Polynomial, second: _Polynomial) -> _Polynomial | None:
    if len(first) * len(second) > _MOST_ON_THE_WAY**2:
        return None
    result: _Polynomial = {}
    for one, a in first.items():
        for other, b in second.items():
            powers = tuple(i + j for i, j in zip(one, other, strict=True))
            result[powers] = result.get(powers, Fraction(0)) + a * b
    result = {powers: number for powers, number in result.items() if number}
    return result if len(result) <= _MOST_ON_THE_WAY else None
