"""The server as a whole: its store, its description, and one that really listens."""

import json
import re
import urllib.request
from collections.abc import Callable
from pathlib import Path

from starlette.testclient import TestClient

from app.settings import Settings
from app.store import Limits, SessionStore
from core.session import Session
from tests.app.conftest import SESSIONS


def test_the_store_is_limited(make_client: Callable[..., TestClient]) -> None:
    client = make_client(max_sessions=2)
    ids = [client.post(SESSIONS, json={}).json()["id"] for _ in range(2)]
    full = client.post(SESSIONS, json={})
    assert full.status_code == 503
    assert int(full.headers["retry-after"]) > 0
    client.delete(f"{SESSIONS}/{ids[0]}")
    assert client.post(SESSIONS, json={}).status_code == 201


def test_idle_sessions_are_forgotten() -> None:
    now, forgotten = 0.0, []
    store = SessionStore(Limits(sessions=1, kept_seconds=10), forget=forgotten.append, clock=lambda: now)
    session = object.__new__(Session)
    first = store.create(session)
    now = 9.0
    assert store.get(first.id) is first
    now = 20.0
    second = store.create(session)
    assert (len(store), second.id != first.id) == (1, True)
    assert forgotten == [first.id]


def test_openapi_describes_errors(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    assert "HTTPValidationError" not in document["components"]["schemas"]
    step = document["paths"]["/api/v1/sessions/{id}/step"]["post"]["responses"]
    assert {"200", "400", "404", "409", "413", "415", "422", "503"} <= step.keys()
    assert step["422"]["content"].keys() == {"application/problem+json"}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation["tags"], (path, method)
            success = next(code for code in operation["responses"] if code.startswith("2"))
            content = operation["responses"][success].get("content", {})
            # A stream and an exported file have no model.
            if success != "204" and not {"text/event-stream", "text/csv"} & content.keys():
                assert "$ref" in operation["responses"][success]["content"]["application/json"]["schema"]


def test_a_live_server(live_url: str) -> None:
    request = urllib.request.Request(f"{live_url}{SESSIONS}", b"{}", {"content-type": "application/json"})
    with urllib.request.urlopen(request) as reply:
        assert reply.status == 201
        assert json.load(reply)["step"] == 0


def test_the_table_of_settings_is_the_code_s() -> None:
    text = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")
    rows = re.findall(r"^\| `DELTABOARD_(\w+)` \| (.*?) \| .+ \|$", text, re.MULTILINE)
    documented = {name.lower(): default for name, default in rows}
    assert len(documented) == len(rows), "a setting stands there twice"
    assert documented == {name: written(field.default) for name, field in Settings.model_fields.items()}


def written(default: object) -> str:
    """Return a default as one writes it into the environment."""
    if isinstance(default, tuple):
        return ",".join(default)
    if isinstance(default, float):
        return f"{default:.10g}"
    return "none" if default is None else str(default).lower() if isinstance(default, bool) else str(default)
