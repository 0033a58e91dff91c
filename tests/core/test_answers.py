"""Answers: every slip recognised in numbers worked out by hand, and no right number ever called a slip."""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.activations import ACTIVATIONS
from core.answers import Answer, Verdict, check_answers, tolerance
from core.answers.checking import mutants_of
from core.answers.references import line_of, quantity
from core.answers.setting import Setting
from core.errors import ConflictError, InvalidInputError
from core.losses import LOSSES
from core.microsteps import Granularity, microsteps, symbols_of
from core.naming import Names
from core.network import (
    BatchSpec,
    BiasMode,
    BiasSpec,
    ClippingSpec,
    DataSet,
    LayerSpec,
    LossSpec,
    NetworkSpec,
    OptimizerSpec,
    RegularizationSpec,
    ScheduleSpec,
    TrainingSpec,
)
from core.optimizers import OPTIMIZERS
from core.propagation import explain
from core.trace import Trace
from core.training import Problem, start
from tests.core.strategies import BIAS_MODES, HIDDEN, OUTPUTS_WITH_LOSS
from tests.core.test_microsteps import make

LOCALES = Path(__file__).parents[2] / "app" / "locales"
GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "course_numbers.json").read_text("utf-8"))
TEXTS: dict[str, str] = json.loads((LOCALES / "en" / "answers.json").read_text("utf-8"))
Case = tuple[Problem, Trace, int]


def case(
    layers: Sequence[tuple[int, str]],
    vector: Sequence[float],
    rows: Sequence[tuple[Sequence[float], Sequence[float]]],
    loss: LossSpec | None = None,
    optimizer: OptimizerSpec | None = None,
    bias: BiasMode = "absent",
    state: Mapping[str, float] | None = None,
    count: int = 0,
    frozen: Sequence[int] = (),
    epoch: int = 0,
    **settings: Any,
) -> Case:
    """Return a small problem with every number given, its trace, and its first row.

    `vector` is in the order of a neuron's weights, then its bias; `state` fills the optimizer's vectors.
    """
    specs = tuple(LayerSpec(units, name, {}, BiasSpec(bias)) for units, name in layers)
    network = NetworkSpec(len(rows[0][0]), specs)
    mask = np.zeros(len(vector), dtype=np.bool_)
    mask[list(frozen)] = True
    problem = Problem(
        network,
        TrainingSpec(
            loss or LossSpec(),
            optimizer or OptimizerSpec("sgd", {"learning_rate": 0.5}),
            BatchSpec(),
            **settings,
        ),
        DataSet(np.array([row[0] for row in rows]), np.array([row[1] for row in rows])),
        mask,
    )
    snapshot = start(problem, np.array(vector), np.random.default_rng(0))
    filled = {name: np.full(len(vector), value) for name, value in (state or {}).items()}
    snapshot = replace(
        snapshot,
        optimizer_state={**snapshot.optimizer_state, **filled},
        optimizer_count=count,
        epoch=epoch,
    )
    return problem, explain(problem, snapshot), 0


def sigmoid(z: float) -> float:
    return 1.0 / (1.0 + math.exp(-z))


def check(made: Case, ref: str, value: float, decimals: int = 8) -> Verdict:
    (verdict,) = check_answers(*made, [Answer(ref, value)], decimals)
    return verdict


# --- the worked example, with the numbers of the golden file and arithmetic on them -----------------------

WORKED = case(
    [(2, "sigmoid"), (2, "sigmoid")],
    [0.3, 0.25, 0.4, 0.35, 0.45, 0.4, 0.7, 0.6],
    [([0.1, 0.2], [0.4, 0.6])],
)
NOTES = GOLDEN["worked_example_2_2_2"]
H1, H2 = NOTES["forward"]["h"]
Z3, Z4 = NOTES["forward"]["z_output"]
O1, O2 = NOTES["forward"]["o"]
D1, D2 = NOTES["backward"]["delta_output"]
W5, W6, W7, W8 = 0.45, 0.4, 0.7, 0.6
NEW_W5 = NOTES["updated"]["W2"][0][0]
G5 = NOTES["backward"]["dE_dW2"][0][0]

# --- small cases whose numbers are worked out in the rows below -------------------------------------------

