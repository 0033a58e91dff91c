"""A data set as a reply: the rows as they were given, what is made of them; a table before it is one."""

from __future__ import annotations

from typing import Literal, cast

from app.schemas.data import ColumnReply, DataReply, PreviewReply, ScalingReply, SplitReply
from core.datasets import DELIMITERS, MAXIMUM_TABLE_CLASSES, Column, read_csv
from core.network import DataSet
from core.transforms import Scaling

# Larger sets are read through the map and predict.
MAX_ROWS_WITH_OUTPUTS = 500
PREVIEW_ROWS = 8


def present_data(data: DataSet, classifies: bool) -> DataReply:
    """Return the data set; `classifies` says whether its targets are classes."""
    transform, table, split = data.transform, data.table, data.preparation.split
    told = transform is not None and data.size <= MAX_ROWS_WITH_OUTPUTS
    return DataReply(
        name=data.name,
        parameters=dict(data.parameters),
        expression=data.expression or None,
        kind="classes" if classifies else "regression",
        inputs=data.raw_inputs.tolist(),
        targets=data.raw_targets.tolist(),
        order=data.stored_order.tolist(),
        size=data.size,
        test_inputs=data.raw_test_inputs.tolist(),
        test_targets=data.raw_test_targets.tolist(),
        test_size=data.test_size,
        test_rows=[] if table is None else table.test.tolist(),
        split=SplitReply(test_share=split.test_share, seed=split.seed),
        columns=list(data.columns),
        means=data.raw_inputs.mean(axis=0).tolist(),
        target_columns=list(data.target_columns),
        classes=list(data.classes),
        features=[each.name for each in data.features]
        or [f"x{place + 1}" for place in range(len(data.columns))],
        scaling=_scaling(transform.scaling if transform else Scaling()),
        target_scaling=_scaling(transform.target_scaling if transform else Scaling()),
        network_inputs=data.inputs.tolist() if told else None,
        network_targets=data.targets.tolist() if told else None,
    )


def _scaling(scaling: Scaling) -> ScalingReply:
    return ScalingReply(name=scaling.name, centre=list(scaling.centre), spread=list(scaling.spread))


def present_preview(text: str, delimiter: str) -> PreviewReply:
    """Return what a table holds; InvalidInputError where it is none."""
    table = read_csv(text, delimiter)
    target = table.guessed_target
    shown = range(min(PREVIEW_ROWS, table.rows))
    return PreviewReply(
        delimiter=cast(
            Literal["comma", "semicolon", "tab"],
            next(name for name, mark in DELIMITERS.items() if mark == table.delimiter),
        ),
        decimal=cast(Literal[".", ","], table.decimal),
        rows=table.rows,
        columns=[_column(each) for each in table.columns],
        first=[[each.cells[row][:64] for each in table.columns] for row in shown],
        columns_guess=[each.name for each in table.columns if each.numeric and each.name != target],
        target_guess=target,
    )


def _column(column: Column) -> ColumnReply:
    numbers = column.numbers
    return ColumnReply(
        name=column.name,
        kind="number" if column.numeric else "text",
        target_kind=column.kind,
        classes=list(column.classes) if len(column.classes) <= MAXIMUM_TABLE_CLASSES else None,
        minimum=float(numbers.min()) if column.numeric else None,
        maximum=float(numbers.max()) if column.numeric else None,
        mean=float(numbers.mean()) if column.numeric else None,
        spread=float(numbers.std()) if column.numeric else None,
        first_text_row=column.first_text_row,
    )
