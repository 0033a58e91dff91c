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

    steps: list[float] = field(default_factory=list)
    errors: int = 0
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
            if closely:
                data = event[event.index(b"data: ") + 6 :]
                seen.append((time.perf_counter(), int(json.loads(data)["epoch"])))

    async def close(self) -> None:
        """Close the connection."""
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()


async def _steps(port: int, place: float, found: Found, until: float) -> None:
    """A learner: one step a second, beginning at a place within the second."""
    client = await Client.open(port)
    try:
        path = await client.session()
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


async def _trains(port: int, found: Found, boundary: bool = True, closely: bool = True) -> None:
    """A learner whose network trains without end, with frames as a page asks for them."""
    client = await Client.open(port)
    try:
        path = await client.session()
        body: dict[str, Any] = {"frames_per_second": FRAMES}
        if boundary:
            body["boundary"] = {"resolution": RESOLUTION}
        await client.watch("POST", f"{path}/train", body, found, closely)
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


async def _together(stepping: list[Awaitable[None]], watching: list[Awaitable[None]]) -> None:
    """Let the learners who step come to their end, and end those who watch then."""
    tasks = [asyncio.ensure_future(job) for job in watching]
    try:
        await asyncio.gather(*stepping)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _learners(served: Served, count: int, seconds: float) -> Found:
    found = Found()
    trained = round(TRAINING_SHARE * count)
    until = time.perf_counter() + seconds
    stepping = [_steps(served.port, k / count, found, until) for k in range(count - trained)]
    await _together(list(stepping), [_trains(served.port, found) for _ in range(trained)])
    return found


async def _viewers(served: Served, count: int, seconds: float) -> Found:
    """Watch one run with so many viewers while one more learner steps ten times a second."""
    found = Found()
    client = await Client.open(served.port)
    path = await client.session()
    status, content = await client.ask("POST", f"{path}/train", {})
    if status != 202:
        raise RuntimeError(f"{status} {content[:200]!r}")
    until = time.perf_counter() + seconds
    stepping = [_steps(served.port, k / 10, found, until) for k in range(10)]
    viewing = [_views(served.port, path, found, closely=k == 0) for k in range(count)]
    await _together(list(stepping), list(viewing))
    await client.close()
    # That connection may have been idle for too long by now.
    client = await Client.open(served.port)
    await client.ask("DELETE", path)
    await client.close()
    return found


async def _endless(served: Served, count: int, seconds: float) -> Found:
    found = Found()
    until = time.perf_counter() + seconds
    stepping = [_steps(served.port, k / 10, found, until) for k in range(10)]
    await _together(list(stepping), [_trains(served.port, found) for _ in range(count)])
    return found


async def _sessions(served: Served, count: int, seconds: float) -> Found:
    found = Found()
    until = time.perf_counter() + seconds
    await _together([_steps(served.port, k / count, found, until) for k in range(count)], [])
    return found


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
STEP_P99 = at_most(20.0)


def _rows(name: str, found: Found, seconds: float, viewed: bool) -> list[Row]:
    rows = []
    for share in (0.5, 0.95, 0.99):
        taken = 1000 * quantile(found.steps, share)
        wanted = share == 0.99 and viewed and name != "1 viewer"
        rows.append(
            Row(name, f"step p{100 * share:.0f}", taken, "ms", taken, "ms", STEP_P99)
            if wanted
            else Row(name, f"step p{100 * share:.0f}", taken, "ms")
        )
    rows.append(Row(name, "steps", len(found.steps), "", float(found.errors), "errors", at_most(0.0)))
    if found.frames:
        rows.append(Row(name, "frames", found.frames / seconds, "a second"))
    return rows
