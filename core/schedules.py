"""Schedules of the learning rate: how each follows the epochs, its parameters, its TeX.

n counts the completed passes over the training set since the session began; η is the optimizer's own learning
rate. A schedule sets the rate before each step, so all steps of one epoch share it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.registry import Label, Parameter, Registry, complete_parameters

Numbers = Mapping[str, float]


@dataclass(frozen=True)
class Schedule:
    """One schedule: `rate(eta, epoch, parameters)` is the learning rate of every step of that epoch.

    `template` is TeX with the placeholders <eta0> (the optimizer's rate), <epoch> and <parameter name>.
    """

    name: str
    label: Label
    tex: str
    parameters: tuple[Parameter, ...]
    rate: Callable[[float, int, Numbers], float]
    template: str
    source: str


SCHEDULES: Registry[Schedule] = Registry("schedule")


def scheduled_rate(name: str, given: Numbers, rate: float, epoch: int) -> float:
    """Return the learning rate of an epoch under the named schedule, from the optimizer's own `rate`."""
    schedule = SCHEDULES.get(name)
    return schedule.rate(rate, epoch, complete_parameters(schedule.parameters, given))


def _constant(eta: float, epoch: int, p: Numbers) -> float:
    return eta


def _step(eta: float, epoch: int, p: Numbers) -> float:
    """Return η γ^⌊n/q⌋. Source: Bottou, Curtis and Nocedal 2018, Optimization Methods, section 4.2."""
    return float(eta * p["factor"] ** (epoch // int(p["every"])))


def _cosine(eta: float, epoch: int, p: Numbers) -> float:
    """Return η_N + ½(η − η_N)(1 + cos πn/N), from epoch N on η_N.

    Source: Loshchilov and Hutter 2017, SGDR: Stochastic Gradient Descent with Warm Restarts, equation 5,
    without restarts.
    """
    done = min(epoch, int(p["epochs"])) / p["epochs"]
    return p["final_rate"] + 0.5 * (eta - p["final_rate"]) * (1.0 + math.cos(math.pi * done))


SCHEDULES.add(
    Schedule(
        name="constant",
        label=Label("Constant", "일정"),
        tex="\\eta_n=\\eta",
        parameters=(),
        rate=_constant,
        template="<eta0>",
        source="",
    )
)

SCHEDULES.add(
    Schedule(
        name="step",
        label=Label("Step decay", "계단식 감소(step)"),
        tex="\\eta_n=\\eta\\cdot\\gamma^{\\lfloor n/q\\rfloor}",
        parameters=(
            Parameter(
                "every",
                Label("epochs per stage q", "한 단계의 에포크 수 q"),
                "q",
                100.0,
                1.0,
                1e6,
                integer=True,
            ),
            Parameter(
                "factor",
                Label("factor γ", "감소 비율 γ"),
                "\\gamma",
                0.5,
                0.0,
                1.0,
                exclusive_minimum=True,
            ),
        ),
        rate=_step,
        template="<eta0>\\cdot <factor>^{\\lfloor <epoch>/<every>\\rfloor}",
        source="Bottou, Curtis, Nocedal 2018",
    )
)

SCHEDULES.add(
    Schedule(
        name="cosine",
        label=Label("Cosine", "코사인 감소(cosine)"),
        tex="\\eta_n=\\eta_N+\\tfrac{1}{2}(\\eta-\\eta_N)\\left(1+\\cos\\frac{\\pi n}{N}\\right)",
        parameters=(
            Parameter(
                "epochs",
                Label("epochs to the end N", "마지막 에포크 N"),
                "N",
                1000.0,
                1.0,
                1e7,
                integer=True,
            ),
            Parameter("final_rate", Label("final rate", "마지막 학습률"), "\\eta_N", 0.0, 0.0, 1e6),
        ),
        rate=_cosine,
        template=(
            "<final_rate>+\\frac{1}{2}\\cdot (<eta0>-<final_rate>)"
            "\\cdot \\left(1+\\cos\\left(\\frac{\\pi\\cdot \\min(<epoch>,<epochs>)}{<epochs>}\\right)\\right)"
        ),
        source="Loshchilov, Hutter 2017",
    )
)
