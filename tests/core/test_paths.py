"""Paths: their sum is the gradient, their numbers are the course's, their counts are what doing it costs."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.microsteps.numbers import Numbers
from core.network import BatchSpec, BiasMode, BiasSpec, NetworkSpec, Parameters
from core.optimizers import OPTIMIZERS
from core.paths import Cost, GradientPaths, gradient_paths
from core.propagation import explain
from core.trace import Trace
from core.training import Problem, Trainer
from tests.core.strategies import BIAS_MODES, HIDDEN, OUTPUTS_WITH_LOSS, begin, loss_spec, network, problem_of
from tests.core.test_propagation import worked_example

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "course_numbers.json").read_text("utf-8"))
EXAMPLE = GOLDEN["worked_example_2_2_2"]


def trained_parameters(spec: NetworkSpec) -> list[str]:
    found = (spec.element(place) for place in range(spec.parameter_count))
    mask = spec.trainable_mask()
    return [name for name in found if mask[spec.position(name)]]


def of_worked_example(element: str) -> GradientPaths:
    problem, snapshot = worked_example()
    return gradient_paths(problem, explain(problem, snapshot), 0, element)


def test_w1_of_the_worked_example() -> None:
    found = of_worked_example("w.1.0.0")
    slope, x1 = EXAMPLE["backward"]["dh_dz"][0], EXAMPLE["x"][0]
    by_hand = [part * slope * x1 for part in EXAMPLE["backward"]["dE_dh1_parts"]]
    assert [path.product for path in found.paths] == pytest.approx(by_hand, rel=1e-14)
    # 0.2094460 · 0.2380216 · 0.45 · 0.2496004 · 0.1 and its neighbour through o2
    assert [f"{path.product:.8f}" for path in found.paths] == ["0.00055995", "0.00024893"]
    assert found.total == pytest.approx(EXAMPLE["backward"]["dE_dW1"][0][0], rel=1e-14)
    assert f"{found.total:.8f}" == EXAMPLE["printed_in_the_document"]["dE_dw1"]
    first, second = found.paths
    assert first.elements == ("w.1.0.0", "a.1.0", "w.2.0.0", "a.2.0", "e.0")
    assert second.elements == ("w.1.0.0", "a.1.0", "w.2.0.1", "a.2.1", "e.1")
    assert [factor.ref for factor in first.factors] == ["up.2.0", "loc.2.0", "w.2.0.0", "loc.1.0", "a.0.0"]
    assert [factor.value for factor in first.factors] == pytest.approx(
        [EXAMPLE["backward"]["dE_do"][0], EXAMPLE["backward"]["do_dz"][0], 0.45, slope, x1], rel=1e-14
    )
    assert (found.count, found.omitted, found.omitted_sum, found.listed) == (2, 0, 0.0, True)
    # Two paths of five factors; or two output deltas, two contributions, one slope, one input.
    assert found.parameter_cost == Cost(paths=8, reverse=6)
    assert found.network_cost == Cost(paths=40, reverse=16)


def test_w5_of_the_worked_example_has_one_path() -> None:
    found = of_worked_example("w.2.0.0")
    (path,) = found.paths
    assert path.elements == ("w.2.0.0", "a.2.0", "e.0")
    assert [factor.ref for factor in path.factors] == ["up.2.0", "loc.2.0", "a.1.0"]
    assert f"{path.product:.8f}" == EXAMPLE["printed_in_the_document"]["dE_dw5"]
    assert found.parameter_cost == Cost(2, 2)


@dataclass
class Counter:
    """Multiplies numbers and counts how often."""

    made: int = 0

    def times(self, *factors: float) -> float:
        self.made += max(0, len(factors) - 1)
        return math.prod(factors)


class ByHand:
    """The two ways to a gradient, written out one multiplication at a time from the trace's numbers."""

    def __init__(self, problem: Problem, trace: Trace, sample: int) -> None:
        self.spec = problem.network
        self.number = Numbers(problem.network, trace, sample)
        point = Parameters(problem.network, trace.point)
        self.weights = [None, *(point.weights(n) for n in range(1, len(self.spec.layers) + 1))]
        self.last = len(self.spec.layers)
        self.softmax = self.spec.layers[-1].activation == "softmax"
        self.counter = Counter()

    def path_products(self, element: str) -> list[float]:
        """Every path in full: choose the neurons, multiply what lies between."""
        kind, *rest = element.split(".")
        layer, neuron = int(rest[0]), int(rest[-1])
        carried = [self.number[f"a.{layer - 1}.{rest[1]}"]] if kind == "w" else []
        found = []
        outputs = range(self.spec.outputs)
        for later in product(*(range(n) for n in self.spec.sizes[layer + 1 :])):
            neurons = (neuron, *later)
            factors = [*carried]
            for place, (source, target) in enumerate(pairwise(neurons), start=layer):
                factors.append(self.number[f"loc.{place}.{source}"])
                weights = self.weights[place + 1]
                assert weights is not None
                factors.append(float(weights[source, target]))
            end = neurons[-1]
            for output in outputs if self.softmax else [end]:
                slope = f"loc.{self.last}.{output}.{end}" if self.softmax else f"loc.{self.last}.{output}"
                tail = [self.number[slope], self.number[f"up.{self.last}.{output}"]]
                found.append(self.counter.times(*factors, *tail))
        return found

    def delta(self, layer: int, neuron: int, later: list[float]) -> float:
        if layer == self.last:
            if not self.softmax:
                return self.counter.times(
                    self.number[f"up.{layer}.{neuron}"], self.number[f"loc.{layer}.{neuron}"]
                )
            return sum(
                self.counter.times(self.number[f"up.{layer}.{i}"], self.number[f"loc.{layer}.{i}.{neuron}"])
                for i in range(self.spec.outputs)
            )
        weights = self.weights[layer + 1]
        assert weights is not None
        upstream = sum(self.counter.times(d, float(weights[neuron, k])) for k, d in enumerate(later))
        return self.counter.times(upstream, self.number[f"loc.{layer}.{neuron}"])

    def reverse(self, element: str | None = None) -> None:
        """Reverse mode for one parameter, forming only what it needs, or for all of them."""
        first = int(element.split(".")[1]) if element else 1
        later: list[float] = []
        for layer in range(self.last, first - 1, -1):
            own = element is not None and layer == first
            neurons = [int(element.split(".")[-1])] if own and element else range(self.spec.sizes[layer])
            later = [self.delta(layer, neuron, later) for neuron in neurons]
            if element is None:
                for d in later:
                    for i in range(self.spec.sizes[layer - 1]):
                        self.counter.times(d, self.number[f"a.{layer - 1}.{i}"])
        if element and element[0] == "w":
            _, layer_text, i_text, _ = element.split(".")
            self.counter.times(later[0], self.number[f"a.{int(layer_text) - 1}.{i_text}"])


