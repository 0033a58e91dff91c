"""Slips of the combination over the batch and of the update: learning rate, sign, optimizer's memory."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.answers.backward import bias_gradient, weight_gradient
from core.answers.loss import combination
from core.answers.records import Mutant, Mutants, carried_on
from core.answers.setting import CROWD, Setting
from core.optimizers import Update

# So many updates that 1 − β^k is 1: the correction for the start at 0 is gone.
_LATE = 10**9

# Optimizers' states that hold squares of gradients, and the parameter that weighs old against new.
_SQUARES = frozenset({"squares", "v"})
_DECAYS = {"velocity": "momentum", "squares": "decay", "m": "beta1", "v": "beta2"}


def batch_gradient(s: Setting, *indices: int) -> Mutants:
    """Yield the slips of the batch's gradient of one weight (layer, i, j) or bias (layer, j)."""
    letter = "w" if len(indices) == 3 else "b"
    element = ".".join((letter, *map(str, indices)))
    n, at, layer, j = s.numbers, f"G{element}", indices[0], indices[-1]
    yield from combination(s, at, n[at])
    yield Mutant("sample_for_batch", n[f"g{element}"], at, f"g{element}", at)
    rows = [f"gs.{row}.{element}" for row in s.trace.batch] if s.batch <= CROWD else []
    for row in rows:
        yield Mutant("sample_for_batch", n[row], at, row, at)
    for row in rows:
        yield Mutant("sample_missing", n[at] - s.trace.batch_factor * n[row], at, "", row)
    if not s.is_softmax(layer):
        made = s.layer_trace(layer)
        carried = made.inputs[:, indices[1]] if letter == "w" else 1.0
        with np.errstate(all="ignore"):
            value = float(s.trace.batch_factor * (made.upstream[:, j] * carried).sum())
        yield Mutant("slope_forgotten", value, f"loc.{layer}.{j}", f"up.{layer}.{j}", f"loc.{layer}.{j}")
    if letter == "w":
        value = float(s.trace.batch_factor * s.layer_trace(layer).delta[:, j].sum())
        yield Mutant("carried_forgotten", value, at, f"d.{layer}.{j}", f"a.{layer - 1}.{indices[1]}")


class _Rule:
    """The optimizer's rule for one parameter, to be run with something in it that is not as it should be."""

    def __init__(self, s: Setting, element: str) -> None:
        self._s = s
        self.element = element
        self.theta = s.numbers[element]
        self.gradient = s.numbers[s.gradient(element)]
        self.state = {name: s.numbers[f"s0.{name}.{element}"] for name in s.optimizer.state}
        self.rate = s.trace.optimizer_parameters["learning_rate"]

    def run(
        self,
        gradient: float | None = None,
        state: Mapping[str, float] | None = None,
        count: int | None = None,
        parameters: Mapping[str, float] | None = None,
    ) -> Update:
        """Return what the rule makes of one parameter."""
        trace = self._s.trace
        with np.errstate(all="ignore"):
            return self._s.optimizer.update(
                np.array([self.theta]),
                np.array([self.gradient if gradient is None else gradient]),
                {name: np.array([value]) for name, value in (state or self.state).items()},
                trace.optimizer_count if count is None else count,
                {**trace.optimizer_parameters, **(parameters or {})},
            )

    @property
    def forgetful(self) -> dict[str, float]:
        """The optimizer's memory with nothing in it."""
        return dict.fromkeys(self.state, 0.0)


def new_value(s: Setting, *indices: int) -> Mutants:
    """Yield the slips of a parameter's new value."""
    element = _element(indices)
    n, at, change = s.numbers, f"n{element}", f"u{element}"
    if s.frozen(element):
        rule = _Rule(s, element)
        yield Mutant("frozen_moved", float(rule.run(state=rule.forgetful).theta[0]), at, "", element)
        return
    yield from _changes(s, element, at, n[element])
    yield Mutant("change_for_new", n[change], at, change, at)
    yield Mutant("change_for_new", -n[change], at, change, at)
    yield Mutant("old_value", n[element], at, element, at)


