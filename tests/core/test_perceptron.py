"""One neuron: exact learning, cycles, whether a line exists, with proof, its geometry, XOR composed."""

from __future__ import annotations

import json
import math
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import InvalidInputError
from core.perceptron import (
    BY_HAND,
    RULES,
    TABLES,
    Neuron,
    Rule,
    Samples,
    Setting,
    Window,
    compose,
    composition,
    conditions,
    line_of,
    most_corrections,
    moved,
    own_samples,
    run,
    separability,
    through,
    window_of,
)
from core.perceptron.telling import told
from tests.core.tex_arithmetic import evaluate

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "course_numbers.json").read_text("utf-8"))
ZERO = Neuron((0.0, 0.0), 0.0)
PERCEPTRON, ADALINE = RULES.get("perceptron"), RULES.get("adaline")
AND, XOR = TABLES.get("and").samples, TABLES.get("xor").samples

# As one types them: few digits, so that ties and returns happen.
typed = st.integers(-40, 40).map(lambda tenths: tenths / 10)
neurons = st.builds(Neuron, st.tuples(typed, typed), typed)
rates = st.sampled_from([0.1, 0.3, 0.5, 1.0, 0.05])
grid = st.tuples(st.integers(0, 4).map(float), st.integers(0, 4).map(float))
points = st.lists(st.tuples(grid, st.integers(0, 1)), min_size=2, max_size=8).map(
    lambda rows: Samples(tuple(row[0] for row in rows), tuple(row[1] for row in rows))
)


def test_truth_tables_of_the_course() -> None:
    golden = GOLDEN["truth_tables"]
    for name in ("and", "or", "xor"):
        table = TABLES.get(name)
        assert list(table.outputs) == golden[name.upper()]
        assert [list(row) for row in table.samples.inputs] == golden["inputs"]


def test_and_by_hand() -> None:
    path = run(Setting(PERCEPTRON, AND, ZERO, 1.0, 20))
    steps = [(*neuron.weights, neuron.bias) for neuron in path.neurons]
    assert steps[:6] == [(0, 0, 0), (0, 0, -1), (0, 0, -1), (0, 0, -1), (1, 1, 0), (1, 1, -1)]
    assert [visit.error for visit in path.visits[:4]] == [-1, 0, 0, 1]
    assert path.outcome == "separated"
    assert (len(path.epochs), path.corrections, path.neurons[-1]) == (6, 11, Neuron((2.0, 1.0), -3.0))
    assert path.epochs[-1].corrections == 0
    assert path.epochs[-1].wrong == ()


def test_numbers_are_the_decimals_that_were_typed() -> None:
    # 0.3 − 0.1 − 0.1 − 0.1 is 0, not 5.6e-17: the net input is on the line and counts as 1.
    samples = own_samples([[0.0, 0.0]], [0])
    path = run(Setting(PERCEPTRON, samples, Neuron((0.0, 0.0), 0.3), 0.1, 9))
    assert [neuron.bias for neuron in path.neurons] == [0.3, 0.2, 0.1, 0.0, -0.1, -0.1]


def test_xor_cycles_and_the_lab_notices() -> None:
    path = run(Setting(PERCEPTRON, XOR, ZERO, 0.1, 20))
    assert path.outcome == "cycles"
    assert path.cycle is not None
    assert (path.cycle.first, path.cycle.again, path.cycle.period) == (2, 3, 1)
    ends = [epoch.neuron for epoch in path.epochs]
    assert set(ends[1:]) == {Neuron((-0.1, 0.0), 0.0)}
    assert len(set(path.neurons[8:13])) == 4  # it moves within the epoch, and comes back


@given(neurons, rates)
@settings(max_examples=25, deadline=None)
def test_xor_is_never_learnt(start: Neuron, rate: float) -> None:
    path = run(Setting(PERCEPTRON, XOR, start, rate, 120))
    assert path.outcome in ("cycles", "unfinished")
    assert all(epoch.wrong for epoch in path.epochs)
    if path.cycle:
        ends = [start, *(epoch.neuron for epoch in path.epochs)]
        after = ends[path.cycle.first :]
        assert after[path.cycle.period :] == after[: -path.cycle.period]


