"""The diagram: numbers as text, where things stand, nothing on top of anything else, editing in place."""

from __future__ import annotations

import re

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
    // The chip of a delta hangs on its neuron, and covers nothing else.
    const apart = one.matches('.wl, .gc') && other.matches('.wl, .gc, .node')
      || one.matches('.dc.parts') && other.matches('.wl, .gc');
    if (one === other || !apart) continue;
    const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (width > 3 && height > 3) faults.push(`${one.dataset.ref} covers ${other.dataset.ref}`);
  }
  return faults;
}"""
LIT = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const found = (selector, key) => all(selector).map((one) => one.dataset[key]).sort();
  return {
    nodes: found('.net .node:is(.fwdf, .lossf, .path, .updf)', 'ref'),
    wires: found('.net .edge:is(.focus, .path)', 'wire'),
    links: found('.net .link:is(.path, .loss)', 'link'),
  };
}"""
# Micro-step of the worked example at granularity term -> nodes, wires and links to the loss that it uses.
TERMS: list[tuple[int, list[str], list[str], list[str]]] = [
    (1, ["a.0.0"], ["w.1.0.0"], []),  # w1 · x1
    (3, ["a.1.0"], ["w.1.0.0", "w.1.1.0"], []),  # the sum z1
    (4, ["a.1.0"], [], []),  # h1
    (17, ["a.2.0", "e.0"], [], ["e.0"]),  # E1
    (19, ["e", "e.0", "e.1"], [], ["e.0", "e.1"]),  # E
    (20, ["a.2.0", "e.0"], [], ["e.0"]),  # how E reacts to o1
    (21, ["a.2.0"], [], []),  # the slope
    (22, ["a.2.0"], [], []),  # delta 3
    (23, ["a.1.0", "a.2.0", "e.0"], ["w.2.0.0"], ["e.0"]),  # the gradient of w5
    (30, ["a.1.0", "a.2.0"], ["w.2.0.0"], []),  # what o1 sends back to h1
    (31, ["a.1.0", "a.2.1"], ["w.2.0.1"], []),  # what o2 sends back to h1
    (32, ["a.1.0"], ["w.2.0.0", "w.2.0.1"], []),  # both together
    (35, ["a.0.0", "a.1.0"], ["w.1.0.0"], []),  # the gradient of w1
    (44, [], ["w.1.0.0"], []),  # its update
]


def term_by_term(page: Page) -> Lab:
    """Open the worked example with one micro-step a term."""
    lab = Lab(page).open()
    lab.press("1")
    expect(page.locator(".ruler")).to_have_attribute("aria-valuemax", "51")
    return lab


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


@pytest.mark.parametrize("key", ["1", "2", "3", "4"])
@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (390, 844)])
def test_no_label_covers_another_or_a_node(page: Page, size: tuple[int, int], key: str) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    lab = Lab(page).open()
    lab.press(key)
    last = {"1": 51, "2": 15, "3": 7, "4": 4}[key]
    expect(page.locator(".ruler")).to_have_attribute("aria-valuemax", str(last))
    for micro in range(1, last + 1):
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


def test_a_term_lights_what_it_uses_and_nothing_else(page: Page) -> None:
    lab = term_by_term(page)
    for micro in range(1, 52):
        lab.step(micro)
        for step, nodes, wires, links in TERMS:
            if step == micro:
                expected = {"nodes": nodes, "wires": wires, "links": links}
                assert page.evaluate(LIT) == expected, f"micro-step {micro}"
    assert page.locator(".net .edge.done").count() == 0


