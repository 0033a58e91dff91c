"""Slips of the forward pass: products, their sums, net inputs, activations. The more specific ones first."""

from __future__ import annotations

import math

import numpy as np

from core.answers.records import Mutant, Mutants, carried_on
from core.answers.setting import CROWD, Setting, dot


def product(s: Setting, layer: int, i: int, j: int) -> Mutants:
    """Yield the slips of one product w·a."""
    n, at, due = s.numbers, f"p.{layer}.{i}.{j}", s.weight(layer, i, j)
    weight, carried = n[due], n[f"a.{layer - 1}.{i}"]
    yield from wrong_weights(s, at, layer, i, j, carried)
    if layer > 1:
        used = f"z.{layer - 1}.{i}"
        yield Mutant("net_input_carried", weight * n[used], at, used, f"a.{layer - 1}.{i}")
    yield Mutant("weight_forgotten", carried, at, f"a.{layer - 1}.{i}", due)
    yield Mutant("carried_forgotten", weight, at, due, f"a.{layer - 1}.{i}")
    for m in s.others(layer - 1, i):
        used = f"a.{layer - 1}.{m}"
        if n[used] != 0.0:
            yield Mutant("neighbour_activation", weight * n[used], at, used, f"a.{layer - 1}.{i}")


def wrong_weights(s: Setting, at: str, layer: int, i: int, j: int, times: float) -> Mutants:
    """Yield what `times` gives with another weight than that from neuron i to neuron j of `layer`."""
    n, due = s.numbers, s.weight(layer, i, j)
    if i != j and j < s.width(layer - 1) and i < s.width(layer):
        used = s.weight(layer, j, i)
        yield Mutant("transposed_weight", n[used] * times, at, used, due)
    yield Mutant("updated_weight", n[f"nw.{layer}.{i}.{j}"] * times, at, f"nw.{layer}.{i}.{j}", due)
    if s.ahead:
        yield Mutant("no_look_ahead", n[f"w.{layer}.{i}.{j}"] * times, at, f"w.{layer}.{i}.{j}", due)


def missing_terms(s: Setting, at: str, terms: list[str], total: float) -> Mutants:
    """Yield what a sum gives with one of its terms missing, and each term alone; nothing in a crowd."""
    if not 2 <= len(terms) <= CROWD:
        return
    for name, sign in (("term_missing", -1.0), ("only_term", 1.0)):
        for term in terms:
            value = s.numbers[term] if sign > 0 else total - s.numbers[term]
            # Nothing at all is what one types for lack of an idea: it names no slip.
            if value != 0.0:
                yield Mutant(name, value, at, term if sign > 0 else "", term)


def running_sum(s: Setting, layer: int, j: int, k: int) -> Mutants:
    """Yield the slips of the first k+1 products of a neuron, added."""
    n, at = s.numbers, f"ps.{layer}.{j}.{k}"
    terms = [f"p.{layer}.{i}.{j}" for i in range(k + 1)]
    yield from missing_terms(s, at, terms, n[at])
    if k + 1 < s.width(layer - 1):
        extra = f"p.{layer}.{k + 1}.{j}"
        yield Mutant("term_too_many", n[at] + n[extra], at, extra)
    if s.has_bias(layer):
        yield Mutant("term_too_many", n[at] + n[s.bias(layer, j)], at, s.bias(layer, j))


