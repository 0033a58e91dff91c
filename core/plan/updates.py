"""Each optimizer's rule as in-place calls on a Workspace, equal to the pure rule in core.optimizers.

A builder receives the workspace, the optimizer's parameters and `scale`, by which the workspace's gradient
must still be multiplied (the constant of the loss and the reductions). It returns the calls before the
forward pass and those after the backward pass. An optimizer without a builder runs through its pure rule.
The learning rate is the workspace's, which a schedule may change between steps.

Before the optimizer the gradient gets the penalties' slopes at the gradient point, is zeroed where frozen,
and is clipped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from core.clipping import CLIPPINGS, Clipping
from core.network import Array, NetworkSpec, TrainingSpec
from core.optimizers import OPTIMIZERS, Optimizer
from core.penalties import PENALTIES
from core.plan.buffers import Call, Workspace
from core.registry import complete_parameters

Numbers = Mapping[str, float]
Calls = tuple[list[Call], list[Call]]
Builder = Callable[[Workspace, Numbers, float], Calls]


def update_calls(network: NetworkSpec, training: TrainingSpec, work: Workspace, scale: float) -> Calls:
    """Return the calls before the forward pass and after the backward pass; frozen parameters stay."""
    optimizer = OPTIMIZERS.get(training.optimizer.name)
    settings = complete_parameters(optimizer.parameters, training.optimizer.parameters)
    first: list[Call] = []
    clipping = CLIPPINGS.get(training.clipping.name)
    if training.regularization.active or clipping.name != "none":
        # Both need the gradient itself: its constant factor can no longer wait for the learning rate.
        first = [*_scaled(work, scale), *_penalty_calls(network, training, work)]
        scale = 1.0
    if work.frozen.any():
        # Not a product with 0: an infinite gradient would become NaN.
        first.append(partial(np.copyto, work.gradient, np.zeros(work.length), where=work.frozen))
    first += _clipping_calls(
        clipping, complete_parameters(clipping.parameters, training.clipping.parameters), work
    )
    builder = BUILDERS.get(optimizer.name)
    before, after = builder(work, settings, scale) if builder else _plain(optimizer, work, settings, scale)
    return before, [*first, *after]


def _penalty_calls(network: NetworkSpec, training: TrainingSpec, work: Workspace) -> list[Call]:
    """Add every penalty's λ times slope at the weights of the gradient point."""
    calls: list[Call] = []
    g, t = work.gradient, work.gradients[1]
    for penalty in PENALTIES:
        coefficient = getattr(training.regularization, penalty.name)
        if coefficient:
            row = work.full(coefficient)
            row *= network.weight_mask()
            calls += [
                partial(penalty.slope, work.point, t),
                partial(np.multiply, t, row, t),
                partial(np.add, g, t, g),
            ]
    return calls


def _clipping_calls(clipping: Clipping, p: Numbers, work: Workspace) -> list[Call]:
    g = work.gradient
    if clipping.name == "none":
        return []
    if clipping.name == "value":
        return [
            partial(np.minimum, g, work.full(p["limit"]), out=g),
            partial(np.maximum, g, work.full(-p["limit"]), out=g),
        ]

    def clip() -> None:
        clipped = clipping.clip(g, p).gradient
        if clipped is not g:
            np.copyto(g, clipped)

    return [clip]


def _scaled(work: Workspace, scale: float) -> list[Call]:
    if scale == 1.0:
        return []
    return [partial(np.multiply, work.gradient, work.full(scale), work.gradient)]


def _rated(work: Workspace, factor: float = 1.0) -> Array:
    """Return a constant row that holds the learning rate times `factor`, whatever a schedule makes of it."""
    row = work.full(0.0)
    work.follow(lambda rate: row.fill(factor * rate))
    return row


def _times_rate(work: Workspace, scale: float) -> list[Call]:
    if not work.scheduled and scale * work.rate == 1.0:
        return []
    return [partial(np.multiply, work.gradient, _rated(work, scale), work.gradient)]


def _sgd(work: Workspace, p: Numbers, scale: float) -> Calls:
    g, theta = work.gradient, work.theta
    return [], [*_times_rate(work, scale), partial(np.subtract, theta, g, theta)]


