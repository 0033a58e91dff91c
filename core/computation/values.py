"""Which numbers the variables of an expression have where a request leaves them open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.computation.reading import Reading
from core.errors import InvalidInputError, UnknownNameError


def complete_values(
    reading: Reading, given: Mapping[str, float], pointer: str = "/values"
) -> dict[str, float]:
    """Return a value for every variable: the given one, or 1, 2, 3, ... by its place among all of them.

    Raises UnknownNameError for a name that the expression does not have.
    """
    variables = reading.variables
    for name in given:
        if name not in variables:
            place = f"{pointer}/{name}".replace("~", "~0")
            if not variables:
                raise InvalidInputError(code="graph-no-variables", pointer=place)
            raise UnknownNameError(pointer=place, kind="variable", choices=list(variables))
    return {name: float(given.get(name, place)) for place, name in enumerate(variables, start=1)}


def check_unfolded(reading: Reading, unfolded: Sequence[str], pointer: str = "/unfolded") -> None:
    """Raise InvalidInputError for an id that is not that of a gate with parts."""
    for place, id in enumerate(unfolded):
        if id not in reading.foldable:
            where = f"{pointer}/{place}"
            if not reading.foldable:
                raise InvalidInputError(code="graph-nothing-to-unfold", pointer=where)
            raise UnknownNameError(pointer=where, kind="gate", choices=list(reading.foldable))
