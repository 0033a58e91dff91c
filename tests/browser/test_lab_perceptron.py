"""The Perceptron lab as a person uses it: learn, drag the line, see why XOR fails, build it, go on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import MINUS, drag


def test_one_neuron(page: Page) -> None:
    page.goto("/labs/perceptron")
    bias, first = page.locator("#field-bias"), page.locator("#field-weights-0")
    expect(bias).to_have_value("0.2")
    expect(page.locator(".pcoutcome").first).to_contain_text("9 corrections")

    page.locator(".pcproof .tog").click()
    expect(page.locator(".pcline.street path").last).to_be_visible()

    # Step by step: the first sample is on the wrong side, so the weights move.
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".equation output[data-val='e']")).to_have_text(f"{MINUS}1.00000000")
    page.keyboard.press("n")
    expect(page.locator(".counter b").nth(1)).to_have_text("2")
    expect(bias).to_have_value("0")

    # The line itself: its middle moves it, an end turns it; both are undone.
    drag(page, page.locator("[data-grip=move]"), 20, 20, moves=4)
    # The drag has ended for the page once it can be undone.
    expect(page.locator(".grp2 button").first).to_have_attribute("aria-label", "Undo: moved line")
    expect(bias).not_to_have_value("0")
    expect(first).to_have_value("0.5")
    moved = bias.input_value()
    drag(page, page.locator("[data-grip=end]"), 0, 60, moves=4)
    expect(first).not_to_have_value("0.5")
    page.keyboard.press("Control+z")
    expect(first).to_have_value("0.5")
    expect(bias).to_have_value(moved)
    page.locator("[data-grip=move]").focus()
    page.keyboard.press("ArrowUp")
    expect(bias).not_to_have_value(moved)

    # A refused entry stays, and says why.
    first.fill("many")
    first.press("Enter")
    expect(page.locator("#field-weights-0-message")).to_be_visible()
    first.press("Escape")

    # A link holds all of it.
    page.locator("#preset").select_option("and-adaline")
    expect(page.locator("#field-learning_rate")).to_have_value("0.1")
    expect(page.locator(".counter b").first).to_have_text("0")
    first.blur()
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".prod .proof[data-state=agree]")).to_be_visible()
    shown = page.locator(".pctable").inner_text()
    expect(page).to_have_url(re.compile("micro=7"))
    page.reload()
    expect(page.locator("#field-learning_rate")).to_have_value("0.1")
    assert page.locator(".pctable").inner_text() == shown


@pytest.mark.parametrize("language", ["en", "ko"])
def test_xor(page: Page, language: str) -> None:
    page.goto(f"/labs/perceptron?lang={language}")
    expect(page.locator("#field-bias")).to_have_value("0.2")
    page.locator("#preset").select_option("xor")
    expect(page.locator(".pcsum")).to_have_count(3)
    # z of both classes add up to the same: 0.5 − 0.5 + 2 · 0.2.
    expect(page.locator(".pcsum.now b")).to_have_text("= 0.4")
    expect(page.locator(".pcepochs tr:nth-child(6) th")).to_contain_text("↻")

    # Predict: the first product is hidden until it is typed.
    page.keyboard.press("p")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".pcproduct").first).to_have_text("?")
    page.locator(".equation input").first.fill("0")
    page.keyboard.press("Enter")
    expect(page.locator(".pcproduct").first).to_have_text("0")
    page.locator(".pcproof .btn.primary").click()

    expect(page.locator(".pcneuron")).to_have_count(3)
    expect(page.locator(".pcoutcome.good")).to_be_visible()
    page.locator("#field-or-bias").fill("0")
    page.keyboard.press("Enter")
    expect(page.locator(".pcoutcome.bad")).to_be_visible()
    page.keyboard.press("Control+z")
    page.locator("a.btn.primary").click()
    expect(page.locator("#preset")).to_have_value("xor-gates")
    expect(page.locator(".wl[data-ref='b.1.0']")).to_contain_text("1.5")
