"""Forward and backward propagation as a reader of the lecture would write them, filling a Trace.

Sample-major arrays: X (B, n_in), z = X W + b, delta = dL/dz (B, n_out). core.plan computes the same step
faster; a property test holds the two equal. Non-finite numbers are legitimate data of a step that diverges:
nothing here warns of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.activations import ACTIVATIONS
from core.losses import FUSED, batch_factor, batch_loss, factor, loss_gradient, loss_parts
from core.network import Array, LossSpec, NetworkSpec, Parameters, read_only
from core.optimizers import OPTIMIZERS, Optimizer, Update
from core.registry import complete_parameters
from core.snapshot import Problem, Snapshot
from core.trace import LayerTrace, Trace


def predict(network: NetworkSpec, vector: Array, inputs: Array) -> list[tuple[Array, Array]]:
    """Return net input and activation, (B, n) each, of every layer 1..L for inputs (B, n_in), in float64."""
    parameters = Parameters(network, vector)
    layers: list[tuple[Array, Array]] = []
    activation = np.asarray(inputs, dtype=np.float64)
    with np.errstate(all="ignore"):
        for index, layer in enumerate(network.layers, start=1):
            net_input = activation @ parameters.weights(index)
            bias = parameters.bias(index)
            if bias is not None:
                net_input = net_input + bias
            entry = ACTIVATIONS.get(layer.activation)
            settings = complete_parameters(entry.parameters, layer.activation_parameters)
            activation = entry.value(net_input, settings)
            layers.append((net_input, activation))
    return layers


def predict32(
    network: NetworkSpec, vector: Array, inputs: NDArray[np.float32], layer: int | None = None
) -> NDArray[np.float32]:
    """Return the activations (n, M) of `layer` (default: the outputs) for feature-major inputs (n_in, M).

    Float32 throughout: it colours a map. A number that a reader reads comes from `predict`.
    """
    parameters = Parameters(network, vector.astype(np.float32))
    # The signs of the in-place forms: everything negated until the end.
    activation: NDArray[Any] = -np.ascontiguousarray(inputs, dtype=np.float32)
    with np.errstate(all="ignore"):
        for index, spec in enumerate(network.layers[: layer or len(network.layers)], start=1):
            net_input: NDArray[Any] = parameters.weights(index).T @ activation
            bias = parameters.bias(index)
            if bias is not None:
                net_input -= bias[:, None]
            entry = ACTIVATIONS.get(spec.activation)
            settings = complete_parameters(entry.parameters, spec.activation_parameters)
            if entry.in_place is None:
                # The entry's value is written for rows of samples; only softmax looks beyond its own element.
                activation = -entry.value(-net_input.T, settings).T.astype(np.float32, copy=False)
            else:
                activation = np.empty_like(net_input)
                for call in entry.in_place.forward(net_input, activation, settings):
                    call()
    return -activation


def sample_losses(
    network: NetworkSpec, loss: LossSpec, vector: Array, inputs: Array, targets: Array
) -> Array:
    """Return each sample's loss, (N,): output parts summed, or averaged where the loss says so."""
    net_input, activation = predict(network, vector, inputs)[-1]
    with np.errstate(all="ignore"):
        return np.asarray(loss_parts(loss, activation, targets, net_input).sum(axis=1))


def set_loss(network: NetworkSpec, loss: LossSpec, vector: Array, inputs: Array, targets: Array) -> float:
    """Return the loss of a whole set: the samples' losses summed, or averaged where the loss says so."""
    with np.errstate(all="ignore"):
        return batch_loss(loss, sample_losses(network, loss, vector, inputs, targets))


@dataclass(frozen=True)
class _Backward:
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

    @cached_property
    def layers(self) -> list[tuple[Array, Array]]:
        """Net input and activation of every layer."""
        return predict(self.problem.network, self.vector, self.inputs)

    @cached_property
    def parts(self) -> Array:
        """Each output's part of its sample's loss, (B, n_out)."""
        net_input, activation = self.layers[-1]
        return loss_parts(self.problem.training.loss, activation, self.targets, net_input)

    @cached_property
    def loss(self) -> float:
        """The batch's loss."""
        return batch_loss(self.problem.training.loss, self.parts.sum(axis=1))

    @cached_property
    def backward(self) -> list[_Backward]:
        """Every layer's backward pass, layer 1 first.

        Source: Rumelhart, Hinton and Williams 1986, Learning representations by back-propagating errors.
        """
        network, loss = self.problem.network, self.problem.training.loss
        parameters = Parameters(network, self.vector)
        upstream = loss_gradient(loss, self.layers[-1][1], self.targets)
        found: list[_Backward] = []
        for index in range(len(network.layers), 0, -1):
            layer = network.layers[index - 1]
            net_input, activation = self.layers[index - 1]
            entry = ACTIVATIONS.get(layer.activation)
            settings = complete_parameters(entry.parameters, layer.activation_parameters)
            local = entry.derivative(net_input, activation, settings)
            fused = FUSED.get((loss.name, layer.activation)) if index == len(network.layers) else None
            if fused is not None:
                delta = factor(loss, network.outputs) * fused.delta(activation, self.targets)
            elif local.ndim == 3:
                delta = np.einsum("si,sij->sj", upstream, local)
            else:
                delta = upstream * local
            inputs = self.inputs if index == 1 else self.layers[index - 2][1]
            weight_gradients = inputs[:, :, None] * delta[:, None, :]
            bias_gradients = delta if layer.bias.mode == "trained" else None
            found.append(_Backward(upstream, local, delta, weight_gradients, bias_gradients))
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


