"""The Graph lab in the browser: gates, dragging, refusals, parts, predicting, undo, the link, layers."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Guard
from tests.browser.lab import number, opened_again, settle

ADDRESS = "/labs/graph"
# 100 gates: 34 products in a sum of 33, and 33 sigmoids.
LARGE = "+".join(f"sigmoid(x{n}*w)" for n in range(1, 34)) + "+v*w"


def places(page: Page) -> dict[str, str]:
    """Return where every wire runs."""
    found: dict[str, str] = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.gl .gv')].map((one, at) => "
        "[one.dataset.ref + at, document.querySelectorAll('.gline')[at].getAttribute('d')]))"
    )
    return found


def gradient(page: Page, name: str) -> str:
    """Return the gradient under a variable's wire, without its sign of derivation."""
    text = page.locator(f".gc[data-ref='gin.{name}'] text").text_content()
    assert text is not None
    return text.replace("∂", "").strip()


def test_stepping_dragging_and_editing_an_expression(page: Page, guard: Guard) -> None:
    guard.allow("422")
    page.goto(ADDRESS)
    expect(page.locator(".node.gate")).to_have_count(4)
    expect(page.locator(".gv[data-ref='mul.1'] text")).to_have_text("·")
    page.keyboard.press("End")
    expect(page.locator(".gc[data-ref='gin.apple_num'].focus")).to_have_count(1)
    assert [gradient(page, name) for name in ("apple", "apple_num", "orange", "orange_num", "tax")] == [
        "2.2",
        "110",
        "3.3",
        "165",
        "650",
    ]
    expect(page.locator(".gok.agree")).to_be_visible()
    # One step back: the gate of the apples has told one wire of two.
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".gc[data-ref='gin.apple_num'].wait")).to_have_count(1)
    page.keyboard.press("ArrowRight")

    # Dragged where it stands: every number follows, nothing moves.
    before = places(page)
    box = page.locator(".node.variable[data-ref='in.tax']").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + 50, box["y"] + box["height"] / 2)
    page.mouse.up()
    settle(page)
    tax = number(page.locator("#field-values-tax").input_value())
    assert tax != 1.1
    expect(page.locator(".gc[data-ref='gin.apple'] text")).to_contain_text(f"{2 * tax:.4g}")
    assert places(page) == before
    page.keyboard.press("Control+z")
    expect(page.locator("#field-values-tax")).to_have_value("1.1")
    page.locator(".node.variable[data-ref='in.apple']").focus()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#field-values-apple")).to_have_value("110")

    # A refusal names the character; the old expression counts until a right one is sent.
    page.keyboard.press("e")
    page.locator("#field-expression").fill("(x+y)*max(y,z")
    page.locator("#field-expression").press("Enter")
    expect(page.locator("#field-expression-message")).to_contain_text("Character 14")
    expect(page.locator(".gwhere mark")).to_have_text(" ")
    expect(page.locator(".node.gate")).to_have_count(4)
    page.locator("#field-expression").fill("f = (x+y)*max(y,z)")
    page.locator("#field-expression").press("Enter")
    expect(page.locator(".node.copy")).to_have_count(1)
    page.locator("#field-values-z").fill("0")
    page.locator("#field-values-z").press("Enter")
    page.locator("#field-values-z").blur()
    page.keyboard.press("End")
    expect(page.locator(".gc[data-ref='gin.y'] text")).to_contain_text("5")
    expect(page.locator(".ginsp tr.sum td.g")).to_have_text("5")
    assert [gradient(page, name) for name in ("x", "z")] == ["2", "0"]

    # Another page that is opened at this address stands where this one does.
    other = opened_again(page, ".ggrads", ".ggrads")
    assert places(other) == places(page)
    other.close()


def test_parts_layers_predicting_and_a_large_graph_in_korean(page: Page) -> None:
    page.goto(f"{ADDRESS}?lang=ko")
    expect(page.locator("h1")).to_have_text("계산 그래프")
    page.locator("#preset").select_option("sigmoid-parts")
    expect(page.locator(".gpart")).to_have_count(1)
    expect(page.locator(".node.gate")).to_have_count(4)
    page.locator(".gpart .gfold").click()
    expect(page.locator(".node.gate")).to_have_count(1)
    page.locator(".gfold").press("Enter")
    expect(page.locator(".gpart")).to_have_count(1)

    page.locator("#preset").select_option("multiplier")
    expect(page.locator(".node.gate")).to_have_count(1)
    page.keyboard.press("p")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    answer = page.locator(".equation input").first
    expect(answer).to_be_visible()
    expect(page.locator(".gc[data-ref='gin.x'] text")).to_contain_text("?")
    answer.fill("-5")
    answer.press("Enter")
    expect(page.locator(".equation")).to_contain_text("부호")
    answer.fill("5")
    answer.press("Enter")
    expect(page.locator(".gc[data-ref='gin.x'] text")).to_contain_text("5")
    page.locator("body").click(position={"x": 5, "y": 300})
    page.keyboard.press("p")

    # A network as layers, and one of its samples gate by gate: the same gradients.
    page.locator(".ghead .seg button").nth(1).click()
    expect(page.locator(".gbox")).to_have_count(2)
    expect(page.locator(".gcw[data-ref='Z.1'] .gsym")).to_contain_text("(2, 3)")
    page.keyboard.press("End")
    expect(page.locator(".gid.back.now td.now")).to_have_count(1)
    inputs = page.locator(".ggrid.gr td[data-ref='gx.0.0']")
    expected = number(inputs.inner_text())
    page.locator(".gopen").click()
    expect(page.locator(".node.gate").first).to_be_visible()
    page.keyboard.press("End")
    expect(page.locator(".ggrads td[data-ref='gin.x1'], .ggrads td[data-ref='gx1']").first).not_to_have_text(
        "·"
    )
    found = page.locator(".ggrads tr", has=page.locator("th", has_text="x1")).locator("td.g").inner_text()
    assert abs(number(found) - expected) < 1e-4

    page.keyboard.press("e")
    page.locator("#field-expression").fill(LARGE)
    page.locator("#field-expression").press("Enter")
    expect(page.locator(".node.gate")).to_have_count(100)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) == 0
    overlapping = page.evaluate(
        """() => {
          const shapes = document.querySelectorAll('.gg .node > rect, .gg .node > circle.sel');
          const boxes = [...shapes].map((one) => one.getBoundingClientRect());
          const beside = (a, b) => a.left >= b.right || b.left >= a.right;
          const apart = (a, b) => beside(a, b) || a.top >= b.bottom || b.top >= a.bottom;
          let count = 0;
          boxes.forEach((a, at) => boxes.slice(at + 1).forEach((b) => { if (!apart(a, b)) count += 1; }));
          return count;
        }"""
    )
    assert overlapping == 0


def test_a_step_of_the_network_lab_opens_as_layers(page: Page) -> None:
    page.goto("/")
    expect(page.locator(".ruler")).to_be_visible()
    page.keyboard.press("m")
    page.get_by_role("button", name="As layers").click()
    expect(page.locator(".gbox")).to_have_count(5)
    page.keyboard.press("End")
    # The course's gradient of w5, as an entry of a matrix.
    page.locator(".gbox .gname").nth(2).click()
    expect(page.locator(".ggrid.gr td[data-ref='gw.2.0.0']").first).to_have_text("0.0259")
    assert "session" not in page.url
