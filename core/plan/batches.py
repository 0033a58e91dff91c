"""A training set as the plans take it, cut into the batches of an epoch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.activations import SMALL
from core.network import Array, NetworkSpec
from core.plan.backends import Plan
from core.plan.buffers import Buffer, Step, empty_batch
from core.snapshot import Order


class Batches:
    """The batches of one pass over a set, each a Step that is made when it is first wanted.

    `plan(length)` returns the plan for batches of that length; `changing` says that the order is drawn anew
    for every pass.
    """

    def __init__(
        self,
        network: NetworkSpec,
        inputs: Array,
        targets: Array,
        length: int,
        dtype: np.dtype[np.float64] | np.dtype[np.float32],
        plan: Callable[[int], Plan],
        changing: bool,
    ) -> None:
        self._network, self._length, self._dtype, self._plan = network, length, dtype, plan
        # A large batch is faster read from where the last one was, a small one where it lies. One that
        # another follows in its place is copied in any case.
        self._copied = changing or length * (network.inputs + 1) > SMALL
        # Feature-major, the inputs negated.
        self._inputs = np.negative(inputs.T, dtype=dtype, order="C", casting="same_kind")
        self._targets = targets.T.astype(dtype, order="C")
        # The samples in the order of training.
        self._x, self._t = np.empty_like(self._inputs), np.empty_like(self._targets)
        self._shared: dict[int, tuple[Buffer, Buffer, Step]] = {}
        self._changing = changing
        self._order: Order | None = None
        self._first = 0
        self._steps: list[Step | None] = []

    def __len__(self) -> int:
        return len(self._steps)

    @property
    def nbytes(self) -> int:
        """How many bytes the set takes here: as it came, in its order, and where batches are read from."""
        held = 0 if self._copied else self._x.nbytes + self._t.nbytes
        held += sum(x.nbytes + t.nbytes for x, t, _ in self._shared.values())
        return 2 * (self._x.nbytes + self._t.nbytes) + held

    def arrange(self, order: Order) -> None:
        """Put the samples into an order."""
        if self._order is not None and np.array_equal(order, self._order):
            return
        self._order = order
        # With mode "clip" numpy writes straight into the output; the rows are known to exist.
        np.take(self._inputs, order, axis=1, out=self._x, mode="clip")
        np.take(self._targets, order, axis=1, out=self._t, mode="clip")
        if not self._changing:
            self._steps = [None] * len(self._steps)

    def cut(self, first: int) -> None:
        """Let the batches follow one another from the sample at `first` on."""
        count = len(range(first, self._x.shape[1], self._length))
        if first != self._first or count != len(self._steps):
            self._first = first
            self._steps = [None] * count

    def step(self, index: int) -> Step:
        """Return the step on a batch."""
        step = self._steps[index]
        if step is None:
            step = self._steps[index] = self._made(index)
        return step

    def run(self, first: int, last: int) -> None:
        """Make one update on each of the batches from `first` up to `last`, which is left out."""
        steps = self._steps
        for index in range(first, last):
            (steps[index] or self.step(index))(1)

    def _made(self, index: int) -> Step:
        first = self._first + index * self._length
        x, t = self._x[:, first : first + self._length], self._t[:, first : first + self._length]
        length = x.shape[1]
        if not self._copied:
            held = empty_batch(self._network, length, self._dtype)
            np.copyto(held[0][:-1], x)
            np.copyto(held[1], t)
            return self._plan(length).bind(*held)
        if length not in self._shared:
            held = empty_batch(self._network, length, self._dtype)
            self._shared[length] = (*held, self._plan(length).bind(*held))
        whole, target, step = self._shared[length]
        inputs, copy = whole[:-1], np.copyto
        if not self._changing:
            # In one piece: these rows lie far from one another.
            x = np.ascontiguousarray(x)

        def taken(count: int) -> None:
            copy(inputs, x)
            copy(target, t)
            step(count)

        return taken
