"""From the columns of a table to what the network sees, and back to what is displayed.

Each column is scaled first, then the features are computed from the scaled columns. What the scaling needs is
fitted on training rows only: nothing of a test row reaches the network's inputs for other rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from core.errors import InvalidInputError
from core.features import Feature, features

Array = NDArray[np.float64]

SCALINGS = ("none", "standard", "minmax")


@dataclass(frozen=True)
class Scaling:
    """scaled = (value - centre) / spread, a column each; both are empty for `none`.

    `standard` has each column's mean and standard deviation (of the rows themselves, divided by their
    number), `minmax` its minimum and its range, which gives values from 0 to 1. The spread of a constant
    column is 1.
    """

    name: str = "none"
    centre: tuple[float, ...] = ()
    spread: tuple[float, ...] = ()

    @classmethod
    def fit(cls, name: str, rows: Array, pointer: str = "") -> Scaling:
        """Return the scaling for rows (N, c); InvalidInputError `not-a-choice` for an unknown name."""
        if name == "none":
            return cls()
        if name == "standard":
            centre, spread = rows.mean(axis=0), rows.std(axis=0)
        elif name == "minmax":
            centre, spread = rows.min(axis=0), np.ptp(rows, axis=0)
        else:
            raise InvalidInputError(code="not-a-choice", pointer=pointer, choices=list(SCALINGS))
        # The mean of equal numbers may miss them by a rounding: what is left is no spread. Numbers so small
        # that their squares are 0 have none that could be divided by.
        constant = (np.ptp(rows, axis=0) == 0.0) | (spread == 0.0)
        return cls(
            name,
            tuple(np.where(constant, rows[0], centre).tolist()),
            tuple(np.where(constant, 1.0, spread).tolist()),
        )

    def apply(self, rows: Array) -> Array:
        """Return rows (K, c) scaled."""
        if self.name == "none":
            return rows
        scaled: Array = (rows - np.array(self.centre)) / np.array(self.spread)
        return scaled

    def line(self, column: int) -> tuple[float, float]:
        """Return factor and summand that undo the scaling of one column."""
        return (1.0, 0.0) if self.name == "none" else (self.spread[column], self.centre[column])

    def undo(self, rows: Array) -> Array:
        """Return scaled rows (K, c) as they were."""
        if self.name == "none":
            return rows
        undone: Array = rows * np.array(self.spread) + np.array(self.centre)
        return undone


@dataclass(frozen=True)
class Transform:
    """How `columns` columns become the network's inputs: scaled, then the chosen features; no names: all.

    `target_scaling` is that of the targets, undone in outputs that are displayed.
    """

    columns: int
    scaling: Scaling = Scaling()
    names: tuple[str, ...] = ()
    target_scaling: Scaling = Scaling()

    @cached_property
    def features(self) -> tuple[Feature, ...]:
        """The network's inputs, one each."""
        return features(self.names or tuple(f"x{place + 1}" for place in range(self.columns)), self.columns)

    def network_inputs(self, raw: Array) -> Array:
        """Return the network's inputs (K, n_in) for rows of the table (K, c)."""
        scaled = self.scaling.apply(raw)
        return np.column_stack([feature.values(scaled) for feature in self.features])

    def network_targets(self, raw: Array) -> Array:
        """Return the targets (K, n_out) that the network is trained on."""
        return self.target_scaling.apply(raw)

    def displayed_outputs(self, outputs: Array) -> Array:
        """Return the network's outputs (K, n_out) in the units of the table's targets."""
        return self.target_scaling.undo(outputs)
