"""The verdict on a learner's numbers: right within a tolerance, explained by a slip, or wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from core.answers import backward, forward, loss, objective, update
from core.answers.records import Answer, Mutant, Mutants, Place, Slip, Verdict
from core.answers.references import Quantity, badge_of, factors_of, line_of, quantity
from core.answers.setting import Setting
from core.errors import ConflictError, InvalidInputError
from core.trace import Trace

if TYPE_CHECKING:
    from core.training import Problem

# One per cent, or half of the last digit shown: as near as a reader can be expected to work by hand.
RELATIVE = 0.01
# What floating point may add to a distance that is exactly the tolerance.
_ROUNDING = 1e-9

# Kind of quantity -> its slips, the more specific ones first.
_SLIPS: dict[str, Callable[..., Mutants]] = {
    "p": forward.product,
    "ps": forward.running_sum,
    "z": forward.net_input,
    "a": forward.activation,
    "f": forward.function_value,
    "e": loss.loss,
    "eb": loss.batch_loss,
    "up": backward.upstream,
    "c": backward.contribution,
    "cs": backward.running_contributions,
    "loc": backward.slope,
    "d": backward.delta,
    "gw": backward.weight_gradient,
    "gb": backward.bias_gradient,
    "Gw": update.batch_gradient,
    "Gb": update.batch_gradient,
    "nw": update.new_value,
    "nb": update.new_value,
    "uw": update.change,
    "ub": update.change,
    "obj": objective.objective,
    "Jw": objective.objective_gradient,
    "Cw": objective.clipped_gradient,
    "Cb": objective.clipped_gradient,
    "eta": objective.rate,
    "lw": update.look_ahead,
    "lb": update.look_ahead,
}
# Those whose reference has a name.
_NAMED_SLIPS: dict[str, Callable[..., Mutants]] = {
    "s": update.state,
    "o": update.term,
    "size": objective.size,
    "pen": objective.penalty,
    "clip": objective.clipping,
}


def tolerance(value: float, decimals: int) -> float:
    """Return how far from `value` a number may be, shown with so many decimals, to be called the same."""
    return max(RELATIVE * abs(value), 0.5 * 10.0**-decimals) * (1.0 + _ROUNDING)


def check_answers(
    problem: Problem, trace: Trace, sample: int, answers: Sequence[Answer], decimals: int
) -> tuple[Verdict, ...]:
    """Return the verdict on each answer about the data set's row `sample` in the step that `trace` records.

    The right number is the trace's. It is matched within one per cent or half the last of `decimals` digits;
    else the nearest slip that matches the same way explains the answer, of equally near ones the more
    specific. Raises InvalidInputError (code "answer-unknown") for a quantity that this step does not make,
    ConflictError (code "answer-not-finite") for one whose number is not finite, both with a pointer to the
    answer; ValueError if `sample` is not in the trace's batch.
    """
    setting = Setting(problem, trace, sample)
    asked = []
    for index, answer in enumerate(answers):
        pointer = f"/answers/{index}/ref"
        found = quantity(setting, answer.ref)
        if found is None:
            raise InvalidInputError(code="answer-unknown", pointer=pointer)
        if not math.isfinite(setting.numbers[found.ref]):
            raise ConflictError(code="answer-not-finite", pointer=pointer)
        asked.append(found)
    # Several tries at one number look through the same slips.
    known: dict[Quantity, tuple[Mutant, ...]] = {}
    return tuple(
        _verdict(setting, answer, found, decimals, known)
        for answer, found in zip(answers, asked, strict=True)
    )


def _verdict(
    setting: Setting,
    answer: Answer,
    found: Quantity,
    decimals: int,
    known: dict[Quantity, tuple[Mutant, ...]],
) -> Verdict:
    right = setting.numbers[found.ref]
    if abs(answer.value - right) <= tolerance(right, decimals):
        return Verdict(answer.ref, answer.value, "right")
    if found not in known:
        known[found] = tuple(mutants_of(setting, found))
    mutant = _nearest(known[found], answer.value, decimals)
    if mutant is not None:
        return Verdict(answer.ref, answer.value, "slip", _slip(setting, found, mutant))
    return Verdict(answer.ref, answer.value, "wrong", factors=factors_of(setting, found))


def mutants_of(setting: Setting, found: Quantity) -> Iterator[Mutant]:
    """Yield every slip that is known for a quantity with the finite number that it leads to."""
    if found.kind in _NAMED_SLIPS:
        name = found.name.partition(".")[0]
        slips = _NAMED_SLIPS[found.kind](setting, name, *found.indices)
    else:
        slips = _SLIPS[found.kind](setting, *found.indices)
    yield from (slip for slip in slips if math.isfinite(slip.value))
    yield Mutant("sign_flipped", -setting.numbers[found.ref], found.ref)


def _nearest(mutants: Iterable[Mutant], value: float, decimals: int) -> Mutant | None:
    """Return the slip nearest to `value`, the first of equally near ones; None if none is near enough."""
    best, distance = None, math.inf
    for mutant in mutants:
        away = abs(value - mutant.value)
        # The same number reached by another route differs in its last bits only.
        nearer = away < distance - _ROUNDING * max(abs(value), abs(mutant.value))
        if away <= tolerance(mutant.value, decimals) and nearer:
            best, distance = mutant, away
    return best


def _slip(setting: Setting, found: Quantity, mutant: Mutant) -> Slip:
    at = quantity(setting, mutant.at)
    line = mutant.line or line_of(setting, at or found)
    badge = mutant.badge or (badge_of(at) if at else None)
    refs = {"asked": found.ref}
    refs.update((key, ref) for key, ref in (("used", mutant.used), ("due", mutant.due)) if ref)
    return Slip(mutant.name, refs, Place(mutant.at, badge, line))
