"""Each optimizer's rule as in-place calls on a Workspace, equal to the pure rule in core.optimizers.

A builder receives the workspace, the optimizer's parameters, `scale`, by which the gradient must still be
multiplied (the constant of the loss and the reductions), and `linear`, the buffer in which that is to be
done: the workspace's gradient, or the outputs' deltas, to which all gradients are proportional and which are
far fewer than the parameters of a large network. An optimizer without a builder runs through its pure rule.
The learning rate is the workspace's, which a schedule may change between steps.

Before the optimizer the gradient gets the penalties' slopes at the gradient point, is zeroed where frozen,
and is clipped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from core.activations import constant
from core.clipping import CLIPPINGS, Clipping
from core.network import NetworkSpec, TrainingSpec
from core.optimizers import OPTIMIZERS, Optimizer
from core.penalties import PENALTIES
from core.plan.buffers import Buffer, Call, Vectors, Workspace
from core.registry import complete_parameters

Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Calls:
    """The calls of an update: before the forward pass, on the linear buffer, and after the backward pass."""

    before: list[Call] = field(default_factory=list)
    scaling: list[Call] = field(default_factory=list)
    after: list[Call] = field(default_factory=list)


Builder = Callable[[Workspace, Numbers, float, Buffer], Calls]


def update_calls(
    network: NetworkSpec, training: TrainingSpec, work: Workspace, scale: float, linear: Buffer
) -> Calls:
    """Return the calls that make an update of what the backward pass leaves; frozen parameters stay."""
    optimizer = OPTIMIZERS.get(training.optimizer.name)
    settings = complete_parameters(optimizer.parameters, training.optimizer.parameters)
    clipping = CLIPPINGS.get(training.clipping.name)
    limits = complete_parameters(clipping.parameters, training.clipping.parameters)
    scaling: list[Call] = []
    first: list[Call] = []
    true_gradient = training.regularization.active or clipping.name != "none"
    if true_gradient:
        # Both need the gradient itself: its constant factor can no longer wait for the learning rate.
        scaling, scale, linear = _scaled(linear, scale), 1.0, work.gradient
        first += _penalty_calls(network, training, work)
    if work.frozen.any():
        # Not a product with 0: an infinite gradient would become NaN.
        zero = constant(0.0, work.gradient)
        first.append(partial(np.copyto, work.gradient, zero, where=work.frozen))
    first += _clipping_calls(clipping, limits, work)
    builder = BUILDERS.get(optimizer.name)
    if builder:
        rule = builder(work, settings, scale, linear)
    else:
        rule = _plain(optimizer, work, settings, scale, linear)
    if true_gradient:
        return Calls(rule.before, scaling, [*first, *rule.scaling, *rule.after])
    return Calls(rule.before, rule.scaling, [*first, *rule.after])


def _penalty_calls(network: NetworkSpec, training: TrainingSpec, work: Workspace) -> list[Call]:
    """Add every penalty's λ times slope at the weights of the gradient point."""
    calls: list[Call] = []
    for penalty in PENALTIES:
        coefficient = getattr(training.regularization, penalty.name)
        if coefficient:
            rows = (coefficient * network.weight_mask()).astype(work.dtype)
            for part in work.stretches():
                g, t = part.gradient, part.free
                calls += [
                    partial(penalty.slope, part.point, t),
                    partial(np.multiply, t, rows[part.place], t),
                    partial(np.add, g, t, g),
                ]
    return calls


def _clipping_calls(clipping: Clipping, p: Numbers, work: Workspace) -> list[Call]:
    g = work.gradient
    if clipping.name == "none":
        return []
    if clipping.name == "value":
        return [
            partial(np.minimum, g, constant(p["limit"], g), out=g),
            partial(np.maximum, g, constant(-p["limit"], g), out=g),
        ]

    def clip() -> None:
        clipped = clipping.clip(g, p).gradient
        if clipped is not g:
            np.copyto(g, clipped)

    return [clip]


def _scaled(linear: Buffer, scale: float) -> list[Call]:
    if scale == 1.0:
        return []
    return [partial(np.multiply, linear, constant(scale, linear), linear)]


def _rated(work: Workspace, like: Buffer, factor: float = 1.0) -> Buffer:
    """Return a constant for calls on a buffer: the present learning rate times `factor`."""
    row = constant(0.0, like)
    work.follow(lambda rate: row.fill(factor * rate))
    return row


def _times_rate(work: Workspace, linear: Buffer, scale: float) -> list[Call]:
    if not work.scheduled and scale * work.rate == 1.0:
        return []
    return [partial(np.multiply, linear, _rated(work, linear, scale), linear)]


def _sgd(work: Workspace, p: Numbers, scale: float, linear: Buffer) -> Calls:
    moves: list[Call] = [
        partial(np.subtract, part.theta, part.gradient, part.theta) for part in work.stretches()
    ]
    return Calls(scaling=_times_rate(work, linear, scale), after=moves)


