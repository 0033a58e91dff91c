"""The losses lab: softmax, cross-entropy, likelihood, and which loss moves a saturated neuron."""

from core.scores.binary import Binary, explain_binary, explore_binary
from core.scores.curves import Curve, negative_log_curve
from core.scores.likelihood import Likelihood, explain_likelihood, explore_likelihood
from core.scores.presets import PRESETS
from core.scores.saturated import Saturated, explore_saturated
from core.scores.saturated_told import explain_saturated
from core.scores.settings import (
    LARGEST_INPUT,
    LARGEST_NET_INPUT,
    LARGEST_SCORE,
    LARGEST_WEIGHT,
    MAXIMUM_CLASSES,
    MAXIMUM_INPUTS,
    MAXIMUM_MODELS,
    MAXIMUM_POINTS,
    MAXIMUM_RATE,
    MAXIMUM_STEPS,
    TEMPERATURES,
    TOPICS,
    BinarySettings,
    LikelihoodSettings,
    SaturatedSettings,
    SoftmaxSettings,
    Topic,
)
from core.scores.softmax import Softmax, explore_softmax
from core.scores.softmax_told import explain_softmax

__all__ = [
    "LARGEST_INPUT",
    "LARGEST_NET_INPUT",
    "LARGEST_SCORE",
    "LARGEST_WEIGHT",
    "MAXIMUM_CLASSES",
    "MAXIMUM_INPUTS",
    "MAXIMUM_MODELS",
    "MAXIMUM_POINTS",
    "MAXIMUM_RATE",
    "MAXIMUM_STEPS",
    "PRESETS",
    "TEMPERATURES",
    "TOPICS",
    "Binary",
    "BinarySettings",
    "Curve",
    "Likelihood",
    "LikelihoodSettings",
    "Saturated",
    "SaturatedSettings",
    "Softmax",
    "SoftmaxSettings",
    "Topic",
    "explain_binary",
    "explain_likelihood",
    "explain_saturated",
    "explain_softmax",
    "explore_binary",
    "explore_likelihood",
    "explore_saturated",
    "explore_softmax",
    "negative_log_curve",
]
