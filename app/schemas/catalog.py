"""Every registry of the core, from which the page builds its controls."""

from __future__ import annotations

from typing import Any, Literal

from app.schemas.base import Reply, Text
from app.schemas.descent import FunctionEntryReply, SurfaceEntryReply
from app.schemas.notation import NotationsReply


class ParameterReply(Reply):
    """One settable number with its range."""

    name: str
    label: Text
    tex: str
    default: float
    minimum: float
    maximum: float
    exclusive_minimum: bool
    exclusive_maximum: bool
    integer: bool


class EntryReply(Reply):
    """What every entry has."""

    name: str
    label: Text
    parameters: list[ParameterReply]


class ActivationReply(EntryReply):
    """An activation function; `range` is that of its values, null where open."""

    tex: str
    tex_function: str
    derivative_tex: str
    output_only: bool
    range: tuple[float | None, float | None]
    target_range: tuple[float, float] | None


class LossFormReply(Reply):
    """A named set of a loss's conventions."""

    name: str
    label: Text
    tex: str
    coefficient: float
    outputs: str
    batch: str


class LossEntryReply(EntryReply):
    """A loss; `accepts` lists the output activations it takes, null for any."""

    tex: str
    accepts: list[str] | None
    forms: list[LossFormReply]


class OptimizerReply(EntryReply):
    """An optimizer with the names of what it remembers, of its own terms, and the TeX symbol of each."""

    tex: str
    state: list[str]
    terms: list[str]
    symbols: dict[str, str]


class RuleReply(EntryReply):
    """A clipping, a schedule or a penalty, with its formula; `source` is where it comes from."""

    tex: str
    source: str


class InitializerReply(EntryReply):
    """A way to draw the initial parameters."""

    tex: str


class DataSetEntryReply(EntryReply):
    """A data set; a generated one is drawn from the seed.

    `expression` is the default formula of a data set that has one.
    """

    generated: bool
    kind: Literal["classes", "regression"]
    inputs: int
    outputs: int
    expression: str | None


class FeatureReply(Reply):
    """A kind of derived input; `form` writes its name, with <0> and <1> for the columns' numbers."""

    name: str
    label: Text
    form: str
    tex: str
    columns: int


class PresetReply(Reply):
    """A ready example, with the source of its numbers."""

    name: str
    label: Text
    description: Text
    source: str


class GateReply(Reply):
    """A gate of computational graphs.

    `tex` and `local_tex`, the local gradient by each input, have <0> and <1> for the inputs, <r> for the
    output. `role` is what it does to the gradient that comes back. An expression calls a `function` by name;
    `parts` is what it is made of, in x, null where it cannot be unfolded.
    """

    name: str
    label: Text
    tex: str
    local_tex: list[str]
    role: Literal["distributor", "adder", "swapper", "router", "switch", "slope"]
    function: bool
    parts: str | None


class LabPresetReply(Reply):
    """A ready example of a lab: `body` is what to post to it, `mode` the part of the page it belongs to."""

    name: str
    label: Text
    body: dict[str, Any]
    mode: str | None


class LabChoiceReply(Reply):
    """One entry of a lab's registry: its name as a request has it, and the numbers that it takes."""

    name: str
    label: Text
    tex: str
    parameters: list[ParameterReply]


class LabEntryReply(Reply):
    """A lab that is posted to under its name, with its ready examples.

    `choices` are what else there is to choose from, under the names of the request's fields.
    """

    presets: list[LabPresetReply]
    choices: dict[str, list[LabChoiceReply]]


class CatalogReply(Reply):
    """Everything that can be chosen, and the limits."""

    activations: list[ActivationReply]
    losses: list[LossEntryReply]
    optimizers: list[OptimizerReply]
    penalties: list[RuleReply]
    dropout: ParameterReply
    clippings: list[RuleReply]
    schedules: list[RuleReply]
    initializers: list[InitializerReply]
    datasets: list[DataSetEntryReply]
    features: list[FeatureReply]
    presets: list[PresetReply]
    gates: list[GateReply]
    labs: dict[str, LabEntryReply]
    functions: list[FunctionEntryReply]
    surfaces: list[SurfaceEntryReply]
    notations: NotationsReply
    limits: dict[str, float]