def net_input(s: Setting, layer: int, j: int) -> Mutants:
    """Yield the slips of z = Σ w·a + b."""
    n, at, before = s.numbers, f"z.{layer}.{j}", range(s.width(layer - 1))
    refs = [s.weight(layer, i, j) for i in before]
    weights, carried = s.all(refs), s.all([f"a.{layer - 1}.{i}" for i in before])
    bias = n[s.bias(layer, j)] if s.has_bias(layer) else 0.0
    if s.has_bias(layer):
        yield Mutant("bias_forgotten", n[at] - bias, at, "", s.bias(layer, j))
        yield Mutant("bias_subtracted", n[at] - 2.0 * bias, at, "", s.bias(layer, j))
    if s.width(layer) == s.width(layer - 1) > 1:
        turned = [s.weight(layer, j, i) for i in before]
        which = 1 if j == 0 else 0  # any weight that really is another one
        value = dot(s.all(turned), carried) + bias
        yield Mutant("transposed_weight", value, at, turned[which], refs[which])
    if layer > 1:
        inputs = s.all([f"z.{layer - 1}.{i}" for i in before])
        value = dot(weights, inputs) + bias
        yield Mutant("net_input_carried", value, at, f"z.{layer - 1}.0", f"a.{layer - 1}.0")
    if s.ahead:
        given = dot(s.all([f"w.{layer}.{i}.{j}" for i in before]), carried)
        given += n[f"b.{layer}.{j}"] if s.has_bias(layer) else 0.0
        yield Mutant("no_look_ahead", given, at, f"w.{layer}.0.{j}", refs[0])
    new = dot(s.all([f"nw.{layer}.{i}.{j}" for i in before]), carried)
    new += n[f"nb.{layer}.{j}"] if s.has_bias(layer) else 0.0
    yield Mutant("updated_weight", new, at, f"nw.{layer}.0.{j}", refs[0])
    yield from missing_terms(s, at, [f"p.{layer}.{i}.{j}" for i in before], n[at])
    yield Mutant("activation_for_net_input", n[f"a.{layer}.{j}"], at, f"a.{layer}.{j}", at)
    yield from neighbours(s, at, [f"z.{layer}.{m}" for m in s.others(layer, j)])


def neighbours(s: Setting, at: str, others: list[str]) -> Mutants:
    """Yield the same quantity of other neurons."""
    for used in others:
        if s.numbers[used] != 0.0:
            yield Mutant("neighbour", s.numbers[used], at, used, at)


def activation(s: Setting, layer: int, j: int) -> Mutants:
    """Yield the slips of a = f(z), with dropout of what is left of it."""
    mask = s.mask(layer, j)
    if mask is None:
        yield from function_value(s, layer, j)
        return
    at, value = f"a.{layer}.{j}", f"f.{layer}.{j}"
    yield Mutant("scaling_forgotten" if mask else "dropped_passed", s.numbers[value], at, value, at)
    if mask:
        yield from carried_on(function_value(s, layer, j), lambda number: number * mask)
    yield from neighbours(s, at, [f"a.{layer}.{m}" for m in s.others(layer, j)])


def function_value(s: Setting, layer: int, j: int) -> Mutants:
    """Yield the slips of f(z), which without dropout is the activation."""
    n, at, z = s.numbers, s.value(layer, j), f"z.{layer}.{j}"
    yield Mutant("net_input_for_activation", n[z], at, z, at)
    if s.is_softmax(layer):
        yield from _softmax(s, layer, j)
    else:
        slips = net_input(s, layer, j)
        yield from carried_on(slips, lambda value: s.activated(layer, value))
        yield Mutant("slope_for_activation", n[f"loc.{layer}.{j}"], at, f"loc.{layer}.{j}", at)
        yield Mutant("net_input_sign", s.activated(layer, -n[z]), at, "", z)
        yield Mutant("activation_twice", s.activated(layer, n[at]), at, at, z)
    yield from neighbours(s, at, [s.value(layer, m) for m in s.others(layer, j)])


def _softmax(s: Setting, layer: int, j: int) -> Mutants:
    at, z = f"a.{layer}.{j}", f"z.{layer}.{j}"
    inputs = s.all([f"z.{layer}.{k}" for k in range(s.width(layer))])
    with np.errstate(all="ignore"):
        power = float(np.exp(s.numbers[z]))
        others = float(np.exp(inputs).sum()) - power
    yield Mutant("not_normalised", power, at, "", at)
    if others > 0.0:
        yield Mutant("own_power_missing", power / others, at, "", z)
    total = sum(inputs)
    if total != 0.0 and math.isfinite(total):
        yield Mutant("exponential_forgotten", s.numbers[z] / total, at, "", z)
    yield Mutant("sigmoid_for_softmax", power / (1.0 + power), at, "", at)
