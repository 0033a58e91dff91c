"""The gradient of one parameter as a sum over its paths to the loss."""

from __future__ import annotations

from pydantic import Field

from app.schemas.base import Number, Reply, WithNonfinite


class FactorReply(Reply):
    """One factor of a path."""

    ref: str
    value: Number


class PathReply(Reply):
    """One path: its elements from the parameter to the loss, its factors from the loss back."""

    elements: list[str]
    factors: list[FactorReply]
    product: Number


class CostReply(Reply):
    """Multiplications that join the factors: path by path, and in reverse mode, which shares them."""

    paths: int
    reverse: int


class MultiplicationsReply(Reply):
    """What the gradient costs, for this parameter alone and for all trained ones of the network."""

    parameter: CostReply
    network: CostReply


class PathsReply(WithNonfinite):
    """The gradient of one parameter of one sample's loss as a sum over all its paths.

    `count` paths add up to `total`; `paths` lists up to `limit` of them, in the network's order if it has
    all, else the largest magnitudes first, and the `omitted` others add up to `omitted_sum`. A network of
    more than `most_parameters` parameters, or a parameter with more than `most_paths` paths, gets the counts
    alone: `listed` is false, `total` and `omitted_sum` are null. `gradient` is the number of the trace.
    """

    step: int
    sample: int
    element: str
    gradient_ref: str
    gradient: Number
    count: int
    listed: bool
    paths: list[PathReply]
    omitted: int
    omitted_sum: Number
    total: Number
    fused: bool = Field(
        description="The paths begin at the outputs' delta: one of its two factors is out of range."
    )
    multiplications: MultiplicationsReply
    limit: int
    most_parameters: int
    most_paths: int
