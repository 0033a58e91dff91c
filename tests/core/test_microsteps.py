"""Micro-steps: the worked example's printed numbers, and every line's arithmetic replayed as shown."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.activations import ACTIVATIONS
from core.losses import LOSSES
from core.microsteps import Granularity, Line, MicroSteps, microsteps
from core.naming import elements
from core.network import (
    BatchSpec,
    BiasMode,
    BiasSpec,
    DataSet,
    LayerSpec,
    LossSpec,
    NetworkSpec,
    OptimizerSpec,
    TrainingSpec,
)
from core.optimizers import OPTIMIZERS
from core.propagation import explain
from core.trace import Trace
from core.training import Problem, start
from tests.core.tex_arithmetic import evaluate

LOCALES = Path(__file__).parents[2] / "app" / "locales"
SYMBOL = re.compile(r"\\sym\{([^{}]*)\}")
SLOT = re.compile(r"\\val\{([^{}]*)\}")
MACRO = re.compile(r"\\([A-Za-z]+)")
FORMS = [(loss.name, form) for loss in LOSSES for form in loss.forms]
BIASES: tuple[BiasMode, ...] = ("trained", "fixed", "absent")


def make(
    sizes: tuple[int, ...] = (2, 3, 2),
    hidden: str = "tanh",
    output: str = "sigmoid",
    loss: LossSpec | None = None,
    optimizer: str = "sgd",
    bias: BiasMode = "trained",
    batch: int = 1,
    seed: int = 0,
    steps: int = 0,
    frozen: tuple[str, ...] = (),
    **settings: Any,
) -> tuple[Problem, Trace]:
    """Return a random problem and the trace of its step number `steps`."""
    generator = np.random.default_rng(seed)
    names = [*[hidden] * (len(sizes) - 2), output]
    layers = (LayerSpec(n, name, {}, BiasSpec(bias)) for n, name in zip(sizes[1:], names, strict=True))
    network = NetworkSpec(sizes[0], tuple(layers))
    mask = network.trainable_mask() == 0
    for element in frozen:
        mask[network.position(element)] = True
    targets = np.eye(sizes[-1])[generator.integers(0, sizes[-1], batch)]
    if output != "softmax":
        targets = generator.random((batch, sizes[-1]))
    problem = Problem(
        network,
        TrainingSpec(loss or LossSpec(), OptimizerSpec(optimizer, {}), BatchSpec(), **settings),
        DataSet(generator.normal(size=(batch, sizes[0])), targets),
        mask,
    )
    snapshot = start(problem, generator.normal(size=network.parameter_count), generator)
    for _ in range(steps):
        made = explain(problem, snapshot)
        snapshot = replace(
            snapshot,
            vector=made.after,
            optimizer_state=made.state_after,
            optimizer_count=made.optimizer_count,
            step=made.step + 1,
            epoch=made.epoch + 1,
        )
    return problem, explain(problem, snapshot)


def worked_example() -> MicroSteps:
    return told_worked_example("neuron")


def told_worked_example(granularity: Granularity) -> MicroSteps:
    network = NetworkSpec(2, tuple(LayerSpec(2, "sigmoid", {}, BiasSpec("absent")) for _ in range(2)))
    problem = Problem(
        network,
        TrainingSpec(optimizer=OptimizerSpec("sgd", {"learning_rate": 0.5})),
        DataSet(np.array([[0.1, 0.2]]), np.array([[0.4, 0.6]])),
        np.zeros(8, dtype=np.bool_),
    )
    vector = np.array([0.3, 0.25, 0.4, 0.35, 0.45, 0.4, 0.7, 0.6])
    return microsteps(
        problem, explain(problem, start(problem, vector, np.random.default_rng(0))), 0, granularity
    )


def all_lines(told: MicroSteps) -> Iterator[Line]:
    return (line for microstep in told.microsteps for line in microstep.lines)


PRINTED = {
    "z.1.0": "0.08000000",
    "z.1.1": "0.11000000",
    "a.1.0": "0.51998934",
    "a.1.1": "0.52747230",
    "z.2.0": "0.44498412",
    "z.2.1": "0.68047592",
    "a.2.0": "0.60944600",
    "a.2.1": "0.66384491",
    "e.0": "0.02193381",
    "e.1": "0.00203809",
    "e": "0.02397190",
    "up.2.0": "0.20944600",
    "loc.2.0": "0.23802157",
    "gw.2.0.0": "0.02592286",
    "up.1.0": "0.03240681",
    "loc.1.0": "0.24960043",
    "gw.1.0.0": "0.00080888",
    "nw.1.0.0": "0.29959556",
    "nw.1.1.0": "0.24919112",
    "nw.1.0.1": "0.39964496",
    "nw.1.1.1": "0.34928991",
    "nw.2.0.0": "0.43703857",
    "nw.2.1.0": "0.38685205",
    "nw.2.0.1": "0.69629578",
    "nw.2.1.1": "0.59624247",
}


def test_worked_example_has_the_printed_numbers() -> None:
    results = {line.result_ref: line for line in all_lines(worked_example())}
    assert {ref: f"{results[ref].result:.8f}" for ref in PRINTED} == PRINTED
    assert [f"{part.result:.8f}" for part in results["up.1.0"].parts] == ["0.02243370", "0.00997311"]


def test_worked_example_is_told_neuron_by_neuron() -> None:
    told = worked_example()
    assert [microstep.id for microstep in told.microsteps] == [
        *("forward/1/0", "forward/1/1", "forward/2/0", "forward/2/1"),
        *("loss/0", "loss/1", "loss/total"),
        *("backward/2/0", "backward/2/1", "backward/1/0", "backward/1/1"),
        *("update/1/0", "update/1/1", "update/2/0", "update/2/1"),
    ]
    assert [(span.name, span.first, span.count) for span in told.phases] == [
        ("forward", 0, 4),
        ("loss", 4, 3),
        ("backward", 7, 4),
        ("update", 11, 4),
    ]
    assert (told.step, told.iteration, told.batch) == (0, 1, (0,))


def test_worked_example_reads_as_on_paper() -> None:
    lines = {line.result_ref: line for line in all_lines(worked_example())}

    def plain(tex: str) -> str:
        return re.sub(r"\\sym\{[^{}]*\}\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}", r"\1", tex)

    assert plain(lines["z.1.0"].formula) == "w_{1}\\,x_{1}+w_{2}\\,x_{2}"
    assert plain(lines["a.1.0"].formula) == "\\sigma(z_{1})=\\frac{1}{1+e^{-z_{1}}}"
    assert plain(lines["up.2.0"].formula) == "o_{1}-t_{1}"
    assert plain(lines["loc.2.0"].formula) == "o_{1}\\,(1-o_{1})"
    assert plain(lines["up.1.0"].formula) == "\\delta_{3}\\,w_{5}+\\delta_{4}\\,w_{7}"
    assert plain(lines["e"].formula) == "E_{1}+E_{2}"
    gradient = lines["gw.2.0.0"]
    assert gradient.substitution == "\\val{up.2.0}\\times \\val{loc.2.0}\\times \\val{a.1.0}"
    assert gradient.refs["carried"] == "a.1.0"
    assert gradient.badge == 3
    assert gradient.uses == ("forward/1/0",)  # the other two factors are made in the same micro-step
    update = lines["nw.2.0.0"]
    assert update.substitution == "\\val{w.2.0.0}-\\val{eta}\\times \\val{gw.2.0.0}"
    read = {"w.2.0.0": 0.45, "eta": 0.5, "gw.2.0.0": 0.02592286, "uw.2.0.0": -0.01296143}
    assert update.values == pytest.approx(read, abs=1e-8)


def close(found: float, line: Line) -> bool:
    # Terms that cancel leave the rounding of the largest of them.
    size = max(1.0, abs(line.result), *(abs(value) for value in line.values.values()))
    size = max(size, *(abs(part.result) for part in line.parts), 1.0)
    return math.isclose(found, line.result, rel_tol=1e-12, abs_tol=1e-12 * size)


def check(problem: Problem, trace: Trace, sample: int = 0) -> None:
    """Hold every property of the micro-steps of one sample."""
    told = microsteps(problem, trace, sample)
    replay(told)
    well_formed(problem, told)
    coarser = {name: microsteps(problem, trace, sample, name) for name in ("layer", "phase")}  # type: ignore[arg-type]
    for told_again in coarser.values():
        well_formed(problem, told_again)
        assert [line._replace(uses=()) for line in all_lines(told_again)] == [
            line._replace(uses=()) for line in all_lines(told)
        ]
    finest = microsteps(problem, trace, sample, "term")
    replay(finest)
    well_formed(problem, finest)
    adds_up(told, finest)
    assert [microstep.id for microstep in coarser["phase"].microsteps] == [
        *("forward", "loss", "backward", "update")
    ]


def adds_up(told: MicroSteps, finest: MicroSteps) -> None:
    """The terms make what the neurons make, and replaying them from the given numbers alone leads there."""
    assert all(len(microstep.lines) == 1 for microstep in finest.microsteps)
    assert [microstep.id for microstep in finest.microsteps] == [line.id for line in all_lines(finest)]
    assert {line.result_ref for line in all_lines(told)} <= {line.result_ref for line in all_lines(finest)}
    computed: dict[str, float] = {}
    used: dict[str, set[str]] = {}
    for line in all_lines(finest):
        used[line.id] = set(line.uses)
        own = {f"gs.{finest.sample}.": "g", f"es.{finest.sample}": "e"}
        numbers = dict(line.values)
        for ref in numbers:
            made = next(
                (ref.replace(name, short) for name, short in own.items() if ref.startswith(name)), ref
            )
            if made in computed:
                numbers[ref] = computed[made]
                assert line.uses, line
        if "\\cdots" not in line.substitution:
            result = evaluate(line.substitution, numbers)
            assert close(result, line), line
            computed[line.result_ref] = result
    # Without a step's result, none of those that use it can be told: the ids lead back to given numbers only.
    reached: set[str] = set()
    for line_id, ids in used.items():
        assert ids <= reached
        reached.add(line_id)


def replay(told: MicroSteps) -> None:
    for line in all_lines(told):
        if "\\cdots" not in line.substitution:
            assert close(evaluate(line.substitution, line.values), line), line
        for part in line.parts:
            assert evaluate(part.substitution, line.values) == part.result
        if line.parts and line.kind != "sum":
            assert close(sum(part.result for part in line.parts), line), line
        elif line.parts:
            bias = sum(value for ref, value in line.values.items() if ref[:2] in ("b.", "lb"))
            assert close(sum(part.result for part in line.parts) + bias, line), line


def well_formed(problem: Problem, told: MicroSteps) -> None:
    known = {name.id for name in elements(problem.network)}
    locales = {
        language: json.loads((LOCALES / language / "microsteps.json").read_text("utf-8"))
        for language in ("en", "ko")
    }
    done: set[str] = set()
    first = 0
    for span in told.phases:
        assert span.first == first
        first += span.count
        assert {m.phase for m in told.microsteps[span.first : first]} <= {span.name}
    assert first == len(told.microsteps)
    for microstep in told.microsteps:
        texts = [microstep.headline]
        sentences = [(microstep.title.key, microstep.title.refs)]
        assert set(microstep.group) | set(microstep.focus) <= known
        assert {line.result_ref for line in microstep.lines} == set(microstep.produces)
        for line in microstep.lines:
            assert set(line.uses) <= done, (microstep.id, line.id, line.uses)
            assert SYMBOL.match(line.symbol)
            slots = {
                ref
                for text in (line.substitution, *(p.substitution for p in line.parts))
                for ref in SLOT.findall(text)
            }
            assert slots <= line.values.keys()
            assert not SLOT.search(line.formula + line.symbol)
            texts += [line.symbol, line.formula, line.substitution]
            texts += [text for part in line.parts for text in part[:2]]
            sentences.append((line.sentence, line.refs))
        for text in texts:
            assert balanced(text), text
            for ref in SYMBOL.findall(text):
                assert_reference(ref, known, problem)
        for key, refs in sentences:
            for language in locales.values():
                assert set(re.findall(r"\{(\w+)\}", language[key])) <= refs.keys(), key
            assert set(refs.values()) <= known
        done.add(microstep.id)
    assert len({line.id for line in all_lines(told)}) == sum(1 for _ in all_lines(told))
    assert set(told.keys()) <= locales["en"].keys()


def assert_reference(ref: str, known: set[str], problem: Problem) -> None:
    kind, *rest = ref.split(".")
    if kind in ("eta", "hp", "ap", "eta0", "epoch", "sched", "reg", "size", "pen", "obj", "clip", "drop"):
        return
    if kind == "p":
        assert ".".join(("w", *rest)) in known
        return
    if kind in ("ps", "cs", "c"):
        assert f"a.{rest[0]}.{rest[1]}" in known
        assert int(rest[2]) >= (0 if kind == "c" else 1)
        return
    if kind in ("up", "loc", "f"):
        assert f"a.{rest[0]}.{rest[1]}" in known
    elif kind == "es":
        assert 0 <= int(rest[0]) < problem.data.size
    elif kind in ("gs", "s", "s0", "o"):
        assert ".".join(rest[1:]) in known
    elif ref not in known:
        assert ".".join((kind[1:], *rest)) in known


def balanced(text: str) -> bool:
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0 and "<" not in text and ">" not in text


@pytest.mark.parametrize("bias", BIASES)
@pytest.mark.parametrize("activation", [entry.name for entry in ACTIVATIONS if not entry.output_only])
def test_every_activation(activation: str, bias: BiasMode) -> None:
    for output in (activation, "sigmoid"):
        check(*make(hidden=activation, output=output, bias=bias, seed=len(activation)))


@pytest.mark.parametrize("bias", BIASES)
@pytest.mark.parametrize(("name", "form"), FORMS, ids=[form.name for _, form in FORMS])
def test_every_loss(name: str, form: object, bias: BiasMode) -> None:
    spec = LossSpec(name, form.coefficient, form.outputs, form.batch)  # type: ignore[attr-defined]
    accepts = LOSSES.get(name).accepts or {"sigmoid", "identity", "softmax"}
    for output in sorted(accepts):
        for outputs in (1, 3):
            for batch in (1, 3):
                check(*make((2, 2, outputs), output=output, loss=spec, bias=bias, batch=batch), batch - 1)


def test_half_mean_squared_error() -> None:
    for coefficient in LOSSES.get("squared_error").coefficients:
        check(*make((2, 2, 3), loss=LossSpec("squared_error", coefficient, "mean", "mean"), batch=2))


@pytest.mark.parametrize("batch", [1, 3, 12])
@pytest.mark.parametrize("optimizer", OPTIMIZERS.names())
def test_every_optimizer(optimizer: str, batch: int) -> None:
    for steps in (0, 3):
        check(*make(optimizer=optimizer, batch=batch, steps=steps, frozen=("w.1.0.1", "b.2.0")))


@pytest.mark.parametrize(
    "sizes", [(13, 1), (14, 15, 13), (1, 1, 13), (2, 1), (1, 1, 1, 1), (2, 3, 3, 3, 1)], ids=str
)
def test_every_shape(sizes: tuple[int, ...]) -> None:
    check(*make(sizes))
    check(*make(sizes, output="softmax", loss=LossSpec("categorical_cross_entropy", 1.0), batch=2))


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=4),
    hidden=st.sampled_from([entry.name for entry in ACTIVATIONS if not entry.output_only]),
    form=st.sampled_from(FORMS),
    optimizer=st.sampled_from(OPTIMIZERS.names()),
    bias=st.sampled_from(BIASES),
    batch=st.integers(1, 4),
    steps=st.integers(0, 2),
)
def test_random_networks(
    seed: int,
    sizes: list[int],
    hidden: str,
    form: tuple[str, object],
    optimizer: str,
    bias: BiasMode,
    batch: int,
    steps: int,
) -> None:
    name, kind = form
    spec = LossSpec(name, kind.coefficient, kind.outputs, kind.batch)  # type: ignore[attr-defined]
    output = min(LOSSES.get(name).accepts or {hidden})
    check(*make(tuple(sizes), hidden, output, spec, optimizer, bias, batch, seed, steps), seed % batch)


def test_long_sums_are_abbreviated_and_keep_every_part() -> None:
    problem, trace = make((20, 16, 15))
    lines = {line.result_ref: line for line in all_lines(microsteps(problem, trace, 0))}
    forward, backward = lines["z.1.0"], lines["up.1.0"]
    assert forward.formula.startswith("\\sum_{i=1}^{20}w^{(1)}_{i1}\\,x_{i}")
    assert backward.formula == "\\sum_{k=1}^{15}\\delta^{(2)}_{k}\\,w^{(2)}_{1k}"
    assert "\\cdots" in forward.substitution
    assert (len(forward.parts), len(backward.parts)) == (20, 15)


def test_look_ahead_comes_first_and_is_used() -> None:
    problem, trace = make(optimizer="nag", steps=2)
    told = microsteps(problem, trace, 0)
    assert told.microsteps[0].id == "lookahead/1/0"
    net_input = next(line for line in all_lines(told) if line.result_ref == "z.1.0")
    assert "lw.1.0.0" in net_input.values
    assert "w.1.0.0" not in net_input.values
    assert net_input.values["lw.1.0.0"] != trace.before[problem.network.position("w.1.0.0")]
    assert net_input.uses == ("lookahead/1/0",)


def test_frozen_parameters_say_that_they_stay() -> None:
    problem, trace = make(optimizer="adam", frozen=("w.1.0.0",), steps=1)
    lines = [
        line for line in all_lines(microsteps(problem, trace, 0)) if line.id.startswith("update/1/0/w.1.0.0")
    ]
    assert [line.sentence for line in lines] == ["line.frozen"]
    assert lines[0].result == lines[0].values["w.1.0.0"]


def test_the_worked_example_term_by_term() -> None:
    finest = told_worked_example("term")
    assert [(span.name, span.count) for span in finest.phases] == [
        ("forward", 16),
        ("loss", 3),
        ("backward", 24),
        ("update", 8),
    ]
    lines = {line.id: line for line in all_lines(finest)}
    shown = {line_id: f"{line.result:.8f}" for line_id, line in lines.items()}
    assert [shown[f"forward/2/0/{name}"] for name in ("p0", "p1", "z", "a")] == [
        *("0.23399520", "0.21098892", "0.44498412", "0.60944600")
    ]
    paths = [shown[f"backward/1/0/{name}"] for name in ("c0", "c1", "factor1", "factor2", "delta")]
    assert paths == ["0.02243370", "0.00997311", "0.03240681", "0.24960043", "0.00808875"]
    assert lines["backward/1/0/factor1"].uses == ("backward/1/0/c0", "backward/1/0/c1")
    assert lines["backward/1/0/c1"].uses == ("backward/2/1/delta",)
    gradient = lines["backward/2/0/w.2.0.0"]
    assert gradient.uses == ("backward/2/0/factor1", "backward/2/0/factor2", "forward/1/0/a")
    assert lines["update/2/0/w.2.0.0"].uses == ("backward/2/0/w.2.0.0",)
    assert [f"{part.result:.8f}" for part in lines["update/2/0/w.2.0.0"].parts] == [
        "0.45000000",
        "-0.01296143",
    ]


def test_a_long_sum_has_running_sums_and_a_bias_ends_it() -> None:
    problem, trace = make((3, 4, 3, 1))
    finest = microsteps(problem, trace, 0, "term")
    ids = [microstep.id.removeprefix("forward/1/0/") for microstep in finest.microsteps[:7]]
    assert ids == ["p0", "p1", "s1", "p2", "s2", "z", "a"]
    backward = [
        m.id.removeprefix("backward/2/0/") for m in finest.microsteps if m.id.startswith("backward/1/0/")
    ]
    assert [name.removeprefix("backward/1/0/") for name in backward][:6] == [
        *("c0", "c1", "cs1", "c2", "factor1", "factor2")
    ]
    lines = {line.id: line for line in all_lines(finest)}
    products = [lines[f"forward/1/0/p{i}"].result for i in range(3)]
    assert lines["forward/1/0/s2"].result == products[0] + products[1] + products[2]
    assert lines["forward/1/0/z"].uses == ("forward/1/0/s2",)
    assert lines["forward/1/0/s2"].uses == ("forward/1/0/s1", "forward/1/0/p2")


def test_limited_to_one_neuron() -> None:
    problem, trace = make((3, 5, 2), optimizer="adam", batch=3)
    for granularity in ("term", "neuron", "layer", "phase"):
        whole = microsteps(problem, trace, 1, granularity)  # type: ignore[arg-type]
        limited = microsteps(problem, trace, 1, granularity, (1, 2))  # type: ignore[arg-type]
        well_formed(problem, limited)
        assert (whole.only, limited.only) == (None, "a.1.2")
        lines = {line.id: line for line in all_lines(whole)}
        kept = list(all_lines(limited))
        assert [line._replace(uses=()) for line in kept] == [
            lines[line.id]._replace(uses=()) for line in kept
        ]
        assert {line.result_ref for line in kept} >= {"z.1.2", "d.1.2", "gw.1.2.2", "Gb.1.2", "nw.1.0.2", "e"}
        assert not {line.result_ref for line in kept} & {"z.1.1", "d.2.0", "nw.2.0.0"}
    with pytest.raises(ValueError, match="no neuron"):
        microsteps(problem, trace, 1, "term", (1, 5))


def test_softmax_shows_the_long_route_and_the_short_one() -> None:
    problem, trace = make((2, 2, 3), output="softmax", loss=LossSpec("categorical_cross_entropy", 1.0))
    told = microsteps(problem, trace, 0)
    ids = [microstep.id for microstep in told.microsteps]
    assert ids.index("backward/2/upstream") == ids.index("backward/2/0") - 1
    step = told.microsteps[ids.index("backward/2/0")]
    routes = [line for line in step.lines if line.result_ref == "d.2.0"]
    assert [line.sentence for line in routes] == ["line.softmax_delta", "line.fused"]
    assert routes[1].substitution == "\\val{a.2.0}-\\val{t.0}"
    assert len(routes[0].parts) == 3


@pytest.mark.parametrize(
    ("name", "output"), [("binary_cross_entropy", "sigmoid"), ("categorical_cross_entropy", "softmax")]
)
def test_saturated_outputs_keep_true_arithmetic(name: str, output: str) -> None:
    problem, _ = make((1, 2), output=output, loss=LossSpec(name, 1.0), bias="absent")
    problem = replace(problem, data=DataSet(np.array([[1.0]]), np.array([[0.0, 1.0]])))
    snapshot = start(problem, np.array([800.0, -800.0]), np.random.default_rng(0))
    told = microsteps(problem, explain(problem, snapshot), 0)
    for line in all_lines(told):
        assert math.isfinite(line.result)
        if line.kind in ("product", "gradient", "update"):
            assert close(evaluate(line.substitution, line.values), line)


def test_a_diverging_step_is_told_too() -> None:
    problem, trace = make(output="identity")
    snapshot = start(problem, np.full(problem.network.parameter_count, 1e200), np.random.default_rng(0))
    trace = explain(problem, snapshot)
    assert trace.diverged
    well_formed(problem, microsteps(problem, trace, 0))


def test_a_wrong_number_would_be_found() -> None:
    told = worked_example()
    line = next(line for line in all_lines(told) if line.result_ref == "gw.1.0.0")
    assert close(evaluate(line.substitution, line.values), line)
    assert not close(evaluate(line.substitution, {**line.values, "loc.1.0": 0.25}), line)


def test_a_sample_outside_the_batch_is_refused() -> None:
    problem, trace = make()
    with pytest.raises(ValueError, match="tuple"):
        microsteps(problem, trace, 1)


def test_both_languages_have_the_same_sentences_and_no_particle_on_a_symbol() -> None:
    english, korean = (
        json.loads((LOCALES / language / "microsteps.json").read_text("utf-8")) for language in ("en", "ko")
    )
    assert english.keys() == korean.keys()
    for key, text in korean.items():
        assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[key])), key
        assert not re.search(r"\}(?:이|가|을|를|은|는|와|과|로|으로)(?![가-힣])", text), key
