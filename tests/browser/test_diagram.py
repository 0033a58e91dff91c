"""The diagram: numbers as text, where things stand, nothing on top of anything else, editing in place."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import Lab

NUMBERS: list[tuple[float, int, str]] = [
    (0.45, 4, "0.4500"),
    (-0.45, 4, "−0.4500"),
    (0.0, 4, "0.0000"),
    (-0.0, 4, "0.0000"),
    (3.2e-7, 4, "3.2×10⁻⁷"),
    (-0.00004, 4, "−4.0×10⁻⁵"),
    (14.211, 4, "14.2110"),
    (123456.789, 4, "123457"),
    (-12345678.9, 4, "−1.2346×10⁷"),
    (0.02592285560364743, 8, "0.02592286"),
]
SHAPES = [
    [2, 2, 2],
    [2, 2, 1],
    [2, 5, 1],
    [2, 8, 8, 1],
    [2, 2, 2, 2],
    [2, 1],
    [3, 20, 12, 4],
    [2, 2, 2, 2, 2, 2, 2, 1],
]
ROOMS = [("wide", 802, 320), ("wide", 1124, 520), ("mid", 704, 262), ("mid", 768, 300), ("small", 358, 0)]

LAYOUT = """async ([sizes, bias, variant, width, height]) => {
  const { layoutNetwork } = await import('/static/js/lib/layout.js');
  const { overlapArea } = await import('/static/js/lib/labels.js');
  const biases = sizes.slice(1).map(() => bias);
  const layout = layoutNetwork({ sizes, biases }, width, height, variant);
  const faults = [];
  for (const one of layout.nodes) {
    const outside = Math.max(one.w / 2 - one.x, one.x + one.w / 2 - layout.width, one.h / 2 - one.y,
      one.y + one.h / 2 - layout.height);
    if (outside > 0.5) faults.push(`${one.ref} is ${outside} px outside`);
    for (const other of layout.nodes) {
      const shrunk = [one, other].map((box) => ({ ...box, w: box.w - 2, h: box.h - 2 }));
      if (one.ref < other.ref && overlapArea(...shrunk) > 0) faults.push(`${one.ref} covers ${other.ref}`);
    }
  }
  const drawn = sizes.map((size) => Math.min(size, size > 8 ? 6 : 8));
  const extra = bias === 'absent' ? 0 : 1;
  const wires = drawn.slice(1).reduce((sum, size, at) => sum + size * (drawn[at] + extra), 0);
  if (layout.wires.length !== wires) faults.push(`${layout.wires.length} wires, not ${wires}`);
  return faults;
}"""

LABELS = """() => {
  const all = [...document.querySelectorAll('.net .wl:not(.bare), .net .gc, .net .dc, .net .node')];
  const body = (one) => one.querySelector(':scope > rect, :scope > .sel, :scope > circle') ?? one;
  const boxes = all.map((one) => [one, body(one).getBoundingClientRect()]);
  const faults = [];
  for (const [one, a] of boxes) for (const [other, b] of boxes) {
    if (one === other || !one.matches('.wl, .gc') || !other.matches('.wl, .gc, .node')) continue;
    const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (width > 3 && height > 3) faults.push(`${one.dataset.ref} covers ${other.dataset.ref}`);
  }
  return faults;
}"""


@pytest.mark.parametrize(("value", "decimals", "text"), NUMBERS)
def test_number_format(page: Page, value: float, decimals: int, text: str) -> None:
    page.goto("/")
    shown = page.evaluate(
        "async (given) => (await import('/static/js/lib/format.js')).formatNumber(...given)",
        [value, decimals],
    )
    assert shown == text


def test_a_non_finite_number_is_named(page: Page) -> None:
    page.goto("/")
    script = """async () => {
      const { formatNumber } = await import('/static/js/lib/format.js');
      return ['nan', 'inf', '-inf'].map((kind) => formatNumber(null, 4, kind));
    }"""
    assert page.evaluate(script) == ["NaN", "∞", "−∞"]


@pytest.mark.parametrize("bias", ["trained", "absent"])
def test_nodes_stand_apart_in_every_room(page: Page, bias: str) -> None:
    page.goto("/")
    faults = {
        f"{sizes} in {variant} {width}x{height}": found
        for sizes in SHAPES
        for variant, width, height in ROOMS
        if (found := page.evaluate(LAYOUT, [sizes, bias, variant, width, height]))
    }
    assert faults == {}


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (390, 844)])
def test_no_label_covers_another_or_a_node(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    lab = Lab(page).open()
    for micro in range(1, lab.microsteps() + 1):
        lab.step(micro)
        assert page.evaluate(LABELS) == [], f"micro-step {micro}"


def test_editing_a_weight_in_place(page: Page) -> None:
    lab = Lab(page).open()
    weight = lab.weight("w.2.0.0")
    weight.focus()
    lab.press("Enter")
    field = page.locator(".inplace input")
    expect(field).to_have_value("0.45")
    field.fill("1,2")
    lab.press("Enter")
    expect(page.locator(".inplace [role=alert]")).to_contain_text("1.2")
    lab.press("Escape")
    expect(weight).to_contain_text("0.4500")
    weight.focus()
    lab.press("Enter")
    field.fill("0.5")
    lab.press("Enter")
    expect(weight).to_contain_text("0.5000")
    expect(weight).to_be_focused()


def test_hover_lights_both_sides(page: Page) -> None:
    lab = Lab(page).open()
    lab.step(1)
    page.locator(".equation [data-val='w.1.0.0']").first.hover()
    expect(page.locator(".net .wl.lit")).to_have_attribute("data-ref", "w.1.0.0")
    lab.weight("w.1.1.0").hover()
    expect(page.locator(".equation .lit").first).to_be_visible()
