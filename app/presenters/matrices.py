"""Matrices and contributions as replies."""

from __future__ import annotations

from app.presenters.numbers import Numbers
from app.schemas.matrices import (
    ContributionReply,
    ContributionsReply,
    LayerMatricesReply,
    MatricesReply,
    MatrixReply,
)
from core.contributions import Contributions
from core.matrices import LayerMatrices, Matrix
from core.optimizers import OPTIMIZERS
from core.trace import Trace


def present_matrices(layers: tuple[LayerMatrices, ...], trace: Trace, position: int) -> MatricesReply:
    """Return the arrays of the step that `trace` records, seen from the batch's sample at `position`."""
    numbers = Numbers()
    return MatricesReply(
        step=trace.step,
        iteration=trace.step + 1,
        sample=trace.batch[position],
        position=position,
        batch=list(trace.batch),
        batch_factor=trace.batch_factor,
        looks_ahead=OPTIMIZERS.get(trace.optimizer).looks_ahead,
        layers=[
            LayerMatricesReply(
                layer=layer.layer,
                activation_name=layer.activation_name,
                matrices=[
                    _matrix(matrix, numbers, f"/layers/{at}/matrices/{place}/values")
                    for place, matrix in enumerate(layer.matrices)
                ],
            )
            for at, layer in enumerate(layers)
        ],
        nonfinite=numbers.nonfinite,
    )


def _matrix(matrix: Matrix, numbers: Numbers, pointer: str) -> MatrixReply:
    values = matrix.values
    return MatrixReply(
        name=matrix.name,
        variable=matrix.variable,
        symbol=matrix.symbol,
        formula=matrix.formula,
        refs=matrix.refs,
        samples=matrix.samples,
        shape=list(matrix.shape),
        limited=matrix.limited,
        first_row=matrix.first_row,
        values=numbers.vector(values, pointer) if values.ndim == 1 else numbers.matrix(values, pointer),
        numpy=matrix.text,
    )


def present_contributions(record: Contributions, trace: Trace) -> ContributionsReply:
    """Return what the samples of the step that `trace` records contribute to one parameter's gradient."""
    numbers = Numbers()
    return ContributionsReply(
        step=trace.step,
        iteration=trace.step + 1,
        element=record.element,
        size=record.size,
        samples=[
            ContributionReply(
                sample=one.sample,
                inputs=numbers.vector(one.inputs, f"/samples/{at}/inputs"),
                targets=numbers.vector(one.targets, f"/samples/{at}/targets"),
                loss=numbers.number(one.loss, f"/samples/{at}/loss"),
                gradient=numbers.number(one.gradient, f"/samples/{at}/gradient"),
            )
            for at, one in enumerate(record.samples)
        ],
        omitted=record.omitted,
        omitted_sum=numbers.number(record.omitted_sum, "/omitted_sum"),
        total=numbers.number(record.total, "/total"),
        positive=numbers.number(record.positive, "/positive"),
        negative=numbers.number(record.negative, "/negative"),
        batch_factor=record.batch_factor,
        combined=numbers.number(record.combined, "/combined"),
        penalty=numbers.number(record.penalty, "/penalty"),
        received=numbers.number(record.received, "/received"),
        cancellation=record.cancellation,
        frozen=record.frozen,
        nonfinite=numbers.nonfinite,
    )
