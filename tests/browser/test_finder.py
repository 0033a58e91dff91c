"""The search for a browser: its order, and what it says when it finds none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.finder import COMMANDS, NoBrowserError, find_browser, no_browser

OWN = Path("/playwright/chrome")


def find(files: set[str], commands: dict[str, str], *, named: str = "", downloads: bool = False) -> str:
    """Search on a made-up machine; a download puts Playwright's own browser there."""

    def download() -> bool:
        if downloads:
            files.add(str(OWN))
        return downloads

    environment = {"BROWSER_PATH": named} if named else {}
    return find_browser(OWN, environment, which=commands.get, exists=files.__contains__, download=download)


def test_the_named_browser_goes_before_all_others() -> None:
    assert find({"/mine", str(OWN)}, {"chromium": "/usr/chromium"}, named="/mine") == "/mine"


def test_a_named_browser_that_is_not_there_is_an_error() -> None:
    with pytest.raises(NoBrowserError, match="BROWSER_PATH names /gone"):
        find({str(OWN)}, {}, named="/gone")


def test_playwrights_own_goes_before_the_systems() -> None:
    assert find({str(OWN)}, {"chromium": "/usr/chromium"}) == str(OWN)


def test_the_systems_are_tried_in_order() -> None:
    installed = {name: f"/usr/{name}" for name in COMMANDS}
    for name in COMMANDS:
        assert find(set(), installed) == f"/usr/{name}"
        del installed[name]


def test_a_browser_off_the_path_is_found() -> None:
    chrome = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    assert find({chrome}, {}) == chrome


def test_one_is_downloaded_only_where_none_is_found() -> None:
    assert find(set(), {}, downloads=True) == str(OWN)
    assert find(set(), {"chromium": "/usr/chromium"}, downloads=True) == "/usr/chromium"


def test_the_failure_names_one_command() -> None:
    with pytest.raises(NoBrowserError, match="Install one: "):
        find(set(), {})
    assert no_browser("linux").endswith("Install one: apt-get install chromium libatomic1 fonts-noto-cjk")
    assert no_browser("win32").endswith("Install one: winget install Google.Chrome")
