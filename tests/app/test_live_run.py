"""A run's turns with a clock of the test's own: pace, quantum, frames, readers, and its end."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from app.live.pace import Pace, Quantum, Speed
from app.live.readers import KEEP_ALIVE, Reader, View
from app.live.run import Run
from app.schemas.live import BoundaryInput
from app.settings import Settings
from app.store import Handle
from core.network import BatchSpec
from core.presets import PRESETS
from core.session import Edit, Patience, Session, StopRules, TrainingRun

Events = list[tuple[str, Any]]


class Clock:
    """Time that passes only when the test says so, or by a tick with each look."""

    def __init__(self, tick: float = 0.0) -> None:
        self.now, self.tick = 100.0, tick

    def __call__(self) -> float:
        self.now += self.tick
        return self.now


def make(
    clock: Clock,
    rules: StopRules | None = None,
    speed: float | None = None,
    watched: bool = True,
    **settings: Any,
) -> Run:
    session = Session.create(PRESETS.get("xor-2-2-1").spec())
    handle = Handle("id", session)
    training = TrainingRun(session, rules or StopRules())
    run = Run(handle, training, Settings(**settings), speed, watched, clock)
    handle.run = run
    return run


def session_of(run: Run) -> Session:
    return run._session


def view(frames: float = 10.0, resolution: int | None = None) -> View:
    return View(frames, None if resolution is None else BoundaryInput(resolution=resolution))


def read(chunk: bytes) -> Events:
    events = []
    for part in chunk.decode().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in part.splitlines() if not line.startswith(":"))
        if lines:
            events.append((lines["event"], json.loads(lines["data"])))
    return events


async def ask(reader: Reader, stream: Any) -> asyncio.Future[Events]:
    """Begin to wait for what the stream gives next, as a reader does who has sent the frame before."""
    taking = asyncio.ensure_future(take(stream))
    while not reader.waits:
        await asyncio.sleep(0)
    return taking


async def take(stream: Any) -> Events:
    """Return what the stream gives next."""
    return read(await asyncio.wait_for(anext(stream), 30))


def test_a_quantum_grows_and_shrinks_with_what_updates_cost() -> None:
    quantum = Quantum(0.001)
    for _ in range(20):
        quantum.measured(quantum.steps, quantum.steps * 1e-5)
    assert quantum.steps == 100
    quantum.measured(100, 1.0)
    assert quantum.steps == 50
    for _ in range(20):
        quantum.measured(quantum.steps, quantum.steps * 1.0)
    assert quantum.steps == 1


def test_other_updates_are_measured_anew() -> None:
    # Ten microseconds an update, and then thousands of times as much: one of those is tried first.
    clock = Clock(1e-6)
    run = make(clock)
    for _ in range(20):
        run.turn()
    assert run._quantum.steps > 50
    session = session_of(run)
    session.edit(Edit(training=replace(session.training, batch=BatchSpec("full"))))
    before = session.step_count
    clock.tick = 1.0
    run.turn()
    assert session.step_count == before + 1


def test_a_pace_is_kept_without_bursts() -> None:
    pace = Pace(10.0, 100.0)
    assert pace.allowed(100.0, 50) == 1
    pace.applied(1, 100.0)
    assert pace.allowed(100.05, 50) == 0
    assert pace.allowed(100.1001, 50) == 1
    # Late by a little is made up for; by an hour, as after a machine's sleep, is not.
    assert pace.allowed(100.31, 50) == 3
    pace.applied(3, 100.31)
    assert pace.allowed(3700.0, 1000) > 1000 - 1
    pace.applied(1, 3700.0)
    assert pace.allowed(3700.0, 1000) <= 4
    assert Pace(None, 100.0).allowed(0.0, 7) == 7


def test_speed_is_that_of_the_last_seconds() -> None:
    speed = Speed(0.0, 0.0)
    assert speed.at(0.0, 0.0) is None
    for tenth in range(1, 101):
        speed.measured(tenth * 10.0, tenth / 10.0)
    assert speed.at(1000.0, 10.0) == pytest.approx(100.0)
    for tenth in range(101, 131):
        speed.measured(1000.0 + (tenth - 100) * 0.1, tenth / 10.0)
    assert speed.at(1003.0, 13.0) == pytest.approx(1.0)


def test_a_paced_run_applies_what_is_due() -> None:
    clock = Clock()
    run = make(clock, speed=2.0)
    steps = []
    for _ in range(5):
        assert run.turn()
        steps.append(session_of(run).step_count)
        # In between there is nothing to do.
        assert run.turn()
        assert session_of(run).step_count == steps[-1]
        assert run.due == clock.now + 0.5
        clock.now = run.due
    assert steps == [1, 2, 3, 4, 5]
    run.set_pace(None)
    assert run.due <= clock.now


def test_an_unwatched_run_pauses_unless_it_was_never_watched() -> None:
    clock = Clock()
    forgotten, endless = make(clock), make(clock, watched=False)
    for run in (forgotten, endless):
        assert run.turn()
    clock.now += 61.0
    assert not forgotten.turn()
    assert forgotten.reason == "paused"
    assert endless.turn()


def scenario(run: Callable[[], Any]) -> None:
    asyncio.run(run())


def test_being_watched_keeps_a_run_going_and_leaving_starts_the_time() -> None:
    async def go() -> None:
        clock = Clock()
        run = make(clock)
        reader = Reader(view(), 10.0)
        run.join(reader)
        clock.now += 1000.0
        assert run.turn()
        run.leave(reader)
        clock.now += 59.0
        assert run.turn()
        again = Reader(view(), 10.0)
        run.join(again)
        clock.now += 59.0
        assert run.turn()
        run.leave(again)
        run.leave(again)
        clock.now += 61.0
        assert not run.turn()

    scenario(go)


def test_the_first_frame_comes_at_once_and_a_late_one_without_a_further_step() -> None:
    async def go() -> None:
        clock = Clock()
        run = make(clock, speed=0.01)
        reader = Reader(view(frames=10.0), 10.0)
        run.join(reader)
        stream = reader.events()
        assert (await take(stream))[0][1]["step"] == 0
        run.turn()
        assert session_of(run).step_count == 1
        # The step was applied while the first frame was on its way: its own comes long before the next step.
        assert clock.now < run.due < clock.now + 0.2
        taking = await ask(reader, stream)
        clock.now = run.due
        run.turn()
        [(name, frame)] = await taking
        assert (name, frame["step"]) == ("frame", 1)
        assert run.due > clock.now + 50.0

    scenario(go)


def test_a_slow_reader_gets_the_latest_frame_and_all_losses_thinned() -> None:
    async def go() -> None:
        clock = Clock(1e-6)
        run = make(clock, quantum_seconds=1e-4)
        slow, quick = Reader(view(), 10.0), Reader(view(), 10.0)
        run.join(slow)
        run.join(quick)
        quick_stream, slow_stream = quick.events(), slow.events()
        await take(quick_stream)
        await take(slow_stream)
        steps = []
        for _ in range(8):
            # Only one of them asks for more; the other one is still sending its first frame.
            taking = await ask(quick, quick_stream)
            for _ in range(10):
                run.turn()
            clock.now += 0.1
            run.turn()
            [(_, frame)] = await taking
            steps.append(frame["step"])
            assert frame["losses"][-1]["step"] == frame["step"]
        assert steps == sorted(set(steps))
        taking = await ask(slow, slow_stream)
        clock.now += 0.1
        run.turn()
        [(_, frame)] = await taking
        assert frame["step"] == session_of(run).step_count > steps[-1]
        told = [one["step"] for one in frame["losses"]]
        assert 16 <= len(told) <= 64
        # From the beginning to the present, not only the last of them.
        assert told[0] < steps[0]
        assert told[-1] == frame["step"]
        for one in frame["losses"][:3]:
            session_of(run).seek_step(one["step"])
            assert session_of(run).loss == one["loss"]

    scenario(go)


def test_readers_alike_share_their_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    async def go() -> None:
        clock = Clock()
        run = make(clock)
        readers, streams = [], []
        for place in range(6):
            # They come at different times; one wants a map as well.
            clock.now += 0.017
            run.turn()
            readers.append(Reader(view(resolution=8 if place == 3 else None), 10.0))
            run.join(readers[-1])
            streams.append(readers[-1].events())
            await take(streams[-1])
        made = []
        original = run._frame
        monkeypatch.setattr(run, "_frame", lambda *given: made.append(given) or original(*given))
        for round_ in range(4):
            made.clear()
            taking = [await ask(*each) for each in zip(readers, streams, strict=True)]
            clock.now += 0.1
            run.turn()
            shown = [(await each)[0][1] for each in taking]
            assert len({frame["step"] for frame in shown}) == 1
            assert [frame["boundary"] is not None for frame in shown] == [k == 3 for k in range(6)]
            # The first round still tells each the losses since it came.
            assert len(made) == 2 or round_ == 0

    scenario(go)


def test_large_frames_come_less_often() -> None:
    async def go() -> None:
        # Each look at the clock takes 20 ms, so that making a frame does; a tenth of the time is for them.
        clock = Clock(0.02)
        run = make(clock)
        reader = Reader(view(frames=60.0), 10.0)
        run.join(reader)
        stream, times = reader.events(), []
        await take(stream)
        for _ in range(6):
            taking = await ask(reader, stream)
            while reader.waits:
                run.turn()
            times.append(clock.now)
            await taking
        assert all(later - earlier > 0.15 for earlier, later in itertools.pairwise(times))

    scenario(go)


def test_the_end_comes_after_the_last_frame_to_every_reader() -> None:
    async def go() -> None:
        clock = Clock()
        run = make(clock, StopRules(epochs=3))
        readers = [Reader(view(), 10.0) for _ in range(2)]
        streams = [reader.events() for reader in readers]
        for reader in readers:
            run.join(reader)
        # One has its first frame, the other has not taken it yet.
        await take(streams[0])
        while run.turn():
            pass
        assert run.reason == "epochs"
        for stream, first in zip(streams, ([], [0]), strict=True):
            events = [event async for chunk in stream for event in read(chunk)]
            frames = [event["step"] for name, event in events if name == "frame"]
            assert frames == [*first, session_of(run).step_count]
            name, end = events[-1]
            assert (name, end["reason"], end["session"]["status"]) == ("end", "epochs", "paused")
            assert end["run"] == end["session"]["run"]
            assert end["run"]["progress"] == 1.0

    scenario(go)


def test_how_a_run_ended_does_not_change_afterwards() -> None:
    clock = Clock(1e-4)
    run = make(clock, StopRules(epochs=50))
    while run.turn():
        pass
    told = run.reply()
    assert (told.reason, told.epoch) == ("epochs", 50)
    session_of(run).seek_step(0)
    clock.now += 1000.0
    run.pause()
    assert run.reply() == told


def test_going_back_to_the_best_epoch_is_shown() -> None:
    async def go() -> None:
        run = make(Clock(), StopRules(patience=Patience(2, 1e9), restore_best=True))
        reader = Reader(view(), 10.0)
        stream = reader.events()
        run.join(reader)
        await take(stream)
        while run.turn():
            pass
        events = [event async for chunk in stream for event in read(chunk)]
        assert events[-1][1]["reason"] == "no-improvement"
        best = session_of(run)
        assert events[-1][1]["session"]["step"] == best.step_count
        assert best.epoch == run.reply().best_epoch

    scenario(go)


def test_an_error_ends_the_run_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    async def go() -> None:
        run = make(Clock())
        reader = Reader(view(), 10.0)
        run.join(reader)
        stream = reader.events()
        await take(stream)
        monkeypatch.setattr("core.history.timeline.MAXIMUM_SEGMENTS", 0)
        session_of(run).step(5)
        session_of(run).seek_step(0)
        session_of(run)._record.timeline._continued.clear()
        monkeypatch.setattr("core.history.timeline.Timeline.recorded_steps", lambda self, node, limit: node)
        assert not run.turn()
        events = [event async for chunk in stream for event in read(chunk)]
        name, end = events[-1]
        assert (name, end["reason"], end["run"]["error"]) == ("end", "error", "too-many-edits")

    scenario(go)


def test_whoever_cannot_be_told_is_not_kept_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    async def go() -> None:
        run = make(Clock())
        reader = Reader(view(), 10.0)
        run.join(reader)
        stream = reader.events()
        await take(stream)

        def fault(*_: Any) -> bytes:
            raise ValueError("cannot be shown")

        monkeypatch.setattr("app.live.run.present_end", fault)
        with pytest.raises(ValueError, match="cannot be shown"):
            run.pause()
        run.failed()
        assert [chunk async for chunk in stream] == [b""]

    scenario(go)


def test_a_quiet_stream_says_that_it_lives() -> None:
    async def go() -> None:
        run = make(Clock(), speed=0.001)
        reader = Reader(view(), 1e-4)
        run.join(reader)
        stream = reader.events()
        await take(stream)
        assert await anext(stream) == KEEP_ALIVE
        assert await anext(stream) == KEEP_ALIVE
        run.pause()
        while (chunk := await anext(stream)) == KEEP_ALIVE:
            pass
        assert read(chunk)[-1][0] == "end"

    scenario(go)


def test_maps_are_coarser_for_large_networks() -> None:
    async def go() -> None:
        run = make(Clock(), frame_operations=2000)
        reader = Reader(view(resolution=100), 10.0)
        run.join(reader)
        [(_, frame)] = await take(reader.events())
        parameters = session_of(run).network.parameter_count
        assert frame["boundary"]["resolution"] == int((2000 // parameters) ** 0.5) < 100

    scenario(go)


def test_a_run_is_stored_at_its_beginning_now_and_then_and_at_its_end() -> None:
    clock, stored = Clock(), []
    run = make(clock, speed=4.0, checkpoint_seconds=1.0)
    run._keep = lambda handle: stored.append((clock.now, handle.session.step_count))
    for _ in range(40):
        run.turn()
        clock.now += 0.125
    assert stored == [(100.0 + k, 4 * k + 1) for k in range(5)]
    run.pause()
    assert stored[-1] == (105.0, 20)
    assert run._handle.content.notes["run"]["reason"] == "paused"


def test_a_run_that_cannot_be_stored_is_given_up() -> None:
    run = make(Clock())
    run.turn()
    run._keep = lambda handle: pytest.fail("stored all the same")
    run.give_up("storage-full")
    assert (run.reason, run.reply().error) == ("error", "storage-full")
    assert run.turn() is False


@pytest.mark.parametrize(("runs", "interval"), [(1, 1.0), (3, 1.0), (30, 10.0), (90, 30.0)])
def test_the_frames_of_many_runs_come_less_often(runs: int, interval: float) -> None:
    async def go() -> None:
        run = make(Clock(), frame_share=0.1, frames_share=0.3)
        run._runs = lambda: runs
        run._frame_seconds = 0.1
        reader = Reader(view(frames=60.0), 10.0)
        run._plan(reader, run.begun)
        assert reader.due == pytest.approx(run.begun + interval)

    scenario(go)
