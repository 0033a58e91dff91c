"""Penalties, dropout, clipping, a schedule: set in the set-up, seen in the diagram, worked out below."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.lab import Lab, number


def enter(page: Page, field: str, text: str) -> None:
    """Type a setting of the folded group and wait until the server has it."""
    box = page.locator(f"#{field}")
    box.fill(text)
    box.press("Enter")
    expect(box).to_have_value(text)
    expect(box).to_have_attribute("aria-invalid", "false")
    box.blur()


def test_a_step_with_everything_switched_on(page: Page, context: BrowserContext) -> None:
    lab = Lab(page).open()
    group = page.locator("#setup-regularization")
    expect(page.locator("#dropout")).to_be_hidden()
    group.locator("summary").click()
    # A definition on hover.
    group.locator(".term").nth(2).hover()
    expect(page.get_by_role("tooltip")).to_contain_text("1 − p")
    page.mouse.move(700, 5)

    # A refused value keeps its text and says what is allowed; the old one counts.
    page.locator("#dropout").fill("1")
    page.locator("#dropout").press("Enter")
    expect(page.locator("#dropout-message")).to_contain_text("0.95")
    page.locator("#dropout").press("Escape")
    expect(page.locator("#dropout")).to_have_value("0")

    enter(page, "regularization-l2", "0.1")
    enter(page, "dropout", "0.5")
    page.locator("#clipping").select_option("norm")
    enter(page, "clipping-limit", "0.01")
    page.locator("#schedule").select_option("step")
    enter(page, "schedule-every", "1")
    expect(page.locator("#effective-rate")).to_contain_text("0.5")
    expect(group.locator("summary")).to_contain_text("Step decay")

    # Forward 4, loss 3 + 2 of the objective, backward 4 + 4 with penalty, rate, norm, clipping 4, update 4.
    expect(page.locator(".ruler [data-tick]")).to_have_count(27)
    expect(page.locator(".node.dropped").first).to_be_visible()

    # What the diagram crosses out passes on 0, and says so to those who listen.
    names = page.locator(".node.neuron").evaluate_all(
        """all => all.map((one) => [
          one.dataset.ref, one.ariaLabel, one.classList.contains('dropped'), !!one.querySelector('.xo'),
        ])"""
    )
    hidden = [row for row in names if row[0].startswith("a.1.")]
    assert len(hidden) == 2
    assert any(row[2] for row in hidden), "this seed drops one of the two at first"
    for _, label, dropped, crossed in names:
        assert dropped == crossed == ("left out" in label)
    results: dict[str, float] = {}
    count = lab.microsteps()
    for micro in range(1, count + 1):
        lab.step(micro)
        results |= {ref: number(text) for ref, text in lab.results().items()}
        if micro <= 2:
            ref, _, dropped, _ = hidden[micro - 1]
            expect(page.locator(".equation .prod .role")).to_contain_text("leaves" if dropped else "keeps")
            assert (results[ref] == 0.0) == dropped
    for ref, _, dropped, _ in hidden:
        value = results[ref.replace("a.", "f.")]
        assert abs(results[ref] - (0.0 if dropped else 2.0 * value)) < 2e-8
    cut = page.locator("path.edge.cut").evaluate_all("all => all.map(one => one.dataset.wire)")
    gone = [row[0].rsplit(".", 1)[1] for row in hidden if row[2]]
    assert sorted(cut) == sorted(
        wire for j in gone for wire in (f"w.1.0.{j}", f"w.1.1.{j}", f"w.2.{j}.0", f"w.2.{j}.1")
    )
    # The objective is loss and penalty, the clipped gradient is short, the update uses this epoch's rate.
    assert abs(results["obj"] - results["e"] - results["pen.l2"]) < 2e-8
    assert abs(results["pen.l2"] - 0.05 * results["size.l2"]) < 2e-8
    assert abs(results["clip.factor"] * results["clip.norm"] - 0.01) < 1e-8
    assert results["eta"] == 0.5
    assert abs(results["nw.1.0.0"] - (0.3 - 0.5 * results["Cw.1.0.0"])) < 2e-8

    # The next epoch has half the rate; the link shows the same step with the same masks.
    lab.step(1, 2)
    expect(page.locator("#effective-rate")).to_contain_text("0.25")
    expect(page).to_have_url(re.compile("micro=1"))
    other = context.new_page()
    copy = Lab(other).open(page.url)
    copy.expect_counts(1, 2)
    assert copy.state() == lab.state()
    other.close()

    # Switched off and undone.
    enter(page, "dropout", "0")
    expect(page.locator(".node.dropped")).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    page.locator("#dropout").blur()
    lab.press("Control+z")
    # One change, though Enter was followed by leaving the field: one undo takes it back.
    expect(page.locator("#dropout")).to_have_value("0.5")


def test_predicting_asks_for_the_penalty_and_names_its_slip(page: Page) -> None:
    lab = Lab(page).open()
    page.locator("#setup-regularization summary").click()
    enter(page, "regularization-l2", "0.1")
    for micro in range(1, 9):
        lab.step(micro)
    expect(page.locator(".stage")).to_contain_text("penalty on the weights")
    lab.press("p")
    total = 0.3**2 + 0.25**2 + 0.4**2 + 0.35**2 + 0.45**2 + 0.4**2 + 0.7**2 + 0.6**2
    for ref, wrong, right in (("size.l2", None, total), ("pen.l2", 0.1 * total, 0.05 * total)):
        field = page.locator(f".predicted[data-ask='{ref}'] input")
        if wrong is not None:
            field.fill(f"{wrong:.6f}")
            field.press("Enter")
            expect(page.locator(".equation")).to_contain_text("½ of the L2 penalty")
        field.fill(f"{right:.6f}")
        field.press("Enter")
        expect(page.locator(f".equation output[data-val='{ref}']")).to_have_text(f"{right:.8f}")