def change(s: Setting, *indices: int) -> Mutants:
    """Yield the slips of a parameter's signed change."""
    element = _element(indices)
    n, at = s.numbers, f"u{element}"
    if s.frozen(element):
        rule = _Rule(s, element)
        moved = float(rule.run(state=rule.forgetful).theta[0]) - n[element]
        yield Mutant("frozen_moved", moved, at, "", element)
        return
    yield from _changes(s, element, at, 0.0)
    yield Mutant("new_for_change", n[f"n{element}"], at, f"n{element}", at)
    gradient = s.gradient(element)
    yield Mutant("gradient_for_change", n[gradient], at, gradient, at)


def _changes(s: Setting, element: str, at: str, onto: float) -> Mutants:
    """Yield what slips make of the change, added to `onto`."""
    n, rule = s.numbers, _Rule(s, element)

    def changed(update: Update) -> float:
        return onto + float(update.theta[0]) - rule.theta

    gradient = s.gradient(element)
    yield Mutant("update_added", onto - n[f"u{element}"], at, "", at)
    yield Mutant(
        "learning_rate_forgotten", changed(rule.run(parameters={"learning_rate": 1.0})), at, "", "eta"
    )
    if s.optimizer.terms:
        yield from _divided(s, rule, at, onto)
    if s.optimizer.state:
        state = s.optimizer.state[0]
        due = f"s.{state}.{element}"
        forgetful = changed(rule.run(state=rule.forgetful))
        yield Mutant("memory_forgotten", forgetful, at, "", f"s0.{state}.{element}")
        old = onto + rule.state[state]
        if state == "velocity":
            yield Mutant("old_state", old, at, f"s0.{state}.{element}", due)
        yield Mutant("plain_step", onto - rule.rate * rule.gradient, at, gradient, due)
    loss = s.loss_gradient(element)

    def onward(value: float) -> float:
        return changed(rule.run(gradient=s.received(element, value)))

    if s.batch > 1:
        own = f"g{element}"
        yield Mutant("sample_for_batch", onward(n[own]), loss, own, loss)
    for mutant in combination(s, loss, n[loss]):
        yield mutant._replace(value=onward(mutant.value))
    if s.scheduled:
        slower = changed(rule.run(parameters={"learning_rate": s.trace.schedule.base}))
        yield Mutant("schedule_forgotten", slower, at, "eta0", "eta")
    objective = s.objective_gradient(element)
    if objective != gradient:
        yield Mutant("clipping_forgotten", changed(rule.run(gradient=n[objective])), at, objective, gradient)
    if objective != loss:
        value = changed(rule.run(gradient=s.clipped(n[loss])))
        due = f"pen.{s.trace.penalties[0].name}"
        yield Mutant("penalty_forgotten", value, objective, loss, due)
    yield from carried_on(_of_gradient(s, element), onward)


def _divided(s: Setting, rule: _Rule, at: str, onto: float) -> Mutants:
    """Yield the slips of a rule that divides by a root: correction, root or divisor forgotten."""
    n, element = s.numbers, rule.element
    epsilon = s.trace.optimizer_parameters["epsilon"]
    if "m_hat" in s.optimizer.terms:
        late = onto + float(rule.run(count=_LATE).theta[0]) - rule.theta
        yield Mutant("correction_forgotten", late, at, f"s.m.{element}", f"o.m_hat.{element}")
        above, below = n[f"o.m_hat.{element}"], f"o.v_hat.{element}"
        plain = onto - rule.rate * rule.gradient / (np.sqrt(n[below]) + epsilon)
        used, due = s.gradient(element), f"o.m_hat.{element}"
        yield Mutant("memory_forgotten", float(plain), at, used, due)
    elif "scale" in s.optimizer.terms:
        above, below = rule.gradient, f"s.squares.{element}"
        old = onto - rule.rate * rule.gradient / (np.sqrt(rule.state["squares"]) + epsilon)
        yield Mutant("old_state", float(old), at, f"s0.squares.{element}", below)
    else:
        return
    yield Mutant("root_forgotten", onto - rule.rate * above / (n[below] + epsilon), at, "", below)
    yield Mutant("divisor_forgotten", onto - rule.rate * above, at, "", below)


def _of_gradient(s: Setting, element: str) -> Mutants:
    """Yield the slips of the gradient that the optimizer receives."""
    _, *rest = element.split(".")
    indices = [int(part) for part in rest]
    if s.batch > 1:
        return
    yield from (weight_gradient if element[0] == "w" else bias_gradient)(s, *indices)


