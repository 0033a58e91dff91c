"""Checks of everything that comes from outside, before anything of it is used.

Pointers are those of the body that creates a session: /network/layers/0/units, /training/batch/size,
/data/inputs.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.activations import ACTIVATIONS
from core.clipping import CLIPPINGS
from core.datasets import DATASETS, MAXIMUM_ROWS, check_names, prepared, unprepared
from core.dropout import DROPOUT
from core.errors import InvalidInputError
from core.losses import check_loss
from core.network import (
    Array,
    BatchSpec,
    BiasSpec,
    ClippingSpec,
    DataSet,
    LayerSpec,
    NetworkSpec,
    OptimizerSpec,
    Preparation,
    ScheduleSpec,
    TrainingSpec,
    read_only,
)
from core.optimizers import OPTIMIZERS
from core.penalties import PENALTIES
from core.registry import complete_parameters
from core.schedules import SCHEDULES
from core.session.specification import DataChoice

MAXIMUM_LAYERS = 8  # the inputs among them
MAXIMUM_UNITS = 64
MAXIMUM_SEED = 2**53 - 1  # what every JSON reader keeps exactly
LARGEST_VALUE = 1e6

__all__ = ["LARGEST_VALUE", "MAXIMUM_LAYERS", "MAXIMUM_ROWS", "MAXIMUM_SEED", "MAXIMUM_UNITS"]


def check_whole(value: int, minimum: int, maximum: int, pointer: str) -> int:
    """Return `value`, or raise InvalidInputError `out-of-range` with minimum and maximum."""
    if not minimum <= value <= maximum:
        raise InvalidInputError(code="out-of-range", pointer=pointer, minimum=minimum, maximum=maximum)
    return value


def check_values(values: Array, pointer: str) -> None:
    """Raise InvalidInputError `value-too-large` unless all are finite and within 1e6."""
    # Written so that nan fails too.
    if not bool(np.all(np.abs(values) <= LARGEST_VALUE)):
        raise InvalidInputError(code="value-too-large", pointer=pointer, limit=LARGEST_VALUE)


def _check_choice(value: str, choices: tuple[str, ...], pointer: str) -> None:
    if value not in choices:
        raise InvalidInputError(code="not-a-choice", pointer=pointer, choices=list(choices))


def _check_bias(bias: BiasSpec, pointer: str) -> None:
    _check_choice(bias.mode, ("trained", "fixed", "absent"), f"{pointer}/mode")
    check_values(np.array(bias.value), f"{pointer}/value")


def checked_network(network: NetworkSpec) -> NetworkSpec:
    """Return the network with every activation parameter filled in.

    Raises InvalidInputError for a number of layers or neurons out of range, an activation parameter out of
    range, or an activation that belongs to the output layer elsewhere (`output-only`); UnknownNameError
    for names.
    """
    check_whole(len(network.layers) + 1, 2, MAXIMUM_LAYERS, "/network/layers")
    check_whole(network.inputs, 1, MAXIMUM_UNITS, "/network/inputs")
    layers: list[LayerSpec] = []
    for index, layer in enumerate(network.layers):
        pointer = f"/network/layers/{index}"
        check_whole(layer.units, 1, MAXIMUM_UNITS, f"{pointer}/units")
        activation = ACTIVATIONS.get(layer.activation, f"{pointer}/activation")
        if activation.output_only and index < len(network.layers) - 1:
            raise InvalidInputError(code="output-only", pointer=f"{pointer}/activation")
        _check_bias(layer.bias, f"{pointer}/bias")
        numbers = complete_parameters(
            activation.parameters, layer.activation_parameters, f"{pointer}/activation_parameters"
        )
        layers.append(replace(layer, activation_parameters=numbers))
    return replace(network, layers=tuple(layers))


def checked_training(training: TrainingSpec, network: NetworkSpec) -> TrainingSpec:
    """Return the training with every entry's parameters filled in; InvalidInputError if it does not fit."""
    check_loss(training.loss, network, "/training/loss")
    optimizer = OPTIMIZERS.get(training.optimizer.name, "/training/optimizer/name")
    numbers = complete_parameters(
        optimizer.parameters, training.optimizer.parameters, "/training/optimizer/parameters"
    )
    batch: BatchSpec = training.batch
    _check_choice(batch.mode, ("full", "mini", "one"), "/training/batch/mode")
    _check_choice(batch.order, ("stored", "shuffled"), "/training/batch/order")
    check_whole(batch.size, 1, MAXIMUM_ROWS, "/training/batch/size")
    for penalty in PENALTIES:
        penalty.coefficient.check(
            getattr(training.regularization, penalty.name), f"/training/regularization/{penalty.name}"
        )
    DROPOUT.check(training.dropout, "/training/dropout")
    clipping = CLIPPINGS.get(training.clipping.name, "/training/clipping/name")
    limits = complete_parameters(
        clipping.parameters, training.clipping.parameters, "/training/clipping/parameters"
    )
    schedule = SCHEDULES.get(training.schedule.name, "/training/schedule/name")
    course = complete_parameters(
        schedule.parameters, training.schedule.parameters, "/training/schedule/parameters"
    )
    return replace(
        training,
        optimizer=OptimizerSpec(optimizer.name, numbers),
        clipping=ClippingSpec(clipping.name, limits),
        schedule=ScheduleSpec(schedule.name, course),
    )


