"""Every preset through a session: the printed figures, and that the others learn what they show."""

import numpy as np
import pytest

from core.network import Parameters
from core.presets import PRESETS
from core.session import Session


def session(name: str) -> Session:
    return Session.create(PRESETS.get(name).spec())


def printed(values: object, digits: int = 8) -> list[str]:
    return [f"{value:.{digits}f}" for value in np.ravel(values)]  # type: ignore[call-overload]


def test_the_worked_example_to_every_printed_digit() -> None:
    run = session("worked-example")
    trace = run.trace()
    hidden, output = trace.layers
    assert printed(hidden.net_input) == ["0.08000000", "0.11000000"]
    assert printed(hidden.activation) == ["0.51998934", "0.52747230"]
    assert printed(output.net_input) == ["0.44498412", "0.68047592"]
    assert printed(output.activation) == ["0.60944600", "0.66384491"]
    assert printed(trace.loss_parts) == ["0.02193381", "0.00203809"]
    assert printed(trace.loss) == ["0.02397190"]
    assert printed(output.upstream[0, 0]) == ["0.20944600"]
    assert printed(output.local[0, 0]) == ["0.23802157"]
    assert printed(output.weight_gradient[0, 0]) == ["0.02592286"]
    weights = Parameters(run.network, trace.before).weights(2)
    assert printed(output.delta[0] * weights[0]) == ["0.02243370", "0.00997311"]
    assert printed(hidden.upstream[0, 0]) == ["0.03240681"]
    assert printed(hidden.local[0, 0]) == ["0.24960043"]
    assert printed(hidden.weight_gradient[0, 0]) == ["0.00080888"]
    after = Parameters(run.network, trace.after)
    assert printed(after.weights(2).T) == ["0.43703857", "0.38685205", "0.69629578", "0.59624247"]
    assert printed(after.weights(1).T) == ["0.29959556", "0.24919112", "0.39964496", "0.34928991"]

    run.step()
    assert run.snapshot.vector.tobytes() == trace.after.tobytes()
    second = run.trace()
    # The first one is printed as 0.7979778, a slip.
    assert printed(second.layers[0].net_input) == ["0.07979778", "0.10982248"]
    assert printed(second.layers[0].activation) == ["0.51993887", "0.52742806"]
    assert printed(second.layers[1].net_input) == ["0.43126996", "0.67650625"]
    assert printed(second.layers[1].activation) == ["0.60617688", "0.66295848"]
    assert printed(second.loss_parts) == ["0.02125445", "0.00198189"]
    assert printed(second.loss) == ["0.02323634"]
    assert run.loss == pytest.approx(0.023236338872291772, rel=1e-12)


def test_xor_in_numpy_to_every_printed_digit() -> None:
    run = session("xor-numpy")
    losses = {
        0: 0.5361078023062098,
        1: 0.5302191627723297,
        10: 0.5059768932367927,
        100: 0.500413675751016,
        1000: 0.47821751652887035,
        9999: 0.0013945271619958902,
    }
    for _ in range(10):
        run.step(1000)
    for step, loss in losses.items():
        trace = run.trace(step)
        assert trace.step == step
        assert trace.loss == pytest.approx(loss, rel=1e-9)
    last = run.trace(9999)
    outputs = np.empty(4)
    outputs[list(last.batch)] = last.layers[-1].activation[:, 0]
    assert outputs == pytest.approx(
        [0.023919139578512633, 0.9757924978683594, 0.9734312738968871, 0.030414284795467327], rel=1e-9
    )
    assert printed(outputs) == ["0.02391914", "0.97579250", "0.97343127", "0.03041428"]
    run.seek_step(9999)
    assert printed(run.outputs()) == printed(outputs)
    assert run.loss == pytest.approx(losses[9999], rel=1e-9)


def test_keras_xor_is_unsolved_after_1000_epochs_and_solved_after_10000() -> None:
    run = session("xor-2-2-1")
    for _ in range(4):
        run.step(1000)
    assert run.epoch == 1000
    assert run.accuracy == 0.75
    for _ in range(36):
        run.step(1000)
    assert run.epoch == 10_000
    assert run.accuracy == 1.0
    assert np.abs(run.outputs() - run.data.targets).max() < 0.05


def test_the_delta_rule_and_its_fixed_biases() -> None:
    run = session("delta-rule")
    trace = run.trace()
    output = trace.layers[-1]
    o, t, h = output.activation[0], trace.targets[0], output.inputs[0]
    delta = (o - t) * o * (1 - o)
    assert output.delta[0] == pytest.approx(delta)
    run.step()
    for layer in (1, 2):
        assert run.parameters.bias(layer) == pytest.approx(1.0, abs=0)
    before = Parameters(run.network, trace.before).weights(2)
    assert run.parameters.weights(2) == pytest.approx(before - np.outer(h, delta))


def test_xor_from_gates_is_right_and_does_not_move() -> None:
    run = session("xor-gates")
    assert run.outputs().ravel().tolist() == [0, 1, 1, 0]
    hidden = run.trace().layers[0]
    row = run.trace().batch[0]
    x1, x2 = run.data.inputs[row]
    assert hidden.activation[0].tolist() == [float(not (x1 and x2)), float(bool(x1 or x2))]
    before = run.snapshot.vector
    run.step(8)
    assert run.snapshot.vector.tobytes() == before.tobytes()


@pytest.mark.parametrize(
    ("name", "epochs", "least"),
    [
        ("and-perceptron", 100, 1.0),
        ("circles", 50, 0.95),
        ("moons", 50, 0.95),
        ("spirals", 100, 0.9),
        ("blobs", 30, 0.95),
        ("noisy-xor", 30, 0.95),
    ],
)
def test_the_others_learn_what_they_show(name: str, epochs: int, least: float) -> None:
    run = session(name)
    start = run.accuracy
    assert start is not None
    for _ in range(epochs):
        run.step(1, "epoch")
    assert run.epoch == epochs
    found = run.accuracy
    assert found is not None
    assert found >= least > start


@pytest.mark.parametrize("name", PRESETS.names())
def test_every_preset_is_complete(name: str) -> None:
    preset = PRESETS.get(name)
    run = session(name)
    assert run.spec.preset == name
    assert run.status == "ready"
    assert preset.source
    for label in (preset.label, preset.description):
        assert label.en
        assert label.ko
    assert run.recipe()["actions"] == []
    assert run.recipe()["create"]["preset"] == name


def test_the_first_row_that_xor_trains_is_one_zero() -> None:
    run = session("xor-gates")
    assert run.data.inputs[run.next_batch()[0]].tolist() == [1, 0]
