"""The layers told entry by entry, one matrix a group: forward, loss, and the gradients on the way back."""

from __future__ import annotations

from core.lab import Explanation
from core.layers.backward import gradients, output, slopes
from core.layers.forward import activation, affine, loss
from core.layers.writing import Writer
from core.snapshot import Problem
from core.trace import Trace
from core.verification import Verification


def tell(problem: Problem, trace: Trace, verification: Verification | None) -> Explanation:
    """Return the batch's forward pass, loss and backward pass, one entry of a matrix a line.

    References are the layer view's: "z.1.0.2" is the entry of sample 0, neuron 2 of layer 1, "g" before it
    ∂L/∂z. Of a large network only the first entries of each matrix are told. `verification` is of the very
    same batch, or None.
    """
    w = Writer(problem, trace)
    for layer in trace.layers:
        affine(w, layer)
        activation(w, layer)
    loss(w)
    output(w)
    for layer in reversed(trace.layers):
        if layer.layer < w.last or not w.fused:
            slopes(w, layer)
        gradients(w, layer)
    for row in verification.rows if verification is not None else ():
        if row.central is not None and f"g{row.element}" in w.named:
            w.book.check(
                row.element,
                row.analytic,
                row.central,
                row.autodiff,
                scale=verification.loss if verification is not None else 1.0,
                kink=row.verdict == "not-differentiable",
            )
    return w.book.done()
