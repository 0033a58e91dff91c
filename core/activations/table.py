"""The activation functions: value, derivative, TeX, expression and in-place form of each."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from core.activations.records import Activation, Array, Call, InPlace, Numbers, constant
from core.registry import Label, Parameter, Registry

ACTIVATIONS: Registry[Activation] = Registry("activation")


def _alpha(default: float) -> tuple[Parameter, ...]:
    label = Label("coefficient α for negative z", "음수 구간의 계수 α")
    return (Parameter("alpha", label, "\\alpha", default, 0.0, 10.0),)


def sigmoid(z: Array) -> Array:
    """Return 1/(1+e^-z), split by the sign of z so that the exponential never overflows."""
    small = np.exp(-np.abs(z))
    return np.asarray(np.where(z >= 0, 1.0, small) / (1.0 + small))


def _softmax(z: Array, parameters: Numbers) -> Array:
    shifted = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def _softmax_calls(z: Array, a: Array, parameters: Numbers) -> list[Call]:
    """Return -softmax of a layer's columns: the smallest of the negated net inputs is the largest of them."""
    row = np.empty_like(z[:1])
    return [
        partial(np.minimum.reduce, z, 0, None, row, True),
        partial(np.subtract, row, z, a),
        partial(np.exp, a, a),
        partial(np.add.reduce, a, 0, None, row, True),
        partial(np.negative, row, row),
        partial(np.divide, a, row, a),
    ]


def _softmax_derivative(z: Array, a: Array, parameters: Numbers) -> Array:
    return np.asarray(a[..., :, None] * (np.eye(a.shape[-1]) - a[..., None, :]))


def _elu(z: Array, parameters: Numbers) -> Array:
    return np.asarray(np.maximum(z, 0.0) + parameters["alpha"] * np.expm1(np.minimum(z, 0.0)))


_GELU_SCALE = math.sqrt(2.0 / math.pi)
_GELU_CUBIC = 0.044715
# Beyond this the tanh is ±1 in float64, and z³ would overflow long before z does.
_GELU_LIMIT = 1e3


def _gelu_tanh(z: Array) -> Array:
    near = np.clip(z, -_GELU_LIMIT, _GELU_LIMIT)
    return np.asarray(np.tanh(_GELU_SCALE * (near + _GELU_CUBIC * near**3)))


def _gelu_derivative(z: Array, a: Array, parameters: Numbers) -> Array:
    near = np.clip(z, -_GELU_LIMIT, _GELU_LIMIT)
    t = _gelu_tanh(z)
    inner = _GELU_SCALE * (1.0 + 3.0 * _GELU_CUBIC * near**2)
    return np.asarray(0.5 * (1.0 + t) + 0.5 * near * (1.0 - t * t) * inner)


def _silu_derivative(z: Array, a: Array, parameters: Numbers) -> Array:
    s = sigmoid(z)
    return s + a * (1.0 - s)


ACTIVATIONS.add(
    Activation(
        name="step",
        label=Label("Step", "계단 함수"),
        tex_function="\\operatorname{step}",
        tex="\\begin{cases}1&z\\ge 0\\\\0&z<0\\end{cases}",
        value_template="\\mathbf{1}[<z>\\ge 0]",
        derivative_template="0",
        value=lambda z, p: np.heaviside(z, 1.0),
        derivative=lambda z, a, p: np.zeros_like(z),
        expression="step(z)",
        range=(0.0, 1.0),
        kinks=(0.0,),
        target_range=(0.0, 1.0),
        in_place=InPlace(
            forward=lambda z, a, p: [
                partial(np.negative, z, z),
                partial(np.heaviside, z, constant(1.0, a), a),
                partial(np.negative, a, a),
            ],
            derivative=lambda z, a, d, p: [partial(d.fill, 0.0)],
        ),
    )
)

ACTIVATIONS.add(
    Activation(
        name="identity",
        label=Label("Identity", "항등 함수"),
        tex_function="\\operatorname{id}",
        tex="z",
        value_template="<z>",
        derivative_template="1",
        value=lambda z, p: np.array(z),
        derivative=lambda z, a, p: np.ones_like(z),
        expression="z",
        range=(None, None),
        in_place=InPlace(
            forward=lambda z, a, p: [partial(np.copyto, a, z)],
            derivative=lambda z, a, d, p: [partial(d.fill, 1.0)],
        ),
    )
)

