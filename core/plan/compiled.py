"""Forward and backward passes compiled for one batch length.

Everything is feature-major: a row a neuron, a column a sample. The activations of all layers stand in one
array, each layer's rows followed by a row of ones, so that a layer's product takes its bias along as one more
weight and equal activation functions of neighbouring layers are differentiated in one call.

Inputs, net inputs, activations and deltas all stand with the opposite sign (the rows of ones hold -1).
Changing a sign is exact, the signs cancel in the gradient = delta · inputs, and sigmoid's e^-z needs no call
to negate z.

For layers of hundreds of neurons the same calls are nearly nothing but matrix products: the odd row length
of a block with its bias keeps its rows off each other's cache lines, constants are single numbers, constant
factors are multiplied to the outputs' deltas, and the update goes stretch by stretch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import groupby

import numpy as np

from core.activations import ACTIVATIONS, Activation
from core.losses import FUSED, LOSSES, batch_factor, factor, loss_parts
from core.network import Array, LossSpec, NetworkSpec, TrainingSpec
from core.plan.buffers import Buffer, Call, Step, Workspace, aligned, empty_batch
from core.plan.dropout import Masks
from core.plan.updates import update_calls
from core.registry import complete_parameters

_ROWS = 512


def row_blocks(size: int) -> list[slice]:
    """Return the rows of a set in blocks that go through the network at once.

    All layers of a block stay in the processor's cache, and the memory does not grow with the set.
    """
    return [slice(first, min(first + _ROWS, size)) for first in range(0, size, _ROWS)]


@dataclass(frozen=True)
class _OnBatch:
    """A call that reads the batch's own arrays: `make(x, t)` binds it to them."""

    make: Callable[[Buffer, Buffer], Call]


_Calls = list[Call | _OnBatch]


def _bound(calls: _Calls, x: Buffer, t: Buffer) -> tuple[Call, ...]:
    return tuple(call.make(x, t) if isinstance(call, _OnBatch) else call for call in calls)


class _Forward:
    """Buffers and calls of the forward pass for `length` samples at the parameters in `vector`."""

    def __init__(self, network: NetworkSpec, vector: Buffer, length: int) -> None:
        self.network = network
        rows, dtype = sum(size + 1 for size in network.sizes[1:]), vector.dtype
        self.stack, self.nets = aligned(rows, length, dtype), aligned(rows, length, dtype)
        self.stack.fill(-1.0)
        self.weights = [
            vector[offset : offset + units * columns].reshape(units, columns)
            for offset, units, columns in network.blocks
        ]
        self.entries: list[tuple[Activation, dict[str, float]]] = []
        self.spans: list[tuple[int, int]] = []
        top = 0
        for layer in network.layers:
            entry = ACTIVATIONS.get(layer.activation)
            self.entries.append((entry, complete_parameters(entry.parameters, layer.activation_parameters)))
            self.spans.append((top, top + layer.units))
            top += layer.units + 1

    def rows(self, array: Buffer, layer: int) -> Buffer:
        """Return the rows of layer 1..L in one of the stacked arrays."""
        first, last = self.spans[layer - 1]
        return array[first:last]

    @property
    def nbytes(self) -> int:
        """How many bytes the layers' values take."""
        return self.stack.nbytes + self.nets.nbytes

    @property
    def output(self) -> Buffer:
        """The negated output activations, (n_out, B)."""
        return self.rows(self.stack, len(self.spans))

    def from_inputs(self, layer: int, make: Callable[[Buffer], Call]) -> Call | _OnBatch:
        """Return the call that `make` makes of what enters a layer, the row of -1 for a bias included."""
        columns = self.weights[layer - 1].shape[1]
        if layer == 1:
            return _OnBatch(lambda x, t: make(x[:columns]))
        return make(self.below(self.stack, layer))

    def below(self, array: Buffer, layer: int) -> Buffer:
        """Return the rows of layer 1..L - 1 under this one in a stacked array, with the row for its bias.

        The weights' block stays whole in a product with them: of a part of it numpy would make a copy.
        """
        first = self.spans[layer - 2][0]
        return array[first : first + self.weights[layer - 1].shape[1]]

    def calls(self, keep: Buffer | None = None) -> _Calls:
        """Return the forward calls; with `keep`, the outputs' net inputs are saved there before their use."""
        calls: _Calls = []
        for layer in range(1, len(self.entries) + 1):
            calls += self.layer_calls(layer, keep if layer == len(self.entries) else None)
        return calls

    def layer_calls(self, layer: int, keep: Buffer | None = None) -> _Calls:
        """Return the forward calls of one layer, from what the layer below passes on."""
        entry, settings = self.entries[layer - 1]
        z, a = self.rows(self.nets, layer), self.rows(self.stack, layer)
        calls = [self.from_inputs(layer, lambda inputs: partial(self.weights[layer - 1].dot, inputs, z))]
        if keep is not None:
            calls.append(partial(np.copyto, keep, z))
        if entry.in_place is not None:
            return [*calls, *entry.in_place.forward(z, a, settings)]
        return [*calls, partial(_plain_value, entry, settings, z, a)]


