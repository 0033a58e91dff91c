"""The session: restoring, branching, edits, recipes, divergence, limits."""

import json
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.errors import ConflictError, DivergedError, InvalidInputError, NotRecordedError, UnknownNameError
from core.network import (
    BatchSpec,
    BiasSpec,
    DataSet,
    LayerSpec,
    LossSpec,
    NetworkSpec,
    OptimizerSpec,
    Parameters,
    TrainingSpec,
)
from core.optimizers import OPTIMIZERS
from core.session import DataChoice, Edit, InitializerSpec, ParameterEdit, Session, SessionSpec
from core.session.shell import MAXIMUM_DATA_BYTES
from core.training import Snapshot, Trainer

HALF = LossSpec("squared_error", 0.5, "sum", "sum")


def network(*units: int, inputs: int = 2, activation: str = "sigmoid") -> NetworkSpec:
    return NetworkSpec(inputs, tuple(LayerSpec(n, activation) for n in units))


def training(
    optimizer: str = "sgd", mode: str = "one", order: str = "stored", size: int = 1, **parameters: float
) -> TrainingSpec:
    batch = BatchSpec(mode, size, order)  # type: ignore[arg-type]
    return TrainingSpec(HALF, OptimizerSpec(optimizer, parameters), batch)


def spec(how: TrainingSpec | None = None, **changes: Any) -> SessionSpec:
    base = SessionSpec(network(2, 1), how or training(), DataChoice("xor"), seed=3)
    return replace(base, **changes)


def diverging(rate: float = 1e6) -> Session:
    data = DataSet(np.array([[1.0, 2.0]]), np.array([[3.0]]))
    how = training(mode="full", learning_rate=rate)
    return Session.create(spec(how, network=network(2, 1, activation="identity"), data=data))


def bits(snapshot: Snapshot) -> tuple[Any, ...]:
    return (
        snapshot.vector.tobytes(),
        {name: values.tobytes() for name, values in snapshot.optimizer_state.items()},
        snapshot.optimizer_count,
        json.dumps(snapshot.generator_state, default=repr, sort_keys=True),
        snapshot.step,
        snapshot.epoch,
        snapshot.position,
        snapshot.order.tolist(),
    )


def look(session: Session) -> tuple[Any, ...]:
    problem = session.problem
    return (
        bits(session.snapshot),
        problem.training,
        problem.data.inputs.tobytes(),
        problem.data.targets.tobytes(),
        problem.frozen.tolist(),
        session.loss,
        session.step_count,
        session.next_batch(),
    )


def replayed(recipe: dict[str, Any]) -> Session:
    """Follow a recipe as the API does, from its JSON."""
    recipe = json.loads(json.dumps(recipe))
    create = recipe["create"]
    layers = [
        LayerSpec(**{**layer, "bias": BiasSpec(**layer["bias"])}) for layer in create["network"]["layers"]
    ]

    def how(body: dict[str, Any]) -> TrainingSpec:
        return TrainingSpec(
            LossSpec(**body["loss"]), OptimizerSpec(**body["optimizer"]), BatchSpec(**body["batch"])
        )

    def data(body: dict[str, Any]) -> DataSet | DataChoice:
        if "name" in body:
            return DataChoice(body["name"], body["parameters"])
        return DataSet(np.array(body["inputs"]), np.array(body["targets"]), tuple(body.get("order", ())))

    rows = data(create["data"])
    shape = NetworkSpec(rows.inputs.shape[1] if isinstance(rows, DataSet) else 2, tuple(layers))
    initial = None
    if "parameters" in create["network"]:
        given = Parameters(shape, np.zeros(shape.parameter_count))
        for index, weights in enumerate(create["network"]["parameters"]["weights"], start=1):
            given.weights(index)[:] = weights
            bias = given.bias(index)
            if bias is not None:
                bias[:] = create["network"]["parameters"]["biases"][index - 1]
        initial = given.vector
    session = Session.create(
        SessionSpec(
            shape,
            how(create["training"]),
            rows,
            create["seed"],
            InitializerSpec(**create["network"]["initializer"]),
            initial,
            create.get("preset"),
        )
    )
    for action in recipe["actions"]:
        if action["type"] == "step":
            for _ in range(action["count"]):
                session.step()
        elif action["type"] == "data":
            session.edit(Edit(data=data(action["data"])))
        else:
            patch = action["patch"]
            session.edit(
                Edit(
                    how(patch["training"]) if "training" in patch else None,
                    tuple(ParameterEdit(**change) for change in patch.get("parameters", ())),
                    patch.get("current_sample"),
                )
            )
    return session


