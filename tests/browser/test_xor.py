"""XOR is trained in the browser until it is solved; the painted boundary separates the four points."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.lab import GOLDEN, Lab, number

CORNERS = [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 0)]


def is_blue(colour: tuple[int, int, int]) -> bool:
    """High outputs are blue, low ones vermilion."""
    red, _, blue = colour
    assert red != blue, "neither high nor low"
    return blue > red


def test_xor_is_solved_and_its_boundary_separates_the_points(page: Page) -> None:
    lab = Lab(page).open()
    page.locator(".invite .btn").first.click()
    expect(page.locator("#preset")).to_have_value("xor-2-2-1")
    lab.ready()
    expect(page.locator("figure.bmap")).to_have_attribute("data-step", "0")
    untrained = [is_blue(lab.colour_at(x, y)) for x, y, _ in CORNERS]
    assert untrained != [bool(target) for *_, target in CORNERS]
    before = number(page.locator("#loss-title + .now, .loss h2 .now").first.inner_text().split()[-1])

    lab.run_epochs(10_000)
    expect(page.locator(".counter b").nth(1)).to_have_text("40\u202f001")
    expect(page.locator("figure.bmap")).to_have_attribute("data-step", "40000")
    assert [is_blue(lab.colour_at(x, y)) for x, y, _ in CORNERS] == [bool(target) for *_, target in CORNERS]
    expect(page.locator("table.outs .okm .i.no")).to_have_count(0)
    expect(page.locator("table.outs .okm .i")).to_have_count(4)
    after = number(page.locator("#loss-title + .now, .loss h2 .now").first.inner_text().split()[-1])
    assert after < before / 10


def test_numpy_xor_shows_the_printed_outputs(page: Page) -> None:
    """The document prints the outputs of the last iteration before its update: those of trace 9999."""
    lab = Lab(page).open("/#preset=xor-numpy")
    expect(page.locator("#preset")).to_have_value("xor-numpy")
    lab.run_epochs(9_999)
    lab.expect_counts(0, 10_000)
    printed = GOLDEN["xor_numpy_3_6_1"]["printed_in_the_document"]
    rows = page.locator("table.outs tbody tr")
    for row, (text,) in enumerate(printed):
        expect(rows.nth(row)).to_contain_text(f"{float(text):.6f}")
    # The equation panel has eight decimals: the output neuron's activation, sample by sample.
    for row, (text,) in enumerate(printed):
        page.locator(f"table.outs tr[data-row='{row}']").click()
        while lab.counts()[0] < 6:
            lab.step(lab.counts()[0] + 1, iteration=10_000)
        expect(page.locator(".equation output[data-val='a.2.0']")).to_have_text(f"{float(text):.8f}")


def test_a_run_can_be_stopped(page: Page) -> None:
    lab = Lab(page).open("/#preset=xor-2-2-1")
    page.locator("#run-epochs").fill("1000000")
    page.locator(".runn button[type=submit]").click()
    banner = page.locator(".banner.live")
    expect(banner).to_be_visible()
    expect(banner.locator("progress")).to_be_attached()
    expect(page.locator(".counter b").nth(1)).not_to_have_text("1")
    banner.locator("button").click()
    expect(banner).to_have_count(0)
    lab.ready()
    micro, iteration, epoch = lab.counts()
    assert (micro, iteration > 1) == (0, True)
    assert epoch < 1_000_000
    lab.step(1, iteration)


def test_divergence_keeps_the_last_finite_state_and_offers_a_way_back(page: Page) -> None:
    lab = Lab(page).open()
    # Identity activations are unbounded: with a large learning rate each update overshoots further.
    for select in page.locator("#setup-layers .lay select").all():
        select.select_option("identity")
    page.locator(".apply.on .primary").click()
    expect(page.locator(".apply.on")).to_have_count(0)
    page.locator("#learning-rate").fill("50")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    lab.run_epochs(1_000)
    banner = page.locator(".banner.div")
    expect(banner).to_be_visible()
    expect(banner.locator(".btn")).to_have_count(2)
    # The parameters are the last finite ones; the forward pass with them is where a number first overflows.
    weights = page.locator(".wl").all_text_contents()
    assert len(weights) == 8
    assert not any(bad in text for text in weights for bad in ("NaN", "∞"))
    # The panel shows the update that failed, at the first neuron whose number is not finite.
    expect(page.locator(".equation output[data-val='a.2.0']")).to_have_text(re.compile("∞|NaN"))
    expect(page.locator(".node.bad[data-ref='a.2.0'] .av")).to_have_text(re.compile("∞|NaN"))
    expect(page.locator(".transport .grpb [aria-keyshortcuts='N']")).to_be_disabled()
    micro, iteration, _ = lab.counts()
    lab.step(micro + 1, iteration)
    banner.locator(".btn").nth(1).click()
    expect(page.locator("#learning-rate")).to_have_value("25")


def test_no_key_press_is_lost_while_something_loads(page: Page) -> None:
    lab = Lab(page).open()
    each = lab.microsteps()
    lab.press("ArrowRight", 2 * each + 3)
    lab.expect_counts(3, 3)
    lab.run_epochs(20)
    page.locator("h1").last.click()
    lab.press("ArrowRight", 5)
    lab.expect_counts(5, 23)
