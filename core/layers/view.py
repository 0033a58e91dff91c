"""A trace as layers with matrices.

Every gradient is that of the batch's loss L, so that with the batch's factor within ∂L/∂Z the identities need
no further one: ∂L/∂X = ∂L/∂Z Wᵀ, ∂L/∂W = Xᵀ ∂L/∂Z, ∂L/∂B = the sum of ∂L/∂Z over axis 0. Source: Saito 2016,
Deep Learning from Scratch, sections 5.6 and 5.7; Goodfellow, Bengio and Courville 2016, algorithm 6.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from core.activations import ACTIVATIONS
from core.layers.records import MOST_ROWS, Identity, LayerGate, LayerView, LayerWire
from core.losses import FUSED, LOSSES, factor
from core.network import Array, Parameters
from core.snapshot import Problem
from core.trace import Trace


def layer_view(problem: Problem, trace: Trace) -> LayerView:
    """Return the network of `trace` as gates on matrices, for the whole batch, at the gradient's point."""
    return _View(problem, trace).done()


class _View:
    def __init__(self, problem: Problem, trace: Trace) -> None:
        self.problem, self.trace = problem, trace
        self.parameters = Parameters(problem.network, trace.point)
        self.last = len(trace.layers)
        self.wires: dict[str, LayerWire] = {}
        loss = problem.training.loss
        self.fused = FUSED.get((loss.name, trace.layers[-1].activation_name))

    def done(self) -> LayerView:
        self._wires()
        return LayerView(
            gates=tuple(self._gates()),
            wires=tuple(self.wires.values()),
            batch=len(self.trace.inputs),
            batch_factor=self.trace.batch_factor,
            loss=self.trace.loss,
        )

    def sup(self, layer: int) -> str:
        """Return the upper index of a layer's arrays; a single layer needs none."""
        return f"({layer})" if self.last > 1 else ""

    def passed(self, layer: int) -> str:
        """Return the wire that layer 0..L passes on."""
        return "X" if layer == 0 else "Y" if layer == self.last else f"A.{layer}"

    def _add(self, id: str, base: str, sup: str, values: Array, gradient: Array | None, refs: str) -> None:
        samples = base in "XZAYMT" and values.ndim == 2
        cut = slice(MOST_ROWS) if samples else slice(None)
        self.wires[id] = LayerWire(
            id=id,
            base=base,
            sup=sup,
            symbol=base + (f"^{{{sup}}}" if sup else ""),
            shape=values.shape,
            samples=samples,
            values=values[cut] if values.ndim else values,
            gradient=gradient[cut] if gradient is not None and gradient.ndim else gradient,
            refs=refs,
            gradient_refs=f"g{refs}",
        )

    def _wires(self) -> None:
        trace, scale = self.trace, self.trace.batch_factor
        with np.errstate(all="ignore"):
            first = trace.layers[0]
            gradient = scale * first.delta @ self.parameters.weights(1).T
            self._add("X", "X", "", trace.inputs, gradient, "x.{row}.{column}")
            for layer in trace.layers:
                n, sup = layer.layer, self.sup(layer.layer)
                place = "{row}.{column}"
                self._add(
                    f"W.{n}", "W", sup, self.parameters.weights(n), layer.weight_gradient, f"w.{n}.{place}"
                )
                bias = self.parameters.bias(n)
                if bias is not None:
                    self._add(f"B.{n}", "B", sup, bias, layer.bias_gradient, f"b.{n}.{{column}}")
                self._add(f"Z.{n}", "Z", sup, layer.net_input, scale * layer.delta, f"z.{n}.{place}")
                upstream = scale * layer.upstream
                if layer.mask is not None:
                    self._add(
                        f"F.{n}", "F", sup, layer.function_value, upstream * layer.mask, f"f.{n}.{place}"
                    )
                    self._add(f"M.{n}", "M", sup, layer.mask, None, f"m.{n}.{place}")
                output = n == self.last
                self._add(
                    self.passed(n),
                    "Y" if output else "A",
                    "" if output else sup,
                    layer.activation,
                    None if output and self.fused else upstream,
                    f"{'y' if output else f'a.{n}'}.{place}",
                )
        self._add("T", "T", "", trace.targets, None, "t.{row}.{column}")
        self._add("L", "L", "", np.array(trace.loss), np.array(1.0), "L")

    def gradient(self, wire: str) -> str:
        """Return the symbol of a wire's gradient."""
        return f"\\frac{{\\partial L}}{{\\partial {self.wires[wire].symbol}}}"

    def shape(self, wire: str) -> str:
        """Return a shape as people write it: (N, n), with a vector's single number in brackets of its own."""
        return f"({','.join(map(str, self.wires[wire].shape))})"

    def _gates(self) -> Iterator[LayerGate]:
        for layer in self.trace.layers:
            yield self._affine(layer.layer)
            if layer.layer == self.last and self.fused:
                yield self._fused(layer.layer)
                continue
            yield self._activation(layer.layer)
            if layer.mask is not None:
                yield self._mask(layer.layer)
        if not self.fused:
            yield self._loss()

    def _affine(self, n: int) -> LayerGate:
        before = self.passed(n - 1)
        w, b, z = f"W.{n}", f"B.{n}", f"Z.{n}"
        symbols = {id: self.wires[id].symbol for id in (before, w, z)}
        biased = b in self.wires
        dz = self.gradient(z)
        dz_shape = self.shape(z)
        rows, columns = self.wires[w].shape
        count = self.wires[z].shape[0]
        backward = [
            Identity(
                before,
                self.gradient(before),
                f"{dz}\\,{_transposed(symbols[w])}",
                f"{self.shape(before)} = {dz_shape} · ({columns},{rows})",
            ),
            Identity(
                w,
                self.gradient(w),
                f"{_transposed(symbols[before])}\\,{dz}",
                f"{self.shape(w)} = ({rows},{count}) · {dz_shape}",
            ),
        ]
        if biased and self.wires[b].gradient is not None:
            backward.append(
                Identity(
                    b,
                    self.gradient(b),
                    f"\\sum_{{n=1}}^{{{count}}}\\left({dz}\\right)_{{n}}",
                    f"{self.shape(b)} = Σ₀ {dz_shape}",
                )
            )
        bias = f"+{self.wires[b].symbol}" if biased else ""
        return LayerGate(
            id=f"affine.{n}",
            kind="affine",
            layer=n,
            function="",
            also="",
            inputs=(before, w, *((b,) if biased else ())),
            inner="",
            output=z,
            forward=f"{symbols[z]}={symbols[before]}\\,{symbols[w]}{bias}",
            shapes=f"{dz_shape} = {self.shape(before)} · {self.shape(w)}"
            + (f" + {self.shape(b)}" if biased else ""),
            backward=tuple(backward),
        )

    def _activation(self, n: int) -> LayerGate:
        layer = self.trace.layers[n - 1]
        entry = ACTIVATIONS.get(layer.activation_name)
        z, a = f"Z.{n}", f"F.{n}" if layer.mask is not None else self.passed(n)
        whole = layer.local.ndim == 3
        slope = f"J_{{{entry.tex_function}}}" if whole else f"f'({self.wires[z].symbol})"
        # A softmax row is multiplied by that sample's own Jacobian.
        product = f"{self.gradient(a)}\\,{slope}" if whole else f"{self.gradient(a)}\\odot {slope}"
        shape = self.shape(z)
        return LayerGate(
            id=f"activation.{n}",
            kind="activation",
            layer=n,
            function=layer.activation_name,
            also="",
            inputs=(z,),
            inner="",
            output=a,
            forward=f"{self.wires[a].symbol}={entry.tex_function}\\left({self.wires[z].symbol}\\right)",
            shapes=f"{shape} = {shape}",
            backward=(Identity(z, self.gradient(z), product, f"{shape} = {shape} ⊙ {shape}"),),
        )

    def _mask(self, n: int) -> LayerGate:
        f, m, a = f"F.{n}", f"M.{n}", self.passed(n)
        shape = self.shape(a)
        mask = self.wires[m].symbol
        return LayerGate(
            id=f"mask.{n}",
            kind="mask",
            layer=n,
            function="",
            also="",
            inputs=(f, m),
            inner="",
            output=a,
            forward=f"{self.wires[a].symbol}={self.wires[f].symbol}\\odot {mask}",
            shapes=f"{shape} = {shape} ⊙ {shape}",
            backward=(
                Identity(
                    f, self.gradient(f), f"{self.gradient(a)}\\odot {mask}", f"{shape} = {shape} ⊙ {shape}"
                ),
            ),
        )

    def _fused(self, n: int) -> LayerGate:
        loss = self.problem.training.loss
        z, y = f"Z.{n}", "Y"
        scale = factor(loss, self.problem.network.outputs) * self.trace.batch_factor
        share = number_tex(scale)
        shape = self.shape(z)
        # Targets that are no distribution keep their sum: core.losses says so of the fused form.
        whole = loss.name != "categorical_cross_entropy" or bool(
            (self.trace.targets.sum(axis=1) == 1.0).all()
        )
        outputs = (
            self.wires[y].symbol if whole else f"{self.wires[y].symbol}\\odot\\textstyle\\sum_{{k}}T_{{k}}"
        )
        return LayerGate(
            id=f"output.{n}",
            kind="activation-loss",
            layer=n,
            function=self.trace.layers[-1].activation_name,
            also=loss.name,
            inputs=(z, "T"),
            inner=y,
            output="L",
            forward=_loss_tex(loss.name, self.trace.batch_factor, len(self.trace.inputs)),
            shapes=f"() = {shape}, {self.shape('T')}",
            backward=(
                Identity(
                    z,
                    self.gradient(z),
                    f"{share}\\left({outputs}-{self.wires['T'].symbol}\\right)",
                    f"{shape} = {shape} − {self.shape('T')}",
                ),
            ),
        )

    def _loss(self) -> LayerGate:
        loss, y = self.problem.training.loss, "Y"
        scale = factor(loss, self.problem.network.outputs) * self.trace.batch_factor
        template = LOSSES.get(loss.name).gradient_template
        if loss.name == "squared_error":
            formula = f"{number_tex(2.0 * scale)}\\left(Y-T\\right)"
        else:
            formula = number_tex(scale) + template.replace("<a>", "Y").replace("<t>", "T")
        shape = self.shape(y)
        return LayerGate(
            id="loss",
            kind="loss",
            layer=self.last,
            function=loss.name,
            also="",
            inputs=(y, "T"),
            inner="",
            output="L",
            forward=_loss_tex(loss.name, self.trace.batch_factor, len(self.trace.inputs)),
            shapes=f"() = {shape}, {self.shape('T')}",
            backward=(Identity(y, self.gradient(y), formula, f"{shape} = {shape} − {self.shape('T')}"),),
        )


def number_tex(value: float) -> str:
    """Return a factor such as 1/N as TeX, nothing for 1."""
    if value == 1.0:
        return ""
    fraction = Fraction(value).limit_denominator(1_000_000)
    if fraction.denominator == 1:
        return str(fraction.numerator)
    return f"\\tfrac{{{fraction.numerator}}}{{{fraction.denominator}}}"


def _transposed(symbol: str) -> str:
    return f"{{{symbol}}}^{{\\top}}" if "^" in symbol else f"{symbol}^{{\\top}}"


def _loss_tex(name: str, batch_factor: float, size: int) -> str:
    """Return L as the sum or the mean of the samples' losses."""
    mean = "" if batch_factor == 1.0 else f"\\tfrac{{1}}{{{size}}}"
    return f"L={mean}\\sum_{{n=1}}^{{{size}}}E_{{n}}"
