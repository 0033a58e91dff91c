"""The scalar computational graph: parse, forward, backward, with every edge's share of the gradient.

It is the independent oracle of the analytic gradients, so it knows nothing of activations, losses or
networks: it differentiates the formulas that their entries carry as text, by its own gates.
"""

from core.graph.computation import Edge, Gradients, Graph, Node, from_expression
from core.graph.gates import GATES, Gate
from core.graph.parsing import MAXIMUM_CHARACTERS, MAXIMUM_DEPTH, MAXIMUM_NODES, parse

__all__ = [
    "GATES",
    "MAXIMUM_CHARACTERS",
    "MAXIMUM_DEPTH",
    "MAXIMUM_NODES",
    "Edge",
    "Gate",
    "Gradients",
    "Graph",
    "Node",
    "from_expression",
    "parse",
]