ACTIVATIONS.add(
    Activation(
        name="sigmoid",
        idle="saturated",
        label=Label("Sigmoid", "시그모이드"),
        tex_function="\\sigma",
        tex="\\frac{1}{1+e^{-z}}",
        value_template="\\frac{1}{1+e^{-<z>}}",
        derivative_template="<a>\\,(1-<a>)",
        value=lambda z, p: sigmoid(z),
        derivative=lambda z, a, p: a * (1.0 - a),
        expression="1/(1+exp(-z))",
        range=(0.0, 1.0),
        target_range=(0.0, 1.0),
        in_place=InPlace(
            # -1/(1+e^-z). Where the exponential overflows, its reciprocal is rightly 0.
            forward=lambda z, a, p: [
                partial(np.exp, z, z),
                partial(np.subtract, constant(-1.0, a), z, z),
                partial(np.reciprocal, z, a),
            ],
            derivative=lambda z, a, d, p: [
                partial(np.subtract, constant(-1.0, a), a, d),
                partial(np.multiply, d, a, d),
            ],
        ),
    )
)

ACTIVATIONS.add(
    Activation(
        name="tanh",
        idle="saturated",
        label=Label("Hyperbolic tangent (tanh)", "쌍곡탄젠트(tanh)"),
        tex_function="\\tanh",
        tex="\\frac{e^{z}-e^{-z}}{e^{z}+e^{-z}}",
        value_template="\\tanh(<z>)",
        derivative_template="1-<a>^{2}",
        value=lambda z, p: np.tanh(z),
        derivative=lambda z, a, p: 1.0 - a * a,
        expression="tanh(z)",
        range=(-1.0, 1.0),
        target_range=(-1.0, 1.0),
        in_place=InPlace(
            forward=lambda z, a, p: [partial(np.tanh, z, a)],
            derivative=lambda z, a, d, p: [
                partial(np.multiply, a, a, d),
                partial(np.subtract, constant(1.0, a), d, d),
            ],
        ),
    )
)

ACTIVATIONS.add(
    Activation(
        name="relu",
        idle="dead",
        label=Label("ReLU", "ReLU"),
        tex_function="\\operatorname{ReLU}",
        tex="\\max(0,\\,z)",
        value_template="\\max(0,\\,<z>)",
        derivative_template="\\mathbf{1}[<z>\\gt 0]",
        value=lambda z, p: np.maximum(z, 0.0),
        derivative=lambda z, a, p: np.heaviside(z, 0.0),
        expression="max(0,z)",
        range=(0.0, None),
        kinks=(0.0,),
        in_place=InPlace(
            forward=lambda z, a, p: [partial(np.minimum, z, constant(0.0, a), out=a)],
            # "unsafe" from a truth value to the number 0 or 1.
            derivative=lambda z, a, d, p: [partial(np.less, a, constant(0.0, a), d, casting="unsafe")],
        ),
    )
)

ACTIVATIONS.add(
    Activation(
        name="leaky_relu",
        idle="dead",
        label=Label("Leaky ReLU", "Leaky ReLU"),
        tex_function="\\operatorname{LReLU}",
        tex="\\begin{cases}z&z\\gt 0\\\\\\alpha z&z\\le 0\\end{cases}",
        value_template="\\max(0,\\,<z>)+<alpha>\\,\\min(<z>,\\,0)",
        derivative_template="\\mathbf{1}[<z>\\gt 0]+<alpha>\\,\\mathbf{1}[<z>\\le 0]",
        value=lambda z, p: np.maximum(z, 0.0) + p["alpha"] * np.minimum(z, 0.0),
        derivative=lambda z, a, p: np.where(z > 0.0, 1.0, p["alpha"]),
        expression="max(0,z)+alpha*min(z,0)",
        range=(None, None),
        parameters=_alpha(0.01),
        kinks=(0.0,),
    )
)

