"""The Regression lab in the browser: numbers, dragging, refusals, predicting, undo, the link, Korean."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.lab import drag, number, opened_again

ADDRESS = "/labs/regression"


def line(page: Page) -> tuple[float, float]:
    """Return intercept and slope as the head of the stage writes them."""
    return number(page.locator(".req [data-ref='w.0']").inner_text()), number(
        page.locator(".req [data-ref='w.1']").inner_text()
    )


def test_points_line_and_descent(page: Page) -> None:
    page.goto(ADDRESS)
    made = page.locator(".rparams .rmade")
    expect(made).to_have_text(["−6.0000", "0.6000", "−15.2000", "1.5200"])
    # Seventeen results before the loss of all five squares.
    for _ in range(17):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".equation output[data-val='L']")).to_have_text("11.00000000")
    page.keyboard.press("End")
    expect(page.locator(".equation.update")).to_have_count(1)
    expect(page.locator(".rnext")).to_be_attached()
    page.keyboard.press("n")
    expect(page.locator(".counter b").nth(1)).to_have_text("2")
    expect(page.locator(".req b")).to_have_text(["0.6000", "1.5200"])

    # The fifth point, pulled up: the best line follows, all that is computed with it.
    best = page.locator(".rparams .b").nth(1)
    expect(best).to_have_text("0.8000")
    drag(page, page.locator("[data-handle='point.4']"), 0, -40, moves=2)
    expect(best).not_to_have_text("0.8000")
    expect(page.locator("#point-5-x")).to_have_value("4")
    assert number(page.locator("#point-5-y").input_value()) > 4.3
    page.keyboard.press("Control+z")
    expect(best).to_have_text("0.8000")
    expect(page.locator("#point-5-y")).to_have_value("4")

    # The line's right end, with the mouse and with the arrow keys.
    page.locator("#start-w0").fill("1")
    page.locator("#start-w0").press("Enter")
    expect(page.locator(".req b")).to_have_text(["1.0000", "0.0000"])
    drag(page, page.locator("[data-handle='end.1']"), 0, -60, moves=2)
    expect(page.locator(".req b").nth(1)).not_to_have_text("0.0000")
    slope = line(page)[1]
    assert slope > 0.2
    page.locator("[data-handle='end.1']").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator(".req b").nth(1)).not_to_have_text(f"{slope:.4f}")
    assert line(page)[1] > slope

    # A place on the surface is a start.
    page.locator("#regression-plane").click(position={"x": 40, "y": 40})
    expect(page.locator("#start-w0")).not_to_have_value("1")

    # The same in space, turned by the keys; the link keeps how it is looked at.
    page.get_by_role("button", name="3-D").click()
    bowl = page.locator(".rbowl")
    expect(bowl.locator(".rface").nth(100)).to_be_attached()
    bowl.focus()
    page.keyboard.press("ArrowRight")
    expect(bowl).to_have_attribute("aria-valuenow", "45")

    # A refusal stands at its field, and the old value counts.
    page.locator("#steps").fill("2000")
    page.locator("#steps").press("Enter")
    expect(page.locator("#steps-message")).to_be_visible()
    page.locator("#steps").press("Escape")
    expect(page.locator("#steps")).to_have_value("50")

    page.locator("#field-learning_rate").fill("0.16")
    page.locator("#field-learning_rate").press("Enter")
    expect(page.locator("#rate-verdict")).to_have_class(re.compile("diverges"))
    # Another page that is opened at this address stands where this one does.
    page.locator("#convention").select_option("half_sum")
    expect(page.locator(".rparams .sum th")).to_have_text("E")
    opened_again(page, ".rparams .sum th", ".rparams")


def test_closed_form_limit_and_predicting_in_korean(page: Page) -> None:
    page.goto(f"{ADDRESS}?lang=ko")
    expect(page.locator("h1")).to_have_text("선형 회귀")
    page.get_by_role("button", name="해석해").click()
    expect(page.locator(".req b")).to_have_text(["1.4000", "0.8000"])
    expect(page.locator(".rtable tbody tr").nth(2)).to_contain_text("−1.0000")
    page.get_by_role("button", name="η의 한계").click()
    expect(page.locator(".ruler [data-tick]")).to_have_count(18)
    page.get_by_role("button", name="반복", exact=True).click()
    expect(page.locator(".ruler [data-tick]")).to_have_count(33)
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".equation h2")).to_be_visible()
    page.keyboard.press("p")
    answer = page.locator(".equation input").first
    expect(answer).to_be_visible()
    expect(page.locator(".rtable tbody tr").first).to_contain_text("?")
    answer.fill("-1")
    answer.press("Enter")
    expect(page.locator(".equation")).to_contain_text("부호")
    answer.fill("1")
    answer.press("Enter")
    expect(page.locator(".equation output[data-val='e.1']")).to_have_text("1.00000000")
