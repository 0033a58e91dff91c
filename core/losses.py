"""Loss functions: value, gradient, TeX and expression of each, and the pairs that train in a fused form.

Arrays are (B, n): a row a sample, a column an output; `a` the output activations, `t` the targets, `z` the
net inputs of the output layer. `value` and `gradient` of an entry carry neither coefficient nor mean: the
sample's loss is factor · Σ_k value_k with `factor` = coefficient, divided by n where the outputs are
averaged.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.errors import InvalidInputError
from core.registry import Label, Registry

if TYPE_CHECKING:
    from core.network import LossSpec, NetworkSpec

Array = NDArray[np.float64]

# The smallest divisor: a probability of 0 would make a displayed factor infinite.
_TINY = float(np.finfo(np.float64).tiny)


@dataclass(frozen=True)
class LossForm:
    """A loss with its conventions, under the name that people use for the combination."""

    name: str
    label: Label
    tex: str
    coefficient: float
    outputs: str  # "sum" or "mean"
    batch: str  # "sum" or "mean"


@dataclass(frozen=True)
class Loss:
    """One loss function.

    `value(a, t, z)` returns each output's part, `gradient(a, t)` its derivative with respect to a, both (B,
    n) and unscaled. `accepts` names the output activations it can follow (None: any); `coefficients` and
    `reductions` what LossSpec's `coefficient` and `outputs` may be. Templates are TeX with the placeholders
    <a>, <t> and <c> (the factor); `gradient_template_half` is for a factor of ½, which cancels the 2 of the
    square. `expression` is one output's unscaled part for core.graph in a and t; `net_expression` the same in
    z and t for the activation it accepts, or "" where there is none.
    """

    name: str
    label: Label
    tex: str
    value: Callable[[Array, Array, Array], Array]
    gradient: Callable[[Array, Array], Array]
    value_template: str
    gradient_template: str
    expression: str
    forms: tuple[LossForm, ...]
    accepts: frozenset[str] | None = None
    coefficients: tuple[float, ...] = (1.0,)
    reductions: tuple[str, ...] = ("sum", "mean")
    gradient_template_half: str = ""
    net_expression: str = ""


@dataclass(frozen=True)
class Fused:
    """Loss and output activation differentiated together: `delta(a, t)` = ∂(Σ value)/∂z, unscaled, (B, n)."""

    loss: str
    activation: str
    delta: Callable[[Array, Array], Array]
    tex: str
    delta_template: str


LOSSES: Registry[Loss] = Registry("loss")


def factor(spec: LossSpec, outputs: int) -> float:
    """Return what multiplies the sum over a sample's output parts: the coefficient, over n for a mean."""
    return spec.coefficient / (outputs if spec.outputs == "mean" else 1)


def loss_parts(spec: LossSpec, a: Array, t: Array, z: Array) -> Array:
    """Return each output's part of its sample's loss, (B, n), coefficient and mean over outputs included."""
    return factor(spec, a.shape[-1]) * LOSSES.get(spec.name).value(a, t, z)


def loss_gradient(spec: LossSpec, a: Array, t: Array) -> Array:
    """Return the derivative of each sample's loss with respect to its output activations, (B, n)."""
    return factor(spec, a.shape[-1]) * LOSSES.get(spec.name).gradient(a, t)


def batch_factor(spec: LossSpec, length: int) -> float:
    """Return what multiplies the sum over the batch's samples: 1, or 1/length for a mean."""
    return 1.0 / length if spec.batch == "mean" else 1.0


def batch_loss(spec: LossSpec, sample_losses: Array) -> float:
    """Return the loss of a batch (or of the whole set) from its samples' losses, (B,)."""
    return float(batch_factor(spec, len(sample_losses)) * sample_losses.sum())


def check_loss(spec: LossSpec, network: NetworkSpec, pointer: str = "") -> None:
    """Raise InvalidInputError unless the loss suits the output activation and has conventions that it knows.

    Codes: "loss-needs-output" (`choices`: output activations), "loss-coefficient" and "loss-outputs"
    (`choices`: allowed values); UnknownNameError for a loss that does not exist.
    """
    loss = LOSSES.get(spec.name, f"{pointer}/name")
    if loss.accepts is not None and network.layers[-1].activation not in loss.accepts:
        choices = sorted(loss.accepts)
        raise InvalidInputError(
            code="loss-needs-output", pointer=f"{pointer}/name", loss=loss.name, choices=choices
        )
    if spec.coefficient not in loss.coefficients:
        choices_of_coefficient = list(loss.coefficients)
        raise InvalidInputError(
            code="loss-coefficient",
            pointer=f"{pointer}/coefficient",
            loss=loss.name,
            choices=choices_of_coefficient,
        )
    if spec.outputs not in loss.reductions:
        raise InvalidInputError(
            code="loss-outputs", pointer=f"{pointer}/outputs", loss=loss.name, choices=list(loss.reductions)
        )
    if spec.batch not in ("sum", "mean"):
        raise InvalidInputError(
            code="loss-batch", pointer=f"{pointer}/batch", loss=loss.name, choices=["sum", "mean"]
        )


def _binary_value(a: Array, t: Array, z: Array) -> Array:
    # −[t ln σ(z) + (1−t) ln(1−σ(z))] = ln(1+e^z) − t z, without a logarithm of 0.
    return np.asarray(np.logaddexp(0.0, z) - t * z)


