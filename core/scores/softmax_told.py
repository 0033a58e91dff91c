"""The prediction told line by line: scores, shift, softmax, argmax beside it, and the cross-entropy."""

from __future__ import annotations

from core.lab import Explanation, Quantity, derivative
from core.losses import LOSSES
from core.scores.curves import SMALLEST, filled
from core.scores.settings import SoftmaxSettings
from core.scores.softmax import Softmax
from core.scores.softmax_gradient import tell_gradient
from core.scores.softmax_proof import prove
from core.scores.telling import Telling


def explain_softmax(settings: SoftmaxSettings, found: Softmax) -> Explanation:
    """Return the micro-steps of the prediction; `found` is what `explore_softmax` computed."""
    telling = Telling()
    _name(telling, settings, found)
    _give(telling, settings, found)
    _tell_scores(telling, settings, found)
    _tell_shares(telling, settings, found)
    _tell_argmax(telling, settings, found)
    _tell_loss(telling, settings, found)
    tell_gradient(telling, settings, found)
    prove(telling.book, settings, found)
    return telling.book.done()


def _name(telling: Telling, settings: SoftmaxSettings, found: Softmax) -> None:
    name, classes = telling.book.name, range(settings.classes)
    name(*(Quantity(letter, letter) for letter in "TmSLh"))
    for i in range(settings.layer_inputs):
        name(Quantity(f"x.{i}", "x", str(i + 1)))
    for k in classes:
        n = str(k + 1)
        name(*(Quantity(f"{letter}.{k}", letter, n) for letter in "zsueyAtL"))
        # The sum over the paths into a score; the path over its own share, and those over the others.
        name(Quantity(f"c.{k}", "G", n), Quantity(f"own.{k}", "q", n), Quantity(f"other.{k}", "r", n))
        name(*(derivative(f"g{letter}.{k}", "L", f"{letter}.{k}") for letter in "yzs"))
        for i in range(settings.layer_inputs):
            name(Quantity(f"w.{i}.{k}", "w", f"{i + 1}{n}"), derivative(f"gw.{i}.{k}", "L", f"w.{i}.{k}"))
        for i in classes:
            name(Quantity(f"c.{i}.{k}", "c", f"{i + 1}{n}"))
            name(derivative(f"j.{i}.{k}", f"y.{i}", f"{settings.applied}.{k}"))
    n = str(found.varied + 1)
    name(Quantity("Ap", "A", n, "+"), Quantity("Am", "A", n, "-"))
    name(Quantity("yp", "y", n, "+"), Quantity("ym", "y", n, "-"))
    name(Quantity("DA", "Δ", n, "A"), Quantity("Dy", "Δ", n, "y"))


def _give(telling: Telling, settings: SoftmaxSettings, found: Softmax) -> None:
    give = telling.book.give
    give("T", settings.temperature)
    for k, target in enumerate(found.target.tolist()):
        give(f"t.{k}", target)
        if settings.source == "scores":
            give(f"z.{k}", settings.scores[k])
    for i in range(settings.layer_inputs):
        give(f"x.{i}", settings.inputs[i])
        for k, weight in enumerate(settings.weights[i]):
            give(f"w.{i}.{k}", weight)


def _tell_scores(telling: Telling, settings: SoftmaxSettings, found: Softmax) -> None:
    """Tell the weighted sums of the layer, and what the temperature makes of them."""
    for k in range(settings.classes if settings.layer_inputs else 0):
        products = [f"<x.{i}>\\,<w.{i}.{k}>" for i in range(settings.layer_inputs)]
        values = [x * row[k] for x, row in zip(settings.inputs, settings.weights, strict=True)]
        telling.tell(
            "forward",
            (f"z.{k}",),
            "sum",
            f"z.{k}",
            "+".join(products),
            found.scores[k],
            "score",
            "score",
            {"score": f"z.{k}"},
            parts=list(zip(products, values, strict=True)),
        )
    for k in range(settings.classes if settings.warm else 0):
        refs = {"score": f"z.{k}", "temperature": "T"}
        telling.tell(
            "forward",
            ("T",),
            "function",
            f"s.{k}",
            f"\\frac{{<z.{k}>}}{{<T>}}",
            found.scaled[k],
            "scaled",
            "scaled",
            refs,
        )


