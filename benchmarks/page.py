"""What the first visit costs: bytes by kind, requests, first paint, in Chromium.

`python3 benchmarks/page.py` starts a server of its own; with an address it measures that one. A visit is the
worked example at 1440 × 900 in an empty browser profile, with all that the page loads until the network is
idle. Times are medians of several visits, as they are and with the processor slowed four times: about a
classroom's laptop. Bytes are those of the network: headers and compressed bodies.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
VIEWPORT = {"width": 1440, "height": 900}
VISITS = 5
# Both are read when the page has come to rest; the last candidate is the largest paint.
PAINTS = """() => new Promise((resolve) => new PerformanceObserver((list) => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  resolve({ first: paint?.startTime ?? null, largest: list.getEntries().at(-1)?.startTime ?? null });
}).observe({ type: "largest-contentful-paint", buffered: true }))"""


def visit(browser: Browser, address: str, *, slowdown: float = 1, encodings: str = "") -> dict[str, Any]:
    """Open the page once in a new profile.

    Returns bytes and requests by the browser's kind of resource ("Script", "Stylesheet", "Font", ...), the
    content encodings of the scripts, and the milliseconds to the first and to the largest contentful paint.
    `slowdown` divides the processor's speed; `encodings` replaces the browser's Accept-Encoding.
    """
    context = browser.new_context(viewport=VIEWPORT, locale="en-GB")
    try:
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        kinds: dict[str, str] = {}
        names: dict[str, str] = {}
        transferred: dict[str, float] = {}
        used: Counter[str] = Counter()

        def received(event: dict[str, Any]) -> None:
            kinds[event["requestId"]] = event["type"]
            names[event["requestId"]] = event["response"]["url"]
            if event["type"] == "Script":
                sent = {name.lower(): value for name, value in event["response"]["headers"].items()}
                used[sent.get("content-encoding", "none")] += 1

        devtools.on("Network.responseReceived", received)
        devtools.on(
            "Network.loadingFinished",
            lambda event: transferred.__setitem__(event["requestId"], event["encodedDataLength"]),
        )
        devtools.send("Network.enable")
        devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
        if encodings:
            devtools.send("Network.setExtraHTTPHeaders", {"headers": {"Accept-Encoding": encodings}})
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": slowdown})
        page.goto(address)
        page.locator(".ruler [data-tick]").first.wait_for(state="attached", timeout=60_000)
        page.wait_for_load_state("networkidle")
        paints = page.evaluate(PAINTS)
    finally:
        context.close()
    size: Counter[str] = Counter()
    for request, length in transferred.items():
        size[kinds.get(request, "Other")] += round(length)
    return {
        "bytes": dict(size),
        "requests": dict(Counter(kinds.values())),
        "encodings": dict(used),
        "scripts": sorted(
            (round(transferred.get(request, 0)), names[request].rpartition("/")[2])
            for request, kind in kinds.items()
            if kind == "Script"
        ),
        "first_paint_ms": paints["first"],
        "largest_paint_ms": paints["largest"],
    }


def measure(browser: Browser, address: str) -> dict[str, Any]:
    """Return the first visit's bytes with brotli and with gzip, and the median paints at both speeds."""
    found: dict[str, Any] = {
        "brotli": visit(browser, address),
        "gzip": visit(browser, address, encodings="gzip"),
    }
    for name, slowdown in (("as it is", 1.0), ("slowed 4 times", 4.0)):
        visits = [visit(browser, address, slowdown=slowdown) for _ in range(VISITS)]
        found[name] = {
            key: statistics.median(one[key] for one in visits)
            for key in ("first_paint_ms", "largest_paint_ms")
        }
    return found


def report(found: dict[str, Any]) -> str:
    """Return the measurement as text."""
    lines = []
    for name in ("brotli", "gzip"):
        one = found[name]
        kinds = ", ".join(f"{kind} {size / 1000:.1f} kB" for kind, size in sorted(one["bytes"].items()))
        requests = sum(one["requests"].values())
        lines += [f"{name}: {kinds}; {requests} requests; scripts sent as {one['encodings']}"]
    for name in ("as it is", "slowed 4 times"):
        one = found[name]
        lines += [
            f"{name}: first paint {one['first_paint_ms']:.0f} ms, largest {one['largest_paint_ms']:.0f} ms"
        ]
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """Measure the address given, else a server started for it."""
    server = None
    address = arguments[0] if arguments else "http://127.0.0.1:8199/"
    if not arguments:
        command = [sys.executable, "-m", "app", "--no-browser", "--port", "8199"]
        server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_for(address)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("BROWSER_PATH"), args=["--no-sandbox"]
            )
            print(report(measure(browser, address)))
            browser.close()
    finally:
        if server:
            server.terminate()
            server.wait()


def wait_for(address: str) -> None:
    """Wait until the server answers. Raises TimeoutError after half a minute."""
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{address} does not answer") from None
            time.sleep(0.1)


if __name__ == "__main__":
    main(sys.argv[1:])
