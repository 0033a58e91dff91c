"""Coverage-guided fuzzing of what reads text: `.venv/bin/python -m tests.fuzzing csv --seconds 600`.

A small loop of our own: libFuzzer's Python binding has wheels for few platforms, and these readers are pure
Python. A text that reaches a new pair of successive lines joins the corpus; new texts are made of those by
mutation. A failure is printed with the text that made it, which then belongs into a test.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

import app.json_body
import core.computation.reading
import core.datasets.csv_table
import core.expressions
from app.i18n import LANGUAGES, catalogue
from app.problems import ProblemError, core_response, problem_response
from core.computation import complete_values, prove, read, tell, wire_up
from core.datasets.csv_table import choose, read_csv
from core.datasets.names import is_column_name
from core.errors import DeltaboardError, ExpressionError
from core.graph import Graph, parse

Edge = tuple[str, int, int]


@dataclass(frozen=True)
class Target:
    """What is fed with texts: the modules whose lines count, texts to begin with, and parts to put in."""

    call: Callable[[str], None]
    modules: tuple[str, ...]
    seeds: tuple[str, ...]
    parts: tuple[str, ...]


def explained(error: DeltaboardError | ProblemError) -> None:
    """A refusal has a sentence in each language, in at most 4 KB, with nothing left to be filled in."""
    for language in LANGUAGES:
        assert f"problems.{error.code}" in catalogue(language), error.code
        if isinstance(error, DeltaboardError):
            reply = core_response(error, language)
        else:
            reply = problem_response(error, language)
        assert reply.status_code in (400, 422)
        assert len(reply.body) <= 4096
        assert "{" not in json.loads(bytes(reply.body))["detail"]


def check_expression(text: str) -> None:
    """An expression is refused at a place within it, or is a small graph with a value and derivatives."""
    try:
        instructions = parse(text)
    except ExpressionError as error:
        position = error.params["position"]
        assert isinstance(position, int)
        assert 0 <= position <= len(text)
        return explained(error)
    assert 0 < len(instructions) <= 200
    for place, one in enumerate(instructions):
        assert all(0 <= source < place for source in one.inputs)
        assert 0 <= one.span[0] <= one.span[1] <= len(text)
    graph = Graph()
    names = {one.name: 0.5 for one in instructions if one.gate == "variable"}
    nodes = {name: graph.variable(name, value) for name, value in names.items()}
    result = graph.expression(text, nodes)
    assert isinstance(graph.value(result), float)
    gradients = graph.backward(result)
    assert all(isinstance(gradients[node], float) for node in nodes.values())


def check_computation(text: str) -> None:
    """The Graph lab's text: named steps, told and proven, or refused."""
    try:
        reading = read(text)
        wiring = wire_up(reading, complete_values(reading, {}))
        explanation = tell(reading, wiring, prove(reading, wiring))
    except DeltaboardError as error:
        return explained(error)
    assert explanation is not None


def check_csv(text: str) -> None:
    """A table is refused with row and column, or has good names and finite numbers within the limits."""
    try:
        table = read_csv(text)
        assert 2 <= len(table.columns) <= 16
        assert 1 <= table.rows <= 5000
        assert all(is_column_name(column.name) for column in table.columns)
        data = choose(table)
    except DeltaboardError as error:
        return explained(error)
    assert all(math.isfinite(number) and abs(number) <= 1e6 for number in data.inputs.flat)
    assert all(math.isfinite(number) for number in data.targets.flat)
    assert len(data.inputs) == len(data.targets) == table.rows


def check_json(text: str) -> None:
    """What is read is what Python's own reader reads, without NaN and without a key twice."""
    body = text.encode("utf-8", "surrogatepass")
    try:
        document = app.json_body.parse(body, 64)
    except ProblemError as error:
        return explained(error)
    assert json.loads(body.decode()) == document
    assert json.dumps(document, allow_nan=True) is not None


