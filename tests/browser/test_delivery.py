"""The built page: a small first visit, the rest on demand, and a part of KaTeX that draws like the whole."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Response, Route, expect

from app import built
from app.paths import STATIC
from tests.browser.conftest import Guard
from tests.browser.lab import Lab

ROOT = Path(__file__).parents[2]
API = "/api/v1"
# Bytes of JavaScript in a first visit, compressed, libraries included.
BUDGET = 130_000
TABS = ("matrices", "samples", "optimizer", "paths", "proof", "history", "compare", "pictures", "api")
COMMAND = re.compile(r"\\([A-Za-z]+)")
# Commands that the page defines itself.
OWN = {"sym", "val"}
# Draws one expression with the whole library and with the page's part of it.
COMPARE = """async ([part, cases]) => {
  const whole = (await import('katex')).default, own = (await import(part)).default;
  const macros = { '\\\\sym': '\\\\htmlData{sym=#1}{#2}', '\\\\val': '\\\\htmlData{val=#1}{\\\\text{0}}' };
  const draw = (library, tex) => {
    const element = document.createElement('span');
    try {
      const options = { output: 'html', strict: false, throwOnError: true, trust: true };
      library.render(tex, element, { ...options, macros: { ...macros } });
    } catch (error) {
      return `error: ${error.message}`;
    }
    return element.innerHTML;
  };
  const drawn = cases.map((tex) => [tex, draw(whole, tex), draw(own, tex)]);
  return drawn.filter(([, one, other]) => one !== other);
}"""


@pytest.fixture(autouse=True)
def _page_is_built() -> None:
    assert built.current() is not None, "the page is not built; tools/build_page.py builds it"


def katex_part() -> str:
    """The address of the page's KaTeX as a module by itself."""
    manifest = json.loads((STATIC / "built" / "manifest.json").read_text("utf-8"))
    return f"/static/built/{manifest['katex']}"


def test_the_first_visit_is_small_and_the_rest_comes_on_demand(page: Page) -> None:
    page.set_viewport_size({"width": 1440, "height": 900})
    scripts: dict[str, Response] = {}
    asked_for: list[str] = []

    def note(response: Response) -> None:
        if response.request.resource_type == "script":
            asked_for.append(response.url)
            scripts[response.url] = response

    page.on("response", note)
    lab = Lab(page).open()
    page.wait_for_load_state("networkidle")
    first = dict(scripts)
    sent = {url: response.request.sizes()["responseBodySize"] for url, response in first.items()}
    assert all("/static/built/" in url for url in sent), sent
    encodings = {response.header_value("content-encoding") for response in first.values()}
    assert encodings == {"br"}, "Chromium reads brotli from this machine"
    assert sum(sent.values()) < BUDGET, sent
    assert len(sent) <= 5
    # One style sheet, not one for each part.
    assert page.locator("link[rel=stylesheet]").count() == 1

    for tab in TABS:
        page.locator(f"#drawer-{tab}").click()
        expect(page.locator(f"#drawer-{tab}")).to_have_attribute("aria-selected", "true")
        expect(page.locator("#drawer-panel > :not(.lazy)").first).to_be_visible()
        expect(page.locator("#drawer-panel .lazy")).to_have_count(0)
    assert len(scripts) > len(first)
    lab.press("a")
    expect(page.locator("#drawer-panel")).to_have_count(0)
    lab.press("?")
    expect(page.locator("dialog .keys")).to_be_visible()
    page.locator("dialog").get_by_role("button", name="Notation").or_(
        page.locator("dialog .dlga button").first
    ).first.click()
    expect(page.locator("dialog[open]")).to_be_visible()
    lab.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    # The second reading brings the curve, and with it its library.
    lab.press("n")
    expect(page.locator(".lossc canvas")).to_be_visible()
    for tab in TABS:
        page.locator(f"#drawer-{tab}").click()
        expect(page.locator("#drawer-panel > :not(.lazy)").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert len(asked_for) == len(scripts), "a part is loaded once"


def test_a_part_that_does_not_come_can_be_asked_for_again(
    page: Page, context: BrowserContext, guard: Guard
) -> None:
    guard.allow("ERR_FAILED|Failed to fetch dynamically imported module")
    lab = Lab(page).open()
    away = re.compile(r"/static/built/part-")

    def refuse(route: Route) -> None:
        route.abort("failed")

    context.route(away, refuse)
    page.locator("#drawer-matrices").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be loaded")
    lab.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("could not be loaded")
    lab.press("Escape")
    context.unroute(away, refuse)
    page.locator("#drawer-panel").get_by_role("button", name="Try again").click()
    expect(page.locator("#drawer-panel .mats")).to_be_visible()


def commands(path: Path) -> set[str]:
    """The TeX commands in the texts of a Python file."""
    texts = [
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return {name for text in texts for name in COMMAND.findall(text)} - OWN


def expressions(value: Any) -> set[str]:
    """Every text in a reply that is TeX."""
    if isinstance(value, str):
        return {value} if "\\" in value or re.search(r"[_^]\{", value) else set()
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {tex for one in values for tex in expressions(one)}


def test_the_part_of_katex_knows_what_the_server_writes(page: Page) -> None:
    page.goto("/")
    named = {name for path in (ROOT / "core").rglob("*.py") for name in commands(path)}
    assert {"frac", "sqrt", "cases", "sum"} & named
    unknown = page.evaluate(
        """async ([part, names]) => {
          const libraries = [(await import('katex')).default, (await import(part)).default];
          const knows = (library, name) => {
            try {
              library.render(`\\\\${name}`, document.createElement('span'), { output: 'html' });
            } catch (error) {
              return !/Undefined control sequence|Function '.*' is not/.test(error.message);
            }
            return true;
          };
          return names.filter((name) => knows(libraries[0], name) && !knows(libraries[1], name));
        }""",
        [katex_part(), sorted(named)],
    )
    assert unknown == [], "add them to tools/katex.mjs"

    def get(address: str) -> Any:
        reply = page.request.get(API + address)
        assert reply.ok, reply.text()
        return reply.json()

    catalog = get("/catalog")
    found = expressions(catalog)
    for preset in catalog["presets"]:
        session = page.request.post(f"{API}/sessions", data={"preset": preset["name"]}).json()
        for granularity in ("neuron", "term"):
            found |= expressions(get(f"/sessions/{session['id']}/microsteps?granularity={granularity}"))
        if preset["name"] == "worked-example":
            for notation in catalog["notations"]["presets"]:
                found |= expressions(get(f"/sessions/{session['id']}/microsteps?notation={notation['name']}"))
    # The same with other numbers needs no second look.
    cases = list({re.sub(r"\d+", "0", tex): tex for tex in sorted(found)}.values())
    assert len(cases) > 100
    shown = [tex for tex in cases if tex.strip()]
    different = page.evaluate(COMPARE, [katex_part(), [*shown, *(f"\\displaystyle {tex}" for tex in shown)]])
    assert different == []
