"""What all labs share: explanations made of micro-steps, their proof, the check of a learner's numbers."""

from core.lab.answers import check_answers
from core.lab.notebook import Notebook
from core.lab.presets import LabPreset
from core.lab.records import GRANULARITIES, Explanation, GradientCheck, Granularity, Quantity, derivative

__all__ = [
    "GRANULARITIES",
    "Explanation",
    "GradientCheck",
    "Granularity",
    "LabPreset",
    "Notebook",
    "Quantity",
    "check_answers",
    "derivative",
]
