"""Activation functions, one entry each."""

from core.activations.records import Activation, InPlace, constant
from core.activations.table import ACTIVATIONS, sigmoid

__all__ = ["ACTIVATIONS", "Activation", "InPlace", "constant", "sigmoid"]
