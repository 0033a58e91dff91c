"""Data sets: truth tables, generated points, targets and limits."""

import numpy as np
import pytest

from core.datasets import DATASETS
from core.errors import InvalidInputError, UnknownNameError

GENERATED = [entry.name for entry in DATASETS if entry.generated]
CLASSES = [entry.name for entry in DATASETS if entry.generated and entry.kind == "classes"]
REGRESSIONS = [entry.name for entry in DATASETS if entry.kind == "regression"]


def generator() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("and", [0, 0, 0, 1]),
        ("or", [0, 1, 1, 1]),
        ("nand", [1, 1, 1, 0]),
        ("xor", [0, 1, 1, 0]),
        ("xnor", [1, 0, 0, 1]),
    ],
)
def test_truth_tables(name: str, truth: list[int]) -> None:
    data = DATASETS.get(name).make({}, generator())
    assert data.inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert data.targets.ravel().tolist() == truth
    assert DATASETS.get(name).make({}, generator(), -1.0, 1.0).targets.ravel().tolist() == [
        2 * t - 1 for t in truth
    ]


@pytest.mark.parametrize("name", ["xor", "xnor"])
def test_the_stored_order_of_xor_starts_with_one_zero(name: str) -> None:
    data = DATASETS.get(name).make({}, generator())
    assert data.inputs[data.stored_order[0]].tolist() == [1, 0]
    assert sorted(data.stored_order) == [0, 1, 2, 3]


@pytest.mark.parametrize("name", DATASETS.names())
def test_every_entry_makes_what_it_declares(name: str) -> None:
    entry = DATASETS.get(name)
    data = entry.make({}, generator())
    assert data.inputs.shape == (data.size, entry.inputs)
    assert data.targets.shape == (data.size, entry.outputs)
    assert data.name == name
    assert set(data.parameters) == {parameter.name for parameter in entry.parameters}
    assert not data.inputs.flags.writeable
    assert not data.targets.flags.writeable
    assert np.isfinite(data.inputs).all()
    if entry.kind == "classes":
        assert set(np.unique(data.targets)) == {0.0, 1.0}
    assert entry.label.en
    assert entry.label.ko


@pytest.mark.parametrize("name", GENERATED)
def test_the_seed_decides(name: str) -> None:
    entry = DATASETS.get(name)
    first, same = entry.make({}, generator()), entry.make({}, generator())
    other = entry.make({}, np.random.default_rng(6))
    assert first.inputs.tobytes() == same.inputs.tobytes()
    assert first.inputs.tobytes() != other.inputs.tobytes()


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("size", [4, 7, 5000])
def test_size_and_balance(name: str, size: int) -> None:
    data = DATASETS.get(name).make({"size": size, "noise": 0.0}, generator())
    assert data.size == size
    counts = np.array([(data.targets[:, 0] == 0).sum(), (data.targets[:, 0] == 1).sum()])
    assert counts.min() >= 1
    assert np.isfinite(data.inputs).all()


@pytest.mark.parametrize("name", ["blobs", "spirals", "rings"])
@pytest.mark.parametrize("classes", [2, 3, 4, 8])
def test_as_many_classes_as_asked(name: str, classes: int) -> None:
    entry = DATASETS.get(name)
    data = entry.make({"classes": classes}, generator(), -1.0, 1.0)
    assert entry.outputs_for({"classes": classes}) == (1 if classes == 2 else classes)
    if classes == 2:
        assert data.targets.shape[1] == 1
    else:
        assert ((data.targets == 1).sum(axis=1) == 1).all()
        assert data.targets.shape[1] == classes


@pytest.mark.parametrize("name", REGRESSIONS)
def test_regressions_are_their_formula_within_about_one(name: str) -> None:
    entry = DATASETS.get(name)
    data = entry.make({"noise": 0.0, "size": 500}, generator())
    x = data.inputs
    formula = {
        "line": lambda: 0.8 * x[:, 0] - 0.1,
        "sine": lambda: np.sin(np.pi * x[:, 0]),
        "plane": lambda: (x[:, 0] + x[:, 1]) / 2,
    }
    if name in formula:
        np.testing.assert_allclose(data.targets[:, 0], formula[name](), rtol=1e-12, atol=1e-15)
    assert 0.5 < np.abs(data.targets).max() <= 1.05
    noisy = entry.make({"noise": 0.2, "size": 500}, generator())
    np.testing.assert_array_equal(noisy.inputs, x)
    assert abs((noisy.targets - data.targets).std() - 0.2) < 0.03


def test_bumps_are_hills_and_hollows() -> None:
    data = DATASETS.get("bumps").make({"noise": 0.0, "size": 5000}, generator())
    x, y = data.inputs, data.targets[:, 0]
    for centre, height in [((-0.5, 0.5), 1.0), ((0.5, -0.5), 1.0), ((0.5, 0.5), -1.0), ((-0.5, -0.5), -1.0)]:
        nearest = np.argmin(((x - np.array(centre)) ** 2).sum(axis=1))
        assert abs(y[nearest] - height) < 0.02


def test_noise_spreads_the_points() -> None:
    entry = DATASETS.get("circles")
    exact = np.hypot(*entry.make({"noise": 0.0}, generator()).inputs.T)
    assert np.unique(exact.round(12)).tolist() == [0.4, 1.0]
    assert np.hypot(*entry.make({"noise": 0.2}, generator()).inputs.T).std() > exact.std()


def test_first_rows_take_the_classes_in_turn() -> None:
    assert DATASETS.get("moons").make({}, generator()).targets[:4, 0].tolist() == [0, 1, 0, 1]
    assert DATASETS.get("noisy_xor").make({}, generator()).targets[:4, 0].tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize(
    "parameters", [{"size": 3}, {"size": 5001}, {"size": 10.5}, {"noise": -0.1}, {"noise": 1.1}]
)
def test_parameters_out_of_range(parameters: dict[str, float]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        DATASETS.get("circles").make(parameters, generator(), pointer="/data/parameters")
    assert caught.value.pointer == f"/data/parameters/{next(iter(parameters))}"


def test_unknown_parameters() -> None:
    with pytest.raises(UnknownNameError):
        DATASETS.get("xor").make({"size": 4}, generator())
