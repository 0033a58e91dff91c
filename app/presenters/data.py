"""A data set as a reply: the rows as they were given, and what is made of them for the network."""

from __future__ import annotations

from app.schemas.data import DataReply, ScalingReply, SplitReply
from core.network import DataSet
from core.transforms import Scaling

# Larger sets are read through the map and predict.
MAX_ROWS_WITH_OUTPUTS = 500


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
