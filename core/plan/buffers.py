"""Memory of the plans: aligned arrays, and the vectors that all plans of one trainer share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from core.activations import constant
from core.network import NetworkSpec
from core.optimizers import Optimizer

Call = Callable[[], object]
# Makes that many updates on one batch.
Step = Callable[[int], None]
# float64 or float32, as the training's precision says.
Buffer = NDArray[Any]

_ALIGNMENT = 64

# Parameters up to which dispatch is what an update costs: it then works on whole vectors, several at once.
LARGE = 16384
# Beyond, it takes stretches of this length, so that gradient, state and parameters are in the processor's
# cache from the first of its calls to the last. Measured: shorter ones lose more by their calls.
STRETCH = 65536


def aligned(rows: int, columns: int, dtype: DTypeLike = np.float64) -> Buffer:
    """Return zeros (rows, columns) from a cache-line boundary on: equal steps then take equal code paths."""
    size = rows * columns * np.dtype(dtype).itemsize
    raw = np.zeros(size + _ALIGNMENT, dtype=np.uint8)
    start = -raw.ctypes.data % _ALIGNMENT
    return raw[start : start + size].view(dtype).reshape(rows, columns)


def empty_batch(network: NetworkSpec, length: int, dtype: DTypeLike) -> tuple[Buffer, Buffer]:
    """Return arrays for a batch: negated inputs with a last row of -1, (n_in + 1, B), targets (n_out, B)."""
    x = aligned(network.inputs + 1, length, dtype)
    x[-1] = -1.0
    return x, aligned(network.outputs, length, dtype)


@dataclass(frozen=True)
class Vectors:
    """A stretch of a training's flat vectors, or all of each: what the calls of an update work on.

    `theta` parameters, `point` where the gradient is taken, `gradient`, and a `free` row of working memory,
    (n,) each; `state` the optimizer's by name. `place` is where the stretch lies in the whole vectors.
    """

    place: slice
    theta: Buffer
    point: Buffer
    gradient: Buffer
    free: Buffer
    state: Mapping[str, Buffer]

    def constant(self, value: float) -> Buffer:
        """Return a constant for calls on these vectors."""
        return constant(value, self.theta)


class Workspace:
    """The flat vectors of one training: parameters, optimizer state, gradient, gradient point.

    `arena` (1 + states, P) holds the parameters and the optimizer's state, which is all that a step carries
    on; `theta` and `state` are its rows. `point` is `theta` itself unless the optimizer looks ahead.
    `gradients` (2, P) is the gradient and a working row next to it. `count` is the number of updates made so
    far. `rate` is the learning rate of the present step, which never changes unless `scheduled`; `generator`
    is what dropout draws its masks from. `large` says that updates go stretch by stretch.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        count: int,
        frozen: NDArray[np.bool_],
        rate: float,
        scheduled: bool = False,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.dtype = np.dtype(dtype)
        self.frozen = frozen
        self.large = count > LARGE
        self.arena = aligned(1 + len(optimizer.state), count, dtype)
        self.theta: Buffer = self.arena[0]
        self.states: Buffer = self.arena[1:]
        self.state: dict[str, Buffer] = dict(zip(optimizer.state, self.states, strict=True))
        self.gradients = aligned(1 if self.large else 2, count, dtype)
        self.gradient: Buffer = self.gradients[0]
        self.point: Buffer = aligned(1, count, dtype)[0] if optimizer.looks_ahead else self.theta
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
    def nbytes(self) -> int:
        """How many bytes the vectors take."""
        ahead = 0 if self.point is self.theta else self.point.nbytes
        return self.arena.nbytes + self.gradients.nbytes + ahead

    @property
    def length(self) -> int:
        """Number of parameters P."""
        return len(self.theta)

    def stretches(self) -> list[Vectors]:
        """Return the vectors in the stretches that an update takes in turn; one stretch unless `large`.

        The stretches share their working memory.
        """
        step = STRETCH if self.large else self.length
        free = np.empty(min(step, self.length), self.dtype) if self.large else self.gradients[1]
        found = []
        for first in range(0, self.length, step):
            part = slice(first, min(first + step, self.length))
            state = {name: values[part] for name, values in self.state.items()}
            rows = (self.theta[part], self.point[part], self.gradient[part])
            found.append(Vectors(part, *rows, free[: part.stop - part.start], state))
        # Backwards: the end of the gradient was written last and is still in the cache.
        return found[::-1]
