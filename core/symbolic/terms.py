"""Terms of an algebra: a shared graph of constants, variables and gates, with simplifying sums and products.

A term is a number, its place in the algebra's list; equal terms have the same place. What a reader typed is
kept as typed (`raw`); what a rule makes goes through `sum` and `product`, which collect like parts:
2·(x−3)¹·1 becomes 2(x−3). A common factor of numerator and denominator is cancelled, as one does on paper,
although the two sides then differ where that factor is 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

# Longer sums and products are not looked into any more: work and size stay proportional to the text.
MOST_PARTS = 8
# Larger powers of constants are left standing.
MOST_BITS = 256
_LARGEST_EXPONENT = 64

ONE = Fraction(1)
Factors = tuple[tuple[int, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Term:
    """`constant` with its number, `variable` with its name, or a gate with its inputs."""

    gate: str
    inputs: tuple[int, ...] = ()
    number: Fraction = Fraction(0)
    name: str = ""


class Algebra:
    """All terms of one formula and of its derivatives."""

    def __init__(self) -> None:
        self.terms: list[Term] = []
        self._places: dict[Term, int] = {}
        self._products: dict[int, tuple[Fraction, Factors]] = {}

    def _place(self, term: Term) -> int:
        place = self._places.get(term)
        if place is None:
            place = self._places[term] = len(self.terms)
            self.terms.append(term)
        return place

    def constant(self, number: Fraction | int) -> int:
        """Return the term of a number."""
        return self._place(Term("constant", number=Fraction(number)))

    def variable(self, name: str) -> int:
        """Return the term of a variable, or of a constant with a name."""
        return self._place(Term("variable", name=name))

    def raw(self, gate: str, *inputs: int) -> int:
        """Return a gate on terms as it stands."""
        return self._place(Term(gate, inputs))

    def number(self, place: int) -> Fraction | None:
        """Return the number that a term is: a constant, or a rational operation on such; None for others."""
        coefficient, factors = self._as_product(place)
        return None if factors else coefficient

    def reachable(self, *places: int) -> list[int]:
        """Return the terms that some terms are made of, themselves included, in an order of computation."""
        seen = set(places)
        waiting = list(places)
        while waiting:
            for place in self.terms[waiting.pop()].inputs:
                if place not in seen:
                    seen.add(place)
                    waiting.append(place)
        return sorted(seen)

    # --- products -----------------------------------------------------------------------------------------

    def _as_product(self, place: int) -> tuple[Fraction, Factors]:
        """Return a term as a number times powers of terms."""
        found = self._products.get(place)
        if found is None:
            found = self._products[place] = self._read_product(self.terms[place], place)
        return found

    def _read_product(self, term: Term, place: int) -> tuple[Fraction, Factors]:
        itself = ONE, ((place, ONE),)
        match term.gate:
            case "constant":
                return term.number, ()
            case "negate":
                coefficient, factors = self._as_product(term.inputs[0])
                return -coefficient, factors
            case "multiply" | "divide":
                second = ONE if term.gate == "multiply" else -ONE
                read = self._multiply(((term.inputs[0], ONE), (term.inputs[1], second)))
                return read if read is not None and len(read[1]) <= MOST_PARTS else itself
            case "power":
                exponent = self.number(term.inputs[1])
                if exponent is None:
                    return itself
                read = self._multiply(((term.inputs[0], exponent),))
                base = self._as_product(term.inputs[0])
                # (2x)^3 stays as typed; 2^3 is 8.
                return read if read is not None and not base[1] and not read[1] else (ONE, self._raised(term))
            case "add" | "subtract":
                first, second_number = (self.number(each) for each in term.inputs)
                if first is None or second_number is None:
                    return itself
                return first + (second_number if term.gate == "add" else -second_number), ()
            case _:
                return itself

    def _raised(self, term: Term) -> Factors:
        exponent = self.number(term.inputs[1])
        return ((term.inputs[0], exponent if exponent is not None else ONE),)

    def _multiply(self, factors: Factors) -> tuple[Fraction, Factors] | None:
        """Return the product of powers, like bases collected; None where a number cannot be written out."""
        coefficient = ONE
        powers: dict[int, Fraction] = {}
        for place, exponent in factors:
            number, inner = self._as_product(place)
            whole = exponent.denominator == 1 and abs(exponent) <= _LARGEST_EXPONENT
            if number == 0 and exponent < 0:
                return None
            if not whole and number != 1:
                # A root of a product with a number in it stays one factor.
                if not inner:
                    return None
                number, inner = ONE, ((place, ONE),)
            if whole:
                if number.numerator.bit_length() * abs(exponent) > MOST_BITS:
                    return None
                coefficient *= number ** int(exponent)
            # (x²)^(1/2) is not x: only whole powers go inside.
            for base, power in inner if whole else ((place, ONE),) if inner else ():
                powers[base] = powers.get(base, Fraction(0)) + power * exponent
        return coefficient, tuple((base, power) for base, power in powers.items() if power != 0)

    def product(self, *factors: int | tuple[int, Fraction], coefficient: Fraction = ONE) -> int:
        """Return the product of terms, or of (term, exponent), times a number, simplified."""
        pairs = tuple(each if isinstance(each, tuple) else (each, ONE) for each in factors)
        if coefficient == 0 or any(self.number(base) == 0 and power > 0 for base, power in pairs):
            return self.constant(0)
        read = self._multiply(pairs)
        if read is None:
            return self._built(coefficient, [(base, power) for base, power in pairs])
        return self._built(coefficient * read[0], list(read[1]))

    def _built(self, coefficient: Fraction, powers: list[tuple[int, Fraction]]) -> int:
        if coefficient == 0:
            return self.constant(0)
        powers.sort(key=lambda pair: self._rank(pair[0]))
        above, below = _written(abs(coefficient))
        numerator = [self.power(base, power) for base, power in powers if power > 0]
        denominator = [self.power(base, -power) for base, power in powers if power < 0]
        if above != 1 or not numerator:
            numerator.insert(0, self.constant(above))
        if below != 1:
            denominator.insert(0, self.constant(below))
        place = self._chain("multiply", numerator)
        if denominator:
            place = self.raw("divide", place, self._chain("multiply", denominator))
        if coefficient > 0:
            return place
        return self.constant(-above) if len(powers) == 0 and below == 1 else self.raw("negate", place)

    def power(self, base: int, exponent: Fraction) -> int:
        """Return a term to a constant power."""
        return base if exponent == 1 else self.raw("power", base, self._exponent(exponent))

    def _exponent(self, exponent: Fraction) -> int:
        if exponent.denominator == 1:
            return self.constant(exponent)
        above, below = _written(exponent)
        if below == 1:
            return self.constant(above)
        return self.raw("divide", self.constant(above), self.constant(below))

    def _rank(self, place: int) -> tuple[int, str]:
        """Return what orders factors: variables, then sums, then functions."""
        term = self.terms[place]
        if term.gate == "variable":
            return 0, term.name
        return (1, "") if term.gate in ("add", "subtract") else (2, "")

    def _chain(self, gate: str, places: list[int]) -> int:
        result = places[0]
        for place in places[1:]:
            result = self.raw(gate, result, place)
        return result

    # --- sums ---------------------------------------------------------------------------------------------

    def _summands(self, place: int, sign: Fraction) -> Iterator[tuple[Fraction, int]]:
        """Yield a term as numbers times terms without one."""
        waiting = [(place, sign)]
        while waiting:
            here, factor = waiting.pop()
            term = self.terms[here]
            if term.gate in ("add", "subtract"):
                second = -factor if term.gate == "subtract" else factor
                waiting.append((term.inputs[1], second))
                waiting.append((term.inputs[0], factor))
            elif term.gate == "negate":
                waiting.append((term.inputs[0], -factor))
            else:
                coefficient, factors = self._as_product(here)
                yield factor * coefficient, self._built(ONE, list(factors))

    def sum(self, *places: int, signs: tuple[int, ...] = ()) -> int:
        """Return the sum of terms, each with its sign (+1 without `signs`), like parts collected."""
        signs = signs or (1,) * len(places)
        parts: dict[int, Fraction] = {}
        for place, sign in zip(places, signs, strict=True):
            summands = list(self._summands(place, Fraction(sign)))
            if len(summands) > MOST_PARTS:
                summands = [(Fraction(sign), place)]
            for coefficient, unit in summands:
                parts[unit] = parts.get(unit, Fraction(0)) + coefficient
        one = self.constant(1)
        number = parts.pop(one, Fraction(0))
        terms = [(coefficient, unit) for unit, coefficient in parts.items() if coefficient != 0]
        # A sum that can begin without a minus does.
        terms.sort(key=lambda pair: pair[0] < 0) if terms and terms[0][0] < 0 else None
        if number != 0 or not terms:
            if terms and terms[0][0] < 0 and number > 0:
                terms.insert(0, (number, one))
            else:
                terms.append((number, one))
        result = self.product(terms[0][1], coefficient=terms[0][0])
        for coefficient, unit in terms[1:]:
            gate = "add" if coefficient > 0 else "subtract"
            result = self.raw(gate, result, self.product(unit, coefficient=abs(coefficient)))
        return result


def _written(number: Fraction) -> tuple[Fraction, Fraction]:
    """Return a number as numerator and denominator as one writes it: x/20 and 3x/4, but 0.52x."""
    if number.denominator <= 10 or number.numerator == 1:
        return Fraction(number.numerator), Fraction(number.denominator)
    if (number * 10**9).denominator == 1:
        return number, ONE
    return Fraction(number.numerator), Fraction(number.denominator)
