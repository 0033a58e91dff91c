"""Slips of the backward pass: the factors of the chain rule, deltas and the samples' gradients."""

from __future__ import annotations

from core.answers.forward import missing_terms, neighbours, wrong_weights
from core.answers.loss import early_batch_factor, output_difference, output_factor
from core.answers.records import Mutant, Mutants, carried_on
from core.answers.setting import Setting, dot


def upstream(s: Setting, layer: int, j: int) -> Mutants:
    """Yield the slips of ∂E/∂a, at an output or as the sum over the paths that leave a hidden neuron."""
    if layer == s.last:
        yield from output_factor(s, j)
        return
    n, at, after = s.numbers, f"up.{layer}.{j}", layer + 1
    paths = range(s.width(after))
    deltas = s.all([f"d.{after}.{k}" for k in paths])
    refs = [s.weight(after, j, k) for k in paths]
    weights = s.all(refs)
    new = [f"nw.{after}.{j}.{k}" for k in paths]
    yield Mutant("updated_weight", dot(deltas, s.all(new)), at, new[0], refs[0])
    if s.width(after) == s.width(layer) > 1:
        turned = [s.weight(after, k, j) for k in paths]
        which = 1 if j == 0 else 0
        yield Mutant("transposed_weight", dot(deltas, s.all(turned)), at, turned[which], refs[which])
    if s.ahead:
        given = [f"w.{after}.{j}.{k}" for k in paths]
        yield Mutant("no_look_ahead", dot(deltas, s.all(given)), at, given[0], refs[0])
    if not s.is_softmax(after):
        value = dot(s.all([f"up.{after}.{k}" for k in paths]), weights)
        yield Mutant("upstream_for_delta", value, at, f"up.{after}.0", f"d.{after}.0")
    yield from missing_terms(s, at, [f"c.{layer}.{j}.{k}" for k in paths], n[at])
    yield Mutant("weight_forgotten", sum(deltas), at, f"d.{after}.0", refs[0])
    yield Mutant("delta_for_upstream", n[f"d.{layer}.{j}"], at, f"d.{layer}.{j}", at)
    yield from early_batch_factor(s, at, n[at])
    yield from neighbours(s, at, [f"up.{layer}.{m}" for m in s.others(layer, j)])


def contribution(s: Setting, layer: int, j: int, k: int) -> Mutants:
    """Yield the slips of what one path returns to a neuron."""
    n, at = s.numbers, f"c.{layer}.{j}.{k}"
    if layer == s.last:
        first, second = f"up.{layer}.{k}", f"loc.{layer}.{k}.{j}"
        yield from carried_on(output_factor(s, k), lambda value: value * n[second])
        yield from carried_on(jacobian(s, layer, k, j), lambda value: value * n[first])
        yield Mutant("slope_forgotten", n[first], second, first, second)
        yield Mutant("upstream_forgotten", n[second], first, second, first)
        return
    delta, weight = f"d.{layer + 1}.{k}", s.weight(layer + 1, j, k)
    yield from wrong_weights(s, at, layer + 1, j, k, n[delta])
    if not s.is_softmax(layer + 1):
        used = f"up.{layer + 1}.{k}"
        yield Mutant("upstream_for_delta", n[used] * n[weight], at, used, delta)
    yield Mutant("weight_forgotten", n[delta], at, delta, weight)
    yield Mutant("delta_forgotten", n[weight], at, weight, delta)
    for m in s.others(layer + 1, k):
        used = f"d.{layer + 1}.{m}"
        yield Mutant("neighbour_delta", n[used] * n[weight], at, used, delta)


def running_contributions(s: Setting, layer: int, j: int, k: int) -> Mutants:
    """Yield the slips of the first k+1 contributions, added."""
    n, at = s.numbers, f"cs.{layer}.{j}.{k}"
    yield from missing_terms(s, at, [f"c.{layer}.{j}.{m}" for m in range(k + 1)], n[at])
    count = s.width(layer) if layer == s.last else s.width(layer + 1)
    if k + 1 < count:
        extra = f"c.{layer}.{j}.{k + 1}"
        yield Mutant("term_too_many", n[at] + n[extra], at, extra)


def slope(s: Setting, layer: int, *neurons: int) -> Mutants:
    """Yield the slips of ∂a/∂z."""
    if s.is_softmax(layer):
        yield from jacobian(s, layer, *neurons)
        return
    (j,) = neurons
    mask = s.mask(layer, j)
    if mask is None:
        yield from _plain_slope(s, layer, j)
        return
    at = f"loc.{layer}.{j}"
    z, value = f"z.{layer}.{j}", f"f.{layer}.{j}"
    plain = s.slope(layer, s.numbers[z], s.numbers[value])
    yield Mutant("scaling_forgotten" if mask else "dropped_passed", plain, at, value, at)
    if mask:
        yield from carried_on(_plain_slope(s, layer, j), lambda number: number * mask)
    yield from neighbours(s, at, [f"loc.{layer}.{m}" for m in s.others(layer, j)])


def _plain_slope(s: Setting, layer: int, j: int) -> Mutants:
    n, at = s.numbers, f"loc.{layer}.{j}"
    z, a = f"z.{layer}.{j}", s.value(layer, j)
    name = s.network.layers[layer - 1].activation
    yield Mutant("slope_at_activation", s.slope(layer, n[a], s.activated(layer, n[a])), at, a, z)
    yield Mutant("net_input_in_slope", s.slope(layer, n[z], n[z]), at, z, a)
    if name == "sigmoid":
        yield Mutant("slope_factor_missing", 1.0 - n[a], at, "", at)
    if name == "tanh":
        yield Mutant("square_forgotten", 1.0 - n[a], at, "", at)
        yield Mutant("sigmoid_slope", n[a] * (1.0 - n[a]), at, "", at)
    yield Mutant("activation_for_slope", n[a], at, a, at)
    yield from neighbours(s, at, [f"loc.{layer}.{m}" for m in s.others(layer, j)])


