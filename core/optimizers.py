"""Optimizers: the update rule of each on flat vectors, its state, its intermediate terms and its TeX.

θ (P,) are the parameters, g (P,) the gradient of the batch's loss (already summed or averaged), `count` the
number of updates made with this optimizer, this one included, so it starts at 1. The state starts at zero. A
rule is pure; the plan runs the same rule through calls of its own (core.plan.updates).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.registry import Label, Parameter, Registry

Array = NDArray[np.float64]
State = Mapping[str, Array]
Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Update:
    """What one update makes: the new parameters, the new state, and the terms worth showing, all (P,)."""

    theta: Array
    state: State = field(default_factory=dict)
    terms: State = field(default_factory=dict)


@dataclass(frozen=True)
class Template:
    """A named quantity of an optimizer: its symbol and its formula, TeX with placeholders."""

    name: str
    symbol: str
    template: str


def _here(theta: Array, state: State, parameters: Numbers) -> Array:
    return theta


@dataclass(frozen=True)
class Optimizer:
    """One optimizer.

    `update(theta, gradient, state, count, parameters)` returns an Update. `gradient_point(theta, state,
    parameters)` returns where the gradient is to be taken (θ itself by default). Templates are TeX with the
    placeholders <theta>, <g>, <count>, <state name> (the old value; <state name'> the new one), <term name>
    and <parameter name>; `state_templates` and `term_templates` are in the order of computation.
    """

    name: str
    label: Label
    tex: str
    parameters: tuple[Parameter, ...]
    update: Callable[[Array, Array, State, int, Numbers], Update]
    update_template: str
    source: str
    state_templates: tuple[Template, ...] = ()
    term_templates: tuple[Template, ...] = ()
    point_template: str = "<theta>"
    gradient_point: Callable[[Array, State, Numbers], Array] = _here

    @property
    def state(self) -> tuple[str, ...]:
        """Names of the state's vectors."""
        return tuple(template.name for template in self.state_templates)

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the intermediate quantities that an update returns."""
        return tuple(template.name for template in self.term_templates)

    @property
    def looks_ahead(self) -> bool:
        """Whether the gradient is taken elsewhere than at θ."""
        return self.gradient_point is not _here

    def initial_state(self, count: int) -> dict[str, Array]:
        """Return the state before the first update: a zero vector of that length under each name."""
        return {name: np.zeros(count) for name in self.state}


OPTIMIZERS: Registry[Optimizer] = Registry("optimizer")


def _learning_rate(default: float) -> Parameter:
    label = Label("learning rate η", "학습률 η")
    return Parameter("learning_rate", label, "\\eta", default, 0.0, 1e6, exclusive_minimum=True)


def _decay(name: str, en: str, ko: str, tex: str, default: float) -> Parameter:
    return Parameter(name, Label(en, ko), tex, default, 0.0, 1.0, exclusive_maximum=True)


def _epsilon(default: float) -> Parameter:
    label = Label("small constant ε", "작은 상수 ε")
    return Parameter("epsilon", label, "\\epsilon", default, 1e-16, 1.0)


def sgd(theta: Array, g: Array, state: State, count: int, p: Numbers) -> Update:
    """Return θ − ηg.

    Source: Robbins and Monro 1951, A Stochastic Approximation Method, equation 5; Cauchy 1847 for the full
    batch.
    """
    return Update(theta - p["learning_rate"] * g)


def momentum(theta: Array, g: Array, state: State, count: int, p: Numbers) -> Update:
    """Return θ + v' with v' = μv − ηg.

    Source: Polyak 1964, Some methods of speeding up the convergence of iteration methods, in the form of
    Sutskever et al. 2013, On the importance of initialization and momentum, equations 1 and 2.
    """
    velocity = p["momentum"] * state["velocity"] - p["learning_rate"] * g
    return Update(theta + velocity, {"velocity": velocity})


def look_ahead(theta: Array, state: State, p: Numbers) -> Array:
    """Return θ + μv, where Nesterov's momentum takes its gradient."""
    return theta + p["momentum"] * state["velocity"]


def adagrad(theta: Array, g: Array, state: State, count: int, p: Numbers) -> Update:
    """Return θ − ηg / (√h' + ε) with h' = h + g².

    Source: Duchi, Hazan and Singer 2011, Adaptive Subgradient Methods, section 1.1 (diagonal form).
    """
    squares = state["squares"] + g * g
    scale = np.sqrt(squares) + p["epsilon"]
    return Update(theta - p["learning_rate"] * g / scale, {"squares": squares}, {"scale": scale})


def rmsprop(theta: Array, g: Array, state: State, count: int, p: Numbers) -> Update:
    """Return θ − ηg / (√h' + ε) with h' = ρh + (1−ρ)g².

    Source: Tieleman and Hinton 2012, Neural Networks for Machine Learning, lecture 6.5.
    """
    squares = p["decay"] * state["squares"] + (1.0 - p["decay"]) * (g * g)
    scale = np.sqrt(squares) + p["epsilon"]
    return Update(theta - p["learning_rate"] * g / scale, {"squares": squares}, {"scale": scale})


def adam(theta: Array, g: Array, state: State, count: int, p: Numbers) -> Update:
    """Return θ − ηm̂ / (√v̂ + ε), m̂ and v̂ the moments divided by 1 − β^count.

    Source: Kingma and Ba 2015, Adam: A Method for Stochastic Optimization, algorithm 1.
    """
    m = p["beta1"] * state["m"] + (1.0 - p["beta1"]) * g
    v = p["beta2"] * state["v"] + (1.0 - p["beta2"]) * (g * g)
    m_hat = m / (1.0 - p["beta1"] ** count)
    v_hat = v / (1.0 - p["beta2"] ** count)
    theta = theta - p["learning_rate"] * m_hat / (np.sqrt(v_hat) + p["epsilon"])
    return Update(theta, {"m": m, "v": v}, {"m_hat": m_hat, "v_hat": v_hat})


OPTIMIZERS.add(
    Optimizer(
        name="sgd",
        label=Label("Stochastic gradient descent (SGD)", "확률적 경사하강법(SGD)"),
        tex="\\theta\\leftarrow\\theta-\\eta\\,g",
        parameters=(_learning_rate(0.1),),
        update=sgd,
        update_template="<theta>-<learning_rate>\\cdot <g>",
        source="Robbins, Monro 1951",
    )
)

_MOMENTUM = _decay("momentum", "momentum μ", "모멘텀 계수 μ", "\\mu", 0.9)
_VELOCITY = Template("velocity", "v", "<momentum>\\cdot <velocity>-<learning_rate>\\cdot <g>")

OPTIMIZERS.add(
    Optimizer(
        name="momentum",
        label=Label("Momentum", "모멘텀(Momentum)"),
        tex="v\\leftarrow\\mu v-\\eta\\,g,\\quad\\theta\\leftarrow\\theta+v",
        parameters=(_learning_rate(0.1), _MOMENTUM),
        update=momentum,
        update_template="<theta>+<velocity'>",
        source="Polyak 1964; Sutskever et al. 2013",
        state_templates=(_VELOCITY,),
    )
)

# The same recurrence as momentum; only the gradient is another's: that at θ + μv.
# Source: Nesterov 1983; Sutskever et al. 2013, equations 3 and 4.
OPTIMIZERS.add(
    Optimizer(
        name="nag",
        label=Label("Nesterov momentum (NAG)", "네스테로프 모멘텀(NAG)"),
        tex="v\\leftarrow\\mu v-\\eta\\,g(\\theta+\\mu v),\\quad\\theta\\leftarrow\\theta+v",
        parameters=(_learning_rate(0.1), _MOMENTUM),
        update=momentum,
        update_template="<theta>+<velocity'>",
        source="Nesterov 1983; Sutskever et al. 2013",
        state_templates=(_VELOCITY,),
        point_template="<theta>+<momentum>\\cdot <velocity>",
        gradient_point=look_ahead,
    )
)

_SCALE = Template("scale", "\\sqrt{h}+\\epsilon", "\\sqrt{<squares'>}+<epsilon>")

OPTIMIZERS.add(
    Optimizer(
        name="adagrad",
        label=Label("Adagrad", "아다그라드(Adagrad)"),
        tex="h\\leftarrow h+g^2,\\quad\\theta\\leftarrow\\theta-\\frac{\\eta\\,g}{\\sqrt{h}+\\epsilon}",
        parameters=(_learning_rate(0.1), _epsilon(1e-8)),
        update=adagrad,
        update_template="<theta>-\\frac{<learning_rate>\\cdot <g>}{<scale>}",
        source="Duchi, Hazan, Singer 2011",
        state_templates=(Template("squares", "h", "<squares>+<g>^{2}"),),
        term_templates=(_SCALE,),
    )
)

OPTIMIZERS.add(
    Optimizer(
        name="rmsprop",
        label=Label("RMSProp", "알엠에스프롭(RMSProp)"),
        tex=(
            "h\\leftarrow\\rho h+(1-\\rho)g^2,\\quad"
            "\\theta\\leftarrow\\theta-\\frac{\\eta\\,g}{\\sqrt{h}+\\epsilon}"
        ),
        parameters=(
            _learning_rate(0.01),
            _decay("decay", "decay ρ", "감쇠율 ρ", "\\rho", 0.9),
            _epsilon(1e-8),
        ),
        update=rmsprop,
        update_template="<theta>-\\frac{<learning_rate>\\cdot <g>}{<scale>}",
        source="Tieleman, Hinton 2012",
        state_templates=(Template("squares", "h", "<decay>\\cdot <squares>+(1-<decay>)\\cdot <g>^{2}"),),
        term_templates=(_SCALE,),
    )
)

OPTIMIZERS.add(
    Optimizer(
        name="adam",
        label=Label("Adam", "아담(Adam)"),
        tex=(
            "m\\leftarrow\\beta_1 m+(1-\\beta_1)g,\\quad v\\leftarrow\\beta_2 v+(1-\\beta_2)g^2,\\quad"
            "\\theta\\leftarrow\\theta-\\frac{\\eta\\,\\hat m}{\\sqrt{\\hat v}+\\epsilon}"
        ),
        parameters=(
            _learning_rate(0.01),
            _decay("beta1", "first decay β₁", "1차 감쇠율 β₁", "\\beta_1", 0.9),
            _decay("beta2", "second decay β₂", "2차 감쇠율 β₂", "\\beta_2", 0.999),
            _epsilon(1e-8),
        ),
        update=adam,
        update_template="<theta>-\\frac{<learning_rate>\\cdot <m_hat>}{\\sqrt{<v_hat>}+<epsilon>}",
        source="Kingma, Ba 2015",
        state_templates=(
            Template("m", "m", "<beta1>\\cdot <m>+(1-<beta1>)\\cdot <g>"),
            Template("v", "v", "<beta2>\\cdot <v>+(1-<beta2>)\\cdot <g>^{2}"),
        ),
        term_templates=(
            Template("m_hat", "\\hat m", "\\frac{<m'>}{1-<beta1>^{<count>}}"),
            Template("v_hat", "\\hat v", "\\frac{<v'>}{1-<beta2>^{<count>}}"),
        ),
    )
)
