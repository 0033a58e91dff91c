"""How well the network sorts the rows into their classes: what counts as right, and the confusion matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.activations import ACTIVATIONS
from core.network import Array, NetworkSpec

Flags = NDArray[np.bool_]


def class_pair(network: NetworkSpec) -> tuple[float, float] | None:
    """Return which targets mean no and yes for the output activation; None where it has no such pair."""
    return ACTIVATIONS.get(network.layers[-1].activation).target_range


@dataclass(frozen=True)
class Judge:
    """Decides which rows are classified rightly: targets are prepared once, outputs come again and again.

    `way` is "greatest" where each row has one yes among several outputs (the greatest output decides), else
    "sides": every output must be on its target's side of `boundary`, the middle of the pair. `classes` (N,)
    are the rows' classes, None with several outputs that are not one-hot; `yes` (N, n_out) marks the targets.
    """

    way: Literal["greatest", "sides"]
    boundary: float
    yes: Flags
    classes: NDArray[np.intp] | None

    @classmethod
    def of(cls, targets: Array, pair: tuple[float, float] | None) -> Judge | None:
        """Return the judge for targets (N, n_out), or None where they are not classes."""
        if pair is None or not bool(np.isin(targets, pair).all()):
            return None
        yes, boundary = targets == pair[1], sum(pair) / 2.0
        if targets.shape[1] == 1:
            return cls("sides", boundary, yes, yes[:, 0].astype(np.intp))
        if bool((yes.sum(axis=1) == 1).all()):
            return cls("greatest", boundary, yes, yes.argmax(axis=1))
        return cls("sides", boundary, yes, None)

    @property
    def class_count(self) -> int:
        """How many classes there are: two of one output, else one an output."""
        return max(2, int(self.yes.shape[1]))

    def predicted(self, outputs: Array) -> NDArray[np.intp]:
        """Return the class of each row of outputs (N, n_out)."""
        if self.yes.shape[1] > 1:
            return np.asarray(outputs.argmax(axis=1))
        return (outputs[:, 0] >= self.boundary).astype(np.intp)

    def right(self, outputs: Array) -> Flags:
        """Return which rows of outputs (N, n_out) are on the right side, (N,)."""
        if self.way == "greatest":
            return np.asarray(outputs.argmax(axis=1) == self.classes)
        return np.asarray(((outputs >= self.boundary) == self.yes).all(axis=1))


def accuracy(outputs: Array, targets: Array, pair: tuple[float, float] | None) -> float | None:
    """Return the share of samples on the right side, 0..1, or None where targets are not classes.

    `outputs` and `targets` are (N, n); `pair` are the targets that mean no and yes. The boundary is their
    midpoint; of several outputs with one yes a row, the largest decides.
    """
    judge = Judge.of(targets, pair)
    return None if judge is None else float(judge.right(outputs).mean())


@dataclass(frozen=True)
class Confusion:
    """How often each class was taken for which: `counts`[i, j] rows of class i for class j.

    None where rows have no single class. `wrong` are the rows that are not classified rightly, in order.
    """

    counts: NDArray[np.intp] | None
    wrong: NDArray[np.intp]
    rows: int


def confusion(outputs: Array, targets: Array, pair: tuple[float, float] | None) -> Confusion | None:
    """Return the confusion matrix of outputs (N, n_out); None where the targets are not classes."""
    judge = Judge.of(targets, pair)
    if judge is None:
        return None
    counts = None
    if judge.classes is not None:
        counts = np.zeros((judge.class_count, judge.class_count), dtype=np.intp)
        np.add.at(counts, (judge.classes, judge.predicted(outputs)), 1)
    return Confusion(counts, np.flatnonzero(~judge.right(outputs)), len(outputs))
