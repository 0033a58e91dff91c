"""What a session can be exported as in tables: one row a reading, a parameter, a sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

import numpy as np

from app.moment import moment
from app.presenters.boundary import present_boundary
from app.presenters.pictures import present_confusion
from app.presenters.session import sample_of
from app.store import Handle
from app.tables import Cell, Table
from core.contributions import contributions
from core.errors import InvalidInputError
from core.losses import loss_parts
from core.matrices import matrices
from core.network import Array, NetworkSpec
from core.pictures.histogram import histogram
from core.propagation import predict
from core.session import Session
from core.trace import LayerTrace, Trace
from core.verification import verify

HISTOGRAM_BINS = 24


@dataclass(frozen=True)
class Asked:
    """Which step, sample and element a table is about, and for a map its resolution and its two inputs."""

    step: int | None = None
    sample: int | None = None
    element: str | None = None
    resolution: int = 64
    axes: tuple[int, int] = (0, 1)


def curve_table(session: Session, asked: Asked) -> Table:
    """Return the loss of the whole set along the present branch, a row for each of at most 4,096 buckets."""
    steps, last, minimum, maximum = session.curve()
    rows = zip((int(step) for step in steps), last, minimum, maximum, strict=True)
    return Table(("step", "loss", "minimum", "maximum"), rows)


def parameter_table(session: Session, asked: Asked) -> Table:
    """Return every weight and bias at a step, by default now."""
    then = moment(session, asked.step)
    network, frozen = then.problem.network, then.problem.frozen
    rows = (
        (*_names(network, place), float(value), bool(frozen[place]))
        for place, value in enumerate(then.snapshot.vector)
    )
    return Table(("element", "kind", "layer", "from", "to", "value", "frozen"), rows)


def optimizer_table(session: Session, asked: Asked) -> Table:
    """Return the update of every weight and bias: gradient, the optimizer's quantities, before and after."""
    trace = session.trace(asked.step)
    network = session.network
    columns: dict[str, Array] = {"before": trace.before, "gradient": trace.gradient}
    columns |= {f"{name} before": values for name, values in trace.state_before.items()}
    columns |= {f"{name} after": values for name, values in trace.state_after.items()}
    columns |= dict(trace.terms)
    columns |= {"update": trace.update, "after": trace.after}

    def row(place: int) -> tuple[Cell, ...]:
        numbers = (float(values[place]) for values in columns.values())
        return network.element(place), *numbers, bool(trace.frozen[place])

    return Table(("element", *columns, "frozen"), (row(place) for place in range(len(trace.frozen))))


def trace_table(session: Session, asked: Asked) -> Table:
    """Return every number of a step for one sample: quantity, layer, row and column (from 0), value."""
    trace = session.trace(asked.step)
    rows = _trace(trace, sample_of(trace, asked.sample))
    return Table(("quantity", "layer", "row", "column", "value"), rows)


def matrix_table(session: Session, asked: Asked) -> Table:
    """Return the whole batch's arrays of a step: layer, name, row and column (from 0), value."""
    trace = session.trace(asked.step)
    row = trace.batch[sample_of(trace, asked.sample)]
    found = matrices(moment(session, asked.step).problem, trace, row)
    rows = (
        (layer.layer, matrix.name, *_place(at, matrix.first_row), float(value))
        for layer in found
        for matrix in layer.matrices
        for at, value in np.ndenumerate(matrix.values)
    )
    return Table(("layer", "name", "row", "column", "value"), rows)


def sample_table(session: Session, asked: Asked) -> Table:
    """Return the training and the test rows with the network's outputs and each row's own loss, now.

    Inputs, targets and outputs are in the units of the table; rows count from 0 in each of the two sets.
    """
    data = session.data
    outputs = [f"output{place + 1}" for place in range(session.network.outputs)]
    sets = (
        ("train", data.raw_inputs, data.raw_targets, data.inputs, data.targets),
        ("test", data.raw_test_inputs, data.raw_test_targets, data.test_inputs, data.test_targets),
    )

    def rows() -> Iterator[tuple[Cell, ...]]:
        for name, raw, raw_targets, inputs, targets in sets:
            net_input, activation = predict(session.network, session.snapshot.vector, inputs)[-1]
            with np.errstate(all="ignore"):
                losses = loss_parts(session.training.loss, activation, targets, net_input).sum(axis=1)
            numbers = np.hstack([raw, raw_targets, data.displayed_outputs(activation), losses[:, None]])
            for row, values in enumerate(numbers.tolist()):
                yield name, row, *values

    return Table(("set", "row", *data.columns, *data.target_columns, *outputs, "loss"), rows())


