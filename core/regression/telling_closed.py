"""The closed form and the largest stable learning rate as micro-steps."""

from __future__ import annotations

import numpy as np

from core.lab import Explanation, Notebook, Quantity
from core.regression.closed_form import ClosedForm
from core.regression.data import Array
from core.regression.descent import Problem
from core.regression.evaluation import evaluate
from core.regression.proof import prove
from core.regression.stability import Stability
from core.regression.sums import Told, write_sum
from core.regression.telling import tell_line

_SAID = "told_regression"


def _points(book: Notebook, told: Told, x: Array, y: Array) -> None:
    book.name(Quantity("N", "N"))
    book.give("N", told.count)
    for k, number in enumerate(told.numbers):
        for name, values in (("x", x), ("y", y)):
            book.name(Quantity(f"{name}.{number}", name, str(number)))
            book.give(f"{name}.{number}", values[k])


def tell_closed_form(problem: Problem, closed: ClosedForm) -> Explanation:
    """Return how the normal equations give the line, and that both derivatives are 0 there.

    Where all x are equal it ends at the variance, which is 0.
    """
    x, y, told = problem.x, problem.y, Told(np.arange(len(problem.x)))
    book = Notebook()
    _points(book, told, x, y)
    for name, mean, values in (("x", closed.mean_x, x), ("y", closed.mean_y, y)):
        write_sum(
            book,
            told,
            values,
            phase="forward",
            kind="sum",
            result=Quantity(f"T.{name}", "T", name),
            value=float(values.sum()),
            item=name,
            tex=f"{name}_i",
            sentence=f"{_SAID}.total",
            group=(f"m.{name}",),
            refs={"of": f"m.{name}"},
        )
        book.name(Quantity(f"m.{name}", {"x": "x̄", "y": "ȳ"}[name]))
        book.line(
            "forward",
            "function",
            f"m.{name}",
            f"\\frac{{1}}{{<N>}}\\cdot <T.{name}>",
            mean,
            substitution=f"\\frac{{1}}{{{told.count}}}\\cdot <T.{name}>",
            sentence=f"{_SAID}.mean",
            title=f"{_SAID}.title.mean",
            refs={"mean": f"m.{name}"},
            group=(f"m.{name}",),
        )
    _deviations(book, told, closed)
    _moments(book, told, closed)
    if closed.slope is None or closed.intercept is None:
        return book.done()
    book.name(Quantity("w.0", "ŵ", "0"), Quantity("w.1", "ŵ", "1"))
    book.line(
        "forward",
        "function",
        "w.1",
        "\\frac{<cov>}{<var>}",
        closed.slope,
        sentence=f"{_SAID}.slope",
        title=f"{_SAID}.title.estimate",
        refs={"parameter": "w.1"},
        group=("w.1",),
    )
    book.line(
        "forward",
        "function",
        "w.0",
        "<m.y>-<w.1>\\cdot <m.x>",
        closed.intercept,
        sentence=f"{_SAID}.intercept",
        title=f"{_SAID}.title.estimate",
        refs={"parameter": "w.0", "x": "m.x", "y": "m.y"},
        group=("w.0",),
    )
    there = evaluate(x, y, closed.intercept, closed.slope, problem.convention)
    tell_line(book, problem.convention, told, x, y, there)
    proof = prove(x, y, closed.intercept, closed.slope, problem.convention)
    for index in (0, 1):
        book.check(
            f"w.{index}",
            there.gradient[index],
            proof.central[index],
            proof.autodiff[index],
            scale=proof.scale,
        )
    return book.done()


def _deviations(book: Notebook, told: Told, closed: ClosedForm) -> None:
    for k, number in enumerate(told.numbers):
        for ref, name, mean, values in (
            ("u", "x", "m.x", closed.deviations_x),
            ("v", "y", "m.y", closed.deviations_y),
        ):
            book.name(Quantity(f"{ref}.{number}", ref, str(number)))
            book.line(
                "forward",
                "term",
                f"{ref}.{number}",
                f"<{name}.{number}>-<{mean}>",
                values[k],
                sentence=f"{_SAID}.deviation",
                title=f"{_SAID}.title.deviation",
                refs={"value": f"{name}.{number}", "mean": mean},
                group=(f"u.{number}",),
            )


