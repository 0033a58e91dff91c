"""The timeline against a naive tree, and the bounds on checkpoints and curve."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ConflictError, NotRecordedError
from core.history import Checkpoints, LossCurve, Timeline
from core.history import curve as curve_module
from core.history import timeline as timeline_module


class NaiveTree:
    """Every node as an object of its own."""

    def __init__(self) -> None:
        self.parent: list[int | None] = [None]
        self.step = [0]
        self.is_step = [False]
        self.visited: dict[int, int] = {}
        self.cursor = 0

    def append(self, is_step: bool) -> None:
        self.parent.append(self.cursor)
        self.step.append(self.step[self.cursor] + is_step)
        self.is_step.append(is_step)
        self.visited[self.cursor] = len(self.parent) - 1
        self.cursor = len(self.parent) - 1

    def way(self, node: int) -> list[int]:
        way: list[int] = []
        at: int | None = node
        while at is not None:
            way.append(at)
            at = self.parent[at]
        return way[::-1]

    def move(self, node: int) -> None:
        way = self.way(node)
        self.visited.update(pairwise(way))
        self.cursor = node

    def step_child(self, node: int) -> int | None:
        return next((n for n, p in enumerate(self.parent) if p == node and self.is_step[n]), None)

    def branch(self) -> list[int]:
        way = self.way(self.cursor)
        while way[-1] in self.visited:
            way.append(self.visited[way[-1]])
        return way


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("steps"), st.integers(1, 4)),
        st.tuples(st.just("edit"), st.just(0)),
        st.tuples(st.just("move"), st.integers(0, 1000)),
        st.tuples(st.just("undo"), st.just(0)),
        st.tuples(st.just("redo"), st.just(0)),
    ),
    max_size=30,
)


@settings(deadline=None)
@given(ACTIONS)
def test_the_timeline_is_the_naive_tree(actions: list[tuple[str, int]]) -> None:
    timeline: Timeline[str] = Timeline()
    tree = NaiveTree()
    for action, number in actions:
        if action == "steps":
            remaining = number
            while remaining and (child := tree.step_child(tree.cursor)) is not None:
                tree.move(child)
                remaining -= 1
            timeline.move(timeline.recorded_steps(timeline.cursor, number))
            assert timeline.cursor == tree.cursor
            if remaining:
                timeline.append_steps(remaining)
            for _ in range(remaining):
                tree.append(True)
        elif action == "edit":
            timeline.append_change("edit")
            tree.append(False)
        else:
            target = {
                "move": number % len(tree.parent),
                "undo": timeline.parent(timeline.cursor),
                "redo": timeline.preferred_child(timeline.cursor),
            }[action]
            if target is not None:
                timeline.move(target)
                tree.move(target)
        assert timeline.cursor == tree.cursor
        assert timeline.next_node == len(tree.parent)
        branch = tree.branch()
        tips = timeline.branch()
        assert [n for s in tips for n in range(s.first, s.last + 1)] == branch
        assert timeline.branches == len(set(range(len(tree.parent))) - set(tree.parent))
        for node in range(len(tree.parent)):
            assert timeline.step_of(node) == tree.step[node]
            assert timeline.parent(node) == tree.parent[node]
            assert timeline.step_child(node) == tree.step_child(node)
            assert timeline.preferred_child(node) == tree.visited.get(node)
        for step in range(tree.step[branch[-1]] + 1):
            assert timeline.at_step(step) == [n for n in branch if tree.step[n] == step][-1]
        with pytest.raises(NotRecordedError):
            timeline.at_step(tree.step[branch[-1]] + 1)


@pytest.mark.parametrize("node", [-1, 4])
def test_unknown_nodes(node: int) -> None:
    timeline: Timeline[str] = Timeline()
    timeline.append_steps(3)
    with pytest.raises(NotRecordedError):
        timeline.move(node)
    assert timeline.cursor == 3


def test_a_million_steps_are_one_segment() -> None:
    timeline: Timeline[str] = Timeline()
    for _ in range(1000):
        timeline.append_steps(1000)
    assert len(timeline.segments) == 1
    assert timeline.step_of(timeline.cursor) == 1_000_000


def test_the_number_of_edits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline_module, "MAXIMUM_SEGMENTS", 3)
    timeline: Timeline[str] = Timeline()
    timeline.append_change("a")
    timeline.append_change("b")
    with pytest.raises(ConflictError) as caught:
        timeline.append_change("c")
    assert caught.value.code == "too-many-edits"
    assert timeline.cursor == 2
    timeline.require_room()
    timeline.move(1)
    with pytest.raises(ConflictError):
        timeline.require_room()


@settings(deadline=None)
@given(st.lists(st.integers(1, 50), max_size=30), st.sampled_from([100, 10_000, 1_000_000]))
def test_checkpoints_are_bounded_and_spread(runs: list[int], size: int) -> None:
    checkpoints: Checkpoints[int] = Checkpoints(size)
    checkpoints.add(0, 0)
    node = 0
    for run in runs:
        end = node + run
        while node < end:
            node = min(end, checkpoints.next_after(node))
            checkpoints.add(node, node)
        assert len(checkpoints) <= checkpoints.limit + checkpoints.recent_limit
        assert checkpoints.get(node) == node
        assert checkpoints.get(0) == 0
        for at in range(node + 1):
            found = checkpoints.last_within(0, at)
            assert found is not None
            assert at - found < checkpoints.spacing
            assert checkpoints.get(found) == found


@pytest.mark.parametrize(("size", "least"), [(100, 256), (100_000_000, 4)])
def test_checkpoints_fit_their_bytes(size: int, least: int) -> None:
    assert Checkpoints(size).limit == least


def test_the_curve_is_bounded_and_keeps_extremes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curve_module, "MAXIMUM_BUCKETS", 16)
    timeline: Timeline[str] = Timeline()
    curve = LossCurve()
    losses = [float((7 * k) % 23) for k in range(1000)]
    for step, loss in enumerate(losses):
        if step:
            timeline.append_steps(1)
        curve.add(0, step, loss)
        steps, last, minimum, maximum = curve.arrays(timeline.branch())
        assert len(steps) <= 16
        assert steps[-1] == step
        assert minimum.min() == min(losses[: step + 1])
        assert maximum.max() == max(losses[: step + 1])
        assert last.tolist() == [losses[int(k)] for k in steps]
    assert curve.stride() == curve.width // 4
    assert curve.stride(curve.width * 4.0) == curve.width


def test_a_branch_has_its_own_curve() -> None:
    timeline: Timeline[str] = Timeline()
    curve = LossCurve()
    curve.add(0, 0, 1.0)
    timeline.append_steps(3)
    for step in (1, 2, 3):
        curve.add(0, step, 1.0 / (step + 1))
    timeline.move(2)
    timeline.append_change("edit")
    curve.add(4, 2, 5.0)
    timeline.append_steps(1)
    curve.add(4, 3, 6.0)
    steps, last, _, _ = curve.arrays(timeline.branch())
    assert steps.tolist() == [0, 1, 2, 3]
    assert last.tolist() == [1.0, 0.5, 5.0, 6.0]
    timeline.move(3)
    assert curve.arrays(timeline.branch())[1].tolist() == [1.0, 0.5, 1 / 3, 0.25]


def test_a_loss_that_is_no_number_does_not_hide_the_others() -> None:
    curve = LossCurve()
    curve.width = 4
    timeline: Timeline[str] = Timeline()
    timeline.append_steps(2)
    for step, loss in enumerate([2.0, float("nan"), 1.0]):
        curve.add(0, step, loss)
    assert [array.tolist() for array in curve.arrays(timeline.branch())] == [[2.0], [1.0], [1.0], [2.0]]
