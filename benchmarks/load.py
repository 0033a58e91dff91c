"""The server under load: learners who step and train, viewers of one run, endless runs, many sessions.

Server and clients are two processes; every client is a connection of its own. Latencies are measured by the
clock, so they tell what else the machine had to do.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any

from benchmarks.measure import quantile
from benchmarks.report import Report, Row, at_least, at_most
from benchmarks.served import SESSIONS, Served, request_bytes, server, status_and_length

STREAM = "text/event-stream"
NETWORK = {"preset": "xor-2-2-1"}
TRAINING_SHARE = 0.3
FRAMES = 30
RESOLUTION = 50


@dataclass(frozen=True)
class Size:
    """How many of each, and for how many seconds each scene lasts."""

    learners: tuple[int, ...] = (10, 30, 100, 300)
    viewers: int = 100
    runs: int = 5
    sessions: int = 200
    seconds: float = 6.0
    # Ten steps a second beside the viewers: a 99th percentile needs some hundred.
    viewed_seconds: float = 20.0


SMALL = Size((3,), 2, 2, 3, 0.5, 0.5)


@dataclass
class Found:
    """What the clients of one scene saw."""

    # Seconds until a new learner's session was there, and until each step was.
    arrivals: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    errors: int = 0
    # Readers who have had a frame, and frames since all have.
    watching: int = 0
    frames: int = 0
    # (seconds, epoch) of the frames of each run that is followed closely.
    progress: dict[str, list[tuple[float, int]]] = field(default_factory=dict)

    def rate(self, id: str) -> float:
        """Return a run's epochs a second, from its second frame on; nan without any."""
        seen = self.progress.get(id, [])[1:]
        if len(seen) < 2:
            return float("nan")
        return (seen[-1][1] - seen[0][1]) / (seen[-1][0] - seen[0][0])


class Client:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int) -> Client:
        """Connect."""
        return cls(*await asyncio.open_connection("127.0.0.1", port, limit=1 << 20))

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """Send a request; return status and body of the reply."""
        self._writer.write(request_bytes(method, path, body))
        head = await self._reader.readuntil(b"\r\n\r\n")
        status, length = status_and_length(head)
        return status, await self._reader.readexactly(length)

    async def session(self) -> str:
        """Create a session; return its path."""
        status, content = await self.ask("POST", SESSIONS, NETWORK)
        if status != 201:
            raise RuntimeError(f"{status} {content[:200]!r}")
        return f"{SESSIONS}/{json.loads(content)['id']}"

    async def watch(self, method: str, path: str, body: Any, found: Found, closely: bool) -> None:
        """Read an event stream until it ends or the reader is cancelled."""
        self._writer.write(request_bytes(method, path, body, accept=STREAM))
        head = await self._reader.readuntil(b"\r\n\r\n")
        if status_and_length(head)[0] != 200:
            found.errors += 1
            return
        seen = found.progress.setdefault(path, []) if closely else []
        first = True
        while True:
            try:
                event = await self._reader.readuntil(b"\n\n")
            except asyncio.IncompleteReadError:
                return
            if b"event: end" in event:
                return
            if b"event: frame" not in event:
                continue
            found.frames += 1
            found.watching += first
            first = False
            if closely:
                data = event[event.index(b"data: ") + 6 :]
                seen.append((time.perf_counter(), int(json.loads(data)["epoch"])))

    async def close(self) -> None:
        """Close the connection."""
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


async def _arrives(port: int, found: Found) -> tuple[Client, str]:
    """A learner opens a page: a connection and a session."""
    before = time.perf_counter()
    client = await Client.open(port)
    path = await client.session()
    found.arrivals.append(time.perf_counter() - before)
    return client, path


async def _steps(learner: tuple[Client, str], place: float, found: Found, until: float) -> None:
    """A learner: one step a second, beginning at a place within the second."""
    client, path = learner
    try:
        due = time.perf_counter() + place
        while True:  # once at least, however late
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            before = time.perf_counter()
            status, _ = await client.ask("POST", f"{path}/step", {"count": 1})
            found.steps.append(time.perf_counter() - before)
            found.errors += status != 200
            due += 1.0
            if due >= until:
                break
    finally:
        await client.close()


async def _trains(learner: tuple[Client, str], found: Found) -> None:
    """A learner whose network trains without end, with frames as a page asks for them."""
    client, path = learner
    body = {"frames_per_second": FRAMES, "boundary": {"resolution": RESOLUTION}}
    try:
        await client.watch("POST", f"{path}/train", body, found, closely=True)
    finally:
        await client.close()


async def _views(port: int, path: str, found: Found, closely: bool) -> None:
    """One viewer of a run under way."""
    client = await Client.open(port)
    try:
        query = f"frames_per_second={FRAMES}&resolution={RESOLUTION}"
        await client.watch("GET", f"{path}/train?{query}", None, found, closely)
    finally:
        await client.close()


async def _at_work(
    found: Found, stepping: list[tuple[Client, str]], watching: list[Awaitable[None]], seconds: float
) -> None:
    """Let all who watch begin, then the others step for so long: steps are those of a class at work."""
    tasks = [asyncio.ensure_future(job) for job in watching]
    try:
        while found.watching < len(tasks) and not any(task.done() for task in tasks):
            await asyncio.sleep(0.01)
        found.frames = 0
        until = time.perf_counter() + seconds
        count = len(stepping)
        await asyncio.gather(*(_steps(one, k / count, found, until) for k, one in enumerate(stepping)))
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _present(served: Served, found: Found, stepping: int, training: int, seconds: float) -> Found:
    """Let all learners arrive at once, and then step or train."""
    learners = await asyncio.gather(*(_arrives(served.port, found) for _ in range(stepping + training)))
    trained = [_trains(one, found) for one in learners[stepping:]]
    await _at_work(found, learners[:stepping], list(trained), seconds)
    return found


