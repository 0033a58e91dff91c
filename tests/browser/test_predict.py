"""Predict first: hidden numbers stand nowhere on the page; typed ones are judged, with a slip's place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from tests.browser.lab import GOLDEN, Lab

BACKWARD = GOLDEN["worked_example_2_2_2"]["backward"]
FORWARD = GOLDEN["worked_example_2_2_2"]["forward"]
DELTA_STEP = 22  # δ of the first output, in terms
GRADIENT_STEP = 23  # the gradient of w5

# Every text of the page: what is seen, what only a screen reader says, what a tooltip or a field holds.
ALL_TEXT = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (!parentElement.closest('script')) found.push(data);
  }
  for (const element of document.body.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      if (/^(aria-|title|placeholder|data-|value)/.test(name)) found.push(value);
    }
    if (element instanceof HTMLInputElement) found.push(element.value);
  }
  return found.join('\\n');
}"""
NUMERAL = re.compile(r"(?<![\w.])\d+\.(\d{4,})(?![\d⁰¹²³⁴⁵⁶⁷⁸⁹×])")


class Replies:
    """The micro-steps that the server last sent to a page, as they are, nothing hidden."""

    def __init__(self, page: Page) -> None:
        self.last: dict[str, Any] = {}
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        if "/microsteps" in response.url and response.ok:
            self.last = response.json()

    def results(self, step: int) -> dict[str, float]:
        """Return the results of the micro-step counted from 1."""
        lines = self.last["microsteps"][step - 1]["lines"]
        return {line["result_ref"]: line["result"] for line in lines}

    def all_results(self, phase: str | None = None) -> dict[str, float]:
        """Return all results, of one phase or of the whole iteration."""
        return {
            line["result_ref"]: line["result"]
            for step in self.last["microsteps"]
            if phase in (None, step["phase"])
            for line in step["lines"]
        }


@pytest.fixture
def replies(page: Page) -> Replies:
    """What the server tells this test's page."""
    return Replies(page)


def open_terms(page: Page, address: str = "/") -> Lab:
    """Open the worked example in terms, Predict on."""
    lab = Lab(page).open(address)
    lab.press("1")
    expect(page.locator(".ruler [data-tick]")).to_have_count(51)
    lab.press("p")
    expect(toggle(page)).to_have_attribute("aria-checked", "true")
    return lab


def toggle(page: Page) -> Locator:
    """The switch of Predict."""
    return page.locator(".ptoggle [role='switch']")


def go(lab: Lab, step: int) -> None:
    """Go to a micro-step by the ruler, as a click on its tick does."""
    lab.page.locator(f".ruler [data-tick='{step - 1}']").click()
    lab.expect_counts(step, 1)


def box(page: Page, ref: str) -> Locator:
    """What stands in place of the result `ref`."""
    return page.locator(f".predicted[data-ask='{ref}']")


def answer(page: Page, ref: str, text: str) -> None:
    """Type an answer and press Enter."""
    field = box(page, ref).locator(".ans").first
    field.fill(text)
    field.press("Enter")


def told(page: Page, numbers: dict[str, float]) -> dict[str, list[str]]:
    """Return the numerals on the page that are one of the numbers, rounded like the numeral, by reference."""
    numerals = {match[0]: len(match[1]) for match in NUMERAL.finditer(page.evaluate(ALL_TEXT))}
    found = {
        ref: [text for text, digits in numerals.items() if text == f"{abs(value):.{digits}f}"]
        for ref, value in numbers.items()
    }
    return {ref: texts for ref, texts in found.items() if texts}


def every_tab(page: Page) -> Iterator[str]:
    """Open the drawer's tabs one after the other, and close the last."""
    tabs = page.locator(".dwtabs [role='tab']")
    for at in range(tabs.count()):
        tabs.nth(at).click()
        expect(tabs.nth(at)).to_have_attribute("aria-selected", "true")
        # Each has numbers once it has loaded, except the history at first; pictures are put away.
        name = tabs.nth(at).get_attribute("id")
        if name == "drawer-pictures" and page.locator(".ptoggle.on").count():
            expect(page.locator("#drawer-panel")).to_contain_text("Not while you predict")
        elif name != "drawer-history":
            expect(page.locator("#drawer-panel")).to_contain_text(re.compile(r"\d"))
        page.wait_for_load_state("networkidle")
        yield tabs.nth(at).inner_text()
    page.locator(".dwh .btn").click()


