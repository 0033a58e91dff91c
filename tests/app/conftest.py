"""An application under test, called in this process, and one that listens on a real port."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from starlette.testclient import TestClient

from app.connections import connection
from app.main import create_app
from app.settings import Settings

START_SECONDS = 20
SESSIONS = "/api/v1/sessions"
# 2-2-2, sigmoid, no bias, half squared error, learning rate 0.5, one sample.
WORKED_EXAMPLE: dict[str, Any] = {
    "network": {
        "layers": [
            {"units": 2, "activation": "sigmoid", "bias": {"mode": "absent"}},
            {"units": 2, "activation": "sigmoid", "bias": {"mode": "absent"}},
        ],
        "parameters": {
            "weights": [[[0.3, 0.4], [0.25, 0.35]], [[0.45, 0.7], [0.4, 0.6]]],
            "biases": [None, None],
        },
    },
    "training": {
        "loss": {"name": "squared_error", "coefficient": 0.5, "outputs": "sum", "batch": "sum"},
        "optimizer": {"name": "sgd", "parameters": {"learning_rate": 0.5}},
        "batch": {"mode": "full"},
    },
    "data": {"inputs": [[0.1, 0.2]], "targets": [[0.4, 0.6]]},
}


@pytest.fixture(scope="session")
def client() -> Iterator[TestClient]:
    """An application with the default limits; an error inside it is a reply, as on a real server."""
    settings = Settings(allowed_hosts=("testserver",))
    with TestClient(create_app(settings), raise_server_exceptions=False) as made:
        yield made


@pytest.fixture
def make_client() -> Iterator[Callable[..., TestClient]]:
    """Make applications with other settings."""
    opened: list[TestClient] = []

    def make(**settings: Any) -> TestClient:
        app = create_app(Settings(allowed_hosts=("testserver",), **settings))
        made = TestClient(app, raise_server_exceptions=False)
        made.__enter__()
        opened.append(made)
        return made

    yield make
    for made in opened:
        made.__exit__(None, None, None)


@pytest.fixture
def create(client: TestClient) -> Callable[..., dict[str, Any]]:
    """Create a session and return it."""

    def make(**body: Any) -> dict[str, Any]:
        reply = client.post(SESSIONS, json=body)
        assert reply.status_code == 201, reply.text
        session: dict[str, Any] = reply.json()
        return session

    return make


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The address of a server in a thread of this process."""
    # With the protocol named, asyncio switches Nagle's algorithm off, which would hold each reply up 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        kind = connection(settings.request_seconds + 2.0)
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(settings), http=kind, ws="none", log_level="warning", timeout_graceful_shutdown=1
            )
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        deadline = time.monotonic() + START_SECONDS
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        assert server.started, "the server did not start; its log says why"
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(START_SECONDS)


@pytest.fixture(scope="session")
def live_url() -> Iterator[str]:
    """The address of a server with the default limits."""
    with served(Settings()) as url:
        yield url