# z = 0.5·2 + 0.2 = 1.2, o = σ(1.2), target 0.3.
NEURON = {
    name: case([(1, "sigmoid")], [0.5, 0.2], [([2.0], [0.3])], loss, bias="trained")
    for name, loss in {
        "half": LossSpec(),
        "full": LossSpec(coefficient=1.0),
        "entropy": LossSpec("binary_cross_entropy", 1.0),
    }.items()
}
OUT = sigmoid(1.2)
# Three products: 0.1·1, 0.2·2, 0.3·4.
THREE = case([(1, "identity")], [0.1, 0.2, 0.3], [([1.0, 2.0, 4.0], [0.0])])
TANH = case([(1, "tanh")], [0.5], [([1.0], [0.0])])
TH = math.tanh(0.5)
# Softmax over z = (0.2, −0.4, 0.7), squared error averaged over the three outputs.
SOFTMAX = case(
    [(3, "softmax")],
    [0.2, -0.4, 0.7],
    [([1.0], [1.0, 0.0, 0.0])],
    LossSpec("squared_error", 1.0, "mean"),
)
POWERS = [math.exp(z) for z in (0.2, -0.4, 0.7)]
S1, S2, S3 = (power / sum(POWERS) for power in POWERS)
# o = 0.5x on x = 1 and 3, targets 0 and 0.5: differences 0.5 and 1, losses 0.125 and 0.5, gradients 0.5, 3.
MEAN, SUM = (
    case([(1, "identity")], [0.5], [([1.0], [0.0]), ([3.0], [0.5])], LossSpec(batch=reduction))
    for reduction in ("mean", "sum")
)


# One weight 0.5, x = 2, target 0.2: o = 1, δ = 0.8, gradient 1.6.
def tuned(name: str, count: int = 0, **state: float) -> Case:
    parameters = {"learning_rate": 0.1}
    return case(
        [(1, "identity")],
        [0.5],
        [([2.0], [0.2])],
        optimizer=OptimizerSpec(name, parameters),
        state=state,
        count=count,
    )


FROZEN = case([(1, "identity")], [0.5], [([2.0], [0.2])], frozen=[0])
MOMENTUM = tuned("momentum", velocity=0.3)
# Look-ahead weight 0.5 + 0.9·0.3 = 0.77, so o = 1.54, δ = 1.34, gradient 2.68.
NAG = tuned("nag", velocity=0.3)
ADAGRAD = tuned("adagrad", squares=0.5)
ADAM = tuned("adam", count=2, m=0.2, v=0.05)
M = 0.9 * 0.2 + 0.1 * 1.6


# The one weight again, gradient 1.6, with penalties: 0.1·sgn(0.5) + 0.4·0.5 = 0.3 more.
def single(**settings: Any) -> Case:
    return case([(1, "identity")], [0.5], [([2.0], [0.2])], **settings)


PENALTIES = single(regularization=RegularizationSpec(0.1, 0.4))
SIGNS = case(
    [(1, "identity")], [0.5, -0.3], [([2.0, 1.0], [0.2])], regularization=RegularizationSpec(0.1, 0.0)
)
BIASED = case(
    [(1, "sigmoid")],
    [0.5, 0.2],
    [([2.0], [0.3])],
    bias="trained",
    regularization=RegularizationSpec(0.0, 0.4),
)
CLIPPED = single(clipping=ClippingSpec("norm", {"limit": 0.5}))
LOOSE = single(clipping=ClippingSpec("norm", {"limit": 4.0}))
# η = 0.5·0.5^⌊3/2⌋ = 0.25.
SCHEDULED = single(epoch=3, schedule=ScheduleSpec("step", {"every": 2, "factor": 0.5}))
# The generator's first two numbers are 0.64 and 0.27: at p = 0.5 the first neuron stays, the second goes.
DROPOUT = case([(2, "sigmoid"), (1, "identity")], [1.0, 2.0, 1.0, 1.0], [([0.5], [0.0])], dropout=0.5)

