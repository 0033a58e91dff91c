"""What an activation function is: the record that the table of core.activations.table holds.

Everywhere below `z` is the net input and `a` the activation, both of shape (B, n): a row a sample. Values are
safe under saturation: no intermediate quantity overflows into a wrong result. At a kink the derivative is the
one-sided value that the course material uses: ReLU'(0) = 0, step(0) = 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.registry import Label, Parameter

Array = NDArray[np.float64]
Numbers = Mapping[str, float]
Call = Callable[[], object]

# Numbers in a buffer up to which a call's dispatch costs more than its arithmetic.
SMALL = 4096


def constant(value: float, like: NDArray[Any]) -> NDArray[Any]:
    """Return a constant for elementwise calls on a buffer like this one: of its shape, or a single number.

    numpy's calls on equal shapes are dispatched fastest; a large buffer had better not read a second one.
    """
    return np.full_like(like, value) if like.size <= SMALL else np.array(value, like.dtype)


@dataclass(frozen=True)
class InPlace:
    """The same function as bound calls on preallocated buffers of equal shape (n, B), in the plan's signs.

    The plan keeps -z and -a (core.plan.compiled says why). `forward(z, a, parameters)` fills `a` with -f from
    the `z` that holds the negated net inputs, and may use `z` as working space; `derivative(z, a, d,
    parameters)` fills `d` with +f' from what the forward calls left. Both are elementwise, and then they may
    run on several layers at once; a function that is not has no derivative here.
    """

    forward: Callable[[Array, Array, Numbers], list[Call]]
    derivative: Callable[[Array, Array, Array, Numbers], list[Call]] | None = None


@dataclass(frozen=True)
class Activation:
    """One activation function.

    `value(z, parameters)` returns a; `derivative(z, a, parameters)` returns da/dz, (B, n), or (B, n, n) with
    [s, i, j] = da_i/dz_j where a neuron's activation depends on the whole layer (softmax). Templates are TeX
    with the placeholders <z>, <a> and <parameter>. `expression` is the same function for core.graph ("" for
    softmax). `kinks` are the net inputs where it or its first or second derivative jumps; `range` the bounds
    of a (None: unbounded), `target_range` what a target is naturally drawn from. `in_place` is the plan's
    form; None: the plan calls `value`. `idle` says how a neuron stops learning: "dead" where it is never
    active (net input above 0), "saturated" where its slope, which follows from `a` alone, is near 0.
    """

    name: str
    label: Label
    tex_function: str
    tex: str
    value_template: str
    derivative_template: str
    value: Callable[[Array, Numbers], Array]
    derivative: Callable[[Array, Array, Numbers], Array]
    expression: str
    range: tuple[float | None, float | None]
    parameters: tuple[Parameter, ...] = ()
    kinks: tuple[float, ...] = ()
    output_only: bool = False
    target_range: tuple[float, float] | None = None
    in_place: InPlace | None = None
    idle: Literal["dead", "saturated"] | None = None
