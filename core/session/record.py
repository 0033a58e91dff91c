"""The recorded run: the timeline, the states that are kept of it, and a trainer for the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from core.history import ROOT, Checkpoints, LossCurve, MetricCurve, Segment, Timeline
from core.network import Array
from core.pictures.meter import Meter, columns
from core.pictures.surface import Visit
from core.session.editing import changed_problem, changed_snapshot
from core.session.journal import EDIT, STEPS, Journal
from core.session.specification import Edit
from core.training import Problem, Snapshot, Trainer

Losses = list[tuple[int, float]]


def _append_to(losses: Losses) -> Callable[[int, float], None]:
    return lambda step, loss: losses.append((step, loss))


class Record:
    """Every state that was reached, each restored bit for bit, in bounded memory."""

    def __init__(self, problem: Problem, snapshot: Snapshot) -> None:
        """Start at step 0 with the state `snapshot`."""
        self.timeline: Timeline[Edit] = Timeline()
        self.curve = LossCurve()
        # Nodes whose next step would hold a non-finite number.
        self.diverged: set[int] = set()
        self._problems: dict[int, Problem] = {ROOT: problem}
        arrays = [snapshot.vector, snapshot.order, *snapshot.optimizer_state.values()]
        # An optimizer chosen later keeps at most two vectors more; the rest is the generator's state and
        # the record.
        size = sum(array.nbytes for array in arrays) + 2 * snapshot.vector.nbytes + 1500
        self._checkpoints: Checkpoints[Snapshot] = Checkpoints(size)
        self._problem, self._trainer = problem, Trainer(problem)
        self._loaded: int | None = None
        self._loss: tuple[int, float] | None = None
        self._meter: tuple[Problem, Meter] | None = None
        self.metrics = MetricCurve(columns(problem.network))
        # What is done is written down here where somebody asks for it.
        self.journal: Journal | None = None
        self._checkpoints.add(ROOT, snapshot)
        self.curve.add(ROOT, 0, self.loss(ROOT))
        self.metrics.add(ROOT, 0, self.measured(ROOT))

    def problem(self, node: int) -> Problem:
        """Return what was being trained at `node`."""
        return self._problems[self.timeline.segment_of(node).first]

    def state(self, node: int) -> Snapshot:
        """Return the state of `node`."""
        known = self._checkpoints.get(node)
        if known is None:
            known = self.trainer(node).snapshot()
            self._checkpoints.add(node, known)
        return known

    def loss(self, node: int) -> float:
        """Return the loss of the whole set at `node`."""
        if self._loss is None or self._loss[0] != node:
            self._loss = (node, self.trainer(node).loss())
        return self._loss[1]

    def measured(self, node: int) -> Array:
        """Return the row of metrics at `node`, computed now."""
        return self._measure(self.problem(node), self.trainer(node).vector)

    def _measure(self, problem: Problem, vector: Array) -> Array:
        if self._meter is None or self._meter[0] is not problem:
            self._meter = (problem, Meter(problem))
        return self._meter[1].measure(vector)

    def visits(self, limit: int) -> list[Visit]:
        """Return at most `limit` states that are kept on the way to the cursor, which is the last of them."""
        timeline = self.timeline
        nodes = self._checkpoints.on_path(timeline.path(timeline.cursor))
        if not nodes or nodes[-1] != timeline.cursor:
            nodes.append(timeline.cursor)
        # The beginning and the end stay, and evenly many between them.
        picked = sorted({round(k * (len(nodes) - 1) / (limit - 1)) for k in range(limit)})
        return [Visit(timeline.step_of(nodes[k]), self.state(nodes[k]).vector) for k in picked]

    def trainer(self, node: int) -> Trainer:
        """Return the trainer, standing at `node`; to be read, not run."""
        if self._loaded != node:
            self._loaded = None
            self._restore(node)
            self._loaded = node
        return self._trainer

    def peek(self, node: int) -> Snapshot | None:
        """Return the state one step after `node`, recorded or not; None where that step diverges."""
        child = self.timeline.step_child(node)
        if child is not None:
            return self.state(child)
        trainer = self.trainer(node)
        self._loaded = None
        return trainer.snapshot() if trainer.run(1).applied else None

    def seek(self, node: int) -> None:
        """Move to `node`; NotRecordedError, before anything changes, if there is none."""
        self.timeline.segment_of(node)
        self.trainer(node)
        self.timeline.move(node)
        if self.journal is not None:
            self.journal.moved(node)

    def follow(self, count: int) -> tuple[int, Losses]:
        """Move along at most `count` recorded steps; return how many, and losses that were kept."""
        timeline = self.timeline
        first = timeline.step_of(timeline.cursor)
        node = timeline.recorded_steps(timeline.cursor, count)
        if node == timeline.cursor:
            return 0, []
        self.seek(node)
        last = timeline.step_of(node)
        rows = self.curve.rows(timeline.path(node)) if last - first > 1 else ()
        losses = [(step, loss) for step, loss, _, _ in rows if first < step < last]
        return last - first, [*losses, (last, self.loss(node))]

    def advance(self, count: int, ends: bool = True) -> tuple[int, Losses]:
        """Compute and record at most `count` new steps; return how many, and some of their losses.

        It stops before a step that would hold a non-finite number, and marks the node as diverged. With
        `ends` the last step's loss is always among them; else only where the curve wants it, and `settle` is
        to follow some time.
        """
        timeline, applied = self.timeline, 0
        losses: Losses = []
        while applied < count:
            here = timeline.cursor
            trainer = self.trainer(here)
            step = timeline.step_of(here)
            # Up to the next checkpoint, and up to the next step that the curve wants a loss of.
            # A measurement reads the whole set, a step its batch.
            cost = self._problem.data.size / self._problem.batch_length
            stride = self.curve.stride(cost)
            every = stride - step % stride
            until = self._checkpoints.next_after(timeline.next_node - 1) - timeline.next_node + 1
            wanted = self.metrics.next_after(step, cost)
            chunk = min(count - applied, until, every if every < stride else until, wanted - step)
            timeline.require_room()
            self._loaded = None
            measured: Losses = []
            report = trainer.run(chunk, _append_to(measured), every)
            if report.applied:
                timeline.append_steps(report.applied)
                if self.journal is not None:
                    self.journal.stepped(report.applied)
                first = timeline.segment_of(timeline.cursor).first
                self._problems.setdefault(first, self._problem)
                for k, loss in measured:
                    self._add_loss(first, k, loss)
                losses += measured
                applied += report.applied
                if step + report.applied == wanted:
                    self._add_metrics(first, wanted, self._measure(self._problem, trainer.vector))
            self._loaded = timeline.cursor
            if report.applied:
                self._checkpoints.add(timeline.cursor, trainer.snapshot())
            if report.diverged:
                self.diverged.add(timeline.cursor)
                if self.journal is not None:
                    self.journal.diverged.append(timeline.cursor)
                break
        if applied:
            step = timeline.step_of(timeline.cursor)
            if losses and losses[-1][0] == step:
                self._loss = (timeline.cursor, losses[-1][1])
            elif ends:
                self.settle()
                losses.append((step, self.loss(timeline.cursor)))
        return applied, losses

    def settle(self) -> None:
        """Record the loss at the cursor: where steps end it is always known."""
        timeline = self.timeline
        first, step = timeline.segment_of(timeline.cursor).first, timeline.step_of(timeline.cursor)
        if self.curve.last_step(first) < step:
            self._add_loss(first, step, self.loss(timeline.cursor))

    def _add_loss(self, segment: int, step: int, loss: float) -> None:
        self.curve.add(segment, step, loss)
        if self.journal is not None:
            self.journal.losses.append((segment, step, loss))

    def _add_metrics(self, segment: int, step: int, row: Array) -> None:
        self.metrics.add(segment, step, row)
        if self.journal is not None:
            self.journal.metrics.append((segment, step, row.tolist()))

    def change(self, edit: Edit, problem: Problem) -> None:
        """Record a resolved edit that leads to `problem`."""
        here = self.timeline.cursor
        snapshot = changed_snapshot(self.problem(here), problem, self.state(here), edit)
        self.timeline.append_change(edit)
        if self.journal is not None:
            self.journal.edited(edit)
        node = self.timeline.cursor
        self._problems[node] = problem
        self._checkpoints.add(node, snapshot)
        step = self.timeline.step_of(node)
        self._add_loss(node, step, self.loss(node))
        self._add_metrics(node, step, self.measured(node))

    @property
    def kept_bytes(self) -> int:
        """About how many bytes the states and the curves take, and the arrays that steps are computed in."""
        states = self._checkpoints
        computing = self._trainer.nbytes + (0 if self._meter is None else self._meter[1].nbytes)
        return len(states) * states.size + self.curve.kept_bytes + self.metrics.kept_bytes + computing

    @property
    def spacing(self) -> int:
        """How far apart the states are that are kept for good."""
        return self._checkpoints.spacing

    def states(self, apart: int, after: int = -1, last: int | None = None) -> dict[int, Snapshot]:
        """Return kept states as `Checkpoints.states` does."""
        return self._checkpoints.states(apart, after, last)

    @classmethod
    def of(
        cls,
        problem: Problem,
        timeline: Timeline[Edit],
        curve: LossCurve,
        metrics: MetricCurve,
        diverged: set[int],
        spacing: int,
        states: Mapping[int, Snapshot],
    ) -> Record:
        """Return a record with this history, the root's state among `states`."""
        record = cls(problem, states[ROOT])
        for segment in timeline.segments[1:]:
            record._take_up(timeline, segment)
        record.timeline, record.curve, record.metrics = timeline, curve, metrics
        record.diverged = diverged
        record._checkpoints.keep(spacing, states)
        return record

    def _take_up(self, timeline: Timeline[Edit], segment: Segment[Edit]) -> None:
        """Note what is trained in a segment, from its parent's and its edit."""
        problem = self._problems[timeline.segment_of(segment.parent).first]
        change = segment.change
        self._problems[segment.first] = problem if change is None else changed_problem(problem, change)

    def repeat(
        self,
        path: Iterable[tuple[str, Any]],
        losses: Iterable[tuple[int, int, float]],
        metrics: Iterable[tuple[int, int, Sequence[float]]],
        diverged: Iterable[int],
        states: Mapping[int, Snapshot],
    ) -> None:
        """Do what a journal tells, without computing it again."""
        timeline = self.timeline
        for kind, what in path:
            if kind == STEPS:
                timeline.append_steps(what)
            elif kind == EDIT:
                timeline.append_change(what)
            else:
                timeline.move(what)
            newest = timeline.segments[-1]
            if newest.first not in self._problems:
                self._take_up(timeline, newest)
        for segment, step, loss in losses:
            self.curve.add(segment, step, loss)
        for segment, step, row in metrics:
            self.metrics.add(segment, step, np.array(row))
        self.diverged.update(diverged)
        self._checkpoints.keep(self.spacing, states)
        self._loss = None

    def copy(self, node: int) -> Record:
        """Return a record of its own with the way to `node` and nothing else; its cursor stands there.

        Kept states are shared, not computed again. NotRecordedError for a node that was never reached.
        """
        self.timeline.segment_of(node)
        path = self.timeline.path(node)
        state, loss = self.state(node), self.loss(node)
        copy = Record(self._problems[ROOT], self._kept(ROOT))
        timeline = copy.timeline
        firsts: list[int] = []
        shifts: list[tuple[range, int]] = []
        for stretch in path:
            change, steps, first = stretch.segment.change, stretch.last - stretch.first, timeline.cursor
            if change is not None:
                timeline.append_change(change)
                first = timeline.cursor
                copy._problems[first] = self._problems[stretch.first]
            elif stretch.first > ROOT:
                # Steps that went on where older branches were in between: without those it is one segment.
                first, steps = timeline.cursor + 1, steps + 1
            timeline.append_steps(steps)
            firsts.append(timeline.segment_of(timeline.cursor).first)
            shifts.append((range(stretch.first, stretch.last + 1), first - stretch.first))

        def renumbered(old: int) -> int | None:
            return next((old + shift for nodes, shift in shifts if old in nodes), None)

        copy._checkpoints = self._checkpoints.copy(renumbered)
        copy._checkpoints.add(timeline.cursor, state)
        copy.diverged = {new for old in self.diverged if (new := renumbered(old)) is not None}
        copy.curve = self.curve.copy(path, firsts)
        copy.curve.add(firsts[-1], timeline.step_of(timeline.cursor), loss)
        copy.metrics = self.metrics.copy(path, firsts)
        return copy

    def _use(self, problem: Problem, snapshot: Snapshot) -> None:
        if problem is not self._problem:
            self._problem, self._trainer = problem, Trainer(problem)
        self._trainer.load(snapshot)

    def _restore(self, node: int) -> None:
        """Bring the trainer to `node`: from the nearest kept state, by repeating what was done since."""
        path = self.timeline.path(node)
        place = len(path) - 1
        while (at := self._checkpoints.last_within(path[place].first, path[place].last)) is None:
            place -= 1
        problem = self._problems[path[place].first]
        self._use(problem, self._kept(at))
        self._repeat(at, path[place].last)
        for stretch in path[place + 1 :]:
            change = stretch.segment.change
            if change is None:
                self._trainer.run(1)
            else:
                before, problem = problem, self._problems[stretch.first]
                self._use(problem, changed_snapshot(before, problem, self._trainer.snapshot(), change))
            self._repeat(stretch.first, stretch.last)

    def _kept(self, node: int) -> Snapshot:
        snapshot = self._checkpoints.get(node)
        assert snapshot is not None
        return snapshot

    def _repeat(self, at: int, last: int) -> None:
        """Run the trainer from `at` to `last`, keeping states that stepping back will ask for."""
        dense = last - self._checkpoints.recent_limit
        while at < last:
            target = max(at + 1, min(dense, self._checkpoints.next_after(at)))
            self._trainer.run(target - at)
            self._checkpoints.add(target, self._trainer.snapshot())
            at = target
