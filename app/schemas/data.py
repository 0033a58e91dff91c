"""A data set as the page shows it."""

from __future__ import annotations

from typing import Literal

from app.schemas.base import Matrix, Reply


class SplitReply(Reply):
    """Which share of the rows is for testing, and the seed that they were drawn from."""

    test_share: float
    seed: int


class ScalingReply(Reply):
    """How columns are scaled, (value - centre) / spread, a number each; without scaling none."""

    name: str
    centre: list[float]
    spread: list[float]


class DataReply(Reply):
    """The training set and the test rows, as they were given; `order` is the stored order of training.

    `features` are the network's inputs as formulas over the columns x1, x2 and so on, which are scaled first.
    `test_rows` are the places of the test rows in the whole table; the other rows are the training set, in
    order. `network_inputs` and `network_targets` are what the network sees of the training set; null where it
    sees the rows as they are, or where they are more than 500.
    """

    name: str
    parameters: dict[str, float]
    expression: str | None
    kind: Literal["classes", "regression"]
    inputs: Matrix
    targets: Matrix
    order: list[int]
    size: int
    test_inputs: Matrix
    test_targets: Matrix
    test_size: int
    test_rows: list[int]
    split: SplitReply
    columns: list[str]
    target_columns: list[str]
    classes: list[str]
    features: list[str]
    scaling: ScalingReply
    target_scaling: ScalingReply
    network_inputs: Matrix | None
    network_targets: Matrix | None
