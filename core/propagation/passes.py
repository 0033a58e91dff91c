"""Both passes over one batch at one parameter vector, with the penalties that the objective adds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.activations import ACTIVATIONS
from core.dropout import draw_masks
from core.losses import FUSED, batch_factor, batch_loss, factor, loss_gradient, loss_parts
from core.network import Array, Parameters
from core.penalties import PENALTIES
from core.propagation.forward import Passed, forward
from core.registry import complete_parameters
from core.snapshot import Problem, Snapshot, generator_of
from core.trace import PenaltyTrace


@dataclass(frozen=True)
class Backward:
    """One layer's backward pass over the batch; names and shapes as in LayerTrace."""

    upstream: Array
    local: Array
    delta: Array
    sample_weight_gradients: Array
    sample_bias_gradients: Array | None


@dataclass(frozen=True)
class Pass:
    """Forward and backward over a batch at one parameter vector."""

    problem: Problem
    vector: Array  # (P,)
    inputs: Array  # (B, n_in)
    targets: Array  # (B, n_out)
    masks: tuple[Array, ...] = ()  # (B, n) for each hidden layer; empty without dropout

    @cached_property
    def layers(self) -> list[Passed]:
        """What every layer makes of the batch."""
        return forward(self.problem.network, self.vector, self.inputs, self.masks)

    @cached_property
    def parts(self) -> Array:
        """Each output's part of its sample's loss, (B, n_out)."""
        output = self.layers[-1]
        return loss_parts(self.problem.training.loss, output.activation, self.targets, output.net_input)

    @cached_property
    def loss(self) -> float:
        """The batch's loss."""
        return batch_loss(self.problem.training.loss, self.parts.sum(axis=1))

    @cached_property
    def penalties(self) -> tuple[PenaltyTrace, ...]:
        """Every penalty that is not switched off."""
        return penalties_at(self.problem, self.vector)

    @cached_property
    def objective(self) -> float:
        """What training lowers: the batch's loss and the penalties."""
        return self.loss + sum(penalty.value for penalty in self.penalties)

    @cached_property
    def backward(self) -> list[Backward]:
        """Every layer's backward pass, layer 1 first.

        Source: Rumelhart, Hinton and Williams 1986, Learning representations by back-propagating errors.
        """
        network, loss = self.problem.network, self.problem.training.loss
        parameters = Parameters(network, self.vector)
        upstream = loss_gradient(loss, self.layers[-1].activation, self.targets)
        found: list[Backward] = []
        for index in range(len(network.layers), 0, -1):
            layer = network.layers[index - 1]
            passed = self.layers[index - 1]
            entry = ACTIVATIONS.get(layer.activation)
            settings = complete_parameters(entry.parameters, layer.activation_parameters)
            local = entry.derivative(passed.net_input, passed.function_value, settings)
            if passed.mask is not None:
                local = local * passed.mask
            fused = FUSED.get((loss.name, layer.activation)) if index == len(network.layers) else None
            if fused is not None:
                delta = factor(loss, network.outputs) * fused.delta(passed.activation, self.targets)
            elif local.ndim == 3:
                delta = np.einsum("si,sij->sj", upstream, local)
            else:
                delta = upstream * local
            inputs = self.inputs if index == 1 else self.layers[index - 2].activation
            weight_gradients = inputs[:, :, None] * delta[:, None, :]
            bias_gradients = delta if layer.bias.mode == "trained" else None
            found.append(Backward(upstream, local, delta, weight_gradients, bias_gradients))
            upstream = delta @ parameters.weights(index).T
        return found[::-1]

    @cached_property
    def gradient(self) -> Array:
        """The gradient of the batch's loss, (P,); 0 at biases that are not trained."""
        gradient = Parameters(self.problem.network, np.zeros(self.problem.network.parameter_count))
        scale = batch_factor(self.problem.training.loss, len(self.inputs))
        for index, layer in enumerate(self.backward, start=1):
            gradient.weights(index)[:] = scale * layer.sample_weight_gradients.sum(axis=0)
            bias = gradient.bias(index)
            if bias is not None and layer.sample_bias_gradients is not None:
                bias[:] = scale * layer.sample_bias_gradients.sum(axis=0)
        return gradient.vector

    @cached_property
    def penalty_gradient(self) -> Array:
        """The gradient of the penalties, (P,); 0 at every bias."""
        network, spec = self.problem.network, self.problem.training.regularization
        gradient = Parameters(network, np.zeros(network.parameter_count))
        parameters = Parameters(network, self.vector)
        for penalty in PENALTIES:
            coefficient = getattr(spec, penalty.name)
            if coefficient:
                for index in range(1, len(network.layers) + 1):
                    gradient.weights(index)[:] += penalty.gradient(parameters.weights(index), coefficient)
        return gradient.vector

    @cached_property
    def objective_gradient(self) -> Array:
        """The gradient of the objective, (P,); 0 at biases that are not trained."""
        return self.gradient + self.penalty_gradient if self.penalties else self.gradient


def penalties_at(problem: Problem, vector: Array) -> tuple[PenaltyTrace, ...]:
    """Return what each penalty that is not switched off adds to the objective at a parameter vector."""
    network, found = problem.network, []
    for penalty in PENALTIES:
        coefficient = getattr(problem.training.regularization, penalty.name)
        if coefficient:
            parameters = Parameters(network, vector)
            layers = range(1, len(network.layers) + 1)
            with np.errstate(all="ignore"):
                size = float(sum(penalty.size(parameters.weights(layer)).sum() for layer in layers))
            found.append(PenaltyTrace(penalty.name, coefficient, size, coefficient * penalty.share * size))
    return tuple(found)


def step_masks(problem: Problem, snapshot: Snapshot, length: int) -> tuple[Array, ...]:
    """Return the masks (length, n) of the step that `snapshot` is about to make; none without dropout.

    They come from a copy of the snapshot's generator, which the step itself will draw from.
    """
    rate, hidden = problem.training.dropout, problem.network.hidden
    if rate == 0.0 or not hidden:
        return ()
    return tuple(draw_masks(generator_of(snapshot.generator_state), rate, hidden, length))
