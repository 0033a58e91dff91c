"""The perceptron lab: one neuron, its dividing line, two learning rules, and XOR from three neurons."""

from core.perceptron.composition import BY_HAND, GATES, Composition, compose, network_body
from core.perceptron.learning import MAXIMUM_EPOCHS, Path, Setting, run
from core.perceptron.plane import LARGEST_PARAMETER, Line, Neuron, Window, line_of, moved, through, window_of
from core.perceptron.presets import PRESETS
from core.perceptron.rules import RULES, Rule
from core.perceptron.separability import Separability, most_corrections, separability
from core.perceptron.tables import LARGEST_INPUT, MAXIMUM_SAMPLES, TABLES, Samples, TruthTable, own_samples

__all__ = [
    "BY_HAND",
    "GATES",
    "LARGEST_INPUT",
    "LARGEST_PARAMETER",
    "MAXIMUM_EPOCHS",
    "MAXIMUM_SAMPLES",
    "PRESETS",
    "RULES",
    "TABLES",
    "Composition",
    "Line",
    "Neuron",
    "Path",
    "Rule",
    "Samples",
    "Separability",
    "Setting",
    "TruthTable",
    "Window",
    "compose",
    "line_of",
    "most_corrections",
    "moved",
    "network_body",
    "own_samples",
    "run",
    "separability",
    "through",
    "window_of",
]
