"""Requests -> core specifications: a preset's parts or a session's, replaced by what a request gives."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar, cast

import numpy as np

from app.schemas.experiments import ExperimentRequest
from app.schemas.requests import (
    BatchInput,
    CreateRequest,
    DataInput,
    LossInput,
    NetworkInput,
    OptimizerInput,
    ParametersInput,
    PatchRequest,
    RegularizationInput,
    RuleInput,
    TrainingInput,
)
from core.activations import ACTIVATIONS
from core.datasets import DATASETS, choose, read_csv
from core.errors import InvalidInputError
from core.losses import LOSSES
from core.network import (
    Array,
    BatchSpec,
    BiasSpec,
    ClippingSpec,
    DataSet,
    LayerSpec,
    LossSpec,
    NetworkSpec,
    OptimizerSpec,
    Parameters,
    Preparation,
    Reduction,
    RegularizationSpec,
    ScheduleSpec,
    SplitSpec,
    TrainingSpec,
)
from core.presets import PRESETS
from core.session import (
    DataChoice,
    Edit,
    InitializerSpec,
    ParameterEdit,
    Session,
    SessionSpec,
    every_optimizer,
    learning_rates,
)
from core.session.validation import checked_training, target_range

# What a request without a preset leaves out is taken from here.
BASE = "worked-example"


def session_spec(body: CreateRequest) -> SessionSpec:
    """Return what to create; raises InvalidInputError for names and shapes that do not fit."""
    base = PRESETS.get(body.preset or BASE, "/preset").spec()
    with under("/data"):
        data = base.data if body.data is None else data_of(body.data, _pair(body, base.network))
    inputs = _columns(data)
    initializer, initial = base.initializer, base.initial
    if body.network is None:
        network = replace(base.network, inputs=inputs)
        if initial is not None and len(initial) != network.parameter_count:
            initial = None
    else:
        network = _network(body.network, inputs)
        given = body.network.initializer
        initializer = InitializerSpec(given.name, given.parameters) if given else InitializerSpec()
        initial = None if body.network.parameters is None else _vector(network, body.network.parameters)
    return SessionSpec(
        network=network,
        # A network of one's own without a preset starts from the plain defaults.
        training=_training(
            base.training if body.preset or body.network is None else TrainingSpec(), body.training
        ),
        data=data,
        seed=base.seed if body.seed is None else body.seed,
        initializer=initializer,
        initial=initial,
        preset=body.preset,
    )


def patch_edit(body: PatchRequest, session: Session) -> Edit:
    """Return the edit that a PATCH asks for."""
    training = session.problem.training
    return Edit(
        training=None if body.training is None else _training(training, body.training),
        parameters=tuple(ParameterEdit(edit.element, edit.value, edit.frozen) for edit in body.parameters),
        current_sample=body.current_sample,
    )


def experiment(body: ExperimentRequest, session: Session) -> list[tuple[str | None, Edit]]:
    """Return the name and the edit of each session that an experiment begins.

    Changes are those of the session's present training. Raises InvalidInputError, `experiment-form` for none
    or several of the three ways to say which sessions.
    """
    if sum(way is not None for way in (body.variants, body.optimizers, body.learning_rates)) != 1:
        raise InvalidInputError(code="experiment-form")
    training = session.problem.training
    ways: list[tuple[str | None, TrainingSpec]] = []
    if body.variants is not None:
        for number, variant in enumerate(body.variants):
            with under(f"/variants/{number}"):
                way = checked_training(_training(training, variant.training), session.network)
                ways.append((variant.label, way))
    elif body.learning_rates is not None:
        rates = body.learning_rates
        with under("/learning_rates"):
            ways = [(None, way) for way in learning_rates(training, rates.lowest, rates.highest, rates.count)]
    else:
        ways = [(None, way) for way in every_optimizer(training)]
    return [(label, Edit(training=way)) for label, way in ways]


def data_of(body: DataInput, pair: tuple[float, float]) -> DataSet | DataChoice:
    """Return the rows, the chosen columns of a table, or the named data set; `data-form` where it is not one.

    `pair` are the targets that mean no and yes where a column of a table holds classes.
    """
    preparation = Preparation(
        SplitSpec(body.split.test_share, body.split.seed),
        tuple(body.features),
        body.scaling,
        body.target_scaling,
    )
    own = (body.inputs, body.targets, body.order, body.columns, body.target_columns, body.classes)
    if body.csv is not None:
        if body.name is not None or body.parameters or body.expression or any(own):
            raise InvalidInputError(code="data-form")
        csv = body.csv
        with under("/csv"):
            table = read_csv(csv.text, csv.delimiter)
            return choose(table, csv.columns, csv.target, csv.kind, pair, preparation)
    if body.name is not None and all(part is None for part in own):
        return DataChoice(body.name, body.parameters, body.expression or "", preparation)
    named = body.name is not None or bool(body.parameters) or body.expression is not None
    if named or body.inputs is None or body.targets is None:
        raise InvalidInputError(code="data-form")
    return DataSet(
        inputs=_table(body.inputs, "/inputs"),
        targets=_table(body.targets, "/targets"),
        order=tuple(body.order or ()),
        columns=tuple(body.columns or ()),
        target_columns=tuple(body.target_columns or ()),
        classes=tuple(body.classes or ()),
        preparation=preparation,
    )


@contextmanager
def under(prefix: str) -> Iterator[None]:
    """Put a prefix before the pointer of an error from inside."""
    try:
        yield
    except InvalidInputError as error:
        error.pointer = prefix + error.pointer
        raise


@contextmanager
def without(prefix: str) -> Iterator[None]:
    """Take a prefix off the pointer of an error from inside: the core points into the body that creates."""
    try:
        yield
    except InvalidInputError as error:
        error.pointer = error.pointer.removeprefix(prefix)
        raise


def _table(rows: list[list[float]], pointer: str) -> Array:
    """Return rows as an array; `row-length` where one is longer or shorter than the first."""
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise InvalidInputError(code="row-length", pointer=f"{pointer}/{index}", limit=len(rows[0]))
    return np.array(rows, dtype=np.float64)


def _pair(body: CreateRequest, base: NetworkSpec) -> tuple[float, float]:
    """Return which targets mean no and yes for the output layer that is asked for."""
    name = base.layers[-1].activation if body.network is None else body.network.layers[-1].activation
    # A name that is unknown is refused where the network is made.
    return (ACTIVATIONS.get(name).target_range if name in ACTIVATIONS else None) or (0.0, 1.0)


def pair_of(network: NetworkSpec) -> tuple[float, float]:
    """Return which targets mean no and yes for a network's outputs."""
    return target_range(network) or (0.0, 1.0)