@given(points, neurons, rates)
@settings(max_examples=50, deadline=None)
def test_separable_or_a_contradiction(samples: Samples, start: Neuron, rate: float) -> None:
    found = separability(samples)
    assert (found.widest is None) != (found.contradiction is None)
    if found.widest:
        (w1, w2), b = found.widest.neuron.weights, found.widest.neuron.bias
        signs = [1 if label else -1 for label in samples.classes]
        heights = [
            sign * (w1 * x1 + w2 * x2 + b) for sign, (x1, x2) in zip(signs, samples.inputs, strict=True)
        ]
        assert min(heights) == pytest.approx(1.0)
        if math.isfinite(found.widest.margin):
            assert found.widest.margin == pytest.approx(1.0 / math.hypot(w1, w2))
            most = most_corrections(samples, start, rate, found.widest)
            path = run(Setting(PERCEPTRON, samples, start, rate, 60))
            assert most is not None
            assert path.corrections <= most
    if found.contradiction:
        sums = []
        for label, side in ((1, found.contradiction.ones), (0, found.contradiction.zeros)):
            assert all(samples.classes[place] == label and times > 0 for place, times in side)
            sums.append(
                tuple(
                    sum(times * (*samples.inputs[place], 1.0)[column] for place, times in side)
                    for column in range(3)
                )
            )
        assert sums[0] == sums[1] == found.contradiction.total
        assert run(Setting(PERCEPTRON, samples, start, rate, 30)).outcome != "separated"


@given(points)
@settings(max_examples=40, deadline=None)
def test_no_street_is_wider(samples: Samples) -> None:
    widest = separability(samples).widest
    assume(widest and math.isfinite(widest.margin))
    assert widest
    ones = [row for row, label in zip(samples.inputs, samples.classes, strict=True) if label]
    zeros = [row for row, label in zip(samples.inputs, samples.classes, strict=True) if not label]
    # No street is wider than the gap between two points of different classes.
    gap = min(math.dist(one, zero) for one in ones for zero in zeros)
    assert widest.margin <= gap / 2 + 1e-12
    # And none in any of 60 directions.
    for place in range(60):
        direction = (math.cos(math.pi * place / 30), math.sin(math.pi * place / 30))
        low = min(direction[0] * x1 + direction[1] * x2 for x1, x2 in ones)
        high = max(direction[0] * x1 + direction[1] * x2 for x1, x2 in zeros)
        assert (low - high) / 2 <= widest.margin + 1e-12


def test_the_contradiction_of_xor() -> None:
    found = separability(XOR).contradiction
    assert found is not None
    assert (found.ones, found.zeros, found.total) == (((1, 1), (2, 1)), ((0, 1), (3, 1)), (1, 1, 2))
    path = run(Setting(PERCEPTRON, XOR, Neuron((0.3, 0.2), -0.4), 0.1, 1))
    explanation = conditions.told(XOR, path.neurons[0], path.net_inputs(0), found)
    lines = {step.lines[0].result_ref: step.lines[0] for step in explanation.microsteps}
    assert lines["sum.one"].result == lines["sum.zero"].result == lines["total"].result == -0.3
    assert lines["total"].substitution == "\\val{w.0}+\\val{w.1}+2\\times \\val{b}"
    for line in lines.values():
        assert evaluate(line.substitution, line.values) == pytest.approx(line.result, abs=1e-12)


@given(points, neurons, rates, st.sampled_from([PERCEPTRON, ADALINE]))
@settings(max_examples=40, deadline=None)
def test_every_line_says_what_it_computes(samples: Samples, start: Neuron, rate: float, rule: Rule) -> None:
    setting = Setting(rule, samples, start, rate, 2)
    path = run(setting)
    for at in range(min(3, len(path.visits))):
        explanation = told(setting, path, at)
        numbers: dict[str, float] = {}
        for step in explanation.microsteps:
            (line,) = step.lines
            # Rounding of 16 digits decides the step at exactly 0: the sign comes from the fractions.
            if line.kind != "function":
                assert evaluate(line.substitution, line.values) == pytest.approx(line.result, abs=1e-9)
            if line.parts:
                assert sum(part.result for part in line.parts) == pytest.approx(line.result, abs=1e-9)
            numbers[line.result_ref] = line.result
        after = path.neurons[at + 1]
        assert (numbers["nw.0"], numbers["nw.1"], numbers["nb"]) == pytest.approx(
            (*after.weights, after.bias), abs=1e-9
        )
        assert [check.verdict for check in explanation.checks] == ["agree"] * (4 if rule is ADALINE else 0)


def test_adaline_settles_where_the_mean_loss_is_least() -> None:
    path = run(Setting(ADALINE, AND, ZERO, 0.02, 200))
    losses = [epoch.loss for epoch in path.epochs]
    assert all(loss is not None for loss in losses)
    assert losses[-1] == pytest.approx(0.125, abs=2e-3)  # of the least-squares line x1 + x2 − 1.5
    assert path.epochs[-1].wrong == ()


