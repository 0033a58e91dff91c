"""A browser, a live server, and a page that fails its test on any error or request elsewhere."""

from __future__ import annotations

import os
import re
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from app.main import create_app
from app.settings import Settings
from tests.browser.finder import NoBrowserError, find_browser, no_browser

# Chromium is to talk to the tested server alone, not to its maker's.
ARGUMENTS = [
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START_SECONDS = 20

# A busy machine is no fault of the page: what is expected may come late, not never.
expect.set_options(timeout=20_000)


@dataclass
class Guard:
    """What went wrong in a page; a test that provokes an error allows its message."""

    host: str
    problems: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    def allow(self, pattern: str) -> None:
        """Let problems pass that contain this regular expression."""
        self.allowed.append(pattern)

    def watch(self, context: BrowserContext) -> None:
        """Note every error, failed request and request to another host in this context's pages."""
        context.on("console", lambda m: self._note(f"console: {m.text}") if m.type == "error" else None)
        context.on("weberror", lambda e: self._note(f"uncaught: {e.error}"))
        context.on("request", lambda r: self._check_host(r.url))
        # An aborted request was given up by the page itself: a stream that is closed, a page that is left.
        context.on(
            "requestfailed",
            lambda r: None if r.failure == "net::ERR_ABORTED" else self._note(f"failed: {r.url} {r.failure}"),
        )

    def unexpected(self) -> list[str]:
        """The problems that no pattern allows."""
        return [p for p in self.problems if not any(re.search(pattern, p) for pattern in self.allowed)]

    def _note(self, problem: str) -> None:
        self.problems.append(problem)

    def _check_host(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc != self.host:
            self._note(f"request to another host: {url}")


# Playwright's loop runs in the main thread while it lives, where asyncio.run then refuses to start another:
# so it ends with this package, before other tests.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright's driver."""
    try:
        driver = sync_playwright().start()
    # On a Linux that lacks libatomic1 the driver cannot start, which Playwright tells as a bare Exception.
    except Exception as error:
        pytest.fail(f"{error}\n{no_browser(sys.platform)}", pytrace=False)
    yield driver
    driver.stop()


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A headless Chromium."""
    try:
        path = find_browser(Path(playwright.chromium.executable_path), os.environ)
    except NoBrowserError as error:
        pytest.fail(str(error), pytrace=False)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    started = playwright.chromium.launch(
        executable_path=path, args=[*ARGUMENTS, "--no-sandbox"] if root else ARGUMENTS
    )
    yield started
    started.close()


@contextmanager
def serving(**settings: object) -> Iterator[str]:
    """The address of a live server with these settings, in a thread of this process."""
    # The protocol is named so that asyncio turns Nagle's delay off.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        port = listener.getsockname()[1]
        app = create_app(Settings().model_copy(update={"host": "127.0.0.1", "port": port, **settings}))
        server = uvicorn.Server(
            uvicorn.Config(app, http="h11", log_level="warning", timeout_graceful_shutdown=1)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="server")
        thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        if not server.started:
            server.should_exit = True
            pytest.fail("the server did not start; its log says why")
        yield f"http://127.0.0.1:{port}"
        server.should_exit = True
        thread.join(START_SECONDS)
        assert not thread.is_alive(), "the server did not stop"


@pytest.fixture(scope="package")
def base_url() -> Iterator[str]:
    """The address of a live server."""
    with serving() as address:
        yield address


@pytest.fixture
def guard(base_url: str) -> Guard:
    """What watches over this test's pages."""
    return Guard(urlsplit(base_url).netloc)


@pytest.fixture
def context(browser: Browser, base_url: str, guard: Guard) -> Iterator[BrowserContext]:
    """A fresh browser profile whose addresses start at the live server's; it may not go wrong."""
    made = browser.new_context(base_url=base_url, locale="en-GB")
    guard.watch(made)
    yield made
    made.close()
    problems = guard.unexpected()
    if problems:
        pytest.fail("the page went wrong:\n" + "\n".join(problems), pytrace=False)


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page in it."""
    return context.new_page()