def _momentum(work: Workspace, p: Numbers, scale: float, linear: Buffer) -> Calls:
    calls = Calls(scaling=_times_rate(work, linear, scale))
    for part in work.stretches():
        g, theta, v = part.gradient, part.theta, part.state["velocity"]
        decay = partial(np.multiply, v, part.constant(p["momentum"]), v)
        if work.point is work.theta:
            calls.after.append(decay)
        else:
            calls.before.extend([decay, partial(np.add, theta, v, part.point)])
        calls.after.extend([partial(np.subtract, v, g, v), partial(np.add, theta, v, theta)])
    return calls


def _normalised(work: Workspace, part: Vectors, p: Numbers) -> list[Call]:
    """θ − ηg / (√h + ε), with h just updated and the working row free."""
    g, theta, h, t = part.gradient, part.theta, part.state["squares"], part.free
    return [
        partial(np.sqrt, h, t),
        partial(np.add, t, part.constant(p["epsilon"]), t),
        partial(np.divide, g, t, t),
        partial(np.multiply, t, _rated(work, t), t),
        partial(np.subtract, theta, t, theta),
    ]


def _adagrad(work: Workspace, p: Numbers, scale: float, linear: Buffer) -> Calls:
    calls = Calls(scaling=_scaled(linear, scale))
    for part in work.stretches():
        g, h, t = part.gradient, part.state["squares"], part.free
        squares: list[Call] = [partial(np.multiply, g, g, t), partial(np.add, h, t, h)]
        calls.after.extend([*squares, *_normalised(work, part, p)])
    return calls


def _rmsprop(work: Workspace, p: Numbers, scale: float, linear: Buffer) -> Calls:
    calls = Calls(scaling=_scaled(linear, scale))
    for part in work.stretches():
        g, h, t = part.gradient, part.state["squares"], part.free
        squares: list[Call] = [
            partial(np.multiply, g, g, t),
            partial(np.multiply, t, part.constant(1.0 - p["decay"]), t),
            partial(np.multiply, h, part.constant(p["decay"]), h),
            partial(np.add, h, t, h),
        ]
        calls.after.extend([*squares, *_normalised(work, part, p)])
    return calls


def _adam(work: Workspace, p: Numbers, scale: float, linear: Buffer) -> Calls:
    """m̂ / (√v̂ + ε) = (m/c₁)·√c₂ / (√v + ε√c₂) with c = 1 − β^count: the corrections are two scalars a step.

    Source: Kingma and Ba 2015, end of section 2.
    """
    rate, epsilon = np.array(0.0, work.dtype), np.array(0.0, work.dtype)
    beta1, beta2, small = p["beta1"], p["beta2"], p["epsilon"]

    def correct() -> None:
        work.count += 1
        root = (1.0 - beta2**work.count) ** 0.5
        rate.fill(work.rate * root / (1.0 - beta1**work.count))
        epsilon.fill(small * root)

    if work.large:
        # The gradient comes multiplied by √(1 − β₂): its square is what v takes, which spares a pass over it.
        root = (1.0 - beta2) ** 0.5
        calls = Calls(scaling=_scaled(linear, scale * root), after=[correct])
        for part in work.stretches():
            calls.after.extend(_moments(part, p, (1.0 - beta1) / root))
            calls.after.extend(_adam_move(part, part.free, rate, epsilon))
        return calls
    # Both moments at once: m and v are two rows, and so are g and g².
    g, pair, moments = work.gradient, work.gradients, work.states
    keep, take = np.empty_like(pair), np.empty_like(pair)
    keep[0], keep[1] = beta1, beta2
    take[0], take[1] = 1.0 - beta1, 1.0 - beta2
    both: list[Call] = [
        partial(np.multiply, g, g, pair[1]),
        partial(np.multiply, pair, take, pair),
        partial(np.multiply, moments, keep, moments),
        partial(np.add, moments, pair, moments),
    ]
    (whole,) = work.stretches()
    move = _adam_move(whole, np.empty_like(g), rate, epsilon)
    return Calls(scaling=_scaled(linear, scale), after=[correct, *both, *move])


def _moments(part: Vectors, p: Numbers, share: float) -> list[Call]:
    """Update v by the gradient's square, then m by the gradient times `share`."""
    g, m, v, t = part.gradient, part.state["m"], part.state["v"], part.free
    return [
        partial(np.multiply, g, g, t),
        partial(np.multiply, v, part.constant(p["beta2"]), v),
        partial(np.add, v, t, v),
        partial(np.multiply, g, part.constant(share), t),
        partial(np.multiply, m, part.constant(p["beta1"]), m),
        partial(np.add, m, t, m),
    ]


def _adam_move(part: Vectors, t: Buffer, rate: Buffer, epsilon: Buffer) -> list[Call]:
    theta, m, v = part.theta, part.state["m"], part.state["v"]
    return [
        partial(np.sqrt, v, t),
        partial(np.add, t, epsilon, t),
        partial(np.divide, m, t, t),
        partial(np.multiply, t, rate, t),
        partial(np.subtract, theta, t, theta),
    ]


def _plain(optimizer: Optimizer, work: Workspace, p: Numbers, scale: float, linear: Buffer) -> Calls:
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

    return Calls([look] if optimizer.looks_ahead else [], _scaled(linear, scale), [move])


BUILDERS: dict[str, Builder] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nag": _momentum,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
}
