"""Several sessions beside each other: begun together from one state, and compared."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import Input, Number, Reply, Vector, WithNonfinite
from app.schemas.history import SettingReply
from app.schemas.requests import Index, Label, TrainingInput
from app.schemas.session import TrainingReply

# Curves beyond this cannot be told apart in one chart.
MAX_VARIANTS = 12


class VariantInput(Input):
    """One of the sessions to begin: its name, and what is changed in the training."""

    label: Label | None = None
    training: TrainingInput = TrainingInput()


class RatesInput(Input):
    """Learning rates from `lowest` to `highest`, evenly spaced on a logarithmic scale."""

    lowest: Annotated[float, Field(gt=0)]
    highest: Annotated[float, Field(gt=0)]
    count: Annotated[int, Field(ge=2, le=MAX_VARIANTS)] = 8


class ExperimentRequest(Input):
    """Where to begin (a step of the present branch, a node, or here), and which sessions.

    Exactly one of: `variants`; `optimizers` true, every optimizer at its default rate; `learning_rates`.
    """

    step: Index | None = None
    node: Index | None = None
    variants: Annotated[list[VariantInput], Field(min_length=1, max_length=MAX_VARIANTS)] | None = None
    optimizers: Literal[True] | None = None
    learning_rates: RatesInput | None = None
    epochs: Annotated[
        int | None,
        Field(ge=1, description="Train each of them so many epochs, all of them in turns."),
    ] = None


class RunCurve(Reply):
    """Losses of the whole set along the present branch in at most 256 buckets, by steps and by epochs."""

    steps: list[int]
    epochs: list[float]
    last: Vector
    minimum: Vector
    maximum: Vector


class ComparedRun(Reply):
    """A session where it stands: how it trains, how it went, and in what it differs from the first one.

    `changes` go from the first session's value (`before`) to this one's; `more` further ones differ.
    `to_epoch` is how far it is being trained. `same_start` says that it began with the same weights and
    biases as the first session, bit for bit.
    """

    id: str
    label: str | None
    preset: str | None
    sizes: list[int]
    training: TrainingReply
    status: Literal["ready", "training", "paused", "diverged"]
    step: int
    epoch: int
    to_epoch: int | None
    loss: Number
    accuracy: float | None
    test_loss: Number
    test_accuracy: float | None
    changes: list[SettingReply]
    more: int
    same_start: bool
    curve: RunCurve


class ComparisonReply(WithNonfinite):
    """Sessions beside each other, the one of the address first; `gone` are ids that no longer exist."""

    runs: list[ComparedRun]
    gone: list[str]
