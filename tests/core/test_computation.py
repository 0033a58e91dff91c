"""The Graph lab's core: wires, copies, parts, the told lines, and the oracle that agrees."""

import math
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.computation import (
    OPENING,
    PRESETS,
    Wiring,
    check_unfolded,
    complete_values,
    oracle,
    prove,
    read,
    tell,
    wire_up,
    written,
)
from core.errors import ExpressionError, InvalidInputError, UnknownNameError
from core.graph import GATES
from core.lab import Explanation
from tests.core.test_graph import NAMES, expressions, kink_distance
from tests.core.tex_arithmetic import evaluate


def graph(text: str, *unfolded: str, **values: float) -> Wiring:
    reading = read(text, frozenset(unfolded))
    return wire_up(reading, complete_values(reading, values))


def told(text: str, *unfolded: str, **values: float) -> Explanation:
    reading = read(text, frozenset(unfolded))
    wiring = wire_up(reading, complete_values(reading, values))
    return tell(reading, wiring, prove(reading, wiring))


def gradients(wiring: Wiring) -> dict[str, float | None]:
    return {wire.id: wire.gradient for wire in wiring.wires}


def test_apples_and_oranges() -> None:
    wiring = graph(OPENING["expression"], **OPENING["values"])
    assert wiring.value == pytest.approx(715.0)
    found = gradients(wiring)
    expected = {"apple": 2.2, "apple_num": 110.0, "orange": 3.3, "orange_num": 165.0, "tax": 650.0}
    assert {name: found[f"in.{name}"] for name in expected} == pytest.approx(expected)
    assert {wire.id: wire.value for wire in wiring.wires} == pytest.approx(
        {
            **{f"in.{name}": value for name, value in OPENING["values"].items()},
            "mul.1": 200,
            "mul.2": 450,
            "add.1": 650,
            "mul.3": 715,
        }
    )
    assert wiring.forward == ("mul.1", "mul.2", "add.1", "mul.3")
    assert wiring.backward == ("mul.3", "add.1", "mul.2", "mul.1")


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("x_a^2 + x_b^2", {"x_a": 3, "x_b": 4}, {"x_a": 6, "x_b": 8}),
        ("t = x + y; z = t^2", {"x": 1, "y": 2}, {"x": 6, "y": 6}),
        ("(x+y)*max(y,z)", {"x": 1, "y": 2, "z": 0}, {"x": 2, "y": 5, "z": 0}),
    ],
)
def test_expressions_of_the_course(text: str, values: dict[str, float], expected: dict[str, float]) -> None:
    found = gradients(graph(text, **values))
    assert {name: found[f"in.{name}"] for name in expected} == pytest.approx(expected)


def test_a_value_used_twice_gets_a_copy_that_adds() -> None:
    wiring = graph("(x+y)*max(y,z)", x=1, y=2, z=0)
    copy = next(node for node in wiring.nodes if node.kind == "copy")
    assert (copy.inputs, copy.outputs, copy.role) == (("in.y",), ("copy.1.1", "copy.1.2"), "adder")
    found = gradients(wiring)
    assert (found["copy.1.1"], found["copy.1.2"], found["in.y"]) == (2.0, 3.0, 5.0)
    # Forward it hands on, once the variable is there; backward it adds once both branches are.
    assert wiring.forward.index("copy.1") < wiring.forward.index("add.1")
    assert wiring.backward[-1] == "copy.1"


def test_softmax_with_loss_leaves_output_minus_target() -> None:
    preset = next(preset for preset in PRESETS if preset.name == "softmax-with-loss")
    values = preset.body["values"]
    wiring = graph(preset.body["expression"], **values)
    found, nodes = gradients(wiring), {node.name: node.value for node in wiring.nodes}
    for k in (1, 2, 3):
        assert found[f"in.a{k}"] == pytest.approx(nodes[f"y{k}"] - values[f"t{k}"], abs=1e-15)


def test_unfolding_changes_the_picture_but_no_number() -> None:
    folded = graph("y = sigmoid(x)*tanh(x)", x=0.7)
    parts = graph("y = sigmoid(x)*tanh(x)", "sigmoid.1", x=0.7)
    made = [node for node in parts.nodes if node.part_of == "sigmoid.1"]
    assert [node.gate for node in made if node.kind == "gate"] == ["negate", "exp", "add", "divide"]
    assert parts.value == pytest.approx(folded.value, rel=1e-15)
    assert gradients(parts)["in.x"] == pytest.approx(gradients(folded)["in.x"], rel=1e-14)
    assert [node.id for node in folded.nodes if node.foldable] == ["sigmoid.1", "tanh.1"]
    # Ids of the other gates stay, so that the picture can.
    assert {node.id for node in folded.nodes} - {"sigmoid.1"} <= {node.id for node in parts.nodes}


