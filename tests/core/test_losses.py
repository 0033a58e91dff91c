"""Loss entries: values against printed ones, gradients against slopes, fused pairs against the long route."""

from __future__ import annotations

import numpy as np
import pytest

from core.activations import ACTIVATIONS
from core.errors import InvalidInputError, UnknownNameError
from core.graph import Graph
from core.losses import FUSED, LOSSES, Fused, Loss, batch_loss, check_loss, factor, loss_gradient, loss_parts
from core.network import LossSpec
from tests.core.strategies import loss_spec, network

Z = np.array([[0.3, -1.2, 2.0], [-0.4, 0.1, 0.9]])
T = np.array([[1.0, 0.0, 0.0], [0.2, 0.3, 0.5]])


def outputs_of(loss: Loss) -> np.ndarray:
    name = sorted(loss.accepts)[0] if loss.accepts else "tanh"
    return ACTIVATIONS.get(name).value(Z, {})


def test_printed_values() -> None:
    def value(name: str, activation: str, a: list[float], t: list[float]) -> float:
        probability = np.array([a])
        z = np.log(probability / (1 - probability)) if activation == "sigmoid" else np.log(probability)
        return float(loss_parts(LossSpec(name, 1.0), probability, np.array([t]), z).sum())

    categorical, binary = "categorical_cross_entropy", "binary_cross_entropy"
    assert value(categorical, "softmax", [0.2, 0.7, 0.1], [0, 1, 0]) == pytest.approx(
        0.35667494393873245, rel=1e-14
    )
    assert value(categorical, "softmax", [0.4, 0.4, 0.2], [0, 1, 0]) == pytest.approx(
        0.916290731874155, rel=1e-14
    )
    assert value(binary, "sigmoid", [0.9, 0.6, 0.2, 0.3], [1, 1, 0, 0]) == pytest.approx(
        1.1960046346767592, rel=1e-14
    )
    half = loss_parts(LossSpec(), np.array([[0.6094460049966992]]), np.array([[0.4]]), np.zeros((1, 1)))
    assert half.item() == pytest.approx(0.02193381450453867, rel=1e-14)


@pytest.mark.parametrize("loss", list(LOSSES), ids=lambda loss: loss.name)
def test_expressions_are_the_value_and_their_derivative_the_gradient(loss: Loss) -> None:
    a = outputs_of(loss)
    values, gradient = loss.value(a, T, Z), loss.gradient(a, T)
    for index in np.ndindex(a.shape):
        graph = Graph()
        nodes = {
            "a": graph.variable("a", a[index]),
            "t": graph.constant(T[index]),
            "z": graph.constant(Z[index]),
        }
        node = graph.expression(loss.expression, nodes)
        assert graph.value(node) == pytest.approx(values[index], rel=1e-12)
        assert graph.backward(node)[nodes["a"]] == pytest.approx(gradient[index], rel=1e-12)
        if loss.net_expression:
            assert graph.value(graph.expression(loss.net_expression, nodes)) == pytest.approx(
                values[index], rel=1e-12
            )


@pytest.mark.parametrize("fused", list(FUSED.values()), ids=lambda fused: f"{fused.loss}-{fused.activation}")
def test_fused_delta_is_the_long_route(fused: Fused) -> None:
    entry, loss = ACTIVATIONS.get(fused.activation), LOSSES.get(fused.loss)
    # Targets that are no distribution too: the fused form must not rely on a sum of 1.
    for targets in (T, 2.0 * T - 0.1):
        a = entry.value(Z, {})
        local, upstream = entry.derivative(Z, a, {}), loss.gradient(a, targets)
        long = np.einsum("si,sij->sj", upstream, local) if local.ndim == 3 else upstream * local
        np.testing.assert_allclose(fused.delta(a, targets), long, rtol=1e-12, atol=1e-14)