def state(s: Setting, name: str, *indices: int) -> Mutants:
    """Yield the slips of what the optimizer remembers about a parameter afterwards."""
    element = _element(indices)
    at, old = f"s.{name}.{element}", f"s0.{name}.{element}"
    n, rule = s.numbers, _Rule(s, element)
    gradient = s.gradient(element)

    def made(update: Update) -> float:
        return float(update.state[name][0])

    yield Mutant("old_state", n[old], at, old, at)
    yield Mutant("memory_forgotten", made(rule.run(state=rule.forgetful)), at, "", old)
    decay = _DECAYS.get(name, "")
    if decay in s.trace.optimizer_parameters:
        share = s.trace.optimizer_parameters[decay]
        swapped = rule.run(parameters={decay: 1.0 - share})
        yield Mutant("decay_swapped", made(swapped), at, "", f"hp.{decay}")
        power = rule.gradient * rule.gradient if name in _SQUARES else rule.gradient
        fresh = -rule.rate * rule.gradient if name == "velocity" else power
        yield Mutant("decay_forgotten", rule.state[name] + fresh, at, "", f"hp.{decay}")
    if name in _SQUARES:
        weight = made(rule.run(gradient=1.0, state=rule.forgetful))
        value = n[at] + weight * (rule.gradient - rule.gradient * rule.gradient)
        yield Mutant("square_forgotten", value, at, gradient, at)
    else:
        yield Mutant("gradient_sign", made(rule.run(gradient=-rule.gradient)), at, "", gradient)
        yield Mutant(
            "learning_rate_forgotten", made(rule.run(parameters={"learning_rate": 1.0})), at, "", "eta"
        )
    if s.batch > 1:
        own = f"g{element}"
        yield Mutant("sample_for_batch", made(rule.run(gradient=n[own])), gradient, own, gradient)
    for mutant in combination(s, gradient, rule.gradient):
        yield mutant._replace(value=made(rule.run(gradient=mutant.value)))
    yield from carried_on(_of_gradient(s, element), lambda value: made(rule.run(gradient=value)))


def term(s: Setting, name: str, *indices: int) -> Mutants:
    """Yield the slips of an intermediate quantity of the optimizer."""
    element = _element(indices)
    at, n, rule = f"o.{name}.{element}", s.numbers, _Rule(s, element)

    def made(update: Update) -> float:
        return float(update.terms[name][0])

    if name == "scale":
        used = f"s.squares.{element}"
        epsilon = s.trace.optimizer_parameters["epsilon"]
        yield Mutant("root_forgotten", n[used] + epsilon, at, used, at)
        before = float(np.sqrt(rule.state["squares"])) + epsilon
        yield Mutant("old_state", before, at, f"s0.squares.{element}", used)
    if name in ("m_hat", "v_hat"):
        used = f"s.{name[0]}.{element}"
        yield Mutant("correction_forgotten", made(rule.run(count=_LATE)), at, used, at)
        yield Mutant("power_forgotten", made(rule.run(count=1)), at, "", "hp.count")
        yield Mutant("count_from_zero", made(rule.run(count=s.trace.optimizer_count - 1)), at, "", "hp.count")
    due = f"s0.{s.optimizer.state[-1 if name[0] == 'v' else 0]}.{element}"
    yield Mutant("memory_forgotten", made(rule.run(state=rule.forgetful)), at, "", due)


def look_ahead(s: Setting, *indices: int) -> Mutants:
    """Yield the slips of a parameter's value at the look-ahead point."""
    element = _element(indices)
    n, at = s.numbers, f"l{element}"
    step = n[at] - n[element]
    yield Mutant("old_value", n[element], at, element, at)
    yield Mutant("look_ahead_backward", n[element] - step, at, "", element)
    yield Mutant("change_for_new", step, at, "", at)
    yield Mutant("new_for_look_ahead", n[f"n{element}"], at, f"n{element}", at)
    velocity = f"s0.velocity.{element}"
    if "velocity" in s.optimizer.state:
        yield Mutant("decay_forgotten", n[element] + n[velocity], at, velocity, "hp.momentum")


def _element(indices: tuple[int, ...]) -> str:
    return ".".join(("w" if len(indices) == 3 else "b", *map(str, indices)))
