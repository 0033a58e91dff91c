"""The gradient of one parameter sample by sample: what each contributes, and how much cancels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.errors import InvalidInputError
from core.network import Array, NetworkSpec
from core.trace import Trace

MOST_LISTED = 256


@dataclass(frozen=True, slots=True)
class Contribution:
    """One sample of the batch: its row in the data set, inputs (n_in,), targets (n_out,), loss, gradient."""

    sample: int
    inputs: Array
    targets: Array
    loss: float
    gradient: float


@dataclass(frozen=True, slots=True)
class Contributions:
    """The gradient of one parameter over a batch of `size` samples.

    `samples` holds all in the batch's order, or where there are more than MOST_LISTED those with the largest
    gradients, largest first; the `omitted` others add up to `omitted_sum`. `total` is the sum of all,
    `positive` and `negative` are the sums of those above and below zero. `combined` is the batch's gradient,
    total · `batch_factor`. `cancellation` is 1 - |total| / (positive - negative): 0 where all pull one way, 1
    where nothing is left; None where all are zero or one is not finite. To `combined` the objective adds
    `penalty`; what the optimizer gets is `received`: 0 where the parameter is `frozen`, else clipped.
    """

    element: str
    size: int
    samples: tuple[Contribution, ...]
    omitted: int
    omitted_sum: float
    total: float
    positive: float
    negative: float
    batch_factor: float
    combined: float
    penalty: float
    received: float
    cancellation: float | None
    frozen: bool


def contributions(
    network: NetworkSpec, trace: Trace, element: str, limit: int = MOST_LISTED
) -> Contributions:
    """Return what each sample of the trace's batch adds to the gradient of weight or bias `element`.

    The samples' gradients have no batch factor. At most `limit` samples are listed.
    Raises InvalidInputError at pointer "/element" for what is no trained parameter.
    """
    place = network.position(element, "/element")
    gradients, total = _gradients(trace, element)
    order = np.arange(len(gradients))
    if len(gradients) > limit:
        # What is not a number comes first: it is what a reader looks for. Equal sizes keep their order.
        sizes = np.where(np.isnan(gradients), np.inf, np.abs(gradients))
        order = np.argsort(-sizes, kind="stable")
    with np.errstate(all="ignore"):
        positive = float(gradients[gradients > 0].sum())
        negative = float(gradients[gradients < 0].sum())
        omitted = float(gradients[order[limit:]].sum())
    weight = positive - negative
    finite = math.isfinite(total) and math.isfinite(weight)
    return Contributions(
        element=element,
        size=len(gradients),
        samples=tuple(
            Contribution(
                sample=trace.batch[at],
                inputs=trace.inputs[at],
                targets=trace.targets[at],
                loss=float(trace.sample_losses[at]),
                gradient=float(gradients[at]),
            )
            for at in order[:limit].tolist()
        ),
        omitted=len(order[limit:]),
        omitted_sum=omitted,
        total=total,
        positive=positive,
        negative=negative,
        batch_factor=trace.batch_factor,
        combined=float(trace.gradient[place]),
        penalty=float(trace.penalty_gradient[place]),
        received=float(trace.received[place]),
        # A sum of several numbers rounds: it may pass that of their sizes by a last digit.
        cancellation=max(0.0, 1.0 - abs(total) / weight) if finite and weight > 0.0 else None,
        frozen=bool(trace.frozen[place]),
    )


def _gradients(trace: Trace, element: str) -> tuple[Array, float]:
    """Return every sample's gradient, (B,), and their sum in the order in which the batch's was formed."""
    kind, *rest = element.split(".")
    layer = trace.layers[int(rest[0]) - 1]
    with np.errstate(all="ignore"):
        if kind == "w":
            i, j = int(rest[1]), int(rest[2])
            every = layer.sample_weight_gradients
            return every[:, i, j], float(every.sum(axis=0)[i, j])
        if layer.sample_bias_gradients is None:
            raise InvalidInputError(code="fixed-bias", pointer="/element")
        own = layer.sample_bias_gradients
        return own[:, int(rest[1])], float(own.sum(axis=0)[int(rest[1])])
