"""The proof: three equal gradients for every parameter, and never verified before the check has run."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Guard
from tests.browser.lab import GOLDEN, Lab, number, wait_until

BACKWARD = GOLDEN["worked_example_2_2_2"]["backward"]
CHECK = "**/api/v1/sessions/*/verification*"


def golden_gradients() -> dict[str, float]:
    """Return the golden gradient of each of the eight weights."""
    return {
        f"gw.{layer}.{source}.{unit}": BACKWARD[f"dE_dW{layer}"][unit][source]
        for layer in (1, 2)
        for source in range(2)
        for unit in range(2)
    }


def badge(page: Page) -> Locator:
    """The badge that is seen."""
    return page.locator(".proof:visible")


def falsify(page: Page, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the server's reply on its way to the page."""

    def answer(route: Route) -> None:
        reply = route.fetch()
        body = reply.json()
        change(body)
        route.fulfill(response=reply, json=body)

    page.route(CHECK, answer)


def open_tab(page: Page) -> Locator:
    """Open the comparison by its badge."""
    badge(page).click()
    table = page.locator(".pf-table")
    expect(table).to_be_visible()
    return table


def test_verified_only_after_the_check(page: Page) -> None:
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    page.route(CHECK, hold)
    lab = Lab(page).open()
    lab.step(1)
    expect(badge(page)).to_have_attribute("data-state", "checking")
    expect(badge(page)).to_have_text("Checking")
    expect(page.locator(".proof.agree")).to_have_count(0)
    wait_until(page, lambda: len(asked) > 0)
    assert len(asked) == 1
    asked[0].continue_()
    expect(badge(page)).to_have_attribute("data-state", "agree")
    expect(badge(page)).to_contain_text("Verified")
    expect(badge(page)).to_contain_text("×10⁻")
    # Another micro-step of the same step needs no other check; the next iteration does.
    lab.step(2)
    expect(badge(page)).to_have_attribute("data-state", "agree")
    assert len(asked) == 1
    lab.press("n")
    lab.expect_counts(2, 2)
    expect(badge(page)).to_have_attribute("data-state", "checking")
    wait_until(page, lambda: len(asked) > 1)
    assert len(asked) == 2
    asked[1].continue_()
    expect(badge(page)).to_have_attribute("data-state", "agree")


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_table_holds_three_equal_numbers_for_every_parameter(page: Page, lang: str) -> None:
    lab = Lab(page).open(f"/?lang={lang}")
    lab.step(1)
    table = open_tab(page)
    rows = table.locator("tbody tr")
    expect(rows).to_have_count(8)
    refs = [rows.nth(at).get_attribute("data-ref") for at in range(8)]
    assert refs == sorted(refs, key=lambda ref: list(golden_in_element_order()).index(str(ref)))
    for ref, golden in golden_gradients().items():
        row = table.locator(f"tr[data-ref='{ref}']")
        analytic, central, autodiff, difference, verdict = row.locator("td").all_inner_texts()
        for text in (analytic, central, autodiff):
            assert number(text) == pytest.approx(golden, rel=1e-6, abs=5e-11)
        assert "×10⁻" in difference or difference == "0"
        assert verdict == {"en": "agrees", "ko": "일치"}[lang]
    note = page.locator(".prooftab .note")
    expect(note).to_contain_text("10⁻¹⁰")


def golden_in_element_order() -> list[str]:
    """Return the gradients' references as the symbols w1 to w8 count them: neuron by neuron."""
    return [f"gw.{layer}.{source}.{unit}" for layer in (1, 2) for unit in range(2) for source in range(2)]


def test_sorted_by_difference_and_back(page: Page) -> None:
    lab = Lab(page).open()
    lab.step(1)
    table = open_tab(page)
    order = table.locator("tbody tr").evaluate_all("rows => rows.map((row) => row.dataset.ref)")
    table.get_by_role("button", name="Relative difference").click()
    expect(table.locator("th[aria-sort]")).to_have_attribute("aria-sort", "descending")
    sizes = [as_float(text) for text in table.locator("tbody tr td:nth-child(5)").all_inner_texts()]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1]
    table.get_by_role("button", name="Parameter").click()
    assert table.locator("tbody tr").evaluate_all("rows => rows.map((row) => row.dataset.ref)") == order