def agree(found: GradientPaths) -> None:
    """Check that the paths add up to the gradient, to 1e-12 of the largest of them."""
    assert found.total is not None
    assert found.omitted_sum is not None
    size = max(abs(path.product) for path in found.paths)
    assert abs(found.total - found.gradient) <= 1e-12 * max(size, abs(found.gradient))
    shown = math.fsum(path.product for path in found.paths)
    assert shown + found.omitted_sum == pytest.approx(found.total, rel=1e-12, abs=1e-12 * size)
    for path in found.paths:
        assert math.prod(factor.value for factor in path.factors) == pytest.approx(path.product, rel=1e-13)


SHAPES = st.lists(st.integers(1, 4), min_size=2, max_size=5).map(tuple)


@settings(max_examples=60, deadline=None)
@given(
    sizes=SHAPES,
    hidden=st.sampled_from(HIDDEN),
    output=st.sampled_from(OUTPUTS_WITH_LOSS),
    bias=st.sampled_from(BIAS_MODES),
    optimizer=st.sampled_from(sorted(OPTIMIZERS.names())),
    seed=st.integers(0, 10_000),
    data=st.data(),
)
def test_paths_of_any_network(
    sizes: tuple[int, ...],
    hidden: str,
    output: tuple[str, str],
    bias: BiasMode,
    optimizer: str,
    seed: int,
    data: st.DataObject,
) -> None:
    spec = network(hidden, output[0], bias, sizes)
    problem, vector = problem_of(spec, loss_spec(output[1]), optimizer, samples=3, seed=seed)
    trainer = Trainer(problem)
    trainer.load(begin(problem, vector))
    trainer.run(1)  # a step on, the look-ahead point is another one
    trace = explain(problem, trainer.snapshot())
    sample = data.draw(st.integers(0, 2))
    element = data.draw(st.sampled_from(trained_parameters(spec)))
    found = gradient_paths(problem, trace, sample, element)
    hands = ByHand(problem, trace, sample)
    assert found.gradient == hands.number[found.gradient_ref]
    agree(found)
    products = hands.path_products(element)
    assert found.count == len(products)
    if not found.fused:
        assert found.parameter_cost.paths == hands.counter.made
        if found.omitted == 0:
            assert [path.product for path in found.paths] == pytest.approx(products, rel=1e-12)
        else:
            largest = sorted((abs(value) for value in products), reverse=True)[: len(found.paths)]
            assert [abs(path.product) for path in found.paths] == pytest.approx(largest, rel=1e-12)
        hands.counter.made = 0
        hands.reverse(element)
        assert found.parameter_cost.reverse == hands.counter.made
        hands.counter.made = 0
        for name in trained_parameters(spec):
            hands.path_products(name)
        assert found.network_cost.paths == hands.counter.made
        hands.counter.made = 0
        hands.reverse()
        assert found.network_cost.reverse == hands.counter.made
    for path in found.paths:
        assert path.elements[0] == element
        for factor in path.factors:
            if factor.ref.split(".")[0] not in ("w", "lw"):
                assert factor.value == hands.number[factor.ref]
            else:
                assert factor.value == hands.number["lw" + factor.ref.removeprefix("l")[1:]]


