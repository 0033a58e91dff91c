"""What is minimised in two variables: a function of x and y, or the loss of a small linear regression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.graph import Graph
from core.symbolic import Formula

Array = NDArray[np.float64]
Rows = NDArray[np.intp]

MAXIMUM_POINTS = 200
# The regression whose loss is drawn: t = 1 + 2x and noise, x in [-2, 2].
INTERCEPT, SLOPE, REACH = 1.0, 2.0, 2.0


class Objective(Protocol):
    """A function of two parameters; a batch's `rows` matter only where it is a loss over data."""

    @property
    def parameters(self) -> tuple[str, str]:
        """References of the two parameters."""

    @property
    def samples(self) -> int:
        """How many samples there are; 0 for a plain function."""

    def value(self, point: Array, rows: Rows | None = None) -> float:
        """Return the value at a point (2,)."""

    def gradient(self, point: Array, rows: Rows | None = None) -> Array:
        """Return the two derivatives (2,)."""

    def autodiff(self, point: Array, rows: Rows | None = None) -> list[float]:
        """Return the same by the computational graph."""

    def values(self, x: Array, y: Array) -> Array:
        """Return the value at many points; x and y are of one shape."""

    @property
    def work(self) -> int:
        """How many operations a gradient takes, about."""


class FunctionObjective:
    """A formula of x and y."""

    parameters = ("x", "y")
    samples = 0

    def __init__(self, formula: Formula) -> None:
        self.formula = formula
        self._value = formula.program(())
        self._gradient = formula.program(("x",), ("y",))

    @property
    def work(self) -> int:
        """How many operations a value and a gradient take."""
        return len(self._value) + len(self._gradient)

    def value(self, point: Array, rows: Rows | None = None) -> float:
        """Return f at a point (2,)."""
        return self._value(*point.tolist())[0]

    def gradient(self, point: Array, rows: Rows | None = None) -> Array:
        """Return ∂f/∂x and ∂f/∂y, by the symbolic derivatives."""
        return np.array(self._gradient(*point.tolist()))

    def autodiff(self, point: Array, rows: Rows | None = None) -> list[float]:
        """Return the same by the computational graph."""
        return self.formula.autodiff(*point.tolist())

    def values(self, x: Array, y: Array) -> Array:
        """Return f at many points."""
        return self._value.arrays(x, y)[0]


@dataclass(frozen=True)
class DataObjective:
    """The mean squared error of t ≈ w_0 + w_1·x over a batch: 1/n Σ (w_0 + w_1·x − t)².

    `inputs` and `targets` (N,). It is the loss of a network of one linear neuron with squared error, without
    the half, averaged over the batch.
    """

    inputs: Array
    targets: Array
    parameters: tuple[str, str] = ("w.0", "w.1")

    @property
    def samples(self) -> int:
        """How many samples there are."""
        return len(self.inputs)

    @property
    def work(self) -> int:
        """About how many operations a gradient takes: a few calls of numpy."""
        return 100

    def _batch(self, rows: Rows | None) -> tuple[Array, Array]:
        return (self.inputs, self.targets) if rows is None else (self.inputs[rows], self.targets[rows])

    def value(self, point: Array, rows: Rows | None = None) -> float:
        """Return the loss of a batch, of all samples without `rows`."""
        x, t = self._batch(rows)
        with np.errstate(all="ignore"):
            return float(np.mean(np.square(point[0] + point[1] * x - t)))

    def gradient(self, point: Array, rows: Rows | None = None) -> Array:
        """Return the derivatives of a batch's loss by w_0 and w_1."""
        x, t = self._batch(rows)
        with np.errstate(all="ignore"):
            residual = point[0] + point[1] * x - t
            return np.array([residual.sum(), residual @ x]) * (2.0 / len(x))

    def autodiff(self, point: Array, rows: Rows | None = None) -> list[float]:
        """Return the same by the computational graph, built sample by sample."""
        graph = Graph()
        w0, w1 = graph.variable("w0", float(point[0])), graph.variable("w1", float(point[1]))
        total = graph.constant(0.0)
        x, t = self._batch(rows)
        for one, target in zip(x.tolist(), t.tolist(), strict=True):
            output = graph.apply("add", w0, graph.apply("multiply", w1, graph.constant(one)))
            residual = graph.apply("subtract", output, graph.constant(target))
            total = graph.apply("add", total, graph.apply("power", residual, graph.constant(2.0)))
        found = graph.backward(graph.apply("divide", total, graph.constant(float(len(x)))))
        return [found[w0], found[w1]]

    def values(self, x: Array, y: Array) -> Array:
        """Return the loss of all samples at many points (w_0, w_1)."""
        with np.errstate(all="ignore"):
            total = np.zeros_like(x)
            for one, target in zip(self.inputs.tolist(), self.targets.tolist(), strict=True):
                total += np.square(x + y * one - target)
            return total / len(self.inputs)

    def line(self, point: Array) -> Array:
        """Return the line of a point (w_0, w_1) from the smallest to the largest input, (2, 2) as (x, t)."""
        ends = np.array([self.inputs.min(), self.inputs.max()])
        with np.errstate(all="ignore"):
            return np.column_stack([ends, point[0] + point[1] * ends])

    def best(self) -> tuple[float, float]:
        """Return the least-squares solution (Legendre 1805), the one of smallest norm where many are."""
        design = np.column_stack([np.ones_like(self.inputs), self.inputs])
        w0, w1 = np.linalg.lstsq(design, self.targets, rcond=None)[0].tolist()
        return w0, w1


def drawn_points(count: int, noise: float, seed: int) -> list[tuple[float, float]]:
    """Return points (x, t) around a line, drawn from a seed, with three digits as a table shows them."""
    generator = np.random.default_rng([seed, 0])
    x = generator.uniform(-REACH, REACH, count)
    t = INTERCEPT + SLOPE * x + noise * generator.normal(size=count)
    return [(round(float(a), 3), round(float(b), 3)) for a, b in zip(x, t, strict=True)]


def batches(samples: int, size: int, seed: int) -> Iterator[Rows]:
    """Yield batch after batch of rows without end, the order drawn anew for every pass over the samples.

    Drawn as training does (`core.snapshot`): a permutation a pass, the last batch of a pass may be shorter.
    """
    generator = np.random.default_rng([seed, 1])
    while True:
        order = generator.permutation(np.arange(samples))
        for first in range(0, samples, size):
            yield order[first : first + size]