def metrics_table(session: Session, asked: Asked) -> Table:
    """Return what was measured along the present branch: scores, each layer's gradients and idle share."""
    found = session.metrics()
    layers = range(1, found.gradients.shape[1] + 1)
    gradients = [f"mean gradient, layer {layer}" for layer in layers]
    idle = [f"{kind or 'idle'}, layer {layer}" for layer, kind in zip(layers, found.kinds, strict=True)]
    scores = np.column_stack([found.test_loss, found.accuracy, found.test_accuracy])
    numbers = np.hstack([scores, found.gradients, found.idle])
    rows = ((int(step), *values) for step, values in zip(found.steps, numbers.tolist(), strict=True))
    return Table(("step", "test_loss", "accuracy", "test_accuracy", *gradients, *idle), rows)


def confusion_table(session: Session, asked: Asked) -> Table:
    """Return how often each class is taken for which, in the training and in the test rows."""
    found = present_confusion(session)
    rows = (
        (name, actual, taken, count)
        for name, one in (("train", found.train), ("test", found.test))
        if one is not None and one.counts is not None
        for actual, counts in zip(found.classes, one.counts, strict=True)
        for taken, count in zip(found.classes, counts, strict=True)
    )
    return Table(("set", "class", "predicted", "rows"), rows)


def histogram_table(session: Session, asked: Asked) -> Table:
    """Return the weights of each layer by size, now and at the start."""
    found = histogram(session.network, session.parameters.vector, session.initial, HISTOGRAM_BINS)
    rows = (
        (layer.layer, float(low), float(high), int(now), int(first))
        for layer in found.layers
        for (low, high), now, first in zip(pairwise(found.edges), layer.counts, layer.initial, strict=True)
    )
    return Table(("layer", "from", "to", "weights", "weights at the start"), rows)


def contribution_table(session: Session, asked: Asked) -> Table:
    """Return each sample's own gradient of one parameter, over the batch of a step; no batch factor."""
    if asked.element is None:
        raise InvalidInputError(code="export-element", pointer="/element")
    trace = session.trace(asked.step)
    record = contributions(session.network, trace, asked.element, limit=len(trace.batch))
    rows = ((one.sample, record.element, one.loss, one.gradient) for one in record.samples)
    return Table(("sample", "element", "loss", "gradient"), rows)


def proof_table(session: Session, asked: Asked) -> Table:
    """Return each checked parameter's gradient in three ways, with the verdict."""
    then = moment(session, asked.step)
    rows = (
        (row.element, row.analytic, row.central, row.autodiff, row.difference, row.verdict)
        for row in verify(then.problem, then.snapshot).rows
    )
    return Table(("element", "analytic", "central", "autodiff", "difference", "verdict"), rows)


def history_table(session: Session, asked: Asked) -> Table:
    """Return the losses of the timeline's branches, each from where it leaves its parent."""
    rows = (
        (branch.name, branch.parent, int(step), last, low, high)
        for branch in session.history().branches
        for step, last, low, high in zip(*branch.curve, strict=True)
    )
    return Table(("branch", "parent", "step", "loss", "minimum", "maximum"), rows)


def boundary_table(session: Session, asked: Asked) -> Table:
    """Return one neuron's activation over a grid of two inputs, in float32 as the map is drawn."""
    grid = present_boundary(session, asked.element, asked.axes, asked.resolution, "json")
    x, y = (np.linspace(*limits, grid.resolution) for limits in (grid.x_range, grid.y_range))
    values = cast(Sequence[float | None], grid.values)
    kinds = grid.nonfinite

    def row(place: int, value: float | None) -> tuple[Cell, ...]:
        up, right = divmod(place, grid.resolution)
        # What JSON has no number for is told by its kind.
        shown = kinds.get(f"/values/{place}") if value is None else value
        return float(x[right]), float(y[up]), shown

    rows = (row(place, value) for place, value in enumerate(values))
    return Table((f"x{asked.axes[0] + 1}", f"x{asked.axes[1] + 1}", grid.element), rows)


