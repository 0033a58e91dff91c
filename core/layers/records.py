"""The records of a network drawn as layers: gates that work on matrices, and the wires between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.trace import Array

GateKind = Literal["affine", "activation", "mask", "loss", "activation-loss"]
# Rows of a batch that are listed.
MOST_ROWS = 64


@dataclass(frozen=True, slots=True)
class LayerWire:
    """One array on its way, and the gradient of the batch's loss by it, of the same shape.

    `base` and `sup` are how it is written, `symbol` the same as TeX. `refs` names the entries with {row} and
    {column} for their place, `gradient_refs` those of the gradient. `samples` says that rows are samples:
    of more than MOST_ROWS the first ones are listed. `shape` is the whole array's, () for the loss.
    `gradient` is None for what is given and not trained.
    """

    id: str
    base: str
    sup: str
    symbol: str
    shape: tuple[int, ...]
    samples: bool
    values: Array
    gradient: Array | None
    refs: str
    gradient_refs: str


@dataclass(frozen=True, slots=True)
class Identity:
    """How a gate makes the gradient of one of its inputs, as TeX: symbol = formula, and the shapes in it."""

    wire: str
    symbol: str
    formula: str
    shapes: str


@dataclass(frozen=True, slots=True)
class LayerGate:
    """One box. `function` is its activation's or loss's name, `also` the loss that is fused with it.

    `inputs` and `output` are wires; `inner` is a wire within the box, such as the outputs within softmax with
    loss. `forward` is TeX with `shapes` below it, `backward` an identity for each input that has a gradient.
    """

    id: str
    kind: GateKind
    layer: int
    function: str
    also: str
    inputs: tuple[str, ...]
    inner: str
    output: str
    forward: str
    shapes: str
    backward: tuple[Identity, ...]


@dataclass(frozen=True, slots=True)
class LayerView:
    """The whole network: gates from the inputs to the loss, and every wire; `loss` is the batch's."""

    gates: tuple[LayerGate, ...]
    wires: tuple[LayerWire, ...]
    batch: int
    batch_factor: float
    loss: float