CIRCLE_ROWS = DataSet(np.array([[0.5, -1.0], [1.0, 0.25], [-0.75, 2.0]]), np.array([[0.0], [1.0], [1.0]]))
EDITS = [
    Edit(training=training("adam", "one", "shuffled")),
    Edit(training=training("momentum", "mini", "shuffled", size=3)),
    Edit(training=training("sgd", "full", learning_rate=0.7)),
    Edit(training=training("sgd", "one", learning_rate=0.2)),
    Edit(training=training("nag", "mini", "stored", size=2)),
    Edit(parameters=(ParameterEdit("w.1.0.0", 0.5), ParameterEdit("b.2.0", frozen=True))),
    Edit(parameters=(ParameterEdit("b.2.0", frozen=False), ParameterEdit("w.2.1.0", -1.0, frozen=True))),
    Edit(current_sample=2),
    Edit(current_sample=0),
    Edit(data=CIRCLE_ROWS),
    Edit(data=DataChoice("xnor")),
    Edit(data=DataChoice("circles", {"size": 9})),
]


class Recorded(RuleBasedStateMachine):
    """Sessions against a model that keeps every state it has seen, by node."""

    def __init__(self) -> None:
        super().__init__()
        self.session = Session.create(spec(training("adam", "one", "shuffled")))
        self.seen = {0: look(self.session)}

    @rule(count=st.integers(1, 300))
    def step(self, count: int) -> None:
        before = self.session.step_count
        trainer = Trainer(self.session.problem)
        trainer.load(self.session.snapshot)
        report = self.session.step(count)
        assert report.applied == count
        assert report.before[0] == before
        assert report.after == (before + count, self.session.loss)
        assert report.losses[-1] == report.after
        assert len(report.losses) <= 64
        for _ in range(count):
            trainer.run(1)
        assert bits(trainer.snapshot()) == bits(self.session.snapshot)

    @rule(edit=st.sampled_from(EDITS))
    def edit(self, edit: Edit) -> None:
        try:
            self.session.edit(edit)
        except InvalidInputError:
            assert edit.current_sample is not None

    @rule(choice=st.integers(0, 10_000))
    def seek_node(self, choice: int) -> None:
        nodes = sorted(self.seen)
        self.session.seek_node(nodes[choice % len(nodes)])

    @rule(choice=st.integers(0, 10_000))
    def seek_step(self, choice: int) -> None:
        step = choice % (self.session.last_step + 1)
        self.session.seek_step(step)
        assert self.session.step_count == step

    @rule()
    def undo_and_redo(self) -> None:
        node, there = self.session.node, look(self.session)
        if self.session.undo_node is not None:
            self.session.seek_node(self.session.undo_node)
            assert self.session.redo_node == node
            self.session.seek_node(node)
            assert look(self.session) == there

    @rule(choice=st.integers(0, 10_000))
    def trace(self, choice: int) -> None:
        there = look(self.session)
        step = choice % (self.session.last_step + 1)
        assert self.session.trace(step).step == step
        assert look(self.session) == there

    @invariant()
    def same_node_same_bits(self) -> None:
        assert self.seen.setdefault(self.session.node, look(self.session)) == look(self.session)

    def teardown(self) -> None:
        for node, there in self.seen.items():
            self.session.seek_node(node)
            assert look(self.session) == there
        assert look(replayed(self.session.recipe())) == there


Recorded.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestRecorded = Recorded.TestCase


@pytest.mark.parametrize("optimizer", OPTIMIZERS.names())
@pytest.mark.parametrize("mode", ["one", "mini", "full"])
def test_any_step_can_be_revisited_bit_for_bit(optimizer: str, mode: str) -> None:
    session = Session.create(spec(training(optimizer, mode, "shuffled", size=3)))
    states = [bits(session.snapshot)]
    for _ in range(400):
        session.step()
        states.append(bits(session.snapshot))
    for step in (0, 1, 77, 299, 336, 400, 250):
        session.seek_step(step)
        assert bits(session.snapshot) == states[step]
    session.seek_step(3)
    session.step(390)
    assert bits(session.snapshot) == states[393]
    assert session.branches == 1


def test_a_hundred_thousand_steps_stay_small() -> None:
    session = Session.create(spec(training(mode="full")))
    for _ in range(100):
        session.step(1000)
    record = session._record
    assert len(record.timeline.segments) == 1
    assert len(record._checkpoints) <= 256 + 64
    assert len(session.curve()[0]) <= 4096
    at_end = look(session)
    session.seek_step(54_321)
    assert session.step_count == 54_321
    session.seek_step(100_000)
    assert look(session) == at_end
    assert sum(map(sys.getsizeof, record._checkpoints._kept)) < 100_000


