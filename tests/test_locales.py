"""The catalogues of messages: the same keys and placeholders in both languages, and nothing empty."""

import json
import re
from pathlib import Path

import pytest

from app.i18n import LANGUAGES, SERVER_AREAS, catalogue, choose, message, preferred

ROOT = Path(__file__).parents[1]
AREAS = sorted({path.stem for path in (ROOT / "app" / "locales").glob("*/*.json")})
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def area(language: str, name: str) -> dict[str, str]:
    path = ROOT / "app" / "locales" / language / f"{name}.json"
    messages: dict[str, str] = json.loads(path.read_text("utf-8"))
    return messages


@pytest.mark.parametrize("name", AREAS)
def test_same_keys_and_placeholders(name: str) -> None:
    english, korean = area("en", name), area("ko", name)
    assert english.keys() == korean.keys()
    for key in english:
        assert set(PLACEHOLDER.findall(english[key])) == set(PLACEHOLDER.findall(korean[key])), key


@pytest.mark.parametrize("name", AREAS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_empty_text(language: str, name: str) -> None:
    assert [key for key, text in area(language, name).items() if not text.strip()] == []


def test_every_key_that_the_page_names_exists() -> None:
    known = catalogue("en").keys()
    sources = [*(ROOT / "static" / "js").rglob("*.js"), *(ROOT / "templates").rglob("*.html")]
    named = {
        key
        for path in sources
        for key in re.findall(r"""\bt\(\s*["']([\w.-]+)["']""", path.read_text("utf-8"))
    }
    assert sorted(named - known) == []


def test_every_deed_that_can_be_undone_has_a_name() -> None:
    found = set()
    for path in (ROOT / "static" / "js").rglob("*.js"):
        text = path.read_text("utf-8")
        found |= set(re.findall(r'(?:deed: |drop\(|record\()"([A-Za-z]+)"', text))
    assert {"line", "setting", "iteration"} <= found
    for name in found:
        assert f"page.deed.{name}" in catalogue("en"), name


def test_the_page_names_nothing_that_only_the_server_says() -> None:
    areas = "|".join(SERVER_AREAS)
    scripts = (path.read_text("utf-8") for path in (ROOT / "static" / "js").rglob("*.js"))
    assert [found for text in scripts for found in re.findall(rf"""["'`](?:{areas})\.[\w.$]+""", text)] == []


def test_no_particle_is_glued_to_a_placeholder() -> None:
    # Whether 이 or 가 follows depends on the sound of what fills the placeholder.
    glued = re.compile(r"\}(?:이|가|은|는|을|를|와|과|으로|로)(?![가-힣])")
    assert [key for key, text in catalogue("ko").items() if glued.search(text)] == []


def test_language_choice() -> None:
    assert preferred("ko-KR,ko;q=0.9,en;q=0.8") == "ko"
    assert preferred("fr, en;q=0.3, ko;q=0.7") == "ko"
    assert preferred("fr") is None
    assert preferred("ko;q=0, en;q=0.1") == "en"
    assert preferred("ko;q=nonsense") == "ko"
    assert choose("lang=ko", "en") == "ko"
    assert choose("lang=xx", "en", "ko") == "ko"
    assert choose("", "") == "en"


def test_message_fills_placeholders_and_keeps_unknown_ones() -> None:
    assert (
        message("en", "problems.field.less_than", {"field": "units", "limit": 3})
        == "units must be less than 3."
    )
    assert "{limit}" in message("en", "problems.field.less_than", {"field": "units"})
