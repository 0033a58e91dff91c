"""A first visit steps through one iteration of the worked example; every number shown is the golden one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import GOLDEN, Lab

EXAMPLE = GOLDEN["worked_example_2_2_2"]
MICROSTEPS = 15


def golden_results(forward: dict[str, Any]) -> dict[str, float]:
    """Return the golden number of every result that one iteration shows, under its reference."""
    backward, updated = EXAMPLE["backward"], EXAMPLE["updated"]
    numbers: dict[str, float] = {"e": forward["E_total"]}
    for unit in range(2):
        numbers |= {
            f"z.1.{unit}": forward["z_hidden"][unit],
            f"a.1.{unit}": forward["h"][unit],
            f"z.2.{unit}": forward["z_output"][unit],
            f"a.2.{unit}": forward["o"][unit],
            f"e.{unit}": forward["E_each"][unit],
            f"up.2.{unit}": backward["dE_do"][unit],
            f"loc.2.{unit}": backward["do_dz"][unit],
            f"d.2.{unit}": backward["delta_output"][unit],
            f"up.1.{unit}": backward["dE_dh"][unit],
            f"loc.1.{unit}": backward["dh_dz"][unit],
            f"d.1.{unit}": backward["delta_hidden"][unit],
        }
        for source in range(2):
            numbers |= {
                f"gw.1.{source}.{unit}": backward["dE_dW1"][unit][source],
                f"gw.2.{source}.{unit}": backward["dE_dW2"][unit][source],
                f"nw.1.{source}.{unit}": updated["W1"][unit][source],
                f"nw.2.{source}.{unit}": updated["W2"][unit][source],
            }
    return numbers


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_number_of_the_first_iteration(page: Page, lang: str) -> None:
    lab = Lab(page).open(f"/?lang={lang}")
    expect(page.locator("html")).to_have_attribute("lang", lang)
    expect(page.locator("#preset")).to_have_value("worked-example")
    expect(page.locator(".invite")).to_be_visible()
    assert lab.counts() == (0, 1, 1)
    assert lab.microsteps() == MICROSTEPS

    shown: dict[str, str] = {}
    for micro in range(1, MICROSTEPS + 1):
        lab.step(micro)
        results = lab.results()
        assert results, f"micro-step {micro} shows no result"
        shown |= results

    golden = golden_results(EXAMPLE["forward"])
    assert shown == {ref: f"{value:.8f}" for ref, value in golden.items()}
    expect(page.locator(".invite")).to_have_count(0)

    # The parts of dE/dh1 stand where the hidden neuron's gradient is put together.
    page.locator(".ruler [data-tick='9']").click()
    lab.expect_counts(10, 1)
    first, second = EXAMPLE["printed_in_the_document"]["dE_dh1_parts"]
    expect(page.locator(".equation .psum").first).to_contain_text(f"{first} + {second}")


def test_diagram_and_tables_show_the_same_numbers(page: Page) -> None:
    lab = Lab(page).open()
    lab.press("End")
    lab.expect_counts(MICROSTEPS, 1)
    forward = EXAMPLE["forward"]
    for unit in range(2):
        expect(lab.neuron_value(f"a.1.{unit}")).to_have_text(f"{forward['h'][unit]:.4f}")
        expect(lab.neuron_value(f"a.2.{unit}")).to_have_text(f"{forward['o'][unit]:.4f}")
        row = page.locator("table.outs tbody tr").nth(unit)
        expect(row).to_contain_text(f"{forward['o'][unit]:.6f}")
        expect(row).to_contain_text(f"{forward['E_each'][unit]:.6f}")
    expect(page.locator("table.outs")).to_contain_text(f"{forward['E_total']:.6f}")


def test_second_forward_pass_after_the_update(page: Page) -> None:
    lab = Lab(page).open()
    lab.press("End")
    lab.expect_counts(MICROSTEPS, 1)
    second = EXAMPLE["second_forward"]
    shown: dict[str, str] = {}
    for micro in range(1, 8):
        lab.step(micro, iteration=2)
        shown |= lab.results()
    expected = {"e": second["E_total"]}
    for unit in range(2):
        expected |= {
            f"z.1.{unit}": second["z_hidden"][unit],
            f"a.1.{unit}": second["h"][unit],
            f"z.2.{unit}": second["z_output"][unit],
            f"a.2.{unit}": second["o"][unit],
            f"e.{unit}": second["E_each"][unit],
        }
    assert shown == {ref: f"{value:.8f}" for ref, value in expected.items()}


def test_stepping_back_restores_the_page(page: Page) -> None:
    lab = Lab(page).open()
    lab.step(1)
    first = lab.state()
    lab.press("End")
    lab.expect_counts(MICROSTEPS, 1)
    lab.step(1, iteration=2)
    assert lab.state()["results"] != first["results"]
    lab.press("ArrowLeft")
    lab.expect_counts(MICROSTEPS, 1)
    for micro in range(MICROSTEPS - 1, 0, -1):
        lab.press("ArrowLeft")
        lab.expect_counts(micro, 1)
    assert lab.state() == first


def test_symbols_and_diagram_light_each_other(page: Page) -> None:
    lab = Lab(page).open()
    lab.step(1)
    page.locator(".equation [data-sym='w.1.0.0']").first.hover()
    expect(lab.weight("w.1.0.0")).to_have_class(re.compile(r"\blit\b"))
    page.locator(".node[data-ref='a.0.0']").hover()
    expect(page.locator(".equation [data-sym='a.0.0'].lit").first).to_be_attached()
    expect(lab.weight("w.1.0.0")).not_to_have_class(re.compile(r"\blit\b"))
