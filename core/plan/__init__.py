"""The compiled training step: bound array calls on fixed buffers. Nothing else moves parameters.

At the sizes of a lesson the dispatch of a call costs more than its arithmetic, so a step is a flat list of
calls whose arguments are bound once for a network, a loss, an optimizer and a batch length; at the sizes of a
benchmark the same list leaves nearly all the time to the matrix products. core.propagation computes the same
step in the order of the lecture; a property test holds the two equal.
"""

from core.plan.backends import BACKENDS, Backend, Plan, build_plan
from core.plan.batches import Batches
from core.plan.buffers import Workspace
from core.plan.compiled import CompiledPlan, Evaluation, row_blocks

__all__ = [
    "BACKENDS",
    "Backend",
    "Batches",
    "CompiledPlan",
    "Evaluation",
    "Plan",
    "Workspace",
    "build_plan",
    "row_blocks",
]
