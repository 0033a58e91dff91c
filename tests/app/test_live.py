"""Training that goes on by itself, over a real connection."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from app.i18n import LANGUAGES
from tests.app.conftest import SESSIONS

XOR = {"preset": "xor-2-2-1"}
STREAM = {"accept": "text/event-stream"}
# Far more epochs than a test waits for.
ENDLESS = 10_000_000


class Live:
    """A session on a live server."""

    def __init__(self, url: str, **body: Any) -> None:
        self.client = httpx.Client(base_url=url, timeout=60)
        self.at = f"{SESSIONS}/{self.call('POST', SESSIONS, body or XOR)['id']}"

    def call(self, method: str, address: str, body: Any = None, expect: int | None = None) -> Any:
        reply = self.client.request(method, address, json=body)
        assert reply.status_code == expect if expect else reply.is_success, reply.text
        return reply.json() if reply.content else None

    def get(self) -> Any:
        return self.call("GET", self.at)

    def pause(self) -> Any:
        return self.call("POST", f"{self.at}/pause")

    @contextmanager
    def stream(
        self, body: Any = None, method: str = "POST", query: str = ""
    ) -> Iterator[Iterator[tuple[str, Any]]]:
        """Begin training (or watch it), and give the events as they come."""
        address = f"{self.at}/train{query}"
        with self.client.stream(method, address, json=body, headers=STREAM) as reply:
            if reply.status_code != 200:
                reply.read()
            assert reply.status_code == 200, reply.text
            assert reply.headers["content-type"].startswith("text/event-stream")
            yield events(reply)


def events(reply: httpx.Response) -> Iterator[tuple[str, Any]]:
    name = ""
    for line in reply.iter_lines():
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)


@pytest.fixture
def live(live_url: str) -> Iterator[Live]:
    made = Live(live_url)
    yield made
    made.client.delete(made.at)
    made.client.close()


def test_a_run_ends_after_its_epochs_with_the_bits_of_single_steps(live: Live, live_url: str) -> None:
    with live.stream({"epochs": 400, "frames_per_second": 60}) as stream:
        *frames, (name, end) = list(stream)
    assert (name, end["reason"], end["session"]["epoch"]) == ("end", "epochs", 400)
    assert end["session"]["status"] == "paused"
    assert all(name == "frame" for name, _ in frames)
    steps = [frame["step"] for _, frame in frames]
    assert steps == sorted(set(steps))
    alone = Live(live_url)
    for _ in range(2):
        reply = alone.call("POST", f"{alone.at}/step", {"count": 200, "unit": "epoch"})
    assert reply["session"]["parameters"] == end["session"]["parameters"]
    alone.client.close()


def test_frames_tell_what_a_page_shows(live: Live) -> None:
    body = {"epochs": ENDLESS, "boundary": {"resolution": 10}}
    with live.stream(body) as stream:
        name, frame = next(stream)
        later = next(stream)[1]
    assert name == "frame"
    assert later["step"] > frame["step"]
    assert [one["step"] > frame["step"] for one in later["losses"]] == [True] * len(later["losses"])
    assert 1 <= len(later["losses"]) <= 64
    assert 0 <= frame["progress"] <= 1
    assert (frame["losses"], frame["epochs_per_second"]) == ([], None), "the first frame is that of the start"
    assert later["epochs_per_second"] > 0
    assert frame["boundary"]["resolution"] == 10
    assert len(frame["parameters"]["weights"]) == 2
    live.pause()


def test_a_broken_stream_loses_no_step_and_can_be_taken_up_again(live: Live, live_url: str) -> None:
    for _ in range(3):
        with live.stream({"epochs": ENDLESS}) as stream:
            seen = next(stream)[1]["step"]
        assert live.get()["status"] == "training"
        with live.stream(method="GET", query="?resolution=8") as stream:
            frame = next(stream)[1]
            assert frame["step"] >= seen
            assert frame["boundary"] is not None
        stopped = live.pause()
        assert stopped["status"] == "paused"
        assert live.get()["step"] == stopped["step"]
    alone = Live(live_url)
    left = stopped["step"]
    while left:
        reply = alone.call("POST", f"{alone.at}/step", {"count": min(left, 1000)})
        left -= reply["applied"]
    assert reply["session"]["parameters"] == stopped["parameters"]
    alone.client.close()


def test_pausing_tells_every_reader(live: Live) -> None:
    with live.stream({"epochs": ENDLESS}) as first, live.stream(method="GET") as second:
        next(first)
        next(second)
        state = live.pause()
        ends = [list(stream)[-1] for stream in (first, second)]
    for name, end in ends:
        assert (name, end["reason"], end["session"]["step"]) == ("end", "paused", state["step"])
    assert live.pause()["step"] == state["step"], "a pause of what does not train changes nothing"


def test_without_a_stream_the_session_is_asked(live: Live) -> None:
    reply = live.call("POST", f"{live.at}/train", {"stop_at_loss": 0.4, "epochs": 100_000}, expect=202)
    assert reply["run"]["to_epoch"] == 100_000
    while (state := live.get())["status"] == "training":
        assert state["run"]["reason"] is None
    assert state["run"]["reason"] == "loss"
    assert state["loss"] < 0.4


def test_a_pace_is_kept_and_can_be_changed(live: Live) -> None:
    with live.stream({"steps_per_second": 50}) as stream:
        first = next(stream)[1]
        second = next(stream)[1]
        assert second["step"] - first["step"] <= 50
        state = live.call("PATCH", f"{live.at}/train", {"steps_per_second": None})
        assert state["run"]["steps_per_second"] is None
        fast = [next(stream)[1]["step"] for _ in range(5)]
    assert fast[-1] - fast[0] > 50
    live.pause()


def test_what_does_not_go_with_training(live: Live) -> None:
    live.call("POST", f"{live.at}/train", {}, expect=202)
    for method, path, body in (
        ("POST", "/step", {}),
        ("POST", "/seek", {"step": 0}),
        ("POST", "/train", {}),
        ("PUT", "/data", {"name": "and"}),
    ):
        problem = live.call(method, live.at + path, body, expect=409)
        assert problem["type"].endswith("/training")
    # Settings act at a step that is recorded.
    changed = live.call(
        "PATCH", live.at, {"training": {"optimizer": {"parameters": {"learning_rate": 0.01}}}}
    )
    assert changed["status"] == "training"
    assert changed["training"]["optimizer"]["parameters"]["learning_rate"] == 0.01
    live.pause()
    problem = live.call("GET", f"{live.at}/train", expect=409)
    assert problem["type"].endswith("/not-training")
    assert live.call("PATCH", f"{live.at}/train", {"steps_per_second": 1}, expect=409)


def test_a_deleted_session_ends_its_streams(live: Live) -> None:
    with live.stream({}) as stream:
        next(stream)
        live.call("DELETE", live.at, expect=204)
        assert list(stream)[-1][1]["reason"] == "paused"
    assert live.call("GET", live.at, expect=404)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"epochs": 0}, "/epochs"),
        ({"epochs": 10_000_001}, "/epochs"),
        ({"steps_per_second": 0}, "/steps_per_second"),
        ({"frames_per_second": 61}, "/frames_per_second"),
        ({"stop_at_accuracy": 1.1}, "/stop_at_accuracy"),
        ({"patience": {"epochs": 0}}, "/patience/epochs"),
        ({"boundary": {"resolution": 101}}, "/boundary/resolution"),
        ({"boundary": {"element": "a.9.9"}}, "/boundary/element"),
        ({"boundary": {"element": "classes"}}, "/boundary/element"),
        ({"forever": True}, "/forever"),
    ],
)
def test_what_cannot_be_asked_for(client: TestClient, body: Any, pointer: str) -> None:
    session = client.post(SESSIONS, json=XOR).json()
    reply = client.post(f"{SESSIONS}/{session['id']}/train", json=body)
    assert reply.status_code == 422, reply.text
    assert [error["pointer"] for error in reply.json()["errors"]] == [pointer]
    assert client.get(f"{SESSIONS}/{session['id']}").json()["status"] == "ready"


def test_limits_are_settings(make_client: Any) -> None:
    client = make_client(
        max_run_epochs=5, max_steps_per_second=10, max_frames_per_second=2, max_frame_resolution=9
    )
    at = f"{SESSIONS}/{client.post(SESSIONS, json=XOR).json()['id']}"
    for body, pointer, limit in (
        ({"epochs": 6}, "/epochs", "5"),
        ({"steps_per_second": 10.5}, "/steps_per_second", "10"),
        ({"frames_per_second": 2.5}, "/frames_per_second", "2"),
        ({"boundary": {"resolution": 10}}, "/boundary/resolution", "9"),
    ):
        for language in LANGUAGES:
            reply = client.post(f"{at}/train?lang={language}", json=body)
            assert reply.status_code == 422, reply.text
            [error] = reply.json()["errors"]
            assert error["pointer"] == pointer
            assert limit in error["detail"]
            assert "{" not in error["detail"]
    assert client.get(f"{at}/train?resolution=10").json()["errors"][0]["pointer"] == "/resolution"
    assert client.patch(f"{at}/train", json={"steps_per_second": 11}).status_code == 422


def test_a_pace_of_ages_holds_up_nobody(live: Live) -> None:
    live.call("POST", f"{live.at}/train", {"steps_per_second": 1e-300}, expect=202)
    while live.get()["step"] < 1:
        pass
    assert live.get()["status"] == "training"
    assert live.call("PATCH", f"{live.at}/train", {"steps_per_second": None})["status"] == "training"
    while live.get()["step"] < 100:
        pass
    live.pause()


def test_the_present_is_not_forked_while_training_but_the_past_is(live: Live) -> None:
    live.call("POST", f"{live.at}/train", {}, expect=202)
    while live.get()["step"] < 10:
        pass
    assert live.call("POST", f"{live.at}/fork", {}, expect=409)["type"].endswith("/training")
    forked = live.call("POST", f"{live.at}/fork", {"step": 7}, expect=201)
    assert (forked["step"], forked["status"], forked["run"]) == (7, "paused", None)
    live.client.delete(f"{SESSIONS}/{forked['id']}")
    live.pause()
