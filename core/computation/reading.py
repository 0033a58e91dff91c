"""A text with named intermediate results, read into one list of instructions.

`t = x + y; z = t^2` computes t, then z. Every statement but the last one must name its result; the last one's
name is that of the whole. All names that no statement makes are variables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.errors import ExpressionError
from core.graph import GATES, MAXIMUM_CHARACTERS, MAXIMUM_NODES, parse
from core.graph.parsing import Instruction

_NAMED = re.compile(r"[ \t\r\n]*([A-Za-z_가-힣][A-Za-z0-9_가-힣]{0,31})[ \t\r\n]*=", re.ASCII)
_OUTPUT_NAMES = ("f", "L", "out", "result")

# What a gate is made of, the same value to a rounding or two. Those with a kink are left out: there, their
# parts follow another convention.
PARTS: Mapping[str, str] = {
    "sigmoid": "1/(1+exp(-x))",
    "tanh": "(exp(x)-exp(-x))/(exp(x)+exp(-x))",
    "sqrt": "x^0.5",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One value to be: a gate, `variable` or `constant` on the places of earlier steps.

    `id` is a gate's short name and number ("mul.2"), for a part preceded by the id of the gate that it is a
    part of ("sigmoid.1.exp.1"), which is `part_of`. `text` is how a constant is written, `span` where the
    subexpression stands.
    """

    id: str
    gate: str
    inputs: tuple[int, ...]
    span: tuple[int, int]
    value: float = 0.0
    name: str = ""
    text: str = ""
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The steps in the order of computation, the place of the result, and the names that statements gave.

    `names` maps places to names; `output` is what the result is called, `foldable` the ids of the gates that
    have parts, shown or not. `statements` are the texts between the semicolons, each with its name or "".
    """

    steps: tuple[Step, ...]
    result: int
    names: Mapping[int, str]
    output: str
    foldable: tuple[str, ...]
    statements: tuple[tuple[str, str], ...]

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables in the order of their appearance."""
        return tuple(step.name for step in self.steps if step.gate == "variable")


SHORT: Mapping[str, str] = {
    "subtract": "sub",
    "multiply": "mul",
    "divide": "div",
    "power": "pow",
    "negate": "neg",
}


def short(gate: str) -> str:
    """Return the short name of a gate, as its ids and its name in the picture have it."""
    return SHORT.get(gate, gate)


def read(text: str, unfolded: frozenset[str] = frozenset()) -> Reading:
    """Return the steps of `text`, the gates with an id in `unfolded` replaced by their parts.

    Raises ExpressionError with the position in the whole text, counted in characters from 0: as
    `core.graph.parse` does for each statement, "expression-unnamed" for a statement before the last that has
    no name, "expression-name-taken" for a name that was used before, "expression-name-unused" for one that
    the result does not need.
    """
    if len(text) > MAXIMUM_CHARACTERS:
        raise ExpressionError(
            code="expression-too-long", position=MAXIMUM_CHARACTERS, limit=MAXIMUM_CHARACTERS
        )
    reader = _Reader(unfolded)
    pieces = text.split(";")
    start = 0
    for number, piece in enumerate(pieces):
        reader.statement(text, start, piece, last=number == len(pieces) - 1)
        start += len(piece) + 1
    return reader.done()