def _momentum(work: Workspace, p: Numbers, scale: float) -> Calls:
    g, theta, v = work.gradient, work.theta, work.state["velocity"]
    decay: list[Call] = [partial(np.multiply, v, work.full(p["momentum"]), v)]
    move: list[Call] = [
        *_times_rate(work, scale),
        partial(np.subtract, v, g, v),
        partial(np.add, theta, v, theta),
    ]
    if work.point is theta:
        return [], decay + move
    return [*decay, partial(np.add, theta, v, work.point)], move


def _normalised(work: Workspace, p: Numbers) -> list[Call]:
    """θ − ηg / (√h + ε), with h just updated and the working row free."""
    g, theta, h, t = work.gradient, work.theta, work.state["squares"], work.gradients[1]
    return [
        partial(np.sqrt, h, t),
        partial(np.add, t, work.full(p["epsilon"]), t),
        partial(np.divide, g, t, t),
        partial(np.multiply, t, _rated(work), t),
        partial(np.subtract, theta, t, theta),
    ]


def _adagrad(work: Workspace, p: Numbers, scale: float) -> Calls:
    g, h, t = work.gradient, work.state["squares"], work.gradients[1]
    squares: list[Call] = [partial(np.multiply, g, g, t), partial(np.add, h, t, h)]
    return [], [*_scaled(work, scale), *squares, *_normalised(work, p)]


def _rmsprop(work: Workspace, p: Numbers, scale: float) -> Calls:
    g, h, t = work.gradient, work.state["squares"], work.gradients[1]
    squares: list[Call] = [
        partial(np.multiply, g, g, t),
        partial(np.multiply, t, work.full(1.0 - p["decay"]), t),
        partial(np.multiply, h, work.full(p["decay"]), h),
        partial(np.add, h, t, h),
    ]
    return [], [*_scaled(work, scale), *squares, *_normalised(work, p)]


def _adam(work: Workspace, p: Numbers, scale: float) -> Calls:
    """Both moments at once: m and v are two rows, and so are g and g².

    m̂ / (√v̂ + ε) = (m/c₁)·√c₂ / (√v + ε√c₂) with c = 1 − β^count: the corrections become two scalars a step
    (Kingma and Ba 2015, end of section 2).
    """
    g, theta, pair, moments = work.gradient, work.theta, work.gradients, work.states
    t, square = np.empty(work.length), work.gradients[1]
    keep, take = work.full(0.0, 2), work.full(0.0, 2)
    keep[0], keep[1] = p["beta1"], p["beta2"]
    take[0], take[1] = 1.0 - p["beta1"], 1.0 - p["beta2"]
    rate, epsilon = np.array(0.0), np.array(0.0)
    beta1, beta2, small = p["beta1"], p["beta2"], p["epsilon"]

    def correct() -> None:
        work.count += 1
        root = (1.0 - beta2**work.count) ** 0.5
        rate.fill(work.rate * root / (1.0 - beta1**work.count))
        epsilon.fill(small * root)

    return [], [
        *_scaled(work, scale),
        correct,
        partial(np.multiply, g, g, square),
        partial(np.multiply, pair, take, pair),
        partial(np.multiply, moments, keep, moments),
        partial(np.add, moments, pair, moments),
        partial(np.sqrt, moments[1], t),
        partial(np.add, t, epsilon, t),
        partial(np.divide, moments[0], t, t),
        partial(np.multiply, t, rate, t),
        partial(np.subtract, theta, t, theta),
    ]


def _plain(optimizer: Optimizer, work: Workspace, p: Numbers, scale: float) -> Calls:
    def now() -> Numbers:
        return {**p, "learning_rate": work.rate}

    def look() -> None:
        np.copyto(work.point, optimizer.gradient_point(work.theta, work.state, now()))

    def move() -> None:
        work.count += 1
        update = optimizer.update(work.theta, work.gradient, work.state, work.count, now())
        np.copyto(work.theta, update.theta)
        for name, values in update.state.items():
            np.copyto(work.state[name], values)

    return ([look] if optimizer.looks_ahead else []), [*_scaled(work, scale), move]


BUILDERS: dict[str, Builder] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nag": _momentum,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
}
