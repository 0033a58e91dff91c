"""`kill -9` in the middle of work, again and again: what was acknowledged is there, whole, to the bit."""

from __future__ import annotations

import json
import os
import random
import signal
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.report import Report, Row, at_most
from benchmarks.served import SESSIONS, Connection, Served, request_bytes, server

LEARNERS = 6
TRAINERS = 2
XOR = {"preset": "xor-2-2-1"}
Session = dict[str, Any]


class LostError(AssertionError):
    """Something that was acknowledged is not there, or something is that nobody asked for."""


@dataclass
class Learner:
    """One session, what the server has acknowledged of it, and what was asked for when it was killed."""

    chance: random.Random
    at: str = ""
    known: Session | None = None
    asked: tuple[str, str, Any, str] | None = None
    gone: list[str] = field(default_factory=list)
    calls: int = 0

    def work(self, port: int, count: Any) -> None:
        """Call the server until it is gone."""
        try:
            with closing(Connection(port)) as connection:
                while True:
                    self._call(connection)
                    count()
        except (OSError, ValueError):
            return  # Killed: the connection ends, perhaps in the middle of a reply.

    def _call(self, connection: Connection) -> None:
        chance = self.chance.random()
        if self.known is None:
            self.asked = None
            made = answered(connection, "POST", SESSIONS, XOR)
            self.known, self.at = made, f"{SESSIONS}/{made['id']}"
            return
        self.calls += 1
        if chance < 0.03:
            self.asked = ("DELETE", self.at, None, "")
            answered(connection, *self.asked)
            self.gone.append(self.at)
            self.known = self.asked = None
            return
        if chance < 0.15:
            rate = self.chance.choice((0.05, 0.1, 0.2, 0.4))
            patch = {"training": {"optimizer": {"parameters": {"learning_rate": rate}}}}
            self.asked = ("PATCH", self.at, patch, "")
        elif chance < 0.3:
            self.asked = ("POST", f"{self.at}/seek", {"step": self.chance.randint(0, self.known["step"])}, "")
        else:
            body = {"count": self.chance.choice((1, 1, 3, 50, 300))}
            self.asked = ("POST", f"{self.at}/step", body, f"key {self.calls}")
        reply = answered(connection, *self.asked)
        self.known, self.asked = reply.get("session", reply), None

    def check(self, connection: Connection) -> None:
        """Raise LostError unless the session is as it was acknowledged, or as what was asked for left it."""
        for at in self.gone:
            if connection.send(request_bytes("GET", at))[0] != 404:
                raise LostError(f"{at} was deleted and is there")
        if self.known is None:
            return
        asked, self.asked = self.asked, None
        status, content = connection.send(request_bytes("GET", self.at))
        if status == 404 and asked is not None and asked[0] == "DELETE":
            self.known = None
            return
        if status != 200:
            raise LostError(f"{self.at} is gone: {status}")
        found = json.loads(content)
        if found != self.known:
            if asked is None:
                raise LostError(f"{self.at} is not as it was acknowledged")
            self._allow(found, asked)
        same_bits(connection, self.at)
        if asked is not None and asked[3]:
            # The retry of a call that may have been carried out: never twice.
            again = answered(connection, *asked)
            if again["session"]["step"] != self.known["step"] + asked[2]["count"]:
                raise LostError(f"{self.at}: a retry was carried out twice")
            found = again["session"]
        self.known = found

    def _allow(self, found: Session, asked: tuple[str, str, Any, str]) -> None:
        """Raise LostError unless the call that was not answered explains the difference, as a whole."""
        assert self.known is not None
        method, path, body, _ = asked
        if method == "PATCH":
            before, after = self.known["recipe"]["actions"], found["recipe"]["actions"]
            whole = len(after) == len(before) + 1 and after[:-1] == before and after[-1]["type"] == "patch"
        elif path.endswith("/seek"):
            whole = found["step"] == body["step"]
        else:
            whole = found["step"] == self.known["step"] + body["count"]
        if not whole:
            raise LostError(f"{self.at}: a part of {method} {path} was stored")


