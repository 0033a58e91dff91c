"""Gradient descent in one and in two variables as replies."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from app.i18n import LANGUAGES, message
from app.presenters.lab import present_explanation
from app.presenters.numbers import Numbers, below
from app.presenters.pictures import packed
from app.schemas.base import Text, Vector
from app.schemas.descent import (
    CurveReply,
    DerivativeReply,
    DescentReply,
    DescentRequest,
    FunctionEntryReply,
    MinimumReply,
    PathReply,
    QuotientReply,
    QuotientsReply,
    RaceReply,
    RaceRequest,
    ReliefReply,
    RunInput,
    StandingReply,
    SurfaceEntryReply,
    SurfaceReply,
    WalkReply,
)
from core.descent.contours import relief
from core.descent.functions import FUNCTIONS
from core.descent.line import Descent
from core.descent.objectives import Array, DataObjective, Objective
from core.descent.quotient import Quotients
from core.descent.race import Path, standing
from core.descent.setup import RaceSetup
from core.descent.surfaces import SURFACES
from core.descent.told_race import tell_move
from core.descent.walk import Walk
from core.optimizers import OPTIMIZERS
from core.registry import Label
from core.symbolic import Formula, formula


def _text(label: Label) -> Text:
    return Text(en=label.en, ko=label.ko)


def _said(key: str, parameters: Mapping[str, object]) -> Text:
    """Return a sentence of the lab in both languages."""
    return Text(**{language: message(language, f"told_descent.{key}", parameters) for language in LANGUAGES})


_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def _digits(value: float) -> str:
    """Return a number in six digits as people write it: 8.78794×10⁻⁶."""
    mantissa, _, exponent = f"{value:.6g}".partition("e")
    if not exponent:
        return mantissa.replace("-", "−")
    power = f"10{str(int(exponent)).translate(_RAISED)}"
    return (power if mantissa == "1" else f"{mantissa}×{power}").replace("-", "−")


# --- one variable -----------------------------------------------------------------------------------------


def present_descent(found: Descent, request: DescentRequest) -> DescentReply:
    """Return the run, its neighbours, the picture and the step that is told."""
    numbers = Numbers()
    explanation = present_explanation(found.explanation, request.granularity)
    numbers.nonfinite.update(below("/explanation", explanation.nonfinite))
    tangent = numbers.matrix(np.array(found.tangent), "/tangent")
    return DescentReply(
        request=request,
        at=found.at,
        last=found.run.steps,
        tex=found.formula.tex(),
        derivative=_derivative(found.formula, "x"),
        second_derivative=_derivative(found.formula, "x", "x"),
        run=_walk(found.run, numbers, "/run"),
        rates=[_walk(each, numbers, f"/rates/{index}") for index, each in enumerate(found.others)],
        curve=CurveReply(
            x_range=list(found.x_range),
            y_range=[found.picture.low, found.picture.high],
            x=found.picture.x.tolist(),
            y=numbers.vector(found.picture.y, "/curve/y"),
            minima=[
                MinimumReply(x=each.x, y=each.y, curvature=each.curvature, largest_rate=each.largest_rate)
                for each in found.picture.minima
            ],
        ),
        tangent=tangent,
        quotients=_quotients(found.quotients, numbers),
        explanation=explanation,
        nonfinite=numbers.nonfinite,
    )


def _derivative(function: Formula, *by: str) -> DerivativeReply:
    return DerivativeReply(tex=function.tex(*by), expanded=function.expanded_tex(*by))


# Of runs whose steps ran out: that they went wrong is more to the point.
_END = {("steps", name): f"end_steps_{name}" for name in ("diverges", "oscillates")}


def _walk(walk: Walk, numbers: Numbers, pointer: str) -> WalkReply:
    said = {
        "step": walk.steps,
        "size": _digits(abs(float(walk.slope[-1]))),
        "tolerance": _digits(walk.tolerance),
        "x": _digits(float(walk.x[-1])),
    }
    return WalkReply(
        learning_rate=walk.learning_rate,
        steps=walk.steps,
        x=numbers.vector(walk.x, f"{pointer}/x"),
        y=numbers.vector(walk.y, f"{pointer}/y"),
        slope=numbers.vector(walk.slope, f"{pointer}/slope"),
        end=walk.end,
        verdict=walk.verdict,
        factor=None if walk.factor is None else numbers.number(walk.factor, f"{pointer}/factor"),
        reason=_said(_END.get((walk.end, walk.verdict), f"end_{walk.end}"), said),
    )


def _quotients(found: Quotients, numbers: Numbers) -> QuotientsReply:
    def one(name: str, best: int) -> QuotientReply:
        pointer = f"/quotients/{name}"
        return QuotientReply(
            values=numbers.vector(getattr(found, name), f"{pointer}/values"),
            error=numbers.vector(getattr(found, f"{name}_error"), f"{pointer}/error"),
            truncation=numbers.vector(getattr(found, f"{name}_truncation"), f"{pointer}/truncation"),
            rounding=numbers.vector(getattr(found, f"{name}_rounding"), f"{pointer}/rounding"),
            best=None if best < 0 else best,
        )

    return QuotientsReply(
        x=found.x,
        value=numbers.number(found.value, "/quotients/value"),
        derivative=numbers.number(found.derivative, "/quotients/derivative"),
        h=found.h.tolist(),
        forward=one("forward", found.best_forward),
        central=one("central", found.best_central),
    )


# --- two variables ----------------------------------------------------------------------------------------


def filled(request: RaceRequest, setup: RaceSetup) -> RaceRequest:
    """Return the request with every default written out, so that it says everything by itself."""
    return request.model_copy(
        update={
            "expression": setup.formula.text
            if setup.formula is not None and setup.surface.name == "typed"
            else None,
            "start": list(setup.start),
            "steps": setup.steps,
            "runs": [
                RunInput(optimizer=each.optimizer.name, parameters=dict(each.parameters), batch=each.batch)
                for each in setup.entrants
            ],
            "points": None if setup.points is None else [list(point) for point in setup.points],
            "x_range": list(setup.x_range),
            "y_range": list(setup.y_range),
            "told": min(request.told, len(setup.entrants) - 1),
        }
    )


def present_race(setup: RaceSetup, paths: tuple[Path, ...], asked: RaceRequest) -> RaceReply:
    """Return every path, where each run stands at the step, the picture and one run's update told."""
    request = filled(asked, setup)
    numbers = Numbers()
    at = min(request.at, setup.steps)
    explanation = present_explanation(
        tell_move(setup.objective, paths[request.told], at), request.granularity
    )
    numbers.nonfinite.update(below("/explanation", explanation.nonfinite))
    ranks = {place: rank for rank, place in enumerate(standing(paths, at), start=1)}
    picture = relief(setup.objective, setup.x_range, setup.y_range, request.resolution)
    return RaceReply(
        request=request,
        at=at,
        last=setup.steps,
        surface=_surface(setup),
        paths=[
            _path(each, request.tolerance, numbers, f"/paths/{index}") for index, each in enumerate(paths)
        ],
        standings=[
            _standing(setup.objective, each, at, ranks[index], numbers, f"/standings/{index}")
            for index, each in enumerate(paths)
        ],
        relief=ReliefReply(
            x_range=list(picture.x_range),
            y_range=list(picture.y_range),
            resolution=request.resolution,
            encoding="base64",
            values=packed(picture.values.ravel()),
            levels=list(picture.levels),
            minimum=picture.low,
            maximum=picture.high,
        ),
        points=None if setup.points is None else [list(point) for point in setup.points],
        explanation=explanation,
        nonfinite=numbers.nonfinite,
    )


