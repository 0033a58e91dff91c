"""Formulas as terms: derivatives by the rules of calculus, TeX, and fast evaluation.

It differentiates on paper what `core.graph` differentiates by passing numbers back; neither knows of the
other's way, so that each can prove the other.
"""

from core.symbolic.formula import CONSTANTS, Formula, formula

__all__ = ["CONSTANTS", "Formula", "formula"]
