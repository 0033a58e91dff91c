"""Match my textbook: other symbols, the same numbers."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.lab import Lab


def choose(page: Page, preset: str) -> None:
    """Open the dialog, choose a ready notation, close the dialog."""
    page.locator(".eqt button[aria-haspopup=dialog]").first.click()
    page.locator("dialog select").select_option(preset)
    expect(page.locator("dialog select")).to_have_value(preset)


def expect_name(page: Page, ref: str, name: str) -> None:
    """Wait until the diagram calls a weight or an output so."""
    label = re.compile(rf"^[^,]*{re.escape(name)}[ ,]")
    expect(page.locator(f".wl[data-ref='{ref}'], .node[data-ref='{ref}']").first).to_have_attribute(
        "aria-label", label
    )


def numbers(lab: Lab) -> dict[str, object]:
    """The numbers of the panel and of the diagram."""
    shown = lab.page.locator(".node .av").all_text_contents()
    return {"results": lab.results(), "neurons": shown, "counts": lab.counts()}


def test_symbols_change_and_numbers_stay(page: Page) -> None:
    lab = Lab(page).open()
    for micro in range(1, 9):
        lab.step(micro)
    before = numbers(lab)
    expect_name(page, "w.2.0.0", "w5")
    choose(page, "numpy")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect_name(page, "w.2.0.0", "w(2)00")
    expect_name(page, "a.2.0", "a(2)0")
    expect(page.locator(".equation")).to_contain_text("net")
    assert numbers(lab) == before

    # Another language and the next visit keep it.
    page.keyboard.press("l")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect_name(page, "w.2.0.0", "w(2)00")
    page.reload()
    lab.ready()
    expect_name(page, "w.2.0.0", "w(2)00")


def test_one_letter_never_means_two_things(page: Page) -> None:
    lab = Lab(page).open()
    lab.step(1)
    page.locator(".eqt button[aria-haspopup=dialog]").first.click()
    pressed = page.locator("dialog .nseg button[aria-pressed=true]")
    page.locator("[data-field=target] [data-choice=y]").click()
    expect(page.locator("[data-field=target] [data-choice=y]")).to_have_attribute("aria-pressed", "true")
    page.locator("[data-field=output] [data-choice=y]").click()
    expect(page.locator("[data-field=output] [data-choice=y]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-field=target] [data-choice=t]")).to_have_attribute("aria-pressed", "true")
    expect(
        page.locator("dialog .npreview [data-ref^='a.'], dialog .npreview [data-ref^='up.']").first
    ).to_be_visible()
    expect(page.locator("dialog select")).to_have_value("")
    page.locator("dialog .dlga.end button").click()
    expect(page.locator("dialog select")).to_have_value("deltaboard")
    expect(pressed).to_have_count(9)


def test_the_form_of_the_loss_is_set_elsewhere(page: Page) -> None:
    lab = Lab(page).open()
    lab.choose_preset("xor-2-2-1")  # mean squared error
    lab.step(1)
    choose(page, "matrix_notes")
    expect(page.locator("dialog .nloss")).to_be_visible()
    expect(page.locator("dialog .differs")).to_have_count(0)
    page.locator("dialog select").select_option("worked_example")
    expect(page.locator("dialog .differs")).to_contain_text("½ SSE")
    page.get_by_role("button", name=re.compile("changes the numbers")).click()
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("#setup-conventions")).to_have_attribute("open", "")
    expect(page.locator("#setup-conventions summary")).to_be_focused()
