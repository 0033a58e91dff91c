"""One iteration of a single neuron told line by line: weighted sum, step, error or loss, gradients, update.

References: `x.0`, `x.1` inputs, `w.0`, `w.1`, `b` weights and bias, `p.0`, `p.1` the products w·x, `z` net
input, `y` output, `t` target, `e` = t − y, `loss`, `gz` = ∂L/∂z, `gw.0`, `gw.1`, `gb` gradients, `uw.0`,
`uw.1`, `ub` changes, `nw.0`, `nw.1`, `nb` new values, `eta` learning rate.
"""

from __future__ import annotations

from collections.abc import Callable

from core.graph import from_expression
from core.lab import Explanation, Notebook, Quantity, derivative
from core.perceptron.learning import Path, Setting, decimal, squared_loss
from core.perceptron.plane import Neuron

PARAMETERS = ("w.0", "w.1", "b")
_NAMES = (
    Quantity("x.0", "x", "1"),
    Quantity("x.1", "x", "2"),
    Quantity("w.0", "w", "1"),
    Quantity("w.1", "w", "2"),
    Quantity("b", "b"),
    Quantity("p.0", "p", "1"),
    Quantity("p.1", "p", "2"),
    Quantity("z", "z"),
    Quantity("y", "y"),
    Quantity("t", "t"),
    Quantity("eta", "η"),
    Quantity("nw.0", "w", "1", "+"),
    Quantity("nw.1", "w", "2", "+"),
    Quantity("nb", "b", "", "+"),
)
_PERCEPTRON = (
    Quantity("e", "e"),
    Quantity("uw.0", "Δw", "1"),
    Quantity("uw.1", "Δw", "2"),
    Quantity("ub", "Δb"),
)
_ADALINE = (
    Quantity("loss", "L"),
    derivative("gz", of="loss", by="z"),
    derivative("gw.0", of="loss", by="w.0"),
    derivative("gw.1", of="loss", by="w.1"),
    derivative("gb", of="loss", by="b"),
)
_LOSS = "0.5 * (t - (w1 * x1 + w2 * x2 + b))^2"
_H = 1e-5


def told(setting: Setting, path: Path, at: int) -> Explanation:
    """Return iteration `at` of a path, told; it exists (IndexError otherwise)."""
    before, after, visit = path.neurons[at], path.neurons[at + 1], path.visits[at]
    rule, x = setting.rule, setting.samples.inputs[visit.sample]
    note = Notebook()
    note.name(*_NAMES, *(_ADALINE if rule.loss else _PERCEPTRON))
    given = {
        **{f"x.{place}": value for place, value in enumerate(x)},
        **_parameters(before),
        "t": rule.targets[setting.samples.classes[visit.sample]],
        "eta": setting.learning_rate,
    }
    for ref, value in given.items():
        note.give(ref, value)
    _forward(note, visit.net_input, visit.output, exact=rule.exact)
    if rule.loss:
        _descend(note)
    else:
        _correct(note, visit.error, after, exact=rule.exact)
    return note.done()


def _parameters(neuron: Neuron) -> dict[str, float]:
    return {"w.0": neuron.weights[0], "w.1": neuron.weights[1], "b": neuron.bias}


def _times(*factors: float, exact: bool) -> float:
    """Return a product, of the decimals as they are written where that is asked for."""
    if exact:
        product = decimal(1.0)
        for factor in factors:
            product *= decimal(factor)
        return float(product)
    result = 1.0
    for factor in factors:
        result *= factor
    return result


def _forward(note: Notebook, net_input: float, output: float, *, exact: bool) -> None:
    inputs = ("x.0", "x.1")
    for place, (weight, carried) in enumerate(zip(PARAMETERS, inputs, strict=False)):
        value = _times(note.value(weight), note.value(carried), exact=exact)
        note.line(
            "forward",
            "product",
            f"p.{place}",
            f"<{weight}>\\,<{carried}>",
            value,
            sentence="told_perceptron.product",
            title="told_perceptron.title.product",
            refs={"weight": weight, "input": carried},
            group=("z",),
            focus=(carried, weight, "z"),
        )
    products = [
        (f"<{w}>\\,<{x}>", note.value(f"p.{i}"))
        for i, (w, x) in enumerate(zip(PARAMETERS, inputs, strict=False))
    ]
    note.line(
        "forward",
        "sum",
        "z",
        "<w.0>\\,<x.0>+<w.1>\\,<x.1>+<b>",
        net_input,
        sentence="told_perceptron.net_input",
        title="told_perceptron.title.net_input",
        group=("z",),
        focus=("z", "b"),
        reads=("p.0", "p.1"),
        parts=[*products, ("<b>", note.value("b"))],
    )
    note.line(
        "forward",
        "function",
        "y",
        "\\operatorname{step}(<z>)",
        output,
        sentence="told_perceptron.fires" if output else "told_perceptron.silent",
        title="told_perceptron.title.output",
        refs={"z": "z"},
        group=("y",),
        focus=("y", "z"),
    )


