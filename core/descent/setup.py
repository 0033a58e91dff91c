"""What a request asks for, with every default filled in and every limit kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.descent.contours import fitted
from core.descent.objectives import DataObjective, FunctionObjective, Objective, drawn_points
from core.descent.race import MAXIMUM_WORK, BatchMode, Entrant
from core.descent.surfaces import SURFACES, Range, Surface
from core.errors import ExpressionError, InvalidInputError
from core.optimizers import OPTIMIZERS
from core.registry import complete_parameters
from core.symbolic import Formula, formula

Point = tuple[float, float]


def read(text: str, names: tuple[str, ...], pointer: str) -> Formula:
    """Return a typed formula; an ExpressionError has the pointer."""
    try:
        return formula(text, names)
    except ExpressionError as error:
        error.pointer = pointer
        raise


def limit_work(runs: int, steps: int, work: int) -> None:
    """Raise InvalidInputError where a request would keep the server for more than a moment."""
    if runs * steps * work > MAXIMUM_WORK:
        raise InvalidInputError(
            code="descent-work", pointer="/steps", limit=max(1, MAXIMUM_WORK // (runs * work))
        )


@dataclass(frozen=True, slots=True)
class RunAsked:
    """An entrant as asked for: the parameters that are to differ from the surface's and the entry's own."""

    optimizer: str
    parameters: Mapping[str, float]
    batch: BatchMode = "full"


@dataclass(frozen=True, slots=True)
class RaceSetup:
    """A race with nothing left open. `points` are those of the regression, None for a function."""

    surface: Surface
    objective: Objective
    formula: Formula | None
    points: tuple[Point, ...] | None
    start: Point
    steps: int
    entrants: tuple[Entrant, ...]
    x_range: Range
    y_range: Range

    @property
    def minima(self) -> tuple[Point, ...]:
        """Known minima: the surface's, or the solution of the regression by least squares."""
        best = self.objective.best() if isinstance(self.objective, DataObjective) else None
        return self.surface.minima if best is None else (best,)


def race_setup(
    surface_name: str,
    expression: str | None,
    runs: Sequence[RunAsked] | None,
    start: Point | None,
    steps: int | None,
    ranges: tuple[Range | None, Range | None],
    points: Sequence[Point] | None,
    drawn: tuple[int, float, int],
) -> RaceSetup:
    """Return the race that is asked for; `drawn` is how the regression's points are drawn without `points`.

    Raises UnknownNameError for a surface, an optimizer or a parameter, ExpressionError for `expression`,
    InvalidInputError for what does not fit together or would take too long.
    """
    surface = SURFACES.get(surface_name, "/surface")
    if expression is not None and surface.name != "typed":
        raise InvalidInputError(code="descent-expression", pointer="/expression")
    objective: Objective
    typed: Formula | None = None
    given: tuple[Point, ...] | None = None
    if surface.is_loss:
        given = tuple(points if points is not None else drawn_points(*drawn))
        inputs, targets = np.array(given, dtype=np.float64).T
        objective = DataObjective(inputs, targets)
    else:
        typed = read(expression or surface.expression, ("x", "y"), "/expression")
        objective = FunctionObjective(typed)
    asked = runs if runs is not None else [RunAsked(name, {}) for name in OPTIMIZERS.names()]
    entrants = tuple(_entrant(surface, each, index) for index, each in enumerate(asked))
    count = steps if steps is not None else surface.steps
    limit_work(len(entrants), count, objective.work)
    begin = start if start is not None else surface.start
    x_range, y_range = _view(surface, objective, begin)
    return RaceSetup(
        surface,
        objective,
        typed,
        given,
        begin,
        count,
        entrants,
        _checked(ranges[0], "/x_range") or x_range,
        _checked(ranges[1], "/y_range") or y_range,
    )


def _entrant(surface: Surface, asked: RunAsked, index: int) -> Entrant:
    pointer = f"/runs/{index}"
    optimizer = OPTIMIZERS.get(asked.optimizer, f"{pointer}/optimizer")
    if asked.batch != "full" and not surface.is_loss:
        raise InvalidInputError(code="descent-batch", pointer=f"{pointer}/batch")
    wanted = {"learning_rate": surface.rate(optimizer.name), **asked.parameters}
    parameters = complete_parameters(optimizer.parameters, wanted, f"{pointer}/parameters")
    return Entrant(optimizer, parameters, asked.batch)


def _view(surface: Surface, objective: Objective, start: Point) -> tuple[Range, Range]:
    """Return the surface's own view, or one that shows a start outside it and a regression's solution."""
    ranges = surface.x_range, surface.y_range
    inside = all(low <= value <= high for value, (low, high) in zip(start, ranges, strict=True))
    if isinstance(objective, DataObjective):
        w0, w1 = objective.best()
        reach = [1.3 * max(abs(start[0] - w0), 1.0), 1.3 * max(abs(start[1] - w1), 1.0)]
        return (w0 - reach[0], w0 + reach[0]), (w1 - reach[1], w1 + reach[1])
    if inside:
        return ranges
    middle = tuple(0.5 * (low + high) for low, high in ranges)
    corners = np.array([start, *zip(*ranges, strict=True)])
    return fitted(ranges, corners, (middle[0], middle[1]))


def _checked(given: Range | None, pointer: str) -> Range | None:
    if given is not None and not given[0] < given[1]:
        raise InvalidInputError(code="descent-range", pointer=pointer)
    return given
