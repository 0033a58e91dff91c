"""Activation functions, one entry each."""

from core.activations.records import SMALL, Activation, InPlace, constant
from core.activations.table import ACTIVATIONS, sigmoid

__all__ = ["ACTIVATIONS", "SMALL", "Activation", "InPlace", "constant", "sigmoid"]
