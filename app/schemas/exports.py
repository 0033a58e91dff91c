"""Sessions as documents: what an import takes and answers."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from app.schemas.base import Input, Reply
from app.schemas.requests import CreateRequest, DataInput, Index, Label, PatchRequest
from app.schemas.session import LayerParameters, SessionReply

MAX_ACTIONS = 20_000

Checksum = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class ActionInput(Input):
    """One action of a recipe: `count` updates, a `patch`, or other `data`."""

    type: Literal["step", "patch", "data"]
    count: Annotated[int, Field(ge=1)] | None = None
    patch: PatchRequest | None = None
    data: DataInput | None = None


class RecipeInput(Input):
    """The request that creates the session, then the actions in order."""

    create: CreateRequest
    actions: Annotated[list[ActionInput], Field(max_length=MAX_ACTIONS, fail_fast=True)] = Field(
        default_factory=list
    )


class ImportRequest(Input):
    """A document as `export?format=json` gives it, or a file that the page saved.

    The checksums are optional: without them nothing is compared. Where the page's reader was (`micro` to
    `notation`) is read over.
    """

    deltaboard: int
    recipe: RecipeInput
    program: Annotated[str, Field(max_length=64)] | None = None
    label: Label | None = None
    step: Index | None = None
    recipe_sha256: Checksum | None = None
    parameters_sha256: Checksum | None = None
    micro: Any = None
    granularity: Any = None
    sample: Any = None
    map: Any = None
    drawer: Any = None
    neuron: Any = None
    notation: Any = None


class ImportReply(Reply):
    """The session that was made, and whether its parameters are those of the document, bit for bit.

    `initial` are the weights and biases that it began with.
    """

    session: SessionReply
    initial: LayerParameters
    parameters: Literal["identical", "different", "not-checked"]