SLIPS: list[tuple[str, Case, str, float]] = [
    ("penalty_forgotten", PENALTIES, "Jw.1.0.0", 1.6),
    ("penalty_forgotten", PENALTIES, "obj", 0.32),
    ("penalty_forgotten", PENALTIES, "nw.1.0.0", 0.5 - 0.5 * 1.6),
    ("penalty_subtracted", PENALTIES, "Jw.1.0.0", 1.6 - 0.3),
    ("penalty_halved", PENALTIES, "Jw.1.0.0", 1.6 + 0.1 + 0.1),
    ("penalty_half_forgotten", PENALTIES, "pen.l2", 0.4 * 0.25),
    ("coefficient_forgotten", PENALTIES, "pen.l1", 0.5),
    ("biases_penalised", BIASED, "size.l2", 0.25 + 0.04),
    ("size_forgotten", SIGNS, "size.l1", 0.5 - 0.3),
    ("term_missing", SIGNS, "size.l1", 0.3),
    ("clipping_forgotten", CLIPPED, "Cw.1.0.0", 1.6),
    ("clipping_forgotten", CLIPPED, "uw.1.0.0", -0.5 * 1.6),
    ("factor_inverted", CLIPPED, "clip.factor", 1.6 / 0.5),
    ("root_forgotten", CLIPPED, "clip.norm", 1.6**2),
    ("shortens_only", LOOSE, "clip.factor", 4.0 / 1.6),
    ("schedule_forgotten", SCHEDULED, "eta", 0.5),
    ("schedule_forgotten", SCHEDULED, "nw.1.0.0", 0.5 - 0.5 * 1.6),
    ("epoch_off_by_one", SCHEDULED, "eta", 0.125),
    ("scaling_forgotten", DROPOUT, "a.1.0", sigmoid(0.5)),
    ("net_input_for_activation", DROPOUT, "f.1.0", 0.5),
    ("dropped_passed", DROPOUT, "a.1.1", sigmoid(1.0)),
    ("dropped_passed", DROPOUT, "loc.1.1", sigmoid(1.0) * (1 - sigmoid(1.0))),
    ("scaling_forgotten", DROPOUT, "loc.1.0", sigmoid(0.5) * (1 - sigmoid(0.5))),
    ("transposed_weight", WORKED, "z.2.0", W5 * H1 + W7 * H2),
    ("transposed_weight", WORKED, "up.1.0", D1 * W5 + D2 * W6),
    ("updated_weight", WORKED, "c.1.0.0", D1 * NEW_W5),
    ("updated_weight", WORKED, "gw.1.0.0", (D1 * NEW_W5 + D2 * (W7 - 0.5 * D2 * H1)) * H1 * (1 - H1) * 0.1),
    ("weight_forgotten", WORKED, "p.2.0.0", H1),
    ("carried_forgotten", WORKED, "gw.2.0.0", D1),
    ("net_input_carried", WORKED, "gw.2.0.0", D1 * 0.08),
    ("net_input_carried", WORKED, "z.2.0", W5 * 0.08 + W6 * 0.11),
    ("neighbour_activation", WORKED, "gw.2.0.0", D1 * H2),
    ("own_activation_carried", WORKED, "gw.2.0.0", D1 * O1),
    ("weight_carried", WORKED, "gw.2.0.0", D1 * W5),
    ("neighbour", WORKED, "z.2.0", Z4),
    ("neighbour", WORKED, "a.2.0", O2),
    ("net_input_for_activation", WORKED, "a.2.0", Z3),
    ("activation_for_net_input", WORKED, "z.2.0", O1),
    ("slope_for_activation", WORKED, "a.2.0", O1 * (1 - O1)),
    ("net_input_sign", WORKED, "a.2.0", sigmoid(-Z3)),
    ("activation_twice", WORKED, "a.2.0", sigmoid(O1)),
    ("half_forgotten", WORKED, "e.0", (0.4 - O1) ** 2),
    ("half_forgotten", WORKED, "e", (0.4 - O1) ** 2 + (0.6 - O2) ** 2),
    ("square_forgotten", WORKED, "e.0", 0.5 * (0.4 - O1)),
    ("target_for_output", WORKED, "e.0", 0.5 * 0.4**2),
    ("gradient_for_loss", WORKED, "e.0", O1 - 0.4),
    ("outputs_averaged", WORKED, "e", ((0.4 - O1) ** 2 + (0.6 - O2) ** 2) / 4),
    ("term_missing", WORKED, "e", (0.4 - O1) ** 2 / 2),
    ("sign_flipped", WORKED, "gw.1.0.0", -NOTES["backward"]["dE_dW1"][0][0]),
    ("target_minus_output", WORKED, "up.2.0", 0.4 - O1),
    ("target_minus_output", WORKED, "gw.2.0.0", -G5),
    ("two_not_cancelled", WORKED, "up.2.0", 2 * (O1 - 0.4)),
    ("loss_for_gradient", WORKED, "up.2.0", (0.4 - O1) ** 2 / 2),
    ("delta_for_upstream", WORKED, "up.2.0", D1),
    ("upstream_for_delta", WORKED, "up.1.0", (O1 - 0.4) * W5 + (O2 - 0.6) * W7),
    ("delta_forgotten", WORKED, "c.1.0.0", W5),
    ("neighbour_delta", WORKED, "d.2.0", D2),
    ("slope_forgotten", WORKED, "gw.2.0.0", (O1 - 0.4) * H1),
    ("slope_forgotten", WORKED, "d.1.0", D1 * W5 + D2 * W7),
    ("upstream_forgotten", WORKED, "d.2.0", O1 * (1 - O1)),
    ("slope_at_activation", WORKED, "loc.2.0", sigmoid(O1) * (1 - sigmoid(O1))),
    ("net_input_in_slope", WORKED, "loc.2.0", Z3 * (1 - Z3)),
    ("slope_factor_missing", WORKED, "loc.2.0", 1 - O1),
    ("activation_for_slope", WORKED, "loc.2.0", O1),
    ("term_missing", WORKED, "gw.1.0.0", D1 * W5 * H1 * (1 - H1) * 0.1),
    ("transposed_gradient", WORKED, "gw.2.0.1", D1 * H2),
    ("learning_rate_forgotten", WORKED, "uw.2.0.0", -G5),
    ("learning_rate_forgotten", WORKED, "nw.2.0.0", W5 - G5),
    ("update_added", WORKED, "nw.2.0.0", W5 + 0.5 * G5),
    ("change_for_new", WORKED, "nw.2.0.0", -0.5 * G5),
    ("new_for_change", WORKED, "uw.2.0.0", NEW_W5),
    ("gradient_for_change", WORKED, "uw.2.0.0", G5),
    ("old_value", WORKED, "nw.2.0.0", W5),
    ("bias_forgotten", NEURON["half"], "z.1.0", 1.0),
    ("bias_forgotten", NEURON["half"], "a.1.0", sigmoid(1.0)),
    ("bias_subtracted", NEURON["half"], "z.1.0", 0.8),
    ("bias_multiplied", NEURON["half"], "gb.1.0", (OUT - 0.3) * OUT * (1 - OUT) * 0.2),
    ("half_put_in", NEURON["full"], "e", (0.3 - OUT) ** 2 / 2),
    ("two_forgotten", NEURON["full"], "gw.1.0.0", (OUT - 0.3) * OUT * (1 - OUT) * 2),
    ("logarithm_base_ten", NEURON["entropy"], "e", -0.3 * math.log10(OUT) - 0.7 * math.log10(1 - OUT)),
    ("logarithm_base_two", NEURON["entropy"], "e", -0.3 * math.log2(OUT) - 0.7 * math.log2(1 - OUT)),
    ("entropy_term_missing", NEURON["entropy"], "e", -0.7 * math.log(1 - OUT)),
    ("slope_twice", NEURON["entropy"], "d.1.0", (OUT - 0.3) * OUT * (1 - OUT)),
    ("term_missing", THREE, "z.1.0", 0.1 + 1.2),
    ("only_term", THREE, "z.1.0", 1.2),
    ("term_too_many", THREE, "ps.1.0.1", 0.1 + 0.4 + 1.2),
    ("sigmoid_slope", TANH, "loc.1.0", TH * (1 - TH)),
    ("square_forgotten", TANH, "loc.1.0", 1 - TH),
    ("not_normalised", SOFTMAX, "a.1.0", POWERS[0]),
    ("own_power_missing", SOFTMAX, "a.1.0", POWERS[0] / (POWERS[1] + POWERS[2])),
    ("exponential_forgotten", SOFTMAX, "a.1.0", 0.2 / 0.5),
    ("sigmoid_for_softmax", SOFTMAX, "a.1.0", sigmoid(0.2)),
    ("softmax_cases", SOFTMAX, "loc.1.0.0", -S1 * S1),
    ("softmax_cases", SOFTMAX, "loc.1.0.1", S2 * (1 - S2)),
    ("minus_forgotten", SOFTMAX, "loc.1.0.1", S1 * S2),
    ("own_path_only", SOFTMAX, "d.1.0", 2 / 3 * (S1 - 1) * S1 * (1 - S1)),
    ("outputs_summed", SOFTMAX, "e.0", (1 - S1) ** 2),
    ("samples_summed", MEAN, "Gw.1.0.0", 0.5 + 3.0),
    ("samples_summed", MEAN, "eb", 0.125 + 0.5),
    ("samples_averaged", SUM, "Gw.1.0.0", (0.5 + 3.0) / 2),
    ("sample_missing", MEAN, "Gw.1.0.0", 3.0 / 2),
    ("sample_for_batch", MEAN, "Gw.1.0.0", 3.0),
    ("sample_for_batch", MEAN, "uw.1.0.0", -0.5 * 0.5),
    ("batch_for_sample", MEAN, "gw.1.0.0", (0.5 + 3.0) / 2),
    ("batch_factor_early", (*MEAN[:2], 1), "d.1.0", 1.0 / 2),
    ("carried_forgotten", MEAN, "Gw.1.0.0", (0.5 + 1.0) / 2),
    ("frozen_moved", FROZEN, "nw.1.0.0", 0.5 - 0.5 * 1.6),
    ("memory_forgotten", MOMENTUM, "uw.1.0.0", -0.1 * 1.6),
    ("old_state", MOMENTUM, "uw.1.0.0", 0.3),
    ("old_state", MOMENTUM, "s.velocity.w.1.0.0", 0.3),
    ("decay_forgotten", MOMENTUM, "s.velocity.w.1.0.0", 0.3 - 0.1 * 1.6),
    ("gradient_sign", MOMENTUM, "s.velocity.w.1.0.0", 0.9 * 0.3 + 0.1 * 1.6),
    ("learning_rate_forgotten", MOMENTUM, "s.velocity.w.1.0.0", 0.9 * 0.3 - 1.6),
    ("no_look_ahead", NAG, "z.1.0", 0.5 * 2.0),
    ("look_ahead_backward", NAG, "lw.1.0.0", 0.5 - 0.9 * 0.3),
    ("new_for_look_ahead", NAG, "lw.1.0.0", 0.5 + 0.9 * 0.3 - 0.1 * 2.68),
    ("decay_forgotten", NAG, "lw.1.0.0", 0.5 + 0.3),
    ("square_forgotten", ADAGRAD, "s.squares.w.1.0.0", 0.5 + 1.6),
    ("root_forgotten", ADAGRAD, "o.scale.w.1.0.0", 0.5 + 1.6**2),
    ("root_forgotten", ADAGRAD, "uw.1.0.0", -0.1 * 1.6 / (0.5 + 1.6**2)),
    ("divisor_forgotten", ADAGRAD, "uw.1.0.0", -0.1 * 1.6),
    ("correction_forgotten", ADAM, "o.m_hat.w.1.0.0", M),
    ("power_forgotten", ADAM, "o.m_hat.w.1.0.0", M / (1 - 0.9)),
    ("count_from_zero", ADAM, "o.m_hat.w.1.0.0", M / (1 - 0.9**2)),
    ("decay_swapped", ADAM, "s.m.w.1.0.0", 0.1 * 0.2 + 0.9 * 1.6),
    ("plain_step", ADAM, "uw.1.0.0", -0.1 * 1.6),
    (
        "correction_forgotten",
        ADAM,
        "uw.1.0.0",
        -0.1 * M / (math.sqrt(0.999 * 0.05 + 0.001 * 1.6**2) + 1e-8),
    ),
]


