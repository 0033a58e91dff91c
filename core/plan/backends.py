"""Who makes a plan: the one place where another way of computing a step would be chosen."""

from __future__ import annotations

from typing import Protocol

from core.network import NetworkSpec, TrainingSpec
from core.plan.buffers import Buffer, Step, Workspace
from core.plan.compiled import CompiledPlan


class Plan(Protocol):
    """One training step for batches of one length, on the vectors of one Workspace."""

    def bind(self, x: Buffer, t: Buffer) -> Step:
        """Return what makes updates on the batch that stands in `x` and `t` whenever it runs.

        `x` (n_in + 1, B) holds the negated inputs and a last row of -1, `t` (n_out, B) the targets.
        """

    @property
    def nbytes(self) -> int:
        """How many bytes its own arrays take."""


class Backend(Protocol):
    """Makes a plan for batches of `length` samples, or returns None for what it cannot compute.

    `unit_targets` says that every target row sums to exactly 1.
    """

    def __call__(
        self, network: NetworkSpec, training: TrainingSpec, work: Workspace, length: int, unit_targets: bool
    ) -> Plan | None: ...


# Asked in this order; the last one computes everything.
BACKENDS: list[Backend] = [CompiledPlan]


def build_plan(
    network: NetworkSpec, training: TrainingSpec, work: Workspace, length: int, unit_targets: bool
) -> Plan:
    """Return the plan of the first backend that has one."""
    plans = (backend(network, training, work, length, unit_targets) for backend in BACKENDS)
    return next(plan for plan in plans if plan is not None)