def test_only_a_change_branches() -> None:
    session = Session.create(spec())
    session.step(10)
    tip = session.node
    session.seek_step(4)
    session.step(6)
    assert (session.node, session.branches) == (tip, 1)
    session.seek_step(4)
    session.edit(Edit(training=training(learning_rate=0.9)))
    assert (session.step_count, session.branches, session.last_step) == (4, 2, 4)
    session.step(3)
    assert session.last_step == 7
    session.seek_node(tip)
    assert session.last_step == 10
    assert session.training.optimizer.parameters["learning_rate"] != 0.9
    session.seek_step(7)
    assert session.redo_node == session.node + 1


def test_undoing_an_edit_and_stepping_goes_on_without_it() -> None:
    session, plain = Session.create(spec()), Session.create(spec())
    plain.step(3)
    session.step(2)
    session.edit(Edit(parameters=(ParameterEdit("w.1.0.0", 9.0),)))
    edited = session.node
    assert session.undo_node is not None
    session.seek_node(session.undo_node)
    assert session.redo_node == edited
    session.step()
    assert bits(session.snapshot) == bits(plain.snapshot)
    assert session.branches == 2


def test_a_trace_is_that_of_the_recorded_step() -> None:
    session = Session.create(spec(training("adam")))
    ahead = session.trace()
    session.step()
    assert ahead.after.tobytes() == session.snapshot.vector.tobytes()
    assert session.trace(0).after.tobytes() == ahead.after.tobytes()
    session.step(5)
    assert session.trace(6).step == 6
    assert session.trace().batch == session.next_batch()
    for step in (7, -1):
        with pytest.raises(NotRecordedError):
            session.trace(step)
    for step in (7, -1):
        with pytest.raises(NotRecordedError):
            session.seek_step(step)
    with pytest.raises(NotRecordedError):
        session.seek_node(7)
    assert session.step_count == 6


def test_epochs_run_to_the_boundary() -> None:
    session = Session.create(spec(training(mode="mini", size=3), data=DataChoice("circles", {"size": 10})))
    assert session.steps_per_epoch == 4
    session.step()
    assert (session.epoch_position, session.steps_to_epoch_end()) == (1, 3)
    assert session.step(1, "epoch").applied == 3
    assert (session.epoch, session.epoch_position) == (1, 0)
    assert session.step(2, "epoch").applied == 8
    assert session.epoch == 3
    assert session.step(1000, "epoch").applied == 1000


@pytest.mark.parametrize("count", [0, -1, 1001])
def test_step_counts_are_limited(count: int) -> None:
    session = Session.create(spec())
    with pytest.raises(InvalidInputError) as caught:
        session.step(count)
    assert (caught.value.code, caught.value.pointer) == ("out-of-range", "/count")


def test_the_curve_has_every_loss_of_a_short_run() -> None:
    session = Session.create(spec())
    losses = [session.loss]
    for _ in range(50):
        session.step()
        losses.append(session.loss)
    other = Session.create(spec())
    report = other.step(50)
    for run in (session, other):
        steps, last, minimum, maximum = run.curve()
        assert steps.tolist() == list(range(51))
        assert last.tolist() == minimum.tolist() == maximum.tolist() == losses
    assert report.losses == list(enumerate(losses))[1:]
    assert report.before == (0, losses[0])


def test_status_and_divergence() -> None:
    session = diverging()
    assert session.status == "ready"
    assert session.divergence is None
    report = session.step(1000)
    assert report.diverged
    assert 0 < report.applied < 1000
    assert session.status == "diverged"
    assert np.isfinite(session.snapshot.vector).all()
    found = session.divergence
    assert found is not None
    assert found.step == session.step_count == report.applied
    assert found.element
    assert (found.learning_rate, found.suggested_learning_rate) == (1e6, 5e5)
    with pytest.raises(DivergedError):
        session.trace()
    failing = session.trace(session.step_count)
    assert failing.diverged
    assert failing.first_nonfinite == found.element
    again = session.step(5)
    assert (again.applied, again.diverged) == (0, True)
    session.edit(Edit(training=training(mode="full", learning_rate=1e-6)))
    session.edit(Edit(parameters=tuple(ParameterEdit(f"w.1.{i}.{j}", 0.1) for i in (0, 1) for j in (0, 1))))
    assert session.status == "paused"
    assert session.divergence is None
    session.seek_step(0)
    assert session.status == "ready"
    session.step(1)
    assert session.status == "paused"