class _Reader:
    def __init__(self, unfolded: frozenset[str]) -> None:
        self.unfolded = unfolded
        self.steps: list[Step] = []
        self.variables: dict[str, int] = {}
        self.made: dict[str, tuple[int, int]] = {}  # name -> place, position in the text
        self.counts: dict[str, int] = {}
        self.foldable: list[str] = []
        self.statements: list[tuple[str, str]] = []
        self.parsed = 0
        self.result = 0
        self.output = ""

    def statement(self, text: str, start: int, piece: str, *, last: bool) -> None:
        named = _NAMED.match(piece)
        name, body = (named[1], piece[named.end() :]) if named else ("", piece)
        at = start + len(piece) - len(body)
        try:
            instructions = parse(body)
        except ExpressionError as error:
            raise _moved(error, at) from None
        if not name and not last:
            raise ExpressionError(code="expression-unnamed", position=start + len(piece))
        if name in self.made or name in self.variables or (name and name in GATES):
            raise ExpressionError(code="expression-name-taken", position=start + piece.index(name))
        self.parsed += len(instructions)
        if self.parsed > MAXIMUM_NODES:
            raise ExpressionError(code="expression-too-many-nodes", position=at, limit=MAXIMUM_NODES)
        places: list[int] = []
        for instruction in instructions:
            first, end = instruction.span
            moved = replace(instruction, span=(at + first, at + end))
            places.append(self._place(moved, tuple(places[i] for i in instruction.inputs), text))
        self.result = places[-1]
        self.statements.append((name, body))
        if name:
            self.made[name] = (self.result, start + piece.index(name))
        if last:
            self.output = name

    def _place(self, instruction: Instruction, inputs: tuple[int, ...], text: str) -> int:
        if instruction.gate == "variable":
            if instruction.name in self.made:
                return self.made[instruction.name][0]
            if instruction.name not in self.variables:
                # A reference has no letters but these; a name never starts with a digit.
                key = instruction.name if instruction.name.isascii() else str(len(self.variables) + 1)
                self.variables[instruction.name] = self._add(
                    Step(f"in.{key}", "variable", (), instruction.span, name=instruction.name)
                )
            return self.variables[instruction.name]
        if instruction.gate == "constant":
            first, end = instruction.span
            return self._add(
                Step(
                    self._id("k"),
                    "constant",
                    (),
                    instruction.span,
                    value=instruction.value,
                    text=text[first:end],
                )
            )
        id = self._id(short(instruction.gate))
        if instruction.gate in PARTS:
            self.foldable.append(id)
            if id in self.unfolded:
                return self._unfold(id, instruction, inputs[0])
        return self._add(Step(id, instruction.gate, inputs, instruction.span))

    def _unfold(self, id: str, whole: Instruction, inner: int) -> int:
        """Add the parts of a gate on the step at `inner`; return the place of the last one."""
        counts: dict[str, int] = {}
        places: list[int] = []
        text = PARTS[whole.gate]
        for part in parse(text):
            if part.gate == "variable":
                places.append(inner)
                continue
            name = "k" if part.gate == "constant" else short(part.gate)
            counts[name] = counts.get(name, 0) + 1
            places.append(
                self._add(
                    Step(
                        f"{id}.{name}.{counts[name]}",
                        part.gate,
                        tuple(places[i] for i in part.inputs),
                        whole.span,
                        value=part.value,
                        text=text[slice(*part.span)] if part.gate == "constant" else "",
                        part_of=id,
                    )
                )
            )
        return places[-1]

    def _id(self, name: str) -> str:
        self.counts[name] = self.counts.get(name, 0) + 1
        return f"{name}.{self.counts[name]}"

    def _add(self, step: Step) -> int:
        self.steps.append(step)
        return len(self.steps) - 1

    def done(self) -> Reading:
        used = {place for step in self.steps for place in step.inputs} | {self.result}
        for place, position in self.made.values():
            if place not in used:
                raise ExpressionError(code="expression-name-unused", position=position)
        names = {place: name for name, (place, _) in reversed(self.made.items())}
        output = self.output or names.get(self.result, "")
        if not output:
            free = (name for name in _OUTPUT_NAMES if name not in self.made and name not in self.variables)
            output = next(free, "result_")
        return Reading(
            tuple(self.steps), self.result, names, output, tuple(self.foldable), tuple(self.statements)
        )


def _moved(error: ExpressionError, by: int) -> ExpressionError:
    position = error.params["position"]
    assert isinstance(position, int)
    error.params["position"] = position + by
    return error
