"""The tree of a session's states, and where in it the session stands.

A node is a state: the root, what a step made, or what an edit made. Nodes are integers in the order in which
they were first reached. An edit (or the root) and the steps that follow it are one segment with consecutive
integers, so a million steps cost no more than one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from core.errors import ConflictError, NotRecordedError

MAXIMUM_SEGMENTS = 2000
ROOT = 0

Change = TypeVar("Change")


@dataclass
class Segment(Generic[Change]):
    """A change and the steps after it: nodes `first` .. `first + count - 1`, one step apart.

    `parent` is the node that the first one came from (-1 for the root). `step` is the step of the first node:
    an edit's is its parent's, since an edit is no step. `change` is None for the root and where steps go on
    from a node that is not the newest.
    """

    first: int
    parent: int
    step: int
    change: Change | None = None
    count: int = 1

    @property
    def tip(self) -> int:
        """The last node."""
        return self.first + self.count - 1

    def step_of(self, node: int) -> int:
        """Return the step of one of the segment's nodes."""
        return self.step + node - self.first


@dataclass(frozen=True)
class Stretch(Generic[Change]):
    """A path's part within one segment: from its first node to `last`."""

    segment: Segment[Change]
    last: int

    @property
    def first(self) -> int:
        """The segment's first node."""
        return self.segment.first


