"""Scores to softmax to cross-entropy: its numbers, its curves, and why not argmax."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.activations import ACTIVATIONS
from core.losses import FUSED, LOSSES, Array
from core.scores.curves import SMALLEST
from core.scores.settings import SoftmaxSettings

# Widths of the difference quotients that are laid beside the derivative.
QUOTIENT_WIDTHS = (1.0, 0.1, 0.01, 0.001, 0.0001)
_POINTS = 121
_TEMPERATURES = np.geomspace(0.05, 20.0, 81)


@dataclass(frozen=True)
class Quotient:
    """(f(z+h) − f(z−h)) / 2h of one class's output by its own score, through argmax and through softmax."""

    width: float
    argmax: float
    softmax: float


@dataclass(frozen=True)
class Sweep:
    """The outputs while one number moves: `x` is (n,), `softmax` and `argmax` (n, classes), `loss` (n,)."""

    x: Array
    softmax: Array
    argmax: Array
    loss: Array


@dataclass(frozen=True)
class Softmax:
    """One prediction: arrays over the classes (K,), the Jacobian (K, K) with [i, k] = ∂y_i/∂s_k.

    `scaled` are the scores divided by the temperature, `shifted` what is left after subtracting the largest,
    `exponentials` the powers of e of that; `naive` is softmax without the shift, and may be nan. `gradient`
    is ∂L/∂z by the scores before the temperature. `argmax` is one-hot; of equal scores the first one wins.
    `argmax_loss` is the cross-entropy of argmax: 0 or infinite. `cold` and `hot` are the limits for T → 0 and
    T → ∞. `jump` is the score of the class `varied` at which argmax changes its mind.
    """

    scores: Array
    scaled: Array
    largest: float
    shifted: Array
    exponentials: Array
    total: float
    probabilities: Array
    naive: Array
    argmax: Array
    target: Array
    parts: Array
    loss: float
    argmax_loss: float
    output_gradient: Array
    jacobian: Array
    gradient: Array
    weight_gradient: Array | None
    cold: Array
    hot: Array
    varied: int
    jump: float
    quotients: tuple[Quotient, ...]
    score_curve: Sweep
    temperature_curve: Sweep

    @property
    def long_route_holds(self) -> bool:
        """Whether ∂L/∂y times the Jacobian has a value: not where the target's share rounded to 0."""
        return bool(np.isfinite(self.output_gradient).all())


def scores_of(settings: SoftmaxSettings) -> Array:
    """Return the scores (K,): set directly, or the inputs times the weights."""
    if settings.source == "scores":
        return np.array(settings.scores)
    return np.asarray(np.array(settings.inputs) @ np.array(settings.weights))


def shares(scores: Array, temperature: float | Array = 1.0) -> Array:
    """Return softmax(z/T) of scores (..., K)."""
    rows = ACTIVATIONS.get("softmax").value(np.asarray(np.atleast_2d(scores) / temperature), {})
    return np.asarray(rows.reshape(scores.shape))


def winner(scores: Array) -> Array:
    """Return argmax as one-hot rows for scores (..., K); of equal scores the first one wins."""
    return np.asarray(np.eye(scores.shape[-1])[scores.argmax(axis=-1)])


def cross_entropy(scores: Array, target: Array, temperature: float = 1.0) -> Array:
    """Return −Σ t ln softmax(z/T) for scores (..., K), from the scores, without a logarithm of 0."""
    entry = LOSSES.get("categorical_cross_entropy")
    scaled = np.atleast_2d(scores) / temperature
    rows = np.broadcast_to(target, scaled.shape)
    return np.reshape(entry.value(shares(scaled), rows, scaled).sum(axis=-1), scores.shape[:-1])


def explore_softmax(settings: SoftmaxSettings) -> Softmax:
    """Return every number of the prediction, of its gradient and of the curves around it."""
    scores, temperature = scores_of(settings), settings.temperature
    scaled = scores / temperature
    shifted = scaled - scaled.max()
    exponentials = np.exp(shifted)
    probabilities = shares(scaled)
    target = np.eye(settings.classes)[settings.target]
    entry, softmax = LOSSES.get("categorical_cross_entropy"), ACTIVATIONS.get("softmax")
    parts = entry.value(probabilities[None], target[None], scaled[None])[0]
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(scaled)
        naive = powers / powers.sum()
    won = winner(scores)
    # A share that rounded to 0 has no finite slope of −ln; the classes that are not the target have slope 0.
    slopes = np.where(
        probabilities >= SMALLEST, entry.gradient(probabilities[None], target[None])[0], -np.inf
    )
    fused = FUSED["categorical_cross_entropy", "softmax"]
    gradient = fused.delta(probabilities[None], target[None])[0] / temperature
    varied = settings.varied
    others = np.delete(scores, varied)
    leaders = scores == scores.max()
    return Softmax(
        scores=scores,
        scaled=scaled,
        largest=float(scaled.max()),
        shifted=shifted,
        exponentials=exponentials,
        total=float(exponentials.sum()),
        probabilities=probabilities,
        naive=naive,
        argmax=won,
        target=target,
        parts=parts + 0.0,
        loss=float(parts.sum()) + 0.0,
        argmax_loss=0.0 if won[settings.target] == 1.0 else np.inf,
        output_gradient=np.where(target > 0.0, slopes, 0.0),
        jacobian=softmax.derivative(scaled[None], probabilities[None], {})[0],
        gradient=gradient,
        weight_gradient=None if settings.source == "scores" else np.outer(settings.inputs, gradient),
        cold=leaders / leaders.sum(),
        hot=np.full(settings.classes, 1.0 / settings.classes),
        varied=varied,
        jump=float(others.max()),
        quotients=tuple(_quotient(scores, varied, temperature, width) for width in QUOTIENT_WIDTHS),
        score_curve=_score_curve(settings, scores, target),
        temperature_curve=Sweep(
            _TEMPERATURES,
            shares(np.tile(scores, (len(_TEMPERATURES), 1)), _TEMPERATURES[:, None]),
            np.tile(won, (len(_TEMPERATURES), 1)),
            np.array([float(cross_entropy(scores, target, t)) for t in _TEMPERATURES.tolist()]),
        ),
    )


def moved(scores: Array, place: int, by: float) -> Array:
    """Return the scores with one of them moved."""
    changed = scores.copy()
    changed[place] += by
    return changed


def _quotient(scores: Array, place: int, temperature: float, width: float) -> Quotient:
    above, below = moved(scores, place, width), moved(scores, place, -width)
    return Quotient(
        width,
        float(winner(above)[place] - winner(below)[place]) / (2.0 * width),
        float(shares(above, temperature)[place] - shares(below, temperature)[place]) / (2.0 * width),
    )


def _score_curve(settings: SoftmaxSettings, scores: Array, target: Array) -> Sweep:
    """Return the outputs while the varied score passes the largest of the others."""
    varied, temperature = settings.varied, settings.temperature
    middle = float(np.delete(scores, varied).max())
    width = max(6.0 * max(temperature, 0.5), 1.2 * abs(float(scores[varied]) - middle))
    x = np.linspace(middle - width, middle + width, _POINTS)
    rows = np.tile(scores, (len(x), 1))
    rows[:, varied] = x
    return Sweep(x, shares(rows, temperature), winner(rows), cross_entropy(rows, target, temperature))
