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
    have no batch factor; `weight_gradient` and `bias_gradient` are those of the batch's loss.
    A layer without a trained bias has None for both bias gradients.
    With dropout `mask` has 0 for a dropped neuron and 1/(1-p) for a kept one, `function_value` is f(z) and
    `activation` = f(z) · mask is what the neuron passes on; `local` includes the mask. None without.
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
    function_value: Array  # (B, n_out)
    mask: Array | None = None  # (B, n_out)


@dataclass(frozen=True)
class PenaltyTrace:
    """One penalty: `size` is Σ|w| or Σw² over all weights, `value` what it adds to the objective."""

    name: str
    coefficient: float
    size: float
    value: float


@dataclass(frozen=True)
class ClippingTrace:
    """How the gradient was clipped; `norm` before it and common `factor` are None where the rule has none."""

    name: str
    parameters: Mapping[str, float]
    norm: float | None
    factor: float | None


@dataclass(frozen=True)
class ScheduleTrace:
    """How the step's learning rate `rate` came from the optimizer's own, `base`, in this epoch."""

    name: str
    parameters: Mapping[str, float]
    base: float
    rate: float


@dataclass(frozen=True)
class Trace:
    """Step k, which maps the parameters theta_k to theta_{k+1}.

    `batch` holds the samples' indices in the data set, in the order of the arrays' first axis. `point` is the
    flat parameter vector at which the gradient was taken: `before`, except for optimizers that look ahead
    (NAG). `batch_factor` is 1 for a summed batch loss and 1/B for an averaged one. `before`, `update` and
    `after` are flat vectors, and so are the entries of `state_before`, `state_after` and `terms` (the
    optimizer's own intermediate quantities, such as bias-corrected moments). `frozen` marks parameters that
    no update may move.
    `loss` and `gradient` are the data's alone. The objective adds the `penalties` that are not switched off;
    their gradient is `penalty_gradient`. `received` is what the optimizer gets: the sum of both gradients, 0
    where frozen, then clipped. `optimizer_parameters` hold the learning rate of this very step.
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
    penalties: tuple[PenaltyTrace, ...]
    objective: float
    batch_factor: float
    gradient: Array  # (P,)
    penalty_gradient: Array  # (P,)
    received: Array  # (P,)
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
    clipping: ClippingTrace
    schedule: ScheduleTrace
    dropout: float
    diverged: bool = False
    first_nonfinite: str | None = None

    def sample_position(self, sample: int) -> int:
        """Return where the data set's row `sample` stands in this batch; ValueError if it is not in it."""
        return self.batch.index(sample)
