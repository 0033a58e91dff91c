"""How much memory a session says that it takes: measured, and within what docs/promises.md says."""

from __future__ import annotations

import gc
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from core.network import BatchSpec, DataSet, LayerSpec, LossSpec, NetworkSpec, OptimizerSpec, TrainingSpec
from core.presets import PRESETS
from core.session import Edit, Session, SessionSpec

# The widest network and the longest table that the API takes.
WIDTH, HIDDEN, ROWS, COLUMNS = 64, 6, 5000, 15


def largest(batch: BatchSpec, dropout: float = 0.0) -> SessionSpec:
    """Return the specification of the largest session."""
    generator = np.random.default_rng(1)
    layers = [LayerSpec(WIDTH, "tanh")] * HIDDEN + [LayerSpec(1, "sigmoid")]
    return SessionSpec(
        network=NetworkSpec(inputs=COLUMNS, layers=tuple(layers)),
        training=TrainingSpec(
            LossSpec("squared_error"), OptimizerSpec("adam", {"learning_rate": 0.001}), batch, dropout=dropout
        ),
        data=DataSet(generator.uniform(-1, 1, (ROWS, COLUMNS)), generator.integers(0, 2, (ROWS, 1)) * 1.0),
    )


@pytest.mark.parametrize(
    ("batch", "dropout"), [(BatchSpec("full"), 0.0), (BatchSpec("full"), 0.2), (BatchSpec("mini", 10), 0.0)]
)
def test_what_a_large_session_says_is_what_it_takes(batch: BatchSpec, dropout: float) -> None:
    spec = largest(batch, dropout)
    gc.collect()
    tracemalloc.start()
    try:
        session = Session.create(spec)
        session.step(3)
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # Recipe and replies, which are counted too, have not been asked for.
    assert 0.7 * taken < session.kept_bytes < 1.3 * taken + 6 * session.data.nbytes
    assert session.kept_bytes < 130_000_000


@pytest.mark.parametrize("name", PRESETS.names())
def test_a_session_of_a_preset_is_small(name: str) -> None:
    session = Session.create(PRESETS.get(name).spec())
    for rate in (0.1, 0.2, 0.3):
        session.step(400)
        optimizer = OptimizerSpec("adam", {"learning_rate": rate})
        session.edit(Edit(training=replace(session.training, optimizer=optimizer)))
    assert session.kept_bytes < 2_000_000


def test_what_the_next_step_needs_is_counted_before_it_is_made() -> None:
    session = Session.create(largest(BatchSpec("full")))
    before = session.kept_bytes
    session.prepare()
    prepared = session.kept_bytes
    assert prepared > before + 30_000_000
    session.step(1)
    assert session.kept_bytes < 1.2 * prepared
