"""What a person sees and does in the Network lab, so that tests read like a lesson."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

GOLDEN = json.loads((Path(__file__).parent.parent / "golden" / "course_numbers.json").read_text("utf-8"))
MINUS = "\u2212"


def number(text: str) -> float:
    """Return the number that `text` shows; the page writes the minus sign as U+2212."""
    return float(text.replace(MINUS, "-").replace("\u202f", "").replace(",", ""))


def settle(page: Page) -> None:
    """Wait until no command is under way and what the last one changed is drawn."""
    expect(page.locator("html[data-busy]")).to_have_count(0, timeout=60_000)


def two_frames(page: Page) -> None:
    """Let the page draw what it has been told."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def drag(page: Page, handle: Locator, right: float, down: float, moves: int = 1) -> None:
    """Drag a handle of a picture by so many pixels, in so many moves, and wait for what comes of it."""
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=moves)
    page.mouse.up()
    settle(page)


def opened_again(page: Page, ready: str, place: str) -> Page:
    """Return another page at this one's address, opened again until it has the same text in `place`.

    The address is written a moment after the page. `ready` is what is there once a page stands.
    """
    shown, other = page.locator(place).inner_text(), page.context.new_page()
    for _ in range(20):
        other.goto("about:blank")
        other.goto(page.url)
        expect(other.locator(ready).first).to_be_visible()
        expect(other.locator(ready).first).not_to_be_empty()
        if other.locator(place).count() and other.locator(place).inner_text() == shown:
            break
    assert other.locator(place).inner_text() == shown
    return other


def wait_until(page: Page, condition: Callable[[], bool]) -> None:
    """Let the page go on until the condition, of what a test has heard from it, holds."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        page.wait_for_timeout(10)


class Lab:
    """The Network lab in `page`."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, address: str = "/") -> Lab:
        """Open the page and wait until its network stands."""
        self.page.goto(address)
        self.ready()
        return self

    def ready(self) -> None:
        """Wait until a network, its equations and its map are on the screen and no run is on."""
        expect(self.page.locator(".ruler [data-tick]").first).to_be_attached()
        expect(self.page.locator(".node[data-ref='a.0.0']").first).to_be_visible()
        expect(self.page.locator(".banner.live")).to_have_count(0, timeout=60_000)
        settle(self.page)

    @property
    def counter(self) -> Locator:
        """The line that counts micro-steps, iterations and epochs."""
        return self.page.locator(".counter")

    def counts(self) -> tuple[int, int, int]:
        """Return the micro-step (0 before the first), the iteration and the epoch shown."""
        shown = [int(re.sub(r"\D", "", text)) for text in self.counter.locator("b").all_inner_texts()]
        return shown[0], shown[1], shown[2]

    def expect_counts(self, micro: int, iteration: int) -> None:
        """Wait until the counter shows this micro-step of this iteration."""
        expect(self.counter.locator("b").nth(0)).to_have_text(str(micro))
        expect(self.counter.locator("b").nth(1)).to_have_text(f"{iteration:,}".replace(",", "\u202f"))

    def press(self, key: str, times: int = 1) -> None:
        """Press a key of the page."""
        for _ in range(times):
            self.page.keyboard.press(key)

    def step(self, micro: int, iteration: int = 1) -> None:
        """Press Step and wait for this micro-step of this iteration."""
        self.press("ArrowRight")
        self.expect_counts(micro, iteration)

    def results(self) -> dict[str, str]:
        """Return every result in the equation panel, under its reference."""
        found = self.page.locator(".equation output[data-val]")
        refs = found.evaluate_all("all => all.map(one => one.dataset.val)")
        return dict(zip(refs, found.all_inner_texts(), strict=True))

    def microsteps(self) -> int:
        """Return how many micro-steps the ruler has."""
        return self.page.locator(".ruler [data-tick]").count()

    def choose_preset(self, name: str) -> None:
        """Choose a ready example in the set-up."""
        before = self.page.locator(".ruler").get_attribute("aria-valuemax")
        self.page.locator("#preset").select_option(name)
        expect(self.page.locator("#preset")).to_have_value(name)
        expect(self.counter.locator("b").nth(1)).to_have_text("1")
        assert before is not None
        self.ready()

    def run_epochs(self, count: int) -> None:
        """Run this many epochs and wait for the end."""
        self.page.locator("#run-epochs").fill(str(count))
        self.page.locator(".runn button[type=submit]").click()
        expect(self.page.locator(".banner.live")).to_have_count(0, timeout=120_000)

    def colour_at(self, x: float, y: float) -> tuple[int, int, int]:
        """Return the colour of the output map's canvas at the data coordinates (x, y)."""
        colour: list[int] = self.page.locator("figure.bmap").evaluate(
            """(figure, [x, y]) => {
              const canvas = figure.querySelector('#output-map'), at = figure.dataset;
              const column = (x - at.xMin) / (at.xMax - at.xMin), row = (at.yMax - y) / (at.yMax - at.yMin);
              const pixel = canvas.getContext('2d').getImageData(
                Math.min(canvas.width - 1, Math.floor(column * canvas.width)),
                Math.min(canvas.height - 1, Math.floor(row * canvas.height)), 1, 1);
              return [...pixel.data.slice(0, 3)];
            }""",
            [x, y],
        )
        return colour[0], colour[1], colour[2]

    def weight(self, element: str) -> Locator:
        """The label of a weight in the diagram."""
        return self.page.locator(f".wl[data-ref='{element}']")

    def neuron_value(self, element: str) -> Locator:
        """The activation inside a neuron of the diagram."""
        return self.page.locator(f".node[data-ref='{element}'] .av")

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        wide: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return wide

    def state(self) -> dict[str, Any]:
        """Return what the page shows, to compare two pages with each other."""
        return {
            "counts": self.counts(),
            "results": self.results(),
            "weights": self.page.locator(".wl[data-ref]").evaluate_all(
                "all => all.map((one) => one.ariaLabel)"
            ),
            "neurons": self.page.locator(".node .av").all_text_contents(),
            "outputs": self.page.locator("table.outs").inner_text(),
        }