@pytest.mark.parametrize(("name", "made", "ref", "value"), SLIPS, ids=[f"{row[0]}-{row[2]}" for row in SLIPS])
def test_slip_of_hand_computed_number(name: str, made: Case, ref: str, value: float) -> None:
    verdict = check(made, ref, value)
    assert (verdict.verdict, verdict.slip and verdict.slip.name) == ("slip", name)
    assert verdict.factors == ()


def test_every_slip_has_a_case_and_a_sentence() -> None:
    assert {f"slip.{row[0]}" for row in SLIPS} == set(TEXTS)


@pytest.mark.parametrize(
    ("ref", "value", "place"),
    [
        ("gw.2.0.0", (O1 - 0.4) * H1, ("loc.2.0", 2, "backward/2/0/factor2")),
        ("gw.2.0.0", D1, ("a.1.0", 3, "backward/2/0/w.2.0.0")),
        ("gw.2.0.0", -G5, ("up.2.0", 1, "backward/2/0/factor1")),
        ("d.1.0", (D1 * W5 + D2 * W6) * H1 * (1 - H1), ("up.1.0", 1, "backward/1/0/factor1")),
        ("a.2.0", sigmoid(W5 * H1 + W7 * H2), ("z.2.0", None, "forward/2/0/z")),
        ("uw.2.0.0", -0.5 * (O1 - 0.4) * H1, ("loc.2.0", 2, "backward/2/0/factor2")),
        ("nw.2.0.0", W5 + 0.5 * G5, ("nw.2.0.0", None, "update/2/0/w.2.0.0")),
    ],
)
def test_place_of_the_wrong_factor(ref: str, value: float, place: tuple[str, int | None, str]) -> None:
    slip = check(WORKED, ref, value).slip
    assert slip is not None
    assert (slip.place.ref, slip.place.badge, slip.place.line) == place