def _product(delta: Buffer, gradient: Buffer, inputs: Buffer) -> Call:
    return partial(delta.dot, inputs.T, gradient)


def _repeat(calls: tuple[Call, ...], count: int) -> None:
    while count:
        for call in calls:
            call()
        count -= 1


def _plain_value(entry: Activation, settings: dict[str, float], z: Buffer, a: Buffer) -> None:
    np.negative(entry.value(-z.T, settings).T, a)


def _plain_derivative(entry: Activation, settings: dict[str, float], z: Buffer, a: Buffer, d: Buffer) -> None:
    np.copyto(d, entry.derivative(-z.T, -a.T, settings).T)


class CompiledPlan:
    """One training step for batches of `length` samples as a list of bound calls.

    `run` trains on the batch in the plan's own `x` (n_in, B), the negated inputs, and `t` (n_out, B), the
    targets.

    `unit_targets` says that every target row sums to exactly 1, which spares categorical cross-entropy a
    product.
    """

    def __init__(
        self, network: NetworkSpec, training: TrainingSpec, work: Workspace, length: int, unit_targets: bool
    ) -> None:
        self._forward = _Forward(network, work.point, length)
        batch = empty_batch(network, length, work.dtype)
        self.x, self.t = batch[0][:-1], batch[1]
        self._deltas = np.zeros_like(self._forward.stack)
        self._loss = training.loss
        self._unit_targets = unit_targets
        self._mask_bytes = 0
        output, constant = self._output_calls()
        scale = constant * factor(training.loss, network.outputs) * batch_factor(training.loss, length)
        # All gradients are proportional to the outputs' deltas: there a factor costs next to nothing.
        linear = self._forward.rows(self._deltas, len(self._forward.spans)) if work.large else work.gradient
        update = update_calls(network, training, work, scale, linear)
        backward = self._backward_calls(work)
        backward = [*update.scaling, *backward] if work.large else [*backward, *update.scaling]
        if training.dropout > 0.0 and network.hidden:
            masks = Masks(network, training.dropout, work, length)
            self._mask_bytes = masks.nbytes
            passes = [*masks.calls, *self._masked_calls(masks)]
        else:
            passes = [*self._forward.calls(), *self._derivative_calls(self._differentiated)]
        self._calls: _Calls = [*update.before, *passes, *output, *backward, *update.after]
        self.calls = _bound(self._calls, *batch)

    @property
    def nbytes(self) -> int:
        """How many bytes its own arrays take: the layers' values, deltas and masks, a batch."""
        passes = self._forward.nbytes + self._deltas.nbytes + self._mask_bytes
        return passes + self.x.nbytes + self.t.nbytes

    def activation(self, layer: int) -> Buffer:
        """The negated activations of layer 1..L in the last run, (n, B), as a view."""
        return self._forward.rows(self._forward.stack, layer)

    def run(self, count: int) -> None:
        """Make `count` updates on the batch that stands in `x` and `t`."""
        _repeat(self.calls, count)

    def bind(self, x: Buffer, t: Buffer) -> Step:
        """Return what makes updates on the batch that stands in `x` and `t` whenever it runs."""
        return partial(_repeat, _bound(self._calls, x, t))

    @property
    def _direct(self) -> bool:
        """Whether a − t alone is the output's delta: in a fused pair, or squared error of f(z) = z."""
        pair = (self._loss.name, self._forward.entries[-1][0].name)
        return pair in FUSED or pair == ("squared_error", "identity")

    @property
    def _differentiated(self) -> list[int]:
        """The layers whose slopes are needed: the output's may be within its delta already."""
        count = len(self._forward.entries)
        skipped = self._direct or self._forward.entries[-1][0].output_only
        return list(range(1, count if skipped else count + 1))

    def _masked_calls(self, masks: Masks) -> _Calls:
        """Return the forward calls with dropout: each slope is taken before its activation is masked."""
        forward = self._forward
        calls: _Calls = []
        for layer in range(1, len(forward.entries) + 1):
            calls += forward.layer_calls(layer)
            if layer in self._differentiated:
                calls += self._derivative_calls([layer])
            if layer < len(forward.entries):
                for array in (forward.stack, self._deltas):
                    rows = forward.rows(array, layer)
                    calls.append(partial(np.multiply, rows, masks.rows(layer), rows))
        return calls

    def _derivative_calls(self, layers: list[int]) -> list[Call]:
        forward = self._forward
        wanted = [(layer, forward.entries[layer - 1]) for layer in layers]
        calls: list[Call] = []
        for _, run in groupby(wanted, key=lambda item: (item[1][0].name, item[1][1])):
            group = list(run)
            entry, settings = group[0][1]
            if entry.in_place is not None and entry.in_place.derivative is not None:
                # Neighbouring layers of one function are one block of rows; the constant rows do no harm.
                block = slice(forward.spans[group[0][0] - 1][0], forward.spans[group[-1][0] - 1][1])
                arrays = (forward.nets[block], forward.stack[block], self._deltas[block])
                calls += entry.in_place.derivative(*arrays, settings)
                continue
            for layer, _ in group:
                z, a, d = (
                    forward.rows(array, layer) for array in (forward.nets, forward.stack, self._deltas)
                )
                calls.append(partial(_plain_derivative, entry, settings, z, a, d))
        return calls

    def _output_calls(self) -> tuple[_Calls, float]:
        """Return the calls that leave the output's delta in its rows, and the constant that they left out."""
        forward, last = self._forward, len(self._forward.spans)
        a = forward.output
        upstream, delta = forward.rows(forward.nets, last), forward.rows(self._deltas, last)
        entry, settings = forward.entries[-1]
        fused = FUSED.get((self._loss.name, entry.name))
        if fused is not None:
            if fused.loss != "categorical_cross_entropy" or self._unit_targets:
                return [_OnBatch(lambda x, t: partial(np.add, a, t, delta))], 1.0
            return [_OnBatch(lambda x, t: lambda: np.negative(fused.delta(-a.T, t.T).T, delta))], 1.0
        if self._loss.name == "squared_error":
            if self._direct:
                return [_OnBatch(lambda x, t: partial(np.add, a, t, delta))], 2.0
            slope, constant = _OnBatch(lambda x, t: partial(np.add, a, t, upstream)), 2.0
        else:
            gradient = LOSSES.get(self._loss.name).gradient
            slope = _OnBatch(lambda x, t: lambda: np.negative(gradient(-a.T, t.T).T, upstream))
            constant = 1.0
        if entry.output_only:

            def through_layer() -> None:
                local = entry.derivative(-a.T, -a.T, settings)
                np.copyto(delta, np.einsum("is,sij->js", upstream, local))

            return [slope, through_layer], constant
        return [slope, partial(np.multiply, upstream, delta, delta)], constant

    def _backward_calls(self, work: Workspace) -> _Calls:
        forward = self._forward
        calls: _Calls = []
        for layer in range(len(forward.spans), 0, -1):
            delta = forward.rows(self._deltas, layer)
            if layer > 1:
                upstream = forward.rows(forward.nets, layer - 1)
                target = forward.rows(self._deltas, layer - 1)
                below = forward.below(forward.nets, layer)
                calls.append(partial(forward.weights[layer - 1].T.dot, delta, below))
                calls.append(partial(np.multiply, upstream, target, target))
            offset, units, columns = forward.network.blocks[layer - 1]
            gradient = work.gradient[offset : offset + units * columns].reshape(units, columns)
            calls.append(forward.from_inputs(layer, partial(_product, delta, gradient)))
        return calls


