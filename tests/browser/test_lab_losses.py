"""The Losses lab in the browser: four topics, numbers dragged, refused, predicted, undone, shared."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Guard
from tests.browser.lab import MINUS, settle

ADDRESS = "/labs/losses"


def shown(page: Page, ref: str) -> Locator:
    """The number of a quantity in the stage."""
    return page.locator(f".stage .lv[data-ref='{ref}']").first


def topic(page: Page, place: int) -> None:
    """Choose one of the topics."""
    page.locator(".lsh .seg button").nth(place).click()
    expect(page.locator(".lsh .seg button").nth(place)).to_have_attribute("aria-pressed", "true")


def choose(page: Page, preset: str) -> None:
    """Choose a ready example."""
    page.locator("#preset").select_option(preset)
    expect(page.locator("#preset")).to_have_value(preset)


def test_softmax_is_told_changed_refused_predicted_undone_and_shared(page: Page, guard: Guard) -> None:
    guard.allow("422")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(ADDRESS)
    expect(shown(page, "y.1")).to_have_text("0.3610")
    expect(shown(page, "gz.1")).to_have_text(f"{MINUS}0.6390")
    counter = page.locator(".counter b").first
    for micro in (1, 2):
        page.keyboard.press("ArrowRight")
        expect(counter).to_have_text(str(micro))
    expect(shown(page, "z.1")).to_have_class(re.compile("lit"))
    expect(page.locator(".equation .big output")).to_have_text("0.90000000")
    # A number leads to the micro-step that made it, where its proof is.
    shown(page, "gz.1").click()
    expect(page.locator(".equation .prod output[data-val='gz.1']")).to_have_text(f"{MINUS}0.63901711")
    expect(page.locator(".equation .prod")).to_contain_text("Verified")

    choose(page, "course-good")
    expect(shown(page, "L")).to_have_text("0.3567")
    expect(shown(page, "y.0")).to_have_text("0.2000")
    choose(page, "course-worse")
    expect(shown(page, "L")).to_have_text("0.9163")

    choose(page, "layer")
    field = page.locator("#field-softmax-weights-0-1")
    field.fill("99")
    field.press("Enter")
    expect(page.locator("#field-softmax-weights-0-1-message")).to_be_visible()
    field.press("Escape")
    field.fill("1.5")
    field.press("Enter")
    expect(shown(page, "z.1")).to_have_text("1.9000")
    slider = page.locator(".setup input[type=range]").first
    slider.focus()
    slider.press("ArrowRight")
    expect(page.locator("#field-softmax-inputs-0")).to_have_value("1.1")
    expect(shown(page, "z.1")).to_have_text("2.0500")
    slider.blur()
    page.keyboard.press("Control+z")
    expect(shown(page, "z.1")).to_have_text("1.9000")
    # The address follows, with the whole state in it.
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(r"micro=1(&|$)"))
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    expect(shown(page, "z.1")).to_have_text("1.9000")
    expect(counter).to_have_text("1")
    expect(field).to_have_value("1.5")


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_other_topics(page: Page, lang: str) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{ADDRESS}?lang={lang}")
    topic(page, 2)
    expect(shown(page, "P.0")).to_have_text("0.0084")
    expect(shown(page, "P.1")).to_have_text("0.3024")
    expect(shown(page, "N.0")).to_have_text("4.7795")
    expect(shown(page, "N.1")).to_have_text("1.1960")
    bar = page.locator(".lspoint svg[role=slider]").first
    bar.focus()
    bar.press("ArrowDown")
    expect(bar).to_have_attribute("aria-valuenow", "0.39")
    expect(shown(page, "P.0")).to_have_text("0.0085")
    box = bar.bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + 6, steps=4)
    page.mouse.up()
    settle(page)
    expect(bar).to_have_attribute("aria-valuenow", "1")
    # The point is of class 0: under this model it is impossible.
    expect(shown(page, "N.0")).to_have_text("∞")
    page.keyboard.press("Control+z")
    expect(shown(page, "P.0")).to_have_text("0.0085")

    topic(page, 1)
    handle = page.locator("#overp-clip").locator("..").locator("[role=slider]")
    handle.focus()
    handle.press("End")
    expect(page.locator(".read .lv[data-ref='L']")).to_have_text("0.0000")
    expect(page.locator("#field-binary-probability")).to_have_value("1")

    topic(page, 3)
    expect(page.locator(".read .lv[data-ref='gz.c']")).to_have_text("0.9975")
    expect(page.locator(".read .lv[data-ref='gz.h']")).to_have_text("0.0025")
    page.keyboard.press("p")
    expect(page.locator(".read .lv[data-ref='gz.c']")).to_have_text("?")
    expect(page.locator(".read")).not_to_contain_text("NaN")
    page.keyboard.press("p")
    expect(page.locator(".read .lv[data-ref='gz.c']")).to_have_text("0.9975")
    for _ in range(2):
        page.keyboard.press("n")
    expect(page.locator(".counter b").nth(1)).to_have_text("3")
    expect(page.locator(".read .lv[data-ref='y.c']")).not_to_have_text("0.9975")
    expect(page.locator(".read .lv[data-ref='y.h']")).to_have_text("0.9975")
