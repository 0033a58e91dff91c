"""Initializers: how the weights and biases are drawn before the first step, one table entry each.

Each layer is drawn in turn, its weights (n_in, n_out) first. Biases start at zero, as in Keras, except for
`uniform`, which draws them from the same interval as the weights. Fixed biases always get their own value.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import InvalidInputError
from core.registry import Label, Parameter, Registry, complete_parameters

if TYPE_CHECKING:
    from core.network import NetworkSpec

Array = NDArray[np.float64]
Numbers = Mapping[str, float]
Fill = Callable[[np.random.Generator, tuple[int, int], Numbers], Array]


@dataclass(frozen=True)
class Initializer:
    """One way of drawing initial values.

    `weights(generator, (n_in, n_out), parameters)` returns a layer's weights; `biases`, if there is one,
    is called with shape (n_out, 1) after it. `source` is where the formula comes from.
    """

    name: str
    label: Label
    tex: str
    source: str
    weights: Fill
    biases: Fill | None = None
    parameters: tuple[Parameter, ...] = ()

    def draw(
        self,
        network: NetworkSpec,
        generator: np.random.Generator,
        parameters: Numbers | None = None,
        pointer: str = "",
    ) -> Array:
        """Return a flat vector (P,) of initial values.

        Raises UnknownNameError or InvalidInputError for `parameters` that are unknown or out of range, and
        InvalidInputError `initial-values-missing` for `given`, whose values are handed in, not drawn.
        """
        numbers = complete_parameters(self.parameters, parameters or {}, pointer)
        if numbers.get("low", 0.0) > numbers.get("high", 0.0):
            raise InvalidInputError(code="interval-reversed", pointer=f"{pointer}/low")
        vector = np.zeros(network.parameter_count)
        for n_in, layer, (offset, rows, columns) in zip(
            network.sizes[:-1], network.layers, network.blocks, strict=True
        ):
            block = vector[offset : offset + rows * columns].reshape(rows, columns)
            block[:, :n_in] = self.weights(generator, (n_in, rows), numbers).T
            if layer.bias.mode == "fixed":
                block[:, n_in] = layer.bias.value
            elif layer.bias.mode == "trained" and self.biases is not None:
                block[:, n_in] = self.biases(generator, (rows, 1), numbers)[:, 0]
        return vector


INITIALIZERS: Registry[Initializer] = Registry("initializer")


def _uniform(generator: np.random.Generator, shape: tuple[int, int], p: Numbers) -> Array:
    return generator.uniform(p["low"], p["high"], shape)


def _normal(generator: np.random.Generator, shape: tuple[int, int], p: Numbers) -> Array:
    return generator.normal(p["mean"], p["standard_deviation"], shape)


def _scaled_uniform(variance: Callable[[int, int], float]) -> Fill:
    # A uniform distribution on [-r, r] has the variance r²/3.
    def fill(generator: np.random.Generator, shape: tuple[int, int], p: Numbers) -> Array:
        limit = math.sqrt(3.0 * variance(*shape))
        return generator.uniform(-limit, limit, shape)

    return fill


def _scaled_normal(variance: Callable[[int, int], float]) -> Fill:
    def fill(generator: np.random.Generator, shape: tuple[int, int], p: Numbers) -> Array:
        return generator.normal(0.0, math.sqrt(variance(*shape)), shape)

    return fill


def _given(generator: np.random.Generator, shape: tuple[int, int], p: Numbers) -> Array:
    raise InvalidInputError(code="initial-values-missing", pointer="/network/parameters")


def _glorot(n_in: int, n_out: int) -> float:
    return 2.0 / (n_in + n_out)


def _he(n_in: int, n_out: int) -> float:
    return 2.0 / n_in


def _lecun(n_in: int, n_out: int) -> float:
    return 1.0 / n_in


_GLOROT = "Glorot and Bengio 2010, Understanding the difficulty of training deep feedforward neural networks"
_HE = "He, Zhang, Ren and Sun 2015, Delving deep into rectifiers"

INITIALIZERS.add(
    Initializer(
        name="uniform",
        label=Label("Uniform", "균등 분포"),
        tex="w, b \\sim U(r_{\\min},\\, r_{\\max})",
        source="Common practice; biases are drawn too.",
        weights=_uniform,
        biases=_uniform,
        parameters=(
            Parameter("low", Label("lowest value", "최솟값"), "r_{\\min}", -1.0, -1e3, 1e3),
            Parameter("high", Label("highest value", "최댓값"), "r_{\\max}", 1.0, -1e3, 1e3),
        ),
    )
)
INITIALIZERS.add(
    Initializer(
        name="normal",
        label=Label("Normal", "정규 분포"),
        tex="w \\sim \\mathcal{N}(m,\\, s^2),\\quad b = 0",
        source="Common practice.",
        weights=_normal,
        parameters=(
            Parameter("mean", Label("mean", "평균"), "m", 0.0, -1e3, 1e3),
            Parameter("standard_deviation", Label("standard deviation", "표준편차"), "s", 0.5, 0.0, 1e3),
        ),
    )
)
INITIALIZERS.add(
    Initializer(
        name="glorot_uniform",
        label=Label("Glorot (Xavier), uniform", "Glorot(Xavier) 균등 분포"),
        tex="w \\sim U\\left(-\\sqrt{\\tfrac{6}{n_{\\text{in}}+n_{\\text{out}}}},\\,"
        " \\sqrt{\\tfrac{6}{n_{\\text{in}}+n_{\\text{out}}}}\\right),\\quad b = 0",
        source=f"{_GLOROT}, equation 16.",
        weights=_scaled_uniform(_glorot),
    )
)
INITIALIZERS.add(
    Initializer(
        name="glorot_normal",
        label=Label("Glorot (Xavier), normal", "Glorot(Xavier) 정규 분포"),
        tex="w \\sim \\mathcal{N}\\left(0,\\, \\tfrac{2}{n_{\\text{in}}+n_{\\text{out}}}\\right),"
        "\\quad b = 0",
        source=f"{_GLOROT}, equation 12, not truncated.",
        weights=_scaled_normal(_glorot),
    )
)
INITIALIZERS.add(
    Initializer(
        name="he_normal",
        label=Label("He, normal", "He 정규 분포"),
        tex="w \\sim \\mathcal{N}\\left(0,\\, \\tfrac{2}{n_{\\text{in}}}\\right),\\quad b = 0",
        source=f"{_HE}, equation 10, not truncated.",
        weights=_scaled_normal(_he),
    )
)
INITIALIZERS.add(
    Initializer(
        name="he_uniform",
        label=Label("He, uniform", "He 균등 분포"),
        tex="w \\sim U\\left(-\\sqrt{\\tfrac{6}{n_{\\text{in}}}},\\,"
        " \\sqrt{\\tfrac{6}{n_{\\text{in}}}}\\right),\\quad b = 0",
        source=f"{_HE}, equation 10, as a uniform distribution of the same variance.",
        weights=_scaled_uniform(_he),
    )
)
INITIALIZERS.add(
    Initializer(
        name="lecun_normal",
        label=Label("LeCun, normal", "LeCun 정규 분포"),
        tex="w \\sim \\mathcal{N}\\left(0,\\, \\tfrac{1}{n_{\\text{in}}}\\right),\\quad b = 0",
        source="LeCun, Bottou, Orr and Müller 1998, Efficient BackProp, equation 16, not truncated.",
        weights=_scaled_normal(_lecun),
    )
)
INITIALIZERS.add(
    Initializer(
        name="zeros",
        label=Label("All zero", "모두 0"),
        tex="w = b = 0",
        source="A warning rather than advice: neurons of a layer that start equal stay equal.",
        weights=lambda generator, shape, p: np.zeros(shape),
    )
)
INITIALIZERS.add(
    Initializer(
        name="given",
        label=Label("Given values", "직접 입력한 값"),
        tex="w, b \\text{: given}",
        source="The values are handed in with the network.",
        weights=_given,
    )
)