async def _learners(served: Served, count: int, seconds: float) -> Found:
    trained = round(TRAINING_SHARE * count)
    return await _present(served, Found(), count - trained, trained, seconds)


async def _viewers(served: Served, count: int, seconds: float) -> Found:
    """Watch one run with so many viewers while one more learner steps ten times a second."""
    found = Found()
    client = await Client.open(served.port)
    path = await client.session()
    status, content = await client.ask("POST", f"{path}/train", {})
    if status != 202:
        raise RuntimeError(f"{status} {content[:200]!r}")
    learners = await asyncio.gather(*(_arrives(served.port, found) for _ in range(10)))
    viewing = [_views(served.port, path, found, closely=k == 0) for k in range(count)]
    await _at_work(found, learners, list(viewing), seconds)
    await client.close()
    # That connection may have been idle for too long by now.
    client = await Client.open(served.port)
    await client.ask("DELETE", path)
    await client.close()
    return found


async def _endless(served: Served, count: int, seconds: float) -> Found:
    return await _present(served, Found(), 10, count, seconds)


async def _sessions(served: Served, count: int, seconds: float) -> Found:
    return await _present(served, Found(), count, 0, seconds)


def measure(quick: bool = False, size: Size | None = None) -> Report:
    """Play every scene on a server of its own."""
    size = size or (SMALL if quick else Size())
    report = Report("Load: time of a step by the clock, at 30 frames a second for whoever watches")
    scenes: list[tuple[str, Callable[[Served], Any]]] = [
        *(
            (f"{count} learners, 30 % train", lambda served, n=count: _learners(served, n, size.seconds))
            for count in size.learners
        ),
        ("1 viewer", lambda served: _viewers(served, 1, size.viewed_seconds)),
        (f"{size.viewers} viewers", lambda served: _viewers(served, size.viewers, size.viewed_seconds)),
        ("1 endless run", lambda served: _endless(served, 1, size.seconds)),
        (f"{size.runs} endless runs", lambda served: _endless(served, size.runs, size.seconds)),
        (f"{size.sessions} sessions", lambda served: _sessions(served, size.sessions, size.seconds)),
    ]
    rates: dict[str, float] = {}
    with ExitStack() as stack:
        shared = stack.enter_context(server()) if quick else None
        played = [(name, *_played(scene, shared)) for name, scene in scenes]
    for name, found, before, after in played:
        viewed = "viewer" in name
        seconds = size.viewed_seconds if viewed else size.seconds
        report.rows += _rows(name, found, seconds, viewed)
        report.rows.append(Row(name, "server's memory", after, "MB", after - before, "MB more than before"))
        each = [found.rate(path) for path in found.progress]
        each = [rate for rate in each if rate == rate]
        if not each:
            continue
        rates[name] = sum(each)
        first = next(iter(rates.values()))
        alone = rates.get("1 viewer" if viewed else "1 endless run", first)
        if viewed and name != "1 viewer":
            row = Row(name, "training", rates[name], "epochs/s", rates[name] / alone, "of one viewer's", RATE)
        elif name.endswith("endless runs"):
            row = Row(name, "training, all", rates[name], "epochs/s", rates[name] / alone, "of one run's")
            spread = min(each) / max(each)
            report.rows.append(Row(name, "slowest run", min(each), "epochs/s", spread, "of the fastest"))
        else:
            row = Row(name, "training, all", rates[name], "epochs/s")
        report.rows.append(row)
    return report


def _played(scene: Callable[[Served], Any], shared: Served | None) -> tuple[Found, float, float]:
    """Play a scene; return what was found and the server's memory before and after.

    The server is its own unless one is shared, so that its memory is this scene's.
    """
    with nullcontext(shared) if shared else server() as served:
        before = served.memory()
        return asyncio.run(scene(served)), before, served.memory()


RATE = at_least(0.75)
# Milliseconds of a step, by the share of steps and the scene.
ASKED = {
    (0.95, "300 learners, 30 % train"): at_most(100.0),
    (0.99, "300 learners, 30 % train"): at_most(350.0),
    (0.95, "5 endless runs"): at_most(250.0),
    (0.99, "viewers"): at_most(20.0),
}


def _rows(name: str, found: Found, seconds: float, viewed: bool) -> list[Row]:
    rows = [Row(name, "all arrive at once, p95", 1000 * quantile(found.arrivals, 0.95), "ms")]
    for share in (0.5, 0.95, 0.99):
        taken = 1000 * quantile(found.steps, share)
        wanted = ASKED.get((share, "viewers" if viewed and name != "1 viewer" else name))
        told = (taken, "ms", wanted) if wanted else ()
        rows.append(Row(name, f"step p{100 * share:.0f}", taken, "ms", *told))
    rows.append(Row(name, "steps", len(found.steps), "", float(found.errors), "errors", at_most(0.0)))
    if found.frames:
        rows.append(Row(name, "frames", found.frames / seconds, "a second"))
    return rows
