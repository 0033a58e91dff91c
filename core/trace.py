"""The read-only record of one step: every number of the forward pass, the backward pass and the update."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class LayerTrace:
    """One layer (1..L) over the batch of B samples; arrays are read-only.

    `upstream` is dL/da, `delta` dL/dz, both of each sample's own loss (no batch factor). `local` is da/dz:
    shape (B, n_out), or (B, n_out, n_out) with [s, i, j] = da_i/dz_j for softmax. The per-sample gradients
    have no batch factor; `weight_gradient` and `bias_gradient` are the batch's, as the optimizer gets them.
    A layer without a trained bias has None for both bias gradients.
    """

    layer: int
    activation_name: str
    inputs: Array  # (B, n_in)
    net_input: Array  # (B, n_out)
    activation: Array  # (B, n_out)
    upstream: Array  # (B, n_out)
    local: Array  # (B, n_out) or (B, n_out, n_out)
    delta: Array  # (B, n_out)
    sample_weight_gradients: Array  # (B, n_in, n_out)
    sample_bias_gradients: Array | None  # (B, n_out)
    weight_gradient: Array  # (n_in, n_out)
    bias_gradient: Array | None  # (n_out,)


@dataclass(frozen=True)
class Trace:
    """Step k, which maps the parameters theta_k to theta_{k+1}.

    `batch` holds the samples' indices in the data set, in the order of the arrays' first axis. `point` is the
    flat parameter vector at which the gradient was taken: `before`, except for optimizers that look ahead
    (NAG). `batch_factor` is 1 for a summed batch loss and 1/B for an averaged one. `before`, `update` and
    `after` are flat vectors, and so are the entries of `state_before`, `state_after` and `terms` (the
    optimizer's own intermediate quantities, such as bias-corrected moments). `frozen` marks parameters that
    no update may move.
    `first_nonfinite` is the element id of the first quantity in the order of computation that is not finite.
    """

    step: int
    epoch: int
    batch: tuple[int, ...]
    inputs: Array  # (B, n_in)
    targets: Array  # (B, n_out)
    layers: tuple[LayerTrace, ...]
    loss_parts: Array  # (B, n_out): each output's part of its sample's loss
    sample_losses: Array  # (B,)
    loss: float
    batch_factor: float
    gradient: Array  # (P,)
    before: Array  # (P,)
    point: Array  # (P,)
    update: Array  # (P,)
    after: Array  # (P,)
    frozen: NDArray[np.bool_]  # (P,)
    optimizer: str
    optimizer_parameters: Mapping[str, float]
    optimizer_count: int  # updates made with this optimizer, this one included
    state_before: Mapping[str, Array]
    state_after: Mapping[str, Array]
    terms: Mapping[str, Array]
    diverged: bool = False
    first_nonfinite: str | None = None

    def sample_position(self, sample: int) -> int:
        """Return where the data set's row `sample` stands in this batch; ValueError if it is not in it."""
        return self.batch.index(sample)
