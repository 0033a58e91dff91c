"""The forward pass, explained: what every layer makes of a batch, and the losses that follow."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.activations import ACTIVATIONS
from core.losses import batch_loss, loss_parts
from core.network import Array, LossSpec, NetworkSpec, Parameters
from core.registry import complete_parameters


@dataclass(frozen=True)
class Passed:
    """What one layer made of a batch, (B, n) each: z, f(z), what it passes on, and the dropout mask.

    `activation` is `function_value` times `mask`, or the same array without a mask.
    """

    net_input: Array
    function_value: Array
    activation: Array
    mask: Array | None = None


def forward(
    network: NetworkSpec, vector: Array, inputs: Array, masks: tuple[Array, ...] = ()
) -> list[Passed]:
    """Return what every layer 1..L makes of inputs (B, n_in), in float64; `masks` are the hidden layers'."""
    parameters = Parameters(network, vector)
    layers: list[Passed] = []
    activation = np.asarray(inputs, dtype=np.float64)
    with np.errstate(all="ignore"):
        for index, layer in enumerate(network.layers, start=1):
            net_input = activation @ parameters.weights(index)
            bias = parameters.bias(index)
            if bias is not None:
                net_input = net_input + bias
            entry = ACTIVATIONS.get(layer.activation)
            settings = complete_parameters(entry.parameters, layer.activation_parameters)
            value = activation = entry.value(net_input, settings)
            mask = masks[index - 1] if index <= len(masks) else None
            if mask is not None:
                activation = value * mask
            layers.append(Passed(net_input, value, activation, mask))
    return layers


def predict(network: NetworkSpec, vector: Array, inputs: Array) -> list[tuple[Array, Array]]:
    """Return net input and activation, (B, n) each, of every layer 1..L for inputs (B, n_in), in float64.

    Nothing is ever dropped here.
    """
    return [(layer.net_input, layer.activation) for layer in forward(network, vector, inputs)]


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