class Evaluation:
    """The loss of the whole set at the parameters in `vector`, in their present values."""

    def __init__(
        self, network: NetworkSpec, loss: LossSpec, vector: Buffer, inputs: Array, targets: Array
    ) -> None:
        size = len(inputs)
        self._targets = targets
        self._loss = loss
        self._net_input = np.empty((network.outputs, size), vector.dtype)
        self._output = np.empty_like(self._net_input)
        self._calls: list[Call] = []
        self._scale = batch_factor(loss, size)
        self.nbytes = self._net_input.nbytes + self._output.nbytes
        forwards: dict[int, _Forward] = {}
        for part in row_blocks(size):
            length = part.stop - part.start
            if length not in forwards:
                forwards[length] = _Forward(network, vector, length)
                self.nbytes += forwards[length].nbytes
            batch = empty_batch(network, length, vector.dtype)
            batch[0][:-1] = -inputs[part].T
            self.nbytes += batch[0].nbytes
            self._calls += _bound(forwards[length].calls(self._net_input[:, part]), *batch)
            if length == size:
                self._output = forwards[length].output
            else:
                self._calls.append(partial(np.copyto, self._output[:, part], forwards[length].output))

    @property
    def outputs(self) -> Array:
        """The output activations (N, n_out) at the last call of `loss`."""
        return np.negative(self._output.T, dtype=np.float64)

    def loss(self) -> float:
        """Return the samples' losses summed, or averaged where the loss says so."""
        for call in self._calls:
            call()
        # In float64 from here on, also after a pass in float32: a loss is for reading.
        a, z = (-rows.T.astype(np.float64, copy=False) for rows in (self._output, self._net_input))
        parts = loss_parts(self._loss, a, self._targets, z)
        return float(self._scale * parts.sum())
