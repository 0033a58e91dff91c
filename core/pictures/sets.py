"""The rows that pictures are drawn over: training and test rows, as shown and as the network gets them."""

from __future__ import annotations

import numpy as np

from core.network import Array, DataSet


def test_rows(data: DataSet) -> tuple[Array, Array] | None:
    """Return the test rows' inputs (M, n_in) and targets (M, n_out), or None where nothing is held back."""
    inputs, targets = getattr(data, "test_inputs", None), getattr(data, "test_targets", None)
    if inputs is None or targets is None or not len(inputs):
        return None
    return inputs, targets


def shown_inputs(data: DataSet) -> Array:
    """Return the training rows as a reader sees them, (N, columns): before scaling and derived features."""
    raw = getattr(data, "raw_inputs", None)
    return data.inputs if raw is None else np.asarray(raw)


def network_inputs(data: DataSet, shown: Array) -> Array:
    """Return rows as a reader writes them (K, columns) as the network gets them, (K, n_in)."""
    transform = getattr(data, "network_inputs", None)
    return shown if transform is None else np.asarray(transform(shown))