def _columns(data: DataSet | DataChoice) -> int:
    """Return how many inputs a network needs for the data."""
    if data.preparation.features:
        return len(data.preparation.features)
    if isinstance(data, DataChoice):
        return DATASETS.get(data.name, "/data/name").inputs
    return int(data.inputs.shape[1])


def _network(body: NetworkInput, inputs: int) -> NetworkSpec:
    layers = tuple(
        LayerSpec(
            units=layer.units,
            activation=layer.activation,
            activation_parameters=layer.activation_parameters,
            bias=BiasSpec(layer.bias.mode, layer.bias.value),
        )
        for layer in body.layers
    )
    return NetworkSpec(inputs, layers)


def _vector(network: NetworkSpec, body: ParametersInput) -> Array:
    """Return the flat vector of given weights (n_in, n_out) and biases; left-out biases are zero."""
    pointer = "/network/parameters"
    count = len(network.layers)
    biases = body.biases if body.biases is not None else [None] * count
    for name, given in (("weights", body.weights), ("biases", biases)):
        if len(given) != count:
            raise InvalidInputError(code="layers-count", pointer=f"{pointer}/{name}", limit=count)
    views = Parameters(network, np.zeros(network.parameter_count))
    for number in range(1, count + 1):
        place = f"{pointer}/weights/{number - 1}"
        weights, rows = views.weights(number), body.weights[number - 1]
        if len(rows) != weights.shape[0]:
            raise InvalidInputError(code="weight-rows", pointer=place, limit=weights.shape[0])
        for index, row in enumerate(rows):
            if len(row) != weights.shape[1]:
                raise InvalidInputError(code="row-length", pointer=f"{place}/{index}", limit=weights.shape[1])
            weights[index] = row
        bias, values = views.bias(number), biases[number - 1]
        if values is not None:
            if bias is None or len(values) != len(bias):
                limit = 0 if bias is None else len(bias)
                raise InvalidInputError(
                    code="bias-count", pointer=f"{pointer}/biases/{number - 1}", limit=limit
                )
            bias[:] = values
    return views.vector


def _training(base: TrainingSpec, body: TrainingInput | None) -> TrainingSpec:
    if body is None:
        return base
    return replace(
        base,
        loss=_loss(base.loss, body.loss),
        optimizer=_optimizer(base.optimizer, body.optimizer),
        batch=_batch(base.batch, body.batch),
        regularization=_regularization(base.regularization, body.regularization),
        dropout=base.dropout if body.dropout is None else body.dropout,
        clipping=_rule(base.clipping, body.clipping),
        schedule=_rule(base.schedule, body.schedule),
    )


def _loss(base: LossSpec, body: LossInput | None) -> LossSpec:
    if body is None:
        return base
    if body.name is not None and body.name != base.name:
        # Another loss starts from its own first form: not every loss knows the halving coefficient.
        form = LOSSES.get(body.name, "/training/loss/name").forms[0]
        base = LossSpec(
            body.name, form.coefficient, cast(Reduction, form.outputs), cast(Reduction, form.batch)
        )
    return LossSpec(
        name=base.name,
        coefficient=base.coefficient if body.coefficient is None else body.coefficient,
        outputs=body.outputs or base.outputs,
        batch=body.batch or base.batch,
    )


def _optimizer(base: OptimizerSpec, body: OptimizerInput | None) -> OptimizerSpec:
    if body is None:
        return base
    if body.name is not None and body.name != base.name:
        return OptimizerSpec(body.name, body.parameters)
    return OptimizerSpec(base.name, {**base.parameters, **body.parameters})


def _regularization(base: RegularizationSpec, body: RegularizationInput | None) -> RegularizationSpec:
    if body is None:
        return base
    return RegularizationSpec(
        l1=base.l1 if body.l1 is None else body.l1, l2=base.l2 if body.l2 is None else body.l2
    )


Rule = TypeVar("Rule", ClippingSpec, ScheduleSpec)


def _rule(base: Rule, body: RuleInput | None) -> Rule:
    """Return the rule that is asked for: another one starts from its own defaults."""
    if body is None:
        return base
    if body.name is not None and body.name != base.name:
        return replace(base, name=body.name, parameters=body.parameters)
    return replace(base, parameters={**base.parameters, **body.parameters})


def _batch(base: BatchSpec, body: BatchInput | None) -> BatchSpec:
    if body is None:
        return base
    return BatchSpec(mode=body.mode or base.mode, size=body.size or base.size, order=body.order or base.order)
