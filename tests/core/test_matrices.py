"""One step as matrices, and one gradient sample by sample: the identities hold on what is shown."""

import ast
import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.activations import ACTIVATIONS
from core.contributions import contributions
from core.errors import InvalidInputError
from core.losses import loss_gradient
from core.matrices import MOST_ROWS, Matrix, matrices, numpy_text
from core.network import Array, BatchSpec, BiasSpec, LayerSpec, LossSpec, NetworkSpec
from core.optimizers import OPTIMIZERS
from core.propagation import explain
from core.registry import complete_parameters
from core.snapshot import Problem
from core.trace import Trace
from core.training import Trainer
from tests.core.strategies import BIAS_MODES, FULL, begin, loss_spec, network, problem_of

HALF = LossSpec("squared_error", 0.5, "sum", "sum")


def evaluated(text: str) -> Array:
    """Return the array that numpy's text stands for, without running it."""
    inner = re.fullmatch(r"array\((.*)\)", text, re.DOTALL)
    assert inner is not None
    # A literal knows no names: what is not finite is read as a text.
    named = re.sub(r"-?(?:nan|inf)", lambda found: f"'{found[0]}'", inner[1])
    return np.array(ast.literal_eval(named), dtype=object).astype(np.float64)


def named(problem: Problem, trace: Trace, sample: int) -> list[dict[str, Matrix]]:
    return [{matrix.name: matrix for matrix in layer.matrices} for layer in matrices(problem, trace, sample)]


def close(found: Array, wanted: Array) -> None:
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-15)


@settings(max_examples=60, deadline=None)
@given(
    combination=st.sampled_from(FULL),
    optimizer=st.sampled_from(OPTIMIZERS.names()),
    batch=st.sampled_from(["sum", "mean"]),
    mode=st.sampled_from([BatchSpec("full"), BatchSpec("mini", 3), BatchSpec("one")]),
    steps=st.integers(0, 3),
    seed=st.integers(0, 50),
)
def test_identities_hold_on_the_arrays_shown(
    combination: tuple[str, str, str, str],
    optimizer: str,
    batch: str,
    mode: BatchSpec,
    steps: int,
    seed: int,
) -> None:
    hidden, output, loss_name, bias = combination
    spec = network(hidden, output, bias)  # type: ignore[arg-type]
    loss = loss_spec(loss_name, batch=batch)
    problem, vector = problem_of(spec, loss, optimizer, batch=mode, seed=seed)
    trainer = Trainer(problem)
    trainer.load(begin(problem, vector))
    trainer.run(steps)
    trace = explain(problem, trainer.snapshot())
    sample = trace.batch[-1]
    position = trace.sample_position(sample)
    layers = named(problem, trace, sample)
    carried = trace.inputs
    for index, arrays in enumerate(layers, start=1):
        values = {name: matrix.values for name, matrix in arrays.items()}
        x, delta, place = values["inputs"], values["delta"], spec.layers[index - 1]
        np.testing.assert_array_equal(x, carried)
        close(values["net_input"], x @ values["weights"] + values.get("bias", 0.0))
        entry = ACTIVATIONS.get(place.activation)
        own = complete_parameters(entry.parameters, place.activation_parameters)
        np.testing.assert_array_equal(values["activation"], entry.value(values["net_input"], own))
        if index == len(layers):
            close(values["upstream"], loss_gradient(loss, values["activation"], trace.targets))
        else:
            close(values["upstream"], layers[index]["delta"].values @ layers[index]["weights"].values.T)
        if values["local"].shape != delta.shape or place.activation == "softmax":
            chain = values["upstream"][position] @ values["local"]
            np.testing.assert_allclose(delta[position], chain, rtol=1e-9, atol=1e-12)
        else:
            np.testing.assert_allclose(delta, values["upstream"] * values["local"], rtol=1e-9, atol=1e-12)
        close(values["weight_gradient"], trace.batch_factor * x.T @ delta)
        assert ("bias" in values) == (bias != "absent")
        assert ("bias_gradient" in values) == ("new_bias" in values) == (bias == "trained")
        if bias == "trained":
            close(values["bias_gradient"], trace.batch_factor * delta.sum(axis=0))
        assert ("sample_weight_gradient" in values) == (len(trace.batch) > 1)
        if len(trace.batch) > 1:
            close(values["sample_weight_gradient"], np.outer(x[position], delta[position]))
        for matrix in arrays.values():
            assert matrix.shape == matrix.values.shape
            assert not matrix.limited
            assert matrix.first_row == 0
            assert evaluated(matrix.text).tobytes() == np.ascontiguousarray(matrix.values).tobytes()
        carried = values["activation"]


