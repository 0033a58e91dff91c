"""Both languages, both themes, a phone, the keyboard alone, and no serious finding of axe-core."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.paths import STATIC
from tests.browser.conftest import Guard
from tests.browser.lab import Lab

AXE = (STATIC / "vendor-dev" / "axe.min.js").read_text("utf-8")
PHONE = {"width": 390, "height": 844}


def serious(page: Page) -> list[tuple[str, list[str]]]:
    """Return axe-core's serious and critical findings: rule and places."""
    page.evaluate(AXE)
    report: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        (found["id"], [node["target"][0] for node in found["nodes"]])
        for found in report["violations"]
        if found["impact"] in ("serious", "critical")
    ]


def test_language_switch_keeps_the_place(page: Page) -> None:
    lab = Lab(page).open()
    lab.press("ArrowRight", 3)
    lab.expect_counts(3, 1)
    english = lab.results()
    page.get_by_role("button", name="한국어").click()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    expect(page.locator(".transport")).to_contain_text("순전파")
    expect(page.locator(".setup")).to_contain_text("학습률")
    assert lab.counts()[:2] == (3, 1)
    assert lab.results() == english
    page.reload()
    lab.ready()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    lab.press("l")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_no_text_stays_in_the_other_language(page: Page) -> None:
    lab = Lab(page).open("/?lang=en")
    lab.press("End")
    text = page.locator("body").inner_text().replace("한국어", "")
    assert not re.search(r"[가-힣]", text), re.findall(r"[^\n]*[가-힣][^\n]*", text)


def test_theme_switch(page: Page) -> None:
    lab = Lab(page).open()
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    lab.press("t")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.reload()
    lab.ready()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_keyboard_alone(page: Page) -> None:
    lab = Lab(page).open()
    lab.press("Shift+ArrowRight")
    lab.expect_counts(1, 1)  # the forward pass
    lab.press("Shift+ArrowRight")
    lab.expect_counts(5, 1)  # the loss
    lab.press("Shift+ArrowRight")
    lab.expect_counts(8, 1)  # the backward pass
    lab.press("Home")
    lab.expect_counts(0, 1)
    lab.press("End")
    lab.expect_counts(15, 1)
    lab.press("n")
    expect(lab.counter.locator("b").nth(1)).to_have_text("2")
    lab.press("Control+z")
    expect(lab.counter.locator("b").nth(1)).to_have_text("1")
    lab.press("Control+Shift+z")
    expect(lab.counter.locator("b").nth(1)).to_have_text("2")
    lab.press("3")
    expect(page.locator(".gran [aria-pressed='true']")).to_have_text("Layer")
    lab.press("2")
    expect(page.locator(".gran [aria-pressed='true']")).to_have_text("Neuron")
    expect(page.locator(".ruler [data-tick]")).to_have_count(15)
    lab.press("Home")
    lab.expect_counts(0, 2)
    lab.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    lab.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    # Into the diagram, along its elements, and into a weight.
    for _ in range(80):
        lab.press("Tab")
        if page.evaluate("Boolean(document.activeElement?.closest('.net'))"):
            break
    else:
        pytest.fail("Tab never reaches the diagram")
    for _ in range(20):
        if page.evaluate("document.activeElement?.dataset.ref") == "w.1.0.0":
            break
        lab.press("ArrowDown")
    else:
        pytest.fail("the arrows never reach w1")
    lab.press("Enter")
    page.keyboard.type("0.75")
    lab.press("Enter")
    expect(lab.weight("w.1.0.0")).to_contain_text("0.7500")


def test_single_keys_can_be_turned_off(page: Page) -> None:
    lab = Lab(page).open()
    lab.press("?")
    page.get_by_role("dialog").get_by_role("switch").click()
    lab.press("Escape")
    lab.press("ArrowRight")
    lab.press("n")
    expect(page.locator(".hints")).to_have_count(0)
    assert lab.counts()[:2] == (0, 1)


def test_phone(browser: Browser, base_url: str, guard: Guard) -> None:
    context = browser.new_context(base_url=base_url, viewport=PHONE, has_touch=True, locale="ko-KR")
    guard.watch(context)
    page = context.new_page()
    lab = Lab(page).open()
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    step = page.locator(".mbar .primary")
    expect(step).to_be_visible()
    for micro in range(1, 16):
        step.tap()
        lab.expect_counts(micro, 1)
        assert lab.overflow() == 0
    for tab in ("setup", "maps", "numbers", "steps"):
        page.locator(f"#tab-{tab}").tap()
        expect(page.locator(f"#tab-{tab}")).to_have_attribute("aria-selected", "true")
        assert lab.overflow() == 0, tab
        small = page.evaluate(
            """() => [...document.querySelectorAll('button, select, input')].filter((one) => {
              const box = one.getBoundingClientRect();
              return box.width > 0 && box.height > 0 && getComputedStyle(one).visibility !== 'hidden'
                && Math.max(box.width, box.height) < 44;
            }).map((one) => one.getAttribute('aria-label') || one.textContent)"""
        )
        assert small == [], tab
    context.close()
    assert guard.unexpected() == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_axe_finds_nothing_serious(
    browser: Browser, base_url: str, guard: Guard, theme: str, lang: str, width: int
) -> None:
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": width, "height": 900},
        locale={"en": "en-GB", "ko": "ko-KR"}[lang],
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
    )
    guard.watch(context)
    page = context.new_page()
    lab = Lab(page).open()
    assert serious(page) == [], "before the first micro-step"
    page.locator(".ruler [data-tick='9']").click()
    lab.expect_counts(10, 1)
    assert serious(page) == [], "in the backward pass"
    lab.press("1")
    expect(page.locator(".ruler")).to_have_attribute("aria-valuemax", "51")
    lab.press("p")
    expect(page.locator(".predicted input").first).to_be_visible()
    assert serious(page) == [], "while predicting"
    page.keyboard.press("Escape")
    page.locator("body").focus()
    lab.press("p")
    if width == 390:
        page.locator("#tab-numbers").click()
    # Each language and theme looks at the drawer's tabs in one of the sizes.
    tabs = [*"msowvha"] if (width, theme) in ((1440, "light"), (390, "dark")) else ["w"]
    for key in tabs:
        lab.press(key)
        expect(page.locator("#drawer-panel")).to_be_visible()
        expect(page.locator(".dwb")).not_to_be_empty()
        assert serious(page) == [], f"with the drawer opened by {key}"
    if width == 1440:
        lab.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        assert serious(page) == [], "with the list of keys"
    context.close()
    assert guard.unexpected() == []