def _tell_shares(telling: Telling, settings: SoftmaxSettings, found: Softmax) -> None:
    """Tell the shift by the largest score, the powers of e, their sum, and the shares of it."""
    classes, applied = range(settings.classes), settings.applied
    scores = ",\\,".join(f"<{applied}.{k}>" for k in classes)
    telling.tell(
        "forward",
        ("m",),
        "function",
        "m",
        f"\\max({scores})",
        found.largest,
        "shift",
        "largest",
        {"largest": "m"},
    )
    for k in classes:
        refs = {"shifted": f"u.{k}", "largest": "m"}
        telling.tell(
            "forward",
            ("m",),
            "function",
            f"u.{k}",
            f"<{applied}.{k}>-<m>",
            found.shifted[k],
            "shift",
            "shifted",
            refs,
        )
    for k in classes:
        refs = {"power": f"e.{k}", "shifted": f"u.{k}"}
        telling.tell(
            "forward",
            ("S",),
            "function",
            f"e.{k}",
            f"e^{{<u.{k}>}}",
            found.exponentials[k],
            "power",
            "power",
            refs,
        )
    powers = [f"<e.{k}>" for k in classes]
    telling.tell(
        "forward",
        ("S",),
        "sum",
        "S",
        "+".join(powers),
        found.total,
        "power",
        "total",
        {"total": "S"},
        parts=list(zip(powers, found.exponentials.tolist(), strict=True)),
    )
    for k in classes:
        refs = {"share": f"y.{k}", "score": f"z.{k}"}
        telling.tell(
            "forward",
            ("y.0",),
            "function",
            f"y.{k}",
            f"\\frac{{<e.{k}>}}{{<S>}}",
            found.probabilities[k],
            "share",
            "share",
            refs,
        )


def _tell_argmax(telling: Telling, settings: SoftmaxSettings, found: Softmax) -> None:
    """Tell what argmax would answer instead; of equal scores the first one wins."""
    first = int(found.argmax.argmax())
    for k in range(settings.classes):
        equal = k > first and bool(found.scaled[k] == found.largest)
        template = f"\\mathbf{{1}}[<{settings.applied}.{k}>=<m>]"
        telling.tell(
            "forward",
            ("A.0",),
            "function",
            f"A.{k}",
            f"{template}\\cdot (1-<A.{first}>)" if equal else template,
            found.argmax[k],
            "argmax",
            "argmax_tie" if equal else "argmax",
            {"score": f"z.{k}", "answer": f"A.{k}", "first": f"A.{first}"},
        )


def _tell_loss(telling: Telling, settings: SoftmaxSettings, found: Softmax) -> None:
    """Tell each class's part of the cross-entropy, and their sum."""
    entry = LOSSES.get("categorical_cross_entropy")
    for k in range(settings.classes):
        refs = {"share": f"y.{k}", "target": f"t.{k}", "shifted": f"u.{k}"}
        # Where y has rounded to 0: ln y = u − ln S.
        lost = found.probabilities[k] < SMALLEST
        telling.tell(
            "loss",
            ("L",),
            "loss_part",
            f"L.{k}",
            f"<t.{k}>\\cdot (\\ln <S>-<u.{k}>)"
            if lost
            else filled(entry.value_template, a=f"y.{k}", t=f"t.{k}"),
            found.parts[k],
            "part",
            "part_from_scores" if lost else "part",
            refs,
            reads=(f"y.{k}",) if lost else (),
        )
    parts = [f"<L.{k}>" for k in range(settings.classes)]
    telling.tell(
        "loss",
        ("L",),
        "total",
        "L",
        "+".join(parts),
        found.loss,
        "cross_entropy",
        "cross_entropy",
        {"loss": "L", "share": f"y.{settings.target}"},
        parts=list(zip(parts, found.parts.tolist(), strict=True)),
    )