def test_a_bad_edit_loses_nothing() -> None:
    session = Session.create(spec(training(mode="one")))
    session.step(3)
    there, node = look(session), session.node
    bad = [
        Edit(parameters=(ParameterEdit("w.1.0.0", 1.0), ParameterEdit("w.9.0.0", 1.0))),
        Edit(parameters=(ParameterEdit("w.1.0.0", float("nan")),)),
        Edit(parameters=(ParameterEdit("w.1.0.0", 2e6),)),
        Edit(training=training(learning_rate=0.0)),
        Edit(training=training(learning_rate=2e6)),
        Edit(training=training("magic")),
        Edit(training=TrainingSpec(LossSpec("categorical_cross_entropy", 1.0, "sum", "mean"))),
        Edit(training=training(mode="mini", size=0)),
        Edit(parameters=(ParameterEdit("w.1.0.0", 1.0),), current_sample=4),
        Edit(data=DataSet(np.ones((3, 3)), np.ones((3, 1)))),
        Edit(data=DataSet(np.ones((3, 2)), np.ones((3, 2)))),
        Edit(data=DataSet(np.ones((3, 2)), np.ones((2, 1)))),
        Edit(data=DataSet(np.ones((3, 2)), np.ones((3, 1)), (0, 1, 1))),
        Edit(data=DataSet(np.full((3, 2), np.inf), np.ones((3, 1)))),
        Edit(data=DataSet(np.ones((0, 2)), np.ones((0, 1)))),
        Edit(data=DataChoice("mnist")),
    ]
    for edit in bad:
        with pytest.raises(InvalidInputError) as caught:
            session.edit(edit)
        assert caught.value.pointer
        assert session.node == node
        assert look(session) == there


def test_an_edit_without_effect_makes_no_node() -> None:
    session = Session.create(spec(training(mode="full")))
    session.edit(Edit())
    session.edit(Edit(current_sample=1))
    assert session.node == 0


def test_the_current_sample_is_trained_next_with_batches_of_one() -> None:
    session = Session.create(spec(training(mode="one")))
    assert session.next_batch() == (2,)
    session.edit(Edit(current_sample=0))
    assert session.next_batch() == (0,)
    assert session.node == 1
    report = session.step(1, "epoch")
    assert report.applied == 4
    session.edit(Edit(training=training(mode="full")))
    session.edit(Edit(current_sample=3))
    assert len(session.next_batch()) == 4
    assert session.node == 6


def test_a_changed_learning_rate_keeps_the_optimizers_state() -> None:
    session = Session.create(spec(training("adam")))
    session.step(5)
    before = session.snapshot
    session.edit(Edit(training=training("adam", learning_rate=0.5)))
    assert bits(session.snapshot) == bits(before)
    session.edit(Edit(training=training("momentum")))
    assert session.snapshot.optimizer_count == 0
    assert not any(values.any() for values in session.snapshot.optimizer_state.values())
    assert session.snapshot.vector.tobytes() == before.vector.tobytes()


def test_frozen_parameters_stay_and_lose_their_state() -> None:
    session = Session.create(spec(training("adam")))
    session.step(5)
    position = session.network.position("w.1.0.1")
    value = session.snapshot.vector[position]
    session.edit(Edit(parameters=(ParameterEdit("w.1.0.1", frozen=True),)))
    assert all(values[position] == 0.0 for values in session.snapshot.optimizer_state.values())
    others = session.snapshot.vector.copy()
    session.step(5)
    moved = session.snapshot.vector != others
    assert session.snapshot.vector[position] == value
    assert moved.sum() == len(moved) - 1
    session.edit(Edit(parameters=(ParameterEdit("w.1.0.1", frozen=False),)))
    session.step(5)
    assert session.snapshot.vector[position] != value


def test_fixed_biases_are_not_edited() -> None:
    layers = (LayerSpec(2, bias=BiasSpec("fixed", 1.0)), LayerSpec(1, bias=BiasSpec("absent")))
    session = Session.create(spec(network=NetworkSpec(2, layers)))
    for change in (ParameterEdit("b.1.0", 2.0), ParameterEdit("b.1.0", frozen=False)):
        with pytest.raises(InvalidInputError) as caught:
            session.edit(Edit(parameters=(change,)))
        assert caught.value.code == "fixed-bias"
    with pytest.raises(InvalidInputError):
        session.edit(Edit(parameters=(ParameterEdit("b.2.0", 2.0),)))


