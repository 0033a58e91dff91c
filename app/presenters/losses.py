"""The losses lab: from a request to its topic's records, and from these to the reply."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

from app.presenters.lab import present_explanation
from app.presenters.numbers import Numbers
from app.schemas.losses import LossesReply, LossesRequest
from core.lab import Explanation
from core.scores import (
    Binary,
    BinarySettings,
    Likelihood,
    LikelihoodSettings,
    Saturated,
    SaturatedSettings,
    Softmax,
    SoftmaxSettings,
    explain_binary,
    explain_likelihood,
    explain_saturated,
    explain_softmax,
    explore_binary,
    explore_likelihood,
    explore_saturated,
    explore_softmax,
    negative_log_curve,
)


@dataclass(frozen=True)
class Told:
    """What one topic computed, and its explanation at the step that was asked for."""

    record: Softmax | Binary | Likelihood | Saturated
    explanation: Explanation
    at: int
    last: int


def tell(body: LossesRequest) -> Told:
    """Compute the topic that is asked for; InvalidInputError where its settings do not fit together.

    A step beyond the last one is the last.
    """
    if body.topic == "softmax":
        softmax = SoftmaxSettings(**_frozen(body.softmax.model_dump()))
        softmax.check("/softmax")
        predicted = explore_softmax(softmax)
        return Told(predicted, explain_softmax(softmax, predicted), 0, 0)
    if body.topic == "binary":
        binary = BinarySettings(**body.binary.model_dump())
        output = explore_binary(binary)
        return Told(output, explain_binary(binary, output), 0, 0)
    if body.topic == "likelihood":
        likelihood = LikelihoodSettings(**_frozen(body.likelihood.model_dump()))
        likelihood.check("/likelihood")
        models = explore_likelihood(likelihood)
        return Told(models, explain_likelihood(likelihood, models), 0, 0)
    saturated = SaturatedSettings(**body.saturated.model_dump())
    paths = explore_saturated(saturated)
    at = min(body.at, saturated.steps)
    return Told(paths, explain_saturated(saturated, paths, at), at, saturated.steps)


def present_losses(body: LossesRequest, told: Told) -> LossesReply:
    """Return the reply."""
    numbers = Numbers()
    record = told.record
    if isinstance(record, Saturated):
        # Their arrays say the same.
        record = replace(record, paths=tuple(replace(path, moments=()) for path in record.paths))
    return LossesReply.model_validate(
        {
            "request": body,
            "at": told.at,
            "last": told.last,
            "softmax": None,
            "binary": None,
            "likelihood": None,
            "saturated": None,
            body.topic: _json(record, f"/{body.topic}", numbers),
            "log_curve": _json(negative_log_curve(), "/log_curve", numbers),
            "explanation": present_explanation(told.explanation, body.granularity),
            "nonfinite": numbers.nonfinite,
        }
    )


def _frozen(settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings with tuples for lists, two levels deep."""
    return {name: _tuple(value) if isinstance(value, list) else value for name, value in settings.items()}


def _tuple(values: list[Any]) -> tuple[Any, ...]:
    return tuple(_tuple(value) if isinstance(value, list) else value for value in values)


def _json(value: Any, pointer: str, numbers: Numbers) -> Any:
    """Return a record with lists for its arrays and null for what is not finite."""
    if is_dataclass(value):
        return {
            field.name: _json(getattr(value, field.name), f"{pointer}/{field.name}", numbers)
            for field in fields(value)
        }
    if isinstance(value, tuple):
        return [_json(item, f"{pointer}/{index}", numbers) for index, item in enumerate(value)]
    if isinstance(value, np.ndarray):
        return numbers.matrix(value, pointer) if value.ndim == 2 else numbers.vector(value, pointer)
    return numbers.number(value, pointer) if isinstance(value, float) else value
