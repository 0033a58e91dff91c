"""The layers told backward: output minus target, the slopes, and the gradients of every affine layer."""

from __future__ import annotations

from core.activations import ACTIVATIONS
from core.layers.view import number_tex
from core.layers.writing import SUMMANDS, Sum, Writer, summed
from core.losses import LOSSES
from core.trace import LayerTrace


def output(w: Writer) -> None:
    """Tell ∂L/∂Y, or with a fused output ∂L/∂Z at once: output minus target."""
    layer, n = w.trace.layers[-1], w.last
    scale = w.factor * w.scale
    for s in w.rows():
        for k in w.units(n):
            y, t = f"y.{s}.{k}", w.give(f"t.{s}.{k}", w.trace.targets[s, k])
            if w.fused:
                made, group, result = f"z.{n}.{s}.{k}", f"Z.{n}", w.scale * layer.delta[s, k]
                total = float(w.trace.targets[s].sum())
                own = f"<{y}>" if w.fused.activation != "softmax" or total == 1.0 else f"{total:g}\\,<{y}>"
                template = f"{number_tex(scale)}\\left({own}-<{t}>\\right)"
                sentence = "fused"
            else:
                made, group, result = y, w.matrix_of(n), w.scale * layer.upstream[s, k]
                if w.loss.name == "squared_error":
                    template = f"{number_tex(2.0 * scale)}\\left(<{y}>-<{t}>\\right)"
                else:
                    slope = LOSSES.get(w.loss.name).gradient_template
                    template = number_tex(scale) + slope.replace("<a>", f"<{y}>").replace("<t>", f"<{t}>")
                sentence = "output"
            w.line(
                "backward",
                "factor",
                w.d(made),
                result,
                sentence,
                w.d(w.matrix(group)),
                Sum(template),
                refs={"output": y, "target": t},
            )


def slopes(w: Writer, layer: LayerTrace) -> None:
    """Tell ∂L/∂Z = ∂L/∂A ⊙ f′(Z), or for softmax the sum over the sample's Jacobian."""
    n = layer.layer
    entry = ACTIVATIONS.get(layer.activation_name)
    group = w.d(w.matrix(f"Z.{n}"))
    for s in w.rows():
        for j in w.units(n):
            z, a = f"z.{n}.{s}.{j}", w.a(n, s, j)
            result = w.scale * layer.delta[s, j]
            if layer.local.ndim == 3:
                _jacobian(w, layer, s, j, group)
                continue
            slope = w.slope(z, a)
            template = w.filled(entry.derivative_template, n, z, a)
            if layer.mask is not None:
                # The entry's slope is written in f(z), which dropout has scaled: its number alone.
                template = f"f'(<{z}>)\\,<m.{n}.{s}.{j}>"
            w.line(
                "backward",
                "factor",
                slope,
                layer.local[s, j],
                "slope",
                group,
                Sum(template),
                badge=1,
                refs={"z": z},
            )
            w.line(
                "backward",
                "product",
                w.d(z),
                result,
                "through",
                group,
                Sum(f"<{w.d(a)}>\\cdot <{slope}>"),
                refs={"upstream": w.d(a)},
            )


def _jacobian(w: Writer, layer: LayerTrace, s: int, j: int, group: str) -> None:
    n, count = layer.layer, layer.activation.shape[1]
    if count > min(SUMMANDS, w.most_units):
        template: str = f"\\sum_{{k=1}}^{{{count}}}\\frac{{\\partial L}}{{\\partial y_{{k}}}}J_{{k}}"
        parts: list[tuple[str, float]] = []
    else:
        y = [w.a(n, s, k) for k in range(count)]
        parts = [
            (
                f"<{w.d(y[k])}>\\,<{y[k]}>\\," + (f"(1-<{y[j]}>)" if k == j else f"(-<{y[j]}>)"),
                w.scale * layer.upstream[s, k] * layer.local[s, k, j],
            )
            for k in range(count)
        ]
        template = "+".join(part for part, _ in parts)
    w.line(
        "backward",
        "sum",
        w.d(f"z.{n}.{s}.{j}"),
        w.scale * layer.delta[s, j],
        "jacobian",
        group,
        Sum(template, parts if len(parts) > 1 else ()),
    )


def gradients(w: Writer, layer: LayerTrace) -> None:
    """Tell ∂L/∂X = ∂L/∂Z Wᵀ, ∂L/∂W = Xᵀ ∂L/∂Z and ∂L/∂B = the sum of ∂L/∂Z over axis 0."""
    n, weights = layer.layer, w.parameters.weights(layer.layer)
    upstream = (w.scale * layer.delta).tolist()
    # Sums over what is not told are written with a sum sign.
    every, whole = len(w.rows()) == w.batch, len(w.units(n)) == weights.shape[1]

    def dz(s: int, j: int) -> str:
        return f"<{w.d(f'z.{n}.{s}.{j}')}>"

    samples, columns = range(w.batch if every else 0), range(weights.shape[1] if whole else 0)
    for s in w.rows():
        for i in w.units(n - 1):
            for j in columns:
                w.give(f"w.{n}.{i}.{j}", weights[i, j])
            terms = [(f"{dz(s, j)}\\,<w.{n}.{i}.{j}>", upstream[s][j] * weights[i, j]) for j in columns]
            short = f"\\sum_{{j=1}}^{{{weights.shape[1]}}}\\frac{{\\partial L}}{{\\partial z_{{j}}}}w_{{j}}"
            total = float((w.scale * layer.delta[s]) @ weights[i])
            source = w.a(n - 1, s, i)
            _add(w, source, total, "inputs", w.matrix_of(n - 1), terms, short)
    for i in w.units(n - 1):
        for j in w.units(n):
            terms = [
                (f"<{w.a(n - 1, s, i)}>\\,{dz(s, j)}", w.value(n - 1, s, i) * upstream[s][j]) for s in samples
            ]
            short = f"\\sum_{{n=1}}^{{{w.batch}}}x_{{n}}\\frac{{\\partial L}}{{\\partial z_{{n}}}}"
            _add(w, f"w.{n}.{i}.{j}", layer.weight_gradient[i, j], "weights", f"W.{n}", terms, short)
    if layer.bias_gradient is None:
        return
    for j in w.units(n):
        terms = [(dz(s, j), upstream[s][j]) for s in samples]
        short = f"\\sum_{{n=1}}^{{{w.batch}}}\\frac{{\\partial L}}{{\\partial z_{{n}}}}"
        _add(w, f"b.{n}.{j}", layer.bias_gradient[j], "bias", f"B.{n}", terms, short)


def _add(
    w: Writer,
    by: str,
    result: float,
    sentence: str,
    matrix: str,
    terms: list[tuple[str, float]],
    short: str,
) -> None:
    w.line(
        "backward",
        "sum",
        w.d(by),
        result,
        sentence,
        w.d(w.matrix(matrix)),
        summed(terms, short) if terms else Sum(short),
        refs={"by": by},
    )
