"""Interleaved measurement: contenders take turns, and each has the median of its turns.

What slows the machine for a while then slows all of them, so their ratios hold where their times do not.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol


class Contender(Protocol):
    """Something that takes steps. A turn begins with `reset`, which is not measured."""

    def reset(self) -> None:
        """Go back to the start."""

    def timed(self, count: int) -> float:
        """Take `count` steps; return the processor time used, in seconds."""


@dataclass
class Local:
    """A contender in this process: `run(count)` takes the steps, in multiples of `unit`."""

    run: Callable[[int], object]
    restart: Callable[[], object] = lambda: None
    unit: int = 1

    def reset(self) -> None:
        """Go back to the start."""
        self.restart()

    def timed(self, count: int) -> float:
        """Take `count` steps; return this process's time."""
        before = time.process_time_ns()
        self.run(count)
        return (time.process_time_ns() - before) / 1e9


@dataclass(frozen=True)
class Effort:
    """How long to measure: `rounds` turns of about `seconds` each for every contender."""

    rounds: int = 15
    seconds: float = 0.1


QUICK = Effort(1, 0.0)


def medians(contenders: Mapping[str, Contender], effort: Effort, most: int = 1_000_000) -> dict[str, float]:
    """Return the median seconds a step of each contender; a turn has at most `most` steps."""
    counts = {name: _count(contender, effort, most) for name, contender in contenders.items()}
    found: dict[str, list[float]] = {name: [] for name in contenders}
    names = list(contenders)
    gc.collect()
    gc.disable()
    try:
        for turn in range(effort.rounds):
            # Each begins a round once: nobody always follows the same neighbour.
            first = turn % len(names)
            for name in names[first:] + names[:first]:
                contenders[name].reset()
                found[name].append(contenders[name].timed(counts[name]) / counts[name])
    finally:
        gc.enable()
    return {name: statistics.median(times) for name, times in found.items()}


def _count(contender: Contender, effort: Effort, most: int) -> int:
    """Return how many steps take about a turn's time, after a first turn that warms up."""
    unit = getattr(contender, "unit", 1)
    contender.reset()
    contender.timed(unit)
    count = unit
    while True:
        contender.reset()
        taken = contender.timed(count)
        if taken >= effort.seconds / 2 or 2 * count > most:
            return count
        count *= 2


def quantile(values: list[float], share: float) -> float:
    """Return the value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
