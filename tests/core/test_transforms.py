"""Features, scaling and the split: what becomes of a table before it is trained on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.datasets import DATASETS, prepared, unprepared
from core.datasets.preparation import split_rows
from core.errors import InvalidInputError, UnknownNameError
from core.features import available, feature, features
from core.network import DataSet, LayerSpec, NetworkSpec, Preparation, SplitSpec
from core.session import DataChoice, Edit, Session
from core.transforms import Scaling, Transform
from tests.core.sessions import look, network, replayed, spec, training

TABLE = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 60.0], [6.0, 30.0]])


# --- features ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "tex", "values"),
    [
        ("x1", "x_{1}", [1.0, 2.0, 3.0, 6.0]),
        ("x2", "x_{2}", [10.0, 20.0, 60.0, 30.0]),
        ("x1^2", "x_{1}^{2}", [1.0, 4.0, 9.0, 36.0]),
        ("x1*x2", "x_{1}x_{2}", [10.0, 40.0, 180.0, 180.0]),
        (
            "sin(x1)",
            "\\sin x_{1}",
            [0.8414709848078965, 0.9092974268256817, 0.1411200080598672, -0.27941549819892586],
        ),
    ],
)
def test_a_feature_is_its_formula(name: str, tex: str, values: list[float]) -> None:
    found = feature(name, 2)
    assert found.name == name
    assert found.tex() == tex
    np.testing.assert_allclose(found.values(TABLE), values, rtol=1e-15)


def test_what_two_columns_offer() -> None:
    names = [each.name for each in available(2)]
    assert names == ["x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"]
    assert [feature(name, 2).name for name in names] == names
    assert len(available(16)) == 16 + 4 + 6 + 4


@pytest.mark.parametrize("name", ["x3", "x0", "x1^3", "x1*x3", "cos(x1)", "", "x1 ", "x١"])
def test_unknown_features(name: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        features(("x1", name), 2, "/data/features")
    assert caught.value.pointer == "/data/features/1"
    assert "x1*x2" in str(caught.value.params["choices"])


def test_no_feature_twice() -> None:
    with pytest.raises(InvalidInputError) as caught:
        features(("x1", "x2", "x1"), 2, "/f")
    assert (caught.value.code, caught.value.pointer) == ("feature-twice", "/f/2")


# --- scaling ----------------------------------------------------------------------------------------------


def test_standard_scaling() -> None:
    scaling = Scaling.fit("standard", TABLE)
    assert scaling.centre == (3.0, 30.0)
    np.testing.assert_allclose(scaling.spread, [3.5**0.5, 350**0.5], rtol=1e-15)
    np.testing.assert_allclose(scaling.apply(TABLE).mean(axis=0), 0.0, atol=1e-15)
    np.testing.assert_allclose(scaling.apply(TABLE).std(axis=0), 1.0, rtol=1e-15)


def test_minmax_scaling() -> None:
    scaling = Scaling.fit("minmax", TABLE)
    assert (scaling.centre, scaling.spread) == ((1.0, 10.0), (5.0, 50.0))
    np.testing.assert_allclose(scaling.apply(TABLE)[:, 0], [0.0, 0.2, 0.4, 1.0], rtol=1e-15)


@pytest.mark.parametrize("name", ["none", "standard", "minmax"])
@given(rows=st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=20))
@settings(max_examples=50, deadline=None)
def test_undoing_gives_the_values_back(name: str, rows: list[tuple[float, float]]) -> None:
    table = np.array(rows)
    scaling = Scaling.fit(name, table)
    scaled = scaling.apply(table)
    assert np.isfinite(scaled).all()
    size = np.abs(table).max() + 1e-9
    np.testing.assert_allclose(scaling.undo(scaled), table, rtol=0, atol=1e-12 * size)


@pytest.mark.parametrize("name", ["standard", "minmax"])
def test_a_constant_column_becomes_zero(name: str) -> None:
    rows = np.full((3, 1), 0.1)
    assert Scaling.fit(name, rows).apply(rows).tolist() == [[0.0], [0.0], [0.0]]


def test_a_spread_that_underflows_divides_nothing() -> None:
    rows = np.array([[0.0], [1.2e-270]])
    assert Scaling.fit("standard", rows).apply(rows).tolist() == [[0.0], [1.2e-270]]


def test_a_transform_scales_first_and_then_makes_features() -> None:
    transform = Transform(2, Scaling.fit("minmax", TABLE), ("x2", "x1^2"))
    np.testing.assert_allclose(
        transform.network_inputs(TABLE), [[0.0, 0.0], [0.2, 0.04], [1.0, 0.16], [0.4, 1.0]], rtol=1e-14
    )


# --- the split --------------------------------------------------------------------------------------------


@given(
    classes=st.lists(st.integers(0, 3), min_size=1, max_size=60),
    share=st.floats(0, 0.9),
    seed=st.integers(0, 2**53 - 1),
)
@settings(max_examples=200, deadline=None)
def test_a_split_takes_its_share_of_every_class(classes: list[int], share: float, seed: int) -> None:
    targets = np.eye(4)[classes]
    train, test = split_rows(targets, SplitSpec(share, seed))
    assert sorted([*train, *test]) == list(range(len(classes)))
    assert len(train) >= 1
    assert len(test) == min(int(share * len(classes) + 0.5), len(classes) - 1)
    for row in np.unique(targets, axis=0):
        members = (targets == row).all(axis=1)
        taken = members[test].sum()
        assert abs(taken - len(test) / len(classes) * members.sum()) < 1.0


def test_the_seed_decides_the_split() -> None:
    targets = np.arange(100.0)[:, None]
    first = split_rows(targets, SplitSpec(0.3, 1))[1]
    assert first.tolist() == split_rows(targets, SplitSpec(0.3, 1))[1].tolist()
    assert first.tolist() != split_rows(targets, SplitSpec(0.3, 2))[1].tolist()


def test_scaling_is_fitted_on_training_rows_only() -> None:
    data = DATASETS.get("moons").make({"size": 40}, np.random.default_rng(1))
    split = SplitSpec(0.25, 4)
    first = prepared(data, Preparation(split, scaling="standard"))
    assert first.transform is not None
    assert first.table is not None
    moved = np.array(data.inputs)
    moved[first.table.test] += 1000.0
    second = prepared(replace(data, inputs=moved), Preparation(split, scaling="standard"))
    assert first.transform == second.transform
    assert first.inputs.tobytes() == second.inputs.tobytes()
    np.testing.assert_array_equal(second.raw_test_inputs, moved[first.table.test])
    np.testing.assert_allclose(first.network_inputs(first.raw_test_inputs), first.test_inputs, rtol=1e-15)


def test_the_order_of_training_leaves_test_rows_out() -> None:
    data = DataSet(np.arange(5.0)[:, None], np.arange(5.0)[:, None], order=(4, 2, 0, 1, 3))
    made = prepared(data, Preparation(SplitSpec(0.4, 3)))
    assert made.size == 3
    assert made.test_size == 2
    assert made.inputs[made.stored_order].ravel().tolist() == [
        row for row in (4.0, 2.0, 0.0, 1.0, 3.0) if row in made.inputs
    ]
    whole = unprepared(made)
    assert whole.order == data.order
    np.testing.assert_array_equal(whole.inputs, data.inputs)


def test_without_a_preparation_the_set_is_what_it_was() -> None:
    data = DATASETS.get("xor").make({}, np.random.default_rng(1))
    for preparation in (Preparation(), Preparation(features=("x1", "x2")), Preparation(SplitSpec(0.0, 7))):
        made = prepared(data, preparation)
        assert made.inputs is data.inputs
        assert made.transform is made.table is None
        assert made.raw_inputs is made.inputs
        assert made.features == ()


@pytest.mark.parametrize(
    ("preparation", "pointer"),
    [
        (Preparation(SplitSpec(0.95)), "/data/split/test_share"),
        (Preparation(SplitSpec(float("nan"))), "/data/split/test_share"),
        (Preparation(SplitSpec(0.5, -1)), "/data/split/seed"),
        (Preparation(scaling="log"), "/data/scaling"),
        (Preparation(target_scaling="log"), "/data/target_scaling"),
        (Preparation(target_scaling="standard"), "/data/target_scaling"),
        (Preparation(features=("x1", "x9")), "/data/features/1"),
        (Preparation(features=("x1",)), "/data/features"),
    ],
)
def test_what_does_not_fit(preparation: Preparation, pointer: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        Session.create(spec(data=DataChoice("xor", preparation=preparation)))
    assert caught.value.pointer == pointer


# --- sessions ---------------------------------------------------------------------------------------------

SEVEN = Preparation(
    SplitSpec(0.25, 9),
    ("x1", "x2", "x1^2", "x2^2", "x1*x2", "sin(x1)", "sin(x2)"),
    "standard",
)


def seven() -> Session:
    return Session.create(
        spec(
            training("adam", "mini", "shuffled", size=8),
            network=network(3, 1, inputs=7),
            data=DataChoice("circles", {"size": 40}, preparation=SEVEN),
        )
    )


def test_training_never_sees_test_rows() -> None:
    session = seven()
    assert (session.data.size, session.data.test_size) == (30, 10)
    seen: set[int] = set()
    for _ in range(session.steps_per_epoch):
        seen.update(session.next_batch())
        session.step()
    assert seen == set(range(30))


def test_scores_of_the_test_rows() -> None:
    session = seven()
    assert session.test_loss is not None
    assert session.test_accuracy is not None
    session.step(1000)
    outputs = session.test_outputs()
    right = (outputs >= 0.5) == (session.data.test_targets == 1.0)
    assert session.test_accuracy == right.mean()
    # Half the squared differences, summed over outputs and rows as this loss says.
    expected = 0.5 * ((outputs - session.data.test_targets) ** 2).sum()
    assert abs(session.test_loss - expected) <= 1e-12 * expected
    plain = Session.create(spec())
    assert plain.test_loss is None
    assert plain.test_accuracy is None


def test_recipes_carry_the_preparation() -> None:
    session = seven()
    session.step(5)
    again = Preparation(SplitSpec(0.5, 2), SEVEN.features, "minmax")
    session.edit(Edit(data=DataChoice("moons", {"size": 30}, preparation=again)))
    session.step(3)
    rows = DataSet(
        np.arange(40.0).reshape(20, 2),
        np.tile([[0.0], [1.0]], (10, 1)),
        columns=("age", "키 cm"),
        classes=("no", "yes"),
        preparation=replace(SEVEN, split=SplitSpec(0.2, 1)),
    )
    session.edit(Edit(data=rows))
    session.step(4)
    made = replayed(session.recipe())
    assert look(made) == look(session)
    assert made.data.columns == ("age", "키 cm")
    assert made.data.classes == ("no", "yes")
    assert made.data.raw_test_inputs.tolist() == session.data.raw_test_inputs.tolist()
    # A prepared set given again is prepared from its own table.
    session.edit(Edit(data=session.data))
    assert session.data.raw_inputs.tolist() == made.data.raw_inputs.tolist()
    assert session.data.inputs.tobytes() == made.data.inputs.tobytes()


def test_target_scaling_is_undone_in_displayed_outputs() -> None:
    x = np.linspace(0.0, 1.0, 20)[:, None]
    data = DataSet(
        x, 5000.0 + 300.0 * x, preparation=Preparation(scaling="standard", target_scaling="standard")
    )
    session = Session.create(
        spec(
            training("sgd", "full", learning_rate=0.02),
            network=NetworkSpec(1, (LayerSpec(1, "identity"),)),
            data=data,
        )
    )
    session.step(1000)
    shown = session.data.displayed_outputs(session.outputs())
    np.testing.assert_allclose(shown, session.data.raw_targets, rtol=1e-9)
    assert np.abs(session.data.targets).max() < 2.0


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"columns": ("a",)}, "names-count", "/data/columns"),
        ({"columns": ("a", "a")}, "column-twice", "/data/columns/1"),
        ({"columns": ("a", "1b")}, "column-name", "/data/columns/1"),
        ({"columns": ("a", "b" * 33)}, "column-name", "/data/columns/1"),
        ({"target_columns": ("x\n",)}, "column-name", "/data/target_columns/0"),
        ({"classes": ("no",)}, "names-count", "/data/classes"),
        ({"classes": ("no", " ")}, "class-name", "/data/classes/1"),
    ],
)
def test_names_that_do_not_fit(changes: dict[str, tuple[str, ...]], code: str, pointer: str) -> None:
    data = DataSet(np.eye(2), np.array([[0.0], [1.0]]), **changes)  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError) as caught:
        Session.create(spec(data=data))
    assert (caught.value.code, caught.value.pointer) == (code, pointer)


def test_the_history_names_what_changed_in_the_data() -> None:
    session = seven()
    other = Preparation(SplitSpec(0.5, 9), SEVEN.features, "minmax")
    session.edit(Edit(data=DataChoice("function", {"size": 40}, "x", other)))
    [change] = session.history().branches[0].changes
    assert [(each.kind, each.name, each.before, each.after) for each in change.settings] == [
        ("data", "data", "circles", "function"),
        ("data", "expression", None, "x"),
        ("data", "test_share", 0.25, 0.5),
        ("data", "scaling", "standard", "minmax"),
    ]
