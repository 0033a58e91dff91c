"""Problems for the tests of the engine: every combination of registry entries, on small seeded networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from core.activations import ACTIVATIONS
from core.losses import LOSSES
from core.network import (
    Array,
    BatchSpec,
    BiasMode,
    BiasSpec,
    DataSet,
    LayerSpec,
    LossSpec,
    NetworkSpec,
    OptimizerSpec,
    TrainingSpec,
)
from core.training import Problem, Snapshot, start

BIAS_MODES: tuple[BiasMode, ...] = ("trained", "fixed", "absent")
HIDDEN = [entry.name for entry in ACTIVATIONS if not entry.output_only]
OUTPUTS_WITH_LOSS = [
    (output, loss.name)
    for loss in LOSSES
    for output in ACTIVATIONS.names()
    if loss.accepts is None or output in loss.accepts
]
FULL = [
    (hidden, output, loss, bias)
    for hidden in HIDDEN
    for output, loss in OUTPUTS_WITH_LOSS
    for bias in BIAS_MODES
]


def loss_spec(
    name: str, outputs: str = "sum", batch: str = "sum", coefficient: float | None = None
) -> LossSpec:
    """Return conventions that the loss allows: the first coefficient, and a sum where it knows no mean."""
    loss = LOSSES.get(name)
    return LossSpec(
        name,
        coefficient or loss.coefficients[0],
        outputs if outputs in loss.reductions else "sum",  # type: ignore[arg-type]
        batch,  # type: ignore[arg-type]
    )


def network(
    hidden: str, output: str, bias: BiasMode = "trained", sizes: tuple[int, ...] = (2, 3, 3, 2)
) -> NetworkSpec:
    """Return a network whose hidden layers share one activation function."""
    last = len(sizes) - 2
    return NetworkSpec(
        sizes[0],
        tuple(
            LayerSpec(units, output if index == last else hidden, bias=BiasSpec(bias))
            for index, units in enumerate(sizes[1:])
        ),
    )


def problem_of(
    spec: NetworkSpec,
    loss: LossSpec,
    optimizer: str = "sgd",
    parameters: Mapping[str, float] | None = None,
    batch: BatchSpec | None = None,
    samples: int = 4,
    frozen: tuple[str, ...] = (),
    seed: int = 0,
) -> tuple[Problem, Array]:
    """Return a problem on random data and a random parameter vector for it."""
    random = np.random.default_rng(seed)
    targets = random.uniform(0.0, 1.0, (samples, spec.outputs))
    if spec.layers[-1].activation == "softmax":
        targets = np.eye(spec.outputs)[random.integers(0, spec.outputs, samples)]
    mask = spec.trainable_mask() == 0.0
    for element in frozen:
        mask[spec.position(element)] = True
    training = TrainingSpec(loss, OptimizerSpec(optimizer, parameters or {}), batch or BatchSpec())
    data = DataSet(random.normal(0.0, 1.0, (samples, spec.inputs)), targets)
    vector = random.normal(0.0, 0.8, spec.parameter_count)
    return Problem(spec, training, data, mask), vector


def begin(problem: Problem, vector: Array, seed: int = 0) -> Snapshot:
    """Return the first snapshot, with a generator of its own."""
    return start(problem, vector, np.random.default_rng(seed))


def pairwise(**choices: Sequence[object]) -> list[dict[str, object]]:
    """Return few combinations in which every two values of different names meet at least once."""
    names = list(choices)
    open_pairs = {
        (one, first, other, second)
        for place, one in enumerate(names)
        for other in names[place + 1 :]
        for first in choices[one]
        for second in choices[other]
    }
    rows = []
    while open_pairs:
        # Begin with a pair that has not met, then let every other name take what meets most new ones.
        one, first, other, second = min(open_pairs, key=repr)
        row = {one: first, other: second}
        for name in names:
            if name not in row:
                row[name] = max(
                    choices[name], key=lambda value: _new(open_pairs, names, {**row, name: value})
                )
        rows.append(row)
        open_pairs -= _pairs(names, row)
    return rows


def _pairs(names: list[str], row: dict[str, object]) -> set[tuple[str, object, str, object]]:
    known = [name for name in names if name in row]
    return {
        (one, row[one], other, row[other]) for place, one in enumerate(known) for other in known[place + 1 :]
    }


def _new(open_pairs: set[tuple[str, object, str, object]], names: list[str], row: dict[str, object]) -> int:
    return len(open_pairs & _pairs(names, row))
