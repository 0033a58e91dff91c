"""Going back, trying another learning rate, and both curves side by side."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.lab import Lab, number

# Shuffled samples one by one: 4 iterations an epoch.
XOR = "/#preset=xor-2-2-1"


def loss(page: Page) -> str:
    """Return the loss that the page shows, as it stands there."""
    return page.locator("#loss-title + .now").inner_text().split()[-1]


def iteration(page: Page, number: int) -> None:
    """Wait until the playhead of the strip stands after this many updates."""
    expect(page.locator(".hstrip")).to_have_attribute("aria-valuenow", str(number))


def settled(lab: Lab) -> None:
    """Wait until the branch that is being run stands."""
    lab.page.locator(".hlist li").first.wait_for()
    lab.ready()


def history_of(page: Page) -> dict[str, Any]:
    """Return what the server says of the session that the page shows."""
    with page.expect_response(re.compile(r"/history$")) as caught:
        page.locator(".hstrip").focus()
        page.keyboard.press("ArrowLeft")
    reply: dict[str, Any] = caught.value.json()
    return reply


def fork(lab: Lab, rate: str, optimizer: str | None = None) -> None:
    """Fill in the form and fork."""
    page = lab.page
    page.locator("#fork-rate").fill(rate)
    if optimizer is not None:
        page.locator("#fork-optimizer").select_option(optimizer)
    page.locator(".hfork button[type=submit]").click()


def trained(page: Page) -> Lab:
    """Return the lab after 15 epochs of XOR, its history open, back at iteration 20."""
    page.set_viewport_size({"width": 1440, "height": 900})
    lab = Lab(page).open(XOR)
    page.locator("#drawer-history").click()
    expect(page.locator(".hempty")).to_be_visible()
    lab.run_epochs(15)
    lab.ready()
    iteration(page, 60)
    page.locator(".hstrip").focus()
    page.keyboard.press("Home")
    iteration(page, 0)
    for place in (6, 12, 18):
        page.keyboard.press("PageUp")
        iteration(page, place)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    iteration(page, 20)
    return lab


def test_a_fork_is_compared_with_the_branch_it_left(page: Page) -> None:
    lab = trained(page)
    expect(page.locator(".bleg")).to_have_count(0)
    expect(page.locator(".blines path")).to_have_count(0)
    fork(lab, "1.5")
    iteration(page, 60)
    settled(lab)
    expect(page.locator(".hrow")).to_have_count(2)
    expect(page.locator(".hrow[data-branch=B]")).to_have_attribute("aria-current", "true")
    expect(page.locator(".hrow[data-branch=B] .hwhat")).to_have_text("η 0.1 → 1.5")
    expect(page.locator(".hrow[data-branch=B] .hsteps")).to_have_text("20–60")

    # The legend tells them apart in words, the lines by dash and letter.
    expect(page.locator(".bleg li[data-branch=A]")).to_have_text(re.compile(r"A\s+η 0\.1$"))
    expect(page.locator(".bleg li[data-branch=B]")).to_have_text(re.compile(r"B\s+η 1\.5$"))
    line = page.locator(".blines g[data-branch=A] path")
    expect(line).to_have_attribute("stroke-dasharray", re.compile(r"\d"))
    points = re.findall(r"[\d.]+ [\d.]+", line.get_attribute("d") or "")
    assert len(points) == 41, "from iteration 20, where they part, to 60"
    expect(page.locator(".blines text")).to_have_count(2)
    heights = {point.split()[1] for point in points}
    assert len(heights) > 5, "a curve, not a level line"
    box = page.locator(".lossmarks").evaluate("(svg) => [svg.clientWidth, svg.clientHeight]")
    for point in points:
        x, y = map(float, point.split())
        assert 0 <= x <= box[0] + 0.5
        assert 0 <= y <= box[1] + 0.5

    # Both losses at the end, in the list, in the readout and in the table for screen readers.
    ends = {name: page.locator(f".hrow[data-branch={name}] .hloss").inner_text().split()[-1] for name in "AB"}
    assert ends["A"] != ends["B"]
    assert ends["B"] == loss(page)
    slider = page.locator(".lossover")
    spoken = slider.get_attribute("aria-valuetext") or ""
    assert ends["B"] in spoken
    assert f"Branch A: {ends['A']}" in spoken
    bounds = slider.bounding_box()
    assert bounds is not None
    page.mouse.move(bounds["x"] + bounds["width"] - 1, bounds["y"] + 30)
    expect(page.locator(".bcall")).to_contain_text(ends["A"])
    expect(page.locator(".bcall")).to_contain_text(ends["B"])
    last = page.locator(".lossbox table tr").last
    expect(last.locator("td")).to_have_text([ends["B"], ends["A"]])

    # What the server recorded is what is drawn.
    reply = history_of(page)
    first, second = reply["branches"]
    assert [number(ends[name]) for name in "AB"] == [
        round(first["loss"], 8),
        round(second["loss"], 8),
    ]
    assert second["curve"]["steps"] == list(range(20, 61))


def test_travelling_to_the_other_branch_restores_its_exact_loss(page: Page) -> None:
    lab = trained(page)
    page.keyboard.press("End")
    iteration(page, 60)
    before, outputs = loss(page), page.locator("table.outs").inner_text()
    page.keyboard.press("Home")
    iteration(page, 0)
    fork(lab, "0.5", "adam")
    iteration(page, 60)
    settled(lab)
    assert loss(page) != before
    expect(page.locator(".bleg li[data-branch=B]")).to_contain_text("Adam, η 0.5")
    expect(page.locator("#learning-rate")).to_have_value("0.5")

    page.locator(".hrow[data-branch=A]").click()
    expect(page.locator(".hrow[data-branch=A]")).to_have_attribute("aria-current", "true")
    expect(page.locator("#loss-title + .now")).to_contain_text(before)
    expect(page.locator("#learning-rate")).to_have_value("0.1")
    assert page.locator("table.outs").inner_text() == outputs
    expect(page.locator(".blines g[data-branch=B] path")).to_have_count(1)

    # By keyboard to the other lane and back; a click on a lane goes there too.
    page.locator(".hstrip").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".hstrip")).to_have_attribute("data-branch", "B")
    expect(page.locator("#learning-rate")).to_have_value("0.5")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".hstrip")).to_have_attribute("data-branch", "A")
    expect(page.locator("#loss-title + .now")).to_contain_text(before)
    bounds = page.locator(".hstrip svg").bounding_box()
    assert bounds is not None
    page.mouse.click(bounds["x"] + 0.5 * bounds["width"], bounds["y"] + 24 + 1.5 * 28)
    expect(page.locator(".hstrip")).to_have_attribute("data-branch", "B")
    expect(page.locator("#learning-rate")).to_have_value("0.5")
    where = int(page.locator(".hstrip").get_attribute("data-step") or 0)
    assert 20 < where < 40


def test_a_fork_is_undone_as_one_deed(page: Page) -> None:
    lab = trained(page)
    weights, before = lab.state()["weights"], loss(page)
    fork(lab, "3")
    iteration(page, 60)
    settled(lab)
    after = loss(page)
    page.keyboard.press("Control+z")
    iteration(page, 20)
    expect(page.locator("#learning-rate")).to_have_value("0.1")
    assert (lab.state()["weights"], loss(page)) == (weights, before)
    page.keyboard.press("Control+Shift+z")
    iteration(page, 60)
    expect(page.locator("#learning-rate")).to_have_value("3")
    assert loss(page) == after


def test_the_form_says_what_is_wrong(page: Page) -> None:
    lab = trained(page)
    button = page.locator(".hfork button[type=submit]")
    expect(button).to_have_text("Fork and run 40")
    for entry, sentence in (("0,5", "0.5"), ("abc", "number"), ("-1", "above"), ("0.1", "another")):
        fork(lab, entry)
        message = page.locator("#fork-message")
        expect(message).to_contain_text(sentence)
        expect(page.locator("#fork-rate")).to_have_attribute("aria-invalid", "true")
        page.locator("#fork-rate").fill("0.2")
        expect(message).to_have_count(0)
    expect(page.locator(".hrow")).to_have_count(1)
    # At the end of a branch there is nothing to compare with.
    page.locator(".hstrip").focus()
    page.keyboard.press("End")
    iteration(page, 60)
    expect(button).to_be_disabled()
    expect(page.locator("#fork-end")).to_be_visible()


def test_a_log_axis_and_a_branch_that_diverges(page: Page) -> None:
    lab = Lab(page).open()
    page.set_viewport_size({"width": 1440, "height": 900})
    # Identity activations are unbounded: with a large learning rate each update overshoots further.
    for select in page.locator("#setup-layers .lay select").all():
        select.select_option("identity")
    page.locator(".apply .primary").click()
    lab.ready()
    lab.run_epochs(30)
    page.locator("#drawer-history").click()
    iteration(page, 30)
    page.locator(".hstrip").focus()
    page.keyboard.press("Home")
    iteration(page, 0)
    fork(lab, "500")
    expect(page.locator(".hrow[data-branch=B] .hloss .i")).to_be_visible()
    expect(page.locator(".banner.div")).to_be_visible()
    page.locator(".hrow[data-branch=A]").click()
    expect(page.locator(".hrow[data-branch=A]")).to_have_attribute("aria-current", "true")
    expect(page.locator(".banner.div")).to_have_count(0)
    # The exploding curve is drawn, on the axis that has room for it.
    expect(page.locator(".loss .seg button").last).to_have_attribute("aria-pressed", "true")
    path = page.locator(".blines g[data-branch=B] path").get_attribute("d") or ""
    heights = [float(y) for y in re.findall(r"[\d.-]+ ([\d.-]+)", path)]
    assert len(heights) > 3
    assert heights == sorted(heights, reverse=True), "it only grows"


def test_a_phone_in_korean_fits(context: BrowserContext) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    lab = Lab(page).open(f"/?lang=ko{XOR[1:]}")
    tabs = page.locator(".mtabs button")
    tabs.last.click()
    page.locator("#drawer-history").click()
    expect(page.locator(".hempty")).to_contain_text("기록")
    for done in (1, 2, 3):
        page.locator(".hempty .btn, .thumb .x").first.click() if done == 1 else page.keyboard.press("n")
        lab.expect_counts(0, done + 1)
    iteration(page, 3)
    page.locator(".hstrip").focus()
    page.keyboard.press("Home")
    iteration(page, 0)
    fork(lab, "2")
    iteration(page, 3)
    expect(page.locator(".hrow")).to_have_count(2)
    assert lab.overflow() == 0
    for part in (".hstrip svg", ".hrow >> nth=0", ".hfork"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    for control in page.locator(".hfork input, .hfork select, .hfork button, .hrow").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44
