"""Slips of what stands between gradient and optimizer: penalties, the schedule's rate, clipping."""

from __future__ import annotations

from core.answers.forward import missing_terms
from core.answers.records import Mutant, Mutants
from core.answers.setting import CROWD, Setting
from core.network import Parameters
from core.penalties import PENALTIES


def _penalties(s: Setting) -> dict[str, float]:
    return {f"pen.{penalty.name}": penalty.value for penalty in s.trace.penalties}


def size(s: Setting, name: str) -> Mutants:
    """Yield the slips of Σ|w| or Σw²: biases counted, one weight left out."""
    at, n, penalty = f"size.{name}", s.numbers, PENALTIES.get(name)
    biases = 0.0
    parameters = Parameters(s.network, s.trace.point)
    for layer in range(1, s.last + 1):
        bias = parameters.bias(layer)
        biases += 0.0 if bias is None else float(penalty.size(bias).sum())
    if biases:
        yield Mutant("biases_penalised", n[at] + biases, at, "", at)
    weights = [
        s.weight(layer, i, j)
        for layer in range(1, s.last + 1)
        for j in range(s.width(layer))
        for i in range(s.width(layer - 1))
    ]
    if name == "l1":
        yield Mutant("size_forgotten", sum(s.all(weights)), at, "", at)
    for weight in weights if 1 < len(weights) <= CROWD else ():
        left = n[at] - (abs(n[weight]) if name == "l1" else n[weight] ** 2)
        if left:
            yield Mutant("term_missing", left, at, "", weight)


def penalty(s: Setting, name: str) -> Mutants:
    """Yield the slips of λ times the sum."""
    at, n, share = f"pen.{name}", s.numbers, PENALTIES.get(name).share
    if share != 1.0:
        yield Mutant("penalty_half_forgotten", n[at] / share, at, "", at)
    yield Mutant("coefficient_forgotten", share * n[f"size.{name}"], at, f"size.{name}", f"reg.{name}")
    yield Mutant("coefficient_forgotten", n[f"size.{name}"], at, f"size.{name}", f"reg.{name}")


def objective(s: Setting) -> Mutants:
    """Yield the slips of the loss plus the penalties."""
    loss = "eb" if s.batch > 1 else "e"
    added = _penalties(s)
    first = next(iter(added))
    yield Mutant("penalty_forgotten", s.numbers[loss], "obj", loss, first)
    yield from missing_terms(s, "obj", [loss, *added], s.numbers["obj"])
    yield Mutant("penalty_subtracted", s.numbers[loss] - sum(added.values()), "obj", "", first)


def objective_gradient(s: Setting, layer: int, i: int, j: int) -> Mutants:
    """Yield the slips of a weight's gradient with its penalty."""
    element = f"w.{layer}.{i}.{j}"
    at, n, loss = f"J{element}", s.numbers, s.loss_gradient(element)
    added = n[at] - n[loss]
    first = next(iter(_penalties(s)))
    yield Mutant("penalty_forgotten", n[loss], at, loss, first)
    yield Mutant("penalty_subtracted", n[loss] - added, at, "", first)
    weight = n[s.weight(layer, i, j)]
    for one in s.trace.penalties:
        if one.name == "l2":
            halved = n[at] - 0.5 * one.coefficient * weight
            yield Mutant("penalty_halved", halved, at, "", "reg.l2")
    yield Mutant("only_term", added, at, "", loss)


def clipped_gradient(s: Setting, *indices: int) -> Mutants:
    """Yield the slips of a gradient after clipping."""
    element = ".".join(("w" if len(indices) == 3 else "b", *map(str, indices)))
    at, given = f"C{element}", s.objective_gradient(element)
    yield Mutant("clipping_forgotten", s.numbers[given], at, given, at)
    if given[0] == "J":
        loss = s.loss_gradient(element)
        forgotten = s.clipped(s.numbers[loss])
        yield Mutant("penalty_forgotten", forgotten, given, loss, next(iter(_penalties(s))))


def clipping(s: Setting, name: str) -> Mutants:
    """Yield the slips of the gradient's norm, and of the factor that shortens it."""
    norm, factor, limit = s.numbers["clip.norm"], s.numbers["clip.factor"], s.numbers["clip.limit"]
    at = f"clip.{name}"
    if name == "norm":
        yield Mutant("root_forgotten", norm * norm, at, "", at)
        return
    if norm:
        if factor == 1.0:
            yield Mutant("shortens_only", limit / norm, at, "", at)
        yield Mutant("factor_inverted", norm / limit, at, "clip.norm", "clip.limit")


def rate(s: Setting) -> Mutants:
    """Yield the slips of the scheduled learning rate."""
    yield Mutant("schedule_forgotten", s.numbers["eta0"], "eta", "eta0", "eta")
    yield Mutant("epoch_off_by_one", s.rate_of(s.trace.epoch + 1), "eta", "", "epoch")
    if s.trace.epoch:
        yield Mutant("epoch_off_by_one", s.rate_of(s.trace.epoch - 1), "eta", "", "epoch")
