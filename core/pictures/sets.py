"""The rows that are held back from training."""

from __future__ import annotations

from core.network import Array, DataSet


def test_rows(data: DataSet) -> tuple[Array, Array] | None:
    """Return the test rows' inputs (M, n_in) and targets (M, n_out), or None where nothing is held back."""
    return (data.test_inputs, data.test_targets) if data.test_size else None
