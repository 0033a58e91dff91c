"""The gradient of softmax with cross-entropy told: why argmax has none, the long route, and its collapse."""

from __future__ import annotations

from core.activations import ACTIVATIONS
from core.losses import FUSED, LOSSES
from core.scores.curves import filled
from core.scores.settings import SoftmaxSettings
from core.scores.softmax import Softmax, moved, shares, winner
from core.scores.telling import Telling

# The width of the difference quotient that is told.
WIDTH = 0.001


def tell_gradient(telling: Telling, settings: SoftmaxSettings, found: Softmax) -> None:
    """Write the backward phase."""
    _why_not_argmax(telling, settings, found)
    _upstream(telling, settings, found)
    for k in range(settings.classes):
        _paths(telling, settings, found, k)
    for k in range(settings.classes):
        _collapse(telling, settings, found, k)
    for k in range(settings.classes if settings.warm else 0):
        refs = {"score": f"z.{k}", "temperature": "T"}
        telling.tell(
            "backward",
            ("gz.0",),
            "function",
            f"gz.{k}",
            f"\\frac{{<gs.{k}>}}{{<T>}}",
            found.gradient[k],
            "scaled",
            "through_temperature",
            refs,
        )
    if found.weight_gradient is not None:
        for (i, k), value in _each(found.weight_gradient.tolist()):
            refs = {"weight": f"w.{i}.{k}", "input": f"x.{i}", "score": f"z.{k}"}
            telling.tell(
                "backward",
                (f"gw.0.{k}",),
                "gradient",
                f"gw.{i}.{k}",
                f"<gz.{k}>\\cdot <x.{i}>",
                value,
                "weight",
                "weight",
                refs,
            )


def _each(rows: list[list[float]]) -> list[tuple[tuple[int, int], float]]:
    """Return the entries column by column."""
    return [((i, k), row[k]) for k in range(len(rows[0])) for i, row in enumerate(rows)]


def _why_not_argmax(telling: Telling, settings: SoftmaxSettings, found: Softmax) -> None:
    """Tell the difference quotient of one output by its own score: through argmax, and through softmax."""
    k, temperature, book = found.varied, settings.temperature, telling.book
    up, down = moved(found.scores, k, WIDTH), moved(found.scores, k, -WIDTH)
    book.give("h", WIDTH)
    book.give("Ap", winner(up)[k])
    book.give("Am", winner(down)[k])
    book.give("yp", shares(up, temperature)[k])
    book.give("ym", shares(down, temperature)[k])
    refs = {"score": f"z.{k}", "answer": f"A.{k}", "share": f"y.{k}", "width": "h"}
    for ref, base in (("DA", "A"), ("Dy", "y")):
        value = (book.value(f"{base}p") - book.value(f"{base}m")) / (2.0 * WIDTH)
        by_argmax = "argmax_slope" if value == 0.0 else "argmax_jump"
        telling.tell(
            "backward",
            ("DA",),
            "function",
            ref,
            f"\\frac{{<{base}p>-<{base}m>}}{{2\\cdot <h>}}",
            value,
            "why_not_argmax",
            by_argmax if base == "A" else "softmax_slope",
            refs,
            reads=(f"{base}.{k}",),
        )


def _upstream(telling: Telling, settings: SoftmaxSettings, found: Softmax) -> None:
    entry = LOSSES.get("categorical_cross_entropy")
    for k in range(settings.classes):
        telling.tell(
            "backward",
            ("gy.0",),
            "function",
            f"gy.{k}",
            filled(entry.gradient_template, a=f"y.{k}", t=f"t.{k}"),
            found.output_gradient[k],
            "upstream",
            "upstream",
            {"share": f"y.{k}", "loss": "L"},
            badge=1,
        )


def _paths(telling: Telling, settings: SoftmaxSettings, found: Softmax, k: int) -> None:
    """Tell the column k of the Jacobian, what each path carries into score k, and their sum."""
    softmax, score, classes = ACTIVATIONS.get("softmax"), f"{settings.applied}.{k}", range(settings.classes)
    upstream, slopes = found.output_gradient.tolist(), found.jacobian[:, k].tolist()
    for i in classes:
        own = filled(softmax.derivative_template, a=f"y.{k}")
        telling.tell(
            "backward",
            (score,),
            "product",
            f"j.{i}.{k}",
            own if i == k else f"-<y.{i}>\\,<y.{k}>",
            slopes[i],
            "jacobian",
            "own_slope" if i == k else "cross_slope",
            {"share": f"y.{i}", "score": score, "other": f"y.{k}"},
            badge=2,
        )
    values = [first * second + 0.0 for first, second in zip(upstream, slopes, strict=True)]
    for i in classes:
        telling.tell(
            "backward",
            (score,),
            "product",
            f"c.{i}.{k}",
            f"<gy.{i}>\\,<j.{i}.{k}>",
            values[i],
            "path",
            "path",
            {"share": f"y.{i}", "score": score},
        )
    telling.tell(
        "backward",
        (score,),
        "sum",
        f"c.{k}",
        "+".join(f"<c.{i}.{k}>" for i in classes),
        sum(values),
        "paths",
        "paths" if found.long_route_holds else "paths_lost",
        {"score": score, "loss": "L", "sum": f"c.{k}"},
        parts=[(f"<c.{i}.{k}>", value) for i, value in enumerate(values)],
    )


def _collapse(telling: Telling, settings: SoftmaxSettings, found: Softmax, k: int) -> None:
    """Tell why the sum over the paths is y − t."""
    fused, applied = FUSED["categorical_cross_entropy", "softmax"], settings.applied
    y, t = float(found.probabilities[k]), float(found.target[k])
    others = [i for i in range(settings.classes) if i != k]
    refs = {
        "share": f"y.{k}",
        "target": f"t.{k}",
        "score": f"{applied}.{k}",
        "own": f"own.{k}",
        "others": f"other.{k}",
    }
    group = (f"g{applied}.0",)
    telling.tell(
        "backward",
        group,
        "product",
        f"own.{k}",
        f"-<t.{k}>\\,(1-<y.{k}>)",
        -t * (1.0 - y),
        "collapse",
        "own_path",
        refs,
        reads=(f"c.{k}.{k}",),
    )
    telling.tell(
        "backward",
        group,
        "product",
        f"other.{k}",
        f"<y.{k}>\\,({'+'.join(f'<t.{i}>' for i in others)})",
        y * sum(found.target[others].tolist()),
        "collapse",
        "other_paths",
        refs,
        reads=[f"c.{i}.{k}" for i in others],
    )
    telling.tell(
        "backward",
        group,
        "function",
        f"g{applied}.{k}",
        filled(fused.delta_template, a=f"y.{k}", t=f"t.{k}"),
        y - t,
        "gradient",
        "collapsed",
        refs,
        reads=(f"own.{k}", f"other.{k}"),
    )
