"""Find a browser for the tests, or say which one command installs it.

In this order: the one that BROWSER_PATH names, Playwright's own, a system Chromium, Chrome or Edge, and
at last Playwright's own again after an attempt to download it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

# The first is Chromium without a browser's windows: the tests take two thirds of the time with it.
COMMANDS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
)
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
# The one command that brings all the browser tests need, for each kind of system.
INSTALL = {
    "linux": "apt-get install chromium libatomic1 fonts-noto-cjk",
    "darwin": "brew install --cask google-chrome",
    "win32": "winget install Google.Chrome",
}
DOWNLOAD_SECONDS = 300


class NoBrowserError(Exception):
    """No browser was found; the message names the one command that installs one."""


def find_browser(
    own: Path,
    environment: Mapping[str, str],
    *,
    which: Callable[[str], str | None] = shutil.which,
    exists: Callable[[str], bool] = os.path.isfile,
    download: Callable[[], bool] | None = None,
) -> str:
    """The path of a browser; `own` is where Playwright's would be. Raises NoBrowserError."""
    if named := environment.get("BROWSER_PATH"):
        if exists(named):
            return named
        raise NoBrowserError(f"BROWSER_PATH names {named}, and no such file exists.")
    if exists(str(own)):
        return str(own)
    for command in COMMANDS:
        if path := which(command):
            return path
    for place in PLACES:
        if exists(place):
            return place
    if (download or download_browser)() and exists(str(own)):
        return str(own)
    raise NoBrowserError(no_browser(sys.platform))


def no_browser(platform: str) -> str:
    """What to type where no browser was found and none could be downloaded."""
    command = INSTALL.get(platform, INSTALL["linux"])
    return f"The browser tests need Chromium, Chrome or Edge. Install one: {command}"


def download_browser() -> bool:
    """Let Playwright download its own browser; whether that went well."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        return subprocess.run(command, timeout=DOWNLOAD_SECONDS, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False
