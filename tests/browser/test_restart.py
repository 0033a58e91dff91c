"""A page that is left open while its server is killed and started again."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Guard
from tests.browser.lab import Lab
from tests.browser.test_live import Training

Start = Callable[[], "subprocess.Popen[str]"]


def counted(iteration: int) -> str:
    """Return a number as the page counts."""
    return f"{iteration:,}".replace(",", "\u202f")


@pytest.fixture
def port() -> int:
    """A port that was free."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        found: int = taken.getsockname()[1]
        return found


@pytest.fixture
def start(port: int, tmp_path: Path) -> Iterator[Start]:
    """Starts a server on that port, always with the same data."""
    with ExitStack() as stack:

        def start() -> subprocess.Popen[str]:
            code = (
                "from app.cli import main;"
                f"main(['--no-browser', '--port', '{port}', '--data-dir', {str(tmp_path)!r}])"
            )
            process = stack.enter_context(
                subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
            )
            stack.callback(process.kill)
            assert process.stdout is not None
            assert process.stdout.readline() == f"Deltaboard is running at http://127.0.0.1:{port}\n"
            return process

        yield start


WORDS = {
    "en": ("connection is lost", "server was restarted", "No answer from the server"),
    "ko": ("연결이 끊", "서버가 다시 시작", "서버가 응답하지"),
}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_page_outlives_its_server(browser: Browser, port: int, start: Start, language: str) -> None:
    lost, restarted, silent = WORDS[language]
    guard = Guard(f"127.0.0.1:{port}")
    guard.allow("ERR_CONNECTION|ERR_INCOMPLETE|ERR_EMPTY|ERR_SOCKET|Failed to load|ERR_FAILED|network error")
    # A reply that was cut off; a part of the page that was on its way when the server was killed.
    guard.allow("ERR_CONTENT_LENGTH|Failed to fetch dynamically imported module")
    context = browser.new_context(base_url=f"http://127.0.0.1:{port}", locale="en-GB")
    guard.watch(context)
    server = start()
    page = context.new_page()
    lab = Lab(page).open(f"/?lang={language}#preset=xor-2-2-1")
    training = Training(page)
    page.reload()
    lab.ready()

    # Killed while it trains: the page finds the run paused at the step that was stored.
    training.begin(epochs=1_000_000)
    training.past(200)
    # What a reply has told is stored.
    told = training.state()["step"]
    server.kill()
    expect(training.banner).to_contain_text(lost)
    server = start()
    expect(training.told).to_contain_text(restarted)
    training.expect_at_rest()
    state = training.state()
    assert (state["run"]["reason"], state["step"] >= told) == ("interrupted", True)

    # Killed while nothing was under way: a step waits for the server and is made once.
    before = training.state()["step"]
    server.kill()
    server.wait()
    page.keyboard.press("End")
    page.keyboard.press("ArrowRight")
    banner = page.locator(".banner.err")
    expect(banner).to_contain_text(silent)
    server = start()
    expect(banner).to_have_count(0)
    expect(training.iteration).to_have_text(counted(before + 2))
    training.expect_at_rest()
    assert training.state()["step"] == before + 1
    # Undo leads back across both restarts.
    page.keyboard.press("Control+z")
    expect(training.iteration).to_have_text(counted(before + 1))
    page.keyboard.press("Control+z")
    expect(training.iteration).to_have_text("1")
    server.send_signal(signal.SIGTERM)
    context.close()
    assert not guard.unexpected()
