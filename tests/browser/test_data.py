"""The data panel: derived inputs, the split, a formula, drawn points, tables with an error and without."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Guard
from tests.browser.lab import Lab, two_frames

IRIS = "length,width,kind\n" + "".join(
    f"{5 + row % 7 * 0.3:.1f},{2 + row % 5 * 0.2 + row % 3:.1f},{('one', 'two', 'three')[row % 3]}\n"
    for row in range(30)
)


def csv(name: str, text: str) -> dict[str, object]:
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def test_inputs_split_formula_brush_and_table(page: Page, guard: Guard) -> None:
    guard.allow("422")
    lab = Lab(page).open()
    lab.choose_preset("circles")
    apply = page.locator(".apply .primary")

    # Derived inputs wait with the network that they need, then stand in the diagram.
    page.locator(".chip[data-feature='x1^2']").click()
    page.locator(".chip[data-feature='x1*x2']").click()
    expect(page.locator(".apply.on")).to_contain_text("x₁²")
    apply.click()
    # What is typed before the new network stands would belong to the old one.
    expect(apply).to_have_count(0)
    lab.ready()
    expect(page.locator(".node[data-ref='a.0.3']")).to_be_visible()
    expect(page.locator("#output-map")).to_be_visible()
    expect(page.locator(".chip[aria-pressed='true']")).to_have_count(4)

    # The split and the scaling act at once; the table shows what was given and how it is scaled.
    page.locator(".prep summary").click()
    share = page.locator(".fld.slide input[max='0.5'][step='0.05']")
    share.fill("0.25")
    expect(page.locator("#setup-data h2 small")).to_contain_text("150")
    expect(page.locator("#setup-data h2 small")).to_contain_text("50")
    page.locator("#scaling").select_option("standard")
    expect(page.locator(".scl[data-scaling='standard']")).to_have_count(2)
    raw = [
        float(one.input_value().replace("\u2212", "-"))
        for one in page.locator("tbody input[data-cell]").all()[:3]
    ]
    assert all(abs(value) < 1.6 for value in raw)

    # A formula: the character that cannot be read is marked, a right one draws the points anew.
    page.locator("#dataset").select_option("function")
    apply.click()
    # What is typed before the new network stands would belong to the old one.
    expect(apply).to_have_count(0)
    lab.ready()
    formula = page.locator("#data-expression")
    formula.fill("sin(2*x) + foo")
    formula.press("Enter")
    expect(page.locator(".caret")).to_have_attribute("data-position", "11")
    expect(page.locator("#data-expression-message")).to_be_visible()
    formula.fill("x^2 - 1")
    formula.press("Enter")
    expect(page.locator(".caret")).to_have_count(0)
    expect(formula).to_have_value("x^2 - 1")

    # Points drawn by hand: a stroke of each class, one taken back, one put down with the keys.
    page.locator("#draw-points").click()
    page.locator("#brush-clear").click()
    expect(page.locator("#brush-use")).to_be_disabled()
    hit = page.locator(".bmaphit")
    box = hit.bounding_box()
    assert box is not None
    count = page.locator(".brushn")
    for tool, y in (("0", 0.25), ("1", 0.75)):
        page.locator(f".tools [data-class='{tool}']").click()
        page.mouse.move(box["x"] + 30, box["y"] + box["height"] * y)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] - 30, box["y"] + box["height"] * y, steps=4)
        page.mouse.up()
        expect(page.locator("#brush-use")).to_be_enabled()
    # The last dab is drawn in the next frame.
    two_frames(page)
    both = count.inner_text()
    hit.focus()
    page.keyboard.press("1")
    expect(page.locator(".tools [data-class='0']")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Space")
    expect(count).not_to_have_text(both)
    page.keyboard.press("Backspace")
    expect(count).to_have_text(both)
    page.locator("#brush-use").click()
    expect(page.locator(".brushbar")).to_have_count(0)
    expect(page.locator("#dataset")).to_have_value("custom")

    # A table: the row that is wrong is named; another one is looked at, chosen from and used.
    page.set_input_files("#table-file", [csv("bad.csv", "a,b,c\n1,2,3\n4,5\n")])  # type: ignore[list-item]
    expect(page.locator("#table-problem")).to_contain_text("3")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    page.set_input_files("#table-file", [csv("iris.csv", IRIS)])  # type: ignore[list-item]
    expect(page.locator(".tblv tbody tr")).to_have_count(8)
    expect(page.locator("[data-target='kind']")).to_be_checked()
    page.locator("[data-input='length']").uncheck()
    expect(page.locator(".tblres")).to_contain_text("width")
    page.locator("[data-input='length']").check()
    page.locator("#use-table").click()
    expect(page.locator("dialog")).to_have_count(0)
    lab.ready()
    expect(page.locator(".node[data-ref='a.2.2']")).to_be_visible()
    expect(page.locator("#setup-data h2 small")).to_contain_text("24")
    expect(page.locator(".data thead")).to_contain_text("width")
    assert lab.overflow() == 0
