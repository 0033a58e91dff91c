"""Sums over points as lines of an explanation: the first points one by one, the others together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.lab import Notebook, Quantity
from core.microsteps.records import LineKind, PhaseName
from core.regression.data import Array

MAXIMUM_TOLD = 12


@dataclass(frozen=True, slots=True)
class Told:
    """The points of a sum: all `rows`, of which the first twelve are told one by one.

    A point's number in references and symbols is its row + 1.
    """

    rows: NDArray[np.intp]

    @property
    def count(self) -> int:
        """How many points there are."""
        return len(self.rows)

    @property
    def numbers(self) -> list[int]:
        """The numbers of the points that are told."""
        return [int(row) + 1 for row in self.rows[:MAXIMUM_TOLD]]

    @property
    def others(self) -> str:
        """The lower and upper end of the sum over the others, as TeX, and the index that runs."""
        first, last = int(self.rows[MAXIMUM_TOLD]) + 1, int(self.rows[-1]) + 1
        if last - first + 1 == self.count - MAXIMUM_TOLD:
            return f"\\sum_{{i={first}}}^{{{last}}}"
        return f"\\sum_{{i\\ge {first},\\,i\\in B}}"


def write_sum(
    book: Notebook,
    told: Told,
    values: Array,
    *,
    phase: PhaseName,
    kind: LineKind,
    result: Quantity,
    value: float,
    item: str,
    tex: str,
    sentence: str,
    group: Sequence[str],
    refs: Mapping[str, str] | None = None,
) -> float:
    """Write the sum of `values` (N,), each the number of `item` + "." + the point's, and return it.

    `tex` is a summand in general, for the line of the points that are not told.
    """
    book.name(result)
    summands = [f"{item}.{number}" for number in told.numbers]
    parts = [(f"<{ref}>", book.value(ref)) for ref in summands]
    if told.count > MAXIMUM_TOLD:
        rest = f"{result.id}.rest"
        book.name(Quantity(rest, "R", sub=result.base + result.sub))
        others = float(values[MAXIMUM_TOLD:].sum())
        book.line(
            phase,
            "sum",
            rest,
            f"{told.others} {tex}",
            others,
            sentence="told_regression.rest",
            title="told_regression.title.rest",
            refs={"sum": result.id},
            group=group,
        )
        parts.append((f"<{rest}>", others))
    return book.line(
        phase,
        kind,
        result.id,
        "+".join(part for part, _ in parts),
        value,
        sentence=sentence,
        title="told_regression.title.sum",
        refs={"sum": result.id, **(refs or {})},
        group=group,
        parts=parts,
    )
