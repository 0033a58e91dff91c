"""The Regression lab's records as a reply."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.presenters.lab import present_explanation
from app.presenters.numbers import Numbers, below
from app.schemas.base import Text
from app.schemas.regression import (
    ClosedFormReply,
    ConventionReply,
    DerivativesReply,
    GeneratorInput,
    IterationReply,
    LinePathReply,
    LineReply,
    LossGridReply,
    RateReply,
    RegressionReply,
    RegressionRequest,
    StabilityReply,
    StartInput,
    SurfaceInput,
    ToldName,
)
from core.errors import InvalidInputError
from core.lab import Explanation
from core.registry import Label, complete_parameters
from core.regression import (
    CONVENTIONS,
    GENERATORS,
    OPENING_POINTS,
    Batches,
    Convention,
    Path,
    Problem,
    Stability,
    Told,
    closed_form,
    descend,
    ends,
    evaluate,
    frame,
    line_through,
    ranges,
    stability,
    surface,
    tell_closed_form,
    tell_iteration,
    tell_stability,
    usual_rates,
    verdict,
)

Range = tuple[float, float]


def problem_of(request: RegressionRequest) -> Problem:
    """Return what a request asks to compute.

    Raises InvalidInputError: `points-form` (points and a generator), `line-vertical`, an unknown name.
    """
    if request.generator is not None:
        if request.points is not None:
            raise InvalidInputError(code="points-form", pointer="/points")
        generator = GENERATORS.get(request.generator.name, "/generator/name")
        x, y = generator.draw(request.generator.parameters, request.generator.seed, "/generator")
    else:
        given = np.array(OPENING_POINTS if request.points is None else request.points)
        x, y = given[:, 0], given[:, 1]
    start = (request.start.w0, request.start.w1)
    if request.line is not None:
        (x1, y1), (x2, y2) = request.line
        start = line_through((x1, y1), (x2, y2))
    return Problem(
        x,
        y,
        CONVENTIONS.get(request.convention, "/convention"),
        start,
        request.learning_rate,
        request.steps,
        Batches(request.batch.mode, request.batch.size, request.batch.seed),
    )


def explanation_of(problem: Problem, path: Path, told: ToldName, at: int) -> Explanation:
    """Return the explanation that is asked for."""
    if told == "closed_form":
        return tell_closed_form(problem, closed_form(problem.x, problem.y))
    if told == "stability":
        return tell_stability(problem, stability(problem.x, problem.convention))
    return tell_iteration(problem, path, at)


def told_of(request: RegressionRequest) -> Explanation:
    """Return only the explanation that a request asks for."""
    problem = problem_of(request)
    path = descend(problem)
    return explanation_of(problem, path, request.told, min(request.at, path.last))


def present_regression(request: RegressionRequest) -> RegressionReply:
    """Compute and return everything that a request asks for."""
    problem = problem_of(request)
    path = descend(problem)
    at = min(request.at, path.last)
    numbers = Numbers()
    x, y, convention = problem.x, problem.y, problem.convention
    closed, found = closed_form(x, y), stability(x, convention)
    best = None if closed.intercept is None or closed.slope is None else (closed.intercept, closed.slope)
    there = evaluate(x, y, *(best or (closed.mean_y, 0.0)), convention)
    x_range, y_range = frame(x, y, problem.start)
    own = path if problem.batches.mode == "full" else descend(replace(problem, batches=Batches()))
    told = explanation_of(problem, path, request.told, at)
    explanation = present_explanation(told, request.granularity)

    rates = []
    for index, rate in enumerate(request.rates or usual_rates(found.limit)):
        tried = descend(replace(problem, rate=rate, batches=Batches()))
        rates.append(
            RateReply(
                learning_rate=rate,
                verdict=verdict(tried, found, rate, there.loss),
                factors=found.factors(rate),
                path=_path(tried, numbers, f"/rates/{index}/path"),
            )
        )
    reply = RegressionReply(
        request=_completed(request, problem),
        at=at,
        last=path.last,
        points=list(zip(x.tolist(), y.tolist(), strict=True)),
        x_range=x_range,
        y_range=y_range,
        convention=_convention(convention, len(x)),
        iteration=_iteration(problem, path, at, x_range, numbers),
        path=_path(path, numbers, "/path"),
        closed_form=ClosedFormReply(
            mean_x=closed.mean_x,
            mean_y=closed.mean_y,
            variance=closed.variance,
            covariance=closed.covariance,
            line=None if best is None else _line(problem, *best, x_range, numbers, "/closed_form/line"),
            r_squared=closed.r_squared,
            predictions=there.predictions.tolist() if best else [],
            residuals=there.residuals.tolist() if best else [],
            squares=there.squares.tolist() if best else [],
            total=there.total if best else None,
            told=[number - 1 for number in Told(np.arange(len(x))).numbers],
        ),
        stability=_stability(found, problem.rate, verdict(own, found, problem.rate, there.loss)),
        rates=rates,
        surface=_surface(request, problem, path, numbers),
        explanation=explanation,
        nonfinite={},
    )
    reply.nonfinite.update(numbers.nonfinite)
    reply.nonfinite.update(below("/explanation", explanation.nonfinite))
    return reply


def _completed(request: RegressionRequest, problem: Problem) -> RegressionRequest:
    """Return the request with every default filled in, its line as the start that it gives."""
    changes: dict[str, object] = {
        "line": None,
        "start": StartInput(w0=problem.start[0], w1=problem.start[1]),
    }
    if request.generator is not None:
        name = request.generator.name
        parameters = complete_parameters(GENERATORS.get(name).parameters, request.generator.parameters)
        changes["generator"] = GeneratorInput(name=name, parameters=parameters, seed=request.generator.seed)
    else:
        changes["points"] = [
            list(point) for point in zip(problem.x.tolist(), problem.y.tolist(), strict=True)
        ]
    return request.model_copy(update=changes)


def _convention(convention: Convention, count: int) -> ConventionReply:
    return ConventionReply(
        name=convention.name,
        label=_text(convention.label),
        symbol=convention.symbol,
        tex=convention.tex,
        coefficient=convention.coefficient(count),
        note=_text(convention.note),
    )


def _line(
    problem: Problem, w0: float, w1: float, x_range: Range, numbers: Numbers, pointer: str
) -> LineReply:
    with np.errstate(over="ignore", invalid="ignore"):
        loss = evaluate(problem.x, problem.y, w0, w1, problem.convention).loss
    return LineReply(
        w0=numbers.number(w0, f"{pointer}/w0"),
        w1=numbers.number(w1, f"{pointer}/w1"),
        loss=numbers.number(loss, f"{pointer}/loss"),
        ends=numbers.matrix(np.array(ends(w0, w1, x_range)), f"{pointer}/ends"),
    )


def _iteration(problem: Problem, path: Path, at: int, x_range: Range, numbers: Numbers) -> IterationReply:
    w0, w1 = float(path.w0[at]), float(path.w1[at])
    whole = evaluate(problem.x, problem.y, w0, w1, problem.convention)
    batch = path.at(problem, at)
    after = (w0 - problem.rate * batch.gradient[0], w1 - problem.rate * batch.gradient[1])
    pointer = "/iteration"
    return IterationReply(
        line=_line(problem, w0, w1, x_range, numbers, f"{pointer}/line"),
        predictions=numbers.vector(whole.predictions, f"{pointer}/predictions"),
        residuals=numbers.vector(whole.residuals, f"{pointer}/residuals"),
        squares=numbers.vector(whole.squares, f"{pointer}/squares"),
        total=numbers.number(whole.total, f"{pointer}/total"),
        rows=path.rows[at].tolist(),
        told=[number - 1 for number in Told(path.rows[at]).numbers],
        batch_loss=numbers.number(batch.loss, f"{pointer}/batch_loss"),
        gradient=DerivativesReply(
            w0=numbers.number(batch.gradient[0], f"{pointer}/gradient/w0"),
            w1=numbers.number(batch.gradient[1], f"{pointer}/gradient/w1"),
        ),
        after=_line(problem, *after, x_range, numbers, f"{pointer}/after"),
    )


def _path(path: Path, numbers: Numbers, pointer: str) -> LinePathReply:
    return LinePathReply(
        w0=numbers.vector(path.w0, f"{pointer}/w0"),
        w1=numbers.vector(path.w1, f"{pointer}/w1"),
        losses=numbers.vector(path.losses, f"{pointer}/losses"),
        gradient_w0=numbers.vector(path.gradients[:, 0], f"{pointer}/gradient_w0"),
        gradient_w1=numbers.vector(path.gradients[:, 1], f"{pointer}/gradient_w1"),
        diverged=path.diverged,
    )


def _stability(found: Stability, rate: float, verdict_of_it: str) -> StabilityReply:
    return StabilityReply(
        hessian=[list(row) for row in found.hessian],
        eigenvalues=found.eigenvalues,
        eigenvectors=[list(vector) for vector in found.eigenvectors],
        condition=found.condition,
        limit=found.limit,
        best=found.best,
        factors=found.factors(rate),
        verdict=verdict_of_it,
    )


def _surface(request: RegressionRequest, problem: Problem, path: Path, numbers: Numbers) -> LossGridReply:
    asked: SurfaceInput = request.surface
    closed = closed_form(problem.x, problem.y)
    found = ranges(path, closed)
    w0, w1 = (
        _range(given, f"/surface/{name}") if given is not None else automatic
        for name, given, automatic in (
            ("w0_range", asked.w0_range, found[0]),
            ("w1_range", asked.w1_range, found[1]),
        )
    )
    grid = surface(problem.x, problem.y, closed, problem.convention, w0, w1, asked.resolution)
    return LossGridReply(
        w0_range=w0,
        w1_range=w1,
        resolution=asked.resolution,
        w0=grid.w0.tolist(),
        w1=grid.w1.tolist(),
        values=numbers.matrix(grid.values, "/surface/values"),
        levels=numbers.vector(grid.levels, "/surface/levels"),
    )


def _range(given: list[float], pointer: str) -> Range:
    low, high = given
    if not low < high:
        raise InvalidInputError(code="range-reversed", pointer=pointer)
    return low, high


def _text(label: Label) -> Text:
    return Text(en=label.en, ko=label.ko)
