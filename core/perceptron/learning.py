"""A neuron learning sample by sample: the whole path of its weights, exact where the rule allows it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from core.perceptron.plane import Neuron
from core.perceptron.rules import Rule
from core.perceptron.tables import Samples

MAXIMUM_EPOCHS = 200
# Fractions where the rule is exact, so that the sign of a net input is certain.
Number = Fraction | float
NetInputs = tuple[Number, ...]
Outcome = Literal["separated", "cycles", "settled", "unfinished", "diverged"]


@dataclass(frozen=True, slots=True)
class Setting:
    """What is learnt, from where, and by which rule; one iteration is one sample."""

    rule: Rule
    samples: Samples
    start: Neuron
    learning_rate: float
    epochs: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One iteration: which sample, its net input and output, target − compared, whether weights changed."""

    sample: int
    net_input: float
    output: float
    error: float
    changed: bool


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pass over the samples: its first iteration, how many corrections it made, what it left behind.

    `wrong` are the samples that the weights at its end put on the wrong side; `loss` is the mean of
    ½ (t − z)² over all samples with those weights, None for a rule without a loss.
    """

    number: int
    first: int
    corrections: int
    neuron: Neuron
    wrong: tuple[int, ...]
    loss: float | None


@dataclass(frozen=True, slots=True)
class Cycle:
    """The weights after epoch `again` are those after epoch `first` (0: the start), to the last digit.

    From there on everything repeats, every `period` epochs, since an epoch depends on nothing but the weights
    that it begins with.
    """

    first: int
    again: int

    @property
    def period(self) -> int:
        """After how many epochs the same weights come back."""
        return self.again - self.first


@dataclass(frozen=True, slots=True)
class Path:
    """Every iteration: `neurons[k]` is the neuron before iteration k, the last entry that after all of them.

    `exact` are their numbers w₁, w₂, b as the rule computes them, `rows` the samples in the same numbers.
    `outcome` is "separated" where the perceptron rule made a whole epoch without a correction and stops,
    "cycles" where the weights came back after several epochs or with corrections in between, "settled" where
    a rule that always corrects a little ends each epoch with the same weights, "diverged" where a number is
    no longer finite, else "unfinished".
    """

    neurons: tuple[Neuron, ...]
    exact: tuple[tuple[Number, Number, Number], ...]
    rows: tuple[tuple[Number, Number], ...]
    visits: tuple[Visit, ...]
    epochs: tuple[Epoch, ...]
    outcome: Outcome
    cycle: Cycle | None

    @property
    def corrections(self) -> int:
        """How many iterations changed the weights."""
        return sum(visit.changed for visit in self.visits)

    def net_inputs(self, place: int) -> NetInputs:
        """Return the net input of every sample with the neuron before iteration `place`."""
        return _net_inputs(*self.exact[place], self.rows)


def decimal(value: float) -> Fraction:
    """Return the number as it is written: 0.1 is one tenth, not the nearest binary fraction."""
    return Fraction(repr(value))


def run(setting: Setting) -> Path:
    """Return the path of the weights over all epochs; it ends early where nothing is left to correct.

    The perceptron rule is computed in fractions, starting from the decimals as they are written. So a net
    input of exactly 0 is 0, and weights that come back are the same. Adaline's is computed in float64.
    """
    rule, samples = setting.rule, setting.samples
    # The arithmetic is the same for fractions and floats; only what the numbers are differs.
    number: Callable[[float], Any] = decimal if rule.exact else float
    rows = tuple((number(x1), number(x2)) for x1, x2 in samples.inputs)
    targets = [number(rule.targets[label]) for label in samples.classes]
    rate = number(setting.learning_rate)
    w1, w2 = map(number, setting.start.weights)
    b = number(setting.start.bias)
    states = [(w1, w2, b)]
    visits: list[Visit] = []
    epochs: list[Epoch] = []
    seen = {states[0]: 0}
    cycle: Cycle | None = None
    outcome: Outcome = "unfinished"
    for epoch in range(1, setting.epochs + 1):
        first = len(visits)
        for place, ((x1, x2), target) in enumerate(zip(rows, targets, strict=True)):
            z = w1 * x1 + w2 * x2 + b
            y = 1 if z >= 0 else 0
            error = target - (y if rule.compares == "output" else z)
            change = rate * error
            if change:
                w1, w2, b = w1 + change * x1, w2 + change * x2, b + change
            visits.append(Visit(place, float(z), float(y), float(error), bool(change)))
            states.append((w1, w2, b))
            if not math.isfinite(float(z) + float(w1) + float(w2) + float(b)):
                outcome = "diverged"
                break
        corrections = sum(visit.changed for visit in visits[first:])
        epochs.append(_ended(setting, epoch, first, corrections, states[-1], rows))
        if outcome == "diverged":
            break
        if corrections == 0 and not rule.loss:
            outcome = "separated"
            break
        if cycle is None and states[-1] in seen:
            cycle = Cycle(seen[states[-1]], epoch)
            outcome = "settled" if rule.loss and cycle.period == 1 else "cycles"
        seen.setdefault(states[-1], epoch)
    neurons = tuple(_neuron(state) for state in states)
    return Path(neurons, tuple(states), rows, tuple(visits), tuple(epochs), outcome, cycle)


def _neuron(state: tuple[Number, Number, Number]) -> Neuron:
    w1, w2, b = state
    return Neuron((float(w1), float(w2)), float(b))


def _net_inputs(w1: Any, w2: Any, b: Any, rows: tuple[tuple[Any, Any], ...]) -> NetInputs:
    return tuple(w1 * x1 + w2 * x2 + b for x1, x2 in rows)


def _ended(
    setting: Setting,
    number: int,
    first: int,
    corrections: int,
    state: tuple[Number, Number, Number],
    rows: tuple[tuple[Number, Number], ...],
) -> Epoch:
    """Return the record of an epoch from the weights at its end."""
    net_inputs = _net_inputs(*state, rows)
    wrong = tuple(
        place
        for place, (z, label) in enumerate(zip(net_inputs, setting.samples.classes, strict=True))
        if (z >= 0) != (label == 1)
    )
    loss = None
    if setting.rule.loss:
        targets = [setting.rule.targets[label] for label in setting.samples.classes]
        losses = [squared_loss(float(z), t) for z, t in zip(net_inputs, targets, strict=True)]
        loss = sum(losses) / len(losses)
    return Epoch(number, first, corrections, _neuron(state), wrong, loss)


def squared_loss(z: float, target: float) -> float:
    """Return ½ (t − z)²; infinite where it overflows."""
    difference = target - z
    return 0.5 * difference * difference
