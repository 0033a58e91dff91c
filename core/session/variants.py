"""Ready-made families of training: every optimizer, and one optimizer at several learning rates."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from core.errors import InvalidInputError
from core.network import OptimizerSpec, TrainingSpec
from core.optimizers import OPTIMIZERS


def every_optimizer(training: TrainingSpec) -> list[TrainingSpec]:
    """Return this training with each optimizer of the registry, all its numbers at their defaults."""
    return [
        replace(
            training,
            optimizer=OptimizerSpec(
                entry.name, {parameter.name: parameter.default for parameter in entry.parameters}
            ),
        )
        for entry in OPTIMIZERS
    ]


def learning_rates(training: TrainingSpec, lowest: float, highest: float, count: int) -> list[TrainingSpec]:
    """Return this training at `count` rates from lowest to highest, evenly spaced on a logarithmic scale.

    Rates between the ends are rounded to three significant digits. InvalidInputError: `parameter-range` of
    the optimizer's learning rate, `rates-order` where the rates would not rise.
    """
    rate = next(p for p in OPTIMIZERS.get(training.optimizer.name).parameters if p.name == "learning_rate")
    for value, pointer in ((lowest, "/lowest"), (highest, "/highest")):
        rate.check(value, pointer)
    if not 0.0 < lowest < highest:
        raise InvalidInputError(code="rates-order", pointer="/highest")
    ratio = highest / lowest
    between = [float(f"{lowest * ratio ** (k / (count - 1)):.3g}") for k in range(1, count - 1)]
    rates = [lowest, *between, highest]
    if any(second <= first for first, second in pairwise(rates)):
        raise InvalidInputError(code="rates-order", pointer="/highest")
    optimizer = training.optimizer
    return [
        replace(
            training, optimizer=replace(optimizer, parameters={**optimizer.parameters, "learning_rate": rate})
        )
        for rate in rates
    ]
