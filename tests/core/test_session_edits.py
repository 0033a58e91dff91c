"""Edits of a session: validated as a whole, recorded, bounded."""

import numpy as np
import pytest

from core.errors import ConflictError, InvalidInputError
from core.network import (
    BiasSpec,
    DataSet,
    LayerSpec,
    LossSpec,
    NetworkSpec,
    TrainingSpec,
)
from core.session import DataChoice, Edit, ParameterEdit, Session
from core.session.shell import MAXIMUM_DATA_BYTES
from tests.core.sessions import (
    CIRCLE_ROWS,
    bits,
    look,
    spec,
    training,
)


def test_a_bad_edit_loses_nothing() -> None:
    session = Session.create(spec(training(mode="one")))
    session.step(3)
    there, node = look(session), session.node
    bad = [
        Edit(parameters=(ParameterEdit("w.1.0.0", 1.0), ParameterEdit("w.9.0.0", 1.0))),
        Edit(parameters=(ParameterEdit("w.1.0.0", float("nan")),)),
        Edit(parameters=(ParameterEdit("w.1.0.0", 2e6),)),
        Edit(training=training(learning_rate=0.0)),
        Edit(training=training(learning_rate=2e6)),
        Edit(training=training("magic")),
        Edit(training=TrainingSpec(LossSpec("categorical_cross_entropy", 1.0, "sum", "mean"))),
        Edit(training=training(mode="mini", size=0)),
        Edit(parameters=(ParameterEdit("w.1.0.0", 1.0),), current_sample=4),
        Edit(data=DataSet(np.ones((3, 3)), np.ones((3, 1)))),
        Edit(data=DataSet(np.ones((3, 2)), np.ones((3, 2)))),
        Edit(data=DataSet(np.ones((3, 2)), np.ones((2, 1)))),
        Edit(data=DataSet(np.ones((3, 2)), np.ones((3, 1)), (0, 1, 1))),
        Edit(data=DataSet(np.full((3, 2), np.inf), np.ones((3, 1)))),
        Edit(data=DataSet(np.ones((0, 2)), np.ones((0, 1)))),
        Edit(data=DataChoice("mnist")),
    ]
    for edit in bad:
        with pytest.raises(InvalidInputError) as caught:
            session.edit(edit)
        assert caught.value.pointer
        assert session.node == node
        assert look(session) == there


def test_an_edit_without_effect_makes_no_node() -> None:
    session = Session.create(spec(training(mode="full")))
    session.edit(Edit())
    session.edit(Edit(current_sample=1))
    assert session.node == 0


def test_the_current_sample_is_trained_next_with_batches_of_one() -> None:
    session = Session.create(spec(training(mode="one")))
    assert session.next_batch() == (2,)
    session.edit(Edit(current_sample=0))
    assert session.next_batch() == (0,)
    assert session.node == 1
    report = session.step(1, "epoch")
    assert report.applied == 4
    session.edit(Edit(training=training(mode="full")))
    session.edit(Edit(current_sample=3))
    assert len(session.next_batch()) == 4
    assert session.node == 6


def test_a_changed_learning_rate_keeps_the_optimizers_state() -> None:
    session = Session.create(spec(training("adam")))
    session.step(5)
    before = session.snapshot
    session.edit(Edit(training=training("adam", learning_rate=0.5)))
    assert bits(session.snapshot) == bits(before)
    session.edit(Edit(training=training("momentum")))
    assert session.snapshot.optimizer_count == 0
    assert not any(values.any() for values in session.snapshot.optimizer_state.values())
    assert session.snapshot.vector.tobytes() == before.vector.tobytes()


def test_frozen_parameters_stay_and_lose_their_state() -> None:
    session = Session.create(spec(training("adam")))
    session.step(5)
    position = session.network.position("w.1.0.1")
    value = session.snapshot.vector[position]
    session.edit(Edit(parameters=(ParameterEdit("w.1.0.1", frozen=True),)))
    assert all(values[position] == 0.0 for values in session.snapshot.optimizer_state.values())
    others = session.snapshot.vector.copy()
    session.step(5)
    moved = session.snapshot.vector != others
    assert session.snapshot.vector[position] == value
    assert moved.sum() == len(moved) - 1
    session.edit(Edit(parameters=(ParameterEdit("w.1.0.1", frozen=False),)))
    session.step(5)
    assert session.snapshot.vector[position] != value


def test_fixed_biases_are_not_edited() -> None:
    layers = (LayerSpec(2, bias=BiasSpec("fixed", 1.0)), LayerSpec(1, bias=BiasSpec("absent")))
    session = Session.create(spec(network=NetworkSpec(2, layers)))
    for change in (ParameterEdit("b.1.0", 2.0), ParameterEdit("b.1.0", frozen=False)):
        with pytest.raises(InvalidInputError) as caught:
            session.edit(Edit(parameters=(change,)))
        assert caught.value.code == "fixed-bias"
    with pytest.raises(InvalidInputError):
        session.edit(Edit(parameters=(ParameterEdit("b.2.0", 2.0),)))


def test_new_values_in_the_table_keep_the_place_in_the_epoch() -> None:
    session = Session.create(spec(training(mode="one", order="shuffled")))
    session.step(2)
    order = session.snapshot.order.tolist()
    rows = session.data
    session.edit(Edit(data=DataSet(rows.inputs + 0.5, rows.targets, rows.order)))
    assert (session.snapshot.order.tolist(), session.snapshot.position) == (order, 2)
    session.edit(Edit(data=CIRCLE_ROWS))
    assert sorted(session.snapshot.order) == [0, 1, 2]
    assert session.snapshot.position == 0
    session.step(3)
    assert session.data.size == 3


def test_the_data_of_many_edits_is_bounded() -> None:
    session = Session.create(spec())
    rows = Edit(data=DataSet(np.ones((5000, 2)), np.ones((5000, 1))))
    for _ in range(MAXIMUM_DATA_BYTES // (5000 * 3 * 8)):
        session.edit(rows)
    node = session.node
    with pytest.raises(ConflictError) as caught:
        session.edit(rows)
    assert session.node == node
    assert caught.value.code == "too-much-data"
