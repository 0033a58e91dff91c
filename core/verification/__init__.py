"""The gradient check: the analytic gradient beside a central difference and a scalar computational graph.

The graph knows the activation and loss functions only as the expressions of their entries and differentiates
them with its own gates, so that a wrong derivative in an entry cannot agree with itself.
"""

from core.verification.checks import CheckRow, Verdict, Verification, verify
from core.verification.scalar import graph_gradient

__all__ = ["CheckRow", "Verdict", "Verification", "graph_gradient", "verify"]
