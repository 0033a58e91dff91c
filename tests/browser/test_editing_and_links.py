"""Weights and data are edited in place and undone; a copied link shows the same network at the same step."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.lab import Lab


def edit_weight(lab: Lab, element: str, text: str) -> None:
    """Type a new value into the label of a weight."""
    lab.weight(element).dblclick()
    field = lab.page.locator(".inplace input")
    expect(field).to_be_focused()
    field.fill(text)
    field.press("Enter")
    lab.page.mouse.move(0, 0)  # what the pointer is on has a longer label


def test_a_weight_is_edited_undone_and_redone(page: Page) -> None:
    lab = Lab(page).open()
    lab.step(1)
    expect(page.locator(".equation output[data-val='z.1.0']")).to_have_text("0.08000000")
    edit_weight(lab, "w.1.0.0", "0.5")
    expect(lab.weight("w.1.0.0")).to_contain_text("0.5000")
    expect(page.locator(".equation output[data-val='z.1.0']")).to_have_text("0.10000000")
    lab.press("Escape")
    lab.press("Control+z")
    expect(lab.weight("w.1.0.0")).to_contain_text("0.3000")
    expect(page.locator(".equation output[data-val='z.1.0']")).to_have_text("0.08000000")
    lab.press("Control+y")
    expect(lab.weight("w.1.0.0")).to_contain_text("0.5000")


def test_a_bad_weight_is_explained_and_the_old_one_counts(page: Page) -> None:
    lab = Lab(page).open()
    edit_weight(lab, "w.1.0.0", "1,2")
    expect(page.locator(".inplace .fmsg")).to_contain_text("1.2")
    page.keyboard.press("Escape")
    expect(page.locator(".inplace")).to_have_count(0)
    expect(lab.weight("w.1.0.0")).to_contain_text("0.3000")


def test_data_is_edited_in_place(page: Page) -> None:
    lab = Lab(page).open()
    lab.step(1)
    cell = page.locator("table.data input").first
    cell.fill("0.7")
    cell.press("Enter")
    expect(page.locator(".equation output[data-val='z.1.0']")).to_have_text("0.26000000")
    cell.fill("x")
    cell.press("Enter")
    expect(page.locator("#data-problem")).to_be_visible()
    cell.press("Escape")
    expect(cell).to_have_value("0.7")
    expect(page.locator(".equation output[data-val='z.1.0']")).to_have_text("0.26000000")


def test_a_link_shows_the_same_network_at_the_same_step(page: Page, context: BrowserContext) -> None:
    lab = Lab(page).open("/#preset=xor-2-2-1")
    edit_weight(lab, "w.1.0.0", "1.25")
    lab.press("Escape")
    lab.run_epochs(30)
    for micro in range(1, 5):
        lab.step(micro, 121)
    expect(page).to_have_url(re.compile("micro=4"))
    shown = lab.state()
    other = Lab(context.new_page()).open(page.url)
    other.expect_counts(4, 121)
    assert other.state() == shown
    session = r"[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])"
    assert not re.search(f"session|token|id={session}", page.url)


def test_a_broken_link_says_so_and_opens_the_worked_example(page: Page) -> None:
    lab = Lab(page).open("/#recipe=%%%not-a-recipe")
    expect(page.locator(".banner.err")).to_be_visible()
    expect(page.locator("#preset")).to_have_value("worked-example")
    lab.step(1)


def test_a_rebuild_waits_and_can_be_discarded(page: Page) -> None:
    lab = Lab(page).open()
    lab.press("End")
    page.locator("#setup-layers .lay select").first.select_option("tanh")
    waiting = page.locator(".apply.on")
    expect(waiting).to_be_visible()
    assert lab.counts()[:2] == (15, 1)
    waiting.locator("button").first.click()
    expect(waiting).to_have_count(0)
    page.locator("#setup-layers .lay select").first.select_option("tanh")
    waiting.locator(".primary").click()
    lab.expect_counts(0, 1)
    expect(page.locator(".stage")).to_contain_text("tanh")
    lab.press("Control+z")
    lab.expect_counts(15, 1)


@pytest.mark.parametrize("lost", ["**/api/**", "**/microsteps**"])
def test_a_lost_server_keeps_the_screen_and_retries(page: Page, guard: object, lost: str) -> None:
    """Lost before the update was made, or after it: the page tries again by itself, which makes it once."""
    guard.allow(r"ERR_FAILED|ERR_INTERNET|Failed to load")  # type: ignore[attr-defined]
    lab = Lab(page).open()
    lab.press("End")
    lab.expect_counts(15, 1)
    shown = lab.results()

    def away(route: Route) -> None:
        route.abort()

    page.route(lost, away)
    lab.press("ArrowRight")
    banner = page.locator(".banner.err")
    expect(banner).to_be_visible()
    assert lab.results() == shown
    page.unroute(lost, away)
    expect(banner).to_have_count(0)
    expect(page.locator(".toast")).to_contain_text("answers again")
    lab.press("ArrowRight")
    expect(lab.counter.locator("b").nth(1)).to_have_text("2")


def test_the_map_answers_with_the_network_itself(page: Page) -> None:
    lab = Lab(page).open()
    before = lab.colour_at(0.1, 0.2)
    page.locator(".bmaphit").hover(position={"x": 40, "y": 60})
    expect(page.locator(".bcall")).to_contain_text("o")
    assert lab.colour_at(0.1, 0.2) == before
