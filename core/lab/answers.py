"""The verdict on a learner's numbers in a lab: right within a tolerance, explained by a slip, or wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from core.answers.checking import tolerance
from core.answers.records import Answer, Mutant, Place, Slip, Verdict
from core.errors import ConflictError, InvalidInputError
from core.lab.records import Explanation
from core.microsteps.records import Line

# Kinds whose result is a product of what the line reads: each factor can be left out.
_PRODUCTS = ("term", "product", "factor", "gradient")


def check_answers(explanation: Explanation, answers: Sequence[Answer], decimals: int) -> tuple[Verdict, ...]:
    """Return the verdict on each answer about the lines of an explanation.

    Right is within one per cent or half the last of `decimals` digits; else the nearest slip that matches the
    same way explains the number. Raises InvalidInputError (code "answer-unknown") for a quantity that no line
    makes, ConflictError ("answer-not-finite") for one whose number is not finite, with a pointer each.
    """
    lines = {line.result_ref: line for step in explanation.microsteps for line in step.lines}
    verdicts = []
    for index, answer in enumerate(answers):
        pointer = f"/answers/{index}/ref"
        line = lines.get(answer.ref)
        if line is None:
            raise InvalidInputError(code="answer-unknown", pointer=pointer)
        if not math.isfinite(line.result):
            raise ConflictError(code="answer-not-finite", pointer=pointer)
        verdicts.append(_verdict(line, answer, decimals, lines))
    return tuple(verdicts)


def _verdict(line: Line, answer: Answer, decimals: int, lines: dict[str, Line]) -> Verdict:
    if abs(answer.value - line.result) <= tolerance(line.result, decimals):
        return Verdict(answer.ref, answer.value, "right")
    fitting = [
        mutant
        for mutant in mutants_of(line)
        if math.isfinite(mutant.value)
        and abs(mutant.value - line.result) > tolerance(line.result, decimals)
        and abs(answer.value - mutant.value) <= tolerance(mutant.value, decimals)
    ]
    if fitting:
        best = min(fitting, key=lambda mutant: abs(answer.value - mutant.value))
        refs = {"made": line.result_ref, "used": best.used} if best.used else {"made": line.result_ref}
        return Verdict(
            answer.ref, answer.value, "slip", Slip(best.name, refs, Place(best.at, line.badge, line.id))
        )
    return Verdict(
        answer.ref, answer.value, "wrong", factors=tuple(ref for ref in line.values if ref in lines)
    )


def mutants_of(line: Line) -> Iterator[Mutant]:
    """Yield the numbers that the usual slips lead to, the more specific ones first."""
    right = line.result
    for part, (ref, _) in zip(line.parts, _summands(line), strict=False):
        yield Mutant("summand", right - part.result, ref, ref)
        yield Mutant("only_summand", part.result, ref, ref)
        yield Mutant("summand_sign", right - 2.0 * part.result, ref, ref)
    if line.kind in _PRODUCTS:
        for ref, value in line.values.items():
            if value not in (0.0, 1.0, -1.0):
                yield Mutant("factor", right / value, ref, ref)
    if len(line.values) > 1:
        for ref, value in line.values.items():
            yield Mutant("read_off", value, ref, ref)
    yield Mutant("sign", -right, line.result_ref)
    yield Mutant("double", 2.0 * right, line.result_ref)
    yield Mutant("half", 0.5 * right, line.result_ref)
    if right != 0.0:
        yield Mutant("inverse", 1.0 / right, line.result_ref)


def _summands(line: Line) -> list[tuple[str, float]]:
    """Return for each part of a sum the first quantity that it reads, which names it."""
    found = []
    for part in line.parts:
        named = [ref for ref in line.values if f"{{{ref}}}" in part.substitution]
        found.append((named[0] if named else line.result_ref, part.result))
    return found
