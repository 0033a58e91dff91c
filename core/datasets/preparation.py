"""From a table to a data set: the rows are split, scaled and turned into features, in this order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.errors import InvalidInputError
from core.features import features
from core.network import Array, DataSet, Preparation, SplitSpec, Table, read_only
from core.transforms import SCALINGS, Scaling, Transform

MAXIMUM_TEST_SHARE = 0.9
# Targets with more distinct rows than this are no classes.
MAXIMUM_STRATA = 16


def unprepared(data: DataSet) -> DataSet:
    """Return the set as its table was given: all rows, no transform, the same preparation to be repeated."""
    if data.table is None:
        return data
    table = data.table
    return replace(
        data,
        inputs=table.inputs,
        targets=table.targets,
        order=table.order,
        test_inputs=np.empty((0, table.inputs.shape[1])),
        test_targets=np.empty((0, table.targets.shape[1])),
        table=None,
        transform=None,
    )


def prepared(data: DataSet, preparation: Preparation, pointer: str = "/data") -> DataSet:
    """Return the training set and the test rows that the preparation makes of a whole table.

    Without a split, features or scaling the set stays as it is. Raises InvalidInputError: `out-of-range` for
    the test share, `not-a-choice` for a scaling, `feature-twice`; UnknownNameError for a feature.
    """
    split = preparation.split
    if not 0.0 <= split.test_share <= MAXIMUM_TEST_SHARE:
        raise InvalidInputError(
            code="out-of-range",
            pointer=f"{pointer}/split/test_share",
            minimum=0,
            maximum=MAXIMUM_TEST_SHARE,
        )
    names = _feature_names(preparation.features, data.inputs.shape[1], f"{pointer}/features")
    for name, place in ((preparation.scaling, "scaling"), (preparation.target_scaling, "target_scaling")):
        if name not in SCALINGS:
            raise InvalidInputError(code="not-a-choice", pointer=f"{pointer}/{place}", choices=list(SCALINGS))
    preparation = replace(preparation, features=names)
    if preparation == Preparation(SplitSpec(0.0, split.seed)):
        return replace(data, preparation=preparation)

    training, test = split_rows(data.targets, split)
    # The order of training, without the test rows, in places among the training rows.
    places = np.full(data.size, -1)
    places[training] = np.arange(len(training))
    order = tuple(int(places[row]) for row in data.order if places[row] >= 0)
    transform = Transform(
        data.inputs.shape[1],
        Scaling.fit(preparation.scaling, data.inputs[training]),
        names,
        Scaling.fit(preparation.target_scaling, data.targets[training]),
    )
    inputs, targets = transform.network_inputs(data.inputs), transform.network_targets(data.targets)
    return replace(
        data,
        inputs=read_only(inputs[training]),
        targets=read_only(targets[training]),
        order=order,
        test_inputs=read_only(inputs[test]),
        test_targets=read_only(targets[test]),
        preparation=preparation,
        table=Table(data.inputs, data.targets, data.order, training, test),
        transform=None if _does_nothing(transform) else transform,
    )


def split_rows(targets: Array, split: SplitSpec) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the places of the training and of the test rows among the targets (R, n_out), each ascending.

    The share of test rows is rounded to whole rows, at least one row is left for training. Where the targets
    are classes (at most 16 distinct rows), every class gives its share, rounded down or up.
    """
    rows = len(targets)
    count = min(int(np.floor(split.test_share * rows + 0.5)), rows - 1)
    generator = np.random.default_rng([split.seed, 2])
    shuffled = generator.permutation(rows)
    _, strata = np.unique(targets, axis=0, return_inverse=True)
    strata = strata.reshape(-1)
    if strata.max(initial=0) >= MAXIMUM_STRATA:
        strata = np.zeros_like(strata)
    sizes = np.bincount(strata)
    quotas = count * sizes / rows
    taken = np.floor(quotas).astype(np.intp)
    # What is left after whole rows goes to the largest remainders (Hamilton's method), the first of equals.
    rest = np.argsort(taken - quotas, kind="stable")[: count - int(taken.sum())]
    taken[rest] += 1
    chosen = np.concatenate([shuffled[strata[shuffled] == each][:few] for each, few in enumerate(taken)])
    is_test = np.zeros(rows, dtype=bool)
    is_test[chosen] = True
    return np.flatnonzero(~is_test), np.flatnonzero(is_test)


def _feature_names(names: tuple[str, ...], columns: int, pointer: str) -> tuple[str, ...]:
    """Return the names, checked; none where they are just the columns in order."""
    found = tuple(feature.name for feature in features(names, columns, pointer))
    return () if found == tuple(f"x{place + 1}" for place in range(columns)) else found


def _does_nothing(transform: Transform) -> bool:
    return transform == Transform(transform.columns)
