"""A session's training that goes on by itself, in short turns of the compute thread."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import Literal

from app.live.frames import event, present_end, present_frame
from app.live.losses import Losses, RecentLosses
from app.live.pace import Clock, Pace, Quantum, Speed
from app.live.readers import Reader
from app.runner import Runner
from app.schemas.session import RunReply
from app.settings import Settings
from app.store import Handle
from core.errors import DeltaboardError
from core.session import TrainingRun

EndReason = Literal["epochs", "loss", "accuracy", "no-improvement", "paused", "diverged", "error"]

# A reader that is not ready when its frame is due is looked at again after so many seconds.
_LOOK_AGAIN = 0.01


class Run:
    """Training under way. All of it happens in the compute thread but for `leave`.

    A turn applies updates for about the setting `quantum_seconds`; with `steps_per_second` no more than are
    due by then. Time decides when updates are made, never which: the numbers are those of any other way.
    """

    def __init__(
        self,
        handle: Handle,
        training: TrainingRun,
        settings: Settings,
        steps_per_second: float | None,
        watched: bool,
        clock: Clock = time.perf_counter,
        keep: Callable[[Handle], None] = lambda handle: None,
        runs: Callable[[], int] = lambda: 1,
    ) -> None:
        self.reason: EndReason | None = None
        self._handle = handle
        self._training = training
        self._session = training.session
        self._settings = settings
        self._clock = clock
        now = clock()
        self._pace = Pace(steps_per_second, now)
        self._quantum = Quantum(settings.quantum_seconds)
        self._problem = self._session.problem
        self._speed = Speed(self._epochs, now)
        self._error: str | None = None
        self._ended: RunReply | None = None
        self._readers: tuple[Reader, ...] = ()
        self._joining = threading.Lock()
        # A run that nobody was ever to watch is not given up for being unwatched.
        self._unwatched_since = now if watched else None
        self._losses = RecentLosses()
        self.begun = now
        # How the session is marked to be stored, and when that is due.
        self._keep = keep
        self._keep_due = now
        # How many runs share the compute thread, this one included.
        self._runs = runs
        self._frame_seconds = 0.0
        self._next_frame = math.inf

    @property
    def _epochs(self) -> float:
        session = self._session
        return session.epoch + session.epoch_position / session.steps_per_epoch

    def set_pace(self, steps_per_second: float | None) -> None:
        """Go on at another speed from now; None: as fast as it goes."""
        self._pace = Pace(steps_per_second, self._clock())

    # --- readers ------------------------------------------------------------------------------------------

    def join(self, reader: Reader) -> None:
        """Let a reader watch from the present state on; called in the compute thread, before the end."""
        now, step = self._clock(), self._session.step_count
        Reader.deliver([(reader, self._frame(reader, []))], step)
        self._plan(reader, now)
        with self._joining:
            self._readers = (*self._readers, reader)
            self._unwatched_since = None

    def leave(self, reader: Reader) -> None:
        """Forget a reader; the run goes on. Called in the event loop."""
        with self._joining:
            self._readers = tuple(other for other in self._readers if other is not reader)
            if not self._readers and self._unwatched_since is None:
                self._unwatched_since = self._clock()

    def _plan(self, reader: Reader, now: float) -> None:
        """Set when a reader's next frame is due.

        On one grid of time, so that readers who want the same share their frames; and so seldom that large
        frames, or those of a whole class, leave most of the time to training.
        """
        settings = self._settings
        seldom = self._frame_seconds * max(1.0 / settings.frame_share, self._runs() / settings.frames_share)
        interval = max(1.0 / reader.view.frames_per_second, seldom)
        reader.due = self.begun + (math.floor((now - self.begun) / interval) + 1.0) * interval
        self._next_frame = min(self._next_frame, reader.due)

    def _frame(self, reader: Reader, losses: Losses) -> bytes:
        step = self._session.step_count
        if losses and losses[-1][0] < step:
            # The present loss is part of the frame in any case, and the end of the curve.
            losses = [*losses, (step, self._session.loss)]
        limit = self._settings.frame_operations
        return event("frame", present_frame(self._session, self.reply(), losses, reader.view.boundary, limit))

    def _tell(self, now: float) -> None:
        """Give a frame to the readers who wait for one that is due; who sees the same gets the same bytes."""
        if now < self._next_frame:
            return
        step, readers = self._session.step_count, self._readers
        made: dict[tuple[object, int], bytes] = {}
        handed = []
        for reader in readers:
            if not reader.waits or reader.due > now or reader.seen == step:
                continue
            key = (reader.view.boundary, reader.seen)
            if key not in made:
                before = self._clock()
                made[key] = self._frame(reader, self._losses.after(reader.seen))
                self._frame_seconds = self._clock() - before
            handed.append((reader, made[key]))
            self._plan(reader, now)
        Reader.deliver(handed, step)
        self._next_frame = min((reader.due for reader in readers), default=math.inf)
        self._losses.forget(min((reader.seen for reader in readers), default=step))

    # --- turns: called in the compute thread --------------------------------------------------------------

    @property
    def due(self) -> float:
        """When the next update or the next frame is to be made, by the clock."""
        if self.reason is not None:
            return 0.0
        step = self._session.step_count
        if self._pace.due and any(reader.seen != step for reader in self._readers):
            return min(self._pace.due, max(self._next_frame, self._clock() + _LOOK_AGAIN))
        return self._pace.due

    def turn(self) -> bool:
        """Apply what a turn allows, tell readers who wait, and return whether the run goes on."""
        if self.reason is not None:
            return False
        try:
            reason = self._training.reason or self._apply()
        except DeltaboardError as error:
            # A limit of the session, such as that of its timeline: nothing has gone wrong here.
            self._error = error.code
            reason = "error"
        if reason is not None:
            self._finish(reason)
            return False
        now = self._clock()
        if now >= self._keep_due:
            self.note(now)
        self._tell(now)
        return True

    def note(self, now: float) -> None:
        """Let the session be stored as it is now, with how far the run has come."""
        self._keep_due = now + self._settings.checkpoint_seconds
        self._handle.content.notes["run"] = self.reply().model_dump()
        self._keep(self._handle)

    def pause(self) -> None:
        """End the run where it stands."""
        if self.reason is None:
            self._finish("paused")

    # The server's end is a pause for its sessions.
    stop = pause

    def give_up(self, code: str) -> None:
        """End the run for an error that has a code of its own; what it did since it was stored is lost."""
        if self.reason is None:
            self._error = code
            self._keep = lambda handle: None
            self._finish("error")

    def failed(self) -> None:
        """End the run after an error of the program."""
        self._error = "internal"
        try:
            if self.reason is None:
                self._finish("error")
        finally:
            # Whoever could not be told why is at least not kept waiting.
            for reader in self._leave_all():
                reader.end(b"")

    def _apply(self) -> EndReason | None:
        """Apply updates for about one quantum; return why the run has ended, if it has."""
        training, quantum, begun = self._training, self._quantum, self._clock()
        since = self._unwatched_since
        if since is not None and begun - since > self._settings.unwatched_run_seconds:
            return "paused"
        if self._session.problem is not self._problem:
            self._problem = self._session.problem
            quantum.begin_anew()
        # Where every epoch's end is looked at, `advance` stops there: a turn goes on until its time is over.
        left = self._pace.allowed(begun, quantum.steps)
        now, done = begun, 0
        while left > 0 and training.reason is None and now - begun < quantum.seconds:
            report = training.advance(left)
            left -= report.applied
            done += report.applied
            if self._readers:
                self._losses.add(report.losses)
            now = self._clock()
        quantum.measured(done, now - begun)
        self._pace.applied(done, begun)
        self._speed.measured(self._epochs, now)
        return training.reason

    def _finish(self, reason: EndReason) -> None:
        """End the run, and its streams with what they have not seen and the reason."""
        self._training.settle()
        told = self.reply()
        self.reason = reason
        self._ended = told.model_copy(update={"reason": reason, "error": self._error})
        self.note(self._clock())
        if not self._readers:
            return
        last = event("end", present_end(self._handle, self._ended))
        step = self._session.step_count
        made: dict[tuple[object, int], bytes] = {}
        for reader in self._readers:
            key = (reader.view.boundary, reader.seen)
            if key not in made:
                # Going back to the best epoch is to be seen too.
                unseen = reader.seen != step
                frame = self._frame(reader, self._losses.after(reader.seen)) if unseen else b""
                made[key] = frame + last
        for reader in self._leave_all():
            reader.end(made[reader.view.boundary, reader.seen])

    def _leave_all(self) -> tuple[Reader, ...]:
        """Forget the readers, and return them."""
        with self._joining:
            readers, self._readers = self._readers, ()
        return readers

    # --- what is told -------------------------------------------------------------------------------------

    def reply(self) -> RunReply:
        """Return how far the run has come, or had come when it ended."""
        if self._ended is not None:
            return self._ended
        training, epochs = self._training, self._epochs
        to_epoch, speed = training.to_epoch, self._speed.at(epochs, self._clock())
        left = None if to_epoch is None else max(0.0, to_epoch - epochs)
        total = None if to_epoch is None else to_epoch - training.from_epoch
        return RunReply(
            from_step=training.from_step,
            from_epoch=training.from_epoch,
            to_epoch=to_epoch,
            epoch=self._session.epoch,
            steps_per_second=self._pace.steps_per_second,
            epochs_per_second=speed,
            seconds_left=None if left is None or speed is None else left / speed,
            progress=None if left is None or not total else min(1.0, max(0.0, 1.0 - left / total)),
            best_epoch=training.best_epoch if training.rules.patience else None,
        )


def end_run(handle: Handle, runner: Runner) -> None:
    """End the session's training, if there is any; called in the compute thread."""
    if isinstance(handle.run, Run):
        handle.run.pause()
        # One that waits for its time would be remembered until then.
        runner.wake(handle.run)
