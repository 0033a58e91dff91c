"""One step of gradient descent in one variable, told in micro-steps."""

from __future__ import annotations

from core.descent.proof import along, central, is_kink
from core.descent.walk import Walk
from core.lab import Explanation, Notebook, Quantity
from core.symbolic import Formula

_ENDS = {
    "gradient": "told_descent.stop_gradient",
    "steps": "told_descent.stop_steps",
    "diverged": "told_descent.stop_diverged",
    "undefined": "told_descent.stop_undefined",
}


def tell(formula: Formula, walk: Walk, at: int) -> Explanation:
    """Return the step from x_at told; at the last place there is no step, but the reason for the end."""
    x, y, slope = float(walk.x[at]), float(walk.y[at]), float(walk.slope[at])
    last = at == walk.steps
    book = Notebook()
    book.name(
        Quantity("x", "x", sub=str(at)),
        Quantity("f", "y", sub=str(at)),
        Quantity("gx", "y′", sub=str(at)),
        Quantity("size", "|y′|", sub=str(at)),
        Quantity("eta", "η"),
        Quantity("tolerance", "ε"),
        Quantity("ux", "Δx"),
        Quantity("nx", "x", sub=str(at + 1)),
    )
    book.give("x", x)
    book.give("eta", walk.learning_rate)
    book.give("tolerance", walk.tolerance)
    place = {"x": "<x>"}
    names = {"x": "x", "f": "f", "slope": "gx", "new": "nx", "tolerance": "tolerance", "rate": "eta"}
    written = formula.tex(names=place)
    book.line(
        "forward", "function", "f", _template(written), y,
        sentence="told_descent.value", refs=_only(names, "x", "f"), group=("f",), reads=("x",),
    )  # fmt: skip
    book.line(
        "backward", "function", "gx", _template(formula.tex("x", names=place)), slope,
        sentence="told_descent.slope", refs=_only(names, "x", "f"), group=("gx",), reads=("x",),
    )  # fmt: skip
    stays = "told_descent.goes_on" if not last else _ENDS[walk.end]
    book.line(
        "backward", "function", "size", "\\lvert <gx>\\rvert ", abs(slope),
        sentence=stays, refs=_only(names, "x", "slope", "tolerance"), group=("gx",), reads=("tolerance",),
    )  # fmt: skip
    if not last:
        change = -walk.learning_rate * slope
        book.line(
            "update", "product", "ux", "-<eta>\\,<gx>", change,
            sentence="told_descent.change", refs=_only(names, "slope", "rate"), group=("nx",),
        )  # fmt: skip
        book.line(
            "update", "sum", "nx", "<x>-<eta>\\,<gx>", float(walk.x[at + 1]),
            sentence="told_descent.update", refs=_only(names, "x", "new"), group=("nx",),
            reads=("ux",), parts=(("<x>", x), ("-<eta>\\,<gx>", change)),
        )  # fmt: skip
    book.check(
        "x",
        slope,
        central(along(formula, (x,), 0), x),
        formula.autodiff(x)[0],
        # Both roundings count: that of f, and that of x, which the slope enlarges.
        scale=max(abs(y), abs(x * slope)),
        kink=is_kink(formula, (x,), 0),
    )
    return book.done()


def _template(tex: str | None) -> str:
    """Return the TeX of a formula as a template; one too long to be read is left out."""
    return tex or ""


def _only(names: dict[str, str], *keys: str) -> dict[str, str]:
    return {key: names[key] for key in keys}
