"""Binary cross-entropy of one sigmoid output: its numbers, its curves, and its gradient told in steps."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.activations import ACTIVATIONS
from core.graph import Graph
from core.lab import Explanation, Quantity, derivative
from core.losses import FUSED, LOSSES, Array
from core.scores.curves import bce_gradient, binary_entropy, difference_quotient, filled, loss_of, single
from core.scores.settings import BinarySettings
from core.scores.telling import Telling

# How near to 1 an output may come before ln(1 − y) has lost too many digits to be shown from y.
MARGIN = 1e-3
# Nearer to 0 or 1 a probability has no room for a difference quotient.
ROOM = 1e-9
FROM_NET_INPUT = {0: "\\ln(1+e^{<z>})", 1: "\\ln(1+e^{-<z>})"}
_CORNERS = (0.99, 0.01)


@dataclass(frozen=True)
class Corner:
    """One of the four cases: the target, a probability near 0 or 1, and the loss."""

    target: int
    probability: float
    loss: float


@dataclass(frozen=True)
class Binary:
    """One prediction and the curves around it; arrays are (n,).

    `loss_gradient` is ∂L/∂y, `slope` ∂y/∂z and `gradient` ∂L/∂z; the last two and `net_input` are infinite
    or 0 where a probability of 0 or 1 was set. The curves over p and over z have the loss for target 1 and
    for target 0.
    """

    net_input: float
    probability: float
    loss: float
    loss_gradient: float
    slope: float
    gradient: float
    p: Array
    loss_if_one: Array
    loss_if_zero: Array
    z: Array
    loss_of_net_input_if_one: Array
    loss_of_net_input_if_zero: Array
    gradient_if_one: Array
    gradient_if_zero: Array
    corners: tuple[Corner, ...]


def binary_loss(probability: float, target: float) -> float:
    """Return −[t ln p + (1−t) ln(1−p)] of a probability that is set: infinite where the right one is 0."""
    return 0.0 - log_right(probability, target)


def log_right(probability: float, target: float) -> float:
    """Return ln p for target 1 and ln(1−p) for target 0, −∞ for the logarithm of 0."""
    if probability == 1.0 - target:
        return -math.inf
    return math.log(probability) if target == 1.0 else math.log1p(-probability)


def logit(probability: float) -> float:
    """Return the net input z with σ(z) = p, infinite at 0 and 1."""
    if probability in (0.0, 1.0):
        return math.inf if probability else -math.inf
    return math.log(probability) - math.log1p(-probability)


def explore_binary(settings: BinarySettings) -> Binary:
    """Return the numbers of the prediction and of the curves."""
    entry, sigmoid = LOSSES.get("binary_cross_entropy"), ACTIVATIONS.get("sigmoid")
    t = float(settings.target)
    if settings.source == "probability":
        y = settings.probability
        z, loss = logit(y), binary_loss(y, t)
    else:
        z = settings.net_input
        y = float(sigmoid.value(single(z), {}).item())
        loss = loss_of(entry, 1.0, y, t, z)
    p = np.linspace(0.005, 0.995, 199)[:, None]
    reach = max(8.0, 1.2 * abs(z)) if math.isfinite(z) else 8.0
    grid = np.linspace(-reach, reach, 161)[:, None]
    outputs = sigmoid.value(grid, {})
    # The entry takes the loss from the net input, which for a probability is its logit.
    logits = np.log(p) - np.log1p(-p)
    ones, zeros = np.ones_like(grid), np.zeros_like(grid)
    fused = FUSED["binary_cross_entropy", "sigmoid"]
    return Binary(
        net_input=z,
        probability=y,
        loss=loss,
        loss_gradient=bce_gradient(y, t)[1],
        slope=float(sigmoid.derivative(single(z), single(y), {}).item()),
        gradient=float(fused.delta(single(y), single(t)).item()),
        p=p[:, 0],
        loss_if_one=binary_entropy(logits, 1.0)[:, 0],
        loss_if_zero=binary_entropy(logits, 0.0)[:, 0],
        z=grid[:, 0],
        loss_of_net_input_if_one=binary_entropy(grid, 1.0)[:, 0],
        loss_of_net_input_if_zero=binary_entropy(grid, 0.0)[:, 0],
        gradient_if_one=fused.delta(outputs, ones)[:, 0],
        gradient_if_zero=fused.delta(outputs, zeros)[:, 0],
        corners=tuple(
            Corner(target, near, binary_loss(near, float(target))) for target in (1, 0) for near in _CORNERS
        ),
    )


def explain_binary(settings: BinarySettings, found: Binary) -> Explanation:
    """Return the micro-steps: sigmoid, the loss, and its gradient with its collapse."""
    telling = Telling()
    book = telling.book
    book.name(*(Quantity(letter, letter) for letter in "zytL"))
    book.name(derivative("gy", "L", "y"), derivative("j", "y", "z"), derivative("gz", "L", "z"))
    book.name(Quantity("c", "G"))
    book.give("t", settings.target)
    sigmoid = ACTIVATIONS.get("sigmoid")
    from_net_input = settings.source == "net_input"
    if from_net_input:
        book.give("z", found.net_input)
        template = filled(sigmoid.value_template, z="z")
        refs = {"output": "y", "net_input": "z"}
        telling.tell(
            "forward", ("y",), "function", "y", template, found.probability, "sigmoid", "sigmoid", refs
        )
    else:
        book.give("y", found.probability)
    _tell_loss(telling, found, from_net_input)
    _tell_gradient(telling, found, from_net_input)
    if from_net_input:
        _prove_net_input(telling, settings, found)
    else:
        book.check("y", found.loss_gradient, *proof_of_probability(found.probability, settings.target))
    return book.done()


def _tell_loss(telling: Telling, found: Binary, from_net_input: bool) -> None:
    entry = LOSSES.get("binary_cross_entropy")
    rounded = from_net_input and (found.probability == 0.0 or 1.0 - found.probability < MARGIN)
    telling.tell(
        "loss",
        ("L",),
        "total",
        "L",
        FROM_NET_INPUT[int(telling.book.value("t"))] if rounded else filled(entry.value_template, a="y"),
        found.loss,
        "binary",
        "binary_from_net_input" if rounded else "binary",
        {"output": "y", "target": "t", "loss": "L", "net_input": "z"},
    )


def _tell_gradient(telling: Telling, found: Binary, from_net_input: bool) -> None:
    sigmoid = ACTIVATIONS.get("sigmoid")
    refs = {"output": "y", "target": "t", "loss": "L", "net_input": "z", "upstream": "gy", "slope": "j"}
    telling.tell(
        "backward",
        ("gy",),
        "function",
        "gy",
        filled(bce_gradient(found.probability, telling.book.value("t"))[0], a="y"),
        found.loss_gradient,
        "binary_upstream",
        "binary_upstream",
        {"output": "y", "loss": "L"},
        badge=1,
    )
    if not from_net_input:
        return
    slope = filled(sigmoid.derivative_template, a="y")
    telling.tell(
        "backward", ("j",), "function", "j", slope, found.slope, "slope", "sigmoid_slope", refs, badge=2
    )
    product = found.loss_gradient * found.slope
    lost = not abs(product - found.gradient) <= 1e-9
    telling.tell(
        "backward",
        ("gz",),
        "product",
        "c",
        "<gy>\\,<j>",
        product,
        "chain",
        "chain_lost" if lost else "chain",
        refs,
    )
    fused = filled(FUSED["binary_cross_entropy", "sigmoid"].delta_template, a="y")
    telling.tell(
        "backward",
        ("gz",),
        "function",
        "gz",
        fused,
        found.gradient,
        "gradient",
        "binary_collapsed",
        refs,
        reads=("c",),
    )


def _prove_net_input(telling: Telling, settings: BinarySettings, found: Binary) -> None:
    entry, t = LOSSES.get("binary_cross_entropy"), float(settings.target)
    central = difference_quotient(lambda z: loss_of(entry, 1.0, 0.0, t, z), found.net_input, found.loss)
    graph = Graph()
    z = graph.variable("z", found.net_input)
    node = graph.expression(entry.net_expression, {"z": z, "t": graph.constant(t)})
    telling.book.check("z", found.gradient, central, graph.backward(node)[z], scale=found.loss)


def proof_of_probability(probability: float, target: float) -> tuple[float, float]:
    """Return ∂L/∂p of a probability that is set: by central difference and by the graph.

    Both are nan at 0 and 1 and nearer than 1e-9 to them, where there is no room for a difference.
    """
    room = min(probability, 1.0 - probability)
    if room < ROOM:
        return math.nan, math.nan
    low, high = probability - 1e-4 * room, probability + 1e-4 * room
    graph = Graph()
    a = graph.variable("a", probability)
    entry = LOSSES.get("binary_cross_entropy")
    node = graph.expression(entry.expression, {"a": a, "t": graph.constant(float(target))})
    central = (binary_loss(high, float(target)) - binary_loss(low, float(target))) / (high - low)
    return central, graph.backward(node)[a]