class Trainer:
    """One session that trains by itself, and the last step that a reply told."""

    def __init__(self) -> None:
        self.at = ""
        self.told = 0

    def work(self, port: int, count: Any) -> None:
        """Look how far it is until the server is gone."""
        try:
            with closing(Connection(port)) as connection:
                if not self.at:
                    self.at = f"{SESSIONS}/{answered(connection, 'POST', SESSIONS, XOR)['id']}"
                answered(connection, "POST", f"{self.at}/train", {"steps_per_second": 4000})
                while True:
                    time.sleep(0.1)
                    self.told = answered(connection, "GET", self.at)["step"]
                    count()
        except (OSError, ValueError):
            return

    def check(self, connection: Connection) -> None:
        """Raise LostError unless the session is paused, not before what a reply told, and exact."""
        if not self.at:
            return
        session = answered(connection, "GET", self.at)
        if session["status"] not in ("paused", "ready") or session["step"] < self.told:
            raise LostError(f"{self.at} is {session['status']} at {session['step']}, not {self.told}")
        same_bits(connection, self.at)
        self.told = session["step"]


def answered(connection: Connection, method: str, path: str, body: Any = None, key: str = "") -> Any:
    """Return the JSON of a reply that must be a success."""
    request = request_bytes(method, path, body)
    if key:
        request = request.replace(b"\r\nHost", f"\r\nIdempotency-Key: {key}\r\nHost".encode(), 1)
    status, content = connection.send(request)
    if not 200 <= status < 300:
        raise LostError(f"{method} {path}: {status} {content[:300]!r}")
    return json.loads(content) if content[:1] == b"{" else None


def same_bits(connection: Connection, at: str) -> None:
    """Raise LostError unless repeating the session's recipe gives its parameters bit for bit."""
    document = answered(connection, "GET", f"{at}/export")
    made = answered(connection, "POST", f"{SESSIONS}/import", document)
    answered(connection, "DELETE", f"{SESSIONS}/{made['session']['id']}")
    if made["parameters"] != "identical":
        raise LostError(f"{at} has other bits than its recipe leads to")


def crash(served: Served, workers: list[Learner | Trainer], calls: int) -> None:
    """Let all work, and kill the server after so many calls."""
    left = threading.Semaphore(0)
    threads = [threading.Thread(target=w.work, args=(served.port, left.release)) for w in workers]
    for thread in threads:
        thread.start()
    for _ in range(calls):
        left.acquire(timeout=30)
    os.kill(served.process, signal.SIGKILL)
    for thread in threads:
        thread.join()


def rounds(count: int, directory: Path, seed: int = 1) -> tuple[int, list[float]]:
    """Kill and check so often; return how many calls were made, and the seconds of each new start."""
    chance = random.Random(seed)
    learners = [Learner(random.Random(seed * 100 + number)) for number in range(LEARNERS)]
    workers: list[Learner | Trainer] = [*learners, *(Trainer() for _ in range(TRAINERS))]
    starts: list[float] = []
    for _ in range(count + 1):
        begun = time.perf_counter()
        with server(directory) as served:
            starts.append(time.perf_counter() - begun)
            with closing(Connection(served.port)) as connection:
                for worker in workers:
                    worker.check(connection)
            if len(starts) <= count:
                crash(served, workers, chance.randint(20, 120))
    return sum(learner.calls for learner in learners), starts


def measure(quick: bool = False) -> Report:
    """Crash many times; ends with LostError at the first change that is lost, torn or made twice."""
    count = 3 if quick else 100
    report = Report(f"kill -9 after 20 to 120 calls of {LEARNERS} learners and {TRAINERS} runs")
    with tempfile.TemporaryDirectory() as directory:
        calls, starts = rounds(count, Path(directory))
        size = sum(path.stat().st_size for path in Path(directory).iterdir())
    report.rows += [
        Row("crashes", "rounds", count, "", 0, "changes lost, torn or made twice", at_most(0)),
        Row("crashes", "calls acknowledged", calls, ""),
        Row("start", "with the sessions of the round before, median", sorted(starts)[count // 2], "s"),
        Row("store", "size at the end", size / 1e6, "MB"),
    ]
    return report
