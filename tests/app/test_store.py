"""Which sessions are in memory: counted with a clock of the test's own, without any server."""

from __future__ import annotations

import asyncio
import gc

import pytest

from app.problems import ProblemError
from app.store import Content, Handle, Limits, SessionStore
from core.presets import PRESETS
from core.session import Session


class Shelf:
    """A store of sessions that are read from nowhere, with the ids that were forgotten."""

    def __init__(self, **limits: float) -> None:
        self.now = 1000.0
        self.read: list[str] = []
        self.forgotten: list[str] = []
        self.session = Session.create(PRESETS.get("xor-2-2-1").spec())
        chosen = Limits(**limits)  # type: ignore[arg-type]
        self.store = SessionStore(chosen, (), self._read, self.forgotten.append, lambda: self.now)

    def _read(self, handle: Handle) -> Content:
        self.read.append(handle.id)
        return Content(self.session)

    def create(self, bytes: int = 0) -> str:
        handle = self.store.create(self.session)
        handle.bytes = bytes
        self.store.weighed(handle)
        return handle.id

    def live(self) -> list[str]:
        return [handle.id for handle in self.store.live]


def test_an_idle_session_leaves_the_memory_and_comes_back() -> None:
    shelf = Shelf(idle_seconds=10, kept_seconds=1000)
    old = shelf.create()
    shelf.now += 11
    young = shelf.create()
    assert shelf.live() == [young]
    assert shelf.store.get(old).session is shelf.session
    assert (shelf.read, shelf.live(), shelf.forgotten) == ([old], [young, old], [])


def test_memory_has_a_limit_in_bytes() -> None:
    shelf = Shelf(live_bytes=100)
    ids = [shelf.create(40) for _ in range(4)]
    # A third one was too many each time.
    assert shelf.live() == ids[2:]
    shelf.store.get(ids[2])
    shelf.create(40)
    assert shelf.live()[0] == ids[2]
    assert len(shelf.store) == 5


def test_a_session_that_grows_makes_others_leave() -> None:
    shelf = Shelf(live_bytes=100)
    old, young = shelf.create(), shelf.create()
    handle = shelf.store.get(young)
    for bytes, live in ((99, [old, young]), (101, [young]), (5, [young])):
        handle.bytes = bytes
        shelf.store.weighed(handle)
        assert shelf.live() == live
    # What has left is counted no more.
    shelf.store.get(old)
    handle.bytes = 95
    shelf.store.weighed(handle)
    assert shelf.live() == [young, old]
    shelf.store.delete(young)
    shelf.store.get(old).bytes = 100
    shelf.store.weighed(shelf.store.get(old))
    assert shelf.live() == [old]


def test_runs_may_not_take_all_memory() -> None:
    class Endless:
        reason = None

    shelf = Shelf(live_bytes=100)
    handle = shelf.store.get(shelf.create())
    handle.bytes = 100
    shelf.store.weighed(handle)
    shelf.store.require_room_for_training()
    handle.run = Endless()  # type: ignore[assignment]
    with pytest.raises(ProblemError) as full:
        shelf.store.require_room_for_training()
    assert (full.value.status, full.value.code) == (503, "training-full")
    assert full.value.headers["retry-after"]


def test_who_is_busy_stays() -> None:
    async def scenario() -> None:
        shelf = Shelf(live=1, idle_seconds=10, kept_seconds=20)
        handle = shelf.store.get(shelf.create())
        async with handle.lock:
            shelf.now += 30
            with pytest.raises(ProblemError) as full:
                shelf.create()
            assert full.value.status == 503
            assert shelf.store.get(handle.id) is handle
        shelf.create()
        assert len(shelf.live()) == 1

    asyncio.run(scenario())


def test_a_session_never_has_two_handles() -> None:
    shelf = Shelf(live=1)
    first = shelf.create()
    handle = shelf.store.get(first)
    shelf.create()
    # It has left the memory, but somebody waits with it.
    assert first not in shelf.live()
    assert shelf.store.get(first) is handle
    shelf.create()
    del handle
    gc.collect()
    assert shelf.store.get(first).session is shelf.session
    assert shelf.read == [first]


def test_what_nobody_used_for_long_is_forgotten() -> None:
    shelf = Shelf(kept_seconds=10)
    ids = [shelf.create() for _ in range(3)]
    shelf.now += 8
    shelf.store.get(ids[1])
    shelf.now += 8
    ids.append(shelf.create())
    with pytest.raises(ProblemError) as gone:
        shelf.store.get(ids[0])
    assert gone.value.status == 404
    assert shelf.forgotten == [ids[0], ids[2]]
    assert shelf.store.get(ids[1]).id == ids[1]
