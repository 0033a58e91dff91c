"""The computational graph: gradients, textbook figures, parser errors and limits."""

import json
import math
import subprocess
import sys

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.errors import ExpressionError, UnknownNameError
from core.graph import GATES, MAXIMUM_DEPTH, MAXIMUM_NODES, Graph, from_expression, parse

NAMES = ("x", "y", "z")
_UNARY = ["exp", "log", "sin", "cos", "tanh", "sigmoid", "relu", "abs", "sqrt"]


def gradients(text: str, **values: float) -> dict[str, float]:
    graph, result = from_expression(text, values)
    found = graph.backward(result)
    return {name: found[node] for name, node in graph.variables.items()}


def expressions() -> st.SearchStrategy[str]:
    leaves = st.sampled_from(NAMES) | st.sampled_from(["1", "2", "0.5"])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(st.sampled_from("+-*/"), inner, inner).map(lambda t: f"({t[1]}) {t[0]} ({t[2]})"),
            st.tuples(st.sampled_from(_UNARY), inner).map(lambda t: f"{t[0]}({t[1]})"),
            st.tuples(st.sampled_from(["max", "min"]), inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
            inner.map(lambda t: f"({t})^3"),
            inner.map(lambda t: f"-({t})"),
        ),
        max_leaves=8,
    )


def kink_distance(graph: Graph) -> float:
    """Return how far the nearest gate is from the place where its gradient jumps."""
    values = [node.value for node in graph.nodes]
    distances = [math.inf]
    for node in graph.nodes:
        if node.gate in ("max", "min"):
            distances.append(abs(values[node.inputs[0]] - values[node.inputs[1]]))
        elif node.gate in ("relu", "abs", "sqrt"):
            distances.append(abs(values[node.inputs[0]]))
    return min(distances)


@settings(deadline=None)
@given(expressions(), st.tuples(*[st.floats(0.3, 2.0)] * 3))
def test_gradients_equal_finite_differences(text: str, point: tuple[float, float, float]) -> None:
    values = dict(zip(NAMES, point, strict=True))
    graph, result = from_expression(text, values)
    assume(math.isfinite(graph.value(result)) and abs(graph.value(result)) < 1e3)
    assume(kink_distance(graph) > 1e-2)
    found = graph.backward(result)
    h = 1e-5
    for name, node in graph.variables.items():
        sides = {}
        for sign in (-2, -1, 1, 2):
            graph.assign({**{n: values[n] for n in graph.variables}, name: values[name] + sign * h})
            sides[sign] = graph.value(result)
        graph.assign({n: values[n] for n in graph.variables})
        near = (sides[1] - sides[-1]) / (2 * h)
        far = (sides[2] - sides[-2]) / (4 * h)
        # Where the stencils disagree a pole is near, and the difference quotient says nothing.
        assume(abs(near - far) <= 1e-5 * max(1.0, abs(near)))
        assert found[node] == pytest.approx(near, rel=1e-4, abs=1e-4)


def test_the_comparison_would_notice_a_wrong_gradient() -> None:
    graph, result = from_expression("sin(x)", {"x": 1.0})
    assert graph.backward(result)[graph.variables["x"]] != pytest.approx(math.sin(1.0), abs=1e-3)


def test_apples_and_oranges() -> None:
    values = {"apple": 100, "apple_num": 2, "orange": 150, "orange_num": 3, "tax": 1.1}
    graph, result = from_expression("(apple*apple_num + orange*orange_num)*tax", values)
    assert graph.value(result) == pytest.approx(715.0)
    found = graph.backward(result)
    expected = {"apple": 2.2, "apple_num": 110.0, "orange": 3.3, "orange_num": 165.0, "tax": 650.0}
    assert {n: found[i] for n, i in graph.variables.items()} == pytest.approx(expected)


@pytest.mark.parametrize("text", ["(x+y)**2", "(x+y)^2"])
@pytest.mark.parametrize("point", [(1.0, 2.0), (-3.0, 1.0), (0.0, 0.0)])
def test_square_of_a_sum(text: str, point: tuple[float, float]) -> None:
    x, y = point
    assert gradients(text, x=x, y=y) == {"x": 2 * (x + y), "y": 2 * (x + y)}


