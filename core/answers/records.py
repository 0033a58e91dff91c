"""The records that answers are made of; the field names of a verdict are those of the JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

Outcome = Literal["right", "slip", "wrong"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a learner says: the number `value` for the quantity `ref`."""

    ref: str
    value: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a slip was made: the quantity, its number in the chain rule (1, 2, 3), the line that holds it."""

    ref: str
    badge: int | None
    line: str


@dataclass(frozen=True, slots=True)
class Slip:
    """What explains a number: a stable name, the references that its sentence mentions, the place."""

    name: str
    refs: Mapping[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on one answer; it never holds the right number.

    `slip` is there for the outcome "slip"; `factors`, the quantities to ask for in order, for "wrong".
    """

    ref: str
    value: float
    verdict: Outcome
    slip: Slip | None = None
    factors: tuple[str, ...] = ()


class Mutant(NamedTuple):
    """The number that one slip leads to. `at` is the quantity where it happens.

    `used` is what was put in, `due` what belongs there, both references or "". `badge` and `line` are set
    where they are not those of `at` itself.
    """

    name: str
    value: float
    at: str
    used: str = ""
    due: str = ""
    badge: int | None = None
    line: str = ""


Mutants = Iterator[Mutant]


def carried_on(mutants: Iterable[Mutant], onward: Callable[[float], float]) -> Mutants:
    """Yield what the mutants of a factor become in a later quantity; other neurons' numbers stay behind."""
    for mutant in mutants:
        if mutant.name not in STAYING:
            yield mutant._replace(value=onward(mutant.value))


# Slips that are made at the asked quantity itself: reading off a number that is not the one asked for.
STAYING = frozenset(
    {
        "neighbour",
        "delta_for_upstream",
        "loss_for_gradient",
        "activation_for_net_input",
        "net_input_for_activation",
        "slope_for_activation",
        "batch_for_sample",
        "batch_factor_early",
        "activation_twice",
    }
)
