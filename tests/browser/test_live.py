"""Training as it runs: rules that end it, speed, pause, a stream that breaks, and undo of the whole run."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Guard
from tests.browser.lab import Lab, number, two_frames
from tests.browser.test_languages_and_devices import AXE

TRAIN = re.compile(r"/api/v1/sessions/[^/]+/train(\?.*)?$")
LOSS = ".loss h2 .now b"


class Training:
    """The controls of a run, and the session behind the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session = ""
        page.on("response", self._note)
        self.banner = page.locator(".banner.live")
        self.told = page.locator(".banner.ended")
        self.iteration = page.locator(".counter b").nth(1)

    def _note(self, response: Any) -> None:
        if response.request.method == "POST" and response.url.endswith("/sessions") and response.ok:
            self.session = response.json()["id"]

    def state(self) -> dict[str, Any]:
        """Return the session as the server has it."""
        reply = self.page.request.get(f"/api/v1/sessions/{self.session}")
        found: dict[str, Any] = reply.json()
        return found

    def begin(self, epochs: int | None = None, **rules: str) -> None:
        """Enter the number of epochs and the rules, and run."""
        if epochs is not None:
            self.page.locator("#run-epochs").fill(str(epochs))
        if rules:
            self.page.locator(".runn .more").click()
            for name, text in rules.items():
                self.page.locator(f"#rule-{name}").fill(text)
        self.page.locator(".runn button[type=submit]").click()

    def past(self, iteration: int) -> None:
        """Wait until the page shows an iteration beyond this one."""
        self.page.wait_for_function(
            """least => {
              const shown = document.querySelectorAll('.counter b')[1].textContent;
              return Number(shown.replace(/\\D/g, '')) > least;
            }""",
            arg=iteration,
        )

    def expect_at_rest(self) -> None:
        """Wait until no run is on and the page shows the server's step, loss and weights exactly."""
        expect(self.banner).to_have_count(0, timeout=60_000)
        state = self.state()
        expect(self.iteration).to_have_text(f"{state['step'] + 1:,}".replace(",", "\u202f"))
        expect(self.page.locator("figure.bmap")).to_have_attribute("data-step", str(state["step"]))
        assert number(self.page.locator(LOSS).inner_text()) == pytest.approx(state["loss"], abs=5e-9)
        # The diagram's labels are those of the session, not of the frame before.
        label = self.page.locator(".wl[data-ref='w.1.0.0']").get_attribute("aria-label") or ""
        assert number(label.split(", ")[1]) == pytest.approx(
            state["parameters"]["weights"][0][0][0], abs=5e-5
        )


def faults(page: Page) -> list[str]:
    """Return what axe-core finds in the diagram, the transport and the line of the run."""
    page.evaluate(AXE)
    report = page.evaluate(
        "axe.run({include: [['.stage'], ['.notices'], ['.transport']]}, {resultTypes: ['violations']})"
    )
    return [f"{found['id']}: {found['nodes'][0]['target']}" for found in report["violations"]]


@pytest.fixture
def training(page: Page) -> Training:
    """XOR, on which nothing has been trained yet."""
    found = Training(page)
    Lab(page).open("/#preset=xor-2-2-1")
    return found


def test_rules_end_a_run_and_say_why_and_undo_takes_all_of_it_back(page: Page, training: Training) -> None:
    before = page.locator(LOSS).inner_text()
    # An entry that cannot be used is explained at its field, and nothing runs.
    training.begin(loss="-1")
    expect(page.locator("#rule-loss-message")).to_be_visible()
    expect(page.locator("#rule-loss")).to_have_attribute("aria-invalid", "true")
    expect(training.banner).to_have_count(0)
    assert faults(page) == []
    page.locator("#rule-endless").check()
    page.locator("#rule-loss").fill("0.2")
    page.keyboard.press("Enter")
    expect(training.told).to_contain_text("0.2", timeout=60_000)
    training.expect_at_rest()
    assert training.state()["loss"] < 0.2
    # Both curves end where training ended: the one that was drawn meanwhile and the server's.
    expect(page.locator(".lossbox[data-last]")).to_have_attribute("data-last", str(training.state()["step"]))
    page.keyboard.press("Control+z")
    expect(training.iteration).to_have_text("1")
    expect(page.locator(LOSS)).to_have_text(before)
    expect(training.told).to_have_count(0)
    page.keyboard.press("Control+Shift+z")
    expect(training.iteration).not_to_have_text("1")

    # Patience: a fall of less than 10 is no improvement, so that five epochs of four steps are the end. The
    # best of them is gone back to.
    reached = training.state()["step"]
    training.begin(loss="", patience="5", change="10")
    expect(training.told).to_contain_text("no improvement for 5 epochs")
    training.expect_at_rest()
    run = training.state()["run"]
    assert run["reason"] == "no-improvement"
    assert run["best_epoch"] * 4 == training.state()["step"]
    assert reached <= training.state()["step"] <= reached + 20


