"""The layer view: its matrices, every told entry, and the scalar graph of the same network."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.computation import complete_values, read, wire_up
from core.layers import LayerView, layer_view, scalar_view, tell
from core.network import BatchSpec, BiasSpec, DataSet, LayerSpec, LossSpec, NetworkSpec, TrainingSpec
from core.session import Session, SessionSpec
from core.trace import Array
from core.verification import verify
from tests.core.tex_arithmetic import evaluate

LOSSES = {
    "softmax": LossSpec("categorical_cross_entropy", 1.0, "sum", "mean"),
    "sigmoid": LossSpec("binary_cross_entropy", 1.0, "mean", "mean"),
}


def network(
    sizes: tuple[int, ...],
    hidden: str = "tanh",
    output: str = "softmax",
    loss: LossSpec | None = None,
    batch: int = 3,
    bias: str = "trained",
    seed: int = 0,
) -> Session:
    generator = np.random.default_rng(seed)
    layers = tuple(
        LayerSpec(units, hidden if n < len(sizes) - 1 else output, bias=BiasSpec(bias))  # type: ignore[arg-type]
        for n, units in enumerate(sizes[1:], start=1)
    )
    targets = np.eye(max(2, sizes[-1]))[generator.integers(0, sizes[-1], batch)][:, : sizes[-1]]
    return Session.create(
        SessionSpec(
            network=NetworkSpec(sizes[0], layers),
            training=TrainingSpec(
                loss=loss or LOSSES.get(output, LossSpec("squared_error", 1.0, "mean", "mean")),
                batch=BatchSpec("full"),
            ),
            data=DataSet(generator.normal(size=(batch, sizes[0])), targets),
            seed=seed,
        )
    )


def view_of(session: Session) -> LayerView:
    return layer_view(session.problem, session.trace())


def arrays(view: LayerView) -> tuple[dict[str, Array], dict[str, Array | None]]:
    return {w.id: w.values for w in view.wires}, {w.id: w.gradient for w in view.wires}


def gradient_of(gradients: dict[str, Array | None], wire: str) -> Array:
    found = gradients[wire]
    assert found is not None
    return found


def test_affine_identities_and_shapes_of_the_course() -> None:
    session = network((2, 3), batch=4)
    view = view_of(session)
    values, gradients = arrays(view)
    shapes = {wire.id: wire.shape for wire in view.wires}
    assert shapes == {
        "X": (4, 2),
        "W.1": (2, 3),
        "B.1": (3,),
        "Z.1": (4, 3),
        "Y": (4, 3),
        "T": (4, 3),
        "L": (),
    }
    d = gradient_of(gradients, "Z.1")
    assert np.allclose(d, (values["Y"] - values["T"]) / 4, rtol=1e-13)
    assert np.allclose(gradient_of(gradients, "X"), d @ values["W.1"].T, rtol=1e-13)
    assert np.allclose(gradient_of(gradients, "W.1"), values["X"].T @ d, rtol=1e-12)
    assert np.allclose(gradient_of(gradients, "B.1"), d.sum(axis=0), rtol=1e-12, atol=1e-16)
    for wire in view.wires:
        assert wire.gradient is None or wire.gradient.shape == wire.shape
    affine, output = view.gates
    assert (affine.kind, affine.inputs, affine.output) == ("affine", ("X", "W.1", "B.1"), "Z.1")
    assert (output.kind, output.function, output.also) == (
        "activation-loss",
        "softmax",
        "categorical_cross_entropy",
    )
    assert [identity.shapes for identity in affine.backward] == [
        "(4,2) = (4,3) · (3,2)",
        "(2,3) = (2,4) · (4,3)",
        "(3) = Σ₀ (4,3)",
    ]


def test_numbers_are_those_of_the_trace() -> None:
    session = network((2, 3, 2), batch=5)
    session.step(3)
    trace = session.trace(2)
    _, gradients = arrays(layer_view(session.problem, trace))
    for layer in trace.layers:
        assert np.array_equal(gradient_of(gradients, f"W.{layer.layer}"), layer.weight_gradient)
        assert layer.bias_gradient is not None
        assert np.array_equal(gradient_of(gradients, f"B.{layer.layer}"), layer.bias_gradient)


@settings(deadline=None, max_examples=25)
@given(
    st.sampled_from([(2, 2), (2, 3), (1, 2, 1), (2, 2, 2), (2, 1, 2)]),
    st.sampled_from(["sigmoid", "tanh", "relu", "identity", "leaky_relu"]),
    st.sampled_from(["softmax", "sigmoid", "identity", "squared-softmax", "squared-sigmoid"]),
    st.sampled_from(["trained", "absent"]),
    st.integers(1, 3),
    st.integers(0, 10_000),
)
def test_the_layer_view_equals_the_scalar_graph_of_the_same_network(
    sizes: tuple[int, ...], hidden: str, output: str, bias: str, batch: int, seed: int
) -> None:
    squared = output.startswith("squared-")
    loss = LossSpec("squared_error", 0.5, "sum", "mean") if squared else None
    output = output.removeprefix("squared-")
    if output == "softmax" and sizes[-1] == 1:
        output = "sigmoid"
    session = network(sizes, hidden, output, loss, batch, bias, seed)
    trace = session.trace()
    view = layer_view(session.problem, trace)
    _, gradients = arrays(view)
    total = {wire.id: np.zeros(wire.shape) for wire in view.wires if wire.id[0] in "WB"}
    loss_value = 0.0
    for sample in range(batch):
        scalar = scalar_view(session.problem, trace, sample)
        if scalar is None:
            # Too long for an expression: said, not shortened.
            return
        reading = read(scalar.expression)
        wiring = wire_up(reading, complete_values(reading, scalar.values))
        loss_value += wiring.value
        found = {wire.id: wire.gradient for wire in wiring.wires}
        for name, element in scalar.names.items():
            kind, *place = element.split(".")
            gradient = found[f"in.{name}"]
            assert gradient is not None
            if kind == "x":
                own = gradient_of(gradients, "X")[sample, int(place[0])]
                assert gradient == pytest.approx(own, rel=1e-9, abs=1e-12)
            elif kind in "wb":
                total[f"{kind.upper()}.{place[0]}"][tuple(map(int, place[1:]))] += gradient
    assert loss_value == pytest.approx(view.loss, rel=1e-9)
    for wire, summed in total.items():
        assert np.allclose(summed, gradient_of(gradients, wire), rtol=1e-9, atol=1e-12), wire


@pytest.mark.parametrize(
    ("sizes", "hidden", "output", "loss"),
    [
        ((2, 3), "tanh", "softmax", None),
        ((2, 2, 3), "relu", "softmax", None),
        ((2, 2, 2), "sigmoid", "sigmoid", LossSpec("squared_error", 0.5, "sum", "sum")),
        ((2, 2, 1), "leaky_relu", "sigmoid", None),
        ((2, 3), "tanh", "softmax", LossSpec("squared_error", 1.0, "mean", "mean")),
        ((2, 2, 1), "elu", "identity", None),
    ],
)
def test_every_told_entry_comes_to_its_number(
    sizes: tuple[int, ...], hidden: str, output: str, loss: LossSpec | None
) -> None:
    session = network(sizes, hidden, output, loss, batch=2)
    explanation = tell(session.problem, session.trace(), verify(session.problem, session.snapshot))
    for step in explanation.microsteps:
        (line,) = step.lines
        assert evaluate(line.substitution or line.formula, line.values) == pytest.approx(
            line.result, rel=1e-9, abs=1e-12
        ), line
        if line.parts:
            scale = 1.0 if line.result_ref[0] != "E" else None
            total = sum(part.result for part in line.parts)
            given = sum(value for ref, value in line.values.items() if ref.startswith("b."))
            if scale:
                assert total + given == pytest.approx(line.result, rel=1e-9, abs=1e-12)
    checked = {check.element for check in explanation.checks}
    assert checked == {session.network.element(at) for at in range(session.network.parameter_count)}
    assert {check.verdict for check in explanation.checks} == {"agree"}
    groups = [step.group[0] for step in explanation.microsteps]
    # A matrix at a time: no group comes back once it is left.
    assert len(dict.fromkeys(groups)) == sum(a != b for a, b in zip(groups, [None, *groups], strict=False))


def test_a_large_network_is_told_in_part_and_cut_to_its_first_rows() -> None:
    session = network((12, 40, 10), batch=200)
    trace = session.trace()
    view = layer_view(session.problem, trace)
    x = next(wire for wire in view.wires if wire.id == "X")
    assert (x.shape, x.values.shape) == ((200, 12), (64, 12))
    assert scalar_view(session.problem, trace, 0) is None
    explanation = tell(session.problem, trace, None)
    assert 50 < len(explanation.microsteps) <= 500
    by_ref = {step.lines[0].result_ref: step.lines[0] for step in explanation.microsteps}
    assert by_ref["gw.1.0.0"].result == trace.layers[0].weight_gradient[0, 0]


def test_the_scalar_view_can_be_read_by_people() -> None:
    session = network((2, 1), output="sigmoid", loss=LossSpec("squared_error", 0.5, "sum", "sum"), batch=1)
    scalar = scalar_view(session.problem, session.trace(), 0)
    assert scalar is not None
    assert scalar.expression == "z1=x1*w11+x2*w21+b1;y1=sigmoid(z1);L=((y1-t1)**2)/2"
    assert scalar.names["w21"] == "w.1.1.0"
