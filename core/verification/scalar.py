"""The objective of a batch as one scalar graph, differentiated by the graph's own gates."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from core.activations import ACTIVATIONS
from core.graph import Graph
from core.losses import LOSSES, batch_factor, factor
from core.network import Parameters
from core.penalties import PENALTIES
from core.propagation import Pass
from core.registry import complete_parameters
from core.snapshot import Order, Problem


def graph_gradient(computed: Pass, positions: Order) -> dict[int, float]:
    """Return the gradient of the objective at `positions` of the flat vector, by reverse differentiation.

    One scalar graph holds the whole batch, so every use of a parameter is an edge whose contributions are
    summed.
    """
    graph, problem = Graph(), computed.problem
    wanted = set(positions.tolist())
    nodes = [
        graph.variable(problem.network.element(place), value) if place in wanted else graph.constant(value)
        for place, value in enumerate(computed.vector.tolist())
    ]
    total = graph.constant(0.0)
    rows = zip(computed.inputs.tolist(), computed.targets.tolist(), strict=True)
    for place, (sample, target) in enumerate(rows):
        masks = [mask[place].tolist() for mask in computed.masks]
        total = graph.apply("add", total, _sample_loss(graph, problem, nodes, sample, target, masks))
    scale = batch_factor(problem.training.loss, len(computed.inputs)) * factor(
        problem.training.loss, problem.network.outputs
    )
    objective = graph.apply("multiply", graph.constant(scale), total)
    for penalty in _penalties(graph, problem, nodes):
        objective = graph.apply("add", objective, penalty)
    gradients = graph.backward(objective)
    return {place: gradients[nodes[place]] for place in wanted}


def _penalties(graph: Graph, problem: Problem, nodes: list[int]) -> Iterator[int]:
    """Add every penalty on every weight and yield their nodes."""
    weights = np.flatnonzero(problem.network.weight_mask()).tolist()
    for penalty in PENALTIES:
        coefficient = getattr(problem.training.regularization, penalty.name)
        if coefficient:
            shares = [graph.expression(penalty.expression, {"w": nodes[place]}) for place in weights]
            yield graph.apply("multiply", graph.constant(coefficient), _sum(graph, shares))


def _sample_loss(
    graph: Graph,
    problem: Problem,
    nodes: list[int],
    sample: list[float],
    target: list[float],
    masks: list[list[float]],
) -> int:
    """Add one sample's forward pass and unscaled loss; return its node. `masks` are the hidden layers'."""
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
            if index <= len(masks):
                activations = [
                    graph.apply("multiply", value, graph.constant(factor))
                    for value, factor in zip(activations, masks[index - 1], strict=True)
                ]
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