def test_products_add_up_in_the_neuron(page: Page) -> None:
    lab = term_by_term(page)
    lab.step(1)
    chip = page.locator(".net .gc[data-ref='p.1.0.0']")
    expect(chip).to_contain_text("0.0300")
    expect(chip).to_have_class(re.compile(r"\bfocus\b"))
    neuron = page.locator(".node[data-ref='a.1.0']")
    expect(neuron).to_contain_text("Σ0.0300")
    lab.step(2)
    expect(chip).not_to_have_class(re.compile(r"\bfocus\b"))
    expect(page.locator(".net .gc[data-ref='p.1.1.0']")).to_contain_text("0.0500")
    lab.step(3)
    expect(neuron).to_contain_text("0.0800")
    expect(neuron).not_to_contain_text("Σ")
    expect(page.locator(".net .gc")).to_have_count(2)
    lab.step(4)
    expect(page.locator(".net .gc")).to_have_count(0)


def test_each_path_sends_its_contribution_back(page: Page) -> None:
    lab = term_by_term(page)
    lab.press("ArrowRight", 30)
    lab.expect_counts(30, 1)
    first, second = (page.locator(f".net .gc[data-ref='c.1.0.{path}']") for path in (0, 1))
    expect(first).to_contain_text("0.0224")
    expect(first).to_contain_text("δ3")
    expect(first).to_contain_text("w5")
    expect(page.locator(".net .dc[data-ref='c.1.0.0']")).to_contain_text("Σ")
    lab.step(31)
    expect(second).to_contain_text("0.0100")
    expect(second).to_have_class(re.compile(r"\bfocus\b"))
    expect(first).not_to_have_class(re.compile(r"\bfocus\b"))
    lab.step(32)
    expect(page.locator(".net .dc[data-ref='up.1.0']")).to_have_text(re.compile(r"1\s*0\.0324"))
    lab.step(33)
    expect(page.locator(".net .dc[data-ref='loc.1.0']")).to_contain_text("0.2496")
    lab.step(34)
    expect(page.locator(".net .dc.focus")).to_contain_text("0.0081")
    lab.step(35)
    expect(page.locator(".net .bdg")).to_have_text(["1", "2", "3"])
    expect(page.locator(".net .gc[data-ref='gw.1.0.0']")).to_contain_text("0.0008")


def test_the_card_of_a_wire_has_its_product_and_its_contribution(page: Page) -> None:
    lab = term_by_term(page)
    lab.press("ArrowRight", 30)
    lab.expect_counts(30, 1)
    lab.weight("w.2.0.0").hover()
    card = page.locator(".tip")
    expect(card).to_contain_text("0.23399520")  # w5 · h1
    expect(card).to_contain_text("0.02243370")  # δ3 · w5
    lab.press("2")
    expect(page.locator(".ruler")).to_have_attribute("aria-valuemax", "15")
    expect(page.locator(".net .gc[data-ref^='c.']")).to_have_count(0)


def test_where_products_and_sums_are_shown(page: Page) -> None:
    page.goto("/")
    hosts = page.evaluate(
        "async (refs) => refs.map((await import('/static/js/lib/refs.js')).hostOf)",
        ["p.2.1.0", "ps.2.0.3", "c.1.0.1", "cs.1.0.2"],
    )
    assert hosts == ["w.2.1.0", "a.2.0", "w.2.0.1", "a.1.0"]


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_arrow_heads_point_where_the_numbers_go(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    lab = term_by_term(page)
    nearer = """([to, from]) => {
      const middle = (selector) => {
        const box = document.querySelector(selector).getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2];
      };
      const head = middle('.net .lane .head');
      const distance = (ref) =>
        Math.hypot(...middle(`.node[data-ref="${ref}"]`).map((at, axis) => at - head[axis]));
      return distance(to) < distance(from);
    }"""
    lab.step(1)
    assert page.evaluate(nearer, ["a.1.0", "a.0.0"])
    lab.press("ArrowRight", 29)
    lab.expect_counts(30, 1)
    assert page.evaluate(nearer, ["a.1.0", "a.2.0"])
    lab.press("ArrowRight", 5)
    lab.expect_counts(35, 1)
    assert page.evaluate(nearer, ["a.0.0", "a.1.0"])
