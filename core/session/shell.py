"""The one mutable object of the core: a specification, its recorded run, and the state at the cursor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import ConflictError, DivergedError
from core.history import ROOT
from core.initializers import INITIALIZERS
from core.losses import batch_loss, loss_parts
from core.network import Array, DataSet, NetworkSpec, Parameters, TrainingSpec, read_only
from core.pictures.scores import Judge, accuracy
from core.pictures.surface import Visit
from core.propagation import explain, predict
from core.registry import complete_parameters
from core.schedules import scheduled_rate
from core.session.branches import History, history_of
from core.session.comparison import Difference, RunCurve, Side, difference, run_curve
from core.session.editing import changed_problem, data_bytes, resolve, unchanged_problem
from core.session.recipe import actions_of, creation_of
from core.session.record import Record
from core.session.reports import Advance, Divergence, Metrics, StepReport
from core.session.specification import Edit, InitializerSpec, SessionSpec
from core.session.validation import (
    MAXIMUM_SEED,
    check_whole,
    checked_data,
    checked_initial,
    checked_network,
    checked_training,
    target_range,
)
from core.trace import Trace
from core.training import Problem, Snapshot, start

Status = Literal["ready", "paused", "diverged"]
Unit = Literal["step", "epoch"]

MAXIMUM_STEPS = 1000
MAXIMUM_LOSSES = 64
MAXIMUM_DATA_BYTES = 4_000_000
# A data set is told, in the recipe and in replies, in single numbers: four times as large as in an array.
_TOLD = 4


class Session:
    """A network being trained, with everything that was done to it; one thread at a time may use it.

    The state is always that of the timeline's node `node`. `edit` appends a node; `step` follows recorded
    steps before it computes new ones; `seek_node` and `seek_step` go anywhere and restore the state bit
    for bit.
    """

    def __init__(self, spec: SessionSpec, record: Record) -> None:
        """Use `Session.create`, which checks the specification."""
        self.spec = spec
        self._record = record
        self._data_bytes = sum(data_bytes(change) for change in record.timeline.changes)
        self._divergence: tuple[int, Divergence] | None = None
        self._passed: tuple[int, Array, Array] | None = None
        self._here: tuple[int, Problem] | None = None
        self._judge: tuple[DataSet, Judge | None] | None = None
        self._created: dict[str, Any] | None = None

    @classmethod
    def create(cls, spec: SessionSpec) -> Session:
        """Return a new session at step 0; InvalidInputError with a pointer where `spec` does not fit."""
        check_whole(spec.seed, 0, MAXIMUM_SEED, "/seed")
        network = checked_network(spec.network)
        training = checked_training(spec.training, network)
        data = checked_data(spec.data, network, spec.seed)
        initializer = INITIALIZERS.get(spec.initializer.name, "/network/initializer/name")
        pointer = "/network/initializer/parameters"
        numbers = complete_parameters(initializer.parameters, spec.initializer.parameters, pointer)
        generator = np.random.default_rng(spec.seed)
        if spec.initial is None:
            vector = read_only(initializer.draw(network, generator, numbers, pointer))
        else:
            vector = read_only(checked_initial(spec.initial, network))
        spec = replace(
            spec,
            network=network,
            training=training,
            data=data,
            initializer=InitializerSpec(initializer.name, numbers),
            initial=None if spec.initial is None else vector,
        )
        problem = unchanged_problem(network, training, data)
        return cls(spec, Record(problem, start(problem, vector, generator)))

    @property
    def record(self) -> Record:
        """Everything that was done, for whoever writes it down."""
        return self._record

    @property
    def problem(self) -> Problem:
        """What is trained now: network, training, data, frozen parameters."""
        node = self._record.timeline.cursor
        if self._here is None or self._here[0] != node:
            # What was trained at a node never changes.
            self._here = (node, self._record.problem(node))
        return self._here[1]

    @property
    def network(self) -> NetworkSpec:
        """The network's specification."""
        return self.spec.network

    @property
    def training(self) -> TrainingSpec:
        """How a step is made now."""
        return self.problem.training

    @property
    def data(self) -> DataSet:
        """The present training set."""
        return self.problem.data

    @property
    def frozen(self) -> NDArray[np.bool_]:
        """Which parameters no update may move, (P,), fixed biases among them."""
        return self.problem.frozen

    @property
    def snapshot(self) -> Snapshot:
        """Everything that decides the future."""
        return self._record.state(self.node)

    @property
    def parameters(self) -> Parameters:
        """All weights and biases; the vector is read-only."""
        return Parameters(self.network, self.snapshot.vector)

    @property
    def node(self) -> int:
        """The timeline's node at which the session stands."""
        return self._record.timeline.cursor

    @property
    def undo_node(self) -> int | None:
        """The node before, or None at the beginning."""
        return self._record.timeline.parent(self.node)

    @property
    def redo_node(self) -> int | None:
        """The node after, on the branch that was visited last, or None at its tip."""
        return self._record.timeline.preferred_child(self.node)

    @property
    def last_step(self) -> int:
        """The last recorded step of the present branch."""
        tip = self._record.timeline.branch()[-1]
        return tip.segment.step_of(tip.last)

    @property
    def branches(self) -> int:
        """How many tips the timeline has."""
        return self._record.timeline.branches

    @property
    def step_count(self) -> int:
        """How many updates led here: the k of the next update's trace."""
        return self._record.timeline.step_of(self.node)

    @property
    def epoch(self) -> int:
        """How many passes over the training set are complete."""
        return self.snapshot.epoch

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step: the optimizer's, as the schedule has it in this epoch."""
        training = self.training
        rate = float(training.optimizer.parameters["learning_rate"])
        return scheduled_rate(training.schedule.name, training.schedule.parameters, rate, self.epoch)

    @property
    def epoch_position(self) -> int:
        """How many batches of the present epoch are done."""
        return -(-self.snapshot.position // self.training.batch.length(self.data.size))

    @property
    def steps_per_epoch(self) -> int:
        """How many batches make an epoch, a short last one included."""
        return -(-self.data.size // self.training.batch.length(self.data.size))

    def steps_to_epoch_end(self) -> int:
        """Return how many updates complete the present epoch."""
        return self._record.trainer(self.node).steps_to_epoch_end()

    def next_batch(self) -> tuple[int, ...]:
        """Return the rows that the next update is made from."""
        return self._record.trainer(self.node).next_batch()

    @property
    def loss(self) -> float:
        """The loss of the whole training set."""
        return self._record.loss(self.node)

    @property
    def status(self) -> Status:
        """`ready` before the first step, `diverged` where the next one would hold a non-finite number."""
        if self.node in self._record.diverged:
            return "diverged"
        return "paused" if self.step_count else "ready"

    @property
    def divergence(self) -> Divergence | None:
        """What went wrong, while the status is `diverged`."""
        if self.status != "diverged":
            return None
        if self._divergence is None or self._divergence[0] != self.node:
            element = explain(self.problem, self.snapshot).first_nonfinite
            rate = float(self.training.optimizer.parameters["learning_rate"])
            self._divergence = (self.node, Divergence(self.step_count, element, rate, rate / 2.0))
        return self._divergence[1]

    def _on_the_set(self) -> tuple[Array, Array]:
        """Return the output layer's net inputs and activations for every row; a node's are kept."""
        if self._passed is None or self._passed[0] != self.node:
            last = predict(self.network, self.snapshot.vector, self.data.inputs)[-1]
            self._passed = (self.node, *last)
        return self._passed[1:]

    def outputs(self) -> Array:
        """Return the network's outputs for every row, (N, n_out)."""
        return self._on_the_set()[1]

    def losses(self) -> Array:
        """Return every row's own loss, (N,), without a batch factor."""
        net_input, activation = self._on_the_set()
        with np.errstate(all="ignore"):
            parts = loss_parts(self.training.loss, activation, self.data.targets, net_input)
            return np.asarray(parts.sum(axis=1))

    @property
    def accuracy(self) -> float | None:
        """The share of rows classified rightly, 0..1; None where the targets are not classes."""
        data = self.data
        if self._judge is None or self._judge[0] is not data:
            self._judge = (data, Judge.of(data.targets, target_range(self.network)))
        judge = self._judge[1]
        return None if judge is None else float(judge.right(self.outputs()).mean())

    @property
    def classifies(self) -> bool:
        """Whether the targets are classes: no and yes as the output activation means them, or named."""
        data, pair = self.data, target_range(self.network)
        return bool(data.classes) or (pair is not None and bool(np.isin(data.targets, pair).all()))

    def test_outputs(self) -> Array:
        """Return the network's outputs for every test row, (M, n_out)."""
        return predict(self.network, self.snapshot.vector, self.data.test_inputs)[-1][1]

    @property
    def test_loss(self) -> float | None:
        """The loss of all test rows, by the conventions of training; None without test rows."""
        data, spec = self.data, self.training.loss
        if not data.test_size:
            return None
        net_input, activation = predict(self.network, self.snapshot.vector, data.test_inputs)[-1]
        with np.errstate(all="ignore"):
            return batch_loss(spec, loss_parts(spec, activation, data.test_targets, net_input).sum(axis=1))

    @property
    def test_accuracy(self) -> float | None:
        """The share of test rows classified rightly, 0..1; None without any, or where they are no classes."""
        if not self.data.test_size:
            return None
        return accuracy(self.test_outputs(), self.data.test_targets, target_range(self.network))

    def step(self, count: int = 1, unit: Unit = "step") -> StepReport:
        """Apply `count` updates, or run over `count` epoch boundaries; at most 1,000 updates in one call.

        Recorded steps are followed, then new ones computed. InvalidInputError for a count out of range.
        """
        check_whole(count, 1, MAXIMUM_STEPS, "/count")
        if unit == "epoch":
            count = self.steps_to_epoch_end() + (count - 1) * self.steps_per_epoch
        count = min(count, MAXIMUM_STEPS)
        before = (self.step_count, self.loss)
        followed, losses = self._record.follow(count)
        applied = followed
        if followed < count:
            computed, more = self._record.advance(count - followed)
            applied, losses = applied + computed, losses + more
        while len(losses) > MAXIMUM_LOSSES:
            losses = losses[(len(losses) + 1) % 2 :: 2]
        return StepReport(applied, before, (self.step_count, self.loss), losses, self.status == "diverged")

    def advance(self, count: int) -> Advance:
        """Apply at most `count` updates as `step` does; return what was measured of them on the way.

        For a run in many pieces, whose ends are of no interest: of the loss of the whole set only what the
        curve wants is computed. Once it has ended, `settle` records where.
        """
        followed, losses = self._record.follow(count)
        if followed == count:
            return Advance(followed, losses)
        computed, more = self._record.advance(count - followed, ends=False)
        return Advance(followed + computed, losses + more)

    def settle(self) -> None:
        """Record the loss of the present state, after calls of `advance`."""
        self._record.settle()

    def seek_node(self, node: int) -> None:
        """Go to a node of the timeline; NotRecordedError if there is none."""
        self._record.seek(node)

    def seek_step(self, step: int) -> None:
        """Go to the last node of that step on the present branch; NotRecordedError if there is none."""
        self._record.seek(self._record.timeline.at_step(step))

    @contextmanager
    def standing_at(self, node: int) -> Iterator[None]:
        """Let the session stand at a node for a while, only to be read; then it stands where it stood."""
        timeline = self._record.timeline
        place = timeline.place
        timeline.move(node)
        try:
            yield
        finally:
            timeline.place = place

    def prepare(self) -> None:
        """Make what the next update needs already now, so that `kept_bytes` holds it."""
        self._record.trainer(self.node).prepare()

    @property
    def kept_bytes(self) -> int:
        """About how much memory it takes, in bytes: kept states, curves, data sets, and what steps need."""
        first, present = self._record.problem(ROOT).data.nbytes, self.data.nbytes
        return self._record.kept_bytes + self._data_bytes + first + _TOLD * (first + present)

    def fork(self, node: int | None = None, step: int | None = None) -> Session:
        """Return a new session at `node`, at a step of the present branch or here, with the same past.

        Everything that decides its future is the same bit for bit; what is done to one session does not touch
        the other. NotRecordedError if there is no such place.
        """
        if node is None:
            node = self.node if step is None else self._record.timeline.at_step(step)
        return Session(self.spec, self._record.copy(node))

    def history(self) -> History:
        """Return the branches, those of most interest with their curves; nothing is computed for it."""
        return history_of(self._record)

    def difference(self, other: Session) -> Difference:
        """Return in what the other session differs from this one, each where it stands."""
        mine, its = (Side(each.spec, each._record, each.node) for each in (self, other))
        return difference(mine, its)

    def run_curve(self) -> RunCurve:
        """Return the losses of the present branch by steps and by epochs, thinned for overlaying."""
        return run_curve(self._record)

    def edit(self, edit: Edit) -> None:
        """Check the change as a whole, then apply it as one new node; without an effect no node is made.

        InvalidInputError where something does not fit, ConflictError at the limits of memory; nothing has
        changed then.
        """
        resolved = resolve(edit, self.problem, self.spec.seed)
        if resolved.empty:
            return
        size = data_bytes(resolved)
        if self._data_bytes + size > MAXIMUM_DATA_BYTES:
            raise ConflictError(code="too-much-data", limit=MAXIMUM_DATA_BYTES)
        self._record.change(resolved, changed_problem(self.problem, resolved))
        self._data_bytes += size

    def trace(self, step: int | None = None) -> Trace:
        """Return the trace of step k, which maps theta_k to theta_{k+1}; by default of the next update.

        k lies on the present branch, or is its next step; else NotRecordedError. Once the session has
        diverged, there is no next update (DivergedError), but k = the failing step shows the values that
        failed.
        """
        if step is None and self.status == "diverged":
            raise DivergedError(step=self.step_count)
        here = step is None or step == self.step_count
        node = self.node if here or step is None else self._record.timeline.at_step(step)
        return explain(self._record.problem(node), self._record.state(node), self._record.peek(node))

    def curve(self) -> tuple[NDArray[np.float64], ...]:
        """Return steps and last, minimum and maximum losses of the present branch, (n,) each, n <= 4096."""
        return self._record.curve.arrays(self._record.timeline.branch())

    def metrics(self) -> Metrics:
        """Return what was measured along the present branch, the present step among it."""
        steps, rows = self._record.metrics.arrays(self._record.timeline.branch())
        place = int(np.searchsorted(steps, self.step_count))
        if place == len(steps) or steps[place] != self.step_count:
            steps = np.insert(steps, place, self.step_count)
            rows = np.insert(rows, place, self._record.measured(self.node), axis=0)
        return Metrics.of(self.network, self.training.loss, steps, rows)

    def visits(self, limit: int = 100) -> list[Visit]:
        """Return some of the states on the way here, the present one last."""
        return self._record.visits(limit)

    @property
    def initial(self) -> Array:
        """The parameters (P,) at step 0, read-only."""
        return self._record.state(0).vector

    def recipe(self) -> dict[str, Any]:
        """Return the requests that lead to the present state, JSON-able: `create` and `actions` after it."""
        assert isinstance(self.spec.data, DataSet)
        if self._created is None:
            self._created = creation_of(self.spec, self.spec.data)
        return {"create": self._created, "actions": actions_of(self._record.timeline.path(self.node))}
