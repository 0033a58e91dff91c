"""The records that micro-steps are made of; their field names are those of the JSON.

The small ones are named tuples: a list has thousands of them, and these are made in a third of the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

Granularity = Literal["term", "neuron", "layer", "phase"]
PhaseName = Literal["forward", "loss", "backward", "update"]
LineKind = Literal[
    "term",
    "running",
    "sum",
    "function",
    "loss_part",
    "total",
    "factor",
    "product",
    "gradient",
    "combine",
    "state",
    "update",
]


class Part(NamedTuple):
    """One summand of a line: a single product, symbolic, with its numbers, and its value."""

    formula: str
    substitution: str
    result: float


class Line(NamedTuple):
    """One equation: `symbol` = `formula` = `substitution` = `result` (an arrow for kinds state and update).

    All TeX uses two macros only: \\sym{ref}{tex}, the symbol of a reference, and \\val{ref}, a slot for its
    number, found in `values`. `formula` is empty where the symbol says it all (kind term).
    `values` holds every number that the line reads and `result` what it makes, both entries of the trace;
    only `parts`, the summands of a sum, and the lines of kinds term and running are single products of them
    and what these add up to. `sentence` is a key of the locale files and `refs` fills its placeholders.
    `badge` numbers the factors of the chain rule; in a gradient line, 3 belongs to what `refs["carried"]`
    carried (a bias, without it, carries 1).
    `uses` holds the ids of the earlier micro-steps whose results the line reads; what is read but made by no
    micro-step is given (inputs, targets, parameters, state) or was made for another sample of the batch.
    """

    id: str
    kind: LineKind
    sentence: str
    refs: Mapping[str, str]
    badge: int | None
    symbol: str
    formula: str
    substitution: str
    values: Mapping[str, float]
    parts: tuple[Part, ...]
    result: float
    result_ref: str
    uses: tuple[str, ...] = ()


class Title(NamedTuple):
    """A key of the locale files and the references that fill its placeholders."""

    key: str
    refs: Mapping[str, str] = MappingProxyType({})


class MicroStep(NamedTuple):
    """One stop of the explanation: its equations and the elements of the diagram that it concerns.

    `group` names the tick group of the ruler, `focus` is what the reader looks at, `uses` what is read and
    `produces` what becomes known, all as references. `headline` is the whole step as one symbolic equation.
    """

    id: str
    phase: PhaseName
    group: tuple[str, ...]
    focus: tuple[str, ...]
    uses: tuple[str, ...]
    produces: tuple[str, ...]
    title: Title
    headline: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """Where a phase stands in the list of micro-steps; `count` may be 0."""

    name: PhaseName
    first: int
    count: int


@dataclass(frozen=True, slots=True)
class MicroSteps:
    """The micro-steps of one sample in one step, in order. `iteration` is step + 1; `batch` holds rows.

    `only` names the neuron that they are limited to, None where the whole network is told.
    """

    step: int
    iteration: int
    epoch: int
    sample: int
    batch: tuple[int, ...]
    granularity: Granularity
    only: str | None
    phases: tuple[PhaseSpan, ...]
    microsteps: tuple[MicroStep, ...]

    def keys(self) -> Iterator[str]:
        """Return every title and sentence key in use, each once, in order of appearance."""
        used: dict[str, None] = {}
        for microstep in self.microsteps:
            used[microstep.title.key] = None
            used.update((line.sentence, None) for line in microstep.lines)
        return iter(used)