def test_the_page_tells_every_number_while_nothing_is_hidden(page: Page, replies: Replies) -> None:
    lab = open_terms(page)
    lab.press("p")
    for step in (1, 4, 16, DELTA_STEP, GRADIENT_STEP, 51):
        go(lab, step)
        results = replies.results(step)
        assert told(page, results).keys() == results.keys()


@pytest.mark.parametrize(("lang", "granularity", "steps"), [("en", "1", 51), ("ko", "2", 15)])
def test_a_hidden_result_stands_nowhere(
    page: Page, replies: Replies, lang: str, granularity: str, steps: int
) -> None:
    lab = open_terms(page, f"/?lang={lang}")
    lab.press(granularity)
    expect(page.locator(".ruler [data-tick]")).to_have_count(steps)
    page.locator(".proof.agree").wait_for()
    for step in range(1, steps + 1):
        lab.step(step)
        results = replies.results(step)
        expect(page.locator(".predicted.asked")).to_have_count(len(results))
        assert told(page, results) == {}, f"micro-step {step}"


def test_a_hidden_result_stands_in_no_tab_and_on_no_card(page: Page, replies: Replies) -> None:
    lab = open_terms(page)
    for step in (4, 19, GRADIENT_STEP, 44):
        go(lab, step)
        results = replies.results(step)
        for name in every_tab(page):
            assert told(page, results) == {}, f"{name} at micro-step {step}"
        for element in ("a.1.0", "a.2.1", "e", "w.2.0.0"):
            card = page.locator("#diagram-card")
            page.locator(f".node[data-ref='{element}'], .wl[data-ref='{element}']").hover()
            expect(card).to_be_visible()
            assert told(page, results) == {}, f"card of {element} at micro-step {step}"
            page.mouse.move(2, 2)
            expect(card).to_have_count(0)


def test_the_map_does_not_tell_a_hidden_output(page: Page, replies: Replies) -> None:
    lab = open_terms(page)
    go(lab, 12)
    results = replies.results(12)
    assert list(results) == ["a.2.0"]
    plot = page.locator(".bmaphit")
    plot.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    readout = page.locator(".bmapbox .bcall b")
    expect(readout).to_have_text("?")
    assert told(page, results) == {}
    page.keyboard.press("Escape")
    answer(page, "a.2.0", "0.6094")
    expect(box(page, "a.2.0").locator(".verdict.ok")).to_be_visible()
    plot.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(readout).to_have_text(f"{FORWARD['o'][0]:.6f}")


def test_scope_phase_hides_all_that_was_not_answered(page: Page, replies: Replies) -> None:
    lab = open_terms(page)
    page.locator(".pscope select").select_option("phase")
    go(lab, 21)
    answer(page, "loc.2.0", f"{BACKWARD['do_dz'][0]:.4f}")
    expect(box(page, "loc.2.0").locator(".verdict.ok")).to_be_visible()
    for step in (DELTA_STEP, GRADIENT_STEP, 43):
        go(lab, step)
        hidden = {ref: value for ref, value in replies.all_results("backward").items() if ref != "loc.2.0"}
        assert told(page, hidden) == {}, f"micro-step {step}"
    go(lab, 44)
    assert told(page, replies.all_results("backward")) != {}
    assert told(page, replies.all_results("update")) == {}


def test_scope_deltas_hides_deltas_and_nothing_else(page: Page, replies: Replies) -> None:
    lab = open_terms(page)
    page.locator(".pscope select").select_option("deltas")
    lab.press("End")
    lab.expect_counts(51, 1)
    results = replies.all_results()
    deltas = {ref: value for ref, value in results.items() if ref.startswith("d.")}
    assert len(deltas) == 4
    assert told(page, deltas) == {}
    assert "nw.2.1.1" in told(page, results)
    go(lab, DELTA_STEP)
    expect(page.locator(".predicted.asked")).to_have_count(1)
    assert told(page, deltas) == {}
    go(lab, GRADIENT_STEP)
    expect(page.locator(".predicted.asked")).to_have_count(0)


