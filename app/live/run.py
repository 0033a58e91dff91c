"""A session's training that goes on by itself, in short turns of the compute thread."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Literal

from app.live.frames import event, present_end, present_frame
from app.live.readers import Reader
from app.schemas.session import RunReply
from app.settings import Settings
from app.store import Handle
from core.session import MAXIMUM_STEPS, TrainingRun

EndReason = Literal["epochs", "loss", "accuracy", "no-improvement", "paused", "diverged", "error"]

# Losses that are kept for readers who were away for a while.
_KEPT_LOSSES = 4096


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
    ) -> None:
        self.reason: EndReason | None = training.reason
        self._handle = handle
        self._training = training
        self._settings = settings
        self._readers: tuple[Reader, ...] = ()
        self._joining = threading.Lock()
        # A run that nobody was ever to watch is not given up for being unwatched.
        self._unwatched_since = time.perf_counter() if watched else None
        self._losses: deque[tuple[int, float]] = deque(maxlen=_KEPT_LOSSES)
        self._applied = 0
        self._begun = time.perf_counter()
        self._seconds_a_step = 1e-5
        self.set_pace(steps_per_second)

    def set_pace(self, steps_per_second: float | None) -> None:
        """Go on at another speed from now; None: as fast as it goes."""
        self.steps_per_second = steps_per_second
        self._paced_from, self._paced = time.perf_counter(), 0

    # --- readers ------------------------------------------------------------------------------------------

    def join(self, reader: Reader) -> None:
        """Let a reader watch from now on; called in the compute thread while the run goes on."""
        with self._joining:
            reader.seen = self._training.session.step_count
            self._readers = (*self._readers, reader)
            self._unwatched_since = None

    def leave(self, reader: Reader) -> None:
        """Forget a reader; the run goes on. Called in the event loop."""
        with self._joining:
            self._readers = tuple(other for other in self._readers if other is not reader)
            if not self._readers:
                self._unwatched_since = time.perf_counter()

    # --- turns: called in the compute thread --------------------------------------------------------------

    @property
    def due(self) -> float:
        """When the next update is to be made, by `time.perf_counter`."""
        if self.reason is not None or self.steps_per_second is None:
            return 0.0
        return self._paced_from + self._paced / self.steps_per_second

    def turn(self) -> bool:
        """Apply what a turn allows, tell readers who wait, and return whether the run goes on."""
        if self.reason is None:
            self._apply()
        now = time.perf_counter()
        since, patience = self._unwatched_since, self._settings.unwatched_run_seconds
        if self.reason is None and since is not None and now - since > patience:
            self.reason = "paused"
        if self.reason is None:
            self._tell(now)
            return True
        self._finish()
        return False

    def pause(self) -> None:
        """End the run where it stands."""
        if self.reason is None:
            self.reason = "paused"
            self._finish()

    # The server's end is a pause for its sessions.
    stop = pause

    def failed(self) -> None:
        """End the run after an error of the program."""
        self.reason = "error"
        self._finish()

    def _apply(self) -> None:
        training, quantum = self._training, self._settings.quantum_seconds
        now = begun = time.perf_counter()
        allowed = MAXIMUM_STEPS
        if self.steps_per_second is not None:
            allowed = int((now - self._paced_from) * self.steps_per_second) + 1 - self._paced
        # At least one update a turn, however large the network.
        while self.reason is None and allowed > 0:
            count = int(max(1.0, min((quantum - (now - begun)) / self._seconds_a_step, MAXIMUM_STEPS)))
            report = training.advance(min(count, allowed))
            self._losses.extend(report.losses)
            self._applied += report.applied
            self._paced += report.applied
            if self.steps_per_second is not None:
                allowed -= report.applied
            then, now = now, time.perf_counter()
            if report.applied:
                # Half the old estimate: one late turn of a busy machine does not decide the next ones.
                self._seconds_a_step = (self._seconds_a_step + (now - then) / report.applied) / 2.0
            self.reason = training.reason
            if now - begun >= quantum:
                break

    def _tell(self, now: float) -> None:
        waiting = [reader for reader in self._readers if reader.is_ready(now)]
        if not waiting:
            return
        step = self._training.session.step_count
        state = self.reply()
        # Readers who see the same get the same bytes.
        made: dict[tuple[object, int], bytes] = {}
        for reader in waiting:
            key = (reader.view.boundary, reader.seen)
            if key not in made:
                losses = [entry for entry in self._losses if entry[0] > reader.seen]
                made[key] = event(
                    "frame", present_frame(self._training.session, state, losses, reader.view.boundary)
                )
            reader.deliver(made[key], step)

    def _finish(self) -> None:
        with self._joining:
            readers, self._readers = self._readers, ()
        if readers:
            last = event("end", present_end(self._handle, self.reply()))
            for reader in readers:
                reader.end(last)

    # --- what is told -------------------------------------------------------------------------------------

    def reply(self) -> RunReply:
        """Return how far the run has come."""
        training = self._training
        session, to_epoch = training.session, training.to_epoch
        epoch = session.epoch + session.epoch_position / session.steps_per_epoch
        rate = self._applied / max(time.perf_counter() - self._begun, 1e-6) / session.steps_per_epoch
        left = None if to_epoch is None else max(0.0, to_epoch - epoch)
        total = None if to_epoch is None else to_epoch - training.from_epoch
        return RunReply(
            from_step=training.from_step,
            from_epoch=training.from_epoch,
            to_epoch=to_epoch,
            epoch=session.epoch,
            steps_per_second=self.steps_per_second,
            epochs_per_second=rate if self._applied else None,
            seconds_left=None if left is None or not self._applied else left / rate,
            progress=None if left is None or not total else min(1.0, max(0.0, 1.0 - left / total)),
            best_epoch=training.best_epoch if training.rules.patience else None,
            reason=self.reason,
        )
