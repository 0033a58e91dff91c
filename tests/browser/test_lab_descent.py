"""The Descent lab in the browser: the course's numbers, dragging, refusals, predicting, undo, link."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Guard
from tests.browser.lab import GOLDEN, drag, number, opened_again

ADDRESS = "/labs/descent"
COURSE = GOLDEN["gradient_descent_1d"]


def enter(page: Page, field: str, text: str) -> None:
    """Type into a field of the set-up and press Enter."""
    page.locator(f"#{field}").fill(text)
    page.locator(f"#{field}").press("Enter")


def test_one_variable(page: Page, guard: Guard) -> None:
    guard.allow("status of 422")
    page.goto(ADDRESS)
    rows = page.locator(".dsteps tbody tr")
    expect(rows.first).to_contain_text("59.0000")
    # Step through the first iteration; the slope's own line is proven.
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".equation output[data-val='gx']")).to_have_text("14.00000000")
    page.keyboard.press("End")
    expect(page.locator(".equation output[data-val='nx']")).to_have_text("8.60000000")
    page.keyboard.press("n")
    expect(rows.nth(1)).to_have_attribute("aria-current", "step")
    expect(page.locator(".dcall.slope")).to_contain_text("11.2000")
    expect(page.locator(".dwhy").first).to_contain_text("Stopped after step 64")
    expect(page.locator(".dverdict")).to_have_text(["too small", "good", "diverges"])

    # The course's program: its last numbers, to every digit that the table shows.
    page.locator("#preset").select_option("course")
    expect(page.locator(".dwhy").first).to_contain_text("All 100 steps are made")
    x, y = COURSE["last_six"][-1]
    expect(rows.last).to_contain_text(f"{x:.4f}")
    expect(rows.last).to_contain_text(f"{y:.4f}")
    page.locator(".dqtable tbody tr").first.scroll_into_view_if_needed()
    expect(page.locator(".dqtable tbody tr")).to_have_count(15)

    # The start, dragged to the left and moved by a key; undo takes back one at a time.
    handle = page.locator(".dhandle")
    drag(page, handle.locator(".grip"), -60, 0)
    expect(page.locator("#field-start")).not_to_have_value("10")
    moved = page.locator("#field-start").input_value()
    handle.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#field-start")).not_to_have_value(moved)
    page.keyboard.press("Control+z")
    expect(page.locator("#field-start")).to_have_value(moved)
    page.keyboard.press("Control+z")
    expect(page.locator("#field-start")).to_have_value("10")

    # A formula that cannot be read is refused at its field, the old one counts.
    enter(page, "field-expression", "(x-3)^^2")
    expect(page.locator("#field-expression-message")).to_contain_text("Character 7")
    expect(rows.first).to_contain_text("59.0000")
    enter(page, "field-expression", "sin(x) + x^2/10")
    expect(page.locator(".dtex").first).to_contain_text("cos")
    expect(page.locator("#field-expression-message")).to_have_count(0)
    page.keyboard.press("Escape")

    # Predict first: the slope is nowhere to be read, and a wrong sign is named.
    page.locator("h1").first.click(force=True)
    page.keyboard.press("p")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".dcall.slope")).to_contain_text("?")
    expect(page.locator(".dways td").first).to_have_text("?")
    page.keyboard.press("Escape")


def test_two_variables_in_korean(page: Page) -> None:
    page.goto(f"{ADDRESS}?lang=ko")
    page.locator(".modes").get_by_role("button", name="변수 둘").click()
    board = page.locator(".board tbody tr")
    expect(board).to_have_count(6)
    # Fourteen steps on, as an independent program has it.
    page.locator("#drace-values").focus()
    for key in ("Home", *["ArrowRight"] * 14, "Enter"):
        page.keyboard.press(key)
    expect(board.first).to_contain_text("Adagrad")
    expect(board.first).to_contain_text("0.040010")
    expect(page.locator(".board")).to_contain_text(re.compile("SGD.*−1.7305.*0.4575.*0.359075"))
    # Another optimizer is told: Adam's second moment, the same number in the equation and in the table.
    page.locator(".board").get_by_role("button", name="Adam의 단계 설명").click()
    expect(page.locator(".ruler [data-tick]")).to_have_count(13)
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    shown = page.locator(".equation output[data-val='s.m.x']")
    expect(shown).to_be_visible()
    table = page.locator(".dstate.told td[data-ref='s.m.x']")
    assert abs(number(shown.inner_text()) - number(table.inner_text())) < 6e-5

    drag(page, page.locator(".dstart .ring"), 60, 30)
    expect(page.locator("#field-start-0")).not_to_have_value("−7")
    page.keyboard.press("Control+z")
    expect(page.locator("#field-start-0")).to_have_value("−7")

    # Batches of a real loss; then the same page again from its address.
    page.locator("#preset").select_option("batches")
    expect(board).to_have_count(3)
    expect(page.locator(".druntable select")).to_have_count(3)
    first = board.first.locator("td").last
    quiet = first.inner_text()
    enter(page, "field-noise", "1.5")
    expect(first).not_to_have_text(quiet)
    opened_again(page, ".dsteps, .board", ".board")
