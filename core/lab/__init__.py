"""What all labs share: explanations made of micro-steps, their proof, the check of a learner's numbers."""

from core.lab.answers import check_answers
from core.lab.notebook import Notebook
from core.lab.presets import LabChoice, LabPreset
from core.lab.records import GRANULARITIES, Explanation, GradientCheck, Granularity, Quantity, derivative

__all__ = [
    "GRANULARITIES",
    "Explanation",
    "GradientCheck",
    "Granularity",
    "LabChoice",
    "LabPreset",
    "Notebook",
    "Quantity",
    "check_answers",
    "derivative",
]
