"""Branches: whose nodes are whose, what each changed, its losses; and sessions forked off."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ConflictError, InvalidInputError, NotRecordedError
from core.history import Checkpoints, Timeline, branch_name, chains
from core.history import timeline as timeline_module
from core.session import Branch, DataChoice, Edit, ParameterEdit, Session
from core.session import shell as shell_module
from tests.core.sessions import CIRCLE_ROWS, EDITS, bits, diverging, look, replayed, spec, training
from tests.core.test_history import ACTIONS, NaiveTree

FASTER = Edit(training=training("adam", "one", "shuffled", learning_rate=0.05))
DOINGS = st.lists(
    st.one_of(
        st.tuples(st.just("step"), st.integers(1, 90)),
        st.tuples(st.just("edit"), st.integers(0, len(EDITS) - 1)),
        st.tuples(st.just("seek"), st.integers(0, 1000)),
    ),
    max_size=14,
)


def do(session: Session, doings: list[tuple[str, int]]) -> dict[int, float]:
    """Carry them out one update at a time and return the loss of every node that was reached."""
    losses = {0: session.loss}
    for doing, number in doings:
        if doing == "step":
            for _ in range(number):
                session.step()
                losses[session.node] = session.loss
        elif doing == "edit":
            try:
                session.edit(EDITS[number])
            except InvalidInputError:
                assert EDITS[number].current_sample is not None
        else:
            session.seek_node(number % len(losses))
        losses[session.node] = session.loss
    return losses


def nodes_of(branch: Branch) -> list[int]:
    return [span.node + k for span in branch.spans for k in range(span.last_step - span.step + 1)]


def last_node(branch: Branch, step: int) -> int:
    return [span.node + step - span.step for span in branch.spans if span.step <= step <= span.last_step][-1]


@settings(deadline=None)
@given(ACTIONS)
def test_each_node_is_in_one_branch_for_good(actions: list[tuple[str, int]]) -> None:
    timeline: Timeline[str] = Timeline()
    tree = NaiveTree()
    owners = {0: 0}
    for action, number in actions:
        if action == "steps":
            followed = timeline.recorded_steps(timeline.cursor, number)
            new = number - (timeline.step_of(followed) - timeline.step_of(timeline.cursor))
            timeline.move(followed)
            tree.move(followed)
            if new:
                timeline.append_steps(new)
            for _ in range(new):
                tree.append(True)
        elif action == "edit":
            timeline.append_change("edit")
            tree.append(False)
        elif action == "move":
            timeline.move(number % len(tree.parent))
            tree.move(timeline.cursor)
        found = chains(timeline)
        now = {
            node: chain.number
            for chain in found
            for segment in chain.segments
            for node in range(segment.first, segment.tip + 1)
        }
        assert sorted(now) == list(range(len(tree.parent)))
        assert owners.items() <= now.items(), "a node changed its branch"
        owners = now
        assert [chain.number for chain in found] == list(range(timeline.branches))
        assert [chain.first for chain in found] == sorted(chain.first for chain in found)
        for chain in found:
            assert chain.tip not in tree.parent, "a branch ends where nothing came from"
            assert chain.last_step == tree.step[chain.tip]
            parent = tree.parent[chain.first]
            if chain.parent is None:
                assert (chain.number, parent) == (0, None)
            else:
                assert parent == chain.from_node
                assert now[parent] == chain.parent


def test_branch_names() -> None:
    assert [branch_name(n) for n in (0, 1, 25, 26, 27, 51, 52, 701, 702)] == [
        "A",
        "B",
        "Z",
        "AA",
        "AB",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


@settings(deadline=None, max_examples=40)
@given(DOINGS)
def test_branches_cover_every_node_and_hold_its_recorded_loss(doings: list[tuple[str, int]]) -> None:
    session = Session.create(spec(training("sgd", "one", "shuffled")))
    losses = do(session, doings)
    there = look(session)
    history = session.history()
    assert look(session) == there, "reading the history moves nothing"
    assert (history.node, history.step, history.root) == (session.node, session.step_count, 0)
    assert history.total == session.branches
    if history.total <= 12:
        covered = [node for branch in history.branches for node in nodes_of(branch)]
        assert sorted(covered) == sorted(losses)
    for branch in history.branches:
        steps, last, low, high = branch.curve
        assert (steps[-1], last[-1]) == (branch.last_step, losses[branch.tip])
        assert branch.loss == losses[branch.tip]
        assert np.all(np.diff(steps) > 0)
        assert len(steps) <= 256
        session.seek_node(branch.tip)
        assert branch.training == session.training
        assert session.last_step == branch.last_step
        for step, value in zip(steps.tolist(), last.tolist(), strict=True):
            session.seek_step(int(step))
            assert value == losses[session.node], "the recorded loss of that step on this branch"
            own = [span for span in branch.spans if span.step <= step <= span.last_step]
            if own:
                assert session.node == last_node(branch, int(step))
        assert np.all((low <= last) & (last <= high))
    assert [branch.current for branch in history.branches].count(True) == 1


def test_two_rates_from_one_state() -> None:
    session = Session.create(spec(training("sgd", "full", learning_rate=0.5)))
    session.step(50)
    old = session.node
    session.seek_step(20)
    session.edit(Edit(training=training("sgd", "full", learning_rate=0.05)))
    session.step(30)
    first, second = session.history().branches
    assert (first.name, first.parent, first.tip, first.current) == ("A", None, old, False)
    assert (second.name, second.parent, second.from_node, second.from_step) == ("B", "A", 20, 20)
    assert (second.last_step, second.current, second.diverged) == (50, True, False)
    (change,) = second.changes
    (setting,) = change.settings
    assert (change.node, change.step) == (51, 20)
    assert (setting.kind, setting.name, setting.before, setting.after) == (
        "learning_rate",
        "learning_rate",
        0.5,
        0.05,
    )
    assert first.curve[0].tolist() == list(range(51))
    assert second.curve[0].tolist() == list(range(20, 51))
    assert first.curve[1][20] == second.curve[1][0]
    assert first.curve[1][21] != second.curve[1][1]
    session.seek_node(old)
    assert [branch.current for branch in session.history().branches] == [True, False]


def test_a_change_at_the_end_of_a_branch_stays_on_it() -> None:
    session = Session.create(spec())
    session.step(5)
    session.edit(FASTER)
    session.step(5)
    (branch,) = session.history().branches
    assert [(change.node, change.step) for change in branch.changes] == [(6, 5)]
    assert [(span.node, span.step, span.last_step) for span in branch.spans] == [(0, 0, 5), (6, 5, 10)]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (
            Edit(training=training("adam", "mini", "shuffled", size=3, learning_rate=0.5)),
            {
                ("optimizer", "name", "sgd", "adam"),
                ("batch", "mode", "one", "mini"),
                ("batch", "size", None, 3),
                ("batch", "order", "stored", "shuffled"),
            },
        ),
        (
            Edit(
                parameters=(
                    ParameterEdit("w.1.0.0", 0.5),
                    ParameterEdit("b.2.0", frozen=True),
                    ParameterEdit("b.1.0", frozen=False),
                )
            ),
            {("value", "w.1.0.0", None, 0.5), ("frozen", "b.2.0", False, True)},
        ),
        (Edit(current_sample=2), {("sample", "sample", None, 2)}),
        (Edit(data=DataChoice("xnor")), {("data", "data", "xor", "xnor")}),
        (Edit(training=training(learning_rate=0.5)), set()),
    ],
)
def test_what_a_change_changed(edit: Edit, expected: set[tuple[object, ...]]) -> None:
    session = Session.create(spec(training(learning_rate=0.5)))
    session.edit(edit)
    (change,) = session.history().branches[0].changes
    assert {(one.kind, one.name, one.before, one.after) for one in change.settings} == expected
    assert change.more == 0


def test_a_long_list_of_changed_values_is_counted() -> None:
    session = Session.create(spec())
    session.edit(Edit(parameters=tuple(ParameterEdit("w.1.0.0", float(value)) for value in range(25))))
    (change,) = session.history().branches[0].changes
    assert (len(change.settings), change.more) == (20, 5)


def test_of_many_branches_the_present_one_and_the_newest_are_told() -> None:
    session = Session.create(spec())
    session.step(40)
    for step in range(30):
        session.seek_node(step)
        session.edit(FASTER)
        session.step(2)
    session.seek_node(40 + 3 * 4)  # the end of the fourth branch that was forked, E
    history = session.history()
    names = [branch.name for branch in history.branches]
    assert (history.total, len(names)) == (31, 12)
    assert names == ["E", *[branch_name(n) for n in range(20, 31)]]
    assert [branch.name for branch in history.branches if branch.current] == ["E"]


def test_a_long_branch_is_thinned_without_losing_a_peak() -> None:
    session = Session.create(spec(training("sgd", "one", "shuffled", learning_rate=5.0)))
    losses = [session.loss]
    for _ in range(3000):
        session.step()
        losses.append(session.loss)
    (branch,) = session.history().branches
    steps, last, low, high = branch.curve
    assert len(steps) <= 256
    assert (steps[0], last[0], steps[-1], last[-1]) == (0, losses[0], 3000, losses[-1])
    begin = 0
    for step, end, least, most in zip(steps.astype(int), last, low, high, strict=True):
        part = losses[begin : step + 1]
        assert (end, least, most) == (part[-1], min(part), max(part))
        begin = step + 1


def test_a_branch_that_diverged() -> None:
    session = diverging()
    session.step(1000)
    tip = session.node
    session.seek_step(0)
    session.edit(Edit(training=training(mode="full", learning_rate=1e-3)))
    session.step(3)
    first, second = session.history().branches
    assert (first.tip, first.diverged, second.diverged) == (tip, True, False)
    assert session.fork(tip).status == "diverged"
    assert session.fork(first.from_node).status == "ready"


@settings(deadline=None, max_examples=30)
@given(DOINGS, st.integers(0, 10_000))
def test_a_fork_is_its_parent_bit_for_bit(doings: list[tuple[str, int]], choice: int) -> None:
    session = Session.create(spec(training("adam", "one", "shuffled")))
    losses = do(session, doings)
    there = look(session)
    node = choice % len(losses)
    fork = session.fork(node)
    assert look(session) == there, "forking moves nothing"
    assert fork.branches == 1
    assert look(replayed(fork.recipe())) == look(fork)
    session.seek_node(node)
    assert look(fork) == look(session)
    assert fork.recipe() == session.recipe()
    steps, last = fork.curve()[:2]
    assert (steps[-1], last[-1]) == (session.step_count, losses[node])
    # Every earlier state, and what comes next.
    while fork.undo_node is not None:
        fork.seek_node(fork.undo_node)
        assert session.undo_node is not None
        session.seek_node(session.undo_node)
        assert look(fork) == look(session)
    assert session.node == 0
    session.seek_node(node)
    fork.seek_step(fork.last_step)
    fork.seek_node(fork.history().branches[0].tip)
    alone = Session.create(spec(training("adam", "one", "shuffled"))) if node == 0 else None
    fork.edit(FASTER)
    fork.step(7)
    before = look(session)
    session.edit(FASTER)
    session.step(7)
    assert look(fork) == look(session) != before
    if alone is not None:
        alone.edit(FASTER)
        alone.step(7)
        assert look(alone) == look(fork)


def test_a_fork_and_its_parent_go_their_own_ways() -> None:
    session = Session.create(spec(training("momentum", "mini", "shuffled", size=3)))
    session.step(400)
    fork = session.fork(step=123)
    here = look(session)
    fork.edit(FASTER)
    fork.step(500)
    assert look(session) == here
    assert session.branches == 1
    at_fork = look(fork)
    session.seek_step(10)
    session.edit(Edit(data=DataChoice("xnor")))
    session.step(300)
    assert look(fork) == at_fork
    fork.seek_node(123)
    session.seek_node(123)
    assert bits(fork.snapshot) == bits(session.snapshot)


def test_a_fork_of_a_long_run_keeps_states_to_go_back_to() -> None:
    session = Session.create(spec(training(mode="full")))
    for _ in range(20):
        session.step(1000)
    # Branches before it in the tree: the fork's nodes get other numbers.
    session.seek_step(100)
    session.edit(FASTER)
    for _ in range(12):
        session.step(1000)
    fork = session.fork()
    kept = sorted(fork._record._checkpoints._kept)
    assert max(b - a for a, b in zip(kept, [*kept[1:], fork.node], strict=True)) <= 2 * 128
    assert len(fork.curve()[0]) <= 4096
    fork.seek_step(9_000)
    session.seek_step(9_000)
    assert look(fork) == look(session)
    for _ in range(30):
        fork.step(1000)
    assert len(fork._record._checkpoints) <= 256 + 64
    fork.seek_step(9_000)
    assert look(fork) == look(session)


def test_nowhere_to_fork() -> None:
    session = Session.create(spec())
    session.step(4)
    for place in ({"node": 5}, {"node": -1}, {"step": 5}):
        with pytest.raises(NotRecordedError):
            session.fork(**place)


def test_a_fork_keeps_the_limits_of_its_own_past(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline_module, "MAXIMUM_SEGMENTS", 4)
    session = Session.create(spec())
    for _ in range(3):
        session.edit(FASTER)
    with pytest.raises(ConflictError) as full:
        session.edit(FASTER)
    assert full.value.code == "too-many-edits"
    session.fork(node=1).edit(FASTER)
    with pytest.raises(ConflictError):
        session.fork().edit(FASTER)

    monkeypatch.setattr(timeline_module, "MAXIMUM_SEGMENTS", 100)
    rows = Edit(data=CIRCLE_ROWS)
    session.edit(rows)
    monkeypatch.setattr(shell_module, "MAXIMUM_DATA_BYTES", session._data_bytes)
    fork = session.fork()
    with pytest.raises(ConflictError) as too_much:
        fork.edit(rows)
    assert too_much.value.code == "too-much-data"
    session.fork(node=3).edit(rows)


@given(
    st.sets(st.integers(0, 5000), min_size=1),
    st.integers(0, 3),
)
def test_copied_states_are_thinned_but_never_all_lost(nodes: set[int], shift: int) -> None:
    kept: Checkpoints[int] = Checkpoints(1)
    kept.limit, kept.recent_limit = 8, 4
    for node in sorted(nodes | {0}):
        kept.add(node, node)
    copy = kept.copy(lambda node: node + shift if node else 0)
    copy.limit, copy.recent_limit = 8, 4
    assert sorted(copy._kept) == sorted(node + shift if node else 0 for node in kept._kept)
    for node in range(8192, 20 * 8192, 8192):
        copy.add(node, node - shift)
    assert copy.get(0) == 0
    assert 4 <= len(copy._kept) <= 8
    for node, state in copy._kept.items():
        assert node == (state + shift if state else 0)
        # Of each interval the first state stays: none is thinned away where no other is near.
        assert not any(other // copy.spacing == node // copy.spacing for other in copy._kept if other < node)
