"""What the server counts, in the text format of Prometheus (version 0.0.4); the event loop's."""

from __future__ import annotations

import os
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Upper ends of the histogram's buckets, in seconds.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass
class _Times:
    """How many replies of a route began within each bucket's time, and their seconds in all."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    total: float = 0.0


@dataclass
class Metrics:
    """Requests by method, route and status, and the seconds until their replies began, by route.

    A route is its template: neither a session's id nor anything else that a caller made up is kept.
    """

    requests: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    times: dict[str, _Times] = field(default_factory=dict)
    started: float = field(default_factory=time.time)

    def replied(self, method: str, route: str, status: str, seconds: float) -> None:
        """Count one request when its reply begins, or when it has gone without one."""
        self.requests[method if method in _METHODS else "other", route, status] += 1
        times = self.times.setdefault(route, _Times())
        times.counts[bisect_left(BUCKETS, seconds)] += 1
        times.total += seconds

    def requests_text(self) -> Iterable[str]:
        """Return the lines about requests."""
        yield from head("deltaboard_requests_total", "counter", "Requests by route and status.")
        for (method, route, status), count in sorted(self.requests.items()):
            yield line(
                "deltaboard_requests_total", count, {"method": method, "route": route, "status": status}
            )
        name = "deltaboard_request_seconds"
        yield from head(name, "histogram", "Seconds until the reply began.")
        for route, times in sorted(self.times.items()):
            below = 0
            for end, count in zip((*map(str, BUCKETS), "+Inf"), times.counts, strict=True):
                below += count
                yield line(f"{name}_bucket", below, {"route": route, "le": end})
            yield line(f"{name}_sum", times.total, {"route": route})
            yield line(f"{name}_count", below, {"route": route})

    def process_text(self) -> Iterable[str]:
        """Return the lines about the process, those that this system tells."""
        yield from single("process_start_time_seconds", "gauge", "When it started (Unix time).", self.started)
        yield from single(
            "process_cpu_seconds_total", "counter", "Processor time of all threads.", time.process_time()
        )
        resident = _resident_bytes()
        if resident is not None:
            yield from single("process_resident_memory_bytes", "gauge", "Memory in use.", resident)


def head(name: str, kind: str, help: str) -> Iterable[str]:
    """Return the two lines that introduce a metric."""
    yield f"# HELP {name} {help}"
    yield f"# TYPE {name} {kind}"


def line(name: str, value: float, labels: Mapping[str, str] | None = None) -> str:
    """Return one sample; labels are escaped as the format asks."""
    pairs = ",".join(f'{key}="{_escaped(text)}"' for key, text in (labels or {}).items())
    return f"{name}{{{pairs}}} {value!r}" if pairs else f"{name} {value!r}"


def single(name: str, kind: str, help: str, value: float) -> Iterable[str]:
    """Return a metric without labels."""
    yield from head(name, kind, help)
    yield line(name, value)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _resident_bytes() -> int | None:
    """Return the memory that the process holds, None where the system has no /proc."""
    statm = Path("/proc/self/statm")
    if not statm.is_file():
        return None
    return int(statm.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
