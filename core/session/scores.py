"""How well the network does on the whole set, beside its loss."""

from __future__ import annotations

import numpy as np

from core.network import Array


def accuracy(outputs: Array, targets: Array, pair: tuple[float, float] | None) -> float | None:
    """Return the share of samples on the right side, 0..1, or None where targets are not classes.

    `outputs` and `targets` are (N, n); `pair` are the targets that mean no and yes. The boundary is their
    midpoint; of several outputs with one yes a row, the largest decides.
    """
    if pair is None or not bool(np.isin(targets, pair).all()):
        return None
    yes = targets == pair[1]
    if targets.shape[1] > 1 and bool((yes.sum(axis=1) == 1).all()):
        right = outputs.argmax(axis=1) == yes.argmax(axis=1)
    else:
        right = ((outputs >= sum(pair) / 2.0) == yes).all(axis=1)
    return float(right.mean())
