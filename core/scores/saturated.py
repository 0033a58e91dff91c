"""One saturated sigmoid neuron trained with three losses: why cross-entropy moves it and squares do not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.activations import ACTIVATIONS
from core.losses import FUSED, LOSSES, Array, Loss, LossForm
from core.scores.curves import bce_gradient, gradient_of, loss_of, single
from core.scores.settings import SaturatedSettings

# The letter of a loss in references, the entry, its named form.
KINDS = (
    ("h", "squared_error", "half_sse"),
    ("m", "squared_error", "mse"),
    ("c", "binary_cross_entropy", "bce"),
)


@dataclass(frozen=True)
class Moment:
    """One neuron at one step with one loss: what was computed, and where the update leads."""

    weight: float
    bias: float
    net_input: float
    output: float
    loss: float
    loss_gradient: float
    slope: float
    gradient: float
    next_weight: float
    next_bias: float


@dataclass(frozen=True)
class Path:
    """One loss's own training: arrays over the steps 0 to `steps`, (steps + 1,).

    `gradient` is ∂L/∂z. `name` is that of the loss's form. `moments` are the same step by step.
    """

    letter: str
    name: str
    weight: Array
    bias: Array
    net_input: Array
    output: Array
    loss: Array
    gradient: Array
    moments: tuple[Moment, ...]


@dataclass(frozen=True)
class LossCurve:
    """One loss and its gradient ∂L/∂z over the net input: (n,) each."""

    name: str
    loss: Array
    gradient: Array


@dataclass(frozen=True)
class Saturated:
    """The three paths from one start, and the losses over the net input `z`, (n,)."""

    paths: tuple[Path, ...]
    z: Array
    curves: tuple[LossCurve, ...]


def entry_of(loss: str, form: str) -> tuple[Loss, LossForm]:
    """Return a loss and its conventions."""
    entry = LOSSES.get(loss)
    return entry, next(each for each in entry.forms if each.name == form)


def moment(settings: SaturatedSettings, loss: str, form: str, weight: float, bias: float) -> Moment:
    """Return one step of one neuron; ∂L/∂z of cross-entropy in its fused form, which never saturates."""
    entry, shape = entry_of(loss, form)
    sigmoid, t = ACTIVATIONS.get("sigmoid"), float(settings.target)
    z = weight * settings.input + bias
    y = float(sigmoid.value(single(z), {}).item())
    slope = float(sigmoid.derivative(single(z), single(y), {}).item())
    fused = FUSED.get((loss, "sigmoid"))
    upstream = bce_gradient(y, t)[1] if fused else gradient_of(entry, shape.coefficient, y, t)
    gradient = float(fused.delta(single(y), single(t)).item()) if fused else upstream * slope
    return Moment(
        weight,
        bias,
        z,
        y,
        loss_of(entry, shape.coefficient, y, t, z),
        upstream,
        slope,
        gradient,
        weight - settings.learning_rate * gradient * settings.input,
        bias - settings.learning_rate * gradient,
    )


def explore_saturated(settings: SaturatedSettings) -> Saturated:
    """Return the three trainings from one start, and the curves that explain them."""
    paths = tuple(_path(settings, *kind) for kind in KINDS)
    reach = max(10.0, 1.2 * abs(float(paths[0].net_input[0])))
    z = np.linspace(-reach, reach, 161)
    return Saturated(paths, z, tuple(_curve(settings, z, loss, form) for _, loss, form in KINDS))


def _path(settings: SaturatedSettings, letter: str, loss: str, form: str) -> Path:
    weight, bias = settings.weight, settings.bias
    moments = []
    for _ in range(settings.steps + 1):
        now = moment(settings, loss, form, weight, bias)
        moments.append(now)
        weight, bias = now.next_weight, now.next_bias

    def over(name: str) -> Array:
        return np.array([getattr(each, name) for each in moments], dtype=np.float64)

    names = ("weight", "bias", "net_input", "output", "loss", "gradient")
    weights, biases, net_inputs, outputs, losses, gradients = map(over, names)
    return Path(letter, form, weights, biases, net_inputs, outputs, losses, gradients, tuple(moments))


def _curve(settings: SaturatedSettings, z: Array, loss: str, form: str) -> LossCurve:
    entry, shape = entry_of(loss, form)
    sigmoid, column = ACTIVATIONS.get("sigmoid"), z[:, None]
    y = sigmoid.value(column, {})
    t = np.full_like(y, settings.target)
    fused = FUSED.get((loss, "sigmoid"))
    if fused:
        gradient = fused.delta(y, t)
    else:
        gradient = shape.coefficient * entry.gradient(y, t) * sigmoid.derivative(column, y, {})
    return LossCurve(form, shape.coefficient * entry.value(y, t, column)[:, 0], gradient[:, 0])
