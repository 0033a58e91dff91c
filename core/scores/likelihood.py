"""The likelihood of points under several models: as a product, and as a sum of logarithms."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from core.lab import Explanation, Quantity, derivative
from core.losses import LOSSES, Array
from core.scores.binary import binary_loss, log_right, proof_of_probability
from core.scores.curves import bce_gradient, filled
from core.scores.settings import LikelihoodSettings
from core.scores.telling import Telling

_COPIES = (1, 10, 100, 1000)
_MODELS = "ABCD"


@dataclass(frozen=True)
class Growth:
    """The same points so many times over: the product leaves the range of numbers, the sum does not."""

    copies: int
    points: int
    product: float
    negative_log_sum: float


@dataclass(frozen=True)
class Model:
    """One model's probabilities of class 1 for the points, (n,), and how likely it makes their classes.

    `right` are the probabilities of the classes that the points have, `product` the likelihood, `logs` their
    natural logarithms; `losses`, the points' binary cross-entropies, add up to `negative_log_sum` too;
    `mean` is that over the number of points. `gradient` is ∂/∂p of the sum.
    """

    probabilities: Array
    right: Array
    product: float
    logs: Array
    log_sum: float
    negative_log_sum: float
    losses: Array
    mean: float
    gradient: Array
    growth: tuple[Growth, ...]


@dataclass(frozen=True)
class Likelihood:
    """Every model on the same points; `best` is the index of the one under which they are most likely."""

    targets: tuple[int, ...]
    models: tuple[Model, ...]
    best: int


def explore_likelihood(settings: LikelihoodSettings) -> Likelihood:
    """Return every model's numbers."""
    models = tuple(_model(settings.targets, row) for row in settings.models)
    sums = [model.negative_log_sum for model in models]
    return Likelihood(settings.targets, models, sums.index(min(sums)))


def _model(targets: tuple[int, ...], probabilities: tuple[float, ...]) -> Model:
    right = [p if t else 1.0 - p for p, t in zip(probabilities, targets, strict=True)]
    logs = [log_right(p, float(t)) for p, t in zip(probabilities, targets, strict=True)]
    log_sum = sum(logs)
    product = math.prod(right)
    return Model(
        probabilities=np.array(probabilities),
        right=np.array(right),
        product=product,
        logs=np.array(logs),
        log_sum=log_sum,
        negative_log_sum=0.0 - log_sum,
        losses=np.array([binary_loss(p, float(t)) for p, t in zip(probabilities, targets, strict=True)]),
        mean=(0.0 - log_sum) / len(right),
        gradient=np.array([bce_gradient(p, t)[1] for p, t in zip(probabilities, targets, strict=True)]),
        growth=tuple(
            Growth(copies, copies * len(right), product**copies, copies * (0.0 - log_sum))
            for copies in _COPIES
        ),
    )


def explain_likelihood(settings: LikelihoodSettings, found: Likelihood) -> Explanation:
    """Return the micro-steps: each model's likelihood, its logarithm, and the same as cross-entropy."""
    telling = Telling()
    book = telling.book
    points = range(len(found.targets))
    for i in points:
        book.name(Quantity(f"t.{i}", "t", str(i + 1)))
        book.give(f"t.{i}", found.targets[i])
    for m, model in enumerate(found.models):
        letter = _MODELS[m]
        for kind, base in (("P", "P"), ("l", "ℓ"), ("N", "N"), ("E", "E"), ("M", "M")):
            book.name(Quantity(f"{kind}.{m}", base, "", letter))
        for i in points:
            for kind in "pqLE":
                book.name(Quantity(f"{kind}.{m}.{i}", kind, str(i + 1), letter))
            book.name(Quantity(f"l.{m}.{i}", "ℓ", str(i + 1), letter))
            book.name(derivative(f"gp.{m}.{i}", f"E.{m}", f"p.{m}.{i}"))
            book.give(f"p.{m}.{i}", model.probabilities[i])
    for m, model in enumerate(found.models):
        _tell_product(telling, found, m, model)
    for m, model in enumerate(found.models):
        _tell_logs(telling, found, m, model)
        _tell_cross_entropy(telling, found, m, model)
    for m, model in enumerate(found.models):
        _tell_gradient(telling, found, m, model)
    return book.done()