def test_a_hidden_delta_does_not_return_as_the_gradient_of_its_bias(page: Page, replies: Replies) -> None:
    lab = Lab(page).open()
    lab.choose_preset("xor-2-2-1")
    lab.press("p")
    page.locator(".pscope select").select_option("deltas")
    lab.press("End")
    expect(page.locator(".ruler [data-tick].c")).to_have_count(1)
    results = replies.all_results()
    assert results["gb.1.0"] == results["d.1.0"]
    assert told(page, {ref: value for ref, value in results.items() if ref.startswith("d.1.")}) == {}
    expect(lab.weight("b.1.0")).to_have_attribute("aria-label", re.compile(r"gradient \?"))


def test_with_several_samples_only_the_shown_one_is_hidden(page: Page, replies: Replies) -> None:
    lab = Lab(page).open()
    lab.choose_preset("xor-2-2-1")
    table = page.locator("table.outs tbody")
    before = table.locator("tr").all_inner_texts()
    shown = table.locator("tr.cur")
    row = int(shown.get_attribute("data-row") or -1)
    lab.press("p")
    lab.step(1)
    expect(shown).to_contain_text("?")
    expect(shown.locator("svg")).to_have_count(0)
    after = table.locator("tr").all_inner_texts()
    assert [text for at, text in enumerate(after) if at != row] == [
        text for at, text in enumerate(before) if at != row
    ]
    last = {"a.2.0": float(replies.all_results()["a.2.0"]), "e": float(replies.all_results()["e"])}
    assert told(page, last) == {}


def test_a_right_answer_shows_the_number_and_enter_goes_on(page: Page) -> None:
    lab = open_terms(page)
    go(lab, GRADIENT_STEP)
    answer(page, "gw.2.0.0", "0.0259")
    found = box(page, "gw.2.0.0")
    expect(found.locator(".verdict.ok")).to_have_text("right")
    expect(found.locator("output")).to_have_text(f"{BACKWARD['dE_dW2'][0][0]:.8f}")
    expect(page.locator(".pscore")).to_have_text("1 of 1 at first try")
    expect(page.locator(".pnext")).to_be_focused()
    page.keyboard.press("Enter")
    lab.expect_counts(GRADIENT_STEP + 1, 1)
    expect(box(page, "gw.2.1.0").locator(".ans")).to_be_focused()


def test_the_forgotten_slope_is_named_with_its_place(page: Page) -> None:
    lab = open_terms(page)
    go(lab, DELTA_STEP)
    answer(page, "d.2.0", "0.2094")
    found = box(page, "d.2.0")
    expect(found.locator(".verdict.bad")).to_contain_text("The slope of the activation function")
    place = found.locator(".pplace")
    expect(place).to_have_attribute("aria-label", "Show the place: factor 2, ∂o1/∂z3")
    place.focus()
    expect(page.locator(".equation .fb [data-val='loc.2.0'].lit").first).to_be_attached()
    expect(found.locator(".ans")).to_have_value("0.2094")
    found.get_by_role("button", name="Try again").click()
    page.keyboard.type("0.0499")
    page.keyboard.press("Enter")
    expect(found.locator(".verdict.ok")).to_be_visible()
    expect(page.locator(".pscore")).to_have_text("0 of 1 at first try")


def test_a_flipped_sign_is_named(page: Page) -> None:
    lab = open_terms(page)
    go(lab, 20)
    answer(page, "up.2.0", "\u22120.2094")
    expect(box(page, "up.2.0").locator(".verdict.bad")).to_contain_text("output minus target")


