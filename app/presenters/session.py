"""A session as a reply, and the reply of a call of `step`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar, cast

from app.presenters.data import MAX_ROWS_WITH_OUTPUTS, present_data
from app.presenters.numbers import Numbers, below
from app.presenters.trace import present_trace
from app.schemas.base import Matrix, Named, Vector
from app.schemas.data import DataReply
from app.schemas.session import (
    BatchReply,
    BiasReply,
    DivergenceReply,
    ElementReply,
    LayerFlags,
    LayerParameters,
    LayerReply,
    LossAt,
    LossReply,
    NetworkReply,
    RecipeReply,
    RegularizationReply,
    SessionReply,
    StepReply,
    TimelineReply,
    TrainingReply,
)
from app.stepping import Progress
from app.store import Handle
from core.errors import InvalidInputError
from core.features import Feature
from core.naming import elements
from core.network import Array, NetworkSpec, Parameters, TrainingSpec
from core.notation import DEFAULT, Notation
from core.session import Session
from core.trace import Trace

MAX_NAMED_PARAMETERS = 1000

Part = TypeVar("Part")


def present_session(handle: Handle) -> SessionReply:
    """Return the session as it stands; the data set and the names are presented once and kept."""
    session = handle.session
    numbers = Numbers()
    problem, snapshot = session.problem, session.snapshot
    outputs, differences, losses = _on_the_set(session, numbers)
    test_loss = session.test_loss
    values = numbers.layers(problem.network, snapshot.vector, "/parameters")
    return SessionReply(
        id=handle.id,
        status="training" if handle.is_training else session.status,
        preset=session.spec.preset,
        seed=session.spec.seed,
        network=_kept(handle, "network", problem.network, lambda: _network(session)),
        training=_kept(handle, "training", problem.training, lambda: present_training(problem.training)),
        learning_rate=session.learning_rate,
        data=_data(handle),
        parameters=LayerParameters(weights=values.weights, biases=values.biases),
        frozen=_kept(handle, "frozen", problem.frozen, lambda: _frozen(session)),
        step=session.step_count,
        epoch=session.epoch,
        steps_per_epoch=session.steps_per_epoch,
        epoch_position=session.epoch_position,
        next_batch=list(session.next_batch()),
        loss=numbers.number(session.loss, "/loss"),
        accuracy=session.accuracy,
        test_loss=None if test_loss is None else numbers.number(test_loss, "/test_loss"),
        test_accuracy=session.test_accuracy,
        outputs=outputs,
        differences=differences,
        sample_losses=losses,
        timeline=TimelineReply(
            node=session.node,
            undo=session.undo_node,
            redo=session.redo_node,
            last_step=session.last_step,
            branches=session.branches,
        ),
        divergence=_divergence(session),
        elements=_elements(handle),
        recipe=RecipeReply(**session.recipe()),
        run=None if handle.run is None else handle.run.reply(),
        nonfinite=numbers.nonfinite,
    )


def present_step(handle: Handle, progress: Progress, with_trace: bool) -> StepReply:
    """Return what a call of `step` did; the trace is that of the last update, or of the one that failed."""
    session = handle.session
    numbers = Numbers()
    trace = None
    if with_trace:
        step = session.step_count - (1 if progress.applied else 0)
        record = session.trace(step)
        trace = present_trace(record, session.problem.network, 0)
    shown = present_session(handle)
    before, after = (
        LossAt(step=step, loss=numbers.number(loss, f"/{name}/loss"))
        for name, (step, loss) in (("before", progress.before), ("after", progress.after))
    )
    losses = [
        LossAt(step=step, loss=numbers.number(loss, f"/losses/{index}/loss"))
        for index, (step, loss) in enumerate(progress.losses)
    ]
    inner = {
        **dict(below("/session", shown.nonfinite)),
        **dict(below("/trace", trace.nonfinite if trace else {})),
    }
    return StepReply(
        applied=progress.applied,
        diverged=progress.diverged,
        before=before,
        after=after,
        losses=losses,
        trace=trace,
        session=shown,
        nonfinite={**numbers.nonfinite, **inner},
    )


def sample_of(trace: Trace, sample: int | None) -> int:
    """Return where the data set's row stands in the trace's batch, 0 without one; 422 if it is not in it."""
    if sample is None:
        return 0
    try:
        return trace.sample_position(sample)
    except ValueError:
        raise InvalidInputError(
            code="sample-not-in-batch", pointer="/sample", choices=list(trace.batch[:20])
        ) from None


def _kept(handle: Handle, name: str, source: object, make: Callable[[], Part]) -> Part:
    """Return a part of the reply, made anew only where its source is another object: no source changes."""
    known = handle.content.parts.get(name)
    if known is None or known[0] is not source:
        known = handle.content.parts[name] = (source, make())
    # The part was made by an earlier call with the same name.
    return cast(Part, known[1])


def _on_the_set(session: Session, numbers: Numbers) -> tuple[Matrix | None, Matrix | None, Vector | None]:
    if session.data.size > MAX_ROWS_WITH_OUTPUTS:
        return None, None, None
    # In the units of the table, whatever the network is trained on.
    outputs = session.data.displayed_outputs(session.outputs())
    return (
        numbers.matrix(outputs, "/outputs"),
        numbers.matrix(outputs - session.data.raw_targets, "/differences"),
        numbers.vector(session.losses(), "/sample_losses"),
    )


def _network(session: Session) -> NetworkReply:
    network: NetworkSpec = session.problem.network
    initializer = session.spec.initializer
    return NetworkReply(
        inputs=network.inputs,
        layers=[
            LayerReply(
                units=layer.units,
                activation=layer.activation,
                activation_parameters=dict(layer.activation_parameters),
                bias=BiasReply(mode=layer.bias.mode, value=layer.bias.value),
            )
            for layer in network.layers
        ],
        initializer=Named(name=initializer.name, parameters=dict(initializer.parameters)),
    )


def present_parameters(network: NetworkSpec, vector: Array) -> LayerParameters:
    """Return finite weights and biases layer by layer."""
    values = Numbers().layers(network, vector, "")
    return LayerParameters(weights=values.weights, biases=values.biases)


def present_training(training: TrainingSpec) -> TrainingReply:
    """Return how one update is made from a batch."""
    loss, optimizer, batch = training.loss, training.optimizer, training.batch
    return TrainingReply(
        loss=LossReply(name=loss.name, coefficient=loss.coefficient, outputs=loss.outputs, batch=loss.batch),
        optimizer=Named(name=optimizer.name, parameters=dict(optimizer.parameters)),
        batch=BatchReply(mode=batch.mode, size=batch.size, order=batch.order),
        regularization=RegularizationReply(l1=training.regularization.l1, l2=training.regularization.l2),
        dropout=training.dropout,
        clipping=Named(name=training.clipping.name, parameters=dict(training.clipping.parameters)),
        schedule=Named(name=training.schedule.name, parameters=dict(training.schedule.parameters)),
    )


def _data(handle: Handle) -> DataReply:
    data = handle.session.data
    if handle.content.data is None or handle.content.data[0] is not data:
        handle.content.data = (data, present_data(data, handle.session.classifies))
    return handle.content.data[1]


def _frozen(session: Session) -> LayerFlags:
    network = session.problem.network
    # The views work on any flat vector; this one holds booleans.
    views = Parameters(network, cast(Array, session.frozen))
    numbers = range(1, len(network.layers) + 1)
    biases = [views.bias(number) for number in numbers]
    return LayerFlags(
        weights=[cast(list[list[bool]], views.weights(number).tolist()) for number in numbers],
        biases=[None if bias is None else cast(list[bool], bias.tolist()) for bias in biases],
    )


def _divergence(session: Session) -> DivergenceReply | None:
    record = session.divergence
    if record is None:
        return None
    return DivergenceReply(
        step=record.step,
        element=record.element,
        learning_rate=record.learning_rate,
        suggested_learning_rate=record.suggested_learning_rate,
    )


def _elements(handle: Handle) -> list[ElementReply]:
    features = handle.session.data.features
    if handle.content.elements is None or handle.content.elements[0] != features:
        names = present_elements(handle.session.problem.network, features=features)
        handle.content.elements = (features, names)
    return handle.content.elements[1]


def present_elements(
    network: NetworkSpec, notation: Notation = DEFAULT, features: Sequence[Feature] = ()
) -> list[ElementReply]:
    """Return the names of the network's elements; of a large network without those of its parameters."""
    names = elements(network, network.parameter_count <= MAX_NAMED_PARAMETERS, notation, features)
    return [ElementReply(id=name.id, base=name.base, sub=name.sub, sup=name.sup) for name in names]