def _moments(book: Notebook, told: Told, closed: ClosedForm) -> None:
    for ref, left, right, total, moment, values in (
        ("xy", "u", "v", closed.sum_xy, ("cov", closed.covariance), closed.deviations_y),
        ("xx", "u", "u", closed.sum_xx, ("var", closed.variance), closed.deviations_x),
    ):
        for k, number in enumerate(told.numbers):
            book.name(Quantity(f"{ref}.{number}", "p" if ref == "xy" else "r", str(number)))
            book.line(
                "forward",
                "product",
                f"{ref}.{number}",
                f"<{left}.{number}>\\cdot <{right}.{number}>",
                closed.deviations_x[k] * values[k],
                sentence=f"{_SAID}.moment_{ref}",
                title=f"{_SAID}.title.moment",
                refs={"x": f"x.{number}"},
                group=(moment[0],),
            )
        write_sum(
            book,
            told,
            closed.deviations_x * values,
            phase="forward",
            kind="sum",
            result=Quantity(f"T.{ref}", "S", ref),
            value=total,
            item=ref,
            tex="u_i v_i" if ref == "xy" else "u_i^2",
            sentence=f"{_SAID}.sum_{ref}",
            group=(moment[0],),
        )
        book.name(Quantity(moment[0], moment[0]))
        book.line(
            "forward",
            "function",
            moment[0],
            f"\\frac{{1}}{{<N>}}\\cdot <T.{ref}>",
            moment[1],
            substitution=f"\\frac{{1}}{{{told.count}}}\\cdot <T.{ref}>",
            sentence=f"{_SAID}.{moment[0]}",
            title=f"{_SAID}.title.{moment[0]}",
            group=(moment[0],),
        )


def tell_stability(problem: Problem, found: Stability) -> Explanation:
    """Return how the second derivatives give the largest stable learning rate, and this rate's factors."""
    x, told = problem.x, Told(np.arange(len(problem.x)))
    book = Notebook()
    _points(book, told, x, problem.y)
    book.name(Quantity("eta", "η"), Quantity("c", "c"))
    book.give("eta", problem.rate)
    book.give("c", problem.convention.coefficient(len(x)))
    (a, b), (_, d) = found.hessian
    write_sum(
        book,
        told,
        x,
        phase="forward",
        kind="sum",
        result=Quantity("T.x", "T", "x"),
        value=float(x.sum()),
        item="x",
        tex="x_i",
        sentence=f"{_SAID}.total_x",
        group=("T.x",),
    )
    for k, number in enumerate(told.numbers):
        book.name(Quantity(f"xx.{number}", "x", str(number), "2"))
        book.line(
            "forward",
            "product",
            f"xx.{number}",
            f"<x.{number}>\\cdot <x.{number}>",
            x[k] * x[k],
            sentence=f"{_SAID}.x_square",
            title=f"{_SAID}.title.x_square",
            refs={"x": f"x.{number}"},
            group=("T.xx",),
        )
    write_sum(
        book,
        told,
        x * x,
        phase="forward",
        kind="sum",
        result=Quantity("T.xx", "T", "xx"),
        value=float((x * x).sum()),
        item="xx",
        tex="x_i^2",
        sentence=f"{_SAID}.x_squares",
        group=("T.xx",),
    )
    steep, flat = found.factors(problem.rate)
    large, small = found.eigenvalues
    # (reference, how it is written, template, value, sentence, tick group)
    rows: tuple[tuple[str, Quantity, str, float, str, str], ...] = (
        ("a", Quantity("a", "a"), "2\\cdot <c>\\cdot <N>", a, "curvature_0", "curvature"),
        ("d", Quantity("d", "d"), "2\\cdot <c>\\cdot <T.xx>", d, "curvature_1", "curvature"),
        ("b", Quantity("b", "b"), "2\\cdot <c>\\cdot <T.x>", b, "curvature_mixed", "curvature"),
        ("mid", Quantity("mid", "m"), "\\frac{<a>+<d>}{2}", found.half_trace, "half_trace", "lambda"),
        (
            "rad",
            Quantity("rad", "r"),
            "\\sqrt{\\left(\\frac{<a>-<d>}{2}\\right)^{2}+<b>^{2}}",
            found.radius,
            "radius",
            "lambda",
        ),
        ("lambda.1", Quantity("lambda.1", "λ", "1"), "<mid>+<rad>", large, "large", "lambda"),
        ("lambda.2", Quantity("lambda.2", "λ", "2"), "<mid>-<rad>", small, "small", "lambda"),
        ("limit", Quantity("limit", "η", "max"), "\\frac{2}{<lambda.1>}", found.limit, "limit", "limit"),
        (
            "best",
            Quantity("best", "η", "*"),
            "\\frac{2}{<lambda.1>+<lambda.2>}",
            found.best,
            "best",
            "limit",
        ),
        (
            "factor.1",
            Quantity("factor.1", "k", "1"),
            "1-<eta>\\cdot <lambda.1>",
            steep,
            "factor_steep",
            "factor",
        ),
        (
            "factor.2",
            Quantity("factor.2", "k", "2"),
            "1-<eta>\\cdot <lambda.2>",
            flat,
            "factor_flat",
            "factor",
        ),
    )
    for ref, quantity, template, value, sentence, group in rows:
        book.name(quantity)
        book.line(
            "forward",
            "function",
            ref,
            template,
            value,
            substitution=template.replace("<N>", str(told.count)) if ref == "a" else None,
            sentence=f"{_SAID}.{sentence}",
            title=f"{_SAID}.title.{group}",
            refs={"value": ref},
            # A tick group is named after a quantity.
            group=({"curvature": "a", "lambda": "lambda.1", "limit": "limit", "factor": "factor.1"}[group],),
        )
    return book.done()