def _surface(setup: RaceSetup) -> SurfaceReply:
    surface, function = setup.surface, setup.formula
    return SurfaceReply(
        name=surface.name,
        label=_text(surface.label),
        tex=surface.tex if function is None else function.tex(),
        derivatives=_LOSS_DERIVATIVES
        if function is None
        else [_derivative(function, name) for name in function.names],
        parameters=list(setup.objective.parameters),
        minima=[list(each) for each in setup.minima],
    )


_LOSS_DERIVATIVES = [
    DerivativeReply(tex=f"\\frac{{2}}{{n}}\\sum_{{i}}\\left(w_0+w_1\\,x_i-t_i\\right){by}", expanded=None)
    for by in ("", "x_i")
]


def _path(path: Path, tolerance: float, numbers: Numbers, pointer: str) -> PathReply:
    entrant = path.entrant
    end = "failed" if path.failed else "steps" if path.settled is None else "settled"
    said = {
        "step": path.steps,
        "next": path.steps + 1,
        "settled": path.settled,
        "tolerance": _digits(tolerance),
        "size": _digits(float(path.norms[-1])),
    }
    return PathReply(
        optimizer=entrant.optimizer.name,
        label=_text(entrant.optimizer.label),
        tex=entrant.optimizer.tex,
        parameters=dict(entrant.parameters),
        batch=entrant.batch,
        steps=path.steps,
        x=numbers.vector(path.points[:, 0], f"{pointer}/x"),
        y=numbers.vector(path.points[:, 1], f"{pointer}/y"),
        values=numbers.vector(path.values, f"{pointer}/values"),
        norms=numbers.vector(path.norms, f"{pointer}/norms"),
        length=numbers.number(path.length, f"{pointer}/length"),
        failed=path.failed,
        settled=path.settled,
        reason=_said(f"race_{end}", said),
    )


