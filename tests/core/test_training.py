"""The trainer: published runs, bit identity of stepping and running, batches, freezing, divergence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.network import (
    BatchSpec,
    DataSet,
    LayerSpec,
    LossSpec,
    NetworkSpec,
    OptimizerSpec,
    Parameters,
    TrainingSpec,
)
from core.optimizers import OPTIMIZERS
from core.propagation import explain, predict, set_loss
from core.training import Problem, Snapshot, Trainer, begin_epoch, reset_optimizer
from tests.core.strategies import begin, loss_spec, network, problem_of

XOR = DataSet(
    np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([[0.0], [1.0], [1.0], [0.0]])
)


def trainer_of(problem: Problem, snapshot: Snapshot) -> Trainer:
    trainer = Trainer(problem)
    trainer.load(snapshot)
    return trainer


def same_bits(one: Snapshot, other: Snapshot) -> bool:
    arrays = [(one.vector, other.vector), (one.order, other.order)]
    arrays += [(one.optimizer_state[name], other.optimizer_state[name]) for name in one.optimizer_state]
    numbers = [(s.optimizer_count, s.generator_state, s.step, s.epoch, s.position) for s in (one, other)]
    return all(a.tobytes() == b.tobytes() for a, b in arrays) and numbers[0] == numbers[1]


def test_published_xor_run_of_ten_thousand_iterations() -> None:
    """A 2-5-1 network; initial weights 2·RandomState(5).random_sample − 1, (3, 6) and then (6, 1)."""
    random = np.random.RandomState(5)
    first, second = 2 * random.random_sample((3, 6)) - 1, 2 * random.random_sample((6, 1)) - 1
    spec = NetworkSpec(2, (LayerSpec(5), LayerSpec(1)))
    parameters = Parameters(spec, np.zeros(spec.parameter_count))
    parameters.weights(1)[:], parameters.bias(1)[:] = first[:2, :5], first[2, :5]  # type: ignore[index]
    parameters.weights(2)[:], parameters.bias(2)[:] = second[:5], second[5]  # type: ignore[index]
    training = TrainingSpec(optimizer=OptimizerSpec("sgd", {"learning_rate": 0.2}))
    problem = Problem(spec, training, XOR, np.zeros(spec.parameter_count, dtype=bool))
    trainer = trainer_of(problem, begin(problem, parameters.vector))
    recorded = {0: trainer.loss()}
    trainer.run(9999, lambda step, loss: recorded.update({step: loss}))
    for step, loss in {
        0: 0.5361078023062096,
        1: 0.5302191627723297,
        10: 0.5059768932367927,
        100: 0.500413675751016,
        1000: 0.47821751652887035,
        9999: 0.0013945271619958902,
    }.items():
        assert recorded[step] == pytest.approx(loss, rel=1e-10)
    outputs = predict(spec, trainer.snapshot().vector, XOR.inputs)[-1][1].ravel()
    assert [f"{value:.7g}" for value in outputs] == ["0.02391914", "0.9757925", "0.9734313", "0.03041428"]
    assert trainer.run(1).applied == 1
    assert (trainer.snapshot().step, trainer.snapshot().epoch) == (10000, 10000)


@settings(deadline=None, max_examples=60)
@given(
    optimizer=st.sampled_from(OPTIMIZERS.names()),
    mode=st.sampled_from(["full", "mini", "one"]),
    order=st.sampled_from(["stored", "shuffled"]),
    size=st.integers(1, 7),
    parts=st.lists(st.integers(1, 9), min_size=1, max_size=5),
    frozen=st.booleans(),
)
def test_running_and_stepping_give_the_same_bits(
    optimizer: str, mode: str, order: str, size: int, parts: list[int], frozen: bool
) -> None:
    batch = BatchSpec(mode, size, order)  # type: ignore[arg-type]
    held = ("w.1.0.0", "b.2.1") if frozen else ()
    problem, vector = problem_of(
        network("sigmoid", "tanh"), loss_spec("squared_error"), optimizer, batch=batch, samples=5, frozen=held
    )
    snapshot = begin(problem, vector)
    at_once = trainer_of(problem, snapshot)
    assert at_once.run(sum(parts)).applied == sum(parts)
    in_parts = trainer_of(problem, snapshot)
    for count in parts:
        in_parts.run(count, lambda step, loss: None, every=2)
    assert same_bits(at_once.snapshot(), in_parts.snapshot())
    # A new trainer for every step, from records alone.
    for _ in range(sum(parts)):
        single = trainer_of(problem, snapshot)
        single.run(1)
        snapshot = single.snapshot()
    assert same_bits(at_once.snapshot(), snapshot)


def test_chunks_leave_no_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, vector = problem_of(network("tanh", "tanh"), loss_spec("squared_error"), "adam", samples=3)
    snapshot = begin(problem, vector)
    found = []
    for chunk in (1, 7, 1000):
        monkeypatch.setattr(Trainer, "CHUNK", chunk)
        trainer = trainer_of(problem, snapshot)
        losses: list[tuple[int, float]] = []
        trainer.run(50, lambda step, loss, losses=losses: losses.append((step, loss)), every=3)  # type: ignore[misc]
        found.append((trainer.snapshot(), losses))
    assert same_bits(found[0][0], found[1][0])
    assert same_bits(found[0][0], found[2][0])
    assert found[0][1] == found[1][1] == found[2][1]
    assert [step for step, _ in found[0][1]] == list(range(3, 51, 3))


def test_losses_are_those_of_the_whole_set() -> None:
    for loss, output in [("squared_error", "softmax"), ("binary_cross_entropy", "sigmoid")]:
        problem, vector = problem_of(
            network("tanh", output),
            loss_spec(loss, "mean", "mean"),
            "nag",
            batch=BatchSpec("mini", 2),
            samples=5,
        )
        trainer = trainer_of(problem, begin(problem, vector))
        trainer.run(4)
        arguments = (problem.network, problem.training.loss, trainer.snapshot().vector)
        expected = set_loss(*arguments, problem.data.inputs, problem.data.targets)
        assert trainer.loss() == pytest.approx(expected, rel=1e-13)


def test_batches_follow_the_order_and_the_last_is_short() -> None:
    problem, vector = problem_of(
        network("tanh", "tanh"),
        loss_spec("squared_error", batch="mean"),
        batch=BatchSpec("mini", 2),
        samples=5,
    )
    problem = replace(problem, data=replace(problem.data, order=(4, 2, 0, 1, 3)))
    trainer = trainer_of(problem, begin(problem, vector))
    seen = []
    for _ in range(4):
        state = trainer.snapshot()
        seen.append((trainer.next_batch(), trainer.steps_to_epoch_end(), state.epoch, state.position))
        assert explain(problem, state).batch == seen[-1][0]
        assert explain(problem, state).batch_factor == 1 / len(seen[-1][0])
        trainer.run(1)
    assert seen == [((4, 2), 3, 0, 0), ((0, 1), 2, 0, 2), ((3,), 1, 0, 4), ((4, 2), 3, 1, 0)]


def test_shuffled_epochs_are_permutations_drawn_as_each_begins() -> None:
    problem, vector = problem_of(
        network("tanh", "tanh"), loss_spec("squared_error"), batch=BatchSpec("one", 1, "shuffled"), samples=6
    )
    trainer = trainer_of(problem, begin(problem, vector, seed=3))
    random = np.random.default_rng(3)
    for _ in range(3):
        expected = random.permutation(6).tolist()
        assert trainer.snapshot().order.tolist() == expected
        epoch = []
        for _ in range(6):
            epoch += trainer.next_batch()
            assert trainer.next_batch() == trainer.next_batch()
            trainer.run(1)
        assert epoch == expected
    assert trainer.snapshot().epoch == 3


def test_a_position_inside_the_epoch_survives_a_smaller_batch() -> None:
    problem, vector = problem_of(
        network("tanh", "tanh"), loss_spec("squared_error"), batch=BatchSpec("mini", 3), samples=7
    )
    moved = replace(begin(problem, vector), position=2)
    trainer = trainer_of(problem, moved)
    batches = []
    for _ in range(4):
        batches.append(trainer.next_batch())
        trainer.run(1)
    assert batches == [(2, 3, 4), (5, 6), (0, 1, 2), (3, 4, 5)]


def test_begin_epoch_and_reset_optimizer() -> None:
    problem, vector = problem_of(
        network("tanh", "tanh"), loss_spec("squared_error"), "adam", batch=BatchSpec("mini", 2), samples=5
    )
    trainer = trainer_of(problem, begin(problem, vector))
    trainer.run(4)
    shuffled = replace(problem, training=replace(problem.training, batch=BatchSpec("one", 1, "shuffled")))
    changed = begin_epoch(shuffled, trainer.snapshot())
    assert (changed.position, changed.step, changed.epoch) == (0, 4, 1)
    assert sorted(changed.order.tolist()) == list(range(5))
    assert changed.generator_state != trainer.snapshot().generator_state
    nag = replace(problem, training=replace(problem.training, optimizer=OptimizerSpec("nag")))
    reset = reset_optimizer(nag, trainer.snapshot())
    assert list(reset.optimizer_state) == ["velocity"]
    assert reset.optimizer_count == 0
    assert trainer_of(nag, reset).run(3).applied == 3


def test_freezing_clears_the_state_of_what_is_frozen() -> None:
    problem, vector = problem_of(network("tanh", "tanh"), loss_spec("squared_error"), "momentum")
    trainer = trainer_of(problem, begin(problem, vector))
    trainer.run(3)
    frozen = problem.frozen.copy()
    frozen[2] = True
    held = replace(problem, frozen=frozen)
    before = trainer.snapshot()
    after = trainer_of(held, before)
    after.run(5)
    assert after.snapshot().vector[2] == before.vector[2]
    assert after.snapshot().optimizer_state["velocity"][2] == 0.0
    assert (after.snapshot().vector[3:] != before.vector[3:]).all()


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nag"])
@pytest.mark.parametrize("order", ["stored", "shuffled"])
def test_divergence_stops_before_the_step_that_would_not_be_finite(optimizer: str, order: str) -> None:
    spec = network("identity", "identity")
    problem, vector = problem_of(
        spec,
        loss_spec("squared_error"),
        optimizer,
        {"learning_rate": 1e6},
        BatchSpec("mini", 2, order),  # type: ignore[arg-type]
        samples=5,
    )
    trainer = trainer_of(problem, begin(problem, vector))
    report = trainer.run(600, lambda step, loss: None, every=5)
    assert report.diverged
    state = trainer.snapshot()
    assert state.step == report.applied < 600
    assert np.isfinite(state.vector).all()
    assert all(np.isfinite(values).all() for values in state.optimizer_state.values())
    trace = explain(problem, state)
    assert trace.diverged
    assert trace.first_nonfinite is not None
    assert trainer.run(10).applied == 0
    assert same_bits(trainer.snapshot(), state)
    single = trainer_of(problem, begin(problem, vector))
    while single.run(1).applied:
        pass
    assert same_bits(single.snapshot(), state)


@pytest.mark.parametrize("optimizer", ["adagrad", "rmsprop", "adam"])
def test_an_infinite_optimizer_state_is_divergence_though_the_parameters_stay_finite(optimizer: str) -> None:
    """Their steps are bounded by the learning rate; it is the squared gradient that overflows."""
    problem, vector = problem_of(network("identity", "identity"), loss_spec("squared_error"), optimizer)
    problem = replace(problem, data=replace(problem.data, targets=1e160 + problem.data.targets))
    trainer = trainer_of(problem, begin(problem, vector))
    report = trainer.run(5)
    assert (report.applied, report.diverged) == (0, True)
    assert same_bits(trainer.snapshot(), begin(problem, vector))
    assert explain(problem, trainer.snapshot()).diverged


def test_a_frozen_parameter_survives_an_infinite_gradient_of_its_own() -> None:
    spec = NetworkSpec(1, (LayerSpec(1, "identity"),))
    problem, _ = problem_of(spec, loss_spec("squared_error"), frozen=("w.1.0.0",), samples=1)
    problem = replace(problem, data=DataSet(np.array([[1e200]]), np.array([[-1e150]])))
    trainer = trainer_of(problem, begin(problem, np.array([0.0, 0.0])))
    assert trainer.run(3).applied == 3
    assert trainer.snapshot().vector[0] == 0.0


def test_unsuitable_loss_is_refused() -> None:
    problem, _ = problem_of(network("tanh", "tanh"), LossSpec("binary_cross_entropy", 1.0))
    with pytest.raises(InvalidInputError) as caught:
        Trainer(problem)
    assert caught.value.code == "loss-needs-output"


def test_snapshots_are_records_of_their_own() -> None:
    problem, vector = problem_of(network("tanh", "tanh"), loss_spec("squared_error"), "adam")
    trainer = trainer_of(problem, begin(problem, vector))
    first = trainer.snapshot()
    kept = first.vector.copy()
    trainer.run(5)
    assert (first.vector == kept).all()
    assert not first.vector.flags.writeable
    assert not first.order.flags.writeable
