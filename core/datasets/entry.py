"""What a named data set is, the table of them, and the parameters that several have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.network import DataSet, read_only
from core.registry import Label, Parameter, Registry, complete_parameters

Array = NDArray[np.float64]
Classes = NDArray[np.intp]
Numbers = Mapping[str, float]
Build = Callable[[Numbers, np.random.Generator], tuple[Array, Classes]]
BuildValues = Callable[[Numbers, np.random.Generator], tuple[Array, Array]]
BuildExpression = Callable[[Numbers, np.random.Generator, str], tuple[Array, Classes]]
Kind = Literal["classes", "regression"]

MAXIMUM_ROWS = 5000
MAXIMUM_CLASSES = 8


@dataclass(frozen=True)
class DataSource:
    """One data set by name.

    One of three ways to make it: `build(parameters, generator)` returns the inputs (N, n_in) and each row's
    class (N,); `build_values` the inputs and real-valued targets (N, n_out), a regression; `build_expression`
    takes the text of a formula too, whose default is `expression`. `order` is the stored order of training
    (empty: row by row); `generated` says whether the rows depend on the seed.
    """

    name: str
    label: Label
    build: Build | None = None
    generated: bool = True
    parameters: tuple[Parameter, ...] = ()
    order: tuple[int, ...] = ()
    inputs: int = 2
    build_values: BuildValues | None = None
    build_expression: BuildExpression | None = None
    expression: str = ""

    @property
    def kind(self) -> Kind:
        """Whether the targets are classes or real numbers."""
        return "regression" if self.build_values else "classes"

    @property
    def outputs(self) -> int:
        """Columns of targets with the default parameters."""
        return self.outputs_for({})

    def outputs_for(self, parameters: Numbers) -> int:
        """Return the columns of targets: one for two classes or real numbers, else one a class."""
        classes = int(complete_parameters(self.parameters, parameters).get("classes", 2))
        return 1 if classes == 2 else classes

    def make(
        self,
        parameters: Numbers,
        generator: np.random.Generator,
        low: float = 0.0,
        high: float = 1.0,
        pointer: str = "",
        expression: str = "",
    ) -> DataSet:
        """Return the rows, with targets `low` and `high` for no and yes; the arrays are read-only.

        Raises UnknownNameError or InvalidInputError for parameters that are unknown or out of range,
        ExpressionError for a formula that cannot be read.
        """
        numbers = complete_parameters(self.parameters, parameters, pointer)
        inputs, targets, formula = self._rows(numbers, generator, low, high, expression)
        return DataSet(
            inputs=read_only(inputs),
            targets=read_only(targets),
            order=self.order,
            name=self.name,
            parameters=numbers,
            expression=formula,
        )

    def _rows(
        self, numbers: Numbers, generator: np.random.Generator, low: float, high: float, expression: str
    ) -> tuple[Array, Array, str]:
        if self.build_values is not None:
            return (*self.build_values(numbers, generator), "")
        formula = ""
        if self.build_expression is not None:
            formula = expression or self.expression
            inputs, classes = self.build_expression(numbers, generator, formula)
        else:
            assert self.build is not None
            inputs, classes = self.build(numbers, generator)
        outputs = self.outputs_for(numbers)
        yes = classes[:, None] == (np.arange(outputs) if outputs > 1 else 1)
        return inputs, np.where(yes, high, low), formula


DATASETS: Registry[DataSource] = Registry("data set")


def size(default: int = 200) -> Parameter:
    """Return the number of samples as a parameter."""
    label = Label("number of samples", "샘플 수")
    return Parameter("size", label, "N", default, 4, MAXIMUM_ROWS, integer=True)


def noise(default: float) -> Parameter:
    """Return the noise as a parameter."""
    label = Label("noise (standard deviation)", "잡음(표준편차)")
    return Parameter("noise", label, "s", default, 0.0, 1.0)


def number_of_classes(default: int) -> Parameter:
    """Return the number of classes as a parameter."""
    label = Label("number of classes", "클래스 수")
    return Parameter("classes", label, "C", default, 2, MAXIMUM_CLASSES, integer=True)


def turns(rows: float, classes: int) -> tuple[Classes, Array]:
    """Return each row's class, in turn, and how far along its class the row stands, in [0, 1]."""
    places = np.arange(int(rows))
    place = places // classes
    return places % classes, place / max(1, int(place[-1]))


def blurred(points: Array, p: Numbers, generator: np.random.Generator) -> Array:
    """Return points (N, c), or values, with noise of the parameter's standard deviation."""
    return points + p["noise"] * generator.standard_normal(points.shape)
