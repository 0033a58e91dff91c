"""A session that was written down and read again is the same session: its bits, its history, its future."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ConflictError
from core.network import BatchSpec, OptimizerSpec, Preparation, ScheduleSpec, SplitSpec
from core.session import DataChoice, Edit, ParameterEdit, Session
from core.session.packing import UnreadableError, pack, unpack
from core.session.storing import Scribe, restored
from tests.core.sessions import bits, diverging, spec, training


def again(image: Any, changes: list[Any]) -> Scribe:
    """Read what was written, through its bytes."""
    return restored(unpack(pack(image)), [unpack(pack(change)) for change in changes])


def figures(session: Session) -> Any:
    """Everything about a session that can be compared."""
    history = session.history()
    return repr(
        (
            bits(session.snapshot),
            session.recipe(),
            (session.node, session.undo_node, session.redo_node, session.last_step, session.branches),
            (session.status, session.loss, session.accuracy, session.test_loss),
            [array.tolist() for array in session.curve()],
            [array.tolist() for array in (session.metrics().steps, session.metrics().gradients)],
            [replace(branch, curve=tuple(a.tolist() for a in branch.curve)) for branch in history.branches],
        )
    )


SHUFFLED = training("adam", "mini", "shuffled", 3, learning_rate=0.01)
SPLIT = Preparation(SplitSpec(0.25, 1), scaling="standard")
EDITS = [
    Edit(training=training("momentum", learning_rate=0.2)),
    Edit(parameters=(ParameterEdit("w.1.0.0", 0.5), ParameterEdit("b.2.0", frozen=True))),
    Edit(
        data=DataChoice(
            "moons", {"size": 12}, preparation=Preparation(SplitSpec(0.25, 1), scaling="standard")
        )
    ),
    Edit(training=replace(SHUFFLED, schedule=ScheduleSpec("step"), dropout=0.2)),
    Edit(current_sample=2),
]
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("step"), st.integers(1, 40)),
        st.tuples(st.just("run"), st.integers(1, 300)),
        st.tuples(st.just("edit"), st.integers(0, len(EDITS) - 1)),
        st.tuples(st.just("seek"), st.integers(0, 400)),
        st.tuples(st.just("image"), st.just(0)),
        st.tuples(st.just("read"), st.integers(0, 400)),
    ),
    max_size=14,
)


@settings(max_examples=25, deadline=None)
@given(ACTIONS, st.sampled_from([1, 7, 100]), st.booleans())
def test_what_was_written_down_is_the_session(
    actions: list[tuple[str, int]], apart: int, shuffled: bool
) -> None:
    session = Session.create(spec(SHUFFLED if shuffled else None))
    scribe = Scribe(session)
    image, changes = scribe.image(apart), []
    for action, number in actions:
        if action == "step":
            session.step(number)
        elif action == "run":
            session.advance(number)
            session.settle()
        elif action == "edit":
            session.edit(EDITS[number])
        elif action == "seek":
            session.seek_node(number % (session.record.timeline.next_node))
        elif action == "read":
            session.record.state(number % (session.record.timeline.next_node))
        else:
            image, changes = scribe.image(apart), []
            continue
        if scribe.changed:
            changes.append(scribe.changes(apart))
    assert not scribe.changed
    other = again(image, changes)
    assert figures(other.session) == figures(session)
    # It goes on in the same way, and can be written down again from where it is.
    changes.append(change_of(other))
    session.step(9)
    assert figures(other.session) == figures(session)
    assert figures(again(image, changes).session) == figures(session)
    node = session.record.timeline.next_node // 2
    for each in (session, other.session):
        each.seek_node(node)
    assert bits(other.session.snapshot) == bits(session.snapshot)


def change_of(scribe: Scribe) -> Any:
    scribe.session.step(9)
    return scribe.changes(5)


def test_no_stored_state_is_far_from_where_the_session_stands() -> None:
    session = Session.create(spec())
    scribe = Scribe(session)
    image, changes = scribe.image(50), []
    for _ in range(300):
        session.advance(1)
        changes.append(scribe.changes(50))
    assert sum("states" in change for change in changes) == 6
    # Two branches in turns: each has its own.
    tips = [100, 100]
    for turn in range(40):
        session.seek_node(tips[turn % 2])
        if turn < 2:
            session.edit(Edit(training=training(learning_rate=0.1 + turn)))
        session.step(10)
        tips[turn % 2] = session.node
        changes.append(scribe.changes(50))
    record = again(image, changes).session.record
    for node in tips:
        known = record._checkpoints.on_path(record.timeline.path(node))
        assert record.timeline.step_of(node) - record.timeline.step_of(known[-1]) < 60


def test_a_diverged_session_stays_diverged() -> None:
    session = diverging()
    scribe = Scribe(session)
    image = scribe.image(10)
    session.step(1000)
    other = again(image, [scribe.changes(10)]).session
    assert (other.status, other.divergence) == (session.status, session.divergence)


def test_limits_hold_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.history.timeline.MAXIMUM_SEGMENTS", 3)
    session = Session.create(spec())
    scribe = Scribe(session)
    image = scribe.image(10)
    for rate in (0.1, 0.2):
        session.edit(Edit(training=training(learning_rate=rate)))
    other = again(image, [scribe.changes(10)]).session
    with pytest.raises(ConflictError):
        other.edit(Edit(training=training(learning_rate=0.3)))


def test_many_states_stay_within_their_bound() -> None:
    session = Session.create(spec())
    scribe = Scribe(session)
    image, changes = scribe.image(1), []
    for _ in range(700):
        session.step(1)
        changes.append(scribe.changes(1))
    other = again(image, changes).session
    assert len(other.record._checkpoints) <= 320
    other.seek_step(313)
    session.seek_step(313)
    assert bits(other.snapshot) == bits(session.snapshot)


def test_bytes_are_read_as_what_they_were() -> None:
    array = np.arange(6.0).reshape(2, 3)
    value = {
        "numbers": (1, 2.5, 2**100, float("inf"), True, None),
        "arrays": (array, array.T, array.astype(np.intp), array > 2, np.float32(0.5), np.empty((0, 2))),
        "record": OptimizerSpec("sgd", {"learning_rate": 0.1}),
        "batch": BatchSpec("mini", 3, "shuffled"),
    }
    made = unpack(pack(value))
    assert made["numbers"] == value["numbers"]
    for one, other in zip(made["arrays"][:4], value["arrays"], strict=False):  # type: ignore[arg-type]
        assert one.dtype == other.dtype
        assert one.strides == other.strides
        assert one.tolist() == other.tolist()
        assert not one.flags.writeable
    assert made["arrays"][4] == 0.5
    assert made["arrays"][5].shape == (0, 2)
    assert (made["record"], made["batch"]) == (value["record"], value["batch"])


@pytest.mark.parametrize("value", [np.array([object()]), {1, 2}, np.random.default_rng(1), b"bytes"])
def test_what_is_none_of_a_record_is_not_written(value: Any) -> None:
    with pytest.raises(TypeError):
        pack(value)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_damaged_bytes_are_refused_or_read_but_nothing_else(data: st.DataObject) -> None:
    whole = pack(Scribe(Session.create(spec())).image(10))
    at = data.draw(st.integers(0, len(whole) - 1))
    kind = data.draw(st.sampled_from(["cut", "changed"]))
    damaged = whole[:at] if kind == "cut" else whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :]
    try:
        restored(unpack(damaged), [])
    except UnreadableError:
        return
    assert kind == "changed"


def test_another_versions_image_is_refused() -> None:
    image = Scribe(Session.create(spec())).image(10)
    with pytest.raises(UnreadableError):
        restored(image | {"format": 2}, [])
    text = b'[{"!":"Session"},[]]'
    with pytest.raises(UnreadableError):
        unpack(len(text).to_bytes(4, "little") + text)
