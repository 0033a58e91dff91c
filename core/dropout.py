"""Dropout: which hidden neurons take part in a step, drawn anew for every sample of every step.

A kept activation is divided by 1 − p, so that its expected value stays and predicting needs no correction
(inverted dropout). Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014, Dropout: A
Simple Way to Prevent Neural Networks from Overfitting, sections 4 and 10.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.registry import Label, Parameter

Array = NDArray[np.float64]

# At a rate of 1 nothing would be left to divide.
DROPOUT = Parameter("dropout", Label("dropout rate p", "드롭아웃 비율 p"), "p", 0.0, 0.0, 0.95)


def draw_masks(
    generator: np.random.Generator, rate: float, hidden: tuple[int, ...], length: int
) -> list[Array]:
    """Return a mask (length, units) for each hidden layer: 0 where dropped, 1/(1−p) where kept.

    `hidden` are the layers' sizes. The uniform numbers are drawn neuron by neuron, all samples of a neuron in
    a row, layer after layer, as the plan draws them.
    """
    uniform = generator.random((sum(hidden), length))
    kept = np.where(uniform >= rate, 1.0 / (1.0 - rate), 0.0)
    masks, first = [], 0
    for units in hidden:
        masks.append(kept[first : first + units].T)
        first += units
    return masks
