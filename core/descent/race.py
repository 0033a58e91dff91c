"""Optimizers racing from one start: each one's path, state and reason to stop."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Literal

import numpy as np

from core.descent.objectives import Array, Objective, Rows, batches
from core.optimizers import Optimizer, Update

BatchMode = Literal["full", "mini", "one"]
MAXIMUM_RUNS = 8
MAXIMUM_STEPS = 1000
# Operations of one race: about a quarter of a second.
MAXIMUM_WORK = 600_000


@dataclass(frozen=True, slots=True)
class Entrant:
    """Who runs: an optimizer of the registry with every one of its parameters, on batches."""

    optimizer: Optimizer
    parameters: Mapping[str, float]
    batch: BatchMode = "full"


@dataclass(frozen=True, slots=True)
class Move:
    """One update as it was computed: the batch, where the gradient was taken, the gradient, its outcome."""

    count: int
    rows: Rows | None
    theta: Array
    state: Mapping[str, Array]
    point: Array
    gradient: Array
    update: Update

    @property
    def nonfinite(self) -> str | None:
        """The first quantity that is beyond all numbers, None where all are finite."""
        named = {"gradient": self.gradient, **self.update.terms, **self.update.state}
        named["parameters"] = self.update.theta
        return next((name for name, values in named.items() if not np.isfinite(values).all()), None)


@dataclass(frozen=True, slots=True)
class Path:
    """One run: `points` (n+1, 2) with the objective's `values` (n+1,) there, and n+1 `moves`.

    The last move is computed, not made. `failed` names the quantity of it that is not finite, None where the
    run went on to the end. `settled` is the first step from which on the whole objective's gradient stays
    within the tolerance, None if it does not. `length` is how long the path is.
    """

    entrant: Entrant
    points: Array
    values: Array
    norms: Array
    moves: tuple[Move, ...]
    failed: str | None
    settled: int | None

    @property
    def steps(self) -> int:
        """How many updates were made."""
        return len(self.points) - 1

    @property
    def length(self) -> float:
        """How far the run went."""
        with np.errstate(all="ignore"):
            return float(np.sqrt(np.square(np.diff(self.points, axis=0)).sum(axis=1)).sum())

    def at(self, step: int) -> int:
        """Return the last step of this run up to that one."""
        return min(step, self.steps)


def race(
    objective: Objective,
    entrants: Sequence[Entrant],
    start: tuple[float, float],
    steps: int,
    tolerance: float = 0.0,
    batch_size: int = 4,
    seed: int = 0,
) -> tuple[Path, ...]:
    """Return the path of every entrant over the same number of updates.

    Each updates by its registry entry's own rule (`core.optimizers`), on the gradient taken where that says.
    All runs with batches of one size see the same batches.
    """
    return tuple(_run(objective, each, start, steps, tolerance, batch_size, seed) for each in entrants)


def _rows(objective: Objective, mode: BatchMode, size: int, seed: int) -> Iterator[Rows | None]:
    if mode == "full" or not objective.samples:
        return repeat(None)
    return batches(objective.samples, 1 if mode == "one" else min(size, objective.samples), seed)


def _run(
    objective: Objective,
    entrant: Entrant,
    start: tuple[float, float],
    steps: int,
    tolerance: float,
    batch_size: int,
    seed: int,
) -> Path:
    optimizer, parameters = entrant.optimizer, entrant.parameters
    theta = np.array(start, dtype=np.float64)
    state: Mapping[str, Array] = optimizer.initial_state(2)
    points, moves = [theta], []
    drawn = _rows(objective, entrant.batch, batch_size, seed)
    failed = None
    with np.errstate(all="ignore"):
        for count in range(1, steps + 2):
            rows = next(drawn)
            point = optimizer.gradient_point(theta, state, parameters)
            gradient = objective.gradient(point, rows)
            update = optimizer.update(theta, gradient, state, count, parameters)
            move = Move(count, rows, theta, state, point, gradient, update)
            moves.append(move)
            failed = move.nonfinite
            if failed or count > steps:
                break
            theta, state = update.theta, update.state
            points.append(theta)
        values = np.array([objective.value(point) for point in points])
        norms = np.array([np.linalg.norm(objective.gradient(point)) for point in points])
    return Path(entrant, np.array(points), values, norms, tuple(moves), failed, _settled(norms, tolerance))


def _settled(norms: Array, tolerance: float) -> int | None:
    above = np.flatnonzero(~(norms <= tolerance))
    first = int(above[-1]) + 1 if above.size else 0
    return first if first < len(norms) else None


def standing(paths: Sequence[Path], step: int) -> list[int]:
    """Return the runs' places in the order of their values after a step, lowest first, failed ones last."""

    def key(place: int) -> tuple[bool, bool, float]:
        path = paths[place]
        value = float(path.values[path.at(step)])
        return path.failed is not None and step > path.steps, value != value, value

    return sorted(range(len(paths)), key=key)
