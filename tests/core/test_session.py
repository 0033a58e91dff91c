"""The session: steps, restoring, branching, traces, the curve, divergence."""

import sys

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.errors import DivergedError, InvalidInputError, NotRecordedError
from core.optimizers import OPTIMIZERS
from core.session import DataChoice, Edit, ParameterEdit, Session
from core.training import Trainer
from tests.core.sessions import (
    EDITS,
    bits,
    diverging,
    look,
    replayed,
    spec,
    training,
)


class Recorded(RuleBasedStateMachine):
    """Sessions against a model that keeps every state it has seen, by node."""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session.create(spec(training("adam", "one", "shuffled")))
        self.seen = {0: look(self.session)}

    @rule(count=st.integers(1, 300))
    def step(self, count: int) -> None:
        before = self.session.step_count
        trainer = Trainer(self.session.problem)
        trainer.load(self.session.snapshot)
        report = self.session.step(count)
        assert report.applied == count
        assert report.before[0] == before
        assert report.after == (before + count, self.session.loss)
        assert report.losses[-1] == report.after
        assert len(report.losses) <= 64
        for _ in range(count):
            trainer.run(1)
        assert bits(trainer.snapshot()) == bits(self.session.snapshot)

    @rule(edit=st.sampled_from(EDITS))
    def edit(self, edit: Edit) -> None:
        try:
            self.session.edit(edit)
        except InvalidInputError:
            assert edit.current_sample is not None

    @rule(choice=st.integers(0, 10_000))
    def seek_node(self, choice: int) -> None:
        nodes = sorted(self.seen)
        self.session.seek_node(nodes[choice % len(nodes)])

    @rule(choice=st.integers(0, 10_000))
    def seek_step(self, choice: int) -> None:
        step = choice % (self.session.last_step + 1)
        self.session.seek_step(step)
        assert self.session.step_count == step

    @rule()
    def undo_and_redo(self) -> None:
        node, there = self.session.node, look(self.session)
        if self.session.undo_node is not None:
            self.session.seek_node(self.session.undo_node)
            assert self.session.redo_node == node
            self.session.seek_node(node)
            assert look(self.session) == there

    @rule(choice=st.integers(0, 10_000))
    def trace(self, choice: int) -> None:
        there = look(self.session)
        step = choice % (self.session.last_step + 1)
        assert self.session.trace(step).step == step
        assert look(self.session) == there

    @invariant()
    def same_node_same_bits(self) -> None:
        assert self.seen.setdefault(self.session.node, look(self.session)) == look(self.session)

    def teardown(self) -> None:
        for node, there in self.seen.items():
            self.session.seek_node(node)
            assert look(self.session) == there
        assert look(replayed(self.session.recipe())) == there


Recorded.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestRecorded = Recorded.TestCase


@pytest.mark.parametrize("optimizer", OPTIMIZERS.names())
@pytest.mark.parametrize("mode", ["one", "mini", "full"])
def test_any_step_can_be_revisited_bit_for_bit(optimizer: str, mode: str) -> None:
    session = Session.create(spec(training(optimizer, mode, "shuffled", size=3)))
    states = [bits(session.snapshot)]
    for _ in range(400):
        session.step()
        states.append(bits(session.snapshot))
    for step in (0, 1, 77, 299, 336, 400, 250):
        session.seek_step(step)
        assert bits(session.snapshot) == states[step]
    session.seek_step(3)
    session.step(390)
    assert bits(session.snapshot) == states[393]
    assert session.branches == 1


def test_a_hundred_thousand_steps_stay_small() -> None:
    session = Session.create(spec(training(mode="full")))
    for _ in range(100):
        session.step(1000)
    record = session._record
    assert len(record.timeline.segments) == 1
    assert len(record._checkpoints) <= 256 + 64
    assert len(session.curve()[0]) <= 4096
    at_end = look(session)
    session.seek_step(54_321)
    assert session.step_count == 54_321
    session.seek_step(100_000)
    assert look(session) == at_end
    assert sum(map(sys.getsizeof, record._checkpoints._kept)) < 100_000


