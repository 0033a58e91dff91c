"""Forward and backward propagation as a reader of the lecture would write them, filling a Trace.

Sample-major arrays: X (B, n_in), z = X W + b, delta = dL/dz (B, n_out). core.plan computes the same step
faster; a property test holds the two equal. Non-finite numbers are legitimate data of a step that diverges:
nothing here warns of them.
"""

from core.propagation.forward import Passed, forward, predict, sample_losses, set_loss
from core.propagation.passes import Pass, penalties_at, step_masks
from core.propagation.tracing import explain

__all__ = [
    "Pass",
    "Passed",
    "explain",
    "forward",
    "penalties_at",
    "predict",
    "sample_losses",
    "set_loss",
    "step_masks",
]
