"""Runs beside each other: six optimizers in one click, a sweep, what differs, opening, keeping, losing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Guard
from tests.browser.lab import Lab, number
from tests.browser.test_languages_and_devices import AXE


def rows(page: Page) -> Locator:
    return page.locator(".cmptable tbody tr")


def experiment_ends(page: Page) -> None:
    expect(page.locator("#six-optimizers")).to_be_visible(timeout=60_000)


def loss(row: Locator) -> float:
    return number(row.locator(".cmploss").inner_text())


def findings(page: Page) -> list[str]:
    """Return what axe-core finds in the drawer."""
    page.evaluate(AXE)
    report = page.evaluate("axe.run(document.querySelector('.drawer'), {resultTypes: ['violations']})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in report["violations"]]


@pytest.fixture
def lab(page: Page) -> Lab:
    opened = Lab(page).open("/#preset=xor-2-2-1")
    opened.press("k")
    expect(rows(page)).to_have_count(1)
    return opened


def test_six_optimizers_from_the_same_start(lab: Lab) -> None:
    page = lab.page
    page.locator("#compare-epochs").fill("30")
    page.locator("#six-optimizers").click()
    expect(page.locator("#stop-experiment")).to_be_visible()
    experiment_ends(page)
    expect(rows(page)).to_have_count(7)
    names = rows(page).locator(".cmpwho > :first-child").all_inner_texts()
    assert [name.split(",")[0] for name in names[1:]] == [
        "SGD",
        "Momentum",
        "NAG",
        "Adagrad",
        "RMSProp",
        "Adam",
    ]
    told = rows(page).locator("small").all_inner_texts()
    assert told[0] == "the present run"
    assert told[1] == "same settings"
    assert told[6] == "SGD → Adam, η 0.1 → 0.01"
    expect(page.locator(".cmpbox")).to_have_attribute("data-runs", "7")
    # Six lines, told apart by dash and marker as well.
    dashes = page.locator(".rmark path:first-child").evaluate_all(
        "all => all.map((one) => one.getAttribute('stroke-dasharray'))"
    )
    assert len(set(dashes)) == 7

    # The exact readings of all runs at one place: at the start they are the same.
    chart = page.get_by_role("slider", name="Readings of all runs")
    chart.focus()
    page.keyboard.press("Home")
    expect(page.locator(".cmptable thead")).to_contain_text("Loss at epoch 0")
    starts = {row.locator(".cmploss").inner_text() for row in rows(page).all()}
    assert len(starts) == 1
    page.locator(".cmphead h2").click()
    expect(page.locator(".cmptable thead")).not_to_contain_text("Loss at")

    # Opening one is an action like another: the lab shows it, undo leads back.
    adam = rows(page).nth(6)
    shown = loss(adam)
    adam.locator(".cmplink").click()
    expect(page.locator(".cmptable tr.now .cmpwho b")).to_have_text("Adam, η 0.01")
    expect(lab.counter.locator("b").nth(1)).to_have_text("121")
    assert abs(number(page.locator("#loss-title ~ .now b").inner_text()) - shown) < 1e-6
    page.keyboard.press("Control+z")
    expect(page.locator(".cmptable tr.now .cmpwho b")).to_have_text("SGD, η 0.1")
    lab.expect_counts(0, 1)

    # A name of its own; gone and back.
    adam = rows(page).nth(6)
    adam.get_by_role("button", name=re.compile("^Rename")).click()
    adam.locator("input").fill("The best <b>")
    adam.locator("input").press("Enter")
    expect(adam.locator(".cmplink")).to_have_text("The best <b>")
    adam.get_by_role("button", name=re.compile("^Remove")).click()
    expect(rows(page)).to_have_count(6)
    page.get_by_role("button", name="Take it back").click()
    expect(rows(page)).to_have_count(7)
    expect(rows(page).nth(6).locator(".cmplink")).to_have_text("The best <b>")

    # They are there after a reload, and still compared with what the address opens.
    page.reload()
    lab.ready()
    expect(rows(page)).to_have_count(7)
    expect(rows(page).nth(6).locator(".cmplink")).to_have_text("The best <b>")


def test_a_sweep_of_the_learning_rate_marks_what_diverged(lab: Lab, guard: Guard) -> None:
    page = lab.page
    page.locator("#compare-epochs").fill("20")
    page.locator("#sweep-open").click()
    page.locator("#sweep-highest").fill("0.0001")
    page.locator("#sweep button[type=submit]").click()
    expect(page.locator(".cmpform .fmsg")).to_contain_text("smaller one first")
    page.locator("#sweep-lowest").fill("0.01")
    page.locator("#sweep-highest").fill("100")
    page.locator("#sweep-count").fill("5")
    page.locator("#sweep button[type=submit]").click()
    expect(page.locator("#stop-experiment")).to_be_visible()
    experiment_ends(page)
    expect(rows(page)).to_have_count(6)
    told = rows(page).locator("small").all_inner_texts()[1:]
    assert told == ["η 0.1 → 0.01", "same settings", "η 0.1 → 1", "η 0.1 → 10", "η 0.1 → 100"]
    expect(page.locator(".cmpsweep g:has(title)")).to_have_count(5)
    best = page.locator(".cmpchart .note").inner_text()
    losses = [loss(row) for row in rows(page).all()[1:]]
    assert f"{min(losses):.6f}" in best
    assert findings(page) == []
    page.get_by_role("button", name="Curves").click()
    expect(page.locator(".cmpbox")).to_have_attribute("data-runs", "6")
    page.locator("[data-picture=compare] .xmenu > button").click()
    expect(page.locator(".xlist [role=menuitem]").first).to_be_focused()
    assert findings(page) == []


def test_a_run_that_is_left_stays_and_can_give_its_start(lab: Lab) -> None:
    page = lab.page
    lab.run_epochs(20)
    weight = lab.weight("w.1.0.0")
    lab.press("Control+z")
    expect(lab.counter.locator("b").nth(1)).to_have_text("1")
    before = weight.get_attribute("aria-label")
    lab.press("Control+Shift+z")
    expect(lab.counter.locator("b").nth(1)).to_have_text("81")
    # Another seed would draw others; on demand the same ones are taken over.
    page.locator("#seed").fill("99")
    page.locator("#seed").press("Enter")
    page.locator("#same-weights").check()
    page.get_by_role("button", name="Apply and reset").click()
    lab.expect_counts(0, 1)
    expect(weight).to_have_attribute("aria-label", before or "")
    expect(rows(page)).to_have_count(2)
    left = rows(page).nth(1)
    expect(left.locator("small")).to_have_text(re.compile("Seed 99 → 3"))
    expect(left.locator("small")).not_to_contain_text("other initial weights")

    # A run that the server has lost is told, not shown.
    id = left.get_attribute("data-run")
    page.evaluate(
        "(id) => fetch(`/api/v1/sessions/${id}`, { method: 'DELETE' }).then((reply) => reply.status)", id
    )
    page.locator("#keep-run").click()
    expect(page.locator(".cmpnote")).to_contain_text("no longer on the server")
    expect(rows(page)).to_have_count(1)


def test_stop_ends_an_experiment_and_keeps_what_was_trained(lab: Lab) -> None:
    page = lab.page
    page.locator("#compare-epochs").fill("1000000")
    page.locator("#six-optimizers").click()
    expect(page.locator("#stop-experiment")).to_be_visible()
    # It goes on while the page is loaded again, and is followed as before.
    page.reload()
    lab.ready()
    page.locator("#stop-experiment").click()
    experiment_ends(page)
    expect(rows(page)).to_have_count(7)
