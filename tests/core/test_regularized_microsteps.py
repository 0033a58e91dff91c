"""Micro-steps of penalties, dropout, clipping and schedules: every line's arithmetic, and what it uses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.activations import ACTIVATIONS
from core.microsteps import Line, microsteps
from core.network import ClippingSpec, LossSpec, RegularizationSpec, ScheduleSpec
from core.optimizers import OPTIMIZERS
from tests.core.strategies import pairwise
from tests.core.test_microsteps import all_lines, check, make, replay, well_formed

SETTINGS: list[dict[str, Any]] = pairwise(
    hidden=[entry.name for entry in ACTIVATIONS if not entry.output_only],
    output_loss=[
        ("sigmoid", "squared_error"),
        ("softmax", "categorical_cross_entropy"),
        ("sigmoid", "binary_cross_entropy"),
    ],
    bias=["trained", "fixed", "absent"],
    optimizer=OPTIMIZERS.names(),
    batch=[1, 3],
    reduction=["sum", "mean"],
    penalties=[(0.0, 0.0), (0.2, 0.0), (0.0, 0.3), (0.1, 0.2)],
    clipping=[("none", 0.0), ("value", 0.05), ("norm", 0.1), ("norm", 1e5)],
    schedule=[("constant", ()), ("step", (("every", 2.0),)), ("cosine", (("epochs", 6.0),))],
    dropout=[0.0, 0.5],
    frozen=[(), ("w.1.0.1", "b.2.0")],
)


def told(row: dict[str, Any]) -> Any:
    output, loss = row["output_loss"]
    frozen = tuple(name for name in row["frozen"] if name[0] == "w" or row["bias"] == "trained")
    name, limit = row["clipping"]
    schedule, parameters = row["schedule"]
    coefficient = 0.5 if loss == "squared_error" else 1.0
    return make(
        (2, 3, 2),
        row["hidden"],
        output,
        LossSpec(loss, coefficient, "sum", row["reduction"]),
        row["optimizer"],
        row["bias"],
        row["batch"],
        seed=3,
        steps=3,
        frozen=frozen,
        regularization=RegularizationSpec(*row["penalties"]),
        clipping=ClippingSpec(name, {"limit": limit} if limit else {}),
        schedule=ScheduleSpec(schedule, dict(parameters)),
        dropout=row["dropout"],
    )


@pytest.mark.parametrize("row", SETTINGS, ids=range(len(SETTINGS)))
def test_every_line_can_be_worked_by_hand(row: dict[str, Any]) -> None:
    check(*told(row))


EVERYTHING: dict[str, Any] = {
    "regularization": RegularizationSpec(0.1, 0.2),
    "clipping": ClippingSpec("norm", {"limit": 0.1}),
    "schedule": ScheduleSpec("step", {"every": 2, "factor": 0.5}),
    "dropout": 0.5,
}


def lines_of(batch: int = 1, **settings: Any) -> dict[str, Line]:
    problem, trace = make(batch=batch, steps=2, seed=1, **settings)
    return {line.result_ref: line for line in all_lines(microsteps(problem, trace, 0))}


def test_the_lines_lead_from_the_rate_and_the_penalty_to_the_update() -> None:
    lines = lines_of(**EVERYTHING)
    assert lines["eta"].substitution == (
        "\\val{eta0}\\times \\val{sched.factor}^{\\lfloor \\val{epoch}/\\val{sched.every}\\rfloor}"
    )
    assert lines["eta"].result == 0.05
    assert lines["obj"].uses == ("loss/total", "loss/penalty")
    gradient = lines["Jw.1.0.0"]
    assert gradient.substitution == (
        "\\val{gw.1.0.0}+\\val{reg.l1}\\times \\operatorname{sgn}(\\val{w.1.0.0})"
        "+\\val{reg.l2}\\times \\val{w.1.0.0}"
    )
    assert gradient.uses == ("backward/1/0",)
    assert set(lines["clip.norm"].uses) == {
        *(f"penalty/1/{j}" for j in range(3)),
        *(f"backward/1/{j}" for j in range(3)),
        *(f"penalty/2/{j}" for j in range(2)),
        *(f"backward/2/{j}" for j in range(2)),
    }
    assert lines["Cw.1.0.0"].uses == ("penalty/1/0", "clip/norm")
    assert lines["Cb.1.0"].uses == ("backward/1/0", "clip/norm")
    update = lines["nw.1.0.0"]
    assert update.substitution == "\\val{w.1.0.0}-\\val{eta}\\times \\val{Cw.1.0.0}"
    assert update.uses == ("schedule/rate", "clip/1/0")


def test_a_bias_goes_to_the_optimizer_without_a_penalty() -> None:
    lines = lines_of(batch=3, regularization=RegularizationSpec(0.0, 0.5))
    assert lines["nb.1.0"].substitution.endswith("\\val{Gb.1.0}")
    assert lines["nw.1.0.0"].substitution.endswith("\\val{Jw.1.0.0}")
    assert "Jb.1.0" not in lines


def test_a_dropped_neuron_says_so_and_a_kept_one_is_divided() -> None:
    problem, trace = make((2, 8, 2), dropout=0.25, seed=5)
    lines = {line.result_ref: line for line in all_lines(microsteps(problem, trace, 0))}
    mask = trace.layers[0].mask
    assert mask is not None
    assert set(np.unique(mask)) == {0.0, 1 / 0.75}
    for j, factor in enumerate(mask[0]):
        passed, slope = lines[f"a.1.{j}"], lines[f"loc.1.{j}"]
        if factor:
            assert passed.substitution == f"\\frac{{\\val{{f.1.{j}}}}}{{1-\\val{{drop}}}}"
            assert (passed.sentence, slope.sentence) == ("line.kept", "line.slope_kept")
        else:
            assert passed.substitution == f"0\\times \\val{{f.1.{j}}}"
            assert (passed.sentence, slope.sentence) == ("line.dropped", "line.slope_dropped")
            assert passed.result == slope.result == 0.0
    assert "f.2.0" not in lines


def test_without_them_nothing_is_told() -> None:
    problem, trace = make(batch=2)
    ids = {step.id.partition("/")[0] for step in microsteps(problem, trace, 0).microsteps}
    assert ids == {"forward", "loss", "backward", "combine", "update"}


def test_a_large_network_is_told_for_one_neuron() -> None:
    problem, trace = make((12, 30, 30, 3), **EVERYTHING)
    told = microsteps(problem, trace, 0, "neuron", (2, 5))
    replay(told)
    well_formed(problem, told)
    ids = [step.id for step in told.microsteps]
    assert ids == [
        *("forward/2/5", "loss/0", "loss/1", "loss/2", "loss/total", "loss/penalty", "loss/objective"),
        *("backward/2/5", "penalty/2/5", "schedule/rate", "clip/norm", "clip/2/5", "update/2/5"),
    ]


def test_a_step_that_diverges_is_still_told() -> None:
    problem, trace = make(output="identity", steps=0, **EVERYTHING)
    well_formed(problem, microsteps(problem, trace, 0))
