"""The page in Chromium: first paint, script size, frame times while a 2-8-8-1 trains at full rate.

`python3 -m benchmarks.frames [--seconds N]`; needs Playwright and a Chromium (BROWSER_PATH names another).
"""

from __future__ import annotations

import argparse
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.served import server

# What a person uses first; Chromium without a browser's windows only where there is nothing else.
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "chromium-headless-shell",
)
TIMEOUT = 60_000
# More than any run here reaches.
EPOCHS = 10_000_000
WARM_UP_SECONDS = 1.0

# The times between the pictures that the browser makes, in milliseconds.
COLLECT = """seconds => new Promise((done) => {
  const times = [];
  let steps = 0, shown = '';
  const end = performance.now() + 1000 * seconds;
  const counter = document.querySelectorAll('.counter b')[1];
  const next = (now) => {
    times.push(now);
    if (counter.textContent !== shown) { shown = counter.textContent; steps += 1; }
    if (now < end) requestAnimationFrame(next);
    else done({ gaps: times.slice(1).map((time, k) => time - times[k]), drawn: steps });
  };
  requestAnimationFrame(next);
})"""
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"


@dataclass(frozen=True)
class PageFigures:
    """What was measured: times in milliseconds, sizes in bytes as they went over the wire.

    `frames` holds the times between two pictures of the display while training ran, `drawn` counts the
    pictures with a new state in them, `epochs` how many epochs were trained meanwhile.
    """

    first_paint: float
    script_bytes: int
    script_files: int
    frames: np.ndarray[Any, np.dtype[np.float64]]
    drawn: int
    seconds: float
    epochs: int

    def percentile(self, share: float) -> float:
        """The frame time that `share` percent of all frames stay under."""
        return float(np.percentile(self.frames, share))


def measure_page(seconds: float = 8.0) -> PageFigures:
    """Start a server and a browser, train two moons with a 2-8-8-1 at full rate, look at every picture."""
    from playwright.sync_api import sync_playwright

    with server() as served, sync_playwright() as playwright:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        browser = playwright.chromium.launch(
            executable_path=find_browser(playwright.chromium.executable_path),
            args=["--no-sandbox"] if root else [],
        )
        try:
            return _measure(browser, f"http://127.0.0.1:{served.port}", seconds)
        finally:
            browser.close()


def _measure(browser: Any, address: str, seconds: float) -> PageFigures:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    scripts: dict[str, str] = {}
    sizes: dict[str, int] = {}
    wire.on(
        "Network.responseReceived",
        lambda event: (
            scripts.update({event["requestId"]: event["response"]["url"]})
            if event["type"] == "Script"
            else None
        ),
    )
    wire.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: int(event["encodedDataLength"])}),
    )
    page.goto(f"{address}/#preset=moons")
    page.locator("figure.bmap[data-step='0']").wait_for(timeout=TIMEOUT)
    paint = page.evaluate(PAINT)
    page.wait_for_load_state("networkidle")
    transferred = [sizes.get(request, 0) for request in scripts]
    # A second hidden layer like the first.
    page.locator("#setup-layers .addrow, .setup .addrow").filter(has_text="hidden").first.click()
    page.locator(".apply.on .primary").click()
    page.locator(".node[data-ref='a.3.0']").wait_for(timeout=TIMEOUT)
    page.locator("#run-epochs").fill(str(EPOCHS))
    page.locator(".runn button[type=submit]").click()
    page.locator(".banner.live").wait_for(timeout=TIMEOUT)
    page.wait_for_timeout(1000 * WARM_UP_SECONDS)
    epochs = _epoch(page)
    found = page.evaluate(COLLECT, seconds)
    epochs = _epoch(page) - epochs
    page.keyboard.press("Escape")
    page.locator(".banner.live").wait_for(state="detached", timeout=TIMEOUT)
    return PageFigures(
        first_paint=float(paint),
        script_bytes=sum(transferred),
        script_files=len(transferred),
        frames=np.array(found["gaps"], dtype=np.float64),
        drawn=int(found["drawn"]),
        seconds=seconds,
        epochs=epochs,
    )


def _epoch(page: Any) -> int:
    text = page.locator(".counter b").nth(2).inner_text()
    return int("".join(digit for digit in text if digit.isdigit()))


def find_browser(own: str) -> str:
    """The browser that BROWSER_PATH names, Playwright's own, or one of the system's."""
    if named := os.environ.get("BROWSER_PATH"):
        return named
    if Path(own).is_file():
        return own
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    raise SystemExit("No Chromium was found: set BROWSER_PATH, or run `playwright install chromium`.")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python3 -m benchmarks.frames", description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0, help="how long the frames are watched")
    figures = measure_page(parser.parse_args().seconds)
    print(f"first paint        {figures.first_paint:8.0f} ms")
    print(f"scripts            {figures.script_bytes / 1000:8.1f} kB in {figures.script_files} files")
    print(f"frame time p50     {figures.percentile(50):8.1f} ms")
    print(f"frame time p95     {figures.percentile(95):8.1f} ms   (at most 33)")
    print(f"frame time largest {figures.frames.max():8.1f} ms")
    print(f"new states drawn   {figures.drawn / figures.seconds:8.1f} a second")
    print(f"trained meanwhile  {figures.epochs / figures.seconds:8.0f} epochs a second")


if __name__ == "__main__":
    main()
