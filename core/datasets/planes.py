"""Data sets of classes: the logic gates, and small two-dimensional problems that are generated from a seed.

A row is a sample. Two classes are one column of targets, more are one column each (one-hot). The caller says
which numbers stand for "no" and "yes" (0 and 1, or -1 and 1 for a tanh output). Generated rows take the
classes in turn, so that a short batch in stored order sees all of them.
"""

from __future__ import annotations

import numpy as np

from core.datasets.entry import (
    DATASETS,
    Array,
    Classes,
    DataSource,
    Numbers,
    blurred,
    noise,
    number_of_classes,
    size,
    turns,
)
from core.registry import Label, Parameter


def _gate(name: str, label: Label, truth: tuple[int, int, int, int], order: tuple[int, ...] = ()) -> None:
    rows = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    classes = np.array(truth, dtype=np.intp)
    DATASETS.add(DataSource(name, label, lambda p, generator: (rows, classes), generated=False, order=order))


def _circles(p: Numbers, generator: np.random.Generator) -> tuple[Array, Classes]:
    classes, _ = turns(p["size"], 2)
    angle = generator.uniform(0.0, 2.0 * np.pi, len(classes))
    # The inner circle is the class "yes".
    radius = np.where(classes == 1, 0.4, 1.0)
    return blurred(radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), p, generator), classes


def _moons(p: Numbers, generator: np.random.Generator) -> tuple[Array, Classes]:
    classes, place = turns(p["size"], 2)
    x, y = np.cos(np.pi * place), np.sin(np.pi * place)
    upper, lower = np.column_stack([x - 0.5, y - 0.25]), np.column_stack([0.5 - x, 0.25 - y])
    return blurred(np.where(classes[:, None] == 1, lower, upper), p, generator), classes


def _spirals(p: Numbers, generator: np.random.Generator) -> tuple[Array, Classes]:
    arms = int(p["classes"])
    classes, place = turns(p["size"], arms)
    radius = 0.2 + 1.8 * place
    angle = 2.0 * np.pi * p["turns"] * place + 2.0 * np.pi * classes / arms
    return blurred(radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), p, generator), classes


def _blobs(p: Numbers, generator: np.random.Generator) -> tuple[Array, Classes]:
    count = int(p["classes"])
    classes, _ = turns(p["size"], count)
    angle = 2.0 * np.pi * np.arange(count) / count + np.pi / 4.0
    centres = np.column_stack([np.cos(angle), np.sin(angle)])
    return blurred(centres[classes], p, generator), classes


def _rings(p: Numbers, generator: np.random.Generator) -> tuple[Array, Classes]:
    count = int(p["classes"])
    classes, _ = turns(p["size"], count)
    angle = generator.uniform(0.0, 2.0 * np.pi, len(classes))
    radius = (classes + 1.0) / count
    return blurred(radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]), p, generator), classes


def _noisy_xor(p: Numbers, generator: np.random.Generator) -> tuple[Array, Classes]:
    corners, _ = turns(p["size"], 4)
    x, y = corners // 2, corners % 2
    return blurred(np.column_stack([x, y]).astype(np.float64), p, generator), (x ^ y).astype(np.intp)


# (1, 0) comes first in the stored order of both: the first sample that the course's XOR walk-through trains.
_XOR_ORDER = (2, 1, 3, 0)

_gate("and", Label("AND", "AND"), (0, 0, 0, 1))
_gate("or", Label("OR", "OR"), (0, 1, 1, 1))
_gate("nand", Label("NAND", "NAND"), (1, 1, 1, 0))
_gate("xor", Label("XOR", "XOR"), (0, 1, 1, 0), _XOR_ORDER)
_gate("xnor", Label("XNOR", "XNOR"), (1, 0, 0, 1), _XOR_ORDER)
DATASETS.add(DataSource("circles", Label("Two circles", "두 동심원"), _circles, True, (size(), noise(0.08))))
DATASETS.add(DataSource("moons", Label("Two moons", "두 반달"), _moons, True, (size(), noise(0.1))))
DATASETS.add(
    DataSource(
        "spirals",
        Label("Spirals", "나선"),
        _spirals,
        True,
        (
            size(),
            noise(0.03),
            Parameter("turns", Label("turns", "회전 수"), "r", 1.0, 0.25, 3.0),
            number_of_classes(2),
        ),
    )
)
DATASETS.add(
    DataSource(
        "blobs",
        Label("Clusters", "군집"),
        _blobs,
        True,
        (
            size(),
            noise(0.25),
            number_of_classes(3),
        ),
    )
)
DATASETS.add(
    DataSource(
        "noisy_xor", Label("XOR with noise", "잡음이 있는 XOR"), _noisy_xor, True, (size(), noise(0.15))
    )
)
DATASETS.add(
    DataSource("rings", Label("Rings", "고리"), _rings, True, (size(), noise(0.05), number_of_classes(3)))
)