def every_combination() -> Iterator[tuple[str, tuple[str, str], BiasMode]]:
    return product(HIDDEN, OUTPUTS_WITH_LOSS, BIAS_MODES)


@pytest.mark.parametrize("output", OUTPUTS_WITH_LOSS, ids="-".join)
def test_every_parameter_of_every_combination(output: tuple[str, str]) -> None:
    for hidden, (activation, loss), bias in every_combination():
        if (activation, loss) != output:
            continue
        spec = network(hidden, activation, bias, (2, 3, 2, 3))
        problem, vector = problem_of(spec, loss_spec(loss), samples=2, seed=3)
        trace = explain(problem, begin(problem, vector))
        for element in trained_parameters(spec):
            agree(gradient_paths(problem, trace, 1, element))


def test_the_largest_paths_come_first_and_the_rest_is_summed() -> None:
    spec = network("tanh", "sigmoid", sizes=(2, 8, 8, 8, 3))
    problem, vector = problem_of(spec, loss_spec("squared_error"), seed=5)
    trace = explain(problem, begin(problem, vector))
    full = gradient_paths(problem, trace, 0, "w.1.1.2", limit=10_000)
    found = gradient_paths(problem, trace, 0, "w.1.1.2")
    assert (full.count, len(full.paths), full.omitted) == (192, 192, 0)
    assert (len(found.paths), found.omitted) == (64, 128)
    magnitudes = [abs(path.product) for path in found.paths]
    assert magnitudes == sorted((abs(path.product) for path in full.paths), reverse=True)[:64]
    by_elements = {path.elements: path for path in full.paths}
    assert len(by_elements) == 192
    assert all(by_elements[path.elements] == path for path in found.paths)
    agree(found)
    agree(full)


def test_softmax_paths_run_through_the_jacobian() -> None:
    spec = network("tanh", "softmax", sizes=(2, 2, 3))
    problem, vector = problem_of(spec, loss_spec("categorical_cross_entropy"), seed=1)
    trace = explain(problem, begin(problem, vector))
    found = gradient_paths(problem, trace, 0, "w.1.0.1")
    assert (found.count, found.fused) == (9, False)
    assert found.paths[5].elements == ("w.1.0.1", "a.1.1", "w.2.1.1", "z.2.1", "a.2.2", "e.2")
    refs = [factor.ref for factor in found.paths[5].factors]
    assert refs == ["up.2.2", "loc.2.2.1", "w.2.1.1", "loc.1.1", "a.0.0"]


def test_saturated_outputs_begin_at_their_delta() -> None:
    spec = network("tanh", "sigmoid", sizes=(2, 2, 2))
    problem, vector = problem_of(spec, loss_spec("binary_cross_entropy"), seed=1)
    trace = explain(problem, begin(problem, vector * 400.0))
    found = gradient_paths(problem, trace, 0, "w.1.0.0")
    assert found.fused
    assert [path.factors[0].ref for path in found.paths] == ["d.2.0", "d.2.1"]
    assert found.paths[1].elements == ("w.1.0.0", "a.1.0", "w.2.0.1", "a.2.1", "e.1")
    assert found.parameter_cost == Cost(paths=2 * 3, reverse=2 + 1 + 1)
    agree(found)


