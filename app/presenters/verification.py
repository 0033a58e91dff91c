"""The check of the gradient as a reply."""

from __future__ import annotations

from app.presenters.numbers import Numbers
from app.schemas.readings import VerificationReply, VerificationRow
from core.verification import Verification


def present_verification(record: Verification) -> VerificationReply:
    """Return the three gradients side by side, with the verdict on all and on each."""
    numbers = Numbers()

    def optional(value: float | None, pointer: str) -> float | None:
        return None if value is None else numbers.number(value, pointer)

    rows = [
        VerificationRow(
            element=row.element,
            analytic=numbers.number(row.analytic, f"/rows/{index}/analytic"),
            central=optional(row.central, f"/rows/{index}/central"),
            autodiff=optional(row.autodiff, f"/rows/{index}/autodiff"),
            difference=numbers.number(row.difference, f"/rows/{index}/difference"),
            verdict=row.verdict,
        )
        for index, row in enumerate(record.rows)
    ]
    return VerificationReply(
        step=record.step,
        samples=list(record.samples),
        checked=record.checked,
        parameters=record.parameters,
        subset=record.subset,
        largest_relative_difference=numbers.number(
            record.largest_relative_difference, "/largest_relative_difference"
        ),
        verdict=record.verdict,
        rows=rows,
        nonfinite=numbers.nonfinite,
    )