@given(
    st.lists(
        st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=3, max_size=3),
        min_size=1,
        max_size=5,
    )
)
def test_numpy_text_gives_back_the_same_bits(rows: list[list[float]]) -> None:
    array = np.array(rows)
    found = evaluated(numpy_text(array))
    assert np.array_equal(found, array, equal_nan=True)
    assert np.array_equal(np.signbit(found), np.signbit(np.where(np.isnan(array), np.nan, array)))


def test_numpy_text_is_what_numpy_prints() -> None:
    array = np.array([[0.1, -0.25], [1 / 3, 2.0]])
    with np.printoptions(floatmode="unique"):
        assert numpy_text(array) == repr(array)


def large(samples: int) -> tuple[Problem, Trace]:
    spec = NetworkSpec(2, (LayerSpec(2, "tanh"), LayerSpec(1, "sigmoid")))
    problem, vector = problem_of(spec, HALF, samples=samples, seed=4)
    return problem, explain(problem, begin(problem, vector))


@pytest.mark.parametrize("sample", [0, 31, 32, 33, 100, 299])
def test_a_large_batch_is_cut_around_the_sample(sample: int) -> None:
    problem, trace = large(300)
    for layer, arrays in zip(trace.layers, named(problem, trace, sample), strict=True):
        delta = arrays["delta"]
        assert delta.limited
        assert delta.shape == (300, layer.delta.shape[1])
        assert len(delta.values) == MOST_ROWS
        assert delta.first_row <= sample < delta.first_row + MOST_ROWS
        np.testing.assert_array_equal(
            delta.values[sample - delta.first_row], layer.delta[trace.sample_position(sample)]
        )
        np.testing.assert_array_equal(evaluated(delta.text), delta.values)
        # What has no row for a sample is whole.
        assert not arrays["weight_gradient"].limited
        assert not arrays["sample_weight_gradient"].limited


def test_a_batch_of_the_largest_size_is_whole() -> None:
    problem, trace = large(MOST_ROWS)
    assert not named(problem, trace, 5)[0]["inputs"].limited


def test_references_name_the_entries() -> None:
    problem, trace = large(4)
    arrays = named(problem, trace, 2)[0]
    refs = {name: matrix.refs for name, matrix in arrays.items()}
    assert refs == {
        "inputs": "a.0.{column}",
        "weights": "w.1.{row}.{column}",
        "bias": "b.1.{column}",
        "net_input": "z.1.{column}",
        "activation": "a.1.{column}",
        "upstream": "up.1.{column}",
        "local": "loc.1.{column}",
        "delta": "d.1.{column}",
        "sample_weight_gradient": "gw.1.{row}.{column}",
        "sample_bias_gradient": "gb.1.{column}",
        "weight_gradient": "Gw.1.{row}.{column}",
        "bias_gradient": "Gb.1.{column}",
        "new_weights": "nw.1.{row}.{column}",
        "new_bias": "nb.1.{column}",
    }


def test_formulas_of_a_fused_output() -> None:
    spec = NetworkSpec(2, (LayerSpec(3, "softmax", bias=BiasSpec("absent")),))
    problem, vector = problem_of(spec, loss_spec("categorical_cross_entropy", batch="mean"), samples=4)
    arrays = named(problem, explain(problem, begin(problem, vector)), 1)[0]
    assert arrays["delta"].formula == "A^{(1)}-T"
    assert arrays["weight_gradient"].formula == "\\tfrac{1}{4}X^{\\top}\\,\\delta^{(1)}"
    assert arrays["local"].refs == "loc.1.{row}.{column}"
    assert not arrays["local"].samples


