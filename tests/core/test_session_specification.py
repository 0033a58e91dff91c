"""What a session is made from: limits, seeds, scores, and its recipe."""

from typing import Any

import numpy as np
import pytest

from core.errors import InvalidInputError, UnknownNameError
from core.network import (
    BiasSpec,
    DataSet,
    LayerSpec,
    LossSpec,
    NetworkSpec,
    TrainingSpec,
)
from core.session import DataChoice, InitializerSpec, Session
from tests.core.sessions import (
    EDITS,
    look,
    network,
    replayed,
    spec,
    training,
)


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