class Timeline(Generic[Change]):
    """The tree and the cursor in it; beyond the limit of segments: ConflictError `too-many-edits`."""

    def __init__(self) -> None:
        self.segments: list[Segment[Change]] = [Segment(ROOT, -1, 0)]
        self.cursor = ROOT
        self._firsts = [ROOT]
        # Where a node has several children: the one on the branch that was visited last.
        self._preferred: dict[int, int] = {}
        # Where steps go on in another segment: node -> that segment's first node.
        self._continued: dict[int, int] = {}

    @property
    def place(self) -> tuple[int, dict[int, int]]:
        """The cursor, and which branches were visited last; may be set to what it was."""
        return self.cursor, self._preferred.copy()

    @place.setter
    def place(self, place: tuple[int, dict[int, int]]) -> None:
        self.cursor, self._preferred = place

    @property
    def preferred(self) -> tuple[tuple[int, int], ...]:
        """Where a node has several children: the node, and the child that was visited last."""
        return tuple(self._preferred.items())

    @classmethod
    def of(
        cls, segments: Iterable[Segment[Change]], preferred: Iterable[tuple[int, int]], cursor: int
    ) -> Timeline[Change]:
        """Return the tree of these segments, in their order."""
        timeline = cls()
        timeline.segments = list(segments)
        timeline._firsts = [segment.first for segment in timeline.segments]
        timeline._preferred = dict(preferred)
        timeline._continued = {
            segment.parent: segment.first
            for segment in timeline.segments
            if segment.change is None and segment.parent >= 0
        }
        timeline.cursor = cursor
        return timeline

    def segment_of(self, node: int) -> Segment[Change]:
        """Return the segment that `node` belongs to; NotRecordedError for a node that was never reached."""
        newest = self.segments[-1]
        if newest.first <= node < newest.first + newest.count:
            return newest  # nearly always asked for
        if not 0 <= node <= newest.tip:
            raise NotRecordedError(code="node-not-recorded")
        return self.segments[bisect_right(self._firsts, node) - 1]

    def step_of(self, node: int) -> int:
        """Return how many steps were applied up to `node`."""
        return self.segment_of(node).step_of(node)

    def parent(self, node: int) -> int | None:
        """Return the node before, or None at the root."""
        segment = self.segment_of(node)
        if node > segment.first:
            return node - 1
        return None if node == ROOT else segment.parent

    def preferred_child(self, node: int) -> int | None:
        """Return the child on the branch that was visited last, or None at a tip."""
        if node in self._preferred:
            return self._preferred[node]
        return node + 1 if node < self.segment_of(node).tip else None

    def step_child(self, node: int) -> int | None:
        """Return the child that one step without any change leads to, or None if that step was never made."""
        if node < self.segment_of(node).tip:
            return node + 1
        return self._continued.get(node)

    def recorded_steps(self, node: int, limit: int) -> int:
        """Return the node that up to `limit` recorded steps without a change lead to."""
        while limit > 0:
            within = min(limit, self.segment_of(node).tip - node)
            if within:
                node, limit = node + within, limit - within
                continue
            child = self.step_child(node)
            if child is None:
                break
            node, limit = child, limit - 1
        return node

    @property
    def next_node(self) -> int:
        """The integer of the next new node."""
        return self.segments[-1].tip + 1

    def require_room(self) -> None:
        """Raise ConflictError `too-many-edits` unless steps and edits can still be appended at the cursor."""
        if self.cursor != self.segments[-1].tip and len(self.segments) >= MAXIMUM_SEGMENTS:
            raise ConflictError(code="too-many-edits", limit=MAXIMUM_SEGMENTS)

    def append_steps(self, count: int) -> None:
        """Record `count` further steps after the cursor, which has no step child, and move it there."""
        segment = self.segment_of(self.cursor)
        if self.cursor != self.segments[-1].tip:
            parent = self.cursor
            segment = self._append(segment.step_of(parent) + 1, None)
            self._continued[parent] = segment.first
            count -= 1
        segment.count += count
        self.cursor = segment.tip

    def append_change(self, change: Change) -> None:
        """Record an edit after the cursor and move it there."""
        self.cursor = self._append(self.step_of(self.cursor), change).first

    def _append(self, step: int, change: Change | None) -> Segment[Change]:
        if len(self.segments) >= MAXIMUM_SEGMENTS:
            raise ConflictError(code="too-many-edits", limit=MAXIMUM_SEGMENTS)
        segment = Segment(self.next_node, self.cursor, step, change)
        self.segments.append(segment)
        self._firsts.append(segment.first)
        self._preferred[self.cursor] = segment.first
        return segment

    def path(self, node: int) -> list[Stretch[Change]]:
        """Return the way from the root to `node`."""
        stretches = []
        while node >= 0:
            segment = self.segment_of(node)
            stretches.append(Stretch(segment, node))
            node = segment.parent
        return stretches[::-1]

    def branch(self) -> list[Stretch[Change]]:
        """Return the present branch: from the root over the cursor to the tip that was visited last."""
        node, exits = self.cursor, sorted(self._preferred)
        place = bisect_left(exits, node)
        while place < len(exits) and exits[place] <= self.segment_of(node).tip:
            target = self._preferred[exits[place]]
            if target != exits[place] + 1 or exits[place] == self.segment_of(node).tip:
                node, place = target, bisect_left(exits, target)
            else:
                place += 1
        return self.path(self.segment_of(node).tip)

    def at_step(self, step: int) -> int:
        """Return the last node of that step on the present branch; NotRecordedError where there is none."""
        for stretch in reversed(self.branch()):
            if stretch.segment.step <= step <= stretch.segment.step_of(stretch.last):
                return stretch.first + step - stretch.segment.step
        raise NotRecordedError()

    def move(self, node: int) -> None:
        """Put the cursor on `node` and make its branch the present one; NotRecordedError if there is none."""
        self.segment_of(node)
        for stretch in self.path(node):
            if stretch.segment.parent >= 0:
                self._preferred[stretch.segment.parent] = stretch.first
            for passed in self._preferred:
                if stretch.first <= passed < stretch.last:
                    self._preferred[passed] = passed + 1
        self.cursor = node

    @property
    def changes(self) -> list[Change]:
        """Every edit, in the order in which they were made."""
        return [segment.change for segment in self.segments if segment.change is not None]

    @property
    def branches(self) -> int:
        """Number of tips: nodes that nothing came from yet."""
        parents = {segment.parent for segment in self.segments}
        return sum(segment.tip not in parents for segment in self.segments)