def jacobian(s: Setting, layer: int, i: int, j: int) -> Mutants:
    """Yield the slips of ∂a_i/∂z_j of a softmax layer."""
    n, at = s.numbers, f"loc.{layer}.{i}.{j}"
    one, other = n[f"a.{layer}.{i}"], n[f"a.{layer}.{j}"]
    if i == j:
        yield Mutant("softmax_cases", -one * other, at, "", at)
        yield Mutant("slope_factor_missing", 1.0 - one, at, "", at)
    else:
        yield Mutant("minus_forgotten", one * other, at, "", at)
        yield Mutant("softmax_cases", other * (1.0 - other), at, "", at)
        yield Mutant("softmax_cases", one * (1.0 - one), at, "", at)
    yield Mutant("activation_for_slope", one, at, f"a.{layer}.{i}", at)


def delta(s: Setting, layer: int, j: int) -> Mutants:
    """Yield the slips of δ = ∂E/∂z."""
    n, at = s.numbers, f"d.{layer}.{j}"
    if s.is_softmax(layer):
        yield from _softmax_delta(s, layer, j)
    else:
        first, second = f"up.{layer}.{j}", f"loc.{layer}.{j}"
        yield Mutant("slope_forgotten", n[first], second, first, second)
        yield from carried_on(upstream(s, layer, j), lambda value: value * n[second])
        yield from carried_on(slope(s, layer, j), lambda value: value * n[first])
        if layer == s.last and s.fused:
            # Where upstream is a quotient of huge numbers, the fused form is the one that slips.
            yield from output_difference(s, at, n[at])
            yield Mutant("slope_twice", n[at] * n[second], at, second, at)
        yield Mutant("upstream_forgotten", n[second], first, second, first)
    yield from early_batch_factor(s, at, n[at])
    for m in s.others(layer, j):
        if n[f"d.{layer}.{m}"] != 0.0:
            yield Mutant("neighbour_delta", n[f"d.{layer}.{m}"], at, f"d.{layer}.{m}", at)


def _softmax_delta(s: Setting, layer: int, j: int) -> Mutants:
    n, at, a = s.numbers, f"d.{layer}.{j}", s.numbers[f"a.{layer}.{j}"]
    yield from output_difference(s, at, n[at])
    terms = [f"c.{layer}.{j}.{k}" for k in range(s.width(layer))]
    own = terms[j]
    yield Mutant("own_path_only", n[own], at, own, at)
    yield from missing_terms(s, at, terms, n[at])
    if s.fused:
        yield Mutant("slope_twice", n[at] * a * (1.0 - a), at, f"loc.{layer}.{j}.{j}", at)
    yield Mutant("slope_forgotten", n[f"up.{layer}.{j}"], at, f"up.{layer}.{j}", f"loc.{layer}.{j}.{j}")


def weight_gradient(s: Setting, layer: int, i: int, j: int) -> Mutants:
    """Yield the slips of ∂E/∂w = δ · what the weight carried."""
    n, at, due = s.numbers, f"gw.{layer}.{i}.{j}", f"a.{layer - 1}.{i}"
    own_delta, carried = n[f"d.{layer}.{j}"], n[due]
    line = f"backward/{layer}/{j}/w.{layer}.{i}.{j}"

    def third(name: str, value: float, used: str) -> Mutant:
        return Mutant(name, value, due, used, due, badge=3, line=line)

    yield from carried_on(delta(s, layer, j), lambda value: value * carried)
    yield third("carried_forgotten", own_delta, f"d.{layer}.{j}")
    if layer > 1:
        yield third("net_input_carried", own_delta * n[f"z.{layer - 1}.{i}"], f"z.{layer - 1}.{i}")
    yield third("own_activation_carried", own_delta * n[f"a.{layer}.{j}"], f"a.{layer}.{j}")
    weight = s.weight(layer, i, j)
    yield third("weight_carried", own_delta * n[weight], weight)
    if i != j and j < s.width(layer - 1) and i < s.width(layer) and n[f"gw.{layer}.{j}.{i}"] != 0.0:
        used = f"gw.{layer}.{j}.{i}"
        yield Mutant("transposed_gradient", n[used], at, used, at)
    for m in s.others(layer - 1, i):
        used = f"a.{layer - 1}.{m}"
        if own_delta * n[used] != 0.0:
            yield third("neighbour_activation", own_delta * n[used], used)
    if s.batch > 1:
        yield Mutant("batch_for_sample", n[f"G{at[1:]}"], at, f"G{at[1:]}", at)


def bias_gradient(s: Setting, layer: int, j: int) -> Mutants:
    """Yield the slips of ∂E/∂b = δ · 1."""
    n, at = s.numbers, f"gb.{layer}.{j}"
    yield from carried_on(delta(s, layer, j), lambda value: value)
    used, line = s.bias(layer, j), f"backward/{layer}/{j}/b.{layer}.{j}"
    value = n[f"d.{layer}.{j}"] * n[used]
    yield Mutant("bias_multiplied", value, at, used, at, badge=3, line=line)
    if s.batch > 1:
        yield Mutant("batch_for_sample", n[f"G{at[1:]}"], at, f"G{at[1:]}", at)
