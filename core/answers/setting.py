"""What every slip is computed from: the specification, the trace and its numbers for one sample."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from core.activations import ACTIVATIONS
from core.clipping import CLIPPINGS
from core.losses import FUSED, LOSSES, factor
from core.microsteps.numbers import Numbers
from core.optimizers import OPTIMIZERS
from core.registry import complete_parameters
from core.schedules import scheduled_rate
from core.trace import Array, LayerTrace, Trace

if TYPE_CHECKING:
    from core.training import Problem

# Where more neurons or terms than this stand side by side, some wrong one agrees with any number by chance.
CROWD = 8

# The fused delta and the product of its factors are the same number up to rounding, unless one overflows.
_AGREEMENT = 1e-9


class Setting:
    """One sample of one step, with the look-ups and recomputations that slips need.

    Raises ValueError if `sample`, a row of the data set, is not in the trace's batch.
    """

    def __init__(self, problem: Problem, trace: Trace, sample: int) -> None:
        self.network = problem.network
        self.loss = problem.training.loss
        self.trace = trace
        self.sample = sample
        self.position = trace.sample_position(sample)
        self.numbers = Numbers(problem.network, trace, sample)
        self.optimizer = OPTIMIZERS.get(trace.optimizer)
        self.last = len(problem.network.layers)
        self.batch = len(trace.batch)
        self.ahead = self.optimizer.looks_ahead
        self.fused = FUSED.get((self.loss.name, problem.network.layers[-1].activation))
        self.factor = factor(self.loss, problem.network.outputs)

    def width(self, layer: int) -> int:
        """Return the number of neurons in `layer`."""
        return self.network.sizes[layer]

    def is_softmax(self, layer: int) -> bool:
        """Return whether the activations of `layer` each depend on the whole layer."""
        return self.trace.layers[layer - 1].local.ndim == 3

    def layer_trace(self, layer: int) -> LayerTrace:
        """Return the numbers of layer 1..L over the batch."""
        return self.trace.layers[layer - 1]

    def has_bias(self, layer: int) -> bool:
        """Return whether a bias is added in `layer`, trained or not."""
        return self.network.layers[layer - 1].bias.mode != "absent"

    def frozen(self, element: str) -> bool:
        """Return whether no update may move this parameter."""
        return bool(self.trace.frozen[self.network.position(element)])

    def weight(self, layer: int, i: int, j: int) -> str:
        """Return the reference of a weight as both passes use it."""
        return f"{'lw' if self.ahead else 'w'}.{layer}.{i}.{j}"

    def bias(self, layer: int, j: int) -> str:
        """Return the reference of a bias as both passes use it."""
        return f"{'lb' if self.ahead else 'b'}.{layer}.{j}"

    def all(self, refs: Sequence[str]) -> list[float]:
        """Return the numbers of several references."""
        return [self.numbers[ref] for ref in refs]

    def others(self, layer: int, j: int) -> list[int]:
        """Return the other neurons of `layer` that one may take for neuron j; none in a crowd."""
        width = self.width(layer)
        return [m for m in range(width) if m != j] if width <= CROWD else []

    def loss_gradient(self, element: str) -> str:
        """Return the gradient of the batch's loss for a parameter, of a batch of one the sample's."""
        return f"{'G' if self.batch > 1 else 'g'}{element}"

    def objective_gradient(self, element: str) -> str:
        """Return the gradient of the objective for a parameter; biases have no penalty."""
        return f"J{element}" if self.trace.penalties and element[0] == "w" else self.loss_gradient(element)

    def gradient(self, element: str) -> str:
        """Return the gradient that the optimizer receives for a parameter."""
        return f"C{element}" if self.clips else self.objective_gradient(element)

    @property
    def clips(self) -> bool:
        """Whether gradients are clipped."""
        return self.trace.clipping.name != "none"

    @property
    def scheduled(self) -> bool:
        """Whether the learning rate follows a schedule."""
        return self.trace.schedule.name != "constant"

    def clipped(self, gradient: float) -> float:
        """Return one entry after clipping, with the factor that the whole gradient has."""
        if self.trace.clipping.factor is not None:
            return gradient * self.trace.clipping.factor
        clipping = CLIPPINGS.get(self.trace.clipping.name)
        return float(clipping.clip(np.array([gradient]), self.trace.clipping.parameters).gradient[0])

    def received(self, element: str, gradient: float) -> float:
        """Return what the optimizer would receive if the loss had that gradient for a parameter."""
        added = self.trace.penalty_gradient[self.network.position(element)]
        return self.clipped(gradient + float(added))

    def rate_of(self, epoch: int) -> float:
        """Return the learning rate of another epoch."""
        schedule = self.trace.schedule
        return scheduled_rate(schedule.name, schedule.parameters, schedule.base, epoch)

    def mask(self, layer: int, j: int) -> float | None:
        """Return what dropout multiplies a neuron by: 0 or 1/(1-p); None where nothing can be dropped."""
        mask = self.layer_trace(layer).mask
        return None if mask is None else float(mask[self.position, j])

    def value(self, layer: int, j: int) -> str:
        """Return the reference of f(z): with dropout it is not yet the activation."""
        return f"{'a' if self.mask(layer, j) is None else 'f'}.{layer}.{j}"

    def long_route(self, layer: int, j: int) -> bool:
        """Return whether delta is what upstream times slope gives, as far as floating point can say."""
        if self.is_softmax(layer):
            return False
        if layer < self.last or self.fused is None:
            return True
        product = self.numbers[f"up.{layer}.{j}"] * self.numbers[f"loc.{layer}.{j}"]
        delta = self.numbers[f"d.{layer}.{j}"]
        if not math.isfinite(product):
            return not math.isfinite(delta)
        return abs(product - delta) <= _AGREEMENT * max(abs(product), abs(delta), _AGREEMENT)

    def activated(self, layer: int, net_input: float) -> float:
        """Return f(z) of a layer that works neuron by neuron."""
        spec = self.network.layers[layer - 1]
        entry = ACTIVATIONS.get(spec.activation)
        settings = complete_parameters(entry.parameters, spec.activation_parameters)
        with np.errstate(all="ignore"):
            return float(entry.value(np.array([[net_input]]), settings)[0, 0])

    def slope(self, layer: int, net_input: float, activation: float) -> float:
        """Return f' of a layer that works neuron by neuron, for whatever stands in its formula."""
        spec = self.network.layers[layer - 1]
        entry = ACTIVATIONS.get(spec.activation)
        settings = complete_parameters(entry.parameters, spec.activation_parameters)
        with np.errstate(all="ignore"):
            return float(entry.derivative(np.array([[net_input]]), np.array([[activation]]), settings)[0, 0])

    def _row(self, kind: str) -> Array:
        return np.array([self.all([f"{kind}.{self.last}.{k}" for k in range(self.network.outputs)])])

    def _targets(self) -> Array:
        return np.array([self.all([f"t.{k}" for k in range(self.network.outputs)])])

    def part_at_net_input(self, k: int) -> float:
        """Return output k's part of the loss with its net input in place of its activation."""
        if self.loss.name != "squared_error":
            return math.nan  # the entropies' values are computed from the net input already
        net_input = self._row("z")
        value = LOSSES.get(self.loss.name).value(net_input, self._targets(), net_input)
        return float(self.factor * value[0, k])

    def loss_slope_at_net_input(self, k: int) -> float:
        """Return the loss's derivative at output k with its net input in place of its activation."""
        with np.errstate(all="ignore"):
            gradient = LOSSES.get(self.loss.name).gradient(self._row("z"), self._targets())
        return float(self.factor * gradient[0, k])


def dot(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the sum of products, term by term."""
    return sum((a * b for a, b in zip(first, second, strict=True)), 0.0)
