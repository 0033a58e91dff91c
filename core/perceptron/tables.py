"""Truth tables of two inputs, and samples in the plane of a learner's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import InvalidInputError
from core.registry import Label, Registry

MAXIMUM_SAMPLES = 12
# Coordinates of a sample lie within this of 0.
LARGEST_INPUT = 100.0
CORNERS = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0))


@dataclass(frozen=True)
class Samples:
    """Points (x1, x2) of the plane with their classes 0 or 1, in the order in which they are learnt."""

    inputs: tuple[tuple[float, float], ...]
    classes: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True)
class TruthTable:
    """A gate by its outputs for (0, 0), (0, 1), (1, 0) and (1, 1)."""

    name: str
    label: Label
    tex: str
    outputs: tuple[int, int, int, int]

    @property
    def samples(self) -> Samples:
        """Return its rows as samples."""
        return Samples(CORNERS, self.outputs)


TABLES: Registry[TruthTable] = Registry("truth table")

for _name, _tex, _outputs in (
    ("and", "x_1 \\land x_2", (0, 0, 0, 1)),
    ("or", "x_1 \\lor x_2", (0, 1, 1, 1)),
    ("nand", "\\lnot(x_1 \\land x_2)", (1, 1, 1, 0)),
    ("nor", "\\lnot(x_1 \\lor x_2)", (1, 0, 0, 0)),
    ("xor", "x_1 \\oplus x_2", (0, 1, 1, 0)),
    ("xnor", "\\lnot(x_1 \\oplus x_2)", (1, 0, 0, 1)),
):
    TABLES.add(TruthTable(_name, Label(_name.upper(), _name.upper()), _tex, _outputs))


def own_samples(inputs: Sequence[Sequence[float]], classes: Sequence[int]) -> Samples:
    """Return a learner's own samples.

    Raises InvalidInputError: `samples-count` for none or more than 12, `row-length` for a row that has not
    two numbers, `data-rows` where inputs and classes differ in number, `out-of-range` for a number that is
    too large.
    """
    if not 1 <= len(inputs) <= MAXIMUM_SAMPLES:
        raise InvalidInputError(code="samples-count", pointer="/data/inputs", limit=MAXIMUM_SAMPLES)
    for place, row in enumerate(inputs):
        if len(row) != 2:
            raise InvalidInputError(code="row-length", pointer=f"/data/inputs/{place}", limit=2)
        for column, value in enumerate(row):
            if not abs(value) <= LARGEST_INPUT:
                raise InvalidInputError(
                    code="out-of-range",
                    pointer=f"/data/inputs/{place}/{column}",
                    minimum=-LARGEST_INPUT,
                    maximum=LARGEST_INPUT,
                )
    if len(classes) != len(inputs):
        raise InvalidInputError(code="data-rows", pointer="/data/classes", rows=len(inputs))
    return Samples(tuple((float(x1), float(x2)) for x1, x2 in inputs), tuple(classes))
