"""Input features: what a network may be given instead of, or beside, the columns of its data.

A feature is named by its formula over the columns x1, x2 and so on: `x1`, `x1^2`, `x1*x2`, `sin(x1)`. The
choice is that of the TensorFlow Playground (Smilkov & Carter 2016).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from core.errors import InvalidInputError, UnknownNameError
from core.registry import Label, Registry

Array = NDArray[np.float64]

# Of the first columns only: the choice stays one that a reader can look over.
MAXIMUM_DERIVED_COLUMNS = 4


@dataclass(frozen=True)
class FeatureKind:
    """One formula: `pattern` holds its columns' places, `value` takes as many arrays (K,) and returns one.

    `form` writes its name and `tex` its TeX, with {0} and {1} for the places of the columns, from 1.
    """

    name: str
    label: Label
    pattern: re.Pattern[str]
    form: str
    tex: str
    value: Callable[..., Array]
    columns: int = 1


FEATURES: Registry[FeatureKind] = Registry("feature")


def _kind(
    name: str, label: Label, pattern: str, form: str, tex: str, value: Callable[..., Array], columns: int = 1
) -> None:
    FEATURES.add(FeatureKind(name, label, re.compile(pattern, re.ASCII), form, tex, value, columns))


_kind("column", Label("the column itself", "열 그대로"), r"x([1-9]\d?)", "x{0}", "x_{{{0}}}", lambda x: x)
_kind(
    "square",
    Label("its square", "제곱"),
    r"x([1-9]\d?)\^2",
    "x{0}^2",
    "x_{{{0}}}^{{2}}",
    lambda x: x * x,
)
_kind(
    "product",
    Label("product of two columns", "두 열의 곱"),
    r"x([1-9]\d?)\*x([1-9]\d?)",
    "x{0}*x{1}",
    "x_{{{0}}}x_{{{1}}}",
    lambda x, y: x * y,
    2,
)
_kind(
    "sine",
    Label("its sine", "사인"),
    r"sin\(x([1-9]\d?)\)",
    "sin(x{0})",
    "\\sin x_{{{0}}}",
    np.sin,
)


@dataclass(frozen=True)
class Feature:
    """A formula over certain columns, which count from 0."""

    kind: FeatureKind
    columns: tuple[int, ...]

    @property
    def name(self) -> str:
        """The formula with the columns counted from 1, such as `x1*x2`."""
        return self.kind.form.format(*(column + 1 for column in self.columns))

    def tex(self, base: int = 1) -> str:
        """Return the formula in TeX, its columns counted from `base`."""
        return self.kind.tex.format(*(column + base for column in self.columns))

    def values(self, columns: Array) -> Array:
        """Return the feature (K,) of every row of `columns` (K, c)."""
        return self.kind.value(*(columns[:, column] for column in self.columns))


def feature(name: str, columns: int, pointer: str = "") -> Feature:
    """Return the feature of that name over `columns` columns, UnknownNameError if there is none."""
    for kind in FEATURES:
        match = kind.pattern.fullmatch(name)
        if match:
            places = tuple(int(place) - 1 for place in match.groups())
            if all(place < columns for place in places):
                return Feature(kind, places)
    choices = [each.name for each in available(columns)]
    raise UnknownNameError(pointer=pointer, kind="feature", choices=choices)


def features(names: tuple[str, ...], columns: int, pointer: str = "") -> tuple[Feature, ...]:
    """Return the features of those names; none twice (InvalidInputError `feature-twice`)."""
    found = tuple(feature(name, columns, f"{pointer}/{place}") for place, name in enumerate(names))
    for place, each in enumerate(found):
        if each in found[:place]:
            raise InvalidInputError(code="feature-twice", pointer=f"{pointer}/{place}")
    return found


def available(columns: int) -> tuple[Feature, ...]:
    """Return what is on offer for that many columns: each column, then squares, products and sines."""
    several = range(min(columns, MAXIMUM_DERIVED_COLUMNS))
    return (
        *(Feature(FEATURES.get("column"), (column,)) for column in range(columns)),
        *(Feature(FEATURES.get("square"), (column,)) for column in several),
        *(Feature(FEATURES.get("product"), pair) for pair in combinations(several, 2)),
        *(Feature(FEATURES.get("sine"), (column,)) for column in several),
    )