def test_new_values_in_the_table_keep_the_place_in_the_epoch() -> None:
    session = Session.create(spec(training(mode="one", order="shuffled")))
    session.step(2)
    order = session.snapshot.order.tolist()
    rows = session.data
    session.edit(Edit(data=DataSet(rows.inputs + 0.5, rows.targets, rows.order)))
    assert (session.snapshot.order.tolist(), session.snapshot.position) == (order, 2)
    session.edit(Edit(data=CIRCLE_ROWS))
    assert sorted(session.snapshot.order) == [0, 1, 2]
    assert session.snapshot.position == 0
    session.step(3)
    assert session.data.size == 3


def test_the_data_of_many_edits_is_bounded() -> None:
    session = Session.create(spec())
    rows = Edit(data=DataSet(np.ones((5000, 2)), np.ones((5000, 1))))
    for _ in range(MAXIMUM_DATA_BYTES // (5000 * 3 * 8)):
        session.edit(rows)
    node = session.node
    with pytest.raises(ConflictError) as caught:
        session.edit(rows)
    assert session.node == node
    assert caught.value.code == "too-much-data"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"seed": -1}, "/seed"),
        ({"network": NetworkSpec(2, ())}, "/network/layers"),
        ({"network": network(*[1] * 8)}, "/network/layers"),
        ({"network": network(65, 1)}, "/network/layers/0/units"),
        ({"network": network(0, 1)}, "/network/layers/0/units"),
        ({"network": network(2, 1, activation="cosine")}, "/network/layers/0/activation"),
        ({"network": network(2, 1, activation="softmax")}, "/network/layers/0/activation"),
        ({"network": network(2, 2)}, "/data/targets"),
        ({"network": network(2, 1, inputs=3)}, "/data/inputs"),
        (
            {"network": NetworkSpec(2, (LayerSpec(1, bias=BiasSpec("fixed", 1e7)),))},
            "/network/layers/0/bias/value",
        ),
        ({"initial": np.zeros(8)}, "/network/parameters"),
        ({"initial": np.full(9, np.nan)}, "/network/parameters"),
        ({"initializer": InitializerSpec("magic")}, "/network/initializer/name"),
        ({"initializer": InitializerSpec("normal", {"mean": 1e9})}, "/network/initializer/parameters/mean"),
        ({"initializer": InitializerSpec("given")}, "/network/parameters"),
        ({"training": training(mode="mini", size=5001)}, "/training/batch/size"),
        ({"training": training(rate=0.1)}, "/training/optimizer/parameters/rate"),
        ({"training": TrainingSpec(LossSpec("hinge"))}, "/training/loss/name"),
        ({"data": DataChoice("circles", {"size": 6000})}, "/data/parameters/size"),
        ({"data": DataSet(np.ones((5001, 2)), np.ones((5001, 1)))}, "/data/inputs"),
    ],
)
def test_specifications_out_of_range(changes: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        Session.create(spec(**changes))
    assert caught.value.pointer == pointer


def test_unknown_names_list_the_choices() -> None:
    with pytest.raises(UnknownNameError) as caught:
        Session.create(spec(data=DataChoice("iris")))
    assert "xor" in caught.value.params["choices"]  # type: ignore[operator]


def test_targets_suit_the_output_activation() -> None:
    session = Session.create(spec(network=network(2, 1, activation="tanh")))
    assert set(session.data.targets.ravel()) == {-1.0, 1.0}
    assert session.accuracy is not None


def test_accuracy_needs_classes() -> None:
    assert Session.create(spec(network=network(2, 1, activation="identity"))).accuracy is None
    rows = DataSet(np.ones((2, 2)), np.array([[0.4], [0.6]]))
    assert Session.create(spec(data=rows)).accuracy is None
    several = DataSet(np.eye(2), np.array([[1.0, 1.0], [0.0, 1.0]]))
    assert Session.create(spec(network=network(2), data=several)).accuracy in (0.0, 0.5, 1.0)


def test_the_seed_decides_everything() -> None:
    def run(seed: int) -> tuple[Any, ...]:
        session = Session.create(spec(training(order="shuffled"), data=DataChoice("moons"), seed=seed))
        session.step(30)
        return look(session)

    assert run(1) == run(1)
    assert run(1)[0] != run(2)[0]


def test_losses_and_outputs_cover_the_set() -> None:
    session = Session.create(spec())
    assert session.outputs().shape == (4, 1)
    assert session.losses().shape == (4,)
    assert session.losses().sum() == pytest.approx(session.loss)


def test_a_recipe_is_json_that_repeats_the_session() -> None:
    session = Session.create(spec(initial=np.linspace(-1, 1, 9)))
    session.step(5)
    for edit in EDITS:
        if edit.current_sample != 2:
            session.edit(edit)
        session.step(7)
    recipe = session.recipe()
    assert recipe["actions"][0] == {"type": "step", "count": 5}
    assert look(replayed(recipe)) == look(session)
