"""The layers told forward: every entry of Z, A and the losses."""

from __future__ import annotations

from core.activations import ACTIVATIONS
from core.layers.view import number_tex
from core.layers.writing import SUMMANDS, Sum, Writer, summed
from core.losses import LOSSES
from core.registry import complete_parameters
from core.trace import LayerTrace


def affine(w: Writer, layer: LayerTrace) -> None:
    n, weights, bias = (
        layer.layer,
        w.parameters.weights(layer.layer),
        w.parameters.bias(layer.layer),
    )
    inputs = range(weights.shape[0])
    for j in w.units(n):
        for i in inputs:
            w.give(f"w.{n}.{i}.{j}", weights[i, j])
        if bias is not None:
            w.give(f"b.{n}.{j}", bias[j])
    for s in w.rows():
        for j in w.units(n):
            for i in inputs:
                if n > 1 and i >= w.most_units:
                    w.give(w.a(n - 1, s, i), w.value(n - 1, s, i))
            terms = [
                (f"<{w.a(n - 1, s, i)}>\\,<w.{n}.{i}.{j}>", w.value(n - 1, s, i) * weights[i, j])
                for i in inputs
            ]
            z = f"z.{n}.{s}.{j}"
            w.entry(z)
            more = f"+<b.{n}.{j}>" if bias is not None else ""
            w.line(
                "forward",
                "sum",
                z,
                layer.net_input[s, j],
                "affine_biased" if more else "affine",
                w.matrix(f"Z.{n}"),
                summed(terms, f"\\sum_{{i=1}}^{{{len(inputs)}}}x_{{i}}w_{{i}}{more}", more),
            )


def activation(w: Writer, layer: LayerTrace) -> None:
    n = layer.layer
    entry = ACTIVATIONS.get(layer.activation_name)
    settings = complete_parameters(entry.parameters, w.problem.network.layers[n - 1].activation_parameters)
    for parameter in entry.parameters:
        w.name(f"p.{n}.{parameter.name}", parameter.name if len(parameter.name) == 1 else "α")
        w.book.give(f"p.{n}.{parameter.name}", settings[parameter.name])
    group = w.matrix_of(n)
    for s in w.rows():
        for j in w.units(n):
            a, z = w.a(n, s, j), f"z.{n}.{s}.{j}"
            w.entry(a)
            if layer.local.ndim == 3:
                template = _softmax(w, n, s, j, layer)
                w.line("forward", "function", a, layer.activation[s, j], "softmax", group, Sum(template))
                continue
            template = w.filled(entry.value_template, n, z, a)
            if layer.mask is not None:
                # 1/(1-p) where the neuron is kept, 0 where it is dropped.
                mask = w.mask(n, s, j, layer.mask)
                template = f"\\left({template}\\right)\\,<{mask}>"
            w.line("forward", "function", a, layer.activation[s, j], "activation", group, Sum(template))


def _softmax(w: Writer, n: int, s: int, j: int, layer: LayerTrace) -> str:
    count = layer.net_input.shape[1]
    if count > SUMMANDS or float(abs(layer.net_input[s]).max()) > 300.0:
        return f"\\frac{{e^{{<z.{n}.{s}.{j}>}}}}{{\\sum_{{k=1}}^{{{count}}}e^{{z_{{k}}}}}}"
    for k in range(count):
        if k >= w.most_units:
            w.give(f"z.{n}.{s}.{k}", layer.net_input[s, k])
    powers = "+".join(f"e^{{<z.{n}.{s}.{k}>}}" for k in range(count))
    return f"\\frac{{e^{{<z.{n}.{s}.{j}>}}}}{{{powers}}}"


def loss(w: Writer) -> None:
    outputs = range(w.problem.network.outputs)
    template = LOSSES.get(w.loss.name).value_template
    share = number_tex(w.factor)
    told = len(w.rows()) == w.batch and len(outputs) <= SUMMANDS
    for s in w.rows() if told else ():
        terms = []
        for k in outputs:
            if k >= w.most_units:
                w.give(f"y.{s}.{k}", w.trace.layers[-1].activation[s, k])
            w.give(f"t.{s}.{k}", w.trace.targets[s, k])
            part = template.replace("<a>", f"<y.{s}.{k}>").replace("<t>", f"<t.{s}.{k}>")
            part = part.replace("<c>\\,", share)
            terms.append((part, w.trace.loss_parts[s, k]))
        w.entry(f"E.{s}")
        whole = "".join(
            part if at == 0 or part.startswith("-") else f"+{part}" for at, (part, _) in enumerate(terms)
        )
        if "<c>" not in template and share:
            whole = f"{share}\\left({whole}\\right)"
        w.line(
            "loss",
            "loss_part",
            f"E.{s}",
            w.trace.sample_losses[s],
            "sample_loss",
            "L",
            Sum(whole, terms if len(terms) > 1 else ()),
        )
    mean = number_tex(w.scale)
    if told:
        inner = "+".join(f"<E.{s}>" for s in w.rows())
        template = f"{mean}\\left({inner}\\right)" if mean else inner
        parts = [(f"<E.{s}>", w.scale * w.trace.sample_losses[s]) for s in w.rows()]
    else:
        template, parts = f"{mean}\\sum_{{n=1}}^{{{w.batch}}}E_{{n}}", []
    sentence = "batch_loss_mean" if mean else "batch_loss_sum"
    w.line(
        "loss",
        "total",
        "L",
        w.trace.loss,
        sentence,
        "L",
        Sum(template, parts if not mean and len(parts) > 1 else ()),
    )