def _binary_gradient(a: Array, t: Array) -> Array:
    # a(1−a) leaves float64's range for |z| > 37 or so; the largest finite factor stands in, for display only.
    return np.asarray((a - t) / np.maximum(a * (1.0 - a), _TINY))


def _categorical_value(a: Array, t: Array, z: Array) -> Array:
    shifted = z - z.max(axis=-1, keepdims=True)
    return np.asarray(-t * (shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))))


def _categorical_gradient(a: Array, t: Array) -> Array:
    return np.asarray(-t / np.maximum(a, _TINY))


def _categorical_delta(a: Array, t: Array) -> Array:
    # Σ_k t_k is 1 for a one-hot row, which leaves a − t; targets that are no distribution keep their sum.
    return np.asarray(a * t.sum(axis=-1, keepdims=True) - t)


LOSSES.add(
    Loss(
        name="squared_error",
        label=Label("Squared error", "제곱 오차"),
        tex="c\\sum_k (t_k-o_k)^2",
        value=lambda a, t, z: (a - t) ** 2,
        gradient=lambda a, t: 2.0 * (a - t),
        value_template="<c>\\,(<t>-<a>)^{2}",
        gradient_template="2\\cdot <c>\\,(<a>-<t>)",
        gradient_template_half="<a>-<t>",
        expression="(a-t)**2",
        coefficients=(0.5, 1.0),
        forms=(
            LossForm(
                "half_sse",
                Label("Sum of squared errors, halved (½ SSE)", "오차제곱합의 절반(½ SSE)"),
                "\\tfrac{1}{2}\\sum_k (t_k-o_k)^2",
                0.5,
                "sum",
                "sum",
            ),
            LossForm(
                "half_sse_mean",
                Label("½ SSE, averaged over the batch", "½ SSE의 배치 평균"),
                "\\tfrac{1}{2B}\\sum_s\\sum_k (t_k-o_k)^2",
                0.5,
                "sum",
                "mean",
            ),
            LossForm(
                "sse",
                Label("Sum of squared errors (SSE)", "오차제곱합(SSE)"),
                "\\sum_k (t_k-o_k)^2",
                1.0,
                "sum",
                "sum",
            ),
            LossForm(
                "mse",
                Label("Mean squared error (MSE)", "평균제곱오차(MSE)"),
                "\\tfrac{1}{Bn}\\sum_s\\sum_k (t_k-o_k)^2",
                1.0,
                "mean",
                "mean",
            ),
        ),
    )
)

LOSSES.add(
    Loss(
        name="binary_cross_entropy",
        label=Label("Binary cross-entropy", "이진 교차 엔트로피"),
        tex="-\\sum_k\\left[t_k\\ln o_k+(1-t_k)\\ln(1-o_k)\\right]",
        value=_binary_value,
        gradient=_binary_gradient,
        value_template="-\\left[<t>\\ln <a>+(1-<t>)\\ln(1-<a>)\\right]",
        gradient_template="\\frac{<a>-<t>}{<a>\\,(1-<a>)}",
        expression="-(t*log(a)+(1-t)*log(1-a))",
        net_expression="z/2+log(exp(z/2)+exp(-z/2))-t*z",
        accepts=frozenset({"sigmoid"}),
        forms=(
            LossForm(
                "bce",
                Label("Binary cross-entropy, averaged", "이진 교차 엔트로피(평균)"),
                "-\\tfrac{1}{Bn}\\sum_s\\sum_k\\left[t_k\\ln o_k+(1-t_k)\\ln(1-o_k)\\right]",
                1.0,
                "mean",
                "mean",
            ),
            LossForm(
                "bce_sum",
                Label("Binary cross-entropy, summed", "이진 교차 엔트로피(합)"),
                "-\\sum_k\\left[t_k\\ln o_k+(1-t_k)\\ln(1-o_k)\\right]",
                1.0,
                "sum",
                "sum",
            ),
        ),
    )
)

LOSSES.add(
    Loss(
        name="categorical_cross_entropy",
        label=Label("Categorical cross-entropy", "교차 엔트로피"),
        tex="-\\sum_k t_k\\ln o_k",
        value=_categorical_value,
        gradient=_categorical_gradient,
        value_template="-<t>\\ln <a>",
        gradient_template="-\\frac{<t>}{<a>}",
        expression="-t*log(a)",
        accepts=frozenset({"softmax"}),
        # One distribution a sample: a mean over its classes is nobody's cross-entropy.
        reductions=("sum",),
        forms=(
            LossForm(
                "cce",
                Label("Cross-entropy, averaged over the batch", "교차 엔트로피(배치 평균)"),
                "-\\tfrac{1}{B}\\sum_s\\sum_k t_k\\ln o_k",
                1.0,
                "sum",
                "mean",
            ),
            LossForm(
                "cce_sum",
                Label("Cross-entropy, summed", "교차 엔트로피(합)"),
                "-\\sum_s\\sum_k t_k\\ln o_k",
                1.0,
                "sum",
                "sum",
            ),
        ),
    )
)

# Source: Bishop 2006, Pattern Recognition and Machine Learning, section 5.2: canonical pairs leave a − t.
FUSED: dict[tuple[str, str], Fused] = {
    (fused.loss, fused.activation): fused
    for fused in (
        Fused("binary_cross_entropy", "sigmoid", lambda a, t: a - t, "a-t", "<a>-<t>"),
        Fused("categorical_cross_entropy", "softmax", _categorical_delta, "a-t", "<a>-<t>"),
    )
}
