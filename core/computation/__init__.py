"""The Graph lab: an expression as its graph of gates, told forward node by node and backward edge by edge.

It stands on the gates and the parser of core.graph, which stays the independent oracle.
"""

from core.computation.presets import OPENING, PRESETS
from core.computation.proof import Proof, oracle, prove
from core.computation.reading import PARTS, Reading, read
from core.computation.records import GraphNode, Wire, Wiring
from core.computation.telling import tell
from core.computation.values import check_unfolded, complete_values
from core.computation.wiring import COPY, wire_up, written

__all__ = [
    "COPY",
    "OPENING",
    "PARTS",
    "PRESETS",
    "GraphNode",
    "Proof",
    "Reading",
    "Wire",
    "Wiring",
    "check_unfolded",
    "complete_values",
    "oracle",
    "prove",
    "read",
    "tell",
    "wire_up",
    "written",
]
