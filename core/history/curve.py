"""The losses of a session's whole history, in a bounded number of buckets."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from core.history.timeline import Change, Stretch

MAXIMUM_BUCKETS = 4096
# A measurement is a forward pass alone, and a step has its own overhead: so many batches cost like one step.
AFFORDABLE = 4.0

Row = tuple[int, float, float, float]


class Buckets:
    """One segment's losses, bucket by bucket: last step, loss there, least and greatest loss, flat."""

    def __init__(self) -> None:
        self._numbers = array("d")

    def __len__(self) -> int:
        return len(self._numbers) // 4

    def __iter__(self) -> Iterator[Row]:
        numbers = iter(self._numbers)
        for step, last, minimum, maximum in zip(numbers, numbers, numbers, numbers, strict=True):
            yield int(step), last, minimum, maximum

    @property
    def last_step(self) -> int:
        """The last bucket's last step."""
        return int(self._numbers[-4])

    def add(self, width: int, row: Row) -> None:
        """Merge the row into the last bucket if it lies in the same `width` steps, else begin a new one."""
        step, last, minimum, maximum = row
        if self._numbers and self._numbers[-4] // width == step // width:
            low, high = self._numbers[-2:]
            # A loss that is none (nan) must not hide the others.
            low = minimum if minimum < low or low != low else low
            high = maximum if maximum > high or high != high else high
            self._numbers[-4:] = array("d", (step, last, low, high))
        else:
            self._numbers.extend(row)


class LossCurve:
    """The losses of every segment, at most 4,096 buckets in all; when they are full all widths double."""

    def __init__(self) -> None:
        self.width = 1
        self._buckets: dict[int, Buckets] = {}
        self._total = 0

    def stride(self, cost: float = 1.0) -> int:
        """Return how many steps apart losses are worth measuring: four a bucket, fewer where one costs much.

        `cost` says how many steps' batches a measurement reads; it is to read about as much as training does.
        """
        affordable = 1 << max(0, math.ceil(math.log2(max(1.0, cost / AFFORDABLE))))
        return max(1, self.width // 4, affordable)

    def add(self, segment: int, step: int, loss: float) -> None:
        """Record the loss at a step of the segment with first node `segment`; its steps come in order."""
        buckets = self._buckets.setdefault(segment, Buckets())
        before = len(buckets)
        buckets.add(self.width, (step, loss, loss, loss))
        self._total += len(buckets) - before
        while self._total > MAXIMUM_BUCKETS:
            self._double()

    def last_step(self, segment: int) -> int:
        """Return the last step of the segment whose loss is recorded, -1 without any."""
        buckets = self._buckets.get(segment)
        return buckets.last_step if buckets else -1

    def _double(self) -> None:
        self.width *= 2
        for segment, old in self._buckets.items():
            merged = Buckets()
            for row in old:
                merged.add(self.width, row)
            self._buckets[segment] = merged
        self._total = sum(len(buckets) for buckets in self._buckets.values())

    def rows(self, stretches: list[Stretch[Change]]) -> Iterator[Row]:
        """Yield (last step, last, minimum, maximum) along a path, steps strictly rising.

        An edit's loss replaces that of the step it was made at. A bucket that reaches beyond where the path
        leaves its segment is left out: its losses are another branch's.
        """
        held: Row | None = None
        for stretch in stretches:
            end = stretch.segment.step_of(stretch.last)
            for row in self._buckets.get(stretch.first, Buckets()):
                if row[0] > end:
                    break
                if held is not None and held[0] < row[0]:
                    yield held
                held = row
        if held is not None:
            yield held

    @property
    def kept_bytes(self) -> int:
        """How many bytes the numbers take."""
        return 32 * self._total

    def numbers(self) -> tuple[tuple[int, NDArray[np.float64]], ...]:
        """Return each segment's buckets as (n, 4) after the segment's first node."""
        return tuple((first, np.array(b._numbers).reshape(-1, 4)) for first, b in self._buckets.items())

    @classmethod
    def of(cls, width: int, numbers: Iterable[tuple[int, NDArray[np.float64]]]) -> LossCurve:
        """Return the curve of that width with these `numbers`."""
        curve = cls()
        curve.width = width
        for first, rows in numbers:
            curve._buckets.setdefault(first, Buckets())._numbers.extend(rows.ravel().tolist())
        curve._total = sum(len(buckets) for buckets in curve._buckets.values())
        return curve

    def copy(self, stretches: list[Stretch[Change]], firsts: list[int]) -> LossCurve:
        """Return the losses along a path alone, under other first nodes, one for each stretch.

        Stretches that get the same first node become one segment. As in `rows`, a bucket that reaches beyond
        where the path leaves its segment is left out.
        """
        copy = LossCurve()
        copy.width = self.width
        for stretch, first in zip(stretches, firsts, strict=True):
            end = stretch.segment.step_of(stretch.last)
            for row in self._buckets.get(stretch.first, Buckets()):
                if row[0] > end:
                    break
                copy._buckets.setdefault(first, Buckets()).add(copy.width, row)
        copy._total = sum(len(buckets) for buckets in copy._buckets.values())
        return copy

    def arrays(self, stretches: list[Stretch[Change]]) -> tuple[NDArray[np.float64], ...]:
        """Return steps, last, minimum and maximum along a path, each (n,) with n at most 4,096."""
        table = np.array(list(self.rows(stretches)), dtype=np.float64).reshape(-1, 4)
        return tuple(table.T)
