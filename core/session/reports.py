"""What a session answers to a call of `step`, and why it cannot go on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.network import Array, LossSpec, NetworkSpec
from core.pictures.meter import Idle, idle_kinds
from core.session.record import Losses


@dataclass(frozen=True)
class StepReport:
    """What a call of `step` did: how many updates, and pairs (step, loss of the whole set).

    `before` and `after` are the ends; `losses` are at most 64 of the steps between, the last one among them.
    """

    applied: int
    before: tuple[int, float]
    after: tuple[int, float]
    losses: Losses
    diverged: bool


@dataclass(frozen=True)
class Advance:
    """A piece of a run: how many updates, and pairs (step, loss of the whole set) that were measured."""

    applied: int
    losses: Losses


@dataclass(frozen=True)
class Divergence:
    """Why the session cannot go on: the update from `step` would make `element` the first non-finite one."""

    step: int
    element: str | None
    learning_rate: float
    suggested_learning_rate: float


@dataclass(frozen=True)
class Metrics:
    """What was measured at `steps` (n,) of the present branch; nan where there is no such number.

    `test_loss`, `accuracy` and `test_accuracy` are (n,), of the whole sets. `gradients` (n, L) are each
    layer's mean |gradient| of the training set's loss with respect to its weights. `idle` (n, L) is the share
    of a layer's neurons that no training row activates ("dead"), or of its activations over all rows whose
    slope is below 5 % of its greatest ("saturated"); `kinds` says which.
    """

    steps: NDArray[np.int64]
    test_loss: Array
    accuracy: Array
    test_accuracy: Array
    gradients: Array
    idle: Array
    kinds: tuple[Idle | None, ...]

    @classmethod
    def of(cls, network: NetworkSpec, loss: LossSpec, steps: Array, rows: Array) -> Metrics:
        """Return the record of rows as the meter measures them."""
        split = 3 + len(network.layers)
        gradients, idle = rows[:, 3:split], rows[:, split:]
        return cls(
            steps.astype(np.int64),
            rows[:, 0],
            rows[:, 1],
            rows[:, 2],
            gradients,
            idle,
            idle_kinds(network, loss),
        )