ACTIVATIONS.add(
    Activation(
        name="elu",
        idle="dead",
        label=Label("ELU", "ELU"),
        tex_function="\\operatorname{ELU}",
        tex="\\begin{cases}z&z\\gt 0\\\\\\alpha\\,(e^{z}-1)&z\\le 0\\end{cases}",
        value_template="\\max(0,\\,<z>)+<alpha>\\,(e^{\\min(<z>,\\,0)}-1)",
        derivative_template="\\mathbf{1}[<z>\\gt 0]+<alpha>\\,e^{<z>}\\,\\mathbf{1}[<z>\\le 0]",
        value=_elu,
        derivative=lambda z, a, p: np.where(z > 0.0, 1.0, p["alpha"] * np.exp(np.minimum(z, 0.0))),
        expression="max(0,z)+alpha*(exp(min(z,0))-1)",
        range=(None, None),
        parameters=_alpha(1.0),
        kinks=(0.0,),
    )
)

ACTIVATIONS.add(
    Activation(
        name="softplus",
        label=Label("Softplus", "소프트플러스"),
        tex_function="\\operatorname{softplus}",
        tex="\\ln(1+e^{z})",
        value_template="\\ln(1+e^{<z>})",
        derivative_template="\\frac{1}{1+e^{-<z>}}",
        value=lambda z, p: np.logaddexp(0.0, z),
        derivative=lambda z, a, p: sigmoid(z),
        # The symmetric form of ln(1+e^z): smooth, and in range for |z| up to 1400.
        expression="z/2+log(exp(z/2)+exp(-z/2))",
        range=(0.0, None),
    )
)

ACTIVATIONS.add(
    Activation(
        name="silu",
        label=Label("SiLU", "SiLU"),
        tex_function="\\operatorname{SiLU}",
        tex="\\frac{z}{1+e^{-z}}",
        value_template="\\frac{<z>}{1+e^{-<z>}}",
        derivative_template="\\frac{1+e^{-<z>}+<z>\\,e^{-<z>}}{(1+e^{-<z>})^{2}}",
        value=lambda z, p: z * sigmoid(z),
        derivative=_silu_derivative,
        expression="z*sigmoid(z)",
        range=(-0.2784645427610738, None),
    )
)

ACTIVATIONS.add(
    Activation(
        name="gelu",
        label=Label("GELU (tanh form)", "GELU(tanh 근사)"),
        tex_function="\\operatorname{GELU}",
        tex="\\tfrac{z}{2}\\left(1+\\tanh\\!\\left(\\sqrt{2/\\pi}\\,(z+0.044715\\,z^{3})\\right)\\right)",
        value_template="\\tfrac{1}{2}\\,<z>\\left(1+\\tanh\\!\\left(\\sqrt{2/\\pi}\\,(<z>+0.044715\\,<z>^{3})\\right)\\right)",
        derivative_template=(
            "\\tfrac{1}{2}(1+\\tau)+\\tfrac{1}{2}\\,<z>\\,(1-\\tau^{2})\\sqrt{2/\\pi}\\,(1+0.134145\\,<z>^{2}),"
            "\\;\\tau=\\tanh\\!\\left(\\sqrt{2/\\pi}\\,(<z>+0.044715\\,<z>^{3})\\right)"
        ),
        value=lambda z, p: 0.5 * z * (1.0 + _gelu_tanh(z)),
        derivative=_gelu_derivative,
        expression=f"0.5*z*(1+tanh(sqrt(2/{math.pi!r})*(z+0.044715*z**3)))",
        range=(-0.17004075, None),
    )
)

ACTIVATIONS.add(
    Activation(
        name="softmax",
        label=Label("Softmax", "소프트맥스"),
        tex_function="\\operatorname{softmax}",
        tex="\\frac{e^{z_k}}{\\sum_m e^{z_m}}",
        value_template="\\frac{e^{<z>}}{\\sum_m e^{z_m}}",
        derivative_template="<a>\\,(1-<a>)",
        value=_softmax,
        derivative=_softmax_derivative,
        expression="",
        range=(0.0, 1.0),
        output_only=True,
        target_range=(0.0, 1.0),
        in_place=InPlace(forward=_softmax_calls),
    )
)
