"""The history of a session in bounded memory: the tree of what was done, its checkpoints, its loss curve."""

from core.history.branches import Chain, branch_name, chains
from core.history.checkpoints import Checkpoints
from core.history.curve import LossCurve
from core.history.timeline import ROOT, Segment, Stretch, Timeline

__all__ = [
    "ROOT",
    "Chain",
    "Checkpoints",
    "LossCurve",
    "Segment",
    "Stretch",
    "Timeline",
    "branch_name",
    "chains",
]