def test_nag_takes_its_weights_from_the_look_ahead_point() -> None:
    problem, vector = problem_of(network("tanh", "sigmoid"), loss_spec("squared_error"), "nag", seed=2)
    trainer = Trainer(problem)
    trainer.load(begin(problem, vector))
    trainer.run(2)
    trace = explain(problem, trainer.snapshot())
    found = gradient_paths(problem, trace, 0, "w.2.0.0")
    (weight,) = (factor for factor in found.paths[0].factors if factor.ref.startswith("lw."))
    assert weight.ref == "lw.3.0.0"
    assert weight.value == Parameters(problem.network, trace.point).weights(3)[0, 0]
    assert weight.value != Parameters(problem.network, trace.before).weights(3)[0, 0]
    agree(found)


@pytest.mark.parametrize(
    ("sizes", "count", "parameters"), [((2, 64, 64, 1), 64, 4417), ((2, 20, 20, 20, 20, 1), 8000, 1341)]
)
def test_too_large_networks_get_counts_alone(sizes: tuple[int, ...], count: int, parameters: int) -> None:
    spec = network("tanh", "identity", sizes=sizes)
    assert spec.parameter_count == parameters
    problem, vector = problem_of(spec, loss_spec("squared_error"))
    trace = explain(problem, begin(problem, vector))
    found = gradient_paths(problem, trace, 0, "w.1.0.0")
    assert found.count == count
    assert found.listed == (parameters <= 2000)
    if not found.listed:
        assert (found.paths, found.omitted, found.total, found.omitted_sum) == ((), count, None, None)
        assert found.gradient == trace.layers[0].sample_weight_gradients[0, 0, 0]


def test_counts_are_exact_beyond_what_is_listed() -> None:
    spec = network("tanh", "softmax", sizes=(1, *[13] * 6))
    problem, vector = problem_of(spec, loss_spec("categorical_cross_entropy"))
    trace = explain(problem, begin(problem, vector))
    found = gradient_paths(problem, trace, 0, "b.1.0")
    # 13 neurons in five later layers, then 13 outputs behind each net input.
    assert (found.count, found.listed) == (13**6, False)
    assert found.parameter_cost.paths == 13**6 * (2 * 5 + 1)


@pytest.mark.parametrize("element", ["w.1.2.0", "w.9.0.0", "a.1.0", "x", "w.1.0", "b.3.9"])
def test_what_is_no_parameter(element: str) -> None:
    problem, vector = problem_of(network("tanh", "sigmoid"), loss_spec("squared_error"))
    with pytest.raises(InvalidInputError) as caught:
        gradient_paths(problem, explain(problem, begin(problem, vector)), 0, element)
    assert (caught.value.code, caught.value.pointer) == ("unknown-element", "/element")


def test_a_fixed_bias_is_not_trained() -> None:
    spec = network("tanh", "sigmoid")
    spec = replace(spec, layers=tuple(replace(layer, bias=BiasSpec("fixed")) for layer in spec.layers))
    problem, vector = problem_of(spec, loss_spec("squared_error"))
    with pytest.raises(InvalidInputError) as caught:
        gradient_paths(problem, explain(problem, begin(problem, vector)), 0, "b.1.0")
    assert (caught.value.code, caught.value.pointer) == ("fixed-bias", "/element")


def test_a_sample_outside_the_batch() -> None:
    problem, vector = problem_of(
        network("tanh", "sigmoid"), loss_spec("squared_error"), batch=BatchSpec("one"), samples=4
    )
    with pytest.raises(ValueError, match="not in tuple"):
        gradient_paths(problem, explain(problem, begin(problem, vector)), 3, "w.1.0.0")


def test_numbers_that_are_not_finite_stay_in_the_list() -> None:
    problem, vector = problem_of(network("relu", "identity"), loss_spec("squared_error"))
    trace = explain(problem, begin(problem, np.abs(vector) * 1e160))
    found = gradient_paths(problem, trace, 0, "w.1.0.0")
    assert len(found.paths) == found.count
    assert found.total is not None
    assert not math.isfinite(found.total)