def test_parts_of_the_sigmoid_in_numbers() -> None:
    found = gradients(graph("sigmoid(x)", "sigmoid.1", x=1.0))
    e, y = math.exp(-1.0), 1 / (1 + math.exp(-1.0))
    assert found["sigmoid.1.add.1"] == pytest.approx(-(y**2))
    assert found["sigmoid.1.exp.1"] == pytest.approx(-(y**2))
    assert found["sigmoid.1.neg.1"] == pytest.approx(-(y**2) * e)
    assert found["in.x"] == pytest.approx(y * (1 - y))


@settings(deadline=None, max_examples=50)
@given(expressions(), st.tuples(*[st.floats(0.3, 2.0)] * 3), st.booleans())
def test_wires_agree_with_the_oracle_and_with_difference_quotients(
    text: str, point: tuple[float, float, float], unfold: bool
) -> None:
    reading = read(text)
    if unfold:
        reading = read(text, frozenset(reading.foldable))
    values = {name: value for name, value in zip(NAMES, point, strict=True) if name in reading.variables}
    wiring = wire_up(reading, values)
    assume(math.isfinite(wiring.value) and abs(wiring.value) < 1e3)
    assume(kink_distance(oracle(reading, wiring)[0]) > 1e-2)
    found = gradients(wiring)
    assume(all(gradient is None or abs(gradient) < 1e4 for gradient in found.values()))
    for proof in prove(reading, wiring):
        assert found[proof.element] == pytest.approx(proof.autodiff, rel=1e-9, abs=1e-12)
        assert found[proof.element] == pytest.approx(proof.central, rel=1e-4, abs=1e-4)
        assert not proof.kink
    for wire in wiring.wires:
        if wire.gradient is not None:
            assert wire.local is not None
            assert wire.upstream is not None
            assert wire.gradient == wire.local * wire.upstream


def test_every_printed_line_comes_to_its_result() -> None:
    everything = (
        "exp(a)+log(b)-sin(c)*cos(d)/tanh(a)+sigmoid(b)^c+relu(d)-abs(-a)+sqrt(b)+step(c)+max(a,b)*min(c,d)"
    )
    for text, values in [
        (everything, {"a": 0.5, "b": 2.0, "c": 1.5, "d": 0.75}),
        *((preset.body["expression"], preset.body["values"]) for preset in PRESETS),
    ]:
        explanation = told(text, **values)
        for step in explanation.microsteps:
            (line,) = step.lines
            printed = line.substitution or line.formula
            assert evaluate(printed, line.values) == pytest.approx(line.result, rel=1e-12, abs=1e-12), line
        assert {check.verdict for check in explanation.checks} == {"agree"}


def test_a_gate_makes_local_and_downstream_for_each_wire() -> None:
    steps = told("z = x*y", x=10, y=5).microsteps
    assert [step.id for step in steps] == [
        "forward.mul.1",
        "forward.out",
        "backward.gmul.1",
        "backward.lin.x",
        "backward.gin.x",
        "backward.lin.y",
        "backward.gin.y",
    ]
    last = steps[-1].lines[0]
    assert last.uses == ("backward.lin.y", "backward.gmul.1")
    assert dict(last.values) == {"lin.y": 10.0, "gmul.1": 1.0}
    assert [step.group for step in steps[1:]] == [("out",), ("out",), *[("mul.1",)] * 4]


def test_constants_are_not_differentiated() -> None:
    wires = {wire.id: wire for wire in graph("3*2*x^2", x=-3.0).wires}
    assert (wires["k.1"].local, wires["k.1"].gradient, wires["mul.1"].gradient) == (None, None, None)
    assert wires["in.x"].gradient == -36.0
    # 3*2 depends on no variable, so nothing flows back into it.
    assert [step.id for step in told("5").microsteps] == ["forward.out"]


def test_one_variable_alone() -> None:
    wiring = graph("x", x=4.0)
    assert [node.id for node in wiring.nodes] == ["in.x", "out"]
    assert gradients(wiring) == {"in.x": 1.0}
    assert [check.verdict for check in told("x", x=4.0).checks] == ["agree"]


