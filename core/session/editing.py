"""What an edit does to a session's problem and state: pure, so that a replay repeats it bit for bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.errors import InvalidInputError
from core.network import DataSet, NetworkSpec, TrainingSpec, read_only
from core.session.specification import Edit, ParameterEdit
from core.session.validation import check_values, check_whole, checked_data, checked_training
from core.training import Problem, Snapshot, begin_epoch, reset_optimizer


def resolve(edit: Edit, problem: Problem, seed: int) -> Edit:
    """Return the edit checked as a whole and in its full form: data as rows, training with every parameter.

    A current sample is dropped where batches hold more than one sample. Raises InvalidInputError for
    anything that does not fit, `fixed-bias` for a bias that is fixed by the network's specification.
    """
    network = problem.network
    training = checked_training(edit.training, network) if edit.training else None
    data = checked_data(edit.data, network, seed) if edit.data else None
    for index, change in enumerate(edit.parameters):
        pointer = f"/parameters/{index}"
        position = network.position(change.element, f"{pointer}/element")
        if network.trainable_mask()[position] == 0.0:
            raise InvalidInputError(code="fixed-bias", pointer=f"{pointer}/element")
        if change.value is not None:
            check_values(np.array(change.value), f"{pointer}/value")
    sample = edit.current_sample
    if sample is not None:
        check_whole(sample, 0, (data or problem.data).size - 1, "/current_sample")
        if (training or problem.training).batch.mode != "one":
            sample = None
    return Edit(training, edit.parameters, sample, data)


def data_bytes(edit: Edit) -> int:
    """Return how many bytes of data a resolved edit keeps."""
    return edit.data.nbytes if isinstance(edit.data, DataSet) else 0


def unchanged_problem(network: NetworkSpec, training: TrainingSpec, data: DataSet) -> Problem:
    """Return the problem that a session starts from: only fixed biases are frozen."""
    frozen = network.trainable_mask() == 0.0
    frozen.flags.writeable = False
    return Problem(network=network, training=training, data=data, frozen=frozen)


def changed_problem(problem: Problem, edit: Edit) -> Problem:
    """Return the problem after a resolved edit."""
    frozen = problem.frozen
    if any(change.frozen is not None for change in edit.parameters):
        frozen = frozen.copy()
        for change in edit.parameters:
            if change.frozen is not None:
                frozen[problem.network.position(change.element)] = change.frozen
        frozen.flags.writeable = False
    return replace(
        problem,
        training=edit.training or problem.training,
        data=edit.data if isinstance(edit.data, DataSet) else problem.data,
        frozen=frozen,
    )


def changed_snapshot(before: Problem, after: Problem, snapshot: Snapshot, edit: Edit) -> Snapshot:
    """Return the state after a resolved edit that led from problem `before` to `after`.

    Another optimizer starts with a state and a counter of zero; other parameters of the same one keep
    both. The state of a frozen parameter is zero. A new data set starts its order anew, unless only values
    have changed.
    """
    vector = _changed_vector(after, snapshot, edit.parameters)
    snapshot = replace(snapshot, vector=vector)
    if before.training.optimizer.name != after.training.optimizer.name:
        snapshot = reset_optimizer(after, snapshot)
    if after.frozen is not before.frozen:
        state = snapshot.optimizer_state
        masked = {name: read_only(np.where(after.frozen, 0.0, values)) for name, values in state.items()}
        snapshot = replace(snapshot, optimizer_state=masked)
    return _current_sample(_changed_order(before, after, snapshot), edit.current_sample)


def _changed_vector(
    problem: Problem, snapshot: Snapshot, changes: tuple[ParameterEdit, ...]
) -> NDArray[np.float64]:
    if all(change.value is None for change in changes):
        return snapshot.vector
    vector = snapshot.vector.copy()
    for change in changes:
        if change.value is not None:
            vector[problem.network.position(change.element)] = change.value
    return read_only(vector)


def _changed_order(before: Problem, after: Problem, snapshot: Snapshot) -> Snapshot:
    same_rows = np.array_equal(before.data.stored_order, after.data.stored_order)
    same_order = before.training.batch.order == after.training.batch.order
    # In the middle of an epoch another kind of order waits for the next one: every sample keeps its one turn.
    if same_rows and (same_order or snapshot.position > 0):
        return snapshot
    return begin_epoch(after, snapshot)


def _current_sample(snapshot: Snapshot, sample: int | None) -> Snapshot:
    if sample is None:
        return snapshot
    order = snapshot.order.copy()
    there = int(np.flatnonzero(order == sample)[0])
    order[there], order[snapshot.position] = order[snapshot.position], sample
    order.flags.writeable = False
    return replace(snapshot, order=order)