def test_an_unexplained_answer_leads_to_the_first_wrong_factor(page: Page) -> None:
    lab = open_terms(page)
    go(lab, GRADIENT_STEP)
    answer(page, "gw.2.0.0", "0.7")
    found = box(page, "gw.2.0.0")
    factor = found.locator(".pfac.now")
    expect(factor.locator(".ans")).to_have_attribute("aria-label", "Your value of ∂E/∂o1")
    expect(factor.locator(".ans")).to_be_focused()
    page.keyboard.type("0.2094")
    page.keyboard.press("Enter")
    expect(factor.locator(".ans")).to_have_attribute("aria-label", "Your value of ∂o1/∂z3")
    expect(factor.locator(".ans")).to_be_focused()
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    expect(factor.locator(".verdict.bad")).to_contain_text("Here it first goes wrong")
    expect(factor.locator(".pplace .no")).to_have_text("2")
    factor.locator(".ans").fill("0.2380")
    page.keyboard.press("Enter")
    expect(factor.locator(".ans")).to_have_attribute("aria-label", "Your value of h1")
    expect(factor.locator(".ans")).to_be_focused()
    page.keyboard.type("0.52")
    page.keyboard.press("Enter")
    expect(found.locator(".pfac.ok")).to_have_count(3)
    expect(found.locator(".pfactors")).to_contain_text("put them together")
    found.get_by_role("button", name="Reveal").click()
    expect(found.locator("output")).to_have_text(f"{BACKWARD['dE_dW2'][0][0]:.8f}")
    expect(page.locator(".pscore")).to_have_text("0 of 1 at first try")


def test_what_is_no_number_is_told_and_counts_as_nothing(page: Page) -> None:
    lab = open_terms(page)
    lab.step(1)
    answer(page, "p.1.0.0", "0,03")
    verdict = box(page, "p.1.0.0").locator(".verdict.bad")
    expect(verdict).to_contain_text("Write 0.03")
    answer(page, "p.1.0.0", "much")
    expect(verdict).to_contain_text("Type a number")
    expect(page.locator(".pscore")).to_have_count(0)
    answer(page, "p.1.0.0", "3e-2")
    expect(box(page, "p.1.0.0").locator(".verdict.ok")).to_be_visible()
    expect(page.locator(".pscore")).to_have_text("1 of 1 at first try")


def test_by_keyboard_alone(page: Page) -> None:
    lab = open_terms(page)
    # The field has the focus by itself; while it is empty the arrow keys still step, and that is no fault.
    page.keyboard.press("ArrowRight")
    lab.expect_counts(1, 1)
    field = page.locator(".predicted.asked .ans")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowRight")
    lab.expect_counts(2, 1)
    expect(field).to_be_focused()
    page.keyboard.press("ArrowLeft")
    lab.expect_counts(1, 1)
    expect(field).to_be_focused()
    page.keyboard.type("0.03")
    page.keyboard.press("Enter")
    expect(page.locator(".pnext")).to_be_focused()
    page.keyboard.press("Enter")
    lab.expect_counts(2, 1)
    expect(field).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("Escape")
    expect(field).not_to_be_focused()
    page.keyboard.press("ArrowRight")
    lab.expect_counts(3, 1)
    page.keyboard.press("p")
    expect(toggle(page)).to_have_attribute("aria-checked", "false")
    expect(page.locator(".predicted.asked")).to_have_count(0)


def test_playing_waits_at_a_hidden_result_and_a_new_iteration_starts_afresh(page: Page) -> None:
    lab = open_terms(page)
    page.get_by_role("button", name="Play").first.click()
    lab.expect_counts(1, 1)
    expect(page.locator(".toast")).to_contain_text("hidden")
    expect(page.get_by_role("button", name="Play").first).to_be_visible()
    answer(page, "p.1.0.0", "0.03")
    expect(page.locator(".pscore")).to_have_text("1 of 1 at first try")
    page.keyboard.press("Escape")
    page.locator(".counter").click()
    lab.press("n")
    lab.expect_counts(1, 2)
    expect(page.locator(".pscore")).to_have_count(0)
    expect(page.locator(".predicted.asked")).to_have_count(1)


def test_in_korean(page: Page) -> None:
    lab = open_terms(page, "/?lang=ko")
    expect(toggle(page)).to_contain_text("먼저 예측하기")
    go(lab, DELTA_STEP)
    answer(page, "d.2.0", "0.2094")
    found = box(page, "d.2.0")
    expect(found.locator(".verdict.bad")).to_contain_text("활성화 함수의 미분값")
    answer(page, "d.2.0", "0,05")
    expect(found.locator(".verdict.bad")).to_contain_text("0.05")
    answer(page, "d.2.0", "0.0499")
    expect(found.locator(".verdict.ok")).to_have_text("정답")
    expect(page.locator(".pscore")).to_have_text("첫 시도에 1개 중 0개")