def test_refs_say_what_was_used_and_what_was_due() -> None:
    slip = check(WORKED, "c.1.0.0", D1 * NEW_W5).slip
    assert slip is not None
    assert slip.refs == {"asked": "c.1.0.0", "used": "nw.2.0.0", "due": "w.2.0.0"}


# --- right ------------------------------------------------------------------------------------------------


def test_right_within_one_per_cent_or_half_the_last_digit() -> None:
    assert check(WORKED, "gw.2.0.0", G5 * 1.0099).verdict == "right"
    assert check(WORKED, "gw.2.0.0", G5 * 1.0101).verdict != "right"
    # 0.00080888 with four decimals: from 0.00075888 to 0.00085888.
    assert check(WORKED, "gw.1.0.0", 0.0008585, decimals=4).verdict == "right"
    assert check(WORKED, "gw.1.0.0", 0.0008595, decimals=4).verdict == "wrong"


def test_a_right_number_is_no_slip_although_one_leads_to_it() -> None:
    # With a slope of 1, forgetting it changes nothing; nor does the sign of 0.
    assert check(MEAN, "d.1.0", 0.5).verdict == "right"
    hit = case([(1, "identity")], [0.5], [([2.0], [1.0])])
    assert check(hit, "d.1.0", 0.0).verdict == "right"


