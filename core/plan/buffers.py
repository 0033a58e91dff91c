"""Memory of the plans: aligned arrays, and the vectors that all plans of one trainer share."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.network import Array
from core.optimizers import Optimizer

Call = Callable[[], object]

_ALIGNMENT = 64


def aligned(rows: int, columns: int) -> Array:
    """Return zeros (rows, columns) from a cache-line boundary on: equal steps then take equal code paths."""
    raw = np.zeros(rows * columns * 8 + _ALIGNMENT, dtype=np.uint8)
    start = -raw.ctypes.data % _ALIGNMENT
    return raw[start : start + rows * columns * 8].view(np.float64).reshape(rows, columns)


class Workspace:
    """The flat vectors of one training: parameters, optimizer state, gradient, gradient point.

    `arena` (1 + states, P) holds the parameters and the optimizer's state, which is all that a step carries
    on; `theta` and `state` are its rows. `point` is `theta` itself unless the optimizer looks ahead.
    `gradients` (2, P) is the gradient and a working row next to it. `count` is the number of updates made so
    far. `rate` is the learning rate of the present step, which never changes unless `scheduled`; `generator`
    is what dropout draws its masks from.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        count: int,
        frozen: NDArray[np.bool_],
        rate: float,
        scheduled: bool = False,
    ) -> None:
        self.frozen = frozen
        self.arena = aligned(1 + len(optimizer.state), count)
        self.theta: Array = self.arena[0]
        self.states: Array = self.arena[1:]
        self.state: dict[str, Array] = dict(zip(optimizer.state, self.states, strict=True))
        self.gradients = aligned(2, count)
        self.gradient: Array = self.gradients[0]
        self.point: Array = aligned(1, count)[0] if optimizer.looks_ahead else self.theta
        self.count = 0
        self.rate = rate
        self.scheduled = scheduled
        self.generator = np.random.default_rng(0)
        self._followers: list[Callable[[float], object]] = []

    def follow(self, follower: Callable[[float], object]) -> None:
        """Call `follower` with the learning rate now and whenever a schedule changes it."""
        follower(self.rate)
        self._followers.append(follower)

    def set_rate(self, rate: float) -> None:
        """Set the learning rate of the steps from now on."""
        if rate != self.rate:
            self.rate = rate
            for follower in self._followers:
                follower(rate)

    @property
    def length(self) -> int:
        """Number of parameters P."""
        return len(self.theta)

    def full(self, value: float, rows: int = 0) -> Array:
        """Return a constant shaped like a vector (or `rows` vectors): equal shapes take the fast path."""
        return np.full((rows, self.length) if rows else self.length, value)
