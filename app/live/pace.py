"""How many updates a turn applies: as many as a quantum holds, and no more than are due."""

from __future__ import annotations

from collections.abc import Callable

MAXIMUM_STEPS = 1000

Clock = Callable[[], float]


class Quantum:
    """The number of updates that take about so many `seconds`, found by measuring the turns before.

    It decides only how often others come in between, never what is computed.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.steps = 1

    def begin_anew(self) -> None:
        """Forget what updates took: they are others now, and may be thousands of times as large."""
        self.steps = 1

    def measured(self, steps: int, seconds: float) -> None:
        """Take into account that so many updates took so long; a turn at most doubles or halves."""
        if steps:
            fitting = int(steps * self.seconds / max(seconds, 1e-9))
            self.steps = max(1, self.steps // 2, min(fitting, 2 * self.steps, MAXIMUM_STEPS))


class Pace:
    """When updates are due at a wanted speed; `steps_per_second` None is as fast as it goes."""

    # What was missed for longer is not made up for by a burst: the machine may have slept.
    LONGEST_DELAY = 0.25

    def __init__(self, steps_per_second: float | None, now: float) -> None:
        self.steps_per_second = steps_per_second
        self.due = now if steps_per_second is not None else 0.0

    def allowed(self, now: float, limit: int) -> int:
        """Return how many updates may be applied now, at most `limit`."""
        if self.steps_per_second is None:
            return limit
        if now < self.due:
            return 0
        return min(limit, 1 + int((now - self.due) * self.steps_per_second))

    def applied(self, steps: int, now: float) -> None:
        """Count updates that were applied now."""
        if self.steps_per_second is not None:
            self.due = max(self.due + steps / self.steps_per_second, now - self.LONGEST_DELAY)


class Speed:
    """Epochs a second, averaged over the last second or two; None before anything was measured."""

    WINDOW = 1.0

    def __init__(self, epochs: float, now: float) -> None:
        self._marks = [(now, epochs)]

    def measured(self, epochs: float, now: float) -> None:
        """Note where training stands."""
        if now - self._marks[-1][0] >= self.WINDOW:
            # The mark before stays: right after a new one there is still a second to look back on.
            self._marks = [self._marks[-1], (now, epochs)]

    def at(self, epochs: float, now: float) -> float | None:
        """Return the speed up to here."""
        then, before = self._marks[0]
        return (epochs - before) / (now - then) if now > then and epochs > before else None
