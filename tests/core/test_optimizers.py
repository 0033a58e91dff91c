"""Optimizers against a scalar implementation that is written out step by step, apart from the registry."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from core.errors import InvalidInputError
from core.optimizers import OPTIMIZERS, Optimizer
from core.registry import complete_parameters

CENTRE = [1.0, -2.0, 0.5]
START = [0.0, 1.0, 4.0]


def gradient(theta: list[float]) -> list[float]:
    """The gradient of a quartic bowl, so that it changes along the way."""
    return [
        (value - centre) ** 3 + 0.1 * (value - centre) for value, centre in zip(theta, CENTRE, strict=True)
    ]


def by_hand(name: str, steps: int) -> list[list[float]]:
    """Follow each rule one scalar at a time; returns the parameters after every step."""
    eta, mu, rho, beta1, beta2, eps = 0.03, 0.8, 0.7, 0.6, 0.9, 1e-3
    theta, first, second = list(START), [0.0] * 3, [0.0] * 3
    path = []
    for count in range(1, steps + 1):
        ahead = [t + mu * v for t, v in zip(theta, first, strict=True)] if name == "nag" else theta
        slopes = gradient(ahead)
        for i, g in enumerate(slopes):
            if name == "sgd":
                theta[i] -= eta * g
            elif name in ("momentum", "nag"):
                first[i] = mu * first[i] - eta * g
                theta[i] += first[i]
            elif name == "adagrad":
                second[i] += g**2
                theta[i] -= eta * g / (math.sqrt(second[i]) + eps)
            elif name == "rmsprop":
                second[i] = rho * second[i] + (1 - rho) * g**2
                theta[i] -= eta * g / (math.sqrt(second[i]) + eps)
            else:
                first[i] = beta1 * first[i] + (1 - beta1) * g
                second[i] = beta2 * second[i] + (1 - beta2) * g**2
                m_hat, v_hat = first[i] / (1 - beta1**count), second[i] / (1 - beta2**count)
                theta[i] -= eta * m_hat / (math.sqrt(v_hat) + eps)
        path.append(list(theta))
    return path


GIVEN = {"learning_rate": 0.03, "momentum": 0.8, "decay": 0.7, "beta1": 0.6, "beta2": 0.9, "epsilon": 1e-3}


def settings_of(entry: Optimizer) -> dict[str, float]:
    return {parameter.name: GIVEN[parameter.name] for parameter in entry.parameters}


@pytest.mark.parametrize("entry", list(OPTIMIZERS), ids=lambda entry: entry.name)
def test_rule_is_the_one_written_out(entry: Optimizer) -> None:
    settings, theta, state = settings_of(entry), np.array(START), entry.initial_state(3)
    for count, expected in enumerate(by_hand(entry.name, 12), start=1):
        point = entry.gradient_point(theta, state, settings)
        update = entry.update(theta, np.array(gradient(point.tolist())), state, count, settings)
        assert tuple(update.state) == entry.state
        assert tuple(update.terms) == entry.terms
        theta, state = update.theta, dict(update.state)
        np.testing.assert_allclose(theta, expected, rtol=1e-13)


@pytest.mark.parametrize("entry", list(OPTIMIZERS), ids=lambda entry: entry.name)
def test_update_is_pure(entry: Optimizer) -> None:
    theta, state = np.array(START), {name: np.ones(3) for name in entry.state}
    entry.update(theta, np.ones(3), state, 1, settings_of(entry))
    assert theta.tolist() == START
    assert all((values == 1.0).all() for values in state.values())


def test_adam_terms_are_the_corrected_moments() -> None:
    adam = OPTIMIZERS.get("adam")
    update = adam.update(np.zeros(1), np.array([2.0]), adam.initial_state(1), 1, settings_of(adam))
    assert update.terms["m_hat"].item() == pytest.approx(2.0)
    assert update.terms["v_hat"].item() == pytest.approx(4.0)


def test_only_nag_looks_ahead() -> None:
    assert [entry.name for entry in OPTIMIZERS if entry.looks_ahead] == ["nag"]


@pytest.mark.parametrize("entry", list(OPTIMIZERS), ids=lambda entry: entry.name)
def test_parameters_are_checked_and_complete(entry: Optimizer) -> None:
    rate = entry.parameters[0]
    assert rate.name == "learning_rate"
    assert complete_parameters(entry.parameters, {"learning_rate": 1e6})["learning_rate"] == 1e6
    for refused in (0.0, -1.0, 1.1e6, math.nan, math.inf):
        with pytest.raises(InvalidInputError):
            complete_parameters(entry.parameters, {"learning_rate": refused})


@pytest.mark.parametrize("entry", list(OPTIMIZERS), ids=lambda entry: entry.name)
def test_templates_name_only_what_there_is(entry: Optimizer) -> None:
    known = {"theta", "g", "count", *entry.terms, *(parameter.name for parameter in entry.parameters)}
    known |= {form for name in entry.state for form in (name, f"{name}'")}
    templates = [entry.update_template, entry.point_template]
    templates += [template.template for template in (*entry.state_templates, *entry.term_templates)]
    for template in templates:
        assert set(re.findall(r"<([\w']+)>", template)) <= known
    assert entry.source
