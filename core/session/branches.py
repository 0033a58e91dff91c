"""What a session's branches differ in, and how each of them went: records for comparing them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.history import ROOT, Chain, LossCurve, Segment, Timeline, branch_name, chains
from core.network import Array, BatchSpec, ClippingSpec, DataSet, LossSpec, ScheduleSpec, TrainingSpec
from core.penalties import PENALTIES
from core.session.record import Record
from core.session.specification import Edit
from core.training import Problem

MAXIMUM_BRANCHES = 12
MAXIMUM_POINTS = 256
MAXIMUM_CHANGES = 100
MAXIMUM_SETTINGS = 20

Kind = Literal[
    "optimizer",
    "learning_rate",
    "loss",
    "batch",
    "regularization",
    "dropout",
    "clipping",
    "schedule",
    "data",
    "sample",
    "value",
    "frozen",
    "network",
    "initializer",
    "seed",
    "edits",
]
Value = str | float | int | bool | None


@dataclass(frozen=True)
class Setting:
    """One thing that a change changed; `name` is a field such as `momentum`, or an element's id.

    `before` is None for a weight's or bias's value and for the sample: they move with every step.
    """

    kind: Kind
    name: str
    before: Value
    after: Value


@dataclass(frozen=True)
class ChangeRecord:
    """An edit: the node that it made, the step at which it was made, and at most 20 of what it changed."""

    node: int
    step: int
    settings: tuple[Setting, ...]
    more: int


@dataclass(frozen=True)
class Span:
    """Nodes `node`, `node` + 1 and so on of the steps `step` .. `last_step`."""

    node: int
    step: int
    last_step: int


@dataclass(frozen=True)
class Branch:
    """A branch's own part of the history, from where it leaves its parent on.

    `curve` has steps, last, least and greatest loss of the whole set, (n,) each with n at most 256; its last
    entry is the loss at the tip. `changes` are the newest 100, `more_changes` the number of older ones.
    """

    name: str
    parent: str | None
    tip: int
    current: bool
    from_node: int
    from_step: int
    last_step: int
    spans: tuple[Span, ...]
    changes: tuple[ChangeRecord, ...]
    more_changes: int
    training: TrainingSpec
    loss: float
    diverged: bool
    curve: tuple[Array, ...]


@dataclass(frozen=True)
class History:
    """At most 12 branches, the present one and those begun last, in the order in which they began."""

    node: int
    step: int
    root: int
    total: int
    branches: tuple[Branch, ...]


def history_of(record: Record) -> History:
    """Return the branches of a record, which stays as it is: only what it has kept is read."""
    timeline = record.timeline
    found = chains(timeline)
    tip = timeline.branch()[-1].last
    current = next(chain for chain in found if chain.tip == tip)
    others = [chain for chain in found if chain is not current][-(MAXIMUM_BRANCHES - 1) :]
    shown = sorted([*others, current], key=lambda chain: chain.number)
    return History(
        node=timeline.cursor,
        step=timeline.step_of(timeline.cursor),
        root=ROOT,
        total=len(found),
        branches=tuple(_branch(record, chain, chain is current) for chain in shown),
    )


def _branch(record: Record, chain: Chain[Edit], current: bool) -> Branch:
    timeline = record.timeline
    edits = [(segment, segment.change) for segment in chain.segments if segment.change is not None]
    from_step = timeline.step_of(chain.from_node)
    curve = branch_curve(record.curve, timeline, chain)
    return Branch(
        name=branch_name(chain.number),
        parent=None if chain.parent is None else branch_name(chain.parent),
        tip=chain.tip,
        current=current,
        from_node=chain.from_node,
        from_step=from_step,
        last_step=chain.last_step,
        spans=tuple(Span(each.first, each.step, each.step_of(each.tip)) for each in chain.segments),
        changes=tuple(_change(record, segment, edit) for segment, edit in edits[-MAXIMUM_CHANGES:]),
        more_changes=max(0, len(edits) - MAXIMUM_CHANGES),
        training=record.problem(chain.tip).training,
        # Where steps end their loss is always recorded.
        loss=float(curve[1][-1]),
        diverged=chain.tip in record.diverged,
        curve=curve,
    )


def branch_curve(curve: LossCurve, timeline: Timeline[Edit], chain: Chain[Edit]) -> tuple[Array, ...]:
    """Return the losses from where the branch leaves its parent to its tip, thinned: four (n,), n <= 256."""
    start = timeline.step_of(chain.from_node)
    steps, last, low, high = curve.arrays(timeline.path(chain.tip))
    own = steps >= start
    steps, last, low, high = steps[own], last[own], low[own].copy(), high[own].copy()
    if chain.parent is not None and steps[0] == start:
        # The bucket that ends here may reach back into what is the parent's alone.
        low[0] = high[0] = last[0]
    return thinned(steps, last, low, high)


def thinned(steps: Array, last: Array, low: Array, high: Array) -> tuple[Array, ...]:
    """Return a curve's four columns (n,) merged into at most 256 buckets; its beginning stays a point."""
    if len(steps) <= MAXIMUM_POINTS:
        return steps, last, low, high
    # Groups of neighbours after the first one.
    size = -(-(len(steps) - 1) // (MAXIMUM_POINTS - 1))
    begins = np.array([0, *range(1, len(steps), size)])
    ends = np.append(begins[1:], len(steps)) - 1
    # A loss that is none (nan) must not hide the others.
    return steps[ends], last[ends], np.fmin.reduceat(low, begins), np.fmax.reduceat(high, begins)


def _change(record: Record, segment: Segment[Edit], edit: Edit) -> ChangeRecord:
    settings = settings_of(edit, record.problem(segment.parent), record.problem(segment.first))
    more = max(0, len(settings) - MAXIMUM_SETTINGS)
    return ChangeRecord(segment.first, segment.step, tuple(settings[:MAXIMUM_SETTINGS]), more)


def settings_of(edit: Edit, before: Problem, after: Problem) -> list[Setting]:
    """Return what a resolved edit changed that led from one problem to the other; often nothing twice."""
    settings = training_settings(before.training, after.training)
    if isinstance(edit.data, DataSet):
        settings.append(Setting("data", "data", before.data.name, after.data.name))
        settings += preparation_settings(before.data, after.data)
    network = before.network
    for change in edit.parameters:
        if change.value is not None:
            settings.append(Setting("value", change.element, None, change.value))
        place = network.position(change.element)
        if change.frozen is not None and bool(before.frozen[place]) != change.frozen:
            settings.append(Setting("frozen", change.element, not change.frozen, change.frozen))
    if edit.current_sample is not None:
        settings.append(Setting("sample", "sample", None, edit.current_sample))
    return settings


def preparation_settings(before: DataSet, after: DataSet) -> list[Setting]:
    """Return in what the formula, the split, the scaling and the features of two data sets differ."""
    old, new = before.preparation, after.preparation
    pairs: list[tuple[str, Value, Value]] = [
        ("expression", before.expression or None, after.expression or None),
        ("test_share", old.split.test_share, new.split.test_share),
        ("split_seed", old.split.seed, new.split.seed),
        ("features", ", ".join(old.features) or None, ", ".join(new.features) or None),
        ("scaling", old.scaling, new.scaling),
        ("target_scaling", old.target_scaling, new.target_scaling),
    ]
    return [Setting("data", name, one, other) for name, one, other in pairs if one != other]


def training_settings(before: TrainingSpec, after: TrainingSpec) -> list[Setting]:
    """Return in what two ways of training differ; another optimizer's own numbers have no value before."""
    settings: list[Setting] = []
    old, new = before.optimizer, after.optimizer
    if old.name != new.name:
        settings.append(Setting("optimizer", "name", old.name, new.name))
    for name, value in new.parameters.items():
        # Another optimizer's own numbers had no value before.
        earlier = old.parameters.get(name) if old.name == new.name or name == "learning_rate" else value
        if earlier != value:
            kind: Kind = "learning_rate" if name == "learning_rate" else "optimizer"
            settings.append(Setting(kind, name, earlier, value))
    settings += _loss(before.loss, after.loss) + _batch(before.batch, after.batch)
    for penalty in PENALTIES:
        earlier = getattr(before.regularization, penalty.name)
        later = getattr(after.regularization, penalty.name)
        if earlier != later:
            settings.append(Setting("regularization", penalty.name, earlier, later))
    if before.dropout != after.dropout:
        settings.append(Setting("dropout", "dropout", before.dropout, after.dropout))
    settings += _named("clipping", before.clipping, after.clipping)
    return settings + _named("schedule", before.schedule, after.schedule)


def _named(
    kind: Literal["clipping", "schedule"],
    old: ClippingSpec | ScheduleSpec,
    new: ClippingSpec | ScheduleSpec,
) -> list[Setting]:
    """Return another entry's name with the numbers that it starts with, or the same entry's new numbers."""
    settings = [Setting(kind, "name", old.name, new.name)] if old.name != new.name else []
    for name, value in new.parameters.items():
        earlier = old.parameters.get(name) if old.name == new.name else None
        if earlier != value:
            settings.append(Setting(kind, name, earlier, value))
    return settings


def _loss(old: LossSpec, new: LossSpec) -> list[Setting]:
    pairs: list[tuple[str, Value, Value]] = [
        ("name", old.name, new.name),
        ("coefficient", old.coefficient, new.coefficient),
        ("outputs", old.outputs, new.outputs),
        ("batch", old.batch, new.batch),
    ]
    return [Setting("loss", name, before, after) for name, before, after in pairs if before != after]


def _batch(old: BatchSpec, new: BatchSpec) -> list[Setting]:
    pairs: list[tuple[str, Value, Value]] = [
        ("mode", old.mode, new.mode),
        ("order", old.order, new.order),
    ]
    # The size counts where batches are small ones; elsewhere it only waits.
    if new.mode == "mini":
        pairs.insert(1, ("size", old.size if old.mode == "mini" else None, new.size))
    return [Setting("batch", name, before, after) for name, before, after in pairs if before != after]