@settings(max_examples=60, deadline=None)
@given(
    combination=st.sampled_from(FULL),
    batch=st.sampled_from(["sum", "mean"]),
    samples=st.integers(1, 9),
    limit=st.integers(1, 12),
    seed=st.integers(0, 50),
    pick=st.integers(0, 10_000),
)
def test_contributions_add_up_to_what_the_optimizer_gets(
    combination: tuple[str, str, str, str], batch: str, samples: int, limit: int, seed: int, pick: int
) -> None:
    hidden, output, loss_name, bias = combination
    spec = network(hidden, output, bias)  # type: ignore[arg-type]
    problem, vector = problem_of(spec, loss_spec(loss_name, batch=batch), samples=samples, seed=seed)
    trace = explain(problem, begin(problem, vector))
    trained = np.flatnonzero(spec.trainable_mask())
    place = int(trained[pick % len(trained)])
    found = contributions(spec, trace, spec.element(place), limit)
    shown = [one.gradient for one in found.samples]
    size = max(1e-300, found.positive - found.negative)
    assert found.combined == trace.gradient[place]
    assert abs(math.fsum(shown) + found.omitted_sum - found.total) <= 1e-12 * size
    assert abs(found.positive + found.negative - found.total) <= 1e-12 * size
    assert found.total * found.batch_factor == found.combined
    assert len(shown) + found.omitted == found.size == samples
    assert len(shown) <= limit
    if found.omitted:
        assert [abs(one) for one in shown] == sorted(map(abs, shown), reverse=True)
    else:
        assert [one.sample for one in found.samples] == list(trace.batch)
    for one in found.samples:
        at = trace.sample_position(one.sample)
        assert one.loss == trace.sample_losses[at]
        np.testing.assert_array_equal(one.inputs, trace.inputs[at])
        np.testing.assert_array_equal(one.targets, trace.targets[at])
    if found.cancellation is not None:
        assert 0.0 <= found.cancellation <= 1.0


def test_cancellation_by_hand() -> None:
    # One identity neuron at w = 0: the gradient of each sample is −t·x.
    spec = NetworkSpec(1, (LayerSpec(1, "identity", bias=BiasSpec("absent")),))
    problem, _ = problem_of(spec, HALF, samples=3)
    problem.data.inputs[:, 0] = [1.0, 2.0, 4.0]
    problem.data.targets[:, 0] = [3.0, 1.0, -1.0]
    trace = explain(problem, begin(problem, np.zeros(1)))
    found = contributions(spec, trace, "w.1.0.0")
    assert [one.gradient for one in found.samples] == [-3.0, -2.0, 4.0]
    assert (found.total, found.positive, found.negative) == (-1.0, 4.0, -5.0)
    assert found.cancellation == pytest.approx(1 - 1 / 9)
    problem.data.targets[:, 0] = 0.0
    still = contributions(spec, explain(problem, begin(problem, np.zeros(1))), "w.1.0.0")
    assert still.cancellation is None
    assert still.total == 0.0


@pytest.mark.parametrize("mode", BIAS_MODES)
def test_only_trained_parameters_have_contributions(mode: str) -> None:
    spec = network("tanh", "sigmoid", mode)  # type: ignore[arg-type]
    problem, vector = problem_of(spec, HALF)
    trace = explain(problem, begin(problem, vector))
    for element in ("w.1.9.0", "w.9.0.0", "a.1.0", "nonsense", "b.1.7"):
        with pytest.raises(InvalidInputError) as refused:
            contributions(spec, trace, element)
        assert refused.value.pointer == "/element"
    if mode == "trained":
        assert contributions(spec, trace, "b.1.0").size == 4
    else:
        with pytest.raises(InvalidInputError) as refused:
            contributions(spec, trace, "b.1.0")
        assert refused.value.code == {"fixed": "fixed-bias", "absent": "unknown-element"}[mode]


def test_a_frozen_parameter_says_so() -> None:
    spec = network("tanh", "sigmoid")
    problem, vector = problem_of(spec, HALF, frozen=("w.1.0.0",))
    trace = explain(problem, begin(problem, vector))
    assert contributions(spec, trace, "w.1.0.0").frozen
    assert not contributions(spec, trace, "w.1.0.1").frozen