def test_product_of_sum_and_max() -> None:
    assert gradients("(x+y)*max(y,z)", x=1, y=2, z=0) == {"x": 2.0, "y": 5.0, "z": 0.0}


def test_a_value_used_twice_keeps_both_edges() -> None:
    graph, result = from_expression("a+a", {"a": 3.0})
    found = graph.backward(result)
    assert [(e.source, e.slot, e.local, e.contribution) for e in found.edges] == [
        (0, 0, 1.0, 1.0),
        (0, 1, 1.0, 1.0),
    ]
    assert found[0] == 2.0


def test_edges_carry_local_and_contribution_in_forward_order() -> None:
    graph, result = from_expression("(a+b)*c", {"a": 1.0, "b": 2.0, "c": 5.0})
    found = graph.backward(result)
    assert [(e.source, e.target) for e in found.edges] == [(0, 3), (1, 3), (3, 4), (2, 4)]
    for edge in found.edges:
        assert edge.contribution == edge.local * found[edge.target]


def test_constants_are_not_differentiated() -> None:
    graph, result = from_expression("x**2", {"x": -3.0})
    found = graph.backward(result)
    assert found.upstream == (-6.0, 0.0, 1.0)
    assert [edge.local for edge in found.edges] == [-6.0, 0.0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-x^2", -9.0),
        ("2^3^2", 512.0),
        ("x-1-1", 1.0),
        ("12/x/2", 2.0),
        ("2^-1", 0.5),
        ("1+2*x", 7.0),
        ("--x", 3.0),
        ("+x", 3.0),
        ("1.5e1 + .5", 15.5),
        (" x\t*\n2 ", 6.0),
        ("step(0)+step(-1)", 1.0),
    ],
)
def test_precedence_and_numbers(text: str, value: float) -> None:
    graph, result = from_expression(text, {"x": 3.0})
    assert graph.value(result) == value


def test_ties_go_to_the_first_input() -> None:
    assert gradients("max(x, y)", x=1.0, y=1.0) == {"x": 1.0, "y": 0.0}
    assert gradients("min(x, y)", x=1.0, y=1.0) == {"x": 1.0, "y": 0.0}


def test_kinks_follow_the_conventions() -> None:
    assert gradients("relu(x)", x=0.0) == {"x": 0.0}
    assert gradients("abs(x)", x=0.0) == {"x": 0.0}
    assert gradients("step(x)", x=0.0) == {"x": 0.0}


@pytest.mark.parametrize("x", [-1e6, -800.0, 800.0, 1e6])
def test_saturated_sigmoid_is_finite(x: float) -> None:
    graph, result = from_expression("sigmoid(x)", {"x": x})
    assert graph.value(result) == (1.0 if x > 0 else 0.0)
    assert graph.backward(result)[0] == 0.0


def test_a_branch_switched_off_contributes_nothing_even_when_it_overflowed() -> None:
    assert gradients("max(x, 0) + min(0, exp(x) - 1)", x=1000.0) == {"x": 1.0}


@pytest.mark.parametrize(
    ("text", "x", "value"),
    [
        ("1/x", 0.0, math.inf),
        ("log(x)", 0.0, -math.inf),
        ("exp(x)", 1e4, math.inf),
        ("x^3", -1e200, -math.inf),
        ("x^-1", 0.0, math.inf),
    ],
)
def test_overflow_is_a_value_not_an_exception(text: str, x: float, value: float) -> None:
    graph, result = from_expression(text, {"x": x})
    assert graph.value(result) == value
    graph.backward(result)


@pytest.mark.parametrize("text", ["log(x)", "sqrt(x)", "x^0.5", "0/(x-x)", "sin(exp(-1000*x))"])
def test_undefined_is_nan(text: str) -> None:
    graph, result = from_expression(text, {"x": -1.0})
    assert math.isnan(graph.value(result))
    graph.backward(result)