def test_only_a_change_branches() -> None:
    session = Session.create(spec())
    session.step(10)
    tip = session.node
    session.seek_step(4)
    session.step(6)
    assert (session.node, session.branches) == (tip, 1)
    session.seek_step(4)
    session.edit(Edit(training=training(learning_rate=0.9)))
    assert (session.step_count, session.branches, session.last_step) == (4, 2, 4)
    session.step(3)
    assert session.last_step == 7
    session.seek_node(tip)
    assert session.last_step == 10
    assert session.training.optimizer.parameters["learning_rate"] != 0.9
    session.seek_step(7)
    assert session.redo_node == session.node + 1


def test_undoing_an_edit_and_stepping_goes_on_without_it() -> None:
    session, plain = Session.create(spec()), Session.create(spec())
    plain.step(3)
    session.step(2)
    session.edit(Edit(parameters=(ParameterEdit("w.1.0.0", 9.0),)))
    edited = session.node
    assert session.undo_node is not None
    session.seek_node(session.undo_node)
    assert session.redo_node == edited
    session.step()
    assert bits(session.snapshot) == bits(plain.snapshot)
    assert session.branches == 2


def test_a_trace_is_that_of_the_recorded_step() -> None:
    session = Session.create(spec(training("adam")))
    ahead = session.trace()
    session.step()
    assert ahead.after.tobytes() == session.snapshot.vector.tobytes()
    assert session.trace(0).after.tobytes() == ahead.after.tobytes()
    session.step(5)
    assert session.trace(6).step == 6
    assert session.trace().batch == session.next_batch()
    for step in (7, -1):
        with pytest.raises(NotRecordedError):
            session.trace(step)
    for step in (7, -1):
        with pytest.raises(NotRecordedError):
            session.seek_step(step)
    with pytest.raises(NotRecordedError):
        session.seek_node(7)
    assert session.step_count == 6


def test_epochs_run_to_the_boundary() -> None:
    session = Session.create(spec(training(mode="mini", size=3), data=DataChoice("circles", {"size": 10})))
    assert session.steps_per_epoch == 4
    session.step()
    assert (session.epoch_position, session.steps_to_epoch_end()) == (1, 3)
    assert session.step(1, "epoch").applied == 3
    assert (session.epoch, session.epoch_position) == (1, 0)
    assert session.step(2, "epoch").applied == 8
    assert session.epoch == 3
    assert session.step(1000, "epoch").applied == 1000


@pytest.mark.parametrize("count", [0, -1, 1001])
def test_step_counts_are_limited(count: int) -> None:
    session = Session.create(spec())
    with pytest.raises(InvalidInputError) as caught:
        session.step(count)
    assert (caught.value.code, caught.value.pointer) == ("out-of-range", "/count")


def test_the_curve_has_every_loss_of_a_short_run() -> None:
    session = Session.create(spec())
    losses = [session.loss]
    for _ in range(50):
        session.step()
        losses.append(session.loss)
    other = Session.create(spec())
    report = other.step(50)
    for run in (session, other):
        steps, last, minimum, maximum = run.curve()
        assert steps.tolist() == list(range(51))
        assert last.tolist() == minimum.tolist() == maximum.tolist() == losses
    assert report.losses == list(enumerate(losses))[1:]
    assert report.before == (0, losses[0])


def test_status_and_divergence() -> None:
    session = diverging()
    assert session.status == "ready"
    assert session.divergence is None
    report = session.step(1000)
    assert report.diverged
    assert 0 < report.applied < 1000
    assert session.status == "diverged"
    assert np.isfinite(session.snapshot.vector).all()
    found = session.divergence
    assert found is not None
    assert found.step == session.step_count == report.applied
    assert found.element
    assert (found.learning_rate, found.suggested_learning_rate) == (1e6, 5e5)
    with pytest.raises(DivergedError):
        session.trace()
    failing = session.trace(session.step_count)
    assert failing.diverged
    assert failing.first_nonfinite == found.element
    again = session.step(5)
    assert (again.applied, again.diverged) == (0, True)
    session.edit(Edit(training=training(mode="full", learning_rate=1e-6)))
    session.edit(Edit(parameters=tuple(ParameterEdit(f"w.1.{i}.{j}", 0.1) for i in (0, 1) for j in (0, 1))))
    assert session.status == "paused"
    assert session.divergence is None
    session.seek_step(0)
    assert session.status == "ready"
    session.step(1)
    assert session.status == "paused"
