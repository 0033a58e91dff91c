"""The check itself: each parameter's three gradients and the verdict on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from core.activations import ACTIVATIONS
from core.network import Array
from core.optimizers import OPTIMIZERS
from core.penalties import PENALTIES
from core.propagation import Pass, Passed, step_masks
from core.registry import complete_parameters
from core.snapshot import Order, Problem, Snapshot
from core.verification.scalar import graph_gradient

Verdict = Literal["agree", "differ", "not-differentiable"]

STEP = 1e-5  # h of the central difference
REFINED_STEP = 1e-4  # h of the fourth-order difference
RELATIVE_TOLERANCE, ABSOLUTE_TOLERANCE = 1e-6, 1e-10
SAMPLE_LIMIT, PARAMETER_LIMIT, PRODUCT_LIMIT = 10, 500, 50_000


@dataclass(frozen=True)
class CheckRow:
    """One parameter's gradient, three times.

    `difference` is the larger distance of the analytic gradient from the other two, relative to their size
    plus 1e-4·max(1, |L|): the gradients agree where it is at most 1e-6. `central` and `autodiff` are None
    where they are not finite; "not-differentiable" says that the stencil crosses a kink of an activation
    function, or that the analytic gradient itself is not finite.
    """

    element: str
    analytic: float
    central: float | None
    autodiff: float | None
    difference: float
    verdict: Verdict


@dataclass(frozen=True)
class Verification:
    """The check of step k's gradient, taken where the optimizer takes it.

    `loss` is the objective: the loss of those `samples` (rows of the data set) and the penalties. `subset`
    says that not every sample of the batch or not every parameter was checked: a seeded choice was, as a
    batch of its own.
    """

    step: int
    samples: tuple[int, ...]
    checked: int
    parameters: int
    subset: bool
    loss: float
    rows: tuple[CheckRow, ...]
    largest_relative_difference: float
    verdict: Verdict


def verify(problem: Problem, snapshot: Snapshot) -> Verification:
    """Return the gradient check of the step that `snapshot` is about to make: of its objective.

    Penalties are part of it, and the masks of dropout are those that the step will draw; clipping, which
    comes after the gradient, is not.

    At most 10 samples (fewer for a large network) and 500 parameters are checked; biases that are not trained
    have no gradient and are left out.
    """
    network, spec = problem.network, problem.training.optimizer
    optimizer = OPTIMIZERS.get(spec.name)
    settings = complete_parameters(optimizer.parameters, spec.parameters)
    state = {name: np.where(problem.frozen, 0.0, snapshot.optimizer_state[name]) for name in optimizer.state}
    candidates = np.flatnonzero(network.trainable_mask())
    rows = snapshot.next_rows(problem)
    sample_limit = max(1, min(SAMPLE_LIMIT, PRODUCT_LIMIT // network.parameter_count))
    subset = len(rows) > sample_limit or len(candidates) > PARAMETER_LIMIT
    generator = np.random.default_rng(snapshot.step)
    places = _choose(np.arange(len(rows)), sample_limit, generator)
    samples = rows[places]
    positions = _choose(candidates, PARAMETER_LIMIT, generator)
    with np.errstate(all="ignore"):
        point = optimizer.gradient_point(snapshot.vector, state, settings)
        inputs, targets = problem.data.inputs[samples], problem.data.targets[samples]
        masks = tuple(mask[places] for mask in step_masks(problem, snapshot, len(rows)))
        computed = Pass(problem, point, inputs, targets, masks)
        analytic, loss = computed.objective_gradient, computed.objective
        autodiff = graph_gradient(computed, positions)
        checks = tuple(
            _check(computed, int(position), float(analytic[position]), autodiff[int(position)], loss)
            for position in positions
        )
    measured = [check.difference for check in checks if check.verdict != "not-differentiable"]
    return Verification(
        step=snapshot.step,
        samples=tuple(int(row) for row in samples),
        checked=len(checks),
        parameters=len(candidates),
        subset=subset,
        loss=loss,
        rows=checks,
        largest_relative_difference=max(measured, default=0.0),
        verdict=_overall(checks),
    )


def _choose(values: Order, limit: int, generator: np.random.Generator) -> Order:
    if len(values) <= limit:
        return values
    return values[np.sort(generator.permutation(len(values))[:limit])]


def _overall(checks: tuple[CheckRow, ...]) -> Verdict:
    verdicts = {check.verdict for check in checks}
    if "differ" in verdicts:
        return "differ"
    return "agree" if "agree" in verdicts or not checks else "not-differentiable"


def _check(computed: Pass, position: int, analytic: float, autodiff: float, loss: float) -> CheckRow:
    network = computed.problem.network
    element = network.element(position)
    central, smooth = central_difference(computed, position)
    others = [central, autodiff]

    def difference() -> float:
        floor = ABSOLUTE_TOLERANCE / RELATIVE_TOLERANCE * max(1.0, abs(loss))
        distances = [
            abs(analytic - other) / (max(abs(analytic), abs(other)) + floor)
            for other in others
            if np.isfinite(other)
        ]
        return max(distances, default=float("inf"))

    if smooth and np.isfinite(analytic) and difference() > RELATIVE_TOLERANCE:
        # Where f''' is large the plain difference is the less exact one; a wrong gradient fails the finer
        # one too.
        others[0], smooth = fourth_order_difference(computed, position)
    verdict: Verdict
    if not smooth or not np.isfinite(analytic):
        verdict = "not-differentiable"
    elif np.isfinite(others[0]) and difference() <= RELATIVE_TOLERANCE:
        verdict = "agree"
    else:
        verdict = "differ"
    found = [float(other) if np.isfinite(other) else None for other in others]
    return CheckRow(element, analytic, found[0], found[1], difference(), verdict)


# --- differences --------------------------------------------------------------------------------------------


def central_difference(computed: Pass, position: int) -> tuple[float, bool]:
    """Return (L(θ+h) − L(θ−h)) / 2h with h = 1e-5, and whether no neuron crossed a kink on the way."""
    (high, low), smooth = _losses_at(computed, position, (STEP, -STEP))
    return (high - low) / (2.0 * STEP), smooth


def fourth_order_difference(computed: Pass, position: int) -> tuple[float, bool]:
    """Return the five-point difference and whether no neuron crossed a kink on the way.

    h is 1e-4 over the largest |input| of the parameter's product, where that exceeds 1.
    Source: Abramowitz and Stegun 1964, formula 25.3.6.
    """
    kind, layer, *indices = computed.problem.network.element(position).split(".")
    size = 1.0
    if kind == "w":
        inputs = computed.inputs if layer == "1" else computed.layers[int(layer) - 2].activation
        size = max(1.0, float(np.abs(inputs[:, int(indices[0])]).max()))
    h = REFINED_STEP / size
    (far, high, low, back), smooth = _losses_at(computed, position, (2 * h, h, -h, -2 * h))
    return (8.0 * (high - low) - (far - back)) / (12.0 * h), smooth


def _losses_at(computed: Pass, position: int, offsets: tuple[float, ...]) -> tuple[list[float], bool]:
    problem = computed.problem
    sides = list(_sides(problem, computed.vector, computed.layers))
    losses, smooth = [], True
    for offset in offsets:
        vector = computed.vector.copy()
        vector[position] += offset
        moved = replace(computed, vector=vector)
        losses.append(moved.objective)
        for before, after in zip(sides, _sides(problem, vector, moved.layers), strict=True):
            smooth = smooth and bool((before == after).all())
    return losses, smooth


def _sides(problem: Problem, vector: Array, layers: list[Passed]) -> Iterator[Array]:
    """Yield on which side of each kink every net input lies, and every weight with a penalty that has one."""
    for layer, passed in zip(problem.network.layers, layers, strict=True):
        for kink in ACTIVATIONS.get(layer.activation).kinks:
            sides = np.sign(passed.net_input - kink)
            # What a dropped neuron computes reaches nothing.
            yield sides if passed.mask is None else np.where(passed.mask == 0.0, 0.0, sides)
    for penalty in PENALTIES:
        if getattr(problem.training.regularization, penalty.name):
            for kink in penalty.kinks:
                yield np.sign(vector - kink) * problem.network.weight_mask()
