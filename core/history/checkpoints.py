"""Snapshots at some nodes of the timeline; its owner computes the others anew from the nearest before."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from core.history.timeline import ROOT, Change, Stretch

MAXIMUM_CHECKPOINTS = 256
MAXIMUM_RECENT = 64
CHECKPOINT_BYTES = 1_000_000
RECENT_BYTES = 500_000

State = TypeVar("State")


class Checkpoints(Generic[State]):
    """Snapshots at some nodes: recent ones densely, all others thinned to a spacing that doubles.

    `size` is the bytes of one snapshot; the limits of number and of bytes hold together, with at least 4 of
    each.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.limit = max(4, min(MAXIMUM_CHECKPOINTS, CHECKPOINT_BYTES // max(1, size)))
        self.recent_limit = max(4, min(MAXIMUM_RECENT, RECENT_BYTES // max(1, size)))
        self.spacing = 1
        self._kept: dict[int, State] = {}
        self._recent: OrderedDict[int, State] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept) + len(self._recent)

    def add(self, node: int, state: State) -> None:
        """Remember the state of `node`, at least for a while; the root's is kept for good."""
        self._recent[node] = state
        self._recent.move_to_end(node)
        if len(self._recent) > self.recent_limit:
            self._recent.popitem(last=False)
        if node % self.spacing == 0:
            self._kept[node] = state
            while len(self._kept) > self.limit:
                self._thin()

    def _thin(self) -> None:
        """Double the spacing: of the states that now share one interval the first stays."""
        self.spacing *= 2
        kept: dict[int, State] = {}
        interval = -1
        for node in sorted(self._kept):
            if node // self.spacing != interval:
                kept[node] = self._kept[node]
                interval = node // self.spacing
        self._kept = kept

    def states(self, apart: int, after: int = -1, last: int | None = None) -> dict[int, State]:
        """Return states of nodes beyond `after` and up to `last`, at least `apart` nodes from each other.

        The root's is always one of them where it lies there.
        """
        chosen: dict[int, State] = {}
        for node in sorted({*self._kept, *self._recent}):
            if node <= after or (last is not None and node > last):
                continue
            if node == ROOT or node - after >= apart:
                chosen[node] = self._kept[node] if node in self._kept else self._recent[node]
                after = node
        return chosen

    def keep(self, spacing: int, states: Mapping[int, State]) -> None:
        """Take over states with the spacing that they had."""
        self.spacing = max(self.spacing, spacing)
        self._kept.update(states)
        while len(self._kept) > self.limit:
            self._thin()

    def copy(self, renumbered: Callable[[int], int | None]) -> Checkpoints[State]:
        """Return the same states under other nodes, without those whose new node is None."""
        copy: Checkpoints[State] = Checkpoints(self.size)
        copy.spacing = self.spacing
        for node, state in self._kept.items():
            there = renumbered(node)
            if there is not None:
                copy._kept[there] = state
        for node, state in self._recent.items():
            there = renumbered(node)
            if there is not None:
                copy._recent[there] = state
        return copy

    def next_after(self, node: int) -> int:
        """Return the first node after `node` whose state is worth a checkpoint."""
        return (node // self.spacing + 1) * self.spacing

    def get(self, node: int) -> State | None:
        """Return the state of `node` if it is remembered."""
        if node in self._recent:
            return self._recent[node]
        return self._kept.get(node)

    def on_path(self, stretches: list[Stretch[Change]]) -> list[int]:
        """Return the nodes of a path whose states are remembered, in the order of the path."""
        return [
            node
            for stretch in stretches
            for node in sorted({*self._kept, *self._recent})
            if stretch.first <= node <= stretch.last
        ]

    def last_within(self, first: int, last: int) -> int | None:
        """Return the last node of `first` .. `last` whose state is remembered."""
        known = [n for store in (self._kept, self._recent) for n in store if first <= n <= last]
        return max(known, default=None)
