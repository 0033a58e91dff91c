"""Sessions under any sequence of calls, against a model that a reader can check: w ← w − η·(w·x − t)·x.

One weight, no bias, identity, ½·(y − t)², one sample. The model keeps the timeline as a tree of nodes in the
order in which they came to be; everything else is told by it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from starlette.testclient import TestClient

from tests.app.conftest import SESSIONS

BODY: dict[str, Any] = {
    "network": {
        "layers": [{"units": 1, "activation": "identity", "bias": {"mode": "absent"}}],
        "parameters": {"weights": [[[0.25]]]},
    },
    "training": {
        "loss": {"name": "squared_error", "coefficient": 0.5, "outputs": "sum", "batch": "sum"},
        "optimizer": {"name": "sgd", "parameters": {"learning_rate": 0.5}},
        "batch": {"mode": "full"},
    },
    "data": {"inputs": [[0.75]], "targets": [[0.5]]},
}
RATES = st.sampled_from([0.125, 0.5, 1.0])
WEIGHTS = st.sampled_from([-2.0, 0.25, 1.5])
SAMPLES = st.sampled_from([(0.75, 0.5), (-1.25, 2.0), (0.0, 1.0)])


@dataclass(frozen=True)
class State:
    """What decides the next update."""

    weight: float = 0.25
    rate: float = 0.5
    sample: tuple[float, float] = (0.75, 0.5)
    frozen: bool = False

    def after_a_step(self) -> State:
        """The state after one update."""
        x, t = self.sample
        weight = self.weight if self.frozen else self.weight - self.rate * (self.weight * x - t) * x
        return State(weight, self.rate, self.sample, self.frozen)


@dataclass
class Model:
    """A session as its address and the tree of what was done to it."""

    address: str
    states: list[State] = field(default_factory=lambda: [State()])
    steps: list[int] = field(default_factory=lambda: [0])
    parents: list[int | None] = field(default_factory=lambda: [None])
    # The child that a step without a change made, and the child that was visited last.
    stepped: dict[int, int] = field(default_factory=dict)
    visited: dict[int, int] = field(default_factory=dict)
    cursor: int = 0

    def append(self, state: State, is_step: bool) -> None:
        """A new node after the cursor, which moves there."""
        node = len(self.states)
        self.states.append(state)
        self.steps.append(self.steps[self.cursor] + is_step)
        self.parents.append(self.cursor)
        if is_step:
            self.stepped[self.cursor] = node
        self.move(node)

    def move(self, node: int) -> None:
        """Stand at a node; the way to it is the present branch."""
        self.cursor = node
        for parent, child in pairwise(self.way(node)):
            self.visited[parent] = child

    def step(self, count: int) -> None:
        """Follow recorded steps, then make new ones."""
        for _ in range(count):
            known = self.stepped.get(self.cursor)
            if known is None:
                self.append(self.states[self.cursor].after_a_step(), True)
            else:
                self.move(known)

    def edit(self, state: State) -> None:
        """Every change makes a node, one to the same value too."""
        self.append(state, False)

    def way(self, node: int) -> list[int]:
        """The nodes from the root to this one."""
        found = [node]
        while (parent := self.parents[found[-1]]) is not None:
            found.append(parent)
        return found[::-1]

    @property
    def branch(self) -> list[int]:
        """The present branch, from the root to its tip."""
        found = self.way(self.cursor)
        while found[-1] in self.visited:
            found.append(self.visited[found[-1]])
        return found

    @property
    def tips(self) -> int:
        """How many nodes have no child."""
        return len(set(range(len(self.states))) - set(self.parents))

    def copy(self, address: str, node: int) -> Model:
        """The past of a node alone."""
        way = self.way(node)
        made = Model(address)
        for before, here in pairwise(way):
            made.append(self.states[here], self.steps[here] > self.steps[before])
        return made


class Sessions(RuleBasedStateMachine):
    """Some sessions, and every call that changes one."""

    models = Bundle("models")
    client: TestClient

    def __init__(self) -> None:
        super().__init__()
        self.alive: list[Model] = []
        self.touched: Model | None = None

    def teardown(self) -> None:
        for model in self.alive:
            self.call("DELETE", model, "", expect=204)

    def call(self, method: str, model: Model, path: str = "", body: Any = None, expect: int = 200) -> Any:
        """The reply's document."""
        reply = self.client.request(method, model.address + path, json=body)
        assert reply.status_code == expect, reply.text
        self.touched = model
        return reply.json() if reply.content else None

    @rule(target=models)
    def create(self) -> Any:
        reply = self.client.post(SESSIONS, json=BODY)
        assert reply.status_code == 201
        self.alive.append(Model(f"{SESSIONS}/{reply.json()['id']}"))
        self.touched = self.alive[-1]
        return self.alive[-1]

    @rule(model=models, count=st.integers(1, 4), unit=st.sampled_from(["step", "epoch"]))
    def step(self, model: Model, count: int, unit: str) -> None:
        if model not in self.alive:
            self.call("POST", model, "/step", {"count": count}, expect=404)
            return
        # One sample: an epoch is a step.
        reply = self.call("POST", model, "/step", {"count": count, "unit": unit})
        assert reply["applied"] == count
        model.step(count)

    @rule(model=models, count=st.integers(1, 3), key=st.sampled_from(["a", "b"]))
    def step_again(self, model: Model, count: int, key: str) -> None:
        if model in self.alive:
            headers = {"idempotency-key": f"{key}{len(model.states)}-{model.cursor}"}
            address = f"{model.address}/step"
            first, second = (self.client.post(address, json={"count": count}, headers=headers) for _ in "12")
            assert first.json() == second.json()
            if first.json()["session"]["timeline"]["node"] != model.cursor:
                model.step(count)
            self.touched = model

    @rule(model=models, rate=RATES)
    def change_rate(self, model: Model, rate: float) -> None:
        if model in self.alive:
            patch = {"training": {"optimizer": {"parameters": {"learning_rate": rate}}}}
            self.call("PATCH", model, "", patch)
            here = model.states[model.cursor]
            model.edit(State(here.weight, rate, here.sample, here.frozen))

    @rule(model=models, weight=WEIGHTS)
    def set_weight(self, model: Model, weight: float) -> None:
        if model in self.alive:
            self.call("PATCH", model, "", {"parameters": [{"element": "w.1.0.0", "value": weight}]})
            here = model.states[model.cursor]
            model.edit(State(weight, here.rate, here.sample, here.frozen))

    @rule(model=models, frozen=st.booleans())
    def freeze(self, model: Model, frozen: bool) -> None:
        if model in self.alive:
            self.call("PATCH", model, "", {"parameters": [{"element": "w.1.0.0", "frozen": frozen}]})
            here = model.states[model.cursor]
            model.edit(State(here.weight, here.rate, here.sample, frozen))

    @rule(model=models, sample=SAMPLES)
    def replace_data(self, model: Model, sample: tuple[float, float]) -> None:
        if model in self.alive:
            self.call("PUT", model, "/data", {"inputs": [[sample[0]]], "targets": [[sample[1]]]})
            here = model.states[model.cursor]
            model.edit(State(here.weight, here.rate, sample, here.frozen))

    @rule(
        model=models, wrong=st.sampled_from([{"count": 0}, {"count": 1001}, {"surprise": 1}, {"count": "1"}])
    )
    def step_wrongly(self, model: Model, wrong: dict[str, Any]) -> None:
        if model in self.alive:
            self.call("POST", model, "/step", wrong, expect=422)

    @rule(model=models)
    def change_wrongly(self, model: Model) -> None:
        if model in self.alive:
            # All or nothing: the first part alone would be right.
            patch = {
                "training": {"optimizer": {"parameters": {"learning_rate": 0.75}}},
                "parameters": [{"element": "w.1.5.0", "value": 1.0}],
            }
            self.call("PATCH", model, "", patch, expect=422)

    @rule(model=models, by=st.sampled_from(["undo", "redo"]))
    def travel(self, model: Model, by: str) -> None:
        if model in self.alive:
            node = self.call("GET", model)["timeline"][by]
            if node is not None:
                self.call("POST", model, "/seek", {"node": node})
                model.move(node)

    @rule(model=models, node=st.integers(0, 40))
    def seek_node(self, model: Model, node: int) -> None:
        if model in self.alive:
            known = node < len(model.states)
            self.call("POST", model, "/seek", {"node": node}, expect=200 if known else 404)
            if known:
                model.move(node)

    @rule(model=models, step=st.integers(0, 20))
    def seek_step(self, model: Model, step: int) -> None:
        if model in self.alive:
            found = [node for node in model.branch if model.steps[node] == step]
            self.call("POST", model, "/seek", {"step": step}, expect=200 if found else 404)
            if found:
                model.move(found[-1])

    @rule(target=models, model=models, node=st.none() | st.integers(0, 20))
    def fork(self, model: Model, node: int | None) -> Any:
        if model not in self.alive or (node is not None and node >= len(model.states)) or len(self.alive) > 4:
            return multiple()
        body = {} if node is None else {"node": node}
        reply = self.call("POST", model, "/fork", body, expect=201)
        self.alive.append(model.copy(f"{SESSIONS}/{reply['id']}", model.cursor if node is None else node))
        self.touched = self.alive[-1]
        return self.alive[-1]

    @rule(model=models, epochs=st.integers(1, 4))
    def train(self, model: Model, epochs: int) -> None:
        if model in self.alive:
            self.call("POST", model, "/train", {"epochs": epochs}, expect=202)
            while self.call("GET", model)["status"] == "training":
                pass
            model.step(epochs)
            assert self.call("POST", model, "/pause")["run"]["reason"] == "epochs"

    @rule(model=models)
    def pause_what_does_not_train(self, model: Model) -> None:
        if model in self.alive:
            self.call("POST", model, "/pause")
            self.call("GET", model, "/train", expect=409)

    @rule(model=models)
    def export_and_import(self, model: Model) -> None:
        if model in self.alive:
            document = self.call("GET", model, "/export")
            reply = self.client.post(f"{SESSIONS}/import", json=document)
            assert (reply.status_code, reply.json()["parameters"]) == (201, "identical")
            self.client.delete(f"{SESSIONS}/{reply.json()['session']['id']}")

    @rule(model=models)
    def delete(self, model: Model) -> None:
        if model in self.alive:
            self.call("DELETE", model, "", expect=204)
            self.alive.remove(model)
        self.call("GET", model, "", expect=404)

    @invariant()
    def the_session_is_as_the_model_says(self) -> None:
        model = self.touched
        if model is None or model not in self.alive:
            return
        told = self.call("GET", model)
        here, timeline = model.states[model.cursor], told["timeline"]
        x, t = here.sample
        assert told["step"] == model.steps[model.cursor]
        assert told["parameters"]["weights"][0][0][0] == pytest.approx(here.weight, rel=1e-12, abs=1e-300)
        assert told["learning_rate"] == here.rate
        assert told["frozen"]["weights"][0][0][0] is here.frozen
        assert told["loss"] == pytest.approx(0.5 * (here.weight * x - t) ** 2, rel=1e-9, abs=1e-25)
        assert told["status"] in ("ready", "paused")
        assert timeline["node"] == model.cursor
        assert timeline["undo"] == model.parents[model.cursor]
        assert timeline["redo"] == model.visited.get(model.cursor)
        assert timeline["last_step"] == model.steps[model.branch[-1]]
        assert timeline["branches"] == model.tips


def test_sessions_do_what_a_simple_model_says(client: TestClient) -> None:
    class Machine(Sessions):
        pass

    Machine.client = client
    bounded = settings(
        max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Machine, settings=bounded)
