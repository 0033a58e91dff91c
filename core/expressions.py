"""Text to instructions: a tokenizer and a precedence-climbing parser of its own, with limits.

Grammar: numbers, names, + - * / with the usual precedence, ** or ^ for powers (right-associative, binding
tighter than a sign: -x^2 is -(x^2)), brackets, and the functions that the caller names, such as max(x, y).
Neither Python's evaluation nor its syntax tree is used, so nothing but these can be reached.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from core.errors import ExpressionError

MAXIMUM_CHARACTERS = 500
MAXIMUM_NODES = 200
MAXIMUM_DEPTH = 32

_TOKEN = re.compile(
    r"[ \t\r\n]*(?:"
    r"(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?)"
    r"|(?P<name>[A-Za-z_가-힣][A-Za-z0-9_가-힣]{0,31})"
    r"|(?P<operator>\*\*|[-+*/^(),]))",
    re.ASCII,
)
_BLANK = " \t\r\n"
# operator: (gate, how tightly it binds to its left, to its right)
_OPERATORS = {
    "+": ("add", 10, 11),
    "-": ("subtract", 10, 11),
    "*": ("multiply", 20, 21),
    "/": ("divide", 20, 21),
    "**": ("power", 40, 39),
    "^": ("power", 40, 39),
}
_SIGN_BINDING = 30

Kind = Literal["number", "name", "operator", "end"]


@dataclass(frozen=True)
class Instruction:
    """One node to be: a `constant` with its value, a `variable` with its name, or a gate with its inputs.

    A gate is a function, or one of add, subtract, multiply, divide, power and negate. `inputs` are the places
    of earlier instructions, each used once; `position` is where the node stands in the text, from 0, and
    `span` where its whole subexpression does: the first character, and that behind the last.
    """

    gate: str
    position: int
    inputs: tuple[int, ...] = ()
    value: float = 0.0
    name: str = ""
    span: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class _Token:
    kind: Kind
    text: str
    position: int


def _tokens(text: str) -> list[_Token]:
    if len(text) > MAXIMUM_CHARACTERS:
        raise ExpressionError(
            code="expression-too-long", position=MAXIMUM_CHARACTERS, limit=MAXIMUM_CHARACTERS
        )
    end = len(text.rstrip(_BLANK))
    if end == 0:
        raise ExpressionError(code="expression-empty", position=0)
    place, tokens = 0, []
    while place < end:
        match = _TOKEN.match(text, place, end)
        if match is None:
            while text[place] in _BLANK:
                place += 1
            raise ExpressionError(code="expression-character", position=place)
        kind: Kind = "number" if match["number"] else "name" if match["name"] else "operator"
        tokens.append(_Token(kind, match[kind], match.start(kind)))
        place = match.end()
    tokens.append(_Token("end", "", end))
    return tokens


class _Parser:
    """One pass over the tokens; every method leaves `place` behind what it has read."""

    def __init__(self, text: str, functions: dict[str, int]) -> None:
        self.functions = functions
        self.tokens = _tokens(text)
        self.place = 0
        self.instructions: list[Instruction] = []

    def take(self) -> _Token:
        token = self.tokens[self.place]
        self.place += 1
        return token

    def expect(self, text: str) -> None:
        token = self.tokens[self.place]
        if token.kind != "operator" or token.text != text:
            raise ExpressionError(code="expression-expected", position=token.position, expected=text)
        self.place += 1

    def add(self, instruction: Instruction) -> int:
        if len(self.instructions) >= MAXIMUM_NODES:
            raise ExpressionError(
                code="expression-too-many-nodes", position=instruction.position, limit=MAXIMUM_NODES
            )
        self.instructions.append(instruction)
        return len(self.instructions) - 1

    def span(self, start: int) -> tuple[int, int]:
        """Return what was read since the character `start`."""
        last = self.tokens[self.place - 1]
        return start, last.position + len(last.text)

    def term(self, depth: int) -> int:
        token = self.take()
        if token.kind == "number":
            value = float(token.text)
            if not math.isfinite(value):
                raise ExpressionError(code="expression-number", position=token.position)
            return self.add(
                Instruction("constant", token.position, value=value, span=self.span(token.position))
            )
        if token.kind == "name":
            following = self.tokens[self.place]
            if following.kind == "operator" and following.text == "(":
                return self.call(token, depth)
            return self.add(
                Instruction("variable", token.position, name=token.text, span=self.span(token.position))
            )
        if token.kind == "operator" and token.text == "(":
            inner = self.expression(0, depth + 1)
            self.expect(")")
            return inner
        if token.kind == "operator" and token.text in "+-":
            inner = self.expression(_SIGN_BINDING, depth + 1)
            if token.text == "+":
                return inner
            return self.add(Instruction("negate", token.position, (inner,), span=self.span(token.position)))
        code = "expression-incomplete" if token.kind == "end" else "expression-unexpected"
        raise ExpressionError(code=code, position=token.position)

    def call(self, name: _Token, depth: int) -> int:
        if name.text not in self.functions:
            raise ExpressionError(
                code="expression-unknown-function", position=name.position, choices=list(self.functions)
            )
        arity = self.functions[name.text]
        self.expect("(")
        inputs = [self.expression(0, depth + 1)]
        while self.tokens[self.place].text == ",":
            self.place += 1
            inputs.append(self.expression(0, depth + 1))
        self.expect(")")
        if len(inputs) != arity:
            raise ExpressionError(code="expression-arity", position=name.position, expected=arity)
        return self.add(Instruction(name.text, name.position, tuple(inputs), span=self.span(name.position)))

    def expression(self, binding: int, depth: int) -> int:
        if depth > MAXIMUM_DEPTH:
            raise ExpressionError(
                code="expression-too-deep", position=self.tokens[self.place].position, limit=MAXIMUM_DEPTH
            )
        start = self.tokens[self.place].position
        left = self.term(depth)
        while True:
            token = self.tokens[self.place]
            if token.kind != "operator" or token.text not in _OPERATORS:
                return left
            gate, from_left, from_right = _OPERATORS[token.text]
            if from_left < binding:
                return left
            self.place += 1
            right = self.expression(from_right, depth + 1)
            left = self.add(Instruction(gate, token.position, (left, right), span=self.span(start)))


@lru_cache(maxsize=256)
def parse(text: str, functions: tuple[tuple[str, int], ...]) -> tuple[Instruction, ...]:
    """Return the instructions of `text` in the order of computation; the last one is the result.

    `functions` are the names that may be called, each with its number of arguments.
    Raises ExpressionError, with `position` counted in characters from 0, for text that does not parse or that
    exceeds 500 characters, 200 nodes or a nesting of 32; the error never repeats the text.
    """
    parser = _Parser(text, dict(functions))
    parser.expression(0, 0)
    rest = parser.tokens[parser.place]
    if rest.kind != "end":
        raise ExpressionError(code="expression-unexpected", position=rest.position)
    return tuple(parser.instructions)