def test_a_kink_is_named() -> None:
    for text in ("relu(x)", "abs(x)", "max(x, 0)", "step(x)"):
        assert [check.verdict for check in told(text, x=0.0).checks] == ["not-differentiable"]


def test_numbers_that_overflow_stay_in_the_graph() -> None:
    wiring = graph("exp(x)*relu(y)", x=1000.0, y=-1.0)
    assert math.isnan(wiring.value)
    assert gradients(graph("sigmoid(x)", "sigmoid.1", x=-1000.0))["in.x"] == 0.0


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("t = x +; t", "expression-incomplete", 7),
        ("x + ; y", "expression-incomplete", 3),
        ("a = 1; b = a $ 2", "expression-character", 13),
        ("x + y; z", "expression-unnamed", 5),
        ("t = x; t = y; t", "expression-name-taken", 7),
        ("x = y; x", None, 0),
        ("z = x; x = 2; z*x", "expression-name-taken", 7),
        ("max = 2; max", "expression-name-taken", 0),
        ("t = x + y; u = 2; t", "expression-name-unused", 11),
        ("", "expression-empty", 0),
        ("x;", "expression-unnamed", 1),
        ("t = ; t", "expression-empty", 3),
        ("t == 2", "expression-character", 3),
    ],
)
def test_errors_point_at_the_character(text: str, code: str | None, position: int) -> None:
    if code is None:
        read(text)
        return
    with pytest.raises(ExpressionError) as caught:
        read(text)
    assert (caught.value.code, caught.value.params["position"]) == (code, position)
    with pytest.raises(ExpressionError):  # and again: a kept error would move on
        read(text)


def test_limits_hold_over_all_statements() -> None:
    half = "+".join(["x"] * 51)
    with pytest.raises(ExpressionError, match="expression-too-many-nodes"):
        read(f"a={half};a+{half}")
    with pytest.raises(ExpressionError, match="expression-too-long"):
        read("x" * 501)


def test_spans_name_the_whole_subexpression() -> None:
    text = "price = (apple*2 + orange*3)*1.1"
    spans = {node.id: text[slice(*node.span)] for node in graph(text).nodes if node.span}
    assert spans["mul.1"] == "apple*2"
    assert spans["add.1"] == "apple*2 + orange*3"
    assert spans["mul.3"] == "(apple*2 + orange*3)*1.1"
    assert spans["k.3"] == "1.1"
    inner = "y = -sigmoid( x ) ^ 2"
    spans = {node.id: inner[slice(*node.span)] for node in graph(inner).nodes if node.span}
    assert (spans["neg.1"], spans["sigmoid.1"]) == ("-sigmoid( x ) ^ 2", "sigmoid( x )")


def test_names_are_written_with_indices() -> None:
    assert [
        written(name) for name in ("x", "x1", "x_1", "x_a", "apple_num", "a_b_c", "_x", "x_", "사과")
    ] == [
        ("x", ""),
        ("x", "1"),
        ("x", "1"),
        ("x", "a"),
        ("apple", "num"),
        ("a_b_c", ""),
        ("_x", ""),
        ("x_", ""),
        ("사과", ""),
    ]
    nodes = {node.id: (node.base, node.sub) for node in graph("t = 사과*2; t*t + sigmoid(t)").nodes}
    assert nodes["in.1"] == ("사과", "")
    assert nodes["mul.1"] == ("t", "")
    assert nodes["mul.2"] == ("mul", "2")
    assert (nodes["add.1"], nodes["out"]) == (("add", ""), ("f", ""))
    assert all(re.fullmatch(r"[A-Za-z0-9._]+", id) for id in nodes)


def test_left_out_values_are_told_apart() -> None:
    reading = read("a*b*c")
    assert complete_values(reading, {"b": 7}) == {"a": 1.0, "b": 7.0, "c": 3.0}
    with pytest.raises(UnknownNameError):
        complete_values(reading, {"d": 1})
    with pytest.raises(InvalidInputError):
        complete_values(read("1"), {"d": 1})
    with pytest.raises(InvalidInputError):
        check_unfolded(reading, ["sigmoid.1"])
    with pytest.raises(UnknownNameError):
        check_unfolded(read("sigmoid(x)"), ["sigmoid.2"])


def test_every_gate_has_a_local_gradient_for_each_input_and_its_sentences() -> None:
    from app.i18n import catalogue

    for gate in GATES:
        assert len(gate.local_tex) == gate.arity
        for language in ("en", "ko"):
            assert catalogue(language)[f"told_graph.local.{gate.name}"]
            assert catalogue(language)[f"told_graph.forward.{gate.name}"]