def _standing(
    objective: Objective, path: Path, at: int, rank: int, numbers: Numbers, pointer: str
) -> StandingReply:
    step = path.at(at)
    move = path.moves[min(step, len(path.moves) - 1)]

    def vectors(named: Mapping[str, Array], name: str) -> dict[str, Vector]:
        return {key: numbers.vector(values, f"{pointer}/{name}/{key}") for key, values in named.items()}

    with np.errstate(all="ignore"):
        change = move.update.theta - move.theta
    return StandingReply(
        rank=rank,
        step=step,
        point=numbers.vector(path.points[step], f"{pointer}/point"),
        value=numbers.number(path.values[step], f"{pointer}/value"),
        taken_at=numbers.vector(move.point, f"{pointer}/taken_at"),
        gradient=numbers.vector(move.gradient, f"{pointer}/gradient"),
        rows=None if move.rows is None else move.rows.tolist(),
        state=vectors(move.state, "state"),
        next_state=vectors(move.update.state, "next_state"),
        terms=vectors(move.update.terms, "terms"),
        update=numbers.vector(change, f"{pointer}/update"),
        line=numbers.matrix(objective.line(path.points[step]), f"{pointer}/line")
        if isinstance(objective, DataObjective)
        else None,
    )


# --- the catalogue ----------------------------------------------------------------------------------------


def present_functions() -> list[FunctionEntryReply]:
    """Return the functions of one variable."""
    return [
        FunctionEntryReply(
            name=entry.name,
            label=_text(entry.label),
            expression=entry.expression,
            tex=formula(entry.expression, ("x",)).tex() or "",
            start=entry.start,
            learning_rate=entry.learning_rate,
        )
        for entry in FUNCTIONS
    ]


def present_surfaces() -> list[SurfaceEntryReply]:
    """Return the surfaces for races."""
    return [
        SurfaceEntryReply(
            name=entry.name,
            label=_text(entry.label),
            expression=entry.expression or None,
            tex=entry.tex,
            x_range=list(entry.x_range),
            y_range=list(entry.y_range),
            start=list(entry.start),
            steps=entry.steps,
            rates={name: entry.rate(name) for name in OPTIMIZERS.names()},
            minima=[list(each) for each in entry.minima],
            source=entry.source,
        )
        for entry in SURFACES
    ]
