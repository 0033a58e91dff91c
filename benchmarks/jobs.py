"""The training jobs J1 to J4: networks, data and starts that every contender gets alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.network import (
    Array,
    BatchSpec,
    DataSet,
    LayerSpec,
    LossSpec,
    NetworkSpec,
    OptimizerSpec,
    Parameters,
    TrainingSpec,
)
from core.training import Problem, Trainer, start

HALF_SUM = LossSpec("squared_error", 0.5, "sum", "sum")
HALF_MEAN = LossSpec("squared_error", 0.5, "sum", "mean")
MEAN_SQUARED = LossSpec("squared_error", 1.0, "mean", "mean")
CROSS_ENTROPY = LossSpec("categorical_cross_entropy", 1.0, "sum", "mean")


@dataclass(frozen=True)
class Job:
    """One job: a problem and a start. `batch` samples make a step; `most` steps make a turn at most."""

    name: str
    problem: Problem
    vector: Array
    most: int = 1_000_000

    @property
    def sizes(self) -> tuple[int, ...]:
        """Neurons of each layer, inputs first."""
        return self.problem.network.sizes

    @property
    def batch(self) -> int:
        """Samples of a step."""
        return self.problem.batch_length

    @property
    def dtype(self) -> type[np.float32] | type[np.float64]:
        """The precision of the training."""
        return np.float32 if self.problem.training.precision == "float32" else np.float64

    @property
    def start(self) -> list[tuple[Array, Array]]:
        """Each layer's weights (n_in, n_out) and biases (n_out,) before the first step, copies."""
        parameters = Parameters(self.problem.network, self.vector)
        found = []
        for layer in range(1, len(self.sizes)):
            bias = parameters.bias(layer)
            assert bias is not None
            found.append((parameters.weights(layer).astype(self.dtype), bias.astype(self.dtype)))
        return found

    def trainer(self) -> tuple[Trainer, Callable[[], None]]:
        """Return our trainer, and what takes it back to the start."""
        trainer = Trainer(self.problem)
        beginning = start(self.problem, self.vector, np.random.default_rng(0))
        trainer.load(beginning)
        return trainer, lambda: trainer.load(beginning)


def _job(
    name: str,
    sizes: tuple[int, ...],
    activations: tuple[str, ...],
    data: DataSet,
    training: TrainingSpec,
    spread: float,
    most: int = 1_000_000,
) -> Job:
    layers = tuple(LayerSpec(units, kind) for units, kind in zip(sizes[1:], activations, strict=True))
    network = NetworkSpec(sizes[0], layers)
    vector = np.random.default_rng(1).normal(0.0, spread, network.parameter_count)
    if training.precision == "float32":
        vector = vector.astype(np.float32).astype(np.float64)
    frozen = np.zeros(network.parameter_count, dtype=np.bool_)
    return Job(name, Problem(network, training, data, frozen), vector, most)


def xor(hidden: int) -> Job:
    """J1: XOR in one batch, sigmoid, half squared error, SGD."""
    data = DataSet(np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([[0], [1], [1], [0.0]]))
    training = TrainingSpec(HALF_SUM, OptimizerSpec("sgd", {"learning_rate": 0.2}))
    sizes = (2, hidden, 1)
    return _job(f"J1 {'-'.join(map(str, sizes))}", sizes, ("sigmoid", "sigmoid"), data, training, 1.0)


def plane(optimizer: str) -> Job:
    """J2: 300 points of two rings, 2-8-8-1 tanh, batches of 10."""
    random = np.random.default_rng(2)
    angle, ring = random.uniform(0.0, 2.0 * np.pi, 300), np.arange(300) % 2
    radius = 0.4 + 0.5 * ring + random.normal(0.0, 0.05, 300)
    inputs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    rate = {"sgd": 0.03, "adam": 0.003}[optimizer]
    training = TrainingSpec(
        HALF_MEAN, OptimizerSpec(optimizer, {"learning_rate": rate}), BatchSpec("mini", 10)
    )
    data = DataSet(inputs, (2.0 * ring - 1.0)[:, None])
    return _job(f"J2 {optimizer}", (2, 8, 8, 1), ("tanh", "tanh", "tanh"), data, training, 0.5)


def _pictures(count: int) -> DataSet:
    """Return random pictures of 784 points, and ten classes at random: what they show costs no time."""
    random = np.random.default_rng(3)
    inputs = random.uniform(0.0, 1.0, (count, 784)).astype(np.float32).astype(np.float64)
    return DataSet(inputs, np.eye(10)[random.integers(0, 10, count)])


def wide(batches: int = 16) -> Job:
    """J3: 784-512-10 sigmoid, mean squared error, SGD, batches of 128, float32."""
    training = TrainingSpec(
        MEAN_SQUARED,
        OptimizerSpec("sgd", {"learning_rate": 0.5}),
        BatchSpec("mini", 128),
        precision="float32",
    )
    data = _pictures(128 * batches)
    return _job("J3", (784, 512, 10), ("sigmoid", "sigmoid"), data, training, 0.05, 64)


def deep(batches: int = 32) -> Job:
    """J4: 784-256-128-10 ReLU, softmax and cross-entropy, Adam, batches of 64, float32."""
    training = TrainingSpec(
        CROSS_ENTROPY,
        OptimizerSpec("adam", {"learning_rate": 0.001}),
        BatchSpec("mini", 64),
        precision="float32",
    )
    data = _pictures(64 * batches)
    return _job("J4", (784, 256, 128, 10), ("relu", "relu", "softmax"), data, training, 0.05, 64)
