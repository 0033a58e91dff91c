"""Slips of the loss: its conventions (½, sum or mean), its square, its logarithm; and at the first factor."""

from __future__ import annotations

import math

from core.answers.forward import missing_terms, neighbours
from core.answers.records import Mutant, Mutants
from core.answers.setting import CROWD, Setting

_ENTROPIES = frozenset({"binary_cross_entropy", "categorical_cross_entropy"})


def loss(s: Setting, *output: int) -> Mutants:
    """Yield the slips of one output's part of the loss, or of the sample's whole loss."""
    if not output and s.network.outputs > 1:
        yield from _total(s)
        return
    k = output[0] if output else 0
    at = f"e.{k}" if output else "e"
    value, a, t = s.numbers[at], s.numbers[f"a.{s.last}.{k}"], s.numbers[f"t.{k}"]
    yield from _conventions(s, at, value)
    if s.loss.name == "squared_error":
        yield Mutant("square_forgotten", s.factor * (t - a), at, "", at)
        yield Mutant("square_forgotten", s.factor * (a - t), at, "", at)
        yield Mutant(
            "net_input_for_activation",
            s.part_at_net_input(k),
            at,
            f"z.{s.last}.{k}",
            f"a.{s.last}.{k}",
        )
        yield Mutant("target_for_output", s.factor * t * t, at, f"t.{k}", f"a.{s.last}.{k}")
    yield Mutant("gradient_for_loss", s.numbers[f"up.{s.last}.{k}"], at, f"up.{s.last}.{k}", at)
    if s.loss.name in _ENTROPIES:
        yield Mutant("logarithm_base_ten", value / math.log(10.0), at, "", at)
        yield Mutant("logarithm_base_two", value / math.log(2.0), at, "", at)
    if s.loss.name == "binary_cross_entropy" and 0.0 < a < 1.0:
        for part in (-s.factor * t * math.log(a), -s.factor * (1.0 - t) * math.log(1.0 - a)):
            if part != 0.0:
                yield Mutant("entropy_term_missing", part, at, "", at)
    if output:
        yield from neighbours(s, at, [f"e.{m}" for m in s.others(s.last, k)])


def _total(s: Setting) -> Mutants:
    value = s.numbers["e"]
    yield from _conventions(s, "e", value)
    yield from missing_terms(s, "e", [f"e.{k}" for k in range(s.network.outputs)], value)
    if s.batch > 1:
        yield Mutant("batch_for_sample", s.numbers["eb"], "e", "eb", "e")


def batch_loss(s: Setting) -> Mutants:
    """Yield the slips of the batch's loss, made from its samples' losses."""
    value = s.numbers["eb"]
    yield from combination(s, "eb", value)
    rows = [f"es.{row}" for row in s.trace.batch]
    yield Mutant("sample_for_batch", s.numbers["e"], "eb", "e", "eb")
    share = s.trace.batch_factor
    for term in rows if s.batch <= CROWD else ():
        yield Mutant("sample_missing", value - share * s.numbers[term], "eb", "", term)
    yield from _conventions(s, "eb", value)


def combination(s: Setting, at: str, value: float, onto: float = 0.0) -> Mutants:
    """Yield the sum over the batch for its mean or the mean for its sum; `onto` is added to both."""
    if s.batch > 1:
        if s.loss.batch == "mean":
            yield Mutant("samples_summed", onto + value * s.batch, at, "", at)
        else:
            yield Mutant("samples_averaged", onto + value / s.batch, at, "", at)


def _conventions(s: Setting, at: str, value: float) -> Mutants:
    if s.loss.name == "squared_error":
        if s.loss.coefficient == 0.5:
            yield Mutant("half_forgotten", 2.0 * value, at, "", at)
        else:
            yield Mutant("half_put_in", 0.5 * value, at, "", at)
    yield from _reduction(s, at, value)


def _reduction(s: Setting, at: str, value: float) -> Mutants:
    if s.network.outputs > 1:
        if s.loss.outputs == "mean":
            yield Mutant("outputs_summed", value * s.network.outputs, at, "", at)
        else:
            yield Mutant("outputs_averaged", value / s.network.outputs, at, "", at)


def output_factor(s: Setting, k: int) -> Mutants:
    """Yield the slips of ∂E/∂a at output k."""
    n, at = s.numbers, f"up.{s.last}.{k}"
    value = n[at]
    yield from output_difference(s, at, value)
    used, due = f"z.{s.last}.{k}", f"a.{s.last}.{k}"
    yield Mutant("net_input_for_activation", s.loss_slope_at_net_input(k), at, used, due)
    part = f"e.{k}" if s.network.outputs > 1 else "e"
    yield Mutant("loss_for_gradient", n[part], at, part, at)
    yield Mutant("delta_for_upstream", n[f"d.{s.last}.{k}"], at, f"d.{s.last}.{k}", at)
    yield from early_batch_factor(s, at, value)
    yield from neighbours(s, at, [f"up.{s.last}.{m}" for m in s.others(s.last, k)])


def output_difference(s: Setting, at: str, value: float) -> Mutants:
    """Yield the slips of the difference between output and target: its sign, its factor."""
    yield Mutant("target_minus_output", -value, at, "", at)
    if s.loss.name == "squared_error":
        if s.loss.coefficient == 0.5:
            yield Mutant("two_not_cancelled", 2.0 * value, at, "", at)
        else:
            yield Mutant("two_forgotten", 0.5 * value, at, "", at)
    yield from _reduction(s, at, value)


def early_batch_factor(s: Setting, at: str, value: float) -> Mutants:
    """Yield a sample's number with the batch's mean taken already."""
    if s.batch > 1 and s.loss.batch == "mean":
        yield Mutant("batch_factor_early", value / s.batch, at, "", at)