def _correct(note: Notebook, error: float, after: Neuron, *, exact: bool) -> None:
    """Write the perceptron rule: the error, and η · error · input for each weight."""
    kind = "none" if error == 0 else "low" if error > 0 else "high"
    note.line(
        "loss",
        "loss_part",
        "e",
        "<t>-<y>",
        error,
        sentence=f"told_perceptron.error_{kind}",
        title="told_perceptron.title.error",
        refs={"target": "t", "output": "y"},
        group=("e",),
        focus=("y", "t"),
    )
    new = _parameters(after)
    for parameter, carried in zip(PARAMETERS, ("x.0", "x.1", None), strict=True):
        factors = [note.value("eta"), error, *([note.value(carried)] if carried else [])]
        names = {"parameter": parameter, **({"input": carried} if carried else {})}
        note.line(
            "update",
            "product",
            f"u{parameter}",
            "<eta>\\,<e>" + (f"\\,<{carried}>" if carried else ""),
            _times(*factors, exact=exact),
            sentence="told_perceptron.change" if carried else "told_perceptron.change_bias",
            title="told_perceptron.title.change",
            refs=names,
            group=(parameter,),
            focus=(parameter, *([carried] if carried else [])),
        )
        note.line(
            "update",
            "update",
            f"n{parameter}",
            f"<{parameter}>+<u{parameter}>",
            new[parameter],
            sentence="told_perceptron.new" if error else "told_perceptron.same",
            title="told_perceptron.title.new",
            refs={"parameter": parameter},
            group=(parameter,),
            focus=(parameter,),
            parts=[
                (f"<{parameter}>", note.value(parameter)),
                (f"<u{parameter}>", note.value(f"u{parameter}")),
            ],
        )


def _descend(note: Notebook) -> None:
    """Write Adaline's rule: the squared loss of the net input, its gradients, and a step downhill."""
    z, t = note.value("z"), note.value("t")
    loss = note.line(
        "loss",
        "loss_part",
        "loss",
        "\\tfrac{1}{2}\\left(<t>-<z>\\right)^{2}",
        squared_loss(z, t),
        sentence="told_perceptron.loss",
        title="told_perceptron.title.loss",
        refs={"target": "t", "z": "z"},
        group=("loss",),
        focus=("loss", "z", "t"),
    )
    slope = note.line(
        "backward",
        "factor",
        "gz",
        "-\\left(<t>-<z>\\right)",
        z - t,
        sentence="told_perceptron.slope",
        title="told_perceptron.title.slope",
        refs={"z": "z", "loss": "loss"},
        group=("z",),
        focus=("z", "loss"),
    )
    gradients = {}
    for parameter, carried in zip(PARAMETERS, ("x.0", "x.1", None), strict=True):
        gradients[parameter] = note.line(
            "backward",
            "product",
            f"g{parameter}",
            f"<gz>\\,<{carried}>" if carried else "<gz>\\cdot 1",
            slope * note.value(carried) if carried else slope,
            sentence="told_perceptron.gradient" if carried else "told_perceptron.gradient_bias",
            title="told_perceptron.title.gradient",
            refs={"parameter": parameter, "slope": "gz", **({"input": carried} if carried else {})},
            group=(parameter,),
            focus=(parameter, "z", *([carried] if carried else [])),
        )
    for parameter in PARAMETERS:
        old, change = note.value(parameter), note.value("eta") * gradients[parameter]
        note.line(
            "update",
            "update",
            f"n{parameter}",
            f"<{parameter}>-<eta>\\,<g{parameter}>",
            old - change,
            sentence="told_perceptron.downhill",
            title="told_perceptron.title.new",
            refs={"parameter": parameter, "gradient": f"g{parameter}"},
            group=(parameter,),
            focus=(parameter,),
            parts=[(f"<{parameter}>", old), (f"-<eta>\\,<g{parameter}>", -change)],
        )
    _prove(note, loss, slope, gradients)


def _prove(note: Notebook, loss: float, slope: float, gradients: dict[str, float]) -> None:
    """Note every derivative three ways: by the rule, by central difference, by the graph of the formula."""
    values = {"x1": note.value("x.0"), "x2": note.value("x.1"), "t": note.value("t")}
    values |= {"w1": note.value("w.0"), "w2": note.value("w.1"), "b": note.value("b")}
    graph, output = from_expression(_LOSS, values)
    found = graph.backward(output)
    by_net_input, end = from_expression("0.5 * (t - z)^2", {"t": values["t"], "z": note.value("z")})
    note.check(
        "z",
        slope,
        _central(lambda z: squared_loss(z, values["t"]), note.value("z"), slope),
        by_net_input.backward(end)[by_net_input.variables["z"]],
        scale=loss,
    )
    for parameter, name in zip(PARAMETERS, ("w1", "w2", "b"), strict=True):

        def varied(value: float, name: str = name) -> float:
            one = {**values, name: value}
            return squared_loss(one["w1"] * one["x1"] + one["w2"] * one["x2"] + one["b"], one["t"])

        note.check(
            parameter,
            gradients[parameter],
            _central(varied, values[name], slope),
            found[graph.variables[name]],
            scale=loss,
        )


def _central(function: Callable[[float], float], at: float, slope: float) -> float:
    """Return the central difference. On a parabola it is exact for any h: one as large as its numbers."""
    h = _H * max(1.0, abs(at), abs(slope))
    above, below = at + h, at - h
    return (function(above) - function(below)) / (above - below)
