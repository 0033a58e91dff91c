"""One step as matrices: what every layer holds for the whole batch, with shapes, identities and numpy's text.

Rows of X, Z, A, ∂E/∂A and δ are the batch's samples, weights are (n_in, n_out), so that the identities read
Z = XW + b, δ = ∂E/∂A ⊙ f′(Z), ∂L/∂W = (batch factor) · Xᵀδ. Source: Goodfellow, Bengio and Courville 2016,
Deep Learning, algorithms 6.3 and 6.4.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.activations import ACTIVATIONS
from core.clipping import CLIPPINGS
from core.losses import FUSED, factor
from core.network import Array, Parameters
from core.optimizers import OPTIMIZERS
from core.penalties import PENALTIES
from core.snapshot import Problem
from core.trace import LayerTrace, Trace

# Rows of a batch that are listed; no layer is wider.
MOST_ROWS = 64
LINE_WIDTH = 100
# Entries of an array whose columns are aligned in its text.
MOST_ALIGNED = 512


@dataclass(frozen=True, slots=True)
class Matrix:
    """One array of one layer.

    `symbol` and `formula` are TeX, the formula "" where the values are given. `refs` names the entries, with
    "{row}" and "{column}" for their place ("{column}" alone: the place in a vector, or the neuron of every
    sample). `samples` says that the rows are the batch's samples. `shape` is the array's own; `values` holds
    all of it, or the rows from `first_row` on where it is `limited`; `text` is that block as numpy prints it.
    """

    name: str
    variable: str
    symbol: str
    formula: str
    refs: str
    samples: bool
    shape: tuple[int, ...]
    limited: bool
    first_row: int
    values: Array
    text: str


@dataclass(frozen=True, slots=True)
class LayerMatrices:
    """The arrays of one layer (1..L) in the order in which they are computed."""

    layer: int
    activation_name: str
    matrices: tuple[Matrix, ...]


def numpy_text(array: Array) -> str:
    """Return `array` as numpy prints it, with as many digits as give back the same bits.

    A large one is written row by row without alignment, which takes a tenth of the time.
    """
    if array.size > MOST_ALIGNED:
        return f"array([{', '.join(map(repr, array.tolist()))}])"
    text = np.array2string(
        array,
        separator=", ",
        prefix="array(",
        floatmode="unique",
        threshold=sys.maxsize,
        max_line_width=LINE_WIDTH,
    )
    return f"array({text})"


def matrices(problem: Problem, trace: Trace, sample: int) -> tuple[LayerMatrices, ...]:
    """Return the arrays of every layer for the batch of `trace`.

    `inputs`, `weights`, `bias`, `net_input`, `activation`, `upstream`, `local`, `delta`, `weight_gradient`
    and `bias_gradient`; absent are the bias of a layer without one and the gradient of one that is not
    trained. A batch of several samples also has `sample_weight_gradient` and `sample_bias_gradient`, those of
    row `sample`. `local` of a softmax layer is that row's Jacobian (n_out, n_out), [i, j] = da_i/dz_j.
    With dropout there is `mask`; with penalties or clipping `received_weight_gradient` and, clipped,
    `received_bias_gradient` are what the optimizer gets. `new_weights` and `new_bias` are those after the
    update, the other weights and biases those at which the gradient was taken. Of a batch of more than
    MOST_ROWS samples that many are listed, row `sample` among them.
    Raises ValueError if `sample` is not in the trace's batch.
    """
    position = trace.sample_position(sample)
    return tuple(_Layer(problem, trace, layer, position).record() for layer in trace.layers)


class _Layer:
    """Names one layer's arrays and cuts them to what is listed."""

    def __init__(self, problem: Problem, trace: Trace, layer: LayerTrace, position: int) -> None:
        self.problem, self.trace, self.layer, self.position = problem, trace, layer, position
        self.number = layer.layer
        self.last = layer.layer == len(trace.layers)
        self.softmax = layer.local.ndim == 3
        self.size = len(trace.batch)
        # The block of rows around the chosen sample.
        self.first = max(0, min(position - MOST_ROWS // 2, self.size - MOST_ROWS))
        self.ahead = OPTIMIZERS.get(trace.optimizer).looks_ahead
        self.up = f"({self.number})"
        self.x = "X" if self.number == 1 else f"A^{{({self.number - 1})}}"
        self.mask = f"M^{{{self.up}}}"
        self.z, self.a, self.d = f"Z^{{{self.up}}}", f"A^{{{self.up}}}", f"\\delta^{{{self.up}}}"
        self.w = self._weights(self.number)
        self.b = f"{self._mark('b')}^{{{self.up}}}"

    def _weights(self, number: int) -> str:
        return f"{self._mark('W')}^{{({number})}}"

    def _mark(self, letter: str) -> str:
        """Return the letter of a parameter, marked where it is that of the look-ahead point."""
        return f"\\tilde{{{letter}}}" if self.ahead else letter

    def record(self) -> LayerMatrices:
        """Return the layer's arrays."""
        return LayerMatrices(self.number, self.layer.activation_name, tuple(self._all()))

    def _make(self, name: str, variable: str, symbol: str, formula: str, refs: str, array: Array) -> Matrix:
        samples = name in ("inputs", "net_input", "mask", "activation", "upstream", "delta") or (
            name == "local" and not self.softmax
        )
        limited = samples and self.size > MOST_ROWS
        block = array[self.first : self.first + MOST_ROWS] if limited else array
        return Matrix(
            name=name,
            variable=variable,
            symbol=symbol,
            formula=formula,
            refs=refs,
            samples=samples,
            shape=array.shape,
            limited=limited,
            first_row=self.first if limited else 0,
            values=block,
            text=numpy_text(block),
        )

    def _all(self) -> Iterator[Matrix]:
        n, layer, make = self.number, self.layer, self._make
        parameters = Parameters(self.problem.network, self.trace.point)
        weight, bias = ("lw", "lb") if self.ahead else ("w", "b")
        given = parameters.bias(n)
        entry = ACTIVATIONS.get(layer.activation_name)
        yield make("inputs", f"X{n}", self.x, "", f"a.{n - 1}.{{column}}", layer.inputs)
        yield make("weights", f"W{n}", self.w, "", f"{weight}.{n}.{{row}}.{{column}}", parameters.weights(n))
        if given is not None:
            yield make("bias", f"b{n}", self.b, "", f"{bias}.{n}.{{column}}", given)
        plus = "" if given is None else f"+{self.b}"
        weighted = f"{self.x}\\,{self.w}{plus}"
        yield make("net_input", f"Z{n}", self.z, weighted, f"z.{n}.{{column}}", layer.net_input)
        value = f"{entry.tex_function}\\left({self.z}\\right)"
        if layer.mask is not None:
            yield make("mask", f"M{n}", self.mask, "", f"m.{n}.{{column}}", layer.mask)
            value += f"\\odot {self.mask}"
        yield make("activation", f"A{n}", self.a, value, f"a.{n}.{{column}}", layer.activation)
        yield from self._backward()
        yield from self._update()

    def _backward(self) -> Iterator[Matrix]:
        n, layer, make, at = self.number, self.layer, self._make, self.position
        upstream = f"\\frac{{\\partial E}}{{\\partial {self.a}}}"
        returned = "" if self.last else f"\\delta^{{({n + 1})}}\\,{_transposed(self._weights(n + 1))}"
        slope, local, place = f"f'\\left({self.z}\\right)", layer.local, "{column}"
        if self.softmax:
            # One Jacobian a sample: that of the chosen one.
            slope, local, place = "J_{s}", layer.local[at], "{row}.{column}"
        elif layer.mask is not None:
            slope += f"\\odot {self.mask}"
        yield make("upstream", f"dA{n}", upstream, returned, f"up.{n}.{{column}}", layer.upstream)
        yield make("local", f"slope{n}", slope, "", f"loc.{n}.{place}", local)
        delta = self._delta(upstream, slope)
        yield make("delta", f"delta{n}", self.d, delta, f"d.{n}.{{column}}", layer.delta)
        alone = self.size == 1
        own, whole = ("", "g") if alone else ("_{s}", "G")
        if not alone:
            yield make(
                "sample_weight_gradient",
                f"dW{n}_sample",
                f"\\frac{{\\partial E{own}}}{{\\partial {self.w}}}",
                f"{_transposed(_row(self.x))}\\,{_row(self.d)}",
                f"gw.{n}.{{row}}.{{column}}",
                layer.sample_weight_gradients[at],
            )
            if layer.sample_bias_gradients is not None:
                symbol = f"\\frac{{\\partial E{own}}}{{\\partial {self.b}}}"
                values = layer.sample_bias_gradients[at]
                yield make(
                    "sample_bias_gradient",
                    f"db{n}_sample",
                    symbol,
                    _row(self.d),
                    f"gb.{n}.{{column}}",
                    values,
                )
        loss = "E" if alone else "L"
        mean = "" if self.trace.batch_factor == 1.0 else f"\\tfrac{{1}}{{{self.size}}}"
        yield make(
            "weight_gradient",
            f"dW{n}",
            f"\\frac{{\\partial {loss}}}{{\\partial {self.w}}}",
            f"{mean}{_transposed(self.x)}\\,{self.d}",
            f"{whole}w.{n}.{{row}}.{{column}}",
            layer.weight_gradient,
        )
        if layer.bias_gradient is not None:
            total = self.d if alone else f"{mean}\\sum_{{s}}{_row(self.d)}"
            yield make(
                "bias_gradient",
                f"db{n}",
                f"\\frac{{\\partial {loss}}}{{\\partial {self.b}}}",
                total,
                f"{whole}b.{n}.{{column}}",
                layer.bias_gradient,
            )

    def _received(self) -> Iterator[Matrix]:
        """Yield what the optimizer gets, where that is not the gradient of the batch's loss."""
        n, trace, layer = self.number, self.trace, self.layer
        clipped = trace.clipping.name != "none"
        if trace.penalties or clipped:
            objective = trace.received if clipped else trace.gradient + trace.penalty_gradient
            gradient = self._gradient("W")
            for one in trace.penalties:
                penalty = PENALTIES.get(one.name)
                slope = penalty.slope_template.replace(f"<{one.name}>", penalty.coefficient.tex)
                gradient += "+" + slope.replace("<w>", self.w)
            yield self._make(
                "received_weight_gradient",
                f"dW{n}_received",
                self._given("W"),
                self._clipped(gradient),
                f"{'C' if clipped else 'J'}w.{n}.{{row}}.{{column}}",
                Parameters(self.problem.network, objective).weights(n),
            )
        if clipped and layer.bias_gradient is not None:
            bias = Parameters(self.problem.network, trace.received).bias(n)
            assert bias is not None
            yield self._make(
                "received_bias_gradient",
                f"db{n}_received",
                self._given("b"),
                self._clipped(self._gradient("b")),
                f"Cb.{n}.{{column}}",
                bias,
            )

    def _gradient(self, letter: str, of: str = "") -> str:
        """Return the symbol of the gradient of the batch's loss, or of the objective."""
        of = of or ("E" if self.size == 1 else "L")
        return f"\\frac{{\\partial {of}}}{{\\partial {letter}^{{{self.up}}}}}"

    def _given(self, letter: str) -> str:
        """Return the symbol of the gradient that the optimizer gets."""
        if self.trace.clipping.name != "none":
            return f"\\hat g_{{{letter}^{{{self.up}}}}}"
        return self._gradient(letter, "J" if self.trace.penalties and letter == "W" else "")

    def _clipped(self, gradient: str) -> str:
        clipping = CLIPPINGS.get(self.trace.clipping.name)
        if clipping.factor_template:
            return f"\\kappa\\left({gradient}\\right)"
        return clipping.template.replace("<limit>", "c").replace("<g>", gradient)

    def _update(self) -> Iterator[Matrix]:
        n = self.number
        yield from self._received()
        after = Parameters(self.problem.network, self.trace.after)
        rate = "\\eta" if self.trace.schedule.name == "constant" else "\\eta_{n}"

        def formula(letter: str) -> str:
            old = f"{letter}^{{{self.up}}}"
            if self.trace.optimizer == "sgd":
                return f"{old}-{rate}\\,{self._given(letter)}"
            return f"{old}+\\Delta {old}"

        yield self._make(
            "new_weights",
            f"W{n}_new",
            f"W^{{{self.up}}}_{{\\text{{new}}}}",
            formula("W"),
            f"nw.{n}.{{row}}.{{column}}",
            after.weights(n),
        )
        given = after.bias(n)
        if given is not None and self.layer.bias_gradient is not None:
            symbol = f"b^{{{self.up}}}_{{\\text{{new}}}}"
            yield self._make("new_bias", f"b{n}_new", symbol, formula("b"), f"nb.{n}.{{column}}", given)

    def _delta(self, upstream: str, slope: str) -> str:
        """Return how delta is computed: the form that trains where loss and output activation are fused."""
        loss, layer = self.problem.training.loss, self.layer
        fused = FUSED.get((loss.name, layer.activation_name)) if self.last else None
        if fused is None:
            # A row vector times the sample's Jacobian.
            return f"{upstream}\\,{slope}" if self.softmax else f"{upstream}\\odot {slope}"
        form = fused.delta_template.replace("<t>", "T")
        whole = np.ptp(self.trace.targets.sum(axis=1)) == 0.0 and self.trace.targets[0].sum() == 1.0
        own = self.a if whole or not self.softmax else f"{self.a}\\odot\\textstyle\\sum_{{k}}T_{{k}}"
        form = form.replace("<a>", own)
        scale = factor(loss, self.problem.network.outputs)
        return form if scale == 1.0 else f"\\tfrac{{1}}{{{round(1 / scale)}}}\\left({form}\\right)"


def _row(symbol: str) -> str:
    """Return the chosen sample's row of a matrix of samples."""
    return f"{symbol}_{{s}}"


def _transposed(symbol: str) -> str:
    return f"{symbol}^{{\\top}}" if symbol == "X" else f"{{{symbol}}}^{{\\top}}"
