"""Two sessions beside each other: in which settings they differ, and how each of them went."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.history import ROOT
from core.network import Array, DataSet, NetworkSpec
from core.session.branches import (
    MAXIMUM_SETTINGS,
    Setting,
    preparation_settings,
    thinned,
    training_settings,
)
from core.session.record import Record
from core.session.specification import SessionSpec


@dataclass(frozen=True)
class RunCurve:
    """The losses of the whole set along a session's present branch, in at most 256 buckets, (n,) each.

    `epochs` are passes over the set, with fractions: an update adds one over the updates of its epoch.
    """

    steps: Array
    epochs: Array
    last: Array
    minimum: Array
    maximum: Array


@dataclass(frozen=True)
class Difference:
    """What sets a session apart from another: at most 20 settings, `more` beyond them.

    `same_start` says that both began with the same weights and biases, bit for bit.
    """

    settings: tuple[Setting, ...]
    more: int
    same_start: bool


@dataclass(frozen=True)
class Side:
    """One of two sessions: what it started from, its record, and the node at which it stands."""

    spec: SessionSpec
    record: Record
    node: int


def run_curve(record: Record) -> RunCurve:
    """Return the losses along the present branch; nothing is computed for it."""
    path = record.timeline.branch()
    steps, last, low, high = thinned(*record.curve.arrays(path))
    # Each stretch counts its updates by the batches that it was trained with.
    marks, epochs = [0.0], [0.0]
    for stretch in path:
        problem = record.problem(stretch.first)
        end = stretch.segment.step_of(stretch.last)
        each = -(-problem.data.size // problem.training.batch.length(problem.data.size))
        epochs.append(epochs[-1] + (end - marks[-1]) / each)
        marks.append(float(end))
    return RunCurve(steps, np.interp(steps, marks, epochs), last, low, high)


def difference(before: Side, after: Side) -> Difference:
    """Return in what the second session differs from the first, at the nodes at which they stand."""
    settings = [*_origin(before.spec, after.spec), *_state(before, after)]
    first, second = before.spec.network, after.spec.network
    same_start = _same_shape(first, second) and np.array_equal(
        before.record.state(ROOT).vector, after.record.state(ROOT).vector
    )
    shown = tuple(settings[:MAXIMUM_SETTINGS])
    return Difference(shown, len(settings) - len(shown), bool(same_start))


def _same_shape(first: NetworkSpec, second: NetworkSpec) -> bool:
    return first.sizes == second.sizes and first.blocks == second.blocks


def _origin(old: SessionSpec, new: SessionSpec) -> list[Setting]:
    """Return what differs in the network and in how its first weights and biases were made."""
    settings = [
        Setting("network", name, before, after)
        for name, before, after in (
            ("sizes", _sizes(old.network), _sizes(new.network)),
            ("activations", _activations(old.network), _activations(new.network)),
            ("biases", _biases(old.network), _biases(new.network)),
        )
        if before != after
    ]
    if old.initializer.name != new.initializer.name:
        settings.append(Setting("initializer", "name", old.initializer.name, new.initializer.name))
    else:
        settings += [
            Setting("initializer", name, old.initializer.parameters.get(name), value)
            for name, value in new.initializer.parameters.items()
            if old.initializer.parameters.get(name) != value
        ]
    if old.seed != new.seed:
        settings.append(Setting("seed", "seed", old.seed, new.seed))
    return settings


def _state(before: Side, after: Side) -> list[Setting]:
    """Return what differs in the training, the data, the frozen parameters and the edits of values."""
    old, new = (side.record.problem(side.node) for side in (before, after))
    settings = [*training_settings(old.training, new.training), *_data(old.data, new.data)]
    if _same_shape(old.network, new.network):
        settings += [
            Setting(
                "frozen", old.network.element(int(place)), bool(old.frozen[place]), bool(new.frozen[place])
            )
            for place in np.flatnonzero(old.frozen != new.frozen)
        ]
    edits = [_edits(side) for side in (before, after)]
    if edits[0] != edits[1]:
        settings.append(Setting("edits", "values", *edits))
    return settings


def _data(old: DataSet, new: DataSet) -> list[Setting]:
    if old.name != new.name:
        return [Setting("data", "data", old.name, new.name)]
    settings = [
        Setting("data", name, old.parameters.get(name), value)
        for name, value in new.parameters.items()
        if old.parameters.get(name) != value
    ]
    settings += preparation_settings(old, new)
    same = np.array_equal(old.inputs, new.inputs) and np.array_equal(old.targets, new.targets)
    # Rows made from another seed, or rows of one's own.
    return settings if settings or same else [Setting("data", "rows", old.size, new.size)]


def _edits(side: Side) -> int:
    """Return how many weights and biases were set by hand on the way."""
    changes = (stretch.segment.change for stretch in side.record.timeline.path(side.node))
    return sum(edit.value is not None for change in changes if change for edit in change.parameters)


def _sizes(network: NetworkSpec) -> str:
    return "-".join(str(size) for size in network.sizes)


def _activations(network: NetworkSpec) -> str:
    """Return the layers' activations in order, `tanh sigmoid`; equal neighbours once."""
    names = [
        " ".join([layer.activation, *(f"{value!r}" for value in layer.activation_parameters.values())])
        for layer in network.layers
    ]
    return ", ".join(name for place, name in enumerate(names) if place == 0 or names[place - 1] != name)


def _biases(network: NetworkSpec) -> str:
    """Return how the layers treat their biases, `trained`, `fixed 1.0, absent`; equal neighbours once."""
    modes = [
        f"fixed {layer.bias.value!r}" if layer.bias.mode == "fixed" else layer.bias.mode
        for layer in network.layers
    ]
    return ", ".join(mode for place, mode in enumerate(modes) if place == 0 or modes[place - 1] != mode)
