"""The losses that frames tell: all since the reader's last one, evenly thinned."""

from __future__ import annotations

import math
from bisect import bisect_right

Losses = list[tuple[int, float]]

KEPT = 1024


class RecentLosses:
    """Pairs (step, loss) since the step that the slowest reader knows, in bounded memory.

    They are a number of steps apart that doubles when there are too many, so that a reader who was away for
    long is told of the whole time alike.
    """

    def __init__(self) -> None:
        self._losses: Losses = []
        self._apart = 1
        self._last: tuple[int, float] | None = None

    def add(self, losses: Losses) -> None:
        """Add pairs, their steps rising."""
        for entry in losses:
            if not self._losses or entry[0] >= self._losses[-1][0] + self._apart:
                self._losses.append(entry)
        self._last = losses[-1] if losses else self._last
        while len(self._losses) > KEPT:
            self._apart *= 2
            kept: Losses = []
            for entry in self._losses:
                if not kept or entry[0] >= kept[-1][0] + self._apart:
                    kept.append(entry)
            self._losses = kept

    def after(self, step: int) -> Losses:
        """Return the pairs beyond a step, the latest one among them."""
        found = self._losses[bisect_right(self._losses, (step, math.inf)) :]
        known = found[-1][0] if found else step
        return [*found, self._last] if self._last is not None and self._last[0] > known else found

    def forget(self, step: int) -> None:
        """Forget what every reader knows: all up to a step."""
        self._losses = self._losses[bisect_right(self._losses, (step, math.inf)) :]
        if not self._losses:
            self._apart = 1
