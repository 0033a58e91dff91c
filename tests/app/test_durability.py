"""What was acknowledged is there after a restart; what could not be stored was not done."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.storage.sqlite import NAME
from tests.app.conftest import SESSIONS

XOR = {"preset": "xor-2-2-1"}
SLOWER = {"training": {"optimizer": {"parameters": {"learning_rate": 0.01}}}}
ROWS = {"inputs": [[0.5, 1.0], [0.25, 0.0], [1.0, 1.0]], "targets": [[1.0], [0.0], [1.0]]}


@contextmanager
def served(directory: Path | str, **settings: Any) -> Iterator[TestClient]:
    """An application that keeps its sessions in this directory."""
    app = create_app(Settings(allowed_hosts=("testserver",), data_dir=str(directory), **settings))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def call(client: TestClient, method: str, address: str, body: Any = None, **headers: str) -> Any:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    reply = client.request(method, address, json=body, headers=names)
    assert reply.is_success, reply.text
    return reply.json() if reply.content else None


def everything(client: TestClient, at: str) -> Any:
    """Every reading of a session that its past decides."""
    parts = ("", "/history", "/curve", "/metrics", "/trace", "/microsteps", "/export")
    return [call(client, "GET", f"{at}{part}") for part in parts]


def test_a_session_is_the_same_after_a_restart(tmp_path: Path) -> None:
    with served(tmp_path) as client:
        at = f"{SESSIONS}/{call(client, 'POST', SESSIONS, XOR)['id']}"
        call(client, "POST", f"{at}/step", {"count": 700})
        call(client, "PATCH", at, {**SLOWER, "label": "mine"})
        call(client, "POST", f"{at}/step", {"count": 30})
        call(client, "POST", f"{at}/seek", {"step": 350})
        call(client, "PATCH", at, {"parameters": [{"element": "w.1.0.0", "value": 0.125, "frozen": True}]})
        call(client, "PUT", f"{at}/data", ROWS)
        call(client, "POST", f"{at}/step", {"count": 3, "unit": "epoch"})
        gone = call(client, "POST", SESSIONS, {})["id"]
        call(client, "DELETE", f"{SESSIONS}/{gone}")
        fork = f"{SESSIONS}/{call(client, 'POST', f'{at}/fork', {'step': 100, **SLOWER})['id']}"
        runs = call(client, "POST", f"{at}/experiments", {"optimizers": True})["runs"][1:]
        before = everything(client, at), everything(client, fork)
    with served(tmp_path) as client:
        assert (everything(client, at), everything(client, fork)) == before
        assert client.get(f"{SESSIONS}/{gone}").status_code == 404
        compared = call(client, "GET", f"{at}/comparison?with={','.join(run['id'] for run in runs)}")
        assert compared["runs"][1:] == runs
        # Both go on as one that was never interrupted.
        after = call(client, "POST", f"{at}/step", {"count": 200})["session"]
        again = call(client, "POST", f"{SESSIONS}/import", before[0][-1])["session"]
        alone = call(client, "POST", f"{SESSIONS}/{again['id']}/step", {"count": 200})["session"]
        assert alone["parameters"] == after["parameters"]
    with served(tmp_path) as client:
        assert call(client, "GET", at) == after


def test_a_retry_after_a_restart_gets_the_first_reply(tmp_path: Path) -> None:
    steps = [{"count": 5}, {"count": 3, "trace": True}, {"count": 1}]
    with served(tmp_path, idempotency_keys_kept=3) as client:
        at = f"{SESSIONS}/{call(client, 'POST', SESSIONS, XOR)['id']}"
        first = [
            call(client, "POST", f"{at}/step", body, idempotency_key=f"key {k}")
            for k, body in enumerate(steps)
        ]
    with served(tmp_path, idempotency_keys_kept=3) as client:
        again = [
            call(client, "POST", f"{at}/step", body, idempotency_key=f"key {k}")
            for k, body in enumerate(steps)
        ]
        assert again[-1] == first[-1]
        for one, other in zip(first, again, strict=True):
            # The session has gone on since; what the call itself did is told as it was.
            for reply in (one, other):
                reply["session"].pop("timeline")
            assert other == one
        assert call(client, "GET", at)["step"] == 9
        # The three last keys are known, older ones count anew.
        call(client, "POST", f"{at}/step", {"count": 1}, idempotency_key="key 3")
    with served(tmp_path, idempotency_keys_kept=3) as client:
        call(client, "POST", f"{at}/step", {"count": 1}, idempotency_key="key 1")
        assert call(client, "GET", at)["step"] == 10
        call(client, "POST", f"{at}/step", {"count": 1}, idempotency_key="key 0")
        assert call(client, "GET", at)["step"] == 11


def test_training_comes_back_paused_where_it_stood(tmp_path: Path) -> None:
    with served(tmp_path) as client:
        at = f"{SESSIONS}/{call(client, 'POST', SESSIONS, XOR)['id']}"
        call(client, "POST", f"{at}/train", {"epochs": 10_000_000})
        while call(client, "GET", at)["step"] < 2000:
            pass
        # The server ends in the middle of it.
    with served(tmp_path) as client:
        session = call(client, "GET", at)
        run = session["run"]
        assert (session["status"], run["reason"]) == ("paused", "paused")
        assert run["to_epoch"] == 10_000_000
        assert session["step"] >= 2000
        # Bit for bit what single calls lead to.
        alone = f"{SESSIONS}/{call(client, 'POST', SESSIONS, XOR)['id']}"
        left = session["step"]
        while left:
            left -= call(client, "POST", f"{alone}/step", {"count": min(left, 1000)})["applied"]
        assert call(client, "GET", alone)["parameters"] == session["parameters"]
        call(client, "POST", f"{at}/train", {"epochs": 1})


def test_only_those_used_last_are_in_memory(tmp_path: Path) -> None:
    with served(tmp_path, max_live_sessions=2, max_sessions=6) as client:
        ids = [call(client, "POST", SESSIONS, XOR)["id"] for _ in range(5)]
        for count in range(1, 4):
            for number, id in enumerate(ids):
                step = call(client, "POST", f"{SESSIONS}/{id}/step", {"count": number + 1})
                assert step["session"]["step"] == count * (number + 1)
        store = client.app.state.services.store  # type: ignore[attr-defined]
        assert (len(store), len(store.live)) == (5, 2)
        # One that trains stays.
        call(client, "POST", f"{SESSIONS}/{ids[0]}/train", {"epochs": 10_000_000})
        for id in ids[1:]:
            call(client, "GET", f"{SESSIONS}/{id}")
        assert call(client, "GET", f"{SESSIONS}/{ids[0]}")["status"] == "training"
        call(client, "POST", f"{SESSIONS}/{ids[1]}/train", {"epochs": 10_000_000})
        full = client.post(SESSIONS, json={})
        assert (full.status_code, full.json()["type"]) == (503, "/problems/sessions-full")
        assert call(client, "GET", f"{SESSIONS}/{ids[4]}")["step"] == 15


def test_sessions_in_memory_take_no_more_than_they_may_with_what_steps_need(tmp_path: Path) -> None:
    wide = {
        "network": {"layers": [{"units": 64, "activation": "tanh"}] * 3 + [{"units": 1}]},
        "preset": "moons",
    }
    with served(tmp_path, max_live_bytes=6_000_000) as client:
        store = client.app.state.services.store  # type: ignore[attr-defined]
        ids = [call(client, "POST", SESSIONS, wide)["id"] for _ in range(6)]
        for number, id in enumerate([*ids, *ids]):
            step = call(client, "POST", f"{SESSIONS}/{id}/step", {"count": 1})
            assert step["session"]["step"] == 1 + number // len(ids)
            kept = [handle.session.kept_bytes for handle in store.live]
            assert sum(kept) <= 6_000_000
            assert len(kept) >= 1
        assert kept[-1] > 1_500_000


@pytest.mark.parametrize("language", ["en", "ko"])
def test_without_room_nothing_is_acknowledged_and_nothing_lost(tmp_path: Path, language: str) -> None:
    with served(tmp_path, max_store_bytes=200_000) as client:
        at = f"{SESSIONS}/{call(client, 'POST', SESSIONS, XOR)['id']}"
        call(client, "POST", f"{at}/step", {"count": 5})
        others = []
        while (made := client.post(SESSIONS, json=XOR, headers={"accept-language": language})).is_success:
            others.append(made.json()["id"])
        assert (made.status_code, made.json()["type"]) == (507, "/problems/storage-full")
        assert "DELTABOARD_MAX_STORE_BYTES" in made.json()["detail"]
        # The log's pages are used up too.
        while (step := client.post(f"{at}/step", json={"count": 1})).is_success:
            known = step.json()["session"]
        assert step.status_code == 507
        assert client.get("/readyz").text == "not ready: storage-full"
        assert call(client, "GET", at) == known
        refused = client.patch(at, json=SLOWER | {"label": "x" * 60})
        assert refused.status_code == 507
        assert call(client, "GET", at) == known
        assert client.post(f"{at}/train", json={"epochs": 10_000_000}).status_code == 507
        run = call(client, "GET", at)["run"]
        assert (run["reason"], run["error"]) == ("error", "storage-full")
        for other in others:
            call(client, "DELETE", f"{SESSIONS}/{other}")
        step_on = call(client, "POST", f"{at}/step", {"count": 1})
        assert step_on["session"]["step"] == known["step"] + 1
        assert client.get("/readyz").text == "ready"
    with served(tmp_path) as client:
        assert call(client, "GET", at)["parameters"] == step_on["session"]["parameters"]


def test_a_call_that_is_cut_off_has_not_been(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(tmp_path, quantum_operations=1) as client:
        at = f"{SESSIONS}/{call(client, 'POST', SESSIONS, XOR)['id']}"
        before = call(client, "POST", f"{at}/step", {"count": 3})["session"]
        turns = 0

        def fail(*arguments: Any) -> int:
            nonlocal turns
            turns += 1
            if turns > 5:
                raise RuntimeError
            return 1

        with monkeypatch.context() as patch:
            patch.setattr("app.stepping.work_of_update", fail)
            assert client.post(f"{at}/step", json={"count": 10}).status_code == 500
        assert turns == 6
        assert call(client, "GET", at) == before
    with served(tmp_path) as client:
        assert call(client, "GET", at) == before


def test_a_damaged_session_is_told_and_others_go_on(tmp_path: Path) -> None:
    with served(tmp_path) as client:
        ids = [call(client, "POST", SESSIONS, XOR)["id"] for _ in range(3)]
        call(client, "POST", f"{SESSIONS}/{ids[0]}/step", {"count": 1})
    with sqlite3.connect(tmp_path / NAME) as database:
        database.execute("UPDATE entries SET entry = x'0011' WHERE session = ?", (ids[0],))
        database.execute("UPDATE sessions SET image = substr(image, 1, 300) WHERE id = ?", (ids[1],))
    database.close()
    with served(tmp_path) as client:
        for id in ids[:2]:
            for reply in (client.get(f"{SESSIONS}/{id}"), client.post(f"{SESSIONS}/{id}/step", json={})):
                assert (reply.status_code, reply.json()["type"]) == (500, "/problems/session-unreadable")
        assert call(client, "GET", f"{SESSIONS}/{ids[2]}")["step"] == 0
        call(client, "DELETE", f"{SESSIONS}/{ids[0]}")
        assert client.get(f"{SESSIONS}/{ids[0]}").status_code == 404


def test_long_histories_take_bounded_room(tmp_path: Path) -> None:
    with served(tmp_path) as client:
        at = f"{SESSIONS}/{call(client, 'POST', SESSIONS, XOR)['id']}"
        for _ in range(30):
            call(client, "POST", f"{at}/step", {"count": 1000})
        for node in range(400):
            call(client, "POST", f"{at}/seek", {"node": 70 * node})
        before = everything(client, at)
    with sqlite3.connect(tmp_path / NAME) as database:
        [(image, entries)] = database.execute(
            "SELECT length(image), (SELECT total(length(entry)) FROM entries) FROM sessions"
        )
    database.close()
    assert image < 600_000
    assert entries <= max(image, 65_536)
    with served(tmp_path) as client:
        assert everything(client, at) == before


def test_idle_sessions_are_forgotten_on_the_disk_too(tmp_path: Path) -> None:
    with served(tmp_path) as client:
        old = call(client, "POST", SESSIONS, XOR)["id"]
    with sqlite3.connect(tmp_path / NAME) as database:
        database.execute("UPDATE sessions SET used = used - 90000")
    database.close()
    with served(tmp_path) as client:
        assert client.get(f"{SESSIONS}/{old}").status_code == 404
        call(client, "POST", SESSIONS, XOR)
    with sqlite3.connect(tmp_path / NAME) as database:
        assert database.execute("SELECT count(*) FROM sessions WHERE id = ?", (old,)).fetchone() == (0,)
    database.close()


def test_sessions_in_memory_end_with_the_server() -> None:
    with served(":memory:") as client:
        at = f"{SESSIONS}/{call(client, 'POST', SESSIONS, XOR)['id']}"
        call(client, "POST", f"{at}/step", {"count": 5})
    with served(":memory:") as client:
        assert client.get(at).status_code == 404
