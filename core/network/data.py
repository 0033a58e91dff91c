"""What is learnt from: a table, what is done to it, and the set that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.features import Feature
from core.network.arrays import Array
from core.transforms import Transform


@dataclass(frozen=True)
class SplitSpec:
    """Which rows are for testing: a share of them, drawn from a seed of its own; 0: none."""

    test_share: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class Preparation:
    """What is done to a table before it is trained on.

    `features` names the network's inputs (empty: the columns as they are), `scaling` and `target_scaling`
    are `none`, `standard` or `minmax`.
    """

    split: SplitSpec = SplitSpec()
    features: tuple[str, ...] = ()
    scaling: str = "none"
    target_scaling: str = "none"


@dataclass(frozen=True)
class Table:
    """The rows as they were given, `inputs` (R, c) and `targets` (R, n_out), before split and scaling.

    `training` and `test` are the places of the training and the test rows; `order` is the stored order of all
    rows.
    """

    inputs: Array
    targets: Array
    order: tuple[int, ...]
    training: NDArray[np.intp]
    test: NDArray[np.intp]


_NO_ROWS: Array = np.empty((0, 0))


@dataclass(frozen=True)
class DataSet:
    """A training set as the network sees it: `inputs` (N, n_in), `targets` (N, n_out).

    `order` is the stored order in which samples are trained (indices into the rows); the rows themselves stay
    as a reader would write the table. `test_inputs` (M, n_in) and `test_targets` (M, n_out) are rows that no
    step is made from, M = 0 without a split.

    `columns` and `target_columns` name the columns of the table, `classes` the classes that the targets stand
    for, where they have names. `preparation` says how the table became the set; `table` and `transform` are
    None where nothing was done. `expression` is the formula of a data set that has one.
    """

    inputs: Array
    targets: Array
    order: tuple[int, ...] = ()
    name: str = "custom"
    parameters: Mapping[str, float] = field(default_factory=dict)
    test_inputs: Array = field(default_factory=lambda: _NO_ROWS)
    test_targets: Array = field(default_factory=lambda: _NO_ROWS)
    columns: tuple[str, ...] = ()
    target_columns: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    expression: str = ""
    preparation: Preparation = Preparation()
    table: Table | None = None
    transform: Transform | None = None

    def __post_init__(self) -> None:
        """Name columns without a name, and give empty test rows the columns of the others."""
        for rows, name in ((self.inputs, "test_inputs"), (self.targets, "test_targets")):
            if getattr(self, name) is _NO_ROWS:
                object.__setattr__(self, name, np.empty((0, *np.shape(rows)[1:])))
        if not self.columns:
            count = self.transform.columns if self.transform else _width(self.inputs)
            object.__setattr__(self, "columns", tuple(f"x{place + 1}" for place in range(count)))
        if not self.target_columns:
            count = _width(self.targets)
            names = tuple(f"t{place + 1}" for place in range(count)) if count > 1 else ("t",)
            object.__setattr__(self, "target_columns", names)

    @property
    def nbytes(self) -> int:
        """How many bytes the numbers take, those of the table included."""
        arrays = [self.inputs, self.targets, self.test_inputs, self.test_targets]
        if self.table is not None:
            arrays += [self.table.inputs, self.table.targets]
        return sum(array.nbytes for array in arrays)

    @property
    def size(self) -> int:
        """Number of training samples N."""
        return len(self.inputs)

    @property
    def test_size(self) -> int:
        """Number of test samples M."""
        return len(self.test_inputs)

    @cached_property
    def stored_order(self) -> NDArray[np.intp]:
        """Indices of the rows in the order of training."""
        return np.array(self.order or range(self.size), dtype=np.intp)

    @cached_property
    def raw_inputs(self) -> Array:
        """The training rows of the table (N, c), as they are displayed."""
        return self.inputs if self.table is None else self.table.inputs[self.table.training]

    @cached_property
    def raw_targets(self) -> Array:
        """The training rows' targets (N, n_out), as they are displayed."""
        return self.targets if self.table is None else self.table.targets[self.table.training]

    @cached_property
    def raw_test_inputs(self) -> Array:
        """The test rows of the table (M, c), as they are displayed."""
        return self.test_inputs if self.table is None else self.table.inputs[self.table.test]

    @cached_property
    def raw_test_targets(self) -> Array:
        """The test rows' targets (M, n_out), as they are displayed."""
        return self.test_targets if self.table is None else self.table.targets[self.table.test]

    @property
    def features(self) -> tuple[Feature, ...]:
        """What each of the network's inputs is; empty where they are the columns as they are."""
        return self.transform.features if self.transform and self.transform.names else ()

    def network_inputs(self, raw: Array) -> Array:
        """Return the network's inputs (K, n_in) for rows as they are displayed, (K, c)."""
        return raw if self.transform is None else self.transform.network_inputs(raw)

    def displayed_outputs(self, outputs: Array) -> Array:
        """Return the network's outputs (K, n_out) in the units of the displayed targets."""
        return outputs if self.transform is None else self.transform.displayed_outputs(outputs)


def _width(rows: Array) -> int:
    # Rows that are none are refused later, by name.
    return int(np.shape(rows)[1]) if np.ndim(rows) == 2 else 0
