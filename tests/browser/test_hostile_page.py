"""What users name never becomes markup; the policy of the page is never violated, in any lab."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.i18n import LANGUAGES
from tests.browser.conftest import Guard
from tests.browser.lab import Lab
from tests.browser.test_export import saved

ROOT = Path(__file__).parents[2]
LABS = dict(
    re.findall(
        r'name: "(\w+)", path: "([^"]+)"', (ROOT / "static" / "js" / "lib" / "labs.js").read_text("utf-8")
    )
)
# Beyond the browser's own message, which the guard notes, each violation with what was refused.
LISTENER = """
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}`));
"""
# Every element that is there because of the page's own code comes from this server and carries no handler.
STRANGE = """() => [...document.querySelectorAll("*")].filter((one) =>
    ["IFRAME", "OBJECT", "EMBED", "BASE", "MARQUEE"].includes(one.tagName)
    || (one.tagName === "SCRIPT" && !one.src && one.type !== "importmap")
    || (one.tagName === "IMG" && !one.src.startsWith(location.origin))
    || [...one.attributes].some(({ name, value }) =>
      name.startsWith("on") || (/^(href|src|xlink:href)$/.test(name) && /^\\s*javascript:/i.test(value)))
  ).map((one) => one.outerHTML.slice(0, 200))"""
IMAGE = "<img src=x onerror=hacked=1>"
CLASSES = [IMAGE, "</script><script>hacked=1", "{{hacked=1}}\"'><svg/onload=a>"]
# Allowed as names of columns, and of what every object of the page's language has.
COLUMNS = ["__proto__", "constructor"]


def clean(page: Page) -> None:
    """Nothing was refused by the policy, and nothing came from a text."""
    assert page.evaluate("window.violations") == []
    assert page.evaluate(STRANGE) == []
    assert page.evaluate("window.hacked") is None


def packed(value: Any) -> str:
    """A value as links hold it: JSON, deflated, in base64url."""
    squeezed = zlib.compressobj(wbits=-15)
    text = squeezed.compress(json.dumps(value).encode()) + squeezed.flush()
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def settled(page: Page) -> None:
    """Wait until the page has nothing more to ask for."""
    page.wait_for_load_state("networkidle")


def test_the_listener_would_notice(page: Page, guard: Guard) -> None:
    guard.allow("Content Security Policy|elsewhere.example")
    page.add_init_script(LISTENER)
    page.goto("/")
    for content in ("hacked = 1", "import('data:text/javascript,0')"):
        page.evaluate(
            "(text) => document.body.append(Object.assign(document.createElement('script'), { text }))",
            content,
        )
    page.evaluate(
        "document.body.append(Object.assign(new Image(), { src: 'https://elsewhere.example/a.png' }))"
    )
    page.wait_for_function("window.violations.length >= 3")
    assert page.evaluate("window.hacked") is None


def test_every_lab_is_known_here() -> None:
    assert LABS["network"] == "/"
    text = (ROOT / "static" / "js" / "lib" / "labs.js").read_text("utf-8")
    assert len(LABS) == text.count("calls: {")


@pytest.mark.parametrize("lab", LABS)
def test_the_policy_holds_in_every_lab(page: Page, lab: str) -> None:
    # The labs in turn in each language: no text differs in what it may hold.
    lang = LANGUAGES[list(LABS).index(lab) % len(LANGUAGES)]
    page.add_init_script(LISTENER)
    page.goto(f"{LABS[lab]}?lang={lang}")
    expect(page.locator(".ruler [data-tick]").first).to_be_attached()
    presets = page.locator("#preset option").evaluate_all("all => all.map((one) => one.value)")
    # The others of the network are walked through elsewhere.
    for preset in [name for name in presets if name][: 2 if lab == "network" else 4]:
        page.locator("#preset").select_option(preset)
        settled(page)
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
    for tab in page.locator(".dwtabs [role=tab]").all():
        tab.click()
        settled(page)
    page.keyboard.press("?")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    page.keyboard.press("n")
    settled(page)
    clean(page)


def test_names_stay_text(page: Page, guard: Guard, tmp_path: Path) -> None:
    rows = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    recipe = {
        "create": {
            "seed": 1,
            "network": {"layers": [{"units": 2}, {"units": 3, "activation": "softmax"}]},
            "training": {"loss": {"name": "categorical_cross_entropy"}},
            "data": {
                "inputs": rows,
                "targets": [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]],
                "columns": COLUMNS,
                "target_columns": ["toString", "valueOf", "hasOwnProperty"],
                "classes": CLASSES,
            },
        },
        "actions": [{"type": "step", "count": 3}],
    }
    page.add_init_script(LISTENER)
    lab = Lab(page).open(f"/#recipe={packed(recipe)}")
    for place in range(len(page.locator(".dwtabs [role=tab]").all())):
        page.locator(".dwtabs [role=tab]").nth(place).click()
        settled(page)
        clean(page)
    lab.press("ArrowRight", 3)
    shown = page.content()
    assert "__proto__" in shown
    clean(page)
    for picture in ("network", "map"):
        drawn = ElementTree.fromstring(saved(page, picture, "svg", tmp_path).read_text("utf-8"))
        assert not [one for one in drawn.iter() if one.tag.endswith(("script", "img", "foreignObject"))]

    # A file brings a name for the session, a table names classes: both are shown as they are written.
    path = tmp_path / f"{IMAGE}.json"
    path.write_text(json.dumps({"deltaboard": 1, "recipe": recipe, "label": IMAGE}), "utf-8")
    page.locator(".wide-tools .xmenu > button").click()
    with page.expect_file_chooser() as chooser:
        page.locator(".xlist [data-export=open]").click()
    chooser.value.set_files(path)
    lab.ready()
    page.locator("#drawer-compare").click()
    expect(page.locator("#drawer-panel")).to_contain_text(IMAGE)
    clean(page)
    text = "__proto__,constructor,kind\n" + "\n".join(f'{n},{n * n},"{CLASSES[n % 2]}"' for n in range(8))
    table = {"name": f"{IMAGE}.csv", "mimeType": "text/csv", "buffer": text.replace('{"', '{""').encode()}
    page.set_input_files("#table-file", [table])  # type: ignore[list-item]
    expect(page.locator(".tblv")).to_contain_text(IMAGE)
    clean(page)
    page.locator("#use-table").click()
    expect(page.locator("dialog")).to_have_count(0)
    lab.ready()
    clean(page)


LINKS: list[Any] = [
    {"request": {IMAGE: 1}},
    {"request": json.loads('{"__proto__": {"hacked": 1}, "at": "a"}')},
    {"mode": "constructor", "request": {}, "view": json.loads('{"__proto__": {"hacked": 1}}')},
    {"mode": "__proto__", "request": {}, "view": {"turn": IMAGE, "best": {}, "plane": [IMAGE], "bowl": None}},
    [1],
    None,
]


@pytest.mark.parametrize("lab", [name for name in LABS if name != "network"])
def test_links_to_a_lab_that_somebody_made(context: BrowserContext, guard: Guard, lab: str) -> None:
    guard.allow("422")
    context.add_init_script(LISTENER)
    # All of them in the first lab, what meets a lab's own code in the others.
    first = lab == next(name for name in LABS if name != "network")
    for link in LINKS if first else LINKS[2:4]:
        page = context.new_page()
        page.goto(f"{LABS[lab]}#lab={packed(link)}")
        # It says what is wrong, or shows the opening example.
        expect(page.locator(".banner, .ruler [data-tick]").first).to_be_attached()
        settled(page)
        clean(page)
        page.close()


@pytest.mark.parametrize(
    "fragment",
    [
        f"preset={IMAGE}",
        "recipe=AAAA",
        f"recipe={packed({'create': {'preset': IMAGE}, 'actions': []})}",
        f"recipe={packed({'create': {'__proto__': {'hacked': 1}}, 'actions': []})}",
        f"preset=xor-2-2-1&map={IMAGE}",
        "preset=xor-2-2-1&drawer=constructor",
        "preset=xor-2-2-1&notation=constructor.constructor",
        "recipe=" + packed("a" * 3_000_000),
    ],
    ids=lambda text: text[:30],
)
def test_links_that_somebody_made(page: Page, guard: Guard, fragment: str) -> None:
    guard.allow("422")
    page.add_init_script(LISTENER)
    page.goto(f"/#{fragment}")
    expect(page.locator(".ruler [data-tick]").first).to_be_attached()
    settled(page)
    clean(page)
