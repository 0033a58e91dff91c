"""The gradient check: the analytic gradient beside a central difference and a scalar computational graph.

The graph knows the activation and loss functions only as the expressions of their entries and differentiates
them with its own gates, so that a wrong derivative in an entry cannot agree with itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.activations import ACTIVATIONS
from core.graph import Graph
from core.losses import LOSSES, batch_factor, batch_loss, factor, loss_parts
from core.network import Array, NetworkSpec, Parameters
from core.optimizers import OPTIMIZERS
from core.propagation import Pass, predict
from core.registry import complete_parameters
from core.snapshot import Order, Problem, Snapshot

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

    `samples` are the rows of the data set whose loss is differentiated. `subset` says that not every sample
    of the batch or not every parameter was checked: a seeded choice was, as a batch of its own.
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
    """Return the gradient check of the step that `snapshot` is about to make.

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
    samples = _choose(rows, sample_limit, generator)
    positions = _choose(candidates, PARAMETER_LIMIT, generator)
    with np.errstate(all="ignore"):
        point = optimizer.gradient_point(snapshot.vector, state, settings)
        inputs, targets = problem.data.inputs[samples], problem.data.targets[samples]
        computed = Pass(problem, point, inputs, targets)
        analytic, loss = computed.gradient, computed.loss
        autodiff = graph_gradient(problem, point, inputs, targets, positions)
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
        inputs = computed.inputs if layer == "1" else computed.layers[int(layer) - 2][1]
        size = max(1.0, float(np.abs(inputs[:, int(indices[0])]).max()))
    h = REFINED_STEP / size
    (far, high, low, back), smooth = _losses_at(computed, position, (2 * h, h, -h, -2 * h))
    return (8.0 * (high - low) - (far - back)) / (12.0 * h), smooth


def _losses_at(computed: Pass, position: int, offsets: tuple[float, ...]) -> tuple[list[float], bool]:
    problem = computed.problem
    sides = list(_sides(problem.network, computed.layers))
    losses, smooth = [], True
    for offset in offsets:
        vector = computed.vector.copy()
        vector[position] += offset
        layers = predict(problem.network, vector, computed.inputs)
        net_input, activation = layers[-1]
        parts = loss_parts(problem.training.loss, activation, computed.targets, net_input)
        losses.append(batch_loss(problem.training.loss, parts.sum(axis=1)))
        for before, after in zip(sides, _sides(problem.network, layers), strict=True):
            smooth = smooth and bool((before == after).all())
    return losses, smooth


def _sides(network: NetworkSpec, layers: list[tuple[Array, Array]]) -> Iterator[Array]:
    """Yield on which side of each kink every net input lies."""
    for layer, (net_input, _) in zip(network.layers, layers, strict=True):
        for kink in ACTIVATIONS.get(layer.activation).kinks:
            yield np.sign(net_input - kink)


# --- the scalar graph ---------------------------------------------------------------------------------------


def graph_gradient(
    problem: Problem,
    vector: Array,
    inputs: Array,
    targets: Array,
    positions: Order,
) -> dict[int, float]:
    """Return the gradient of the batch's loss at `positions` of the flat vector, by reverse differentiation.

    One scalar graph holds the whole batch, so every use of a parameter is an edge whose contributions are
    summed.
    """
    graph = Graph()
    wanted = set(positions.tolist())
    nodes = [
        graph.variable(problem.network.element(place), value) if place in wanted else graph.constant(value)
        for place, value in enumerate(vector.tolist())
    ]
    total = graph.constant(0.0)
    for sample, target in zip(inputs.tolist(), targets.tolist(), strict=True):
        total = graph.apply("add", total, _sample_loss(graph, problem, nodes, sample, target))
    scale = batch_factor(problem.training.loss, len(inputs)) * factor(
        problem.training.loss, problem.network.outputs
    )
    gradients = graph.backward(graph.apply("multiply", graph.constant(scale), total))
    return {place: gradients[nodes[place]] for place in wanted}


def _sample_loss(
    graph: Graph, problem: Problem, nodes: list[int], sample: list[float], target: list[float]
) -> int:
    """Add one sample's forward pass and unscaled loss; return its node."""
    network = problem.network
    places = Parameters(network, np.arange(len(nodes), dtype=np.float64))
    activations = [graph.constant(value) for value in sample]
    net_inputs: list[int] = []
    for index, layer in enumerate(network.layers, start=1):
        weights, bias = places.weights(index), places.bias(index)
        net_inputs = []
        for unit in range(layer.units):
            products = [
                graph.apply("multiply", nodes[int(weights[row, unit])], activation)
                for row, activation in enumerate(activations)
            ]
            if bias is not None:
                products.append(nodes[int(bias[unit])])
            net_inputs.append(_sum(graph, products))
        entry = ACTIVATIONS.get(layer.activation)
        settings = complete_parameters(entry.parameters, layer.activation_parameters)
        if entry.expression:
            names = {name: graph.constant(value) for name, value in settings.items()}
            activations = [graph.expression(entry.expression, {**names, "z": z}) for z in net_inputs]
        else:
            exponentials, total = _exponentials(graph, net_inputs)
            activations = [graph.apply("divide", exponential, total) for exponential in exponentials]
    known = [graph.constant(value) for value in target]
    return _sum(graph, _output_losses(graph, problem, net_inputs, activations, known))


def _output_losses(
    graph: Graph, problem: Problem, net_inputs: list[int], activations: list[int], targets: list[int]
) -> list[int]:
    loss = LOSSES.get(problem.training.loss.name)
    if loss.name == "categorical_cross_entropy":
        # ln a = z − m − ln Σ e^(z−m): the logarithm of a probability that may have rounded to 0.
        logarithm = graph.apply("log", _exponentials(graph, net_inputs)[1])
        shift = graph.constant(max(graph.value(z) for z in net_inputs))
        logs = [graph.apply("subtract", graph.apply("subtract", z, shift), logarithm) for z in net_inputs]
        products = [graph.apply("multiply", t, log) for t, log in zip(targets, logs, strict=True)]
        return [graph.apply("negate", product) for product in products]
    text = loss.net_expression or loss.expression
    return [
        graph.expression(text, {"a": a, "t": t, "z": z})
        for a, t, z in zip(activations, targets, net_inputs, strict=True)
    ]


def _exponentials(graph: Graph, net_inputs: list[int]) -> tuple[list[int], int]:
    """Add e^(z−m) of every output and their sum; m is the largest z, a constant that cancels."""
    shift = graph.constant(max(graph.value(z) for z in net_inputs))
    exponentials = [graph.apply("exp", graph.apply("subtract", z, shift)) for z in net_inputs]
    return exponentials, _sum(graph, exponentials)


def _sum(graph: Graph, nodes: list[int]) -> int:
    total = nodes[0]
    for node in nodes[1:]:
        total = graph.apply("add", total, node)
    return total
