"""The compute thread: order, fairness and faults, counted in turns; nothing here looks at a clock's speed."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable
from typing import Any

import pytest

from app.problems import ProblemError
from app.runner import Runner


class Work:
    """Work that goes on for a number of turns and notes each of them."""

    def __init__(
        self, name: str, turns: float, notes: list[str], each: Callable[[], None] | None = None
    ) -> None:
        self.name, self.left, self.notes, self.each = name, turns, notes, each
        self.due = 0.0
        self.ended = threading.Event()

    def turn(self) -> bool:
        self.notes.append(self.name)
        self.left -= 1
        if self.each is not None:
            self.each()
        if self.left <= 0:
            self.ended.set()
        return self.left > 0

    def failed(self) -> None:
        self.notes.append(f"{self.name} failed")
        self.ended.set()

    def stop(self) -> None:
        self.notes.append(f"{self.name} stopped")
        self.ended.set()


async def ended(*works: Work) -> None:
    for work in works:
        await asyncio.to_thread(work.ended.wait, 30)


def with_runner(scenario: Callable[[Runner], Any], max_queued: int = 1000) -> Any:
    async def main() -> Any:
        runner = Runner(max_queued, 1)
        try:
            return await scenario(runner)
        finally:
            runner.close()

    return asyncio.run(main())


def test_training_sessions_take_turns() -> None:
    notes: list[str] = []
    works = [Work(name, 100, notes) for name in "abc"]

    async def scenario(runner: Runner) -> None:
        await runner.run(lambda: [runner.begin(work) for work in works])
        await ended(*works)

    with_runner(scenario)
    assert notes == ["a", "b", "c"] * 100


def test_a_command_waits_for_one_turn_at_most_and_training_for_the_commands_that_wait() -> None:
    notes: list[str] = []
    begun, gate = threading.Event(), threading.Event()

    def each() -> None:
        # The first turn lasts until five commands wait.
        begun.set()
        gate.wait(30)

    work = Work("turn", 3, notes, each)

    async def scenario(runner: Runner) -> None:
        await runner.run(lambda: runner.begin(work))
        await asyncio.to_thread(begun.wait, 30)
        asked = [
            asyncio.ensure_future(runner.run(lambda k=k: notes.append(f"command {k}")))  # type: ignore[misc]
            for k in range(5)
        ]
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(*asked)
        await ended(work)

    with_runner(scenario)
    assert notes == ["turn", *(f"command {k}" for k in range(5)), "turn", "turn"]


def test_commands_that_come_for_ever_do_not_keep_training_from_its_turn() -> None:
    notes: list[str] = []
    work = Work("turn", 20, notes)

    async def scenario(runner: Runner) -> None:
        await runner.run(lambda: runner.begin(work))
        for count in itertools.count():
            if work.ended.is_set():
                return
            await asyncio.gather(*(runner.run(lambda: notes.append("command")) for _ in range(3)))
            assert count < 1000

    with_runner(scenario)
    assert notes.count("turn") == 20


def test_a_fault_ends_one_session_and_no_other() -> None:
    notes: list[str] = []

    def fault() -> None:
        raise ValueError("a fault")

    class Worse(Work):
        def failed(self) -> None:
            super().failed()
            raise ValueError("another one")

    bad, worse, good = Work("bad", 5, notes, fault), Worse("worse", 5, notes, fault), Work("good", 3, notes)

    async def scenario(runner: Runner) -> Any:
        await runner.run(lambda: [runner.begin(work) for work in (bad, worse, good)])
        await ended(bad, worse, good)
        with pytest.raises(ZeroDivisionError):
            await runner.run(lambda: 1 // 0)
        return await runner.run(lambda: "alive")

    assert with_runner(scenario) == "alive"
    assert notes == ["bad", "bad failed", "worse", "worse failed", "good", "good", "good"]


def test_work_that_is_due_later_holds_up_nobody_and_can_be_woken() -> None:
    notes: list[str] = []
    late, busy = Work("late", 2, notes), Work("busy", 5, notes)
    late.due = float("inf")

    async def scenario(runner: Runner) -> None:
        await runner.run(lambda: [runner.begin(work) for work in (late, busy)])
        await ended(busy)
        assert notes.count("late") == 1
        await runner.run(lambda: runner.wake(late))
        await ended(late)

    with_runner(scenario)
    assert notes.count("late") == 2


def test_stopping_ends_all_work_and_nothing_begins_any_more() -> None:
    notes: list[str] = []
    endless, late = Work("endless", float("inf"), notes), Work("late", float("inf"), notes)
    late.due = float("inf")

    async def scenario(runner: Runner) -> None:
        await runner.run(lambda: [runner.begin(work) for work in (endless, late)])
        await runner.stop()
        before = len(notes)
        with pytest.raises(ProblemError) as refused:
            await runner.run(lambda: runner.begin(Work("new", 1, notes)))
        assert refused.value.status == 503
        assert len(notes) == before

    with_runner(scenario)
    assert {"endless stopped", "late stopped"} <= set(notes)


def test_too_many_commands_are_refused_and_those_of_callers_who_left_are_not_made() -> None:
    gate, made = threading.Event(), []

    async def scenario(runner: Runner) -> None:
        blocking = asyncio.ensure_future(runner.run(lambda: gate.wait(30)))
        await asyncio.sleep(0)
        # Taken out of the queue by the thread, which now waits.
        while not runner._commands.empty():
            await asyncio.sleep(0)
        left = asyncio.ensure_future(runner.run(lambda: made.append("left")))
        stayed = asyncio.ensure_future(runner.run(lambda: made.append("stayed")))
        await asyncio.sleep(0)
        with pytest.raises(ProblemError) as refused:
            await runner.run(lambda: None)
        assert (refused.value.status, refused.value.code) == (503, "busy")
        left.cancel()
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(blocking, stayed)

    with_runner(scenario, max_queued=2)
    assert made == ["stayed"]


def test_closing_drops_what_waits() -> None:
    async def main() -> None:
        runner, gate = Runner(10, 1), threading.Event()
        running = asyncio.ensure_future(runner.run(lambda: gate.wait(30)))
        await asyncio.sleep(0)
        while not runner._commands.empty():
            await asyncio.sleep(0)
        waiting = asyncio.ensure_future(runner.run(lambda: None))
        await asyncio.sleep(0)
        closing = asyncio.ensure_future(asyncio.to_thread(runner.close))
        with pytest.raises(asyncio.CancelledError):
            await waiting
        gate.set()
        await closing
        assert await running
        with pytest.raises(ProblemError):
            await runner.run(lambda: None)

    asyncio.run(main())


class Marked:
    """What turns and commands have marked, and what was committed together."""

    def __init__(self) -> None:
        self.marks = 0
        self.waiting: list[str] = []
        self.committed: list[list[str]] = []

    @property
    def pending(self) -> bool:
        return bool(self.waiting)

    def mark(self, what: str) -> None:
        self.marks += 1
        self.waiting.append(what)

    def commit(self) -> None:
        self.committed.append(self.waiting)
        self.waiting = []


def test_what_turns_have_changed_is_stored_together_and_a_command_s_change_before_its_answer() -> None:
    marked = Marked()
    work = Work("turn", 500, [], lambda: marked.mark("turn"))

    async def main() -> None:
        runner = Runner(10, 1, marked)
        await runner.run(lambda: runner.begin(work))
        await runner.run(lambda: marked.mark("command"))
        assert any("command" in together for together in marked.committed)
        await ended(work)
        # With nothing left to do all of it is stored, and the thread sleeps.
        await runner.run(lambda: None)
        runner.close()

    asyncio.run(main())
    assert marked.waiting == []
    assert sum(map(len, marked.committed)) == 501
    assert len(marked.committed) < 100
