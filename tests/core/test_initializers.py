"""Initializers: their distributions, their biases, and reproducibility."""

import math

import numpy as np
import pytest

from core.errors import InvalidInputError, UnknownNameError
from core.initializers import INITIALIZERS
from core.network import BiasSpec, LayerSpec, NetworkSpec, Parameters

DRAWN = [name for name in INITIALIZERS.names() if name != "given"]


def wide(bias: BiasSpec) -> NetworkSpec:
    return NetworkSpec(64, (LayerSpec(32, bias=bias), LayerSpec(64, bias=bias)))


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("mode", ["trained", "fixed", "absent"])
def test_biases_follow_their_mode(name: str, mode: str) -> None:
    network = wide(BiasSpec(mode, 0.25))  # type: ignore[arg-type]
    drawn = Parameters(network, INITIALIZERS.get(name).draw(network, np.random.default_rng(1)))
    for layer in (1, 2):
        bias = drawn.bias(layer)
        if mode == "absent":
            assert bias is None
        elif mode == "fixed":
            assert bias is not None
            assert (bias == 0.25).all()
        else:
            assert bias is not None
            assert bool(bias.any()) == (name == "uniform")


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_generator_draws_the_same_bits(name: str) -> None:
    network = wide(BiasSpec())
    first, second = (INITIALIZERS.get(name).draw(network, np.random.default_rng(7)) for _ in range(2))
    assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize(
    ("name", "variance"),
    [
        ("uniform", 1 / 3),
        ("normal", 0.25),
        ("glorot_uniform", 2 / 96),
        ("glorot_normal", 2 / 96),
        ("he_normal", 2 / 64),
        ("he_uniform", 2 / 64),
        ("lecun_normal", 1 / 64),
        ("zeros", 0.0),
    ],
)
def test_variance_is_that_of_the_formula(name: str, variance: float) -> None:
    network = wide(BiasSpec("absent"))
    weights = Parameters(network, INITIALIZERS.get(name).draw(network, np.random.default_rng(3))).weights(1)
    assert weights.var() == pytest.approx(variance, rel=0.1)
    assert abs(weights.mean()) <= 4 * math.sqrt(variance / weights.size)


@pytest.mark.parametrize(("name", "limit"), [("glorot_uniform", math.sqrt(6 / 96)), ("uniform", 1.0)])
def test_uniform_ones_keep_their_limits(name: str, limit: float) -> None:
    network = wide(BiasSpec("absent"))
    weights = Parameters(network, INITIALIZERS.get(name).draw(network, np.random.default_rng(3))).weights(1)
    assert 0.95 * limit < np.abs(weights).max() <= limit


def test_parameters_are_used_and_checked() -> None:
    network, generator = wide(BiasSpec()), np.random.default_rng(0)
    uniform = INITIALIZERS.get("uniform")
    drawn = uniform.draw(network, generator, {"low": 2.0, "high": 3.0})
    assert drawn.min() >= 2.0
    assert drawn.max() <= 3.0
    with pytest.raises(InvalidInputError) as caught:
        uniform.draw(network, generator, {"low": 2.0}, "/p")
    assert (caught.value.code, caught.value.pointer) == ("interval-reversed", "/p/low")
    with pytest.raises(UnknownNameError):
        uniform.draw(network, generator, {"scale": 2.0})
    with pytest.raises(InvalidInputError):
        INITIALIZERS.get("normal").draw(network, generator, {"standard_deviation": -1.0})


def test_given_values_cannot_be_drawn() -> None:
    with pytest.raises(InvalidInputError) as caught:
        INITIALIZERS.get("given").draw(wide(BiasSpec()), np.random.default_rng(0))
    assert caught.value.code == "initial-values-missing"


@pytest.mark.parametrize("name", INITIALIZERS.names())
def test_every_entry_explains_itself(name: str) -> None:
    entry = INITIALIZERS.get(name)
    assert entry.label.en
    assert entry.label.ko
    assert entry.tex
    assert entry.source
