"""The gradients of softmax with cross-entropy beside difference quotients and the scalar graph."""

from __future__ import annotations

from dataclasses import replace
from functools import partial, reduce

from core.graph import Graph
from core.lab import Notebook
from core.scores.curves import difference_quotient
from core.scores.settings import SoftmaxSettings
from core.scores.softmax import Softmax, cross_entropy, scores_of


def prove(book: Notebook, settings: SoftmaxSettings, found: Softmax) -> None:
    """Note every derivative of the loss by a score and by a weight, computed in three ways.

    At a temperature below 1 the loss bends within a score of T (a weight of T/|x|): differences are taken
    over a part of that, and compared on its scale.
    """
    # Scores are rounded by their own size, however small the loss is.
    size, temperature = max(1.0, found.loss, float(abs(found.scaled).max())), settings.temperature
    gradients = graph_gradients(settings, found)

    def by_score(k: int, z: float) -> float:
        scores = found.scores.copy()
        scores[k] = z
        return float(cross_entropy(scores, found.target, temperature))

    def by_weight(i: int, k: int, w: float) -> float:
        rows = [list(row) for row in settings.weights]
        rows[i][k] = w
        changed = replace(settings, weights=tuple(map(tuple, rows)))
        return float(cross_entropy(scores_of(changed), found.target, temperature))

    length = min(1.0, temperature)
    for k, score in enumerate(found.scores.tolist()):
        central = difference_quotient(partial(by_score, k), score, size, length)
        book.check(f"z.{k}", found.gradient[k], central, gradients[f"z.{k}"], scale=size / length)
    if found.weight_gradient is None:
        return
    for i, row in enumerate(settings.weights):
        length = min(1.0, temperature / max(abs(settings.inputs[i]), 1e-9))
        for k, weight in enumerate(row):
            name = f"w.{i}.{k}"
            central = difference_quotient(partial(by_weight, i, k), weight, size, length)
            book.check(name, found.weight_gradient[i, k], central, gradients[name], scale=size / length)


def graph_gradients(settings: SoftmaxSettings, found: Softmax) -> dict[str, float]:
    """Return the derivative of the loss by every score and weight, by the graph's own gates.

    The shift by the largest score is a constant there: it cancels.
    """
    graph = Graph()
    nodes: dict[str, int] = {}
    scores = []
    for k in range(settings.classes):
        if settings.source == "scores":
            nodes[f"z.{k}"] = graph.variable(f"z.{k}", settings.scores[k])
        else:
            products = []
            for i, x in enumerate(settings.inputs):
                nodes[f"w.{i}.{k}"] = graph.variable(f"w.{i}.{k}", settings.weights[i][k])
                products.append(graph.apply("multiply", graph.constant(x), nodes[f"w.{i}.{k}"]))
            nodes[f"z.{k}"] = _sum(graph, products)
        scores.append(graph.apply("divide", nodes[f"z.{k}"], graph.constant(settings.temperature)))
    shift = graph.constant(max(graph.value(score) for score in scores))
    shifted = [graph.apply("subtract", score, shift) for score in scores]
    logarithm = graph.apply("log", _sum(graph, [graph.apply("exp", u) for u in shifted]))
    # −t ln y with ln y = u − ln S, which holds where y itself has rounded to 0.
    parts = [
        graph.expression("-t*v", {"t": graph.constant(t), "v": graph.apply("subtract", u, logarithm)})
        for t, u in zip(found.target.tolist(), shifted, strict=True)
    ]
    gradients = graph.backward(_sum(graph, parts))
    return {name: gradients[node] for name, node in nodes.items()}


def _sum(graph: Graph, nodes: list[int]) -> int:
    return reduce(lambda first, second: graph.apply("add", first, second), nodes)