@pytest.mark.parametrize("name", GATES.names())
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 0.0, -1.0, 1e308])
def test_every_gate_takes_every_float(name: str, value: float) -> None:
    graph = Graph()
    inputs = [graph.variable(f"v{slot}", value) for slot in range(GATES.get(name).arity)]
    found = graph.backward(graph.apply(name, *inputs))
    assert all(isinstance(upstream, float) for upstream in found.upstream)


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ("", "expression-empty", 0),
        ("  ", "expression-empty", 0),
        ("x + $", "expression-character", 4),
        ("x +", "expression-incomplete", 3),
        ("x y", "expression-unexpected", 2),
        ("(x", "expression-expected", 2),
        ("x)", "expression-unexpected", 1),
        ("2 * foo(x)", "expression-unknown-function", 4),
        ("add(x, x)", "expression-unknown-function", 0),
        ("max(x)", "expression-arity", 0),
        ("exp(x, x)", "expression-arity", 0),
        ("exp()", "expression-unexpected", 4),
        ("1e999", "expression-number", 0),
        ("x + q", "expression-unknown-variable", 4),
        ("x.y", "expression-character", 1),
        ("x * * x", "expression-unexpected", 4),
        ("__import__('os')", "expression-character", 11),
        ("x" * 501, "expression-too-long", 500),
    ],
)
def test_errors_name_the_position_and_never_the_text(text: str, code: str, position: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        from_expression(text, {"x": 1.0})
    assert caught.value.code == code
    assert caught.value.params["position"] == position
    assert not [p for p in caught.value.params.values() if isinstance(p, str) and len(p) > 1 and p in text]


def test_node_limit() -> None:
    within = "+".join("x" * (MAXIMUM_NODES // 2))
    assert len(parse(within)) == MAXIMUM_NODES - 1
    with pytest.raises(ExpressionError) as caught:
        parse(within + "+x+x")
    assert caught.value.code == "expression-too-many-nodes"


@pytest.mark.parametrize(
    "text", ["(" * 200 + "x" + ")" * 200, "-" * 400 + "x", "^".join("x" * 90), "exp(" * 99]
)
def test_depth_limit(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.code == "expression-too-deep"


def test_depth_within_the_limit() -> None:
    parse("(" * MAXIMUM_DEPTH + "x" + ")" * MAXIMUM_DEPTH)


@settings(deadline=None)
@given(st.text(alphabet="xy01.+-*/^(), maxe", max_size=60))
def test_any_text_either_parses_or_is_refused(text: str) -> None:
    try:
        graph, result = from_expression(text, {"x": 1.0, "y": 2.0})
    except ExpressionError as error:
        position = error.params["position"]
    else:
        position = 0
        graph.backward(result)
    assert position in range(len(text) + 1)


def test_a_deep_graph_does_not_exhaust_the_stack() -> None:
    graph = Graph()
    node = graph.variable("x", 0.0)
    for _ in range(50_000):
        node = graph.apply("add", node, graph.constant(1.0))
    assert graph.value(node) == 50_000
    assert graph.backward(node)[0] == 1.0


def test_programmatic_graphs_take_expressions_on_any_node() -> None:
    graph = Graph()
    w, x = graph.variable("w", 2.0), graph.constant(3.0)
    z = graph.apply("multiply", w, x)
    a = graph.expression("1/(1+exp(-z))", {"z": z})
    loss = graph.expression("(a-t)^2", {"a": a, "t": graph.constant(1.0)})
    value = 1 / (1 + math.exp(-6))
    assert graph.backward(loss)[w] == pytest.approx(2 * (value - 1) * value * (1 - value) * 3)


def test_misuse_is_named() -> None:
    graph = Graph()
    x = graph.variable("x", 1.0)
    with pytest.raises(UnknownNameError):
        graph.apply("convolve", x)
    with pytest.raises(UnknownNameError):
        graph.assign({"y": 1.0})
    with pytest.raises(ValueError, match="takes 2 inputs"):
        graph.apply("add", x)
    with pytest.raises(ValueError, match="exists already"):
        graph.variable("x", 2.0)


def test_nodes_describe_the_graph() -> None:
    graph, _ = from_expression("2*x", {"x": 4.0})
    assert [(node.gate, node.name, node.value, node.inputs) for node in graph.nodes] == [
        ("variable", "x", 4.0, ()),
        ("constant", "", 2.0, ()),
        ("multiply", "", 8.0, (1, 0)),
    ]


def test_the_oracle_imports_leaves_only() -> None:
    code = (
        "import sys, json, core.graph; print(json.dumps([m for m in sys.modules if m.startswith('core.')]))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    others = {name for name in json.loads(out) if not name.startswith("core.graph")}
    assert others <= {"core.errors", "core.registry", "core.expressions"}
