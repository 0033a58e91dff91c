"""Sessions beside each other: what differs, from which weights they began, their curves by epoch."""

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.network import BatchSpec
from core.session import (
    DataChoice,
    Edit,
    InitializerSpec,
    ParameterEdit,
    Session,
    every_optimizer,
    learning_rates,
)
from tests.core.sessions import bits, network, spec, training


def told(first: Session, second: Session) -> list[tuple[object, ...]]:
    settings = first.difference(second).settings
    return [(each.kind, each.name, each.before, each.after) for each in settings]


def test_a_fork_differs_in_nothing_until_it_is_changed() -> None:
    first = Session.create(spec())
    first.step(7)
    second = first.fork(step=0)
    assert first.difference(second) == second.difference(first)
    assert told(first, second) == []
    assert first.difference(second).same_start
    second.edit(Edit(training=training("adam", "one", learning_rate=0.01)))
    assert told(first, second) == [
        ("optimizer", "name", "sgd", "adam"),
        ("learning_rate", "learning_rate", 0.1, 0.01),
    ]
    assert told(second, first)[0] == ("optimizer", "name", "adam", "sgd")


def test_every_kind_of_difference() -> None:
    first = Session.create(spec())
    second = Session.create(
        spec(
            network=network(2, 1, activation="tanh"),
            seed=4,
            initializer=InitializerSpec("normal", {"standard_deviation": 0.25}),
            data=DataChoice("and"),
        )
    )
    second.edit(Edit(parameters=(ParameterEdit("w.1.0.0", 0.25), ParameterEdit("b.1.0", frozen=True))))
    assert told(first, second) == [
        ("network", "activations", "sigmoid", "tanh"),
        ("initializer", "name", "glorot_uniform", "normal"),
        ("seed", "seed", 3, 4),
        ("data", "data", "xor", "and"),
        ("frozen", "b.1.0", False, True),
        ("edits", "values", 0, 1),
    ]
    assert not first.difference(second).same_start
    wider = Session.create(spec(network=network(3, 1)))
    assert told(first, wider) == [("network", "sizes", "2-2-1", "2-3-1")]
    assert not first.difference(wider).same_start


def test_the_same_rows_in_a_session_of_its_own_are_the_same_data() -> None:
    first, second = Session.create(spec()), Session.create(spec())
    assert told(first, second) == []
    assert first.difference(second).same_start


def test_curve_by_epochs_counts_each_stretch_by_its_own_batches() -> None:
    session = Session.create(spec(training(mode="one")))
    session.step(4)
    session.edit(Edit(training=training(mode="full")))
    session.step(3)
    curve = session.run_curve()
    assert curve.steps.tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert curve.epochs.tolist() == [0, 0.25, 0.5, 0.75, 1, 2, 3, 4]
    assert np.array_equal(curve.last, session.curve()[1])


def test_long_curves_are_thinned_and_end_where_the_run_does() -> None:
    session = Session.create(spec(training(mode="full")))
    for _ in range(3):
        session.step(1000)
    curve = session.run_curve()
    assert len(curve.steps) <= 256
    assert (curve.steps[0], curve.steps[-1]) == (0, 3000)
    assert curve.last[-1] == session.loss


def test_every_optimizer_at_its_defaults() -> None:
    ways = every_optimizer(training("adam", "mini", size=2, learning_rate=3.0))
    assert [way.optimizer.name for way in ways] == ["sgd", "momentum", "nag", "adagrad", "rmsprop", "adam"]
    assert all(way.batch == BatchSpec("mini", 2) for way in ways)
    first = Session.create(spec())
    for way in ways:
        fork = first.fork(step=0)
        fork.edit(Edit(training=way))
        assert fork.snapshot.vector.tobytes() == first.snapshot.vector.tobytes()
        assert fork.training.optimizer == way.optimizer


def test_learning_rates_from_low_to_high() -> None:
    ways = learning_rates(training("momentum", momentum=0.5), 0.001, 10.0, 5)
    assert [way.optimizer.parameters["learning_rate"] for way in ways] == [0.001, 0.01, 0.1, 1.0, 10.0]
    assert all(way.optimizer.parameters["momentum"] == 0.5 for way in ways)
    ends = learning_rates(training(), 0.3333333, 0.7777777, 2)
    assert [way.optimizer.parameters["learning_rate"] for way in ends] == [0.3333333, 0.7777777]


@pytest.mark.parametrize(
    ("lowest", "highest", "code"),
    [
        (1.0, 0.1, "rates-order"),
        (0.1, 0.1, "rates-order"),
        (0.1, 0.1000001, "rates-order"),
        (0.1, float("nan"), "parameter-range"),
        (-1.0, 1.0, "parameter-range"),
    ],
)
def test_rates_that_do_not_rise_are_refused(lowest: float, highest: float, code: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        learning_rates(training(), lowest, highest, 6)
    assert refused.value.code == code


def test_a_variant_is_the_session_that_the_change_alone_would_make() -> None:
    """Forked at the start and trained: bit for bit the session that was created that way."""
    first = Session.create(spec())
    first.step(50)
    fork = first.fork(step=0)
    fork.edit(Edit(training=training("rmsprop", "one")))
    fork.step(80)
    alone = Session.create(spec(training("rmsprop", "one")))
    alone.step(80)
    assert bits(fork.snapshot) == bits(alone.snapshot)
