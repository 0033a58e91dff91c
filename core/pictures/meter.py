"""What is measured while training runs, beside the loss: accuracy, the test set, the flow of gradients."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.activations import ACTIVATIONS, Activation
from core.losses import FUSED, batch_factor
from core.network import Array, BatchSpec, LossSpec, NetworkSpec, OptimizerSpec, TrainingSpec
from core.optimizers import OPTIMIZERS
from core.pictures.scores import Judge, class_pair
from core.pictures.sets import test_rows
from core.plan import CompiledPlan, Evaluation, Workspace, row_blocks
from core.registry import complete_parameters
from core.snapshot import Problem

Idle = Literal["dead", "saturated"]

# A neuron hardly learns where its slope is below this part of its function's greatest.
SATURATED = 0.05


def idle_kinds(network: NetworkSpec, loss: LossSpec) -> tuple[Idle | None, ...]:
    """Return for each layer how its neurons stop learning, None where the function has no such state.

    Nor has an output whose slope cancels against its loss: saturated, it still learns.
    """
    kinds = [ACTIVATIONS.get(layer.activation).idle for layer in network.layers]
    if (loss.name, network.layers[-1].activation) in FUSED:
        kinds[-1] = None
    return tuple(kinds)


class Meter:
    """Measures one problem at any parameters.

    `measure` returns a row of numbers: `columns` says which. Whole-set gradients come from the plan of a
    gradient step of rate 1 without anything else, on memory of its own.
    """

    def __init__(self, problem: Problem) -> None:
        network, data = problem.network, problem.data
        count = network.parameter_count
        self._network = network
        self.columns = columns(network)
        self._work = Workspace(OPTIMIZERS.get("sgd"), count, np.zeros(count, dtype=np.bool_), 1.0)
        loss = problem.training.loss
        summed = LossSpec(loss.name, loss.coefficient, loss.outputs, "sum")
        self._factor = batch_factor(loss, data.size)
        training = TrainingSpec(summed, OptimizerSpec("sgd", {"learning_rate": 1.0}), BatchSpec())
        unit_targets = bool((data.targets.sum(axis=1) == 1.0).all())
        pair = class_pair(network)
        # Feature-major and negated, as a plan takes them.
        inputs, targets = np.negative(data.inputs.T, order="C"), data.targets.T.copy()
        self._plans: dict[int, CompiledPlan] = {}
        self._parts: list[tuple[CompiledPlan, Array, Array, slice]] = []
        for rows in row_blocks(data.size):
            length = rows.stop - rows.start
            if length not in self._plans:
                self._plans[length] = CompiledPlan(network, training, self._work, length, unit_targets)
            self._parts.append((self._plans[length], inputs[:, rows], targets[:, rows], rows))
        self._fed = False
        self._judge = Judge.of(data.targets, pair)
        self._outputs = np.empty((data.size, network.outputs))
        self._idle = [
            _Idle(network, layer, data.size, kind)
            for layer, kind in enumerate(idle_kinds(network, loss), start=1)
        ]
        # Sums over a layer's weights: its block's columns but the bias, which is no weight.
        self._weights = np.zeros(count)
        self._starts = [offset for offset, _, _ in network.blocks]
        for (offset, rows_, columns_), n_in in zip(network.blocks, network.sizes, strict=False):
            block = self._weights[offset : offset + rows_ * columns_].reshape(rows_, columns_)
            block[:, :n_in] = self._factor / (rows_ * n_in)
        held = test_rows(data)
        self._vector = np.zeros(count)
        self._test: Evaluation | None = None
        self._test_judge: Judge | None = None
        if held is not None:
            self._test = Evaluation(network, loss, self._vector, *held)
            self._test_judge = Judge.of(held[1], pair)

    @property
    def nbytes(self) -> int:
        """How many bytes its arrays take, about."""
        data = sum(x.nbytes + t.nbytes for _, x, t, _ in self._parts)
        own = self._work.nbytes + self._outputs.nbytes + self._weights.nbytes + self._vector.nbytes + data
        return (
            own + sum(plan.nbytes for plan in self._plans.values()) + (self._test.nbytes if self._test else 0)
        )

    def measure(self, vector: Array) -> Array:
        """Return test loss, accuracy, test accuracy, each layer's mean |gradient|, each layer's idle share.

        nan stands where there is no such number: no test set, no classes, no idle state.
        """
        row = np.full(self.columns, np.nan)
        layers = len(self._idle)
        with np.errstate(all="ignore"):
            row[3 : 3 + layers] = self._gradients(vector)
            row[3 + layers :] = [idle.share() for idle in self._idle]
            if self._judge is not None:
                row[1] = self._judge.right(self._outputs).mean()
            if self._test is not None:
                np.copyto(self._vector, vector)
                row[0] = self._test.loss()
                if self._test_judge is not None:
                    row[2] = self._test_judge.right(self._test.outputs).mean()
        return row

    def _gradients(self, vector: Array) -> Array:
        work = self._work
        for idle in self._idle:
            idle.begin()
        total = work.gradient
        several = len(self._parts) > 1
        if several:
            total = np.zeros(work.length)
        for plan, x, t, rows in self._parts:
            if several or not self._fed:
                np.copyto(plan.x, x)
                np.copyto(plan.t, t)
            np.copyto(work.theta, vector)
            plan.run(1)
            if several:
                total += work.gradient
            for layer, idle in enumerate(self._idle, start=1):
                idle.add(plan.activation(layer))
            np.negative(plan.activation(len(self._idle)).T, self._outputs[rows])
        self._fed = not several
        return np.asarray(np.add.reduceat(np.abs(total) * self._weights, self._starts))


def columns(network: NetworkSpec) -> int:
    """Return how many numbers a measured row has."""
    return 3 + 2 * len(network.layers)


class _Idle:
    """Counts one layer's dead neurons, or its saturated activations, over the parts of a set."""

    def __init__(self, network: NetworkSpec, layer: int, rows: int, kind: Idle | None) -> None:
        spec = network.layers[layer - 1]
        self._entry: Activation = ACTIVATIONS.get(spec.activation)
        self._settings = complete_parameters(self._entry.parameters, spec.activation_parameters)
        self._kind = kind
        self._all = spec.units * rows
        self._active: NDArray[np.bool_] = np.zeros(spec.units, dtype=np.bool_)
        self._saturated = 0
        zero = np.zeros((1, 1))
        if self._kind == "saturated":
            peak = self._entry.derivative(zero, self._entry.value(zero, self._settings), self._settings)
            self._limit = SATURATED * float(peak[0, 0])

    def begin(self) -> None:
        """Forget what was counted."""
        self._active[:] = False
        self._saturated = 0

    def add(self, negated: Array) -> None:
        """Count the negated activations (units, B) of some rows."""
        if self._kind == "dead":
            self._active |= negated.min(axis=1) < 0.0
        elif self._kind == "saturated":
            # These slopes are even or follow a(1 − a): the sign is put right first.
            activation = np.negative(negated)
            slope = self._entry.derivative(activation, activation, self._settings)
            self._saturated += int(np.count_nonzero(slope < self._limit))

    def share(self) -> float:
        """Return the share of neurons that no row activates, or of activations that are saturated."""
        if self._kind == "dead":
            return 1.0 - float(self._active.mean())
        return self._saturated / self._all if self._kind == "saturated" else np.nan