def target_range(network: NetworkSpec) -> tuple[float, float] | None:
    """Return which targets mean no and yes for the output activation; None where it has no such pair."""
    return ACTIVATIONS.get(network.layers[-1].activation).target_range


def checked_data(data: DataSet | DataChoice, network: NetworkSpec, seed: int) -> DataSet:
    """Return the rows with read-only arrays: those given, or those of the named data set, made from the seed.

    They are split, scaled and turned into features as their preparation says. Raises InvalidInputError:
    `out-of-range` rows, `data-columns` (`inputs`, `outputs`: what the network has), `data-rows` (as many
    targets as inputs), `data-order` (no permutation of the rows), `value-too-large`, and what `prepared` and
    `check_names` raise.
    """
    made, preparation = _rows(data, network, seed)
    check_whole(len(made.inputs), 1, MAXIMUM_ROWS, "/data/inputs")
    if len(made.targets) != len(made.inputs):
        raise InvalidInputError(code="data-rows", pointer="/data/targets", rows=len(made.inputs))
    for array, pointer in ((made.inputs, "/data/inputs"), (made.targets, "/data/targets")):
        if array.ndim != 2:
            raise _columns(network, pointer)
        check_values(array, pointer)
    if made.targets.shape[1] != network.outputs:
        raise _columns(network, "/data/targets")
    if made.order and sorted(made.order) != list(range(made.size)):
        raise InvalidInputError(code="data-order", pointer="/data/order", rows=made.size)
    check_names(made)
    if preparation.target_scaling != "none" and (made.classes or _kind(made) == "classes"):
        raise InvalidInputError(code="target-scaling-classes", pointer="/data/target_scaling")
    check_whole(preparation.split.seed, 0, MAXIMUM_SEED, "/data/split/seed")
    made = prepared(made, preparation)
    if made.inputs.shape[1] != network.inputs:
        raise _columns(network, "/data/features" if made.features else "/data/inputs")
    return made


def _rows(data: DataSet | DataChoice, network: NetworkSpec, seed: int) -> tuple[DataSet, Preparation]:
    """Return the whole table, and what is to be done to it."""
    if isinstance(data, DataChoice):
        source = DATASETS.get(data.name, "/data/name")
        if data.expression and not source.expression:
            raise InvalidInputError(code="data-expression", pointer="/data/expression")
        low, high = target_range(network) or (0.0, 1.0)
        # A stream of its own: the same seed gives the same rows whatever else was drawn.
        generator = np.random.default_rng([seed, 1])
        made = source.make(data.parameters, generator, low, high, "/data/parameters", data.expression)
        return made, data.preparation
    table = unprepared(data)
    given = DataSet(
        read_only(table.inputs),
        read_only(table.targets),
        tuple(table.order),
        columns=table.columns,
        target_columns=table.target_columns,
        classes=table.classes,
    )
    return given, data.preparation


def _kind(data: DataSet) -> str:
    return DATASETS.get(data.name).kind if data.name in DATASETS else ""


def _columns(network: NetworkSpec, pointer: str) -> InvalidInputError:
    return InvalidInputError(
        code="data-columns", pointer=pointer, inputs=network.inputs, outputs=network.outputs
    )


def checked_initial(initial: Array, network: NetworkSpec) -> Array:
    """Return given initial values (P,) with fixed biases at their own value, or raise InvalidInputError."""
    pointer = "/network/parameters"
    if np.shape(initial) != (network.parameter_count,):
        raise InvalidInputError(code="parameters-shape", pointer=pointer, count=network.parameter_count)
    check_values(initial, pointer)
    vector = np.array(initial, dtype=np.float64)
    for layer, (offset, rows, columns) in zip(network.layers, network.blocks, strict=True):
        if layer.bias.mode == "fixed":
            vector[offset : offset + rows * columns].reshape(rows, columns)[:, -1] = layer.bias.value
    return vector
