"""The branches of a session as a reply."""

from __future__ import annotations

from app.presenters.numbers import Numbers
from app.schemas.history import (
    BranchCurve,
    BranchReply,
    BranchTraining,
    ChangeReply,
    HistoryReply,
    SettingReply,
    SpanReply,
)
from app.schemas.session import BatchReply
from core.network import TrainingSpec
from core.session import Branch, ChangeRecord, Session


def present_history(session: Session) -> HistoryReply:
    """Return the branches with their curves; the session stays where it is."""
    numbers = Numbers()
    record = session.history()
    return HistoryReply(
        node=record.node,
        step=record.step,
        epoch=session.epoch,
        root=record.root,
        total=record.total,
        omitted=record.total - len(record.branches),
        branches=[
            _branch(branch, numbers, f"/branches/{index}") for index, branch in enumerate(record.branches)
        ],
        nonfinite=numbers.nonfinite,
    )


def _branch(branch: Branch, numbers: Numbers, pointer: str) -> BranchReply:
    steps, last, minimum, maximum = branch.curve
    return BranchReply(
        name=branch.name,
        parent=branch.parent,
        tip=branch.tip,
        current=branch.current,
        from_node=branch.from_node,
        from_step=branch.from_step,
        last_step=branch.last_step,
        spans=[SpanReply(node=span.node, step=span.step, last_step=span.last_step) for span in branch.spans],
        changes=[_change(change) for change in branch.changes],
        more_changes=branch.more_changes,
        training=_training(branch.training),
        loss=numbers.number(branch.loss, f"{pointer}/loss"),
        diverged=branch.diverged,
        curve=BranchCurve(
            steps=[int(step) for step in steps],
            last=numbers.vector(last, f"{pointer}/curve/last"),
            minimum=numbers.vector(minimum, f"{pointer}/curve/minimum"),
            maximum=numbers.vector(maximum, f"{pointer}/curve/maximum"),
        ),
    )


def _change(change: ChangeRecord) -> ChangeReply:
    return ChangeReply(
        node=change.node,
        step=change.step,
        kinds=list(dict.fromkeys(setting.kind for setting in change.settings)),
        settings=[
            SettingReply(kind=setting.kind, name=setting.name, before=setting.before, after=setting.after)
            for setting in change.settings
        ],
        more=change.more,
    )


def _training(training: TrainingSpec) -> BranchTraining:
    optimizer, batch = training.optimizer, training.batch
    return BranchTraining(
        optimizer=optimizer.name,
        learning_rate=float(optimizer.parameters["learning_rate"]),
        loss=training.loss.name,
        batch=BatchReply(mode=batch.mode, size=batch.size, order=batch.order),
    )
