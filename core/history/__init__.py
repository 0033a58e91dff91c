"""The history of a session in bounded memory: the tree of what was done, its checkpoints, its curves."""

from core.history.branches import Chain, branch_name, chains
from core.history.checkpoints import Checkpoints
from core.history.curve import LossCurve
from core.history.metrics import MetricCurve
from core.history.timeline import ROOT, Segment, Stretch, Timeline

__all__ = [
    "ROOT",
    "Chain",
    "Checkpoints",
    "LossCurve",
    "MetricCurve",
    "Segment",
    "Stretch",
    "Timeline",
    "branch_name",
    "chains",
]