def as_float(text: str) -> float:
    """Return a number in the page's scientific notation."""
    mantissa, _, exponent = text.partition("×10")
    digits = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    return float(mantissa) * 10.0 ** int(exponent.translate(digits) or 0)


def test_a_gradient_shows_its_three_numbers_and_its_row_leads_back(page: Page) -> None:
    lab = Lab(page).open()
    lab.press("1")
    expect(page.locator(".ruler [data-tick]")).to_have_count(51)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator(".ruler [data-tick='22']").click()
    lab.expect_counts(23, 1)
    ways = page.locator(".prod .proof.agree .pf-ways > span")
    expect(ways).to_have_count(3)
    for text in ways.all_inner_texts():
        assert number(text.split()[-1]) == pytest.approx(BACKWARD["dE_dW2"][0][0], abs=1e-9)
    table = open_tab(page)
    table.locator("tr[data-ref='gw.1.1.1'] th button").click()
    expect(page.locator(".prod output[data-val='gw.1.1.1']")).to_be_visible()
    table.locator("tr[data-ref='gw.2.0.0']").hover()
    expect(lab.weight("w.2.0.0")).to_have_class(re.compile(r"\blit\b"))


def test_a_mismatch_says_so_and_names_its_row(page: Page) -> None:
    def wrong(body: dict[str, Any]) -> None:
        row = next(row for row in body["rows"] if row["element"] == "w.2.0.0")
        row |= {"central": 0.0259, "difference": 0.00088, "verdict": "differ"}
        body |= {"verdict": "differ", "largest_relative_difference": 0.00088}

    falsify(page, wrong)
    lab = Lab(page).open()
    lab.step(1)
    expect(badge(page)).to_have_attribute("data-state", "differ")
    expect(badge(page)).to_contain_text("Mismatch")
    expect(page.locator(".proof.agree")).to_have_count(0)
    table = open_tab(page)
    differing = table.locator("tbody tr.differ")
    expect(differing).to_have_count(1)
    expect(differing).to_have_attribute("data-ref", "gw.2.0.0")
    expect(differing).to_contain_text("differs")


def test_a_subset_is_named_as_one(page: Page) -> None:
    def partial(body: dict[str, Any]) -> None:
        body |= {"subset": True, "checked": 8, "parameters": 1234}

    falsify(page, partial)
    lab = Lab(page).open()
    lab.step(1)
    expect(badge(page)).to_contain_text("8 of 1\u202f234")
    open_tab(page)
    expect(page.locator(".pf-sum")).to_contain_text("not everything")


def test_a_kink_is_not_called_verified(page: Page) -> None:
    def kink(body: dict[str, Any]) -> None:
        body["verdict"] = "not-differentiable"
        for row in body["rows"]:
            row["verdict"] = "not-differentiable"

    falsify(page, kink)
    lab = Lab(page).open()
    lab.step(1)
    expect(badge(page)).to_have_text("Not differentiable here")
    expect(page.locator(".proof.agree")).to_have_count(0)


def test_a_check_without_an_answer_can_be_asked_again(page: Page, guard: Guard) -> None:
    guard.allow("ERR_FAILED")
    page.route(CHECK, lambda route: route.abort("failed"))
    lab = Lab(page).open()
    lab.step(1)
    expect(badge(page)).to_have_attribute("data-state", "failed")
    badge(page).click()
    again = page.get_by_role("button", name="Check again")
    expect(again).to_be_visible()
    page.unroute(CHECK)
    again.click()
    expect(page.locator(".pf-table tbody tr")).to_have_count(8)
    expect(badge(page)).to_have_attribute("data-state", "agree")


def test_a_batch_of_several_samples_is_checked_as_a_whole(page: Page) -> None:
    lab = Lab(page).open()
    lab.choose_preset("moons")
    lab.step(1)
    expect(badge(page)).to_have_attribute("data-state", "agree")
    open_tab(page)
    expect(page.locator(".pf-sum")).to_contain_text("samples")
