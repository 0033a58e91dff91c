"""Training: the trainer that advances a problem's snapshot through the plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.losses import check_loss
from core.network import Array, read_only
from core.optimizers import OPTIMIZERS
from core.plan import Batches, Evaluation, Plan, Workspace, build_plan
from core.registry import complete_parameters
from core.schedules import scheduled_rate
from core.snapshot import (
    Order,
    Problem,
    Snapshot,
    begin_epoch,
    draw_order,
    generator_of,
    reset_optimizer,
    start,
)

__all__ = [
    "OnLoss",
    "Problem",
    "RunReport",
    "Snapshot",
    "Trainer",
    "begin_epoch",
    "generator_of",
    "reset_optimizer",
    "start",
]

OnLoss = Callable[[int, float], None]


@dataclass(frozen=True)
class RunReport:
    """What a run did: the updates it applied, and whether it stopped before one that would not be finite."""

    applied: int
    diverged: bool


class Trainer:
    """Advances a problem's parameters, one step or many, with the same bits either way.

    Raises InvalidInputError where the loss does not suit the network (`check_loss`), UnknownNameError for
    names.
    """

    # Steps between two checks for numbers that are not finite. It decides nothing but speed.
    CHUNK = 1024

    def __init__(self, problem: Problem) -> None:
        check_loss(problem.training.loss, problem.network, "/training/loss")
        self.problem = problem
        self._optimizer = OPTIMIZERS.get(problem.training.optimizer.name)
        spec, dtype = problem.training, np.dtype(problem.training.precision)
        settings = complete_parameters(self._optimizer.parameters, spec.optimizer.parameters)
        self._rate = settings["learning_rate"]
        self._scheduled = spec.schedule.name != "constant"
        self._work = Workspace(
            self._optimizer,
            problem.network.parameter_count,
            problem.frozen,
            self._rate,
            self._scheduled,
            dtype,
        )
        self._kept = np.empty_like(self._work.arena)
        self._length = problem.batch_length
        self._shuffled = problem.training.batch.order == "shuffled"
        data = problem.data
        self._unit_targets = bool((data.targets.sum(axis=1) == 1.0).all())
        self._plans: dict[int, Plan] = {}
        self._batches = Batches(
            problem.network, data.inputs, data.targets, self._length, dtype, self._plan, self._shuffled
        )
        self._first = 0
        self._next = 0
        self._evaluation: Evaluation | None = None
        self._order = data.stored_order
        self._step = self._epoch = 0

    # --- state in and out ---------------------------------------------------------------------------------

    def load(self, snapshot: Snapshot) -> None:
        """Take over a snapshot of this problem; frozen parameters' optimizer state becomes zero."""
        work = self._work
        np.copyto(work.theta, snapshot.vector)
        for name, values in work.state.items():
            np.copyto(values, snapshot.optimizer_state[name])
            values[work.frozen] = 0.0
        work.count = snapshot.optimizer_count
        work.generator = generator_of(snapshot.generator_state)
        self._step, self._epoch = snapshot.step, snapshot.epoch
        self._follow_schedule()
        self._set_order(snapshot.order)
        self._cut(snapshot.position)

    def snapshot(self) -> Snapshot:
        """Return the present state as a record of its own."""
        work = self._work
        return Snapshot(
            vector=read_only(work.theta),
            optimizer_state={name: read_only(values) for name, values in work.state.items()},
            optimizer_count=work.count,
            generator_state=work.generator.bit_generator.state,
            step=self._step,
            epoch=self._epoch,
            position=self._position,
            order=self._order,
        )

    @property
    def _position(self) -> int:
        return self._first + self._next * self._length

    def next_batch(self) -> tuple[int, ...]:
        """Return the data set's rows that the next step trains on."""
        return tuple(self._order[self._position : self._position + self._length].tolist())

    def prepare(self) -> None:
        """Make what the next step is computed with now, where that has not been done."""
        self._batches.step(self._next)

    def steps_to_epoch_end(self) -> int:
        """Return how many updates remain in this pass over the set, at least 1."""
        return len(self._batches) - self._next

    @property
    def vector(self) -> Array:
        """The present parameters (P,), a view that the next update changes."""
        return self._work.theta

    def loss(self) -> float:
        """Return the loss of the whole set with the present parameters."""
        if self._evaluation is None:
            problem = self.problem
            data, theta = problem.data, self._work.theta
            self._evaluation = Evaluation(
                problem.network, problem.training.loss, theta, data.inputs, data.targets
            )
        with np.errstate(all="ignore"):
            return self._evaluation.loss()

    @property
    def nbytes(self) -> int:
        """How many bytes its arrays take: what it needs while it is in memory."""
        vectors = self._work.nbytes + self._kept.nbytes
        plans = sum(plan.nbytes for plan in self._plans.values())
        evaluation = 0 if self._evaluation is None else self._evaluation.nbytes
        return vectors + self._batches.nbytes + plans + evaluation

    # --- steps --------------------------------------------------------------------------------------------

    def run(self, count: int, on_loss: OnLoss | None = None, every: int = 1) -> RunReport:
        """Apply up to `count` updates; stop before one whose parameters or state would not be finite.

        `on_loss(step, loss of the whole set)` is called after every `every`-th update of this call, though
        not at once: it waits until the updates around it are known to be finite.
        """
        applied = 0
        with np.errstate(all="ignore"):
            while applied < count:
                chunk = min(self.CHUNK, count - applied)
                if self._attempt(chunk, applied, on_loss, every):
                    applied += chunk
                    continue
                # Somewhere in this chunk: find where, one step at a time.
                while chunk and self._attempt(1, applied, on_loss, every):
                    applied += 1
                    chunk -= 1
                return RunReport(applied, diverged=True)
        return RunReport(applied, diverged=False)

    def _attempt(self, count: int, applied: int, on_loss: OnLoss | None, every: int) -> bool:
        """Make `count` updates, or none and return False if they end with a number that is not finite.

        A number that is not finite never becomes finite again: every rule carries it on, so one look is
        enough.
        """
        work = self._work
        np.copyto(self._kept, work.arena)
        kept = (work.count, work.generator.bit_generator.state, self._step, self._epoch, self._position)
        order = self._order
        losses: list[tuple[int, float]] = []
        done = 0
        while done < count:
            part = count - done if on_loss is None else min(count - done, every - (applied + done) % every)
            self._advance(part)
            done += part
            if on_loss is not None and (applied + done) % every == 0:
                losses.append((self._step, self.loss()))
        if not np.isfinite(work.arena).all():
            np.copyto(work.arena, self._kept)
            work.count, work.generator.bit_generator.state, self._step, self._epoch, position = kept
            self._follow_schedule()
            self._set_order(order)
            self._cut(position)
            return False
        if on_loss is not None:
            for step, loss in losses:
                on_loss(step, loss)
        return True

    def _advance(self, count: int) -> None:
        updates = self._work.count + count
        if len(self._batches) == 1 and self._first == 0 and not self._shuffled:
            step = self._batches.step(0)
            if self._scheduled:
                for _ in range(count):
                    step(1)
                    self._epoch += 1
                    self._follow_schedule()
            else:
                step(count)
                self._epoch += count
        else:
            self._advance_batches(count)
        self._step += count
        self._work.count = updates

    def _advance_batches(self, count: int) -> None:
        batches = self._batches
        while count:
            last = min(self._next + count, len(batches))
            batches.run(self._next, last)
            count -= last - self._next
            self._next = last
            if last == len(batches):
                self._end_epoch()

    # --- batches ------------------------------------------------------------------------------------------

    def _end_epoch(self) -> None:
        self._epoch += 1
        self._follow_schedule()
        self._next = 0
        if self._shuffled:
            self._set_order(draw_order(self.problem, self._work.generator))
        if self._first:
            self._cut(0)

    def _follow_schedule(self) -> None:
        """Set the learning rate of this epoch's steps."""
        if self._scheduled:
            spec = self.problem.training.schedule
            self._work.set_rate(scheduled_rate(spec.name, spec.parameters, self._rate, self._epoch))

    def _set_order(self, order: Order) -> None:
        self._order = order
        self._batches.arrange(order)

    def _cut(self, position: int) -> None:
        """Cut the epoch into batches such that one starts at `position`."""
        self._first = position % self._length
        self._next = position // self._length
        self._batches.cut(self._first)

    def _plan(self, length: int) -> Plan:
        if length not in self._plans:
            problem = self.problem
            self._plans[length] = build_plan(
                problem.network, problem.training, self._work, length, self._unit_targets
            )
        return self._plans[length]
