"""What was measured along a session's whole history, in a bounded number of rows."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator

import numpy as np

from core.history.timeline import MAXIMUM_SEGMENTS, Change, Stretch
from core.network import Array

# More than there can be segments: each may keep the row of step 0.
MAXIMUM_ROWS = MAXIMUM_SEGMENTS + 48
# Every step up to here is measured, and about half as many in each doubling after it.
DENSE = 32
# From this stride on measuring costs a few hundredths of the training in between.
AFFORDABLE = 128
# How often the affordable stride doubles before the dense beginnings are thinned too.
LATE = 16


class MetricCurve:
    """Rows of `columns` numbers at some steps of every segment, at most 2,048 in all.

    The steps are multiples of a stride that is 1 at first and grows with the step, up to one that training
    can afford; when the rows are full, that one doubles and what is no multiple goes, so that a run's
    beginning stays dense. `cost` says how much more than a step's batch a measurement reads.
    """

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.level = 0
        self._rows: dict[int, array[float]] = {}
        self._total = 0

    def stride(self, step: int, cost: float = 1.0) -> int:
        """Return the distance of the steps that are measured around `step`: a power of two."""
        affordable = AFFORDABLE * max(1.0, cost / 16.0) * 2.0**self.level
        # Many branches, each with a dense beginning, may be too much even so.
        growing = step / DENSE * 2.0 ** max(0, self.level - LATE)
        return 1 << max(0, math.ceil(math.log2(max(1.0, min(growing, affordable)))))

    def next_after(self, step: int, cost: float = 1.0) -> int:
        """Return the next step after `step` that is to be measured."""
        stride = self.stride(step + 1, cost)
        return (step // stride + 1) * stride

    def wants(self, step: int, cost: float = 1.0) -> bool:
        """Whether `step` is to be measured."""
        return step % self.stride(step, cost) == 0

    def add(self, segment: int, step: int, row: Array) -> None:
        """Record a row at a step of the segment with first node `segment`; its steps come in order."""
        self._rows.setdefault(segment, array("d")).extend((float(step), *row.tolist()))
        self._total += 1
        while self._total > MAXIMUM_ROWS:
            self._thin()

    def _thin(self) -> None:
        self.level += 1
        width = 1 + self.columns
        self._total = 0
        for segment, numbers in self._rows.items():
            kept = array("d")
            for at in range(0, len(numbers), width):
                if self.wants(int(numbers[at])):
                    kept.extend(numbers[at : at + width])
            self._rows[segment] = kept
            self._total += len(kept) // width

    def _of(self, stretch: Stretch[Change]) -> Iterator[tuple[int, array[float]]]:
        """Yield (step, numbers) of a path's part in one segment."""
        numbers, width = self._rows.get(stretch.first, array("d")), 1 + self.columns
        end = stretch.segment.step_of(stretch.last)
        for at in range(0, len(numbers), width):
            step = int(numbers[at])
            if step > end:
                break
            yield step, numbers[at + 1 : at + width]

    def arrays(self, stretches: list[Stretch[Change]]) -> tuple[Array, Array]:
        """Return the steps (n,), rising, and the rows (n, columns) along a path.

        What was measured after an edit replaces what was measured before it at the same step.
        """
        rows: dict[int, array[float]] = {}
        for stretch in stretches:
            rows.update(self._of(stretch))
        table = np.array(list(rows.values()), dtype=np.float64).reshape(-1, self.columns)
        return np.array(list(rows), dtype=np.float64), table

    @property
    def kept_bytes(self) -> int:
        """How many bytes the numbers take."""
        return 8 * (1 + self.columns) * self._total

    def numbers(self) -> tuple[tuple[int, Array], ...]:
        """Return each segment's steps and rows as (n, 1 + columns) after the segment's first node."""
        width = 1 + self.columns
        return tuple((first, np.array(rows).reshape(-1, width)) for first, rows in self._rows.items())

    @classmethod
    def of(cls, columns: int, level: int, numbers: Iterable[tuple[int, Array]]) -> MetricCurve:
        """Return the rows of that level with these `numbers`."""
        curve = cls(columns)
        curve.level = level
        for first, rows in numbers:
            curve._rows[first] = array("d", rows.ravel().tolist())
            curve._total += len(rows)
        return curve

    def copy(self, stretches: list[Stretch[Change]], firsts: list[int]) -> MetricCurve:
        """Return the rows along a path alone, under other first nodes, one for each stretch."""
        copy = MetricCurve(self.columns)
        copy.level = self.level
        for stretch, first in zip(stretches, firsts, strict=True):
            for step, numbers in self._of(stretch):
                copy._rows.setdefault(first, array("d")).extend((float(step), *numbers))
                copy._total += 1
        return copy
