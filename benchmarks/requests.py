"""Requests over a kept connection, each against an empty endpoint of the same application."""

from __future__ import annotations

from typing import Any

from benchmarks.measure import quantile
from benchmarks.report import Report, Row, at_most
from benchmarks.served import EMPTY, SESSIONS, Connection, request_bytes, server

EMPTY_NAME = "empty endpoint"
TARGETS = {"POST step": at_most(1.9)}


def measure(quick: bool = False, rounds: int | None = None) -> Report:
    """Measure p50 and p95 of each request, all of them in turns."""
    rounds = rounds or (3 if quick else 1500)
    with server() as served:
        connection = Connection(served.port)
        found = _times(connection, rounds)
        connection.close()
    report = Report("Requests: from sending to the whole reply, and how many empty requests that is")
    empty = quantile(found[EMPTY_NAME], 0.5)
    for name, times in found.items():
        for share in (0.5, 0.95):
            seconds = quantile(times, share)
            figure = None if name == EMPTY_NAME else seconds / empty
            target = TARGETS.get(name) if share == 0.5 else None
            row = Row(
                name, f"p{100 * share:.0f}", 1e6 * seconds, "µs", figure, "of the empty one's p50", target
            )
            report.rows.append(row)
    return report


def _times(connection: Connection, rounds: int) -> dict[str, list[float]]:
    requests: dict[str, bytes] = {}

    def session(preset: str) -> str:
        reply: Any = connection.ask("POST", SESSIONS, {"preset": preset})
        return f"{SESSIONS}/{reply['id']}"

    steps, traces, still = session("xor-2-2-1"), session("xor-2-2-1"), session("xor-2-2-1")
    requests[EMPTY_NAME] = request_bytes("POST", EMPTY, {"count": 1})
    requests["POST step"] = request_bytes("POST", f"{steps}/step", {"count": 1})
    requests["POST step with its trace"] = request_bytes(
        "POST", f"{traces}/step", {"count": 1, "trace": True}
    )
    requests["GET session"] = request_bytes("GET", still)
    requests["GET boundary 50 × 50"] = request_bytes("GET", f"{still}/boundary?resolution=50&encoding=base64")
    requests["GET microsteps"] = request_bytes("GET", f"{still}/microsteps")
    found: dict[str, list[float]] = {name: [] for name in requests}
    for turn in range(rounds + rounds // 10 + 1):
        for name, request in requests.items():
            taken = connection.timed(request)
            if turn > rounds // 10:  # the first turns warm up
                found[name].append(taken)
    return found
