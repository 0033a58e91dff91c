"""The Graph lab: an expression as its graph of gates, with values and gradients on the wires."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import Number, Reply
from app.schemas.lab import LabAnswers, LabReply, LabRequest
from core.computation import OPENING

MAX_TEXT = 4000
VariableName = Annotated[str, Field(min_length=1, max_length=32)]


class GraphRequest(LabRequest):
    """An expression with a number for each of its variables; all has a default.

    Statements end with semicolons: `t = x + y; z = t^2`. A variable that is left out is 1, 2, 3, ... by its
    place; without an expression the apples and oranges of the course are computed.
    """

    # The parser's own limit is lower; its error names the character.
    expression: Annotated[str, Field(max_length=MAX_TEXT)] = OPENING["expression"]
    values: Annotated[dict[VariableName, float], Field(max_length=200)] | None = Field(
        default=None, description="Numbers of the variables by their names."
    )
    unfolded: Annotated[list[Annotated[str, Field(max_length=32)]], Field(max_length=100)] = Field(
        default_factory=list, description="The ids of gates to be shown as their parts: `sigmoid.1`."
    )
    at: Annotated[int, Field(ge=0, le=0)] = 0


class GraphAnswers(GraphRequest, LabAnswers):
    """Answers about the graph that the other fields describe."""


class GraphNodeReply(Reply):
    """A box of the picture: a variable, a constant, a gate, the copy of a value used twice, or the output."""

    id: str
    kind: Literal["variable", "constant", "gate", "copy", "output"]
    gate: str = Field(description='The operation of a gate, as in the catalogue; "copy" for a copy.')
    name: str = Field(description="What the expression calls it; empty for what it does not name.")
    base: str
    sub: str
    role: Literal["distributor", "adder", "swapper", "router", "switch", "slope"] | None
    inputs: list[str] = Field(description="Wires, in the order of the gate's inputs.")
    outputs: list[str]
    value: Number
    span: tuple[int, int] | None = Field(description="Where it stands in the expression, from 0.")
    part_of: str = Field(description="The unfolded gate that it is a part of, or empty.")
    foldable: bool = Field(description="Whether it can be unfolded.")


class WireReply(Reply):
    """A wire: its value, and under it gradient = local × upstream; null where no variable comes in.

    At a copy `upstream` is the sum of what the branches send back.
    """

    id: str
    source: str
    target: str
    slot: int
    value: Number
    local: Number
    upstream: Number
    gradient: Number
    differentiated: bool


class QuotientReply(Reply):
    """The difference quotient by one variable: (high − low) / gap."""

    element: str
    gap: float
    low: Number
    high: Number


class GraphReply(LabReply):
    """The graph with both passes done; nodes and wires stand in the order of computation."""

    request: GraphRequest
    at: int
    last: int | None
    output: str
    value: Number
    nodes: list[GraphNodeReply]
    wires: list[WireReply]
    forward: list[str] = Field(description="Nodes in the order in which they are computed.")
    backward: list[str] = Field(description="Nodes in the order in which gradients flow back through them.")
    foldable: list[str] = Field(description="Gates that have parts, shown or not.")
    quotients: list[QuotientReply]
