"""What is trained and where its training stands: the problem, and the snapshot that decides its future."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.network import Array, DataSet, NetworkSpec, TrainingSpec, read_only
from core.optimizers import OPTIMIZERS

Order = NDArray[np.intp]


@dataclass(frozen=True)
class Problem:
    """What is trained: all that a step reads and never changes. `frozen` (P,) includes fixed biases."""

    network: NetworkSpec
    training: TrainingSpec
    data: DataSet
    frozen: NDArray[np.bool_]

    @property
    def batch_length(self) -> int:
        """Samples in a batch; the last one of an epoch may be shorter."""
        return self.training.batch.length(self.data.size)


@dataclass(frozen=True)
class Snapshot:
    """Everything that decides the future of a problem's training; arrays are read-only.

    `step` counts the updates made, `optimizer_count` those made with the present optimizer, `epoch` the
    completed passes over the set. `order` holds this epoch's rows in the order of training, `position` the
    index in it of the next batch's first sample.
    """

    vector: Array
    optimizer_state: Mapping[str, Array]
    optimizer_count: int
    generator_state: Mapping[str, Any]
    step: int
    epoch: int
    position: int
    order: Order

    def next_rows(self, problem: Problem) -> Order:
        """Return the data set's rows that the next batch holds."""
        return self.order[self.position : self.position + problem.batch_length]


def generator_of(state: Mapping[str, Any]) -> np.random.Generator:
    """Return a generator of its own that continues from a recorded state."""
    bit_generator = getattr(np.random, state["bit_generator"])()
    bit_generator.state = dict(state)
    return np.random.Generator(bit_generator)


def draw_order(problem: Problem, generator: np.random.Generator) -> Order:
    """Return the rows in the order of one pass: as stored, or a permutation drawn from `generator`."""
    stored = problem.data.stored_order
    order = generator.permutation(stored) if problem.training.batch.order == "shuffled" else stored.copy()
    order.flags.writeable = False
    return order


def start(problem: Problem, vector: Array, generator: np.random.Generator) -> Snapshot:
    """Return the snapshot before the first update, with the first epoch's order drawn."""
    optimizer = OPTIMIZERS.get(problem.training.optimizer.name)
    order = draw_order(problem, generator)
    return Snapshot(
        vector=read_only(vector),
        optimizer_state={
            name: read_only(zero) for name, zero in optimizer.initial_state(len(vector)).items()
        },
        optimizer_count=0,
        generator_state=generator.bit_generator.state,
        step=0,
        epoch=0,
        position=0,
        order=order,
    )


def begin_epoch(problem: Problem, snapshot: Snapshot) -> Snapshot:
    """Return `snapshot` at the start of a pass over the problem's set, its order drawn anew.

    For a change of the data or of the batches, after which the old position means nothing. `epoch` stays.
    """
    generator = generator_of(snapshot.generator_state)
    order = draw_order(problem, generator)
    return replace(snapshot, position=0, order=order, generator_state=generator.bit_generator.state)


def reset_optimizer(problem: Problem, snapshot: Snapshot) -> Snapshot:
    """Return `snapshot` with the state of the problem's optimizer at zero, for a change of optimizer."""
    state = OPTIMIZERS.get(problem.training.optimizer.name).initial_state(len(snapshot.vector))
    zeros = {name: read_only(values) for name, values in state.items()}
    return replace(snapshot, optimizer_state=zeros, optimizer_count=0)