TARGETS = {
    "expression": Target(
        check_expression,
        (core.expressions.__file__,),
        ("x^2 + 3*x*y", "max(x, -y)/exp(2)", "((1e-3))**.5", "sin(x)*cos(y)-tanh(1)"),
        (
            "**",
            "^",
            "(",
            ")",
            ",",
            "max(",
            "1e308",
            "x",
            "-",
            "\u00b2",
            "가",
            "sqrt(",
            "\x00",
            "1e",
            ".",
            "_",
        ),
    ),
    "computation": Target(
        check_computation,
        (core.computation.reading.__file__, core.expressions.__file__),
        ("(x+y)*max(y,z)", "a = x*y; b = a + x; sigmoid(b)", "q=x+y;q*q"),
        ("=", ";", "a", "a=", "sigmoid(", "(", ")", "+", "*", "max(", ",", "\n", "1/0", "x"),
    ),
    "csv": Target(
        check_csv,
        (core.datasets.csv_table.__file__,),
        ("x1,x2,class\n1,2,a\n3,4,b\n", "a;b\n1,5;2\n2;3\n", "\ufeffn\tm\n1\t-2e3\n", 'a,b\n"1","2"\n'),
        (
            *('"', '""', ",", ";", "\t", "\r\n", "\n", "\r", "1e7", "nan", "inf", "-", ".", "\ufeff"),
            "\x00",
            "가",
        ),
    ),
    "json": Target(
        check_json,
        (app.json_body.__file__,),
        ('{"a": [1, 2.5e3, "x", null, true]}', '{"seed": 1, "data": {"name": "xor"}}', "[[[]]]"),
        (
            *('"', "\\u0000", "\\ud800", "{", "}", "[", "]", ":", ",", "NaN", "1e999", "-0"),
            '"a":1,',
            "9" * 50,
        ),
    ),
}


def mutated(chance: random.Random, corpus: Sequence[str], parts: Sequence[str]) -> str:
    """A text of the corpus with one to four changes."""
    text = chance.choice(corpus)
    for _ in range(chance.randint(1, 4)):
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.choice((0, 0, 1, 1, 2, 8, 32)))
        kind = chance.randrange(5)
        if kind == 0:
            new = chance.choice(parts)
        elif kind == 1:
            new = ""
        elif kind == 2:
            new = text[start:end] * chance.choice((2, 2, 3, 40))
        elif kind == 3:
            other = chance.choice(corpus)
            begin = chance.randint(0, len(other))
            new = other[begin : begin + chance.randint(0, 40)]
        else:
            new = chr(chance.choice((chance.randrange(128), chance.randrange(0xD800), 0x1F600)))
        text = (text[:start] + new + text[end:])[:20_000]
    return text


def traced(call: Callable[[str], None], text: str, modules: frozenset[str]) -> set[Edge]:
    """Make the call and return which pairs of successive lines of the modules it went through."""
    edges: set[Edge] = set()
    last: dict[FrameType, int] = {}

    def line(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            edges.add((frame.f_code.co_filename, last.get(frame, 0), frame.f_lineno))
            last[frame] = frame.f_lineno
        elif event == "return":
            last.pop(frame, None)
        return line

    def enter(frame: FrameType, event: str, _: Any) -> Any:
        return line if frame.f_code.co_filename in modules else None

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        call(text)
    finally:
        sys.settrace(before)
    return edges


def fuzz(name: str, goes_on: Callable[[int], bool], seed: int = 0) -> tuple[int, int]:
    """Feed a target while `goes_on(rounds)`; return how many texts the corpus has, and how many edges.

    Raises AssertionError with the text that something else than a refusal came of.
    """
    target, chance = TARGETS[name], random.Random(seed)
    modules = frozenset(target.modules)
    corpus: list[str] = []
    seen: set[Edge] = set()
    waiting, rounds = list(target.seeds), 0
    while waiting or goes_on(rounds):
        text = waiting.pop() if waiting else mutated(chance, corpus, target.parts)
        rounds += 1
        try:
            edges = traced(target.call, text, modules)
        except Exception as error:
            raise AssertionError(f"{name}: {text!r} makes {error!r}") from error
        if not edges <= seen or not corpus:
            seen |= edges
            corpus.append(text)
    return len(corpus), len(seen)


def main(arguments: Sequence[str] | None = None) -> None:
    """Fuzz the named targets, each for so many seconds, from a seed that is printed."""
    parser = argparse.ArgumentParser(description="Feed what reads text with mutated texts.")
    parser.add_argument("targets", nargs="*", default=list(TARGETS), help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args(arguments)
    for name in options.targets:
        end, rounds = time.monotonic() + options.seconds, 0

        def goes_on(done: int, end: float = end) -> bool:
            nonlocal rounds
            rounds = done
            return time.monotonic() < end

        corpus, edges = fuzz(name, goes_on, options.seed)
        print(
            f"{name}: {rounds} texts, {corpus} kept, {edges} pairs of lines, seed {options.seed}", flush=True
        )


if __name__ == "__main__":
    main()
