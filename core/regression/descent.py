"""Gradient descent on (w0, w1): the whole path, and what a learning rate does to it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.regression.conventions import Convention
from core.regression.data import Array
from core.regression.evaluation import Evaluation, evaluate
from core.regression.stability import Stability

BatchMode = Literal["full", "mini", "one"]
Verdict = Literal["small", "good", "oscillates", "diverges"]
MAXIMUM_STEPS = 1000
LARGEST_RATE = 1e6
# A learning rate is good where the given steps leave less of the excess over the smallest loss than this.
GOOD_REST = 0.01


@dataclass(frozen=True, slots=True)
class Batches:
    """Which points an update looks at: all, `size` of them, or one, in an order drawn anew each epoch."""

    mode: BatchMode = "full"
    size: int = 2
    seed: int = 0

    def rows(self, count: int) -> Iterator[NDArray[np.intp]]:
        """Yield the rows of one update after the other, without end; each in ascending order."""
        everything = np.arange(count)
        if self.mode == "full":
            while True:
                yield everything
        size = 1 if self.mode == "one" else min(self.size, count)
        generator = np.random.default_rng(self.seed)
        while True:
            order = generator.permutation(count)
            for first in range(0, count, size):
                yield np.sort(order[first : first + size])


@dataclass(frozen=True, slots=True)
class Problem:
    """Points x, y (N,), the loss's convention, where descent starts, its learning rate and its batches."""

    x: Array
    y: Array
    convention: Convention
    start: tuple[float, float] = (0.0, 0.0)
    rate: float = 0.1
    steps: int = 50
    batches: Batches = Batches()


@dataclass(frozen=True, slots=True)
class Path:
    """Where descent went: `w0`, `w1` and the loss of all points (K + 1,), the start first.

    `gradients` (K, 2) and `rows` are those of each update, a batch's being of its own loss. `diverged` is the
    iteration whose update, or the loss after it, would not be finite: the path ends before it. Its row and
    gradient are there all the same.
    """

    w0: Array
    w1: Array
    losses: Array
    gradients: Array
    rows: tuple[NDArray[np.intp], ...]
    diverged: int | None

    @property
    def last(self) -> int:
        """The last iteration that can be told."""
        return len(self.rows) - 1

    def at(self, problem: Problem, iteration: int) -> Evaluation:
        """Return the numbers of an iteration: its batch under the line before its update."""
        rows = self.rows[iteration]
        w0, w1 = float(self.w0[iteration]), float(self.w1[iteration])
        return evaluate(problem.x[rows], problem.y[rows], w0, w1, problem.convention)


def descend(problem: Problem) -> Path:
    """Return the path of gradient descent: w ← w − η·∂loss/∂w, both parameters at once (Cauchy 1847)."""
    x, y, convention = problem.x, problem.y, problem.convention
    w0, w1 = problem.start
    gradients, used = [], []
    diverged = None
    full = problem.batches.mode == "full"
    rows_of = problem.batches.rows(len(x))
    with np.errstate(over="ignore", invalid="ignore"):
        whole = evaluate(x, y, w0, w1, convention)
        places, losses = [(w0, w1)], [whole.loss]
        for iteration in range(problem.steps):
            rows = next(rows_of)
            told = whole if full else evaluate(x[rows], y[rows], w0, w1, convention)
            gradients.append(told.gradient)
            used.append(rows)
            w0 -= problem.rate * told.gradient[0]
            w1 -= problem.rate * told.gradient[1]
            whole = evaluate(x, y, w0, w1, convention)
            if not all(map(math.isfinite, (w0, w1, whole.loss, *whole.gradient))):
                diverged = iteration
                break
            places.append((w0, w1))
            losses.append(whole.loss)
    w = np.array(places)
    return Path(w[:, 0], w[:, 1], np.array(losses), np.array(gradients), tuple(used), diverged)


def verdict(path: Path, stability: Stability, rate: float, smallest: float) -> Verdict:
    """Say what a learning rate does to descent on all points.

    "diverges": beyond 2/λ_max. "good": at most 1 % of the start's excess over the `smallest` loss is left
    after the path. Else what is slow: "oscillates" where the steepest direction, which changes its sign at
    every step, shrinks the least; "small" where the flattest does.
    """
    steep, flat = stability.factors(rate)
    if rate >= stability.limit:
        return "diverges"
    excess = float(path.losses[0]) - smallest
    if path.diverged is None and float(path.losses[-1]) - smallest <= GOOD_REST * excess:
        return "good"
    return "oscillates" if -steep > flat else "small"


def usual_rates(limit: float) -> tuple[float, float, float]:
    """Return a learning rate that is too small, a good one and one too large, each with two digits."""
    small, good, large = (float(f"{share * limit:.1e}") for share in (0.05, 0.7, 1.1))
    return small, good, large
