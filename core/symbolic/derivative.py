"""Derivatives by the rules of calculus; every gate of the computational graph has its rule here.

Kinks follow the gates: relu'(0) = 0, sgn(0) = 0, a tie in max or min goes to the first.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from core.symbolic.terms import ONE, Algebra, Term

# A rule returns the derivative of a gate from its own place, its inputs and their derivatives.
Rule = Callable[[Algebra, int, tuple[int, ...], list[int]], int]


def differentiate(algebra: Algebra, place: int, name: str) -> int:
    """Return the term of d term / d name."""
    zero, one = algebra.constant(0), algebra.constant(1)
    found: dict[int, int] = {}
    for here in algebra.reachable(place):
        term = algebra.terms[here]
        if term.gate == "variable":
            found[here] = one if term.name == name else zero
        else:
            inner = [found[each] for each in term.inputs]
            # What does not vary is not taken apart.
            found[here] = zero if all(each == zero for each in inner) else _rule(algebra, here, term, inner)
    return found[place]


def _rule(algebra: Algebra, here: int, term: Term, inner: list[int]) -> int:
    return RULES[term.gate](algebra, here, term.inputs, inner)


def _quotient(a: Algebra, here: int, u: tuple[int, ...], d: list[int]) -> int:
    above, below = u
    if a.number(d[1]) == 0:
        return a.product(d[0], (below, -ONE))
    if a.number(d[0]) == 0:
        return a.product(above, d[1], (below, Fraction(-2)), coefficient=-ONE)
    top = a.sum(a.product(d[0], below), a.product(above, d[1]), signs=(1, -1))
    return a.product(top, (below, Fraction(-2)))


def _power(a: Algebra, here: int, u: tuple[int, ...], d: list[int]) -> int:
    base, exponent = u
    number = a.number(exponent)
    if number is not None:
        return a.product((base, number - 1), d[0], coefficient=number)
    varies_below, varies_above = (a.number(each) != 0 for each in d)
    logarithm = a.raw("log", base)
    if not varies_below:
        return a.product(here, logarithm, d[1])
    if not varies_above:
        less = a.raw("power", base, a.sum(exponent, a.constant(1), signs=(1, -1)))
        return a.product(exponent, less, d[0])
    both = a.sum(a.product(d[1], logarithm), a.product(exponent, d[0], (base, -ONE)))
    return a.product(here, both)


def _chain(outer: Callable[[Algebra, int, int], int]) -> Rule:
    """Return the chain rule for a function of one argument; `outer` makes its own derivative."""
    return lambda a, here, u, d: a.product(outer(a, here, u[0]), d[0])


def _one_minus(a: Algebra, place: int) -> int:
    return a.sum(a.constant(1), place, signs=(1, -1))


def _chosen(first: str, second: str) -> Rule:
    def rule(a: Algebra, here: int, u: tuple[int, ...], d: list[int]) -> int:
        return a.sum(a.product(a.raw(first, *u), d[0]), a.product(a.raw(second, *u), d[1]))

    return rule


def _flat(a: Algebra, here: int, u: tuple[int, ...], d: list[int]) -> int:
    return a.constant(0)


RULES: dict[str, Rule] = {
    "constant": _flat,
    "add": lambda a, here, u, d: a.sum(*d),
    "subtract": lambda a, here, u, d: a.sum(*d, signs=(1, -1)),
    "negate": lambda a, here, u, d: a.sum(d[0], signs=(-1,)),
    "multiply": lambda a, here, u, d: a.sum(a.product(d[0], u[1]), a.product(u[0], d[1])),
    "divide": _quotient,
    "power": _power,
    "exp": _chain(lambda a, here, u: here),
    "log": _chain(lambda a, here, u: a.product((u, -ONE))),
    "sin": _chain(lambda a, here, u: a.raw("cos", u)),
    "cos": _chain(lambda a, here, u: a.product(a.raw("sin", u), coefficient=-ONE)),
    "tanh": _chain(lambda a, here, u: _one_minus(a, a.power(here, Fraction(2)))),
    "sigmoid": _chain(lambda a, here, u: a.product(here, _one_minus(a, here))),
    "relu": _chain(lambda a, here, u: a.raw("positive", u)),
    "abs": _chain(lambda a, here, u: a.raw("sign", u)),
    "sqrt": _chain(lambda a, here, u: a.product((here, -ONE), coefficient=Fraction(1, 2))),
    "max": _chosen("at_least", "below"),
    "min": _chosen("at_most", "above"),
    "step": _flat,
    # What the rules above make: flat wherever they have a derivative.
    "positive": _flat,
    "sign": _flat,
    "at_least": _flat,
    "below": _flat,
    "at_most": _flat,
    "above": _flat,
}
