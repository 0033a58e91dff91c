"""What the first visit costs: bytes by kind, requests, first paint, in Chromium.

A visit is the
worked example at 1440 × 900 in an empty browser profile, with all that the page loads until the network is
idle. Times are medians of several visits, as they are and with the processor slowed four times: about a
classroom's laptop. Bytes are those of the network: headers and compressed bodies.
"""

from __future__ import annotations

import statistics
from collections import Counter
from typing import Any

from playwright.sync_api import Browser

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


def measure_visits(browser: Browser, address: str, count: int = VISITS) -> dict[str, Any]:
    """Return the first visit's bytes with brotli and with gzip, and the median paints at both speeds."""
    found: dict[str, Any] = {
        "brotli": visit(browser, address),
        "gzip": visit(browser, address, encodings="gzip"),
    }
    for name, slowdown in (("as it is", 1.0), ("slowed 4 times", 4.0)):
        visits = [visit(browser, address, slowdown=slowdown) for _ in range(count)]
        found[name] = {
            key: statistics.median(one[key] for one in visits)
            for key in ("first_paint_ms", "largest_paint_ms")
        }
    return found