TABLES: dict[str, Callable[[Session, Asked], Table]] = {
    "curve": curve_table,
    "parameters": parameter_table,
    "optimizer": optimizer_table,
    "trace": trace_table,
    "matrices": matrix_table,
    "samples": sample_table,
    "contributions": contribution_table,
    "proof": proof_table,
    "history": history_table,
    "boundary": boundary_table,
    "metrics": metrics_table,
    "confusion": confusion_table,
    "histogram": histogram_table,
}


def runs_table(first: Handle, handles: Sequence[Handle]) -> Table:
    """Return sessions beside each other, a row each, with what distinguishes them from the first."""
    return Table(
        (
            "run",
            "name",
            "optimizer",
            "learning_rate",
            "batch",
            "sizes",
            "seed",
            "same_start",
            "status",
            "epoch",
            "step",
            "loss",
            "accuracy",
            "test_loss",
            "test_accuracy",
            "differences",
        ),
        (_run(number, handle, first) for number, handle in enumerate(handles)),
    )


def _run(number: int, handle: Handle, first: Handle) -> tuple[Cell, ...]:
    session = handle.session
    optimizer, batch = session.training.optimizer, session.training.batch
    difference = first.session.difference(session)
    changes = "; ".join(f"{one.kind} {one.name}: {one.before} > {one.after}" for one in difference.settings)
    return (
        number,
        handle.label,
        optimizer.name,
        float(optimizer.parameters["learning_rate"]),
        f"mini {batch.size}" if batch.mode == "mini" else batch.mode,
        "-".join(str(size) for size in session.network.sizes),
        session.spec.seed,
        difference.same_start,
        session.status,
        session.epoch,
        session.step_count,
        session.loss,
        session.accuracy,
        session.test_loss,
        session.test_accuracy,
        changes,
    )


def run_curves_table(handles: Sequence[Handle]) -> Table:
    """Return the curves of sessions below each other, at most 256 readings each."""
    rows = (
        (number, handle.label, int(step), float(epoch), last, low, high)
        for number, handle in enumerate(handles)
        for curve in (handle.session.run_curve(),)
        for step, epoch, last, low, high in zip(
            curve.steps, curve.epochs, curve.last, curve.minimum, curve.maximum, strict=True
        )
    )
    return Table(("run", "name", "step", "epoch", "loss", "minimum", "maximum"), rows)


def _names(network: NetworkSpec, place: int) -> tuple[str, str, int, int | None, int]:
    """Return a parameter's id, kind, layer, and the neurons it leads from (None for a bias) and to."""
    element = network.element(place)
    kind, *numbers = element.split(".")
    if kind == "b":
        layer, to = (int(number) for number in numbers)
        return element, "bias", layer, None, to
    layer, source, to = (int(number) for number in numbers)
    return element, "weight", layer, source, to


def _trace(trace: Trace, position: int) -> Iterator[tuple[Cell, ...]]:
    for name, values in (("inputs", trace.inputs[position]), ("targets", trace.targets[position])):
        yield from _entries(name, None, values)
    for layer in trace.layers:
        for name, array in _layer(layer, position).items():
            yield from _entries(name, layer.layer, array)
    yield from _entries("loss_parts", None, trace.loss_parts[position])
    yield "loss_sample", None, None, None, float(trace.sample_losses[position])
    yield "loss_batch", None, None, None, float(trace.loss)


def _layer(layer: LayerTrace, position: int) -> dict[str, Array]:
    """Return a layer's arrays for one sample, and the batch's gradients."""
    arrays = {
        name: getattr(layer, name)[position]
        for name in ("inputs", "net_input", "activation", "upstream", "local", "delta")
    }
    arrays["weight_gradient"] = layer.sample_weight_gradients[position]
    if layer.sample_bias_gradients is not None:
        arrays["bias_gradient"] = layer.sample_bias_gradients[position]
    arrays["batch_weight_gradient"] = layer.weight_gradient
    if layer.bias_gradient is not None:
        arrays["batch_bias_gradient"] = layer.bias_gradient
    return arrays


def _entries(name: str, layer: int | None, values: Array) -> Iterator[tuple[Cell, ...]]:
    for at, value in np.ndenumerate(values):
        yield name, layer, *_place(at), float(value)


def _place(at: tuple[int, ...], first_row: int = 0) -> tuple[int, int | None]:
    """Return row and column of an entry; a vector's entries have a row only."""
    return (at[0] + first_row, at[1]) if len(at) > 1 else (at[0], None)
