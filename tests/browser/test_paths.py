"""The path view: a gradient path by path, what that costs, and the diagram that lights with it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.lab import GOLDEN, Lab
from tests.browser.test_diagram import LIT

EXAMPLE = GOLDEN["worked_example_2_2_2"]
PATH = re.compile(r"\bpath\b")


def open_paths(page: Page, element: str, address: str = "/") -> Lab:
    """Open the path view for this parameter."""
    lab = Lab(page).open(address)
    page.locator("#drawer-paths").click()
    page.locator(".pchoice select").select_option(element)
    expect(page.locator(".pvsum")).to_have_attribute("data-ref", f"g{element}")
    # Keys go to the page again, and the pointer rests on no row.
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(5, 5)
    return lab


def test_the_paths_of_w1(page: Page) -> None:
    open_paths(page, "w.1.0.0")
    backward = EXAMPLE["backward"]
    by_hand = [part * backward["dh_dz"][0] * 0.1 for part in backward["dE_dh1_parts"]]
    expect(page.locator(".pvprod")).to_have_text([f"{value:.8f}" for value in by_hand])
    expect(page.locator(".pvtotal .num")).to_have_text(f"{backward['dE_dW1'][0][0]:.8f}")
    expect(page.locator(".pvway")).to_have_text(["w1 → h1 → o1 → E1", "w1 → h1 → o2 → E2"])
    first = page.locator(".pvtable tbody tr").first
    expect(first.locator(".pvfnum")).to_have_text(
        ["=0.20944600", "×0.23802157", "×0.45000000", "×0.24960043", "×0.1"]
    )
    expect(first.locator(".pvfac")).to_have_count(5)
    # Two paths of four multiplications; backpropagation makes δ3, δ4, two contributions, δ1 and the gradient.
    expect(page.locator(".pvcost")).to_contain_text("8 multiplications; backpropagation: 6.")
    expect(page.locator(".pvcost")).to_contain_text("For all 8 parameters: 40 and 16.")


def test_a_row_lights_its_path(page: Page) -> None:
    lab = open_paths(page, "w.1.0.0")
    lab.step(1)
    before = page.evaluate(LIT)
    page.locator(".pvtable tbody tr").nth(1).locator(".pvprod").hover()
    path = {
        "nodes": ["a.0.0", "a.1.0", "a.2.1", "e.1"],
        "wires": ["w.1.0.0", "w.2.0.1"],
        "links": ["e.1"],
    }
    expect(page.locator(".node[data-ref='a.2.1']")).to_have_class(PATH)
    assert page.evaluate(LIT) == path
    page.mouse.move(5, 5)
    expect(page.locator(".node[data-ref='a.2.1']")).not_to_have_class(PATH)
    assert page.evaluate(LIT) == before
    page.locator(".pvway").first.focus()
    expect(page.locator(".node[data-ref='a.2.0']")).to_have_class(PATH)
    assert page.evaluate(LIT)["wires"] == ["w.1.0.0", "w.2.0.0"]


def test_another_parameter(page: Page) -> None:
    lab = open_paths(page, "w.2.0.0")
    expect(page.locator(".pvprod")).to_have_text([EXAMPLE["printed_in_the_document"]["dE_dw5"]])
    expect(page.locator(".pvsum")).to_contain_text("a single path")
    # A factor leads to the micro-step that made it.
    page.locator(".pvfac[data-ref='loc.2.0']").click()
    expect(page.locator(".equation output[data-val='loc.2.0']")).to_have_count(1)
    assert lab.counts()[0] == 8


def test_in_korean_and_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    lab = Lab(page).open("/?lang=ko")
    page.locator("#tab-numbers").click()
    page.locator("#drawer-paths").click()
    page.locator(".pchoice select").select_option("w.1.1.0")
    expect(page.locator(".pvsum")).to_contain_text("경로 2개의 합")
    expect(page.locator(".pvcost")).to_contain_text("곱셈 8번")
    expect(page.locator(".pvprod").first).to_be_visible()
    assert lab.overflow() <= 0


def test_in_a_large_network_a_neuron_is_chosen_first(page: Page) -> None:
    lab = Lab(page).open()
    lab.choose_preset("spirals")
    page.locator("#drawer-paths").click()
    expect(page.locator(".pchoice select")).to_have_count(2)
    page.locator(".pchoice select").first.select_option("1.3")
    expect(page.locator(".pvsum")).to_have_attribute("data-ref", "gw.1.0.3")
    expect(page.locator(".pvtable tbody tr")).to_have_count(16)
