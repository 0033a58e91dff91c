"""The page in Chromium: script size, first paint, and frame times while a network trains at full rate."""

from __future__ import annotations

import os
from importlib.util import find_spec

from benchmarks.report import Report, Row, at_most
from benchmarks.served import server


def measure(quick: bool = False, seconds: float | None = None) -> Report:
    """Measure the first visit, then the frames while two moons are trained."""
    report = Report("The page: Chromium, 1440 × 900")
    if find_spec("playwright") is None:
        report.left_out.append("all of it: Playwright is not installed here")
        return report
    from playwright.sync_api import sync_playwright

    from benchmarks.frames import find_browser, measure_page
    from benchmarks.visits import VISITS, measure_visits

    with server() as served, sync_playwright() as playwright:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        browser = playwright.chromium.launch(
            executable_path=find_browser(playwright.chromium.executable_path),
            args=["--no-sandbox"] if root else [],
        )
        visits = measure_visits(browser, f"http://127.0.0.1:{served.port}/", 1 if quick else VISITS)
        browser.close()
    first = "first visit, the worked example"
    for name in ("brotli", "gzip"):
        size = visits[name]["bytes"].get("Script", 0) / 1000
        report.rows.append(Row(first, f"scripts with {name}", size, "kB", size, "kB", at_most(130)))
    for name in ("as it is", "slowed 4 times"):
        paint = visits[name]["first_paint_ms"]
        report.rows.append(Row(first, f"first paint, {name}", paint, "ms", paint, "ms", at_most(1000)))

    found = measure_page(seconds or (0.5 if quick else 8.0))
    longest = float(found.frames.max())
    training = "2-8-8-1 on two moons at full rate"
    report.rows += [
        Row(training, "frame time p50", found.percentile(50), "ms"),
        Row(training, "frame time p95", found.percentile(95), "ms"),
        Row(training, "longest frame", longest, "ms", longest, "ms", at_most(33)),
        Row(training, "new states drawn", found.drawn / found.seconds, "a second"),
        Row(training, "trained meanwhile", found.epochs / found.seconds, "epochs/s"),
    ]
    return report
