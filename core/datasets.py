"""Data sets: the logic gates, and small two-dimensional problems that are generated from a seed.

A row is a sample. Two classes are one column of targets, more are one column each (one-hot). The caller says
which numbers stand for "no" and "yes" (0 and 1, or -1 and 1 for a tanh output). Generated rows take the
classes in turn, so that a short batch in stored order sees all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.network import DataSet, read_only
from core.registry import Label, Parameter, Registry, complete_parameters

Array = NDArray[np.float64]
Classes = NDArray[np.intp]
Numbers = Mapping[str, float]
Build = Callable[[Numbers, np.random.Generator], tuple[Array, Classes]]

MAXIMUM_ROWS = 5000


@dataclass(frozen=True)
class DataSource:
    """One data set by name.

    `build(parameters, generator)` returns the inputs (N, n_in) and each row's class (N,). `order` is the
    stored order of training (empty: row by row); `generated` says whether the rows depend on the seed.
    """

    name: str
    label: Label
    build: Build
    generated: bool
    parameters: tuple[Parameter, ...] = ()
    order: tuple[int, ...] = ()
    inputs: int = 2

    @property
    def outputs(self) -> int:
        """Columns of targets with the default parameters."""
        return self.outputs_for({})

    def outputs_for(self, parameters: Numbers) -> int:
        """Return the columns of targets: one for two classes, else one a class."""
        classes = int(complete_parameters(self.parameters, parameters).get("classes", 2))
        return 1 if classes == 2 else classes

    def make(
        self,
        parameters: Numbers,
        generator: np.random.Generator,
        low: float = 0.0,
        high: float = 1.0,
        pointer: str = "",
    ) -> DataSet:
        """Return the rows, with targets `low` and `high` for no and yes; the arrays are read-only.

        Raises UnknownNameError or InvalidInputError for parameters that are unknown or out of range.
        """
        numbers = complete_parameters(self.parameters, parameters, pointer)
        inputs, classes = self.build(numbers, generator)
        outputs = self.outputs_for(numbers)
        yes = classes[:, None] == (np.arange(outputs) if outputs > 1 else 1)
        return DataSet(
            inputs=read_only(inputs),
            targets=read_only(np.where(yes, high, low)),
            order=self.order,
            name=self.name,
            parameters=numbers,
        )


DATASETS: Registry[DataSource] = Registry("data set")


def _size(default: int = 200) -> Parameter:
    label = Label("number of samples", "샘플 수")
    return Parameter("size", label, "N", default, 4, MAXIMUM_ROWS, integer=True)


def _noise(default: float) -> Parameter:
    label = Label("noise (standard deviation)", "잡음(표준편차)")
    return Parameter("noise", label, "s", default, 0.0, 1.0)


def _gate(name: str, label: Label, truth: tuple[int, int, int, int], order: tuple[int, ...] = ()) -> None:
    rows = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    classes = np.array(truth, dtype=np.intp)
    DATASETS.add(DataSource(name, label, lambda p, generator: (rows, classes), generated=False, order=order))


def _turns(size: float, classes: int) -> tuple[Classes, Array]:
    """Return each row's class, in turn, and how far along its class the row stands, in [0, 1]."""
    rows = np.arange(int(size))
    place = rows // classes
    return rows % classes, place / max(1, int(place[-1]))


def _blur(points: Array, p: Numbers, generator: np.random.Generator) -> Array:
    return points + p["noise"] * generator.standard_normal(points.shape)


def _circles(p: Numbers, generator: np.random.Generator) -> tuple[Array, Classes]:
    classes, _ = _turns(p["size"], 2)
    angle = generator.uniform(0.0, 2.0 * np.pi, len(classes))
    # The inner circle is the class "yes".
    radius = np.where(classes == 1, 0.4, 1.0)
    return _blur(radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), p, generator), classes


def _moons(p: Numbers, generator: np.random.Generator) -> tuple[Array, Classes]:
    classes, place = _turns(p["size"], 2)
    x, y = np.cos(np.pi * place), np.sin(np.pi * place)
    upper, lower = np.column_stack([x - 0.5, y - 0.25]), np.column_stack([0.5 - x, 0.25 - y])
    return _blur(np.where(classes[:, None] == 1, lower, upper), p, generator), classes


def _spirals(p: Numbers, generator: np.random.Generator) -> tuple[Array, Classes]:
    classes, place = _turns(p["size"], 2)
    radius = 0.2 + 1.8 * place
    angle = 2.0 * np.pi * p["turns"] * place + np.pi * classes
    return _blur(radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), p, generator), classes


def _blobs(p: Numbers, generator: np.random.Generator) -> tuple[Array, Classes]:
    count = int(p["classes"])
    classes, _ = _turns(p["size"], count)
    angle = 2.0 * np.pi * np.arange(count) / count + np.pi / 4.0
    centres = np.column_stack([np.cos(angle), np.sin(angle)])
    return _blur(centres[classes], p, generator), classes


def _noisy_xor(p: Numbers, generator: np.random.Generator) -> tuple[Array, Classes]:
    corners, _ = _turns(p["size"], 4)
    x, y = corners // 2, corners % 2
    return _blur(np.column_stack([x, y]).astype(np.float64), p, generator), (x ^ y).astype(np.intp)


# (1, 0) comes first in the stored order of both: the first sample that the course's XOR walk-through trains.
_XOR_ORDER = (2, 1, 3, 0)

_gate("and", Label("AND", "AND"), (0, 0, 0, 1))
_gate("or", Label("OR", "OR"), (0, 1, 1, 1))
_gate("nand", Label("NAND", "NAND"), (1, 1, 1, 0))
_gate("xor", Label("XOR", "XOR"), (0, 1, 1, 0), _XOR_ORDER)
_gate("xnor", Label("XNOR", "XNOR"), (1, 0, 0, 1), _XOR_ORDER)
DATASETS.add(
    DataSource("circles", Label("Two circles", "두 동심원"), _circles, True, (_size(), _noise(0.08)))
)
DATASETS.add(DataSource("moons", Label("Two moons", "두 반달"), _moons, True, (_size(), _noise(0.1))))
DATASETS.add(
    DataSource(
        "spirals",
        Label("Two spirals", "두 나선"),
        _spirals,
        True,
        (_size(), _noise(0.03), Parameter("turns", Label("turns", "회전 수"), "r", 1.0, 0.25, 3.0)),
    )
)
DATASETS.add(
    DataSource(
        "blobs",
        Label("Clusters", "군집"),
        _blobs,
        True,
        (
            _size(),
            _noise(0.25),
            Parameter("classes", Label("number of classes", "클래스 수"), "C", 3, 2, 4, integer=True),
        ),
    )
)
DATASETS.add(
    DataSource(
        "noisy_xor", Label("XOR with noise", "잡음이 있는 XOR"), _noisy_xor, True, (_size(), _noise(0.15))
    )
)
