"""Expressions over the gates: every gate that is a function may be called."""

from __future__ import annotations

from core.expressions import (
    MAXIMUM_CHARACTERS,
    MAXIMUM_DEPTH,
    MAXIMUM_NODES,
    Instruction,
)
from core.expressions import parse as parse_with
from core.graph.gates import GATES

__all__ = ["MAXIMUM_CHARACTERS", "MAXIMUM_DEPTH", "MAXIMUM_NODES", "Instruction", "parse"]

_FUNCTIONS = tuple((gate.name, gate.arity) for gate in GATES if gate.function)


def parse(text: str) -> tuple[Instruction, ...]:
    """Return the instructions of `text`, as `core.expressions.parse` does, over the gates."""
    return parse_with(text, _FUNCTIONS)
