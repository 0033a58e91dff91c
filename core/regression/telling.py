"""One iteration of descent as micro-steps: predictions, residuals, loss, both partial derivatives, update."""

from __future__ import annotations

from core.lab import Explanation, Notebook, Quantity, derivative
from core.regression.conventions import Convention
from core.regression.data import Array
from core.regression.descent import Path, Problem
from core.regression.evaluation import Evaluation
from core.regression.proof import prove
from core.regression.sums import Told, write_sum

_SAID = "told_regression"


def tell_iteration(problem: Problem, path: Path, iteration: int) -> Explanation:
    """Return iteration `iteration` of a path, of its batch, with the proof of its two derivatives."""
    rows = path.rows[iteration]
    x, y = problem.x[rows], problem.y[rows]
    w0, w1 = float(path.w0[iteration]), float(path.w1[iteration])
    told = path.at(problem, iteration)
    book = Notebook()
    book.name(Quantity("w.0", "w", "0"), Quantity("w.1", "w", "1"), Quantity("eta", "η"))
    book.give("w.0", w0)
    book.give("w.1", w1)
    book.give("eta", problem.rate)
    tell_line(book, problem.convention, Told(rows), x, y, told)
    for name, before, gradient in (("0", w0, told.gradient[0]), ("1", w1, told.gradient[1])):
        change = problem.rate * gradient
        # Written as the parameter itself, with an arrow.
        book.name(Quantity(f"nw.{name}", "w", name))
        book.line(
            "update",
            "update",
            f"nw.{name}",
            f"<w.{name}>-<eta>\\cdot <gw.{name}>",
            before - change,
            sentence=f"{_SAID}.update",
            title=f"{_SAID}.title.update",
            refs={"parameter": f"w.{name}"},
            group=(f"w.{name}",),
            focus=(f"w.{name}",),
            parts=((f"<w.{name}>", before), (f"-<eta>\\cdot <gw.{name}>", -change)),
        )
    proof = prove(x, y, w0, w1, problem.convention)
    for index in (0, 1):
        book.check(
            f"w.{index}",
            told.gradient[index],
            proof.central[index],
            proof.autodiff[index],
            scale=proof.scale,
        )
    return book.done()


def tell_line(
    book: Notebook, convention: Convention, told: Told, x: Array, y: Array, numbers: Evaluation
) -> None:
    """Write what a line, whose w.0 and w.1 the notebook knows, makes of points x, y (N,)."""
    book.name(Quantity("N", "N"), Quantity("L", convention.symbol))
    book.give("N", told.count)
    for k, number in enumerate(told.numbers):
        book.name(
            Quantity(f"x.{number}", "x", str(number)),
            Quantity(f"y.{number}", "y", str(number)),
            Quantity(f"h.{number}", "ŷ", str(number)),
            Quantity(f"e.{number}", "e", str(number)),
            Quantity(f"q.{number}", "e", str(number), "2"),
        )
        book.give(f"x.{number}", x[k])
        book.give(f"y.{number}", y[k])
    _predict(book, told, numbers)
    _measure(book, convention, told, numbers)
    for index in (0, 1):
        _differentiate(book, convention, told, numbers, index)


def _predict(book: Notebook, told: Told, numbers: Evaluation) -> None:
    w0, w1 = book.value("w.0"), book.value("w.1")
    for k, number in enumerate(told.numbers):
        book.line(
            "forward",
            "sum",
            f"h.{number}",
            f"<w.0>+<w.1>\\,<x.{number}>",
            numbers.predictions[k],
            sentence=f"{_SAID}.prediction",
            title=f"{_SAID}.title.prediction",
            refs={"x": f"x.{number}"},
            group=(f"h.{number}",),
            focus=(f"h.{number}",),
            parts=(("<w.0>", w0), (f"<w.1>\\,<x.{number}>", w1 * book.value(f"x.{number}"))),
        )


def _measure(book: Notebook, convention: Convention, told: Told, numbers: Evaluation) -> None:
    for k, number in enumerate(told.numbers):
        book.line(
            "loss",
            "loss_part",
            f"e.{number}",
            f"<y.{number}>-<h.{number}>",
            numbers.residuals[k],
            sentence=f"{_SAID}.residual",
            title=f"{_SAID}.title.residual",
            refs={"y": f"y.{number}"},
            group=(f"e.{number}",),
        )
        book.line(
            "loss",
            "product",
            f"q.{number}",
            f"<e.{number}>\\cdot <e.{number}>",
            numbers.squares[k],
            sentence=f"{_SAID}.square",
            title=f"{_SAID}.title.square",
            refs={"residual": f"e.{number}"},
            group=(f"e.{number}",),
        )
    scaled = bool(convention.loss_tex)
    write_sum(
        book,
        told,
        numbers.squares,
        phase="loss",
        kind="sum" if scaled else "total",
        result=Quantity("S", "RSS") if scaled else Quantity("L", convention.symbol),
        value=numbers.total,
        item="q",
        tex="e_i^2",
        sentence=f"{_SAID}.squares",
        group=("L",),
    )
    if scaled:
        book.line(
            "loss",
            "total",
            "L",
            convention.loss_tex.replace("#", "<N>"),
            numbers.loss,
            substitution=convention.loss_tex.replace("#", str(told.count)),
            sentence=f"{_SAID}.loss_{convention.name}",
            title=f"{_SAID}.title.loss",
            refs={"loss": "L"},
            group=("L",),
        )


def _differentiate(
    book: Notebook, convention: Convention, told: Told, numbers: Evaluation, index: int
) -> None:
    parameter, item = f"w.{index}", f"s.{index}"
    gradient = derivative(f"g{parameter}", of="L", by=parameter)
    refs = {"parameter": parameter}
    book.name(gradient)
    for k, number in enumerate(told.numbers):
        book.name(Quantity(f"{item}.{number}", "s", f"{index},{number}"))
        book.line(
            "backward",
            "product",
            f"{item}.{number}",
            f"-<e.{number}>" if index == 0 else f"-<x.{number}>\\,<e.{number}>",
            numbers.summands[index, k],
            sentence=f"{_SAID}.summand_{index}",
            title=f"{_SAID}.title.summand",
            refs={**refs, "residual": f"e.{number}", "x": f"x.{number}"},
            group=(parameter,),
            focus=(f"e.{number}", parameter),
        )
    template = convention.gradient_tex.replace("<S.b>", f"<S.{index}>")
    write_sum(
        book,
        told,
        numbers.summands[index],
        phase="backward",
        kind="sum" if template else "combine",
        result=Quantity(f"S.{index}", "S", str(index)) if template else gradient,
        value=numbers.sums[index] if template else numbers.gradient[index],
        item=item,
        tex="(-e_i)" if index == 0 else "(-x_i e_i)",
        sentence=f"{_SAID}.summands",
        group=(parameter,),
        refs=refs,
    )
    if template:
        book.line(
            "backward",
            "combine",
            gradient.id,
            template.replace("#", "<N>"),
            numbers.gradient[index],
            substitution=template.replace("#", str(told.count)),
            sentence=f"{_SAID}.gradient_{convention.name}",
            title=f"{_SAID}.title.gradient",
            refs=refs,
            group=(parameter,),
            focus=(parameter,),
        )
