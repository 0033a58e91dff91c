"""The finest steps: every number of the worked example term by term, the way to its origin, and epochs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lab import Lab
from tests.browser.test_worked_example import EXAMPLE, golden_results

TERMS = 51


def golden_terms() -> dict[str, float]:
    """Return the golden number of every result at term granularity; products are those of golden numbers."""
    results = golden_results(EXAMPLE["forward"])
    inputs = {f"a.0.{i}": EXAMPLE["x"][i] for i in range(2)}
    weights = {
        f"w.{layer}.{i}.{j}": EXAMPLE[f"W{layer}"][j][i]
        for layer in (1, 2)
        for i in range(2)
        for j in range(2)
    }
    numbers = {**inputs, **results}
    for layer in (1, 2):
        for i in range(2):
            for j in range(2):
                results[f"p.{layer}.{i}.{j}"] = weights[f"w.{layer}.{i}.{j}"] * numbers[f"a.{layer - 1}.{i}"]
    for j in range(2):
        for k in range(2):
            results[f"c.1.{j}.{k}"] = numbers[f"d.2.{k}"] * weights[f"w.2.{j}.{k}"]
    assert results["c.1.0.0"] == pytest.approx(EXAMPLE["backward"]["dE_dh1_parts"][0], abs=1e-15)
    return results


def main_result(page: Page) -> tuple[str, str]:
    """Return the reference and the number of the line that the micro-step is about."""
    output = page.locator(".equation .prod output[data-val]")
    return str(output.get_attribute("data-val")), output.inner_text()


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_number_term_by_term(page: Page, lang: str) -> None:
    lab = Lab(page).open(f"/?lang={lang}")
    lab.press("1")
    expect(page.locator(".ruler [data-tick]")).to_have_count(TERMS)
    counts = page.locator(".ruler .ph .ct").all_inner_texts()
    assert counts == ["16", "3", "24", "8"]
    shown: dict[str, str] = {}
    for micro in range(1, TERMS + 1):
        lab.step(micro)
        ref, number = main_result(page)
        assert ref not in shown
        shown[ref] = number
        # What the boxes repeat is what was shown where it was made.
        for known, value in lab.results().items():
            if known in shown:
                assert value == shown[known], (micro, known)
    assert shown == {ref: f"{value:.8f}" for ref, value in golden_terms().items()}


def test_the_end_and_back_to_the_start_is_the_same_page(page: Page) -> None:
    lab = Lab(page).open()
    lab.press("1")
    lab.press("Home")
    expect(page.locator(".ruler [data-tick]")).to_have_count(TERMS)
    ruler = page.locator(".ruler").bounding_box()
    assert ruler is not None
    middle = ruler["y"] + ruler["height"] / 2

    def everything() -> dict[str, Any]:
        return {
            **lab.state(),
            "diagram": page.locator("svg.net").inner_html(),
            "equation": page.locator(".equation .eqb").inner_text(),
        }

    lab.step(1)
    start = everything()
    page.mouse.move(ruler["x"] + 6, middle)
    page.mouse.down()
    page.mouse.move(ruler["x"] + ruler["width"] - 3, middle, steps=12)
    page.mouse.up()
    lab.expect_counts(TERMS, 1)
    assert everything()["diagram"] != start["diagram"]
    page.mouse.move(ruler["x"] + ruler["width"] - 3, middle)
    page.mouse.down()
    page.mouse.move(ruler["x"] + 6, middle, steps=12)
    page.mouse.up()
    page.mouse.move(5, 5)
    lab.expect_counts(1, 1)
    assert everything() == start


def test_a_change_of_granularity_keeps_the_place(page: Page) -> None:
    lab = Lab(page).open()
    lab.press("1")
    expect(page.locator(".ruler [data-tick]")).to_have_count(TERMS)
    lab.press("ArrowRight", 32)
    lab.expect_counts(32, 1)
    lab.press("2")
    lab.expect_counts(10, 1)
    lab.press("1")
    lab.expect_counts(32, 1)
    lab.press("3")
    expect(page.locator(".ph.now .pn b")).to_have_text("Backward")
    lab.press("4")
    lab.expect_counts(3, 1)


def test_a_number_leads_to_its_origin_and_the_trail_back(page: Page) -> None:
    lab = Lab(page).open()
    lab.press("1")
    expect(page.locator(".ruler [data-tick]")).to_have_count(TERMS)
    page.locator(".ruler [data-tick='22']").click()
    lab.expect_counts(23, 1)
    assert main_result(page) == ("gw.2.0.0", "0.02592286")
    page.locator(".equation .prod [data-val='a.1.0']").click()
    lab.expect_counts(4, 1)
    page.locator(".equation .prod [data-val='z.1.0']").click()
    lab.expect_counts(3, 1)
    back = page.locator(".eqh .back")
    expect(back).to_contain_text("activation of")
    back.click()
    lab.expect_counts(4, 1)
    lab.press("Backspace")
    lab.expect_counts(23, 1)
    expect(back).to_have_count(0)


def test_a_weight_leads_into_the_iteration_before(page: Page) -> None:
    lab = Lab(page).open("/#preset=worked-example&step=1&micro=9&granularity=term")
    lab.expect_counts(9, 2)
    assert main_result(page)[0] == "p.2.0.0"
    page.locator(".equation .prod [data-val='w.2.0.0']").click()
    lab.expect_counts(48, 1)
    assert main_result(page) == ("nw.2.0.0", "0.43703857")
    lab.press("Backspace")
    lab.expect_counts(9, 2)
    page.locator(".equation .prod [data-val='w.2.0.0']").click()
    lab.expect_counts(48, 1)
    page.locator(".equation .prod [data-val='w.2.0.0']").click()
    expect(page.locator(".toast")).to_contain_text("training starts with it")
    lab.expect_counts(48, 1)


def test_numbers_by_keyboard_and_in_words(page: Page) -> None:
    lab = Lab(page).open()
    lab.press("1")
    expect(page.locator(".ruler [data-tick]")).to_have_count(TERMS)
    page.locator(".ruler [data-tick='22']").click()
    page.locator(".equation .eqb").focus()
    expect(page.locator(".equation .sr[aria-live]")).to_contain_text("∂ E over ∂ w5 equals")
    lab.press("ArrowDown", 2)
    expect(page.locator(".equation .sr[aria-live]")).to_have_text("t1 0.4, given")
    lab.press("ArrowUp")
    chosen = page.locator(".equation .cursor")
    expect(chosen).to_have_count(1)
    ref = chosen.get_attribute("data-val")
    expect(page.locator(".equation .sr[aria-live]")).to_contain_text("made in micro-step")
    lab.press("Enter")
    expect(page.locator(".eqh .back")).to_be_visible()
    produced = json.loads(
        page.evaluate(
            "JSON.stringify([...document.querySelectorAll('.prod output')].map(o => o.dataset.val))"
        )
    )
    assert produced == [ref]


def test_an_update_shows_old_value_change_and_new_value(page: Page) -> None:
    Lab(page).open("/#preset=worked-example&micro=48&granularity=term")
    line = page.locator(".equation .prod")
    expect(line).to_contain_text("0.45000000 − 0.01296143")
    assert main_result(page) == ("nw.2.0.0", "0.43703857")


def test_all_digits_on_demand(page: Page) -> None:
    lab = Lab(page).open()
    lab.press("1")
    expect(page.locator(".ruler [data-tick]")).to_have_count(TERMS)
    page.locator(".ruler [data-tick='3']").click()
    page.get_by_role("button", name="All digits").click()
    assert main_result(page) == ("a.1.0", repr(EXAMPLE["forward"]["h"][0]))
    expect(page).to_have_url(re.compile("micro=4"))
    page.reload()
    lab.expect_counts(4, 1)
    assert main_result(page) == ("a.1.0", repr(EXAMPLE["forward"]["h"][0]))
    page.get_by_role("button", name="All digits").click()
    assert main_result(page) == ("a.1.0", "0.51998934")


def test_epochs_one_at_a_time(page: Page) -> None:
    lab = Lab(page).open("/#preset=xor-2-2-1")
    lab.press("5")
    expect(page.locator(".ruler.epochs")).to_be_visible()
    per_epoch = 4 if page.locator(".batchsw").count() == 0 else 1
    lab.press("ArrowRight", 3)
    expect(lab.counter.locator("b").nth(2)).to_have_text("4")
    expect(lab.counter.locator("b").nth(1)).to_have_text(str(3 * per_epoch + 1))
    lab.press("ArrowLeft")
    expect(lab.counter.locator("b").nth(2)).to_have_text("3")
    expect(page.locator(".ruler.epochs")).to_have_attribute("aria-valuemax", "4")
    lab.press("1")
    expect(page.locator(".ruler.epochs")).to_have_count(0)
    expect(lab.counter.locator("b").nth(2)).to_have_text("3")


def test_the_request_behind_the_last_action(page: Page) -> None:
    lab = Lab(page).open()
    lab.press("n")
    lab.expect_counts(0, 2)
    lab.press("a")
    panel = page.locator("#drawer-panel")
    expect(panel.locator("pre").first).to_contain_text("/step'")
    expect(panel.locator("pre").first).to_contain_text('{"count":1,"unit":"step","trace":false}')
    expect(panel.locator("pre").nth(1)).to_contain_text('"applied": 1')
    panel.get_by_role("button", name="Python").click()
    program = panel.locator("pre").first.inner_text()
    assert "urlopen" in program
    # The program is a real one: it makes the next step.
    made = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    answer = json.loads(made.stdout)
    assert (answer["before"]["step"], answer["after"]["step"]) == (1, 2)


def test_a_large_network_is_told_neuron_by_neuron(page: Page) -> None:
    lab = Lab(page).open()
    large = {
        "network": {
            "layers": [{"units": 40, "activation": "tanh"}] * 2 + [{"units": 1, "activation": "sigmoid"}]
        },
        "data": {"name": "xor"},
    }
    file = {"deltaboard": 1, "recipe": {"create": large, "actions": []}, "micro": 0, "granularity": "term"}
    page.locator("button[aria-keyshortcuts='?'], button:has(kbd:text-is('?'))").first.click()
    page.get_by_role("dialog").locator("input[type=file]").set_input_files(
        {"name": "large.json", "mimeType": "application/json", "buffer": json.dumps(file).encode()}
    )
    note = page.locator(".only")
    expect(note).to_contain_text("one neuron at a time")
    expect(note.locator(".sym")).to_have_text(re.compile(r"h.*1"))
    lab.step(1)
    page.locator(".node[data-ref='a.2.1']").click()
    expect(note.locator(".sym")).to_have_text(re.compile(r"h.*2"))
    expect(page.locator(".ruler")).to_have_attribute("aria-valuemax", re.compile(r"^\d{2,3}$"))


def test_a_link_carries_step_drawer_and_notation(page: Page, browser: Browser, base_url: str) -> None:
    lab = Lab(page).open(
        "/#preset=worked-example&micro=23&granularity=term&drawer=matrices"
        "&notation=output.y~weights.ij~rate.alpha~orientation.out_in"
    )
    lab.expect_counts(23, 1)
    expect(page.locator("#drawer-matrices")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".node[data-ref='a.2.0']")).to_have_attribute("aria-label", re.compile("y1"))
    assert main_result(page) == ("gw.2.0.0", "0.02592286")
    weights = page.locator("figure[data-matrix=W2]")
    expect(weights).to_contain_text("⊤")
    # What is on the address bar opens the same page for somebody else.
    expect(page).to_have_url(re.compile(r"notation=.*output\.y"))
    other = browser.new_context(base_url=base_url).new_page()
    there = Lab(other).open(page.url)
    there.expect_counts(23, 1)
    assert there.state() == lab.state()
    expect(other.locator("#drawer-matrices")).to_have_attribute("aria-selected", "true")
    other.context.close()
