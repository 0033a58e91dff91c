"""The Graph lab: an expression as its graph of gates, with values and gradients on the wires."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import Input, Matrix, Number, Reply, Vector
from app.schemas.lab import LabAnswers, LabReply, LabRequest
from app.schemas.requests import Index, LossInput, NetworkInput
from core.computation import OPENING
from core.session import MAXIMUM_UNITS

MAX_TEXT = 4000
MAX_BATCH = 64
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


Rows = Annotated[
    list[Annotated[list[float], Field(min_length=1, max_length=MAXIMUM_UNITS)]],
    Field(min_length=1, max_length=MAX_BATCH),
]


class BatchData(Input):
    """A batch: a row of inputs and a row of targets for every sample."""

    inputs: Rows
    targets: Rows


class GraphLayersRequest(LabRequest):
    """A network with one batch, or that of a session at one of its steps; all has a default.

    With a session the reply's request has its numbers in place of it, so that they can be sent again, unless
    there are too many of them or some are dropped out. Weights that are left out are drawn from seed 0.
    `sample` is the row of the batch that `scalar` writes as an expression.
    """

    session: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    step: Index | None = None
    network: NetworkInput | None = None
    loss: LossInput | None = None
    data: BatchData | None = None
    sample: Annotated[int, Field(ge=0, lt=MAX_BATCH)] = 0
    at: Annotated[int, Field(ge=0, le=0)] = 0


class GraphLayersAnswers(GraphLayersRequest, LabAnswers):
    """Answers about the layers that the other fields describe."""


class LayerWireReply(Reply):
    """An array on its way and the gradient of the batch's loss by it, of the same shape; null: not trained.

    The rows of `samples` are samples; of more than 64 the first are listed, `shape` is the whole array's.
    """

    id: str
    base: str
    sup: str
    symbol: str = Field(description="TeX.")
    shape: list[int]
    samples: bool
    values: Matrix | Vector | Number
    gradient: Matrix | Vector | Number
    differentiated: bool
    refs: str = Field(description="References of the entries, {row} and {column} standing for their place.")
    gradient_refs: str


class IdentityReply(Reply):
    """How a gate makes the gradient of one of its inputs: TeX on both sides, and the shapes in it."""

    wire: str
    symbol: str
    formula: str
    shapes: str


class LayerGateReply(Reply):
    """A box: affine, activation, dropout mask, loss, or an activation with its loss."""

    id: str
    kind: Literal["affine", "activation", "mask", "loss", "activation-loss"]
    layer: int
    function: str = Field(description="The activation or the loss, as in the catalogue; empty for affine.")
    also: str = Field(description="The loss that is one gate with the activation.")
    inputs: list[str]
    inner: str = Field(description="A wire within the box, such as the outputs in softmax with loss.")
    output: str
    forward: str = Field(description="TeX.")
    shapes: str
    backward: list[IdentityReply]


class ScalarReply(Reply):
    """What to post to the Graph lab to see one sample of the network gate by gate.

    It is the sample's share of the batch's loss: the gradients of all samples' shares add up to the batch's.
    `names` says which entry each variable is: `w.1.0.2`, or `x.0`, an input of the sample.
    """

    expression: str
    values: dict[str, float]
    names: dict[str, str]


class SourceReply(Reply):
    """The session, the step and the rows of its data set that the numbers are from."""

    session: str
    step: int
    batch: list[int]


class GraphLayersReply(LabReply):
    """A network as gates on matrices, from the inputs to the loss."""

    request: GraphLayersRequest
    at: int
    last: int | None
    source: SourceReply | None
    batch: int
    batch_factor: float
    loss: Number
    gates: list[LayerGateReply]
    wires: list[LayerWireReply]
    scalar: ScalarReply | None = Field(description="null where the Graph lab has no room for it.")
