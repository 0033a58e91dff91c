"""Runs under stop rules: the same end however they are cut, and the same bits as single steps."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.network import BatchSpec, OptimizerSpec, Preparation, SplitSpec
from core.presets import PRESETS
from core.session import DataChoice, Edit, Patience, Session, StopRules, TrainingRun


def xor(rate: float = 0.5, mode: str = "full") -> Session:
    session = Session.create(PRESETS.get("xor-2-2-1").spec())
    training = session.training
    optimizer = OptimizerSpec("sgd", {"learning_rate": rate})
    batch = BatchSpec(mode=mode, size=3, order="shuffled")  # type: ignore[arg-type]
    session.edit(Edit(training=replace(training, optimizer=optimizer, batch=batch)))
    return session


def finish(run: TrainingRun, pieces: list[int]) -> int:
    """Advance in pieces until the run ends; return how many updates were applied."""
    applied, turn = 0, 0
    while run.reason is None:
        applied += run.advance(pieces[turn % len(pieces)]).applied
        turn += 1
    return applied


@settings(max_examples=25, deadline=None)
@given(
    pieces=st.lists(st.integers(1, 40), min_size=1, max_size=5),
    mode=st.sampled_from(["full", "one", "mini"]),
    epochs=st.integers(1, 25),
    loss=st.one_of(st.none(), st.floats(0.3, 0.55)),
    patience=st.one_of(st.none(), st.integers(1, 4)),
    restore=st.booleans(),
)
def test_a_run_ends_at_the_same_step_however_it_is_cut(
    pieces: list[int], mode: str, epochs: int, loss: float | None, patience: int | None, restore: bool
) -> None:
    rules = StopRules(
        epochs=epochs,
        loss=loss,
        patience=None if patience is None else Patience(patience, 1e-3),
        restore_best=restore,
    )
    ends = []
    for cut in (pieces, [1], [1000]):
        session = xor(mode=mode)
        run = TrainingRun(session, rules)
        finish(run, cut)
        measured = [column.tolist() for column in (*session.curve(), session.metrics().accuracy)]
        bits = session.snapshot.vector.tobytes()
        ends.append((run.reason, run.best_epoch, session.step_count, bits, str(measured)))
    assert ends[0] == ends[1] == ends[2]
    # The same as stepping by hand.
    alone = xor(mode=mode)
    for _ in range(ends[0][2]):
        alone.step(1)
    assert alone.snapshot.vector.tobytes() == ends[0][3]


def test_each_rule_ends_at_the_first_epoch_where_it_holds() -> None:
    session = xor(rate=2.0)
    run = TrainingRun(session, StopRules(loss=0.2, epochs=20_000))
    finish(run, [1000])
    assert run.reason == "loss"
    step = session.step_count
    assert session.loss < 0.2
    session.seek_step(step - 1)
    assert session.loss >= 0.2

    session = xor(rate=2.0)
    run = TrainingRun(session, StopRules(accuracy=1.0, epochs=20_000))
    finish(run, [1000])
    assert (run.reason, session.accuracy) == ("accuracy", 1.0)
    session.seek_step(session.step_count - 1)
    assert session.accuracy != 1.0


def test_a_rule_that_holds_already_trains_nothing() -> None:
    session = xor()
    run = TrainingRun(session, StopRules(loss=1e6))
    assert (run.reason, session.step_count) == ("loss", 0)


def test_no_improvement_goes_back_to_the_best_epoch() -> None:
    # With so large a rate the loss rises and falls: soon it is some epochs above its least.
    session = xor(rate=40.0, mode="one")
    losses = {0: session.loss}
    run = TrainingRun(session, StopRules(patience=Patience(5), restore_best=True, epochs=2000))
    while run.reason is None:
        run.advance(1000)
        if run.reason is None:
            losses[session.epoch] = session.loss
    assert run.reason == "no-improvement"
    assert session.epoch == run.best_epoch == min(losses, key=lambda epoch: losses[epoch])
    assert session.loss == losses[run.best_epoch]
    assert max(losses) == run.best_epoch + 4


def test_the_test_set_is_watched_where_there_is_one() -> None:
    spec = PRESETS.get("xor-2-2-1").spec()
    data = DataChoice("moons", {"size": 40}, preparation=Preparation(split=SplitSpec(0.5, 1)))
    session = Session.create(replace(spec, data=data))
    run = TrainingRun(session, StopRules(patience=Patience(3, 1e6)))
    finish(run, [7])
    # Nothing falls by a million: the third epoch ends it, and the watched loss was the test set's.
    assert (run.reason, session.epoch) == ("no-improvement", 3)
    losses = []
    for step in range(0, session.step_count + 1, session.steps_per_epoch):
        session.seek_step(step)
        losses.append(session.test_loss)
    assert run.best_loss == min(losses)


def test_divergence_ends_a_run_at_the_last_finite_state() -> None:
    spec = PRESETS.get("xor-2-2-1").spec()
    layers = tuple(replace(layer, activation="identity") for layer in spec.network.layers)
    session = Session.create(replace(spec, network=replace(spec.network, layers=layers)))
    training = session.training
    session.edit(Edit(training=replace(training, optimizer=OptimizerSpec("sgd", {"learning_rate": 50.0}))))
    run = TrainingRun(session, StopRules(epochs=50_000))
    finish(run, [1000])
    assert (run.reason, session.status) == ("diverged", "diverged")
    assert np.isfinite(session.snapshot.vector).all()


def test_best_is_the_least_loss_even_where_it_fell_too_little_to_count() -> None:
    session = xor(rate=0.5)
    run = TrainingRun(session, StopRules(patience=Patience(4, 1e6), restore_best=True))
    losses = [session.loss]
    while run.reason is None:
        run.advance(1)
        losses.append(session.loss)
    assert session.loss == min(losses)
    assert session.epoch == run.best_epoch == losses.index(min(losses))


def test_patience_begins_anew_with_another_loss() -> None:
    session = xor(rate=1e-6)
    run = TrainingRun(session, StopRules(patience=Patience(3, 1.0)))
    run.advance(1)
    run.advance(1)
    loss = replace(
        session.training.loss, coefficient=1.0 if session.training.loss.coefficient != 1.0 else 0.5
    )
    session.edit(Edit(training=replace(session.training, loss=loss)))
    finish(run, [1])
    # Seen first at the third epoch's end, and from there on without a fall for three.
    assert (run.reason, session.epoch) == ("no-improvement", 6)


def test_losses_that_cost_much_are_measured_seldom_but_always_at_the_end() -> None:
    spec = PRESETS.get("xor-2-2-1").spec()
    data = DataChoice("moons", {"size": 400})
    session = Session.create(replace(spec, data=data))
    assert session.training.batch.mode == "one"
    run = TrainingRun(session, StopRules(epochs=2))
    seen = []
    while run.reason is None:
        seen += run.advance(37).losses
    steps, last = session.curve()[:2]
    assert steps.tolist() == [*range(0, 800, 128), 800]
    assert [step for step, _ in seen] == [*range(128, 800, 128)]
    assert last[-1] == session.loss
    for step, loss in seen:
        session.seek_step(step)
        assert session.loss == loss
