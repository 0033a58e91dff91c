"""A run of training under rules that end it; the rules look where an epoch ends, however the run is cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.session.reports import Advance
from core.session.shell import MAXIMUM_STEPS, Session

Reason = Literal["epochs", "loss", "accuracy", "no-improvement", "diverged"]


@dataclass(frozen=True)
class Patience:
    """Stop after `epochs` epochs in which the watched loss never fell by more than `minimum_change`.

    Source: Prechelt 1998, Early Stopping: But When?, the criterion UP in terms of epochs.
    """

    epochs: int
    minimum_change: float = 0.0


@dataclass(frozen=True)
class StopRules:
    """When a run ends; None: not for this reason. Without any it goes on until it is told to stop.

    `loss` and `accuracy` (0..1) are of the training set. `patience` watches the loss of the test set where
    there is one, else that of the training set; with `restore_best` the run then goes back to the epoch
    where it was least.
    """

    epochs: int | None = None
    loss: float | None = None
    accuracy: float | None = None
    patience: Patience | None = None
    restore_best: bool = False

    @property
    def watchful(self) -> bool:
        """Whether every epoch's end must be looked at, beyond counting."""
        return self.loss is not None or self.accuracy is not None or self.patience is not None


class TrainingRun:
    """A session's run from where it stands; `reason` says why it ended, None while it may go on.

    The same session with the same rules ends at the same step, whatever the pieces in which `advance` is
    called: rules are only looked at at epoch boundaries, and once before the first update.
    """

    def __init__(self, session: Session, rules: StopRules) -> None:
        self.session = session
        self.rules = rules
        self.from_step, self.from_epoch = session.step_count, session.epoch
        self.reason: Reason | None = None
        self._forget_losses()
        if session.status == "diverged":
            self.reason = "diverged"
        else:
            self._look(first=True)

    @property
    def to_epoch(self) -> int | None:
        """The epoch at which the run ends, None where it has no such end."""
        return None if self.rules.epochs is None else self.from_epoch + self.rules.epochs

    def advance(self, limit: int) -> Advance:
        """Apply at most `limit` updates (1 to 1,000), fewer where a rule looks or training diverges."""
        session = self.session
        boundary = session.steps_to_epoch_end()
        count = min(limit, MAXIMUM_STEPS)
        if self.rules.watchful:
            count = min(count, boundary)
        elif self.to_epoch is not None:
            left = boundary + (self.to_epoch - session.epoch - 1) * session.steps_per_epoch
            count = min(count, left)
        epoch = session.epoch
        report = session.advance(count)
        if session.status == "diverged":
            self.reason = "diverged"
        elif session.epoch > epoch:
            self._look()
        if self.reason is not None:
            self.settle()
        return report

    def settle(self) -> None:
        """Record where the run stands at its end; whoever ends it from outside calls this."""
        self.session.settle()

    def _forget_losses(self) -> None:
        """Let patience begin here: at the start, and where the loss that it watches became another one."""
        session = self.session
        self._problem = session.problem
        self.best_epoch, self._best_node, self.best_loss = session.epoch, session.node, self._watched()
        # Patience counts from the last fall that was large enough; the best may lie a little lower.
        self._fallen_to, self._fell_at = self.best_loss, session.epoch

    def _watched(self) -> float:
        session = self.session
        test = session.test_loss
        watched = session.loss if test is None else test
        return watched if watched == watched else float("inf")

    def _look(self, first: bool = False) -> None:
        session, rules = self.session, self.rules
        if rules.loss is not None and session.loss < rules.loss:
            self.reason = "loss"
        elif rules.accuracy is not None and (session.accuracy or 0.0) >= rules.accuracy:
            self.reason = "accuracy"
        elif rules.patience is not None and not first and self._is_patience_over(rules.patience):
            self.reason = "no-improvement"
            if rules.restore_best:
                self.settle()
                session.seek_node(self._best_node)
        elif self.to_epoch is not None and session.epoch >= self.to_epoch:
            self.reason = "epochs"

    def _is_patience_over(self, patience: Patience) -> bool:
        now, before = self.session.problem, self._problem
        if now.training.loss != before.training.loss or now.data is not before.data:
            self._forget_losses()
        watched, epoch = self._watched(), self.session.epoch
        if watched < self.best_loss:
            self.best_loss, self.best_epoch, self._best_node = watched, epoch, self.session.node
        if watched < self._fallen_to - patience.minimum_change:
            self._fallen_to, self._fell_at = watched, epoch
        return epoch - self._fell_at >= patience.epochs