def test_adaline_diverges_without_an_exception() -> None:
    path = run(Setting(ADALINE, own_samples([[100.0, 100.0]], [1]), ZERO, 100.0, 200))
    assert path.outcome == "diverged"
    assert not math.isfinite(path.neurons[-1].bias)
    assert line_of(path.neurons[-1], window_of(AND)).ends is None
    assert told(Setting(ADALINE, own_samples([[100.0, 100.0]], [1]), ZERO, 100.0, 200), path, 20).checks


@given(neurons, points)
@settings(max_examples=50, deadline=None)
def test_the_line_in_its_window(neuron: Neuron, samples: Samples) -> None:
    window = window_of(samples)
    assert all(
        window.x1[0] < x1 < window.x1[1] and window.x2[0] < x2 < window.x2[1] for x1, x2 in samples.inputs
    )
    line = line_of(neuron, window)
    (w1, w2), b = neuron.weights, neuron.bias
    for x1, x2 in line.positive:
        assert w1 * x1 + w2 * x2 + b >= -1e-9
    corners = [w1 * x1 + w2 * x2 + b for x1, x2 in window.corners]
    if min(corners) < -1e-9 and max(corners) > 1e-9:
        assert line.ends is not None
    if line.ends and line.arrow:
        (p1, p2), (q1, q2) = line.ends
        for x1, x2 in line.ends:
            assert w1 * x1 + w2 * x2 + b == pytest.approx(0.0, abs=1e-9)
            assert window.x1[0] - 1e-9 <= x1 <= window.x1[1] + 1e-9
            assert window.x2[0] - 1e-9 <= x2 <= window.x2[1] + 1e-9
        # w is on the left of the way from the first end to the second.
        assert (q1 - p1) * w2 - (q2 - p2) * w1 > 0
        (s1, s2), (e1, e2) = line.arrow
        assert (e1 - s1) * w1 + (e2 - s2) * w2 > 0
        if math.dist(*line.ends) > 0.01:
            same = through(neuron, line.ends)
            assert same.weights == pytest.approx(neuron.weights, abs=6e-4)
            assert same.bias == pytest.approx(neuron.bias, abs=6e-4)


def test_dragging_a_line() -> None:
    neuron = Neuron((1.0, 1.0), -1.5)
    assert moved(neuron, (0.25, 0.0)) == Neuron((1.0, 1.0), -1.75)
    turned = through(neuron, [(0.0, 0.5), (1.0, 0.5)])
    assert turned == Neuron((0.0, 1.414), -0.707)
    assert through(neuron, [(1.0, 0.5), (0.0, 0.5)]) == Neuron((0.0, -1.414), 0.707)
    assert through(ZERO, [(0.0, 0.0), (0.0, 2.0)]) == Neuron((-1.0, 0.0), 0.0)
    for wrong in (lambda: through(neuron, [(1.0, 1.0), (1.0, 1.0)]), lambda: moved(neuron, (1e6, 1e6))):
        with pytest.raises(InvalidInputError):
            wrong()


def test_xor_from_nand_or_and() -> None:
    found = compose(BY_HAND)
    assert found.solved
    assert all(gate.right for gate in found.gates)
    assert [row.outputs for row in found.rows] == [(1, 0, 0), (1, 1, 1), (1, 1, 1), (0, 1, 0)]
    for at, row in enumerate(found.rows):
        lines = [step.lines[0] for step in composition.told(BY_HAND, at).microsteps]
        assert [line.result_ref for line in lines] == ["z.1.0", "a.1.0", "z.1.1", "a.1.1", "z.2.0", "a.2.0"]
        assert [line.result for line in lines[::2]] == list(row.net_inputs)
        for line in lines:
            assert evaluate(line.substitution, line.values) == line.result
    broken = compose((BY_HAND[0], Neuron((1.0, 1.0), 0.0), BY_HAND[2]))
    assert not broken.solved
    assert [gate.right for gate in broken.gates] == [True, False, True]


def test_no_single_neuron_makes_xor() -> None:
    # Every pair of the four conditions on its own can be met; the whole cannot.
    for pair in combinations(range(4), 3):
        rows = own_samples([XOR.inputs[place] for place in pair], [XOR.classes[place] for place in pair])
        assert separability(rows).widest


@pytest.mark.parametrize("weights", [(5e-324, 5e-324), (-5e-324, 0.0), (1e-300, 1e300), (1e-308, 1e-308)])
@pytest.mark.parametrize("bias", [0.0, 1.0, -1e6, 5e-324])
def test_weights_at_the_ends_of_float64_give_finite_lines(weights: tuple[float, float], bias: float) -> None:
    found = line_of(Neuron(weights, bias), Window((-0.5, 1.5), (-0.5, 1.5)))
    points = [*(found.ends or ()), *(found.arrow or ()), *found.positive]
    assert all(math.isfinite(number) for point in points for number in point)
    assert found.distance is None or math.isfinite(found.distance)
