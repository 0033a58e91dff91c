"""What is read off a session: predictions, the grid of a neuron, the check of the gradient."""

from __future__ import annotations

from typing import Literal

from app.schemas.base import Matrix, Number, Reply, Vector, WithNonfinite

Verdict = Literal["agree", "differ", "not-differentiable"]


class LayerPrediction(Reply):
    """One layer's net inputs and activations, a row for every row of inputs."""

    net_input: Matrix
    activation: Matrix


class PredictReply(WithNonfinite):
    """The network's outputs for the given rows, with every layer's numbers."""

    outputs: Matrix
    layers: list[LayerPrediction]


class BoundaryReply(WithNonfinite):
    """One neuron's activation over a grid of two inputs, row by row, the lowest y first.

    `values` is a list, or base64 of little-endian float32. `midpoint` is where the two classes meet. For the
    element `classes` the values are those of the greatest output, and `classes` says which that is (a list,
    or base64 with a byte each).
    """

    x_range: tuple[float, float]
    y_range: tuple[float, float]
    resolution: int
    element: str
    minimum: Number
    maximum: Number
    midpoint: float
    encoding: Literal["json", "base64"]
    values: Vector | str
    classes: list[int] | str | None = None


class VerificationRow(Reply):
    """One parameter's gradient, computed in three ways; null where a way has no answer.

    `difference` is the larger distance of the analytic gradient from the other two, relative to their size.
    """

    element: str
    analytic: Number
    central: Number
    autodiff: Number
    difference: Number
    verdict: Verdict


class VerificationReply(WithNonfinite):
    """The analytic gradient beside central differences and automatic differentiation.

    `samples` are the rows whose loss is differentiated; `checked` of all `parameters` were compared, and
    `subset` says that not every sample and parameter was.
    """

    step: int
    samples: list[int]
    checked: int
    parameters: int
    subset: bool
    largest_relative_difference: Number
    verdict: Verdict
    rows: list[VerificationRow]
