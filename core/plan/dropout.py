"""Dropout in a plan: masks drawn before each step, and the rows that they multiply."""

from __future__ import annotations

from functools import partial
from itertools import pairwise

import numpy as np

from core.activations import constant
from core.network import NetworkSpec
from core.plan.buffers import Buffer, Call, Workspace, aligned


class Masks:
    """The masks of one plan's steps: `calls` draw them from the workspace's generator, before anything else.

    `rows(layer)` is the mask (units, B) of hidden layer 1..L-1: 0 or 1/(1-p), drawn as in core.dropout.
    """

    def __init__(self, network: NetworkSpec, rate: float, work: Workspace, length: int) -> None:
        ends = np.cumsum((0, *network.hidden)).tolist()
        self._spans = list(pairwise(ends))
        uniform = np.empty((ends[-1], length))
        kept = np.empty(uniform.shape, dtype=np.bool_)
        self._masks = aligned(ends[-1], length, work.dtype)
        scale = constant(1.0 / (1.0 - rate), self._masks)

        def draw() -> None:
            # Not bound once: loading a snapshot replaces the generator.
            work.generator.random(out=uniform)

        self.nbytes = uniform.nbytes + kept.nbytes + self._masks.nbytes
        self.calls: list[Call] = [
            draw,
            partial(np.greater_equal, uniform, rate, kept),
            partial(np.multiply, scale, kept, self._masks),
        ]

    def rows(self, layer: int) -> Buffer:
        """Return the mask of a hidden layer."""
        first, last = self._spans[layer - 1]
        return self._masks[first:last]
