"""The tree of a session as branches: each node belongs to exactly one of them, for good."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic

from core.history.timeline import Change, Segment, Timeline


@dataclass
class Chain(Generic[Change]):
    """A branch's own nodes: its segments in order, from where it leaves its parent on.

    What was done first after a node goes on with that node's branch, anything done there later begins another
    one. So a branch never loses a node, and the order of the branches, by their first nodes, is the order in
    which they began. `number` is the place in that order; `parent` is the number of the branch it leaves and
    `from_node` the last node they share (None and the root for the first branch).
    """

    number: int
    parent: int | None
    from_node: int
    segments: list[Segment[Change]] = field(default_factory=list)

    @property
    def first(self) -> int:
        """The first node that no older branch has."""
        return self.segments[0].first

    @property
    def tip(self) -> int:
        """The last node."""
        return self.segments[-1].tip

    @property
    def last_step(self) -> int:
        """How many steps were applied up to the tip."""
        return self.segments[-1].step_of(self.tip)


def chains(timeline: Timeline[Change]) -> list[Chain[Change]]:
    """Return every branch in the order in which they began; as many as the timeline has tips."""
    found: list[Chain[Change]] = []
    # The branch that each segment is part of, by the segment's first node.
    owner: dict[int, Chain[Change]] = {}
    for segment in timeline.segments:
        if segment.parent < 0:
            parent = None
        else:
            before = timeline.segment_of(segment.parent)
            parent = owner[before.first]
            # At the branch's end so far, and first there: it goes on.
            if parent.tip == segment.parent:
                parent.segments.append(segment)
                owner[segment.first] = parent
                continue
        chain: Chain[Change] = Chain(
            len(found), None if parent is None else parent.number, max(segment.parent, 0), [segment]
        )
        found.append(chain)
        owner[segment.first] = chain
    return found


def branch_name(number: int) -> str:
    """Return the letters of the branch `number`: A to Z, then AA, AB and so on."""
    name = ""
    number += 1
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
