"""Sessions beside each other as a reply."""

from __future__ import annotations

from app.presenters.numbers import Numbers
from app.presenters.session import present_training
from app.schemas.experiments import ComparedRun, RunCurve
from app.schemas.history import SettingReply
from app.store import Handle


def present_run(handle: Handle, first: Handle, numbers: Numbers, pointer: str) -> ComparedRun:
    """Return a session where it stands, with what sets it apart from the first one."""
    session = handle.session
    curve = session.run_curve()
    difference = first.session.difference(session)
    test_loss = session.test_loss
    return ComparedRun(
        id=handle.id,
        label=handle.label,
        preset=session.spec.preset,
        sizes=list(session.network.sizes),
        training=present_training(session.training),
        status="training" if handle.is_training else session.status,
        step=session.step_count,
        epoch=session.epoch,
        to_epoch=handle.run.reply().to_epoch if handle.run is not None and handle.is_training else None,
        loss=numbers.number(session.loss, f"{pointer}/loss"),
        accuracy=session.accuracy,
        test_loss=None if test_loss is None else numbers.number(test_loss, f"{pointer}/test_loss"),
        test_accuracy=session.test_accuracy,
        changes=[
            SettingReply(kind=setting.kind, name=setting.name, before=setting.before, after=setting.after)
            for setting in difference.settings
        ],
        more=difference.more,
        same_start=difference.same_start,
        curve=RunCurve(
            steps=[int(step) for step in curve.steps],
            epochs=[float(epoch) for epoch in curve.epochs],
            last=numbers.vector(curve.last, f"{pointer}/curve/last"),
            minimum=numbers.vector(curve.minimum, f"{pointer}/curve/minimum"),
            maximum=numbers.vector(curve.maximum, f"{pointer}/curve/maximum"),
        ),
    )
