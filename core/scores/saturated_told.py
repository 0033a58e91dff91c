"""The saturated neuron told: one step with each of the three losses, phase by phase, and its proof."""

from __future__ import annotations

from core.activations import ACTIVATIONS
from core.graph import Graph
from core.lab import Explanation, Quantity, derivative
from core.losses import FUSED
from core.scores.binary import FROM_NET_INPUT, MARGIN
from core.scores.curves import bce_gradient, difference_quotient, filled, loss_of, single
from core.scores.saturated import KINDS, Moment, Saturated, entry_of
from core.scores.settings import SaturatedSettings
from core.scores.telling import Telling

# The chain rule's product and the short form may differ by rounding.
_AGREE = 1e-9


def explain_saturated(settings: SaturatedSettings, found: Saturated, at: int) -> Explanation:
    """Return the micro-steps of step `at`: the three neurons side by side, phase by phase."""
    telling = Telling()
    book = telling.book
    book.name(
        Quantity("x", "x"),
        Quantity("t", "t"),
        Quantity("eta", "η"),
        Quantity("ratio", "R"),
        Quantity("L", "L"),
    )
    book.give("x", settings.input)
    book.give("t", settings.target)
    book.give("eta", settings.learning_rate)
    now = {path.letter: path.moments[at] for path in found.paths}
    for letter, word in (("h", "SSE"), ("m", "MSE"), ("c", "CE")):
        for base in "wbzyL":
            book.name(Quantity(f"{base}.{letter}", base, "", word))
        book.name(Quantity(f"nw.{letter}", "w", "new", word), Quantity(f"nb.{letter}", "b", "new", word))
        for base in "yzwb":
            book.name(derivative(f"g{base}.{letter}", f"L.{letter}", f"{base}.{letter}"))
        book.name(derivative(f"j.{letter}", f"y.{letter}", f"z.{letter}"), Quantity("c", "G"))
        book.give(f"w.{letter}", now[letter].weight)
        book.give(f"b.{letter}", now[letter].bias)
    for letter, *_ in KINDS:
        _tell_forward(telling, letter, now[letter])
    for letter, loss, form in KINDS:
        _tell_loss(telling, letter, now[letter], loss, form)
    for letter, loss, form in KINDS:
        _tell_gradient(telling, settings, letter, now[letter], loss, form)
    if now["h"].gradient != 0.0:
        telling.tell(
            "backward",
            ("ratio",),
            "function",
            "ratio",
            "\\frac{<gz.c>}{<gz.h>}",
            now["c"].gradient / now["h"].gradient,
            "ratio",
            "ratio" if now["c"].output == now["h"].output else "ratio_later",
            {"first": "gz.c", "second": "gz.h", "slope": "j.h"},
            reads=("j.h",),
        )
    for letter, loss, form in KINDS:
        _tell_update(telling, letter, now[letter])
        _prove(telling, settings, letter, now[letter], loss, form)
    return book.done()


def _tell_forward(telling: Telling, letter: str, now: Moment) -> None:
    sigmoid = ACTIVATIONS.get("sigmoid")
    refs = {"net_input": f"z.{letter}", "output": f"y.{letter}"}
    telling.tell(
        "forward",
        (f"y.{letter}",),
        "sum",
        f"z.{letter}",
        f"<w.{letter}>\\,<x>+<b.{letter}>",
        now.net_input,
        "net_input",
        "net_input",
        refs,
        parts=[(f"<w.{letter}>\\,<x>", now.weight * telling.book.value("x"))],
    )
    template = filled(sigmoid.value_template, z=f"z.{letter}")
    telling.tell(
        "forward",
        (f"y.{letter}",),
        "function",
        f"y.{letter}",
        template,
        now.output,
        "sigmoid",
        "sigmoid",
        refs,
    )


def _tell_loss(telling: Telling, letter: str, now: Moment, loss: str, form: str) -> None:
    entry, shape = entry_of(loss, form)
    rounded = loss == "binary_cross_entropy" and (now.output == 0.0 or 1.0 - now.output < MARGIN)
    template = FROM_NET_INPUT[int(telling.book.value("t"))] if rounded else entry.value_template
    half = shape.coefficient == 0.5
    template = template.replace("<c>", "\\frac{1}{2}") if half else template.replace("<c>\\,", "")
    telling.tell(
        "loss",
        ("L",),
        "total",
        f"L.{letter}",
        filled(template, a=f"y.{letter}", z=f"z.{letter}"),
        now.loss,
        form,
        "binary_from_net_input" if rounded else form,
        {
            "loss": f"L.{letter}",
            "output": f"y.{letter}",
            "target": "t",
            "net_input": f"z.{letter}",
        },
    )


