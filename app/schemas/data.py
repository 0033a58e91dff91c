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
    `means` are the columns' means over the training rows, where maps hold columns that are not their axes.
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
    means: list[float]
    target_columns: list[str]
    classes: list[str]
    features: list[str]
    scaling: ScalingReply
    target_scaling: ScalingReply
    network_inputs: Matrix | None
    network_targets: Matrix | None


class ColumnReply(Reply):
    """A column of a table; its figures are null for texts.

    `classes` are its distinct values, null where they are more than 16. `target_kind` is what it is taken for
    as a target. `first_text_row` is the row of the first cell that is no number, in a column that has some.
    """

    name: str
    kind: Literal["number", "text"]
    target_kind: Literal["classes", "regression"]
    classes: list[str] | None
    minimum: float | None
    maximum: float | None
    mean: float | None
    spread: float | None
    first_text_row: int | None


class PreviewReply(Reply):
    """A table before it is used: what parts its columns, their kinds, and its first rows as they are written.

    `columns_guess` and `target_guess` are what is used if nothing is said.
    """

    delimiter: Literal["comma", "semicolon", "tab"]
    decimal: Literal[".", ","]
    rows: int
    columns: list[ColumnReply]
    first: list[list[str]]
    columns_guess: list[str]
    target_guess: str
