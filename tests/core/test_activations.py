"""Activation entries: values, derivatives, expressions and in-place forms agree; saturation stays finite."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from core.activations import ACTIVATIONS, Activation
from core.graph import Graph
from core.registry import complete_parameters

ENTRIES = list(ACTIVATIONS)
ELEMENTWISE = [entry for entry in ENTRIES if entry.expression]
GRID = np.array([[-3.0, -1.5, -0.7, -0.1], [0.2, 0.9, 1.7, 4.0]])


def settings_of(entry: Activation) -> dict[str, float]:
    return complete_parameters(entry.parameters, {"alpha": 0.3} if entry.parameters else {})


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_saturation_is_finite_in_value_and_derivative(entry: Activation) -> None:
    z = np.array([[-1e3, 1e3, 0.0], [-1e30, 1e30, 40.0]])
    with np.errstate(under="ignore"):
        a = entry.value(z, settings_of(entry))
        local = entry.derivative(z, a, settings_of(entry))
    assert np.isfinite(a).all()
    assert np.isfinite(local).all()
    low, high = entry.range
    assert low is None or entry.name == "elu" or a.min() >= low
    assert high is None or a.max() <= high


@pytest.mark.parametrize("entry", ELEMENTWISE, ids=lambda entry: entry.name)
def test_derivative_is_the_slope_of_the_value(entry: Activation) -> None:
    settings, h = settings_of(entry), 1e-6
    slope = (entry.value(GRID + h, settings) - entry.value(GRID - h, settings)) / (2 * h)
    local = entry.derivative(GRID, entry.value(GRID, settings), settings)
    np.testing.assert_allclose(local, slope, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("entry", ELEMENTWISE, ids=lambda entry: entry.name)
def test_expression_is_the_value(entry: Activation) -> None:
    settings = settings_of(entry)
    for z in [*GRID.ravel().tolist(), 0.0]:
        graph = Graph()
        names = {name: graph.constant(value) for name, value in settings.items()}
        node = graph.expression(entry.expression, {**names, "z": graph.variable("z", z)})
        expected = entry.value(np.array([[z]]), settings)[0, 0]
        assert graph.value(node) == pytest.approx(expected, rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(
    "entry",
    [entry for entry in ENTRIES if not entry.output_only and entry.in_place],
    ids=lambda entry: entry.name,
)
def test_in_place_form_is_the_value_with_signs_changed(entry: Activation) -> None:
    assert entry.in_place is not None
    settings = settings_of(entry)
    z = np.concatenate([GRID, [[0.0, 800.0, -800.0, 36.0]]])
    net, activation, slope = -z, np.full_like(z, np.nan), np.full_like(z, np.nan)
    with np.errstate(all="ignore"):
        for call in entry.in_place.forward(net, activation, settings):
            call()
        for call in entry.in_place.derivative(net, activation, slope, settings):
            call()
    a = entry.value(z, settings)
    np.testing.assert_allclose(-activation, a, rtol=1e-14, atol=1e-300)
    np.testing.assert_allclose(slope, entry.derivative(z, a, settings), rtol=1e-14, atol=1e-15)


def test_in_place_softmax_is_the_value_of_each_column() -> None:
    entry = ACTIVATIONS.get("softmax")
    assert entry.in_place is not None
    z = np.array([[0.3, -2.0, 900.0], [0.3, 1.0, -900.0], [0.3, 0.5, 890.0]])
    net, activation = -z, np.full_like(z, np.nan)
    for call in entry.in_place.forward(net, activation, {}):
        call()
    np.testing.assert_allclose(-activation.T, entry.value(z.T, {}), rtol=1e-14, atol=1e-300)


def test_conventions_at_zero() -> None:
    zero = np.zeros((1, 1))
    for name, value, slope in [
        ("step", 1.0, 0.0),
        ("relu", 0.0, 0.0),
        ("sigmoid", 0.5, 0.25),
        ("tanh", 0.0, 1.0),
    ]:
        entry = ACTIVATIONS.get(name)
        a = entry.value(zero, {})
        assert (a.item(), entry.derivative(zero, a, {}).item()) == (value, slope)


@pytest.mark.parametrize(
    ("name", "z", "expected"),
    [
        ("sigmoid", 0.08, 0.5199893401555818),
        ("gelu", 1.0, 0.8411919906082768),
        ("silu", 1.0, 0.7310585786300049),
        ("softplus", 0.0, math.log(2.0)),
        ("elu", -1.0, 0.3 * (math.exp(-1.0) - 1.0)),
        ("leaky_relu", -2.0, -0.6),
    ],
)
def test_known_values(name: str, z: float, expected: float) -> None:
    entry = ACTIVATIONS.get(name)
    assert entry.value(np.array([[z]]), settings_of(entry)).item() == pytest.approx(expected, rel=1e-15)


def test_softmax_rows_are_distributions_and_its_jacobian_their_slope() -> None:
    entry, h = ACTIVATIONS.get("softmax"), 1e-6
    a = entry.value(GRID, {})
    np.testing.assert_allclose(a.sum(axis=1), 1.0, rtol=1e-15)
    local = entry.derivative(GRID, a, {})
    for j in range(4):
        shift = h * np.eye(4)[j]
        slope = (entry.value(GRID + shift, {}) - entry.value(GRID - shift, {})) / (2 * h)
        np.testing.assert_allclose(local[:, :, j], slope, atol=1e-9)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_templates_name_only_what_there_is(entry: Activation) -> None:
    known = {"z", "a", *(parameter.name for parameter in entry.parameters)}
    for template in (entry.value_template, entry.derivative_template):
        assert set(re.findall(r"<(\w+)>", template)) <= known
    assert entry.label.en
    assert entry.label.ko