def test_every_restricted_loss_has_its_fused_pair() -> None:
    assert set(FUSED) == {(loss.name, name) for loss in LOSSES for name in loss.accepts or ()}


@pytest.mark.parametrize("fused", list(FUSED.values()), ids=lambda fused: fused.loss)
def test_saturation_is_finite(fused: Fused) -> None:
    z = np.array([[1e3, -1e3], [-1e3, 1e3]])
    t = np.array([[0.0, 1.0], [0.0, 1.0]])
    with np.errstate(under="ignore"):
        a = ACTIVATIONS.get(fused.activation).value(z, {})
        values = LOSSES.get(fused.loss).value(a, t, z)
        gradient = LOSSES.get(fused.loss).gradient(a, t)
    assert np.isfinite(values).all()
    assert np.isfinite(gradient).all()
    assert np.isfinite(fused.delta(a, t)).all()
    assert values[0].sum() >= 1e3
    assert values[1].sum() == 0.0


def test_coefficient_and_reductions_scale_value_and_gradient_alike() -> None:
    a, t = np.array([[0.5, 0.9]]), np.array([[0.1, 1.0]])
    for coefficient, outputs, expected in [
        (0.5, "sum", 0.5),
        (1.0, "sum", 1.0),
        (1.0, "mean", 0.5),
        (0.5, "mean", 0.25),
    ]:
        spec = loss_spec("squared_error", outputs, coefficient=coefficient)
        assert factor(spec, 2) == expected
        np.testing.assert_allclose(loss_parts(spec, a, t, a), expected * (a - t) ** 2, rtol=1e-15)
        np.testing.assert_allclose(loss_gradient(spec, a, t), expected * 2 * (a - t), rtol=1e-15)
    samples = np.array([1.0, 2.0, 6.0])
    assert batch_loss(loss_spec("squared_error", batch="sum"), samples) == 9.0
    assert batch_loss(loss_spec("squared_error", batch="mean"), samples) == 3.0


@pytest.mark.parametrize("loss", list(LOSSES), ids=lambda loss: loss.name)
def test_named_forms_are_valid_conventions(loss: Loss) -> None:
    spec = network("tanh", sorted(loss.accepts)[0] if loss.accepts else "identity")
    for form in loss.forms:
        check_loss(LossSpec(loss.name, form.coefficient, form.outputs, form.batch), spec)  # type: ignore[arg-type]
    conventions = {(form.coefficient, form.outputs, form.batch) for form in loss.forms}
    assert len(conventions) == len(loss.forms)


@pytest.mark.parametrize(
    ("spec", "output", "code", "pointer", "choices"),
    [
        (LossSpec("binary_cross_entropy", 1.0), "tanh", "loss-needs-output", "/loss/name", ["sigmoid"]),
        (
            LossSpec("categorical_cross_entropy", 1.0),
            "sigmoid",
            "loss-needs-output",
            "/loss/name",
            ["softmax"],
        ),
        (LossSpec("binary_cross_entropy", 0.5), "sigmoid", "loss-coefficient", "/loss/coefficient", [1.0]),
        (LossSpec("squared_error", 2.0), "sigmoid", "loss-coefficient", "/loss/coefficient", [0.5, 1.0]),
        (
            LossSpec("categorical_cross_entropy", 1.0, "mean"),
            "softmax",
            "loss-outputs",
            "/loss/outputs",
            ["sum"],
        ),
    ],
)
def test_unsuitable_conventions_are_refused_with_the_choices(
    spec: LossSpec, output: str, code: str, pointer: str, choices: list[object]
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_loss(spec, network("tanh", output), "/loss")
    assert (caught.value.code, caught.value.pointer) == (code, pointer)
    assert caught.value.params["choices"] == choices


def test_unknown_loss_names_the_choices() -> None:
    with pytest.raises(UnknownNameError) as caught:
        check_loss(LossSpec("hinge"), network("tanh", "tanh"))
    assert caught.value.params["choices"] == LOSSES.names()
