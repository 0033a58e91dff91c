"""The records of a computational graph as it is drawn: gates, and wires that carry a value and a gradient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from core.graph.gates import Role

Kind = Literal["variable", "constant", "gate", "copy", "output"]


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One box of the picture.

    `gate` names the operation of a gate, `name` is what the text calls the node, or ""; `base` and `sub` are
    how it is written. `inputs` and `outputs`
    are ids of wires, the inputs in the order of their slots. `span` is where it stands in the text, or None.
    `part_of` is the id of the gate that it is a part of, or "". `foldable` says that it can be unfolded into
    parts.
    """

    id: str
    kind: Kind
    gate: str
    name: str
    base: str
    sub: str
    role: Role | None
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    value: float
    span: tuple[int, int] | None
    part_of: str
    foldable: bool


@dataclass(frozen=True, slots=True)
class Wire:
    """One wire: `value` flows from `source` to input `slot` of `target`, `gradient` flows back.

    gradient = local × upstream = ∂output/∂value, with `local` = ∂target/∂value and `upstream` what arrived at
    the target. At a copy, whose branches each add their part, local is 1 and upstream the sum of the parts.
    None where the value depends on no variable.
    """

    id: str
    source: str
    target: str
    slot: int
    value: float
    local: float | None
    upstream: float | None
    gradient: float | None


@dataclass(frozen=True, slots=True)
class Wiring:
    """The whole graph: nodes in the order of computation, the output last; wires by their targets.

    `forward` and `backward` are the ids of the nodes in the order in which they are computed; a copy hands on
    on the way forward and adds on the way back. `result` is the id of the wire into the output.
    """

    nodes: tuple[GraphNode, ...]
    wires: tuple[Wire, ...]
    forward: tuple[str, ...]
    backward: tuple[str, ...]
    output: str
    result: str
    value: float
    variables: Mapping[str, float]
