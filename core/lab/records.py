"""The records of a lab's explanation; micro-steps are those of the Network lab (core.microsteps)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from core.microsteps.records import MicroStep, PhaseName, PhaseSpan, Title

Granularity = Literal["term", "group", "phase"]
GRANULARITIES: tuple[Granularity, ...] = ("term", "group", "phase")
Verdict = Literal["agree", "differ", "not-differentiable"]
_PHASES: tuple[PhaseName, ...] = ("forward", "loss", "backward", "update")
_TOLERANCE, _SMALLEST = 1e-6, 1e-4


@dataclass(frozen=True, slots=True)
class Quantity:
    """How a quantity is written: `base` with a lower and an upper index, in plain characters.

    For a derivative `of` and `by` are the references of what is differentiated, and by what.
    """

    id: str
    base: str
    sub: str = ""
    sup: str = ""
    of: str = ""
    by: str = ""


def derivative(id: str, of: str, by: str) -> Quantity:
    """Return the quantity ∂of/∂by under the reference `id`."""
    return Quantity(id, "", of=of, by=by)


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """One derivative computed three ways: by the lab's own formula, by central difference, by the graph.

    `element` is the reference of what it is taken by: the line that makes it has `g` + element for its
    result. `autodiff` is None where the graph has no say (a data set too large for it), `scale` the size of
    the function whose derivative it is, and `kink` says that it has none there.
    """

    element: str
    analytic: float
    central: float
    autodiff: float | None = None
    scale: float = 1.0
    kink: bool = False

    @property
    def difference(self) -> float:
        """The larger distance of the analytic derivative from the others, relative to size plus 1e-4."""
        others = [other for other in (self.central, self.autodiff) if other is not None]
        return max(
            (
                abs(self.analytic - other)
                / (max(abs(self.analytic), abs(other)) + _SMALLEST * max(1.0, abs(self.scale)))
                for other in others
            ),
            default=0.0,
        )

    @property
    def verdict(self) -> Verdict:
        """Whether they agree to 1e-6; "not-differentiable" at a kink or where a number is not finite."""
        numbers = [self.analytic, self.central, *([] if self.autodiff is None else [self.autodiff])]
        if self.kink or not all(map(math.isfinite, numbers)):
            return "not-differentiable"
        return "agree" if self.difference <= _TOLERANCE else "differ"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One step of a lab, told: its micro-steps in order, and the names of all quantities in them."""

    quantities: tuple[Quantity, ...]
    microsteps: tuple[MicroStep, ...]
    checks: tuple[GradientCheck, ...] = ()

    @property
    def phases(self) -> tuple[PhaseSpan, ...]:
        """Where each phase stands in the list; the four phases of the Network lab, in its order."""
        names = [step.phase for step in self.microsteps]
        return tuple(
            PhaseSpan(name, names.index(name) if name in names else len(names), names.count(name))
            for name in _PHASES
        )

    def at(self, granularity: Granularity) -> Explanation:
        """Return the same lines in fewer micro-steps: a term, a group of the ruler, or a phase each."""
        if granularity == "term":
            return self
        key = (lambda step: (step.phase, step.group)) if granularity == "group" else (lambda step: step.phase)
        joined = tuple(_join(steps) for _, steps in groupby(self.microsteps, key=key))
        return Explanation(self.quantities, joined, self.checks)


def _join(steps: Iterable[MicroStep]) -> MicroStep:
    """Return neighbouring micro-steps as one, named after the last of them, which they lead to."""
    several = list(steps)
    last = several[-1]
    made = [ref for step in several for ref in step.produces]
    groups = dict.fromkeys(name for step in several for name in step.group)
    return MicroStep(
        id=last.id,
        phase=last.phase,
        group=tuple(groups),
        focus=tuple(dict.fromkeys(ref for step in several for ref in step.focus)),
        uses=tuple(dict.fromkeys(ref for step in several for ref in step.uses if ref not in made)),
        produces=tuple(made),
        title=Title(last.title.key, last.title.refs),
        headline=last.headline,
        lines=tuple(line for step in several for line in step.lines),
    )