def explain(problem: Problem, snapshot: Snapshot, after: Snapshot | None = None) -> Trace:
    """Return the Trace of the step that `snapshot` is about to make, on its next batch.

    The gradient is taken at the optimizer's gradient point. With `after`, the recorded snapshot that
    followed, the trace's `after`, `update` and `state_after` are the recorded ones; without, they are
    computed here.
    """
    optimizer = OPTIMIZERS.get(problem.training.optimizer.name)
    settings = complete_parameters(optimizer.parameters, problem.training.optimizer.parameters)
    rows = snapshot.next_rows(problem)
    before, frozen = snapshot.vector, problem.frozen
    state = {name: np.where(frozen, 0.0, snapshot.optimizer_state[name]) for name in optimizer.state}
    with np.errstate(all="ignore"):
        point = optimizer.gradient_point(before, state, settings)
        computed = Pass(problem, point, problem.data.inputs[rows], problem.data.targets[rows])
        count = snapshot.optimizer_count + 1
        update = _masked_update(optimizer, before, computed.gradient, state, count, settings, frozen)
        if after is not None:
            update = replace(update, theta=after.vector, state=dict(after.optimizer_state))
        layers = _layer_traces(computed)
        difference = np.where(frozen, 0.0, update.theta - before)
        parts, loss = computed.parts, computed.loss
        first = _first_nonfinite(computed, update, problem.network)
    return Trace(
        step=snapshot.step,
        epoch=snapshot.epoch,
        batch=tuple(int(row) for row in rows),
        inputs=read_only(computed.inputs),
        targets=read_only(computed.targets),
        layers=layers,
        loss_parts=read_only(parts),
        sample_losses=read_only(parts.sum(axis=1)),
        loss=loss,
        batch_factor=batch_factor(problem.training.loss, len(rows)),
        gradient=read_only(computed.gradient),
        before=read_only(before),
        point=read_only(point),
        update=read_only(difference),
        after=read_only(update.theta),
        frozen=np.broadcast_to(frozen.copy(), frozen.shape),  # a view that cannot be written
        optimizer=optimizer.name,
        optimizer_parameters=settings,
        optimizer_count=count,
        state_before={name: read_only(values) for name, values in state.items()},
        state_after={name: read_only(values) for name, values in update.state.items()},
        terms={name: read_only(values) for name, values in update.terms.items()},
        diverged=not _all_finite(update),
        first_nonfinite=first,
    )


def _masked_update(
    optimizer: Optimizer,
    before: Array,
    gradient: Array,
    state: dict[str, Array],
    count: int,
    settings: dict[str, float],
    frozen: NDArray[np.bool_],
) -> Update:
    """Return the optimizer's update with frozen parameters held and their state zero."""
    update = optimizer.update(before, np.where(frozen, 0.0, gradient), state, count, settings)
    return Update(
        np.where(frozen, before, update.theta),
        {name: np.where(frozen, 0.0, values) for name, values in update.state.items()},
        update.terms,
    )


def _layer_traces(computed: Pass) -> tuple[LayerTrace, ...]:
    gradient = Parameters(computed.problem.network, computed.gradient)
    traces = []
    inputs = computed.inputs
    passes = zip(computed.layers, computed.backward, strict=True)
    for index, (forward, backward) in enumerate(passes, start=1):
        trained = backward.sample_bias_gradients is not None
        bias = gradient.bias(index) if trained else None
        traces.append(
            LayerTrace(
                layer=index,
                activation_name=computed.problem.network.layers[index - 1].activation,
                inputs=read_only(inputs),
                net_input=read_only(forward[0]),
                activation=read_only(forward[1]),
                upstream=read_only(backward.upstream),
                local=read_only(backward.local),
                delta=read_only(backward.delta),
                sample_weight_gradients=read_only(backward.sample_weight_gradients),
                sample_bias_gradients=read_only(backward.sample_bias_gradients)
                if backward.sample_bias_gradients is not None
                else None,
                weight_gradient=read_only(gradient.weights(index)),
                bias_gradient=read_only(bias) if bias is not None else None,
            )
        )
        inputs = forward[1]
    return tuple(traces)


def _all_finite(update: Update) -> bool:
    return all(bool(np.isfinite(values).all()) for values in (update.theta, *update.state.values()))


def _first_nonfinite(computed: Pass, update: Update, network: NetworkSpec) -> str | None:
    """Return the element id of the first non-finite quantity in the order of computation.

    Order: net input and activation layer by layer, the output's activation also standing for its loss part;
    deltas from the last layer back; then the parameters, whose id stands for gradient, state and new value.
    """
    for index, (net_input, activation) in enumerate(computed.layers, start=1):
        for letter, values in (("z", net_input), ("a", activation)):
            if (column := _first_column(values)) is not None:
                return f"{letter}.{index}.{column}"
    if (column := _first_column(computed.parts)) is not None:
        return f"a.{len(network.layers)}.{column}"
    for index in range(len(network.layers), 0, -1):
        if (column := _first_column(computed.backward[index - 1].delta)) is not None:
            return f"d.{index}.{column}"
    for vector in (computed.gradient, *update.state.values(), update.theta):
        if (position := _first_column(vector[None, :])) is not None:
            return network.element(position)
    return None


def _first_column(values: Array) -> int | None:
    if math.isfinite(values.sum()):
        return None
    # A sum of finite numbers may overflow: only now look at each.
    bad = np.flatnonzero(~np.isfinite(values).all(axis=0))
    return int(bad[0]) if len(bad) else None