def _tell_product(telling: Telling, found: Likelihood, m: int, model: Model) -> None:
    for i, target in enumerate(found.targets):
        refs = {"probability": f"p.{m}.{i}", "right": f"q.{m}.{i}", "target": f"t.{i}"}
        telling.tell(
            "forward",
            (f"P.{m}",),
            "function",
            f"q.{m}.{i}",
            f"<p.{m}.{i}>" if target else f"1-<p.{m}.{i}>",
            model.right[i],
            "right",
            "right_of_one" if target else "right_of_zero",
            refs,
            reads=(f"t.{i}",),
        )
    product = "\\,".join(f"<q.{m}.{i}>" for i in range(len(found.targets)))
    telling.tell(
        "forward",
        (f"P.{m}",),
        "product",
        f"P.{m}",
        product,
        model.product,
        "likelihood",
        "likelihood",
        {"likelihood": f"P.{m}"},
    )


def _tell_logs(telling: Telling, found: Likelihood, m: int, model: Model) -> None:
    points = range(len(found.targets))
    for i in points:
        refs = {"right": f"q.{m}.{i}", "logarithm": f"l.{m}.{i}"}
        telling.tell(
            "loss",
            (f"N.{m}",),
            "function",
            f"l.{m}.{i}",
            f"\\ln <q.{m}.{i}>",
            model.logs[i],
            "logarithm",
            "logarithm",
            refs,
        )
    logs = [f"<l.{m}.{i}>" for i in points]
    refs = {"sum": f"l.{m}", "likelihood": f"P.{m}", "negative": f"N.{m}"}
    telling.tell(
        "loss",
        (f"N.{m}",),
        "sum",
        f"l.{m}",
        "+".join(logs),
        model.log_sum,
        "log_sum",
        "log_sum",
        refs,
        parts=list(zip(logs, model.logs.tolist(), strict=True)),
    )
    telling.tell(
        "loss",
        (f"N.{m}",),
        "total",
        f"N.{m}",
        f"-<l.{m}>",
        model.negative_log_sum,
        "log_sum",
        "negative",
        refs,
        reads=(f"P.{m}",),
    )


def _tell_cross_entropy(telling: Telling, found: Likelihood, m: int, model: Model) -> None:
    """Tell the binary cross-entropy of each point, which adds up to the same number, and their mean."""
    entry = LOSSES.get("binary_cross_entropy")
    points = range(len(found.targets))
    for i in points:
        template = filled(entry.value_template, a=f"p.{m}.{i}", t=f"t.{i}")
        refs = {"probability": f"p.{m}.{i}", "target": f"t.{i}", "output": f"p.{m}.{i}"}
        telling.tell(
            "loss",
            (f"E.{m}",),
            "loss_part",
            f"L.{m}.{i}",
            template,
            model.losses[i],
            "binary",
            "point_loss",
            refs,
        )
    parts = [f"<L.{m}.{i}>" for i in points]
    refs = {"loss": f"E.{m}", "negative": f"N.{m}"}
    telling.tell(
        "loss",
        (f"E.{m}",),
        "total",
        f"E.{m}",
        "+".join(parts),
        float(model.losses.sum()),
        "cross_entropy_sum",
        "cross_entropy_sum",
        refs,
        parts=list(zip(parts, model.losses.tolist(), strict=True)),
        reads=(f"N.{m}",),
    )
    telling.tell(
        "loss",
        (f"E.{m}",),
        "combine",
        f"M.{m}",
        f"\\frac{{<E.{m}>}}{{{len(parts)}}}",
        model.mean,
        "mean",
        "mean",
        refs,
    )


def _tell_gradient(telling: Telling, found: Likelihood, m: int, model: Model) -> None:
    for i, target in enumerate(found.targets):
        telling.tell(
            "backward",
            (f"gp.{m}.0",),
            "function",
            f"gp.{m}.{i}",
            filled(bce_gradient(float(model.probabilities[i]), target)[0], a=f"p.{m}.{i}", t=f"t.{i}"),
            model.gradient[i],
            "point_gradient",
            "point_gradient",
            {"probability": f"p.{m}.{i}", "loss": f"E.{m}"},
        )
        central, autodiff = proof_of_probability(float(model.probabilities[i]), float(target))
        telling.book.check(f"p.{m}.{i}", model.gradient[i], central, autodiff)
