"""Surfaces for races in two variables, each an entry with its view, its start and its rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.optimizers import OPTIMIZERS
from core.registry import Label, Registry
from core.symbolic import Formula

Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Surface:
    """A function of x and y: its expression, what is shown of it, and how a race on it begins.

    `rates` are learning rates by optimizer, so that all arrive in view; an optimizer without one takes its
    own default. `minima` are known ones. `source` says where the function comes from. The regression has
    no expression: it is the loss over data that the race is given.
    """

    name: str
    label: Label
    expression: str
    x_range: Range
    y_range: Range
    start: tuple[float, float]
    steps: int
    rates: Mapping[str, float] = field(default_factory=dict)
    minima: tuple[tuple[float, float], ...] = ()
    source: str = ""

    @property
    def is_loss(self) -> bool:
        """Whether this is the loss of a linear regression over data."""
        return not self.expression

    @property
    def tex(self) -> str:
        """The TeX of the function, or of the loss."""
        return REGRESSION_TEX if self.is_loss else Formula(self.expression, ("x", "y")).tex() or ""

    def rate(self, optimizer: str) -> float:
        """Return the learning rate with which an optimizer begins here."""
        entry = OPTIMIZERS.get(optimizer)
        default = next(p.default for p in entry.parameters if p.name == "learning_rate")
        return self.rates.get(optimizer, default)


SURFACES: Registry[Surface] = Registry("surface")

REGRESSION_TEX = "\\frac{1}{n}\\sum_{i}\\left(w_0+w_1\\,x_i-t_i\\right)^{2}"

# The view of a typed function, and its rates.
TYPED_RANGE: Range = (-4.0, 4.0)
TYPED = Surface(
    name="typed",
    label=Label("A function of your own", "직접 입력한 함수"),
    expression="x^2 + y^2",
    x_range=TYPED_RANGE,
    y_range=TYPED_RANGE,
    start=(-3.0, 2.0),
    steps=30,
    rates={"sgd": 0.1, "momentum": 0.05, "nag": 0.05, "adagrad": 0.5, "rmsprop": 0.1, "adam": 0.3},
)

SURFACES.add(
    Surface(
        "ravine",
        Label("Ravine", "골짜기"),
        "x^2/20 + y^2",
        (-8.0, 4.0),
        (-2.6, 2.6),
        (-7.0, 2.0),
        30,
        {"sgd": 0.95, "momentum": 0.1, "nag": 0.1, "adagrad": 1.5, "rmsprop": 0.3, "adam": 0.3},
        ((0.0, 0.0),),
        "Saito 2016, Deep Learning from Scratch, section 6.1",
    )
)
SURFACES.add(
    Surface(
        "bowl",
        Label("Bowl", "그릇"),
        "x^2 + y^2",
        (-4.0, 4.0),
        (-3.0, 3.0),
        (-3.0, 2.0),
        30,
        {"sgd": 0.1, "momentum": 0.05, "nag": 0.05, "adagrad": 0.5, "rmsprop": 0.1, "adam": 0.3},
        ((0.0, 0.0),),
        "De Jong 1975, An Analysis of the Behavior of a Class of Genetic Adaptive Systems, function 1",
    )
)
SURFACES.add(
    Surface(
        "saddle",
        Label("Saddle", "안장점"),
        "x^2 - y^2 + y^4/4",
        (-2.4, 2.4),
        (-2.2, 2.2),
        (-2.0, 0.001),
        60,
        {"sgd": 0.1, "momentum": 0.02, "nag": 0.02, "adagrad": 0.3, "rmsprop": 0.05, "adam": 0.1},
        ((0.0, 2.0**0.5), (0.0, -(2.0**0.5))),
        "a quartic double well across a parabola",
    )
)
SURFACES.add(
    Surface(
        "rosenbrock",
        Label("Rosenbrock's valley", "로젠브록 함수"),
        "(1-x)^2 + 100*(y-x^2)^2",
        (-2.0, 2.0),
        (-1.0, 3.0),
        (-1.2, 1.0),
        200,
        {"sgd": 0.001, "momentum": 0.0005, "nag": 0.0005, "adagrad": 0.3, "rmsprop": 0.02, "adam": 0.1},
        ((1.0, 1.0),),
        "Rosenbrock 1960, An Automatic Method for Finding the Greatest or Least Value of a Function",
    )
)
SURFACES.add(
    Surface(
        "beale",
        Label("Beale's function", "빌 함수"),
        "(1.5-x+x*y)^2 + (2.25-x+x*y^2)^2 + (2.625-x+x*y^3)^2",
        (-1.5, 4.5),
        (-2.2, 2.2),
        (1.0, 1.5),
        200,
        {"sgd": 0.01, "momentum": 0.002, "nag": 0.002, "adagrad": 0.5, "rmsprop": 0.03, "adam": 0.1},
        ((3.0, 0.5),),
        "Beale 1958, On an Iterative Method for Finding a Local Minimum",
    )
)
SURFACES.add(
    Surface(
        "himmelblau",
        Label("Himmelblau's function", "힘멜블라우 함수"),
        "(x^2+y-11)^2 + (x+y^2-7)^2",
        (-5.0, 5.0),
        (-5.0, 5.0),
        (-0.5, -1.0),
        100,
        {"sgd": 0.01, "momentum": 0.003, "nag": 0.003, "adagrad": 0.8, "rmsprop": 0.1, "adam": 0.3},
        (
            (3.0, 2.0),
            (-2.805118086952745, 3.131312518250573),
            (-3.779310253377747, -3.283185991286170),
            (3.584428340330492, -1.848126526964404),
        ),
        "Himmelblau 1972, Applied Nonlinear Programming",
    )
)
SURFACES.add(
    Surface(
        "regression",
        Label("Loss of a linear regression", "선형 회귀의 손실"),
        "",
        (-4.0, 4.0),
        (-4.0, 4.0),
        (-3.0, -2.0),
        60,
        {"sgd": 0.05, "momentum": 0.02, "nag": 0.02, "adagrad": 0.8, "rmsprop": 0.15, "adam": 0.3},
        (),
        "a line through seeded points",
    )
)
SURFACES.add(TYPED)