def test_names_of_one_number_in_a_batch_of_one() -> None:
    assert check(WORKED, "Gw.2.0.0", G5).verdict == "right"
    assert check(WORKED, "eb", NOTES["forward"]["E_total"]).verdict == "right"
    assert check(NEURON["half"], "e.0", (0.3 - OUT) ** 2 / 2).verdict == "right"


# --- refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "ref",
    [
        *("", "x", "a.0.0", "a.3.0", "a.1.2", "a.1", "a.1.0.0", "a.01.0", "a.-1.0", "a.١.0", "z.0.0", "t.0"),
        *(
            "w.1.0.0",
            "b.1.0",
            "gb.1.0",
            "nb.1.0",
            "lw.1.0.0",
            "eta",
            "hp.momentum",
            "e.2",
            "eb.0",
            "loc.2.0.0",
        ),
        *("s.velocity.w.1.0.0", "s", "s.w", "o.scale.w.1.0.0", "ps.1.0.0", "ps.1.0.2", "c.2.0.0", "cs.1.0.0"),
        *("gs.0.w.1.0.0", "es.0", "gw.1.2.0", "p.1.0.2", "p.1.2.0", "c.1.0.2", "gw.99999999999.0.0", "e."),
    ],
)
def test_unknown_quantity(ref: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_answers(*WORKED, [Answer("e", 0.0), Answer(ref, 0.0)], 4)
    assert (caught.value.code, caught.value.pointer) == ("answer-unknown", "/answers/1/ref")


def test_no_answer_to_a_number_that_is_not_finite() -> None:
    huge = case([(1, "identity")], [1e200], [([1e200], [0.0])])
    with pytest.raises(ConflictError) as caught:
        check_answers(*huge, [Answer("z.1.0", 1.0)], 4)
    assert (caught.value.code, caught.value.pointer) == ("answer-not-finite", "/answers/0/ref")


def test_sample_outside_the_batch() -> None:
    problem, trace, _ = MEAN
    with pytest.raises(ValueError, match="not in tuple"):
        check_answers(problem, trace, 7, [Answer("e", 0.0)], 4)


# --- over the registries ----------------------------------------------------------------------------------


@st.composite
def steps(draw: st.DrawFn) -> Case:
    """Return any combination of registry entries on a small network, some steps into its training."""
    output, name = draw(st.sampled_from(OUTPUTS_WITH_LOSS))
    entry = LOSSES.get(name)
    loss = LossSpec(
        name,
        draw(st.sampled_from(entry.coefficients)),
        draw(st.sampled_from(entry.reductions)),
        draw(st.sampled_from(("sum", "mean"))),
    )
    problem, trace = make(
        sizes=draw(st.sampled_from([(2, 3, 2), (2, 2, 2), (1, 1, 1), (2, 3, 3, 2), (3, 2, 1), (2, 9)])),
        hidden=draw(st.sampled_from(HIDDEN)),
        output=output,
        loss=loss,
        optimizer=draw(st.sampled_from(OPTIMIZERS.names())),
        bias=draw(st.sampled_from(BIAS_MODES)),
        batch=draw(st.sampled_from([1, 3, 9])),
        seed=draw(st.integers(0, 2**16)),
        steps=draw(st.sampled_from([0, 2])),
        frozen=draw(st.sampled_from([(), ("w.1.0.0",)])),
        regularization=draw(st.sampled_from([RegularizationSpec(), RegularizationSpec(0.1, 0.3)])),
        clipping=draw(
            st.sampled_from([ClippingSpec(), ClippingSpec("norm"), ClippingSpec("value", {"limit": 0.1})])
        ),
        schedule=draw(st.sampled_from([ScheduleSpec(), ScheduleSpec("cosine", {"epochs": 4})])),
        dropout=draw(st.sampled_from([0.0, 0.0, 0.5])),
    )
    return problem, trace, draw(st.sampled_from(trace.batch))


def results(made: Case) -> dict[str, float]:
    """Return every number that some micro-step makes, and each parameter's change."""
    granularities: tuple[Granularity, ...] = ("neuron", "term")
    told = [microsteps(*made, granularity) for granularity in granularities]
    found = {
        line.result_ref: line.result
        for steps in told
        for microstep in steps.microsteps
        for line in microstep.lines
    }
    for ref in [ref for ref in found if ref.startswith(("nw.", "nb."))]:
        position = made[0].network.position(ref[1:])
        found[f"u{ref[1:]}"] = float(made[1].update[position])
    return {ref: value for ref, value in found.items() if math.isfinite(value)}


@settings(max_examples=60, deadline=None)
@given(steps(), st.randoms(use_true_random=False))
def test_right_numbers_are_right(made: Case, chance: random.Random) -> None:
    for ref, value in results(made).items():
        away = chance.uniform(-1.0, 1.0) * max(0.01 * abs(value), 0.5e-4)
        for given_value in (value, round(value, 4), value + away):
            assert check(made, ref, given_value, decimals=4).verdict == "right", ref


@settings(max_examples=60, deadline=None)
@given(steps())
def test_every_slip_is_reported_as_one(made: Case) -> None:
    problem, trace, row = made
    setting = Setting(problem, trace, row)
    texts = re.compile(r"\{(\w+)\}")
    names = Names(problem.network, symbols_of(problem, trace))
    badges = badges_of_lines(made)
    for ref, right in results(made).items():
        found = quantity(setting, ref)
        assert found is not None, ref
        mutants = list(mutants_of(setting, found))
        apart = [
            mutant
            for mutant in mutants
            if abs(mutant.value - right) > tolerance(right, 4) + tolerance(mutant.value, 4)
        ]
        verdicts = check_answers(*made, [Answer(ref, mutant.value) for mutant in apart], 4)
        for mutant, verdict in zip(apart, verdicts, strict=True):
            slip = verdict.slip
            assert slip is not None, (ref, mutant)
            agreeing = [
                other
                for other in mutants
                if (other.name, other.at) == (slip.name, slip.place.ref)
                and abs(other.value - mutant.value) <= tolerance(other.value, 4)
            ]
            assert agreeing, (ref, mutant, slip)
            # The sentence's placeholders have references, and these have symbols.
            assert set(texts.findall(TEXTS[f"slip.{slip.name}"])) <= slip.refs.keys(), slip
            assert all(names.tex(other) for other in slip.refs.values())
            # A gradient's line carries badge 3 for what the weight carried, not for the gradient itself.
            of_the_whole = slip.place.badge is None and slip.place.ref.startswith("g")
            assert slip.place.badge == (None if of_the_whole else badges[slip.place.line]), slip


def badges_of_lines(made: Case) -> dict[str, int | None]:
    """Return the badge of every line there is, by its id; a sum taken apart into terms keeps its own."""
    granularities: tuple[Granularity, ...] = ("term", "neuron")
    return {
        line.id: line.badge
        for granularity in granularities
        for microstep in microsteps(*made, granularity).microsteps
        for line in microstep.lines
    }


@settings(max_examples=60, deadline=None)
@given(steps())
def test_nonsense_is_wrong_and_its_factors_lead_down_to_what_is_given(made: Case) -> None:
    numbers = results(made)
    largest = max(abs(value) for value in numbers.values())
    lines = {
        (line.result_ref, line.id)
        for granularity in ("neuron", "term")
        for microstep in microsteps(*made, granularity).microsteps
        for line in microstep.lines
    }
    setting = Setting(*made)
    nonsense = 1e9 * (1.0 + largest * largest)
    below: dict[str, tuple[str, ...]] = {}
    for ref in numbers:
        verdict = check(made, ref, nonsense)
        assert (verdict.verdict, verdict.slip) == ("wrong", None), ref
        below[ref] = verdict.factors
        assert set(verdict.factors) <= numbers.keys(), ref
        found = quantity(setting, ref)
        assert found is not None
        made_by = f"n{ref[1:]}" if found.kind in ("uw", "ub") else ref
        assert (made_by, line_of(setting, found)) in lines
    depth: dict[str, int] = {}

    def walk(ref: str, above: frozenset[str]) -> int:
        assert ref not in above, "the factors lead in a circle"
        if ref not in depth:
            depth[ref] = 1 + max((walk(factor, above | {ref}) for factor in below[ref]), default=0)
        return depth[ref]

    for ref in below:
        walk(ref, frozenset())
    # Only what is made of given numbers alone has nothing further to ask.
    ends = {ref.partition(".")[0] for ref, factors in below.items() if not factors}
    assert ends <= {"p", "z", "lw", "lb", "loc", "nw", "nb", "uw", "ub", "eta", "size", "clip"}


def test_factors_of_the_worked_example() -> None:
    expected: dict[str, Sequence[Any]] = {
        "gw.2.0.0": ("up.2.0", "loc.2.0", "a.1.0"),
        "gw.1.0.0": ("up.1.0", "loc.1.0"),
        "d.1.0": ("up.1.0", "loc.1.0"),
        "up.1.0": ("c.1.0.0", "c.1.0.1"),
        "c.1.0.1": ("d.2.1",),
        "up.2.0": ("a.2.0",),
        "loc.2.0": ("a.2.0",),
        "a.2.0": ("z.2.0",),
        "z.2.0": ("p.2.0.0", "p.2.1.0"),
        "p.2.0.0": ("a.1.0",),
        "p.1.0.0": (),
        "nw.2.0.0": ("gw.2.0.0",),
        "e": ("e.0", "e.1"),
        "e.1": ("a.2.1",),
    }
    assert {ref: check(WORKED, ref, 1e6).factors for ref in expected} == expected


def test_an_activation_is_asked_for_by_what_its_slope_reads() -> None:
    for entry in ACTIVATIONS:
        if entry.output_only:
            continue
        problem, trace = make(sizes=(2, 2), output=entry.name)
        factors = check((problem, trace, trace.batch[0]), "loc.1.0", 1e6).factors
        reads = {f"{kind}.1.0" for kind in "az" if f"<{kind}>" in entry.derivative_template}
        assert set(factors) == reads
