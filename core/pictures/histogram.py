"""The weights of each layer as a histogram, now and at the start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.network import Array, NetworkSpec, Parameters

Counts = NDArray[np.intp]


@dataclass(frozen=True)
class LayerHistogram:
    """One layer's weights, without biases: how many lie between the edges now and at the start."""

    layer: int
    counts: Counts
    initial: Counts
    minimum: float
    maximum: float
    mean: float
    deviation: float


@dataclass(frozen=True)
class Histogram:
    """All layers over the same edges (bins + 1,); the last interval includes its upper edge."""

    edges: Array
    layers: tuple[LayerHistogram, ...]


def histogram(network: NetworkSpec, vector: Array, initial: Array, bins: int) -> Histogram:
    """Return the histogram of the weights in `vector`, beside those of `initial`; both finite."""
    views = [Parameters(network, one) for one in (vector, initial)]
    numbers = range(1, len(network.layers) + 1)
    weights = [[view.weights(layer).ravel() for view in views] for layer in numbers]
    flat = np.concatenate([part for pair in weights for part in pair])
    low, high = float(flat.min()), float(flat.max())
    if low == high:
        low, high = low - 0.5, high + 0.5
    # In quarters, because the span of two large weights may be beyond float64.
    edges = np.linspace(low / 4.0, high / 4.0, bins + 1) * 4.0
    layers = []
    for layer, (now, before) in zip(numbers, weights, strict=True):
        counts, initial_counts = (np.histogram(values, edges)[0] for values in (now, before))
        # The spread of weights beyond 1e150 may be infinite.
        with np.errstate(over="ignore"):
            mean, deviation = float(now.mean()), float(now.std())
        extent = float(now.min()), float(now.max())
        layers.append(LayerHistogram(layer, counts, initial_counts, *extent, mean, deviation))
    return Histogram(edges, tuple(layers))