def _tell_gradient(
    telling: Telling, settings: SaturatedSettings, letter: str, now: Moment, loss: str, form: str
) -> None:
    entry, shape = entry_of(loss, form)
    sigmoid, fused = ACTIVATIONS.get("sigmoid"), FUSED.get((loss, "sigmoid"))
    refs = {
        "loss": f"L.{letter}",
        "output": f"y.{letter}",
        "net_input": f"z.{letter}",
        "upstream": f"gy.{letter}",
        "slope": f"j.{letter}",
        "target": "t",
        "weight": f"w.{letter}",
        "bias": f"b.{letter}",
        "input": "x",
    }
    group, a = (f"gz.{letter}",), f"y.{letter}"
    halved = shape.coefficient == 0.5
    if fused:
        template = bce_gradient(now.output, settings.target)[0]
    else:
        template = entry.gradient_template_half if halved else entry.gradient_template
    template = filled(template.replace("\\cdot <c>", ""), a=a)
    telling.tell(
        "backward",
        group,
        "function",
        f"gy.{letter}",
        template,
        now.loss_gradient,
        form,
        "binary_upstream" if fused else "error_upstream" if halved else "error_upstream_twice",
        refs,
        badge=1,
    )
    telling.tell(
        "backward",
        group,
        "function",
        f"j.{letter}",
        filled(sigmoid.derivative_template, a=a),
        now.slope,
        form,
        "sigmoid_slope",
        refs,
        badge=2,
    )
    chain = f"<gy.{letter}>\\,<j.{letter}>"
    if fused:
        product = now.loss_gradient * now.slope
        lost = not abs(product - now.gradient) <= _AGREE
        said = "chain_lost" if lost else "chain"
        telling.tell("backward", group, "product", "c", chain, product, form, said, refs)
        short = filled(fused.delta_template, a=a)
        telling.tell(
            "backward",
            group,
            "function",
            f"gz.{letter}",
            short,
            now.gradient,
            form,
            "binary_collapsed",
            refs,
            reads=("c",),
        )
    else:
        telling.tell("backward", group, "product", f"gz.{letter}", chain, now.gradient, form, "shrunk", refs)
    by_weight = now.gradient * settings.input
    telling.tell(
        "backward",
        group,
        "gradient",
        f"gw.{letter}",
        f"<gz.{letter}>\\cdot <x>",
        by_weight,
        form,
        "neuron_weight",
        refs,
        badge=3,
    )
    telling.tell(
        "backward",
        group,
        "gradient",
        f"gb.{letter}",
        f"<gz.{letter}>\\cdot 1",
        now.gradient,
        form,
        "neuron_bias",
        refs,
    )


def _tell_update(telling: Telling, letter: str, now: Moment) -> None:
    for base, value in (("w", now.next_weight), ("b", now.next_bias)):
        telling.tell(
            "update",
            (f"nw.{letter}",),
            "update",
            f"n{base}.{letter}",
            f"<{base}.{letter}>-<eta>\\,<g{base}.{letter}>",
            value,
            "update",
            "update",
            {"parameter": f"{base}.{letter}", "rate": "eta"},
        )


def _prove(
    telling: Telling, settings: SaturatedSettings, letter: str, now: Moment, loss: str, form: str
) -> None:
    """Lay the gradients by weight and bias beside difference quotients and the graph's."""
    entry, shape = entry_of(loss, form)
    sigmoid, t, x = ACTIVATIONS.get("sigmoid"), float(settings.target), settings.input

    def value(weight: float, bias: float) -> float:
        z = weight * x + bias
        return loss_of(entry, shape.coefficient, float(sigmoid.value(single(z), {}).item()), t, z)

    graph = Graph()
    weight, bias = graph.variable("w", now.weight), graph.variable("b", now.bias)
    z = graph.apply("add", graph.apply("multiply", weight, graph.constant(x)), bias)
    y = graph.expression(sigmoid.expression, {"z": z})
    names = {"a": y, "t": graph.constant(t), "z": z}
    node = graph.expression(entry.net_expression or entry.expression, names)
    gradients = graph.backward(graph.apply("multiply", graph.constant(shape.coefficient), node))
    book = telling.book
    for name, variable, analytic, central in (
        (
            "w",
            weight,
            now.gradient * x,
            difference_quotient(lambda w: value(w, now.bias), now.weight, now.loss),
        ),
        ("b", bias, now.gradient, difference_quotient(lambda b: value(now.weight, b), now.bias, now.loss)),
    ):
        book.check(f"{name}.{letter}", analytic, central, gradients[variable], scale=now.loss)