def test_speed_pause_and_a_hidden_page(page: Page, training: Training) -> None:
    page.locator(".runn .more").click()
    page.locator("#rule-pace").fill("0")
    expect(page.locator("output[for='rule-pace']")).to_have_text("1 step/s")
    training.begin(epochs=1_000_000)
    expect(training.banner).to_be_visible()
    training.past(1)
    assert training.state()["step"] < 1000
    assert training.state()["status"] == "training"
    # As fast as it goes, from now on.
    page.locator("#live-pace").fill("7")
    training.past(2000)
    expect(training.banner).to_contain_text("left")
    # The diagram's weights move with the frames.
    weight = page.locator(".wl[data-ref='w.1.0.0'] text")
    moved = weight.text_content() or ""
    expect(weight).not_to_have_text(moved)

    # The learning rate can be turned meanwhile; it acts at the server's next step.
    page.locator("#learning-rate").fill("0.2")
    with page.expect_response(lambda reply: reply.request.method == "PATCH" and reply.ok):
        page.keyboard.press("Enter")
    state = training.state()
    assert (state["status"], state["training"]["optimizer"]["parameters"]["learning_rate"]) == (
        "training",
        0.2,
    )

    assert faults(page) == []

    # A hidden page draws nothing, and training goes on; the latest frame is there when it is back.
    hide = """state => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }"""
    page.evaluate(hide, "hidden")
    two_frames(page)
    shown = training.iteration.inner_text()
    step = training.state()["step"]
    while training.state()["step"] < step + 5000:
        pass
    assert training.iteration.inner_text() == shown
    page.evaluate(hide, "visible")
    training.past(step)

    # A phone has the same controls, at the thumb.
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".mbar [aria-keyshortcuts='Space']")).to_be_visible()
    assert Lab(page).overflow() <= 0
    page.locator(".mbar [aria-keyshortcuts='Space']").click()
    expect(training.banner).to_have_count(0)
    page.set_viewport_size({"width": 1440, "height": 900})
    training.expect_at_rest()
    expect(page.locator("#learning-rate")).to_have_value("0.2")
    step = training.state()["step"]
    page.locator("h1").last.click()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".counter b").first).to_have_text("1")
    assert training.state()["step"] == step


def test_a_broken_stream_is_taken_up_again_and_no_step_is_lost(
    page: Page, training: Training, guard: Guard
) -> None:
    guard.allow(r"failed: .*/train")
    guard.allow("Failed to load resource")
    asked: list[str] = []

    def cut(route: Route) -> None:
        """Let the run begin but break its stream off; the first try to take it up fails as well."""
        asked.append(route.request.method)
        if len(asked) == 1:
            body = json.loads(route.request.post_data or "{}")
            route.fetch(headers={**route.request.headers, "accept": "application/json"}, post_data=body)
            route.fulfill(status=200, content_type="text/event-stream", body=": cut off\nevent: fra")
        elif len(asked) == 2:
            route.abort()
        else:
            route.continue_()

    page.route(TRAIN, cut)
    training.begin(epochs=1_000_000)
    expect(page.locator(".toast")).to_contain_text("Connected again")
    training.past(100)
    # The frames carry the map of the neuron that is chosen meanwhile.
    page.locator(".mm").first.click()
    expect(page.locator("figure.bmap")).to_have_attribute("data-element", "a.1.0")
    training.past(int(page.locator("figure.bmap").get_attribute("data-step") or 0) + 100)
    # The run's own request, two that took it up, one for the other map.
    assert asked == ["POST", "GET", "GET", "GET"]
    page.keyboard.press("Space")
    training.expect_at_rest()

    # A request that never reached the server is made once more.
    asked.clear()
    page.unroute(TRAIN)

    def lose_first(route: Route) -> None:
        asked.append(route.request.method)
        if len(asked) == 1:
            route.abort()
        else:
            route.continue_()

    page.route(TRAIN, lose_first)
    step = training.state()["step"]
    training.begin(epochs=10)
    expect(training.banner).to_have_count(0)
    training.expect_at_rest()
    assert asked == ["POST", "POST"]
    assert training.state()["epoch"] * 4 == training.state()["step"]
    assert step + 36 <= training.state()["step"] <= step + 40


def test_a_page_that_is_loaded_again_takes_up_its_run(page: Page, training: Training) -> None:
    training.begin(epochs=1_000_000)
    training.past(20)
    session = training.session
    page.reload()
    expect(training.banner).to_be_visible()
    training.past(200)
    assert training.session == session, "no session was made anew"
    assert training.state()["status"] == "training"
    page.keyboard.press("Space")
    training.expect_at_rest()
    page.keyboard.press("Control+z")
    expect(training.iteration).to_have_text("1")
    # Nothing goes on any more: now the address says what is shown.
    expect(page).to_have_url(re.compile("preset=xor-2-2-1$"))
    page.reload()
    expect(training.iteration).to_have_text("1")
    assert training.session != session
