"""One step as a Trace: both passes, penalties, clipping and the optimizer's update."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from core.clipping import CLIPPINGS
from core.losses import batch_factor
from core.network import Array, NetworkSpec, Parameters, read_only
from core.optimizers import OPTIMIZERS, Optimizer, Update
from core.propagation.passes import Pass, step_masks
from core.registry import complete_parameters
from core.schedules import SCHEDULES, scheduled_rate
from core.snapshot import Problem, Snapshot
from core.trace import ClippingTrace, LayerTrace, ScheduleTrace, Trace


def explain(problem: Problem, snapshot: Snapshot, after: Snapshot | None = None) -> Trace:
    """Return the Trace of the step that `snapshot` is about to make, on its next batch.

    The gradient is taken at the optimizer's gradient point. With `after`, the recorded snapshot that
    followed, the trace's `after`, `update` and `state_after` are the recorded ones; without, they are
    computed here.
    """
    optimizer = OPTIMIZERS.get(problem.training.optimizer.name)
    training = problem.training
    settings = complete_parameters(optimizer.parameters, training.optimizer.parameters)
    base, schedule = settings["learning_rate"], SCHEDULES.get(training.schedule.name)
    rate = scheduled_rate(schedule.name, training.schedule.parameters, base, snapshot.epoch)
    settings["learning_rate"] = rate
    clipping = CLIPPINGS.get(training.clipping.name)
    limits = complete_parameters(clipping.parameters, training.clipping.parameters)
    rows = snapshot.next_rows(problem)
    before, frozen = snapshot.vector, problem.frozen
    state = {name: np.where(frozen, 0.0, snapshot.optimizer_state[name]) for name in optimizer.state}
    with np.errstate(all="ignore"):
        point = optimizer.gradient_point(before, state, settings)
        inputs, targets = problem.data.inputs[rows], problem.data.targets[rows]
        computed = Pass(problem, point, inputs, targets, step_masks(problem, snapshot, len(rows)))
        count = snapshot.optimizer_count + 1
        clipped = clipping.clip(np.where(frozen, 0.0, computed.objective_gradient), limits)
        update = _masked_update(optimizer, before, clipped.gradient, state, count, settings, frozen)
        if after is not None:
            update = replace(update, theta=after.vector, state=dict(after.optimizer_state))
        layers = _layer_traces(computed)
        difference = np.where(frozen, 0.0, update.theta - before)
        parts, loss = computed.parts, computed.loss
        objective, penalty_gradient = computed.objective, computed.penalty_gradient
        first = _first_nonfinite(computed, update, problem.network)
    return Trace(
        step=snapshot.step,
        epoch=snapshot.epoch,
        batch=tuple(int(row) for row in rows),
        inputs=read_only(computed.inputs),
        targets=read_only(computed.targets),
        layers=layers,
        loss_parts=read_only(parts),
        sample_losses=read_only(parts.sum(axis=1)),
        loss=loss,
        penalties=computed.penalties,
        objective=objective,
        batch_factor=batch_factor(training.loss, len(rows)),
        gradient=read_only(computed.gradient),
        penalty_gradient=read_only(penalty_gradient),
        received=read_only(clipped.gradient),
        before=read_only(before),
        point=read_only(point),
        update=read_only(difference),
        after=read_only(update.theta),
        frozen=np.broadcast_to(frozen.copy(), frozen.shape),  # a view that cannot be written
        optimizer=optimizer.name,
        optimizer_parameters=settings,
        optimizer_count=count,
        state_before={name: read_only(values) for name, values in state.items()},
        state_after={name: read_only(values) for name, values in update.state.items()},
        terms={name: read_only(values) for name, values in update.terms.items()},
        clipping=ClippingTrace(clipping.name, limits, clipped.norm, clipped.factor),
        schedule=ScheduleTrace(
            schedule.name, complete_parameters(schedule.parameters, training.schedule.parameters), base, rate
        ),
        dropout=training.dropout if problem.network.hidden else 0.0,
        diverged=not _all_finite(update),
        first_nonfinite=first,
    )


def _masked_update(
    optimizer: Optimizer,
    before: Array,
    gradient: Array,
    state: dict[str, Array],
    count: int,
    settings: dict[str, float],
    frozen: NDArray[np.bool_],
) -> Update:
    """Return the optimizer's update with frozen parameters (gradient 0) held and their state zero."""
    update = optimizer.update(before, gradient, state, count, settings)
    return Update(
        np.where(frozen, before, update.theta),
        {name: np.where(frozen, 0.0, values) for name, values in update.state.items()},
        update.terms,
    )


def _layer_traces(computed: Pass) -> tuple[LayerTrace, ...]:
    gradient = Parameters(computed.problem.network, computed.gradient)
    traces = []
    inputs = computed.inputs
    passes = zip(computed.layers, computed.backward, strict=True)
    for index, (passed, backward) in enumerate(passes, start=1):
        trained = backward.sample_bias_gradients is not None
        bias = gradient.bias(index) if trained else None
        traces.append(
            LayerTrace(
                layer=index,
                activation_name=computed.problem.network.layers[index - 1].activation,
                inputs=read_only(inputs),
                net_input=read_only(passed.net_input),
                activation=read_only(passed.activation),
                upstream=read_only(backward.upstream),
                local=read_only(backward.local),
                delta=read_only(backward.delta),
                sample_weight_gradients=read_only(backward.sample_weight_gradients),
                sample_bias_gradients=read_only(backward.sample_bias_gradients)
                if backward.sample_bias_gradients is not None
                else None,
                weight_gradient=read_only(gradient.weights(index)),
                bias_gradient=read_only(bias) if bias is not None else None,
                function_value=read_only(passed.function_value),
                mask=read_only(passed.mask) if passed.mask is not None else None,
            )
        )
        inputs = passed.activation
    return tuple(traces)


def _all_finite(update: Update) -> bool:
    return all(bool(np.isfinite(values).all()) for values in (update.theta, *update.state.values()))


def _first_nonfinite(computed: Pass, update: Update, network: NetworkSpec) -> str | None:
    """Return the element id of the first non-finite quantity in the order of computation.

    Order: net input and activation layer by layer, the output's activation also standing for its loss part;
    deltas from the last layer back; then the parameters, whose id stands for gradient, state and new value.
    """
    for index, passed in enumerate(computed.layers, start=1):
        for letter, values in (("z", passed.net_input), ("a", passed.activation)):
            if (column := _first_column(values)) is not None:
                return f"{letter}.{index}.{column}"
    if (column := _first_column(computed.parts)) is not None:
        return f"a.{len(network.layers)}.{column}"
    for index in range(len(network.layers), 0, -1):
        if (column := _first_column(computed.backward[index - 1].delta)) is not None:
            return f"d.{index}.{column}"
    for vector in (computed.objective_gradient, *update.state.values(), update.theta):
        if (position := _first_column(vector[None, :])) is not None:
            return network.element(position)
    return None


def _first_column(values: Array) -> int | None:
    if math.isfinite(values.sum()):
        return None
    # A sum of finite numbers may overflow: only now look at each.
    bad = np.flatnonzero(~np.isfinite(values).all(axis=0))
    return int(bad[0]) if len(bad) else None
