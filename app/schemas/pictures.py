"""Pictures of a session: metrics along the run, maps, lines, hidden space, the loss surface, counts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import Matrix, Number, Reply, Vector, WithNonfinite

Range = tuple[float, float]
# A line's corners, [x, y] each.
Line = list[tuple[float, float]]
Idle = Literal["dead", "saturated"]
Bytes = Annotated[str, Field(description="base64 of little-endian float32, row by row from the lowest y")]


class MetricsReply(WithNonfinite):
    """What was measured at some steps of the present branch; a series without numbers is null.

    `gradients` are each layer's mean |gradient| of the training set's loss with respect to its weights;
    `idle` each layer's share of neurons that no sample activates (`dead`), or of activations whose slope is
    below 5 % of its greatest (`saturated`), as `idle_kinds` says.
    """

    steps: list[int]
    test_loss: Vector | None
    accuracy: Vector | None
    test_accuracy: Vector | None
    gradients: list[Vector]
    idle: list[Vector | None]
    idle_kinds: list[Idle | None]


class NeuronMapReply(Reply):
    """One neuron over the plane; the extremes are null where nothing is finite."""

    element: str
    minimum: Number
    maximum: Number
    midpoint: float
    values: Bytes


class MapsReply(Reply):
    """Several neurons over one plane of two of the data's columns."""

    x_range: Range
    y_range: Range
    resolution: int
    quantity: Literal["activation", "net_input"]
    maps: list[NeuronMapReply]


class ElementLines(Reply):
    """The lines where one neuron's net input is 0, each a list of corners in the data's own units."""

    element: str
    lines: list[Line]


class ZeroLinesReply(Reply):
    """Where the neurons of a layer turn over: their net input is 0 there."""

    layer: int
    x_range: Range
    y_range: Range
    neurons: list[ElementLines]


class HiddenSpaceReply(WithNonfinite):
    """The data as a hidden layer sees them, and how the layers after it divide that space.

    `axes`: `units` are the layer's two activations themselves; `principal` and `output` are a plane of a
    wider layer, mean + x · directions[0] + y · directions[1], with the parts of the rows' variance that its
    directions hold in `shares`. `misplaced` are the rows that the plane shows on another side of the dividing
    line than they are. `values` are the outputs' over the plane, of several outputs the greatest one's, and
    `classes` which that is (base64, a byte each). `lines` are where the output takes its `midpoint`, or
    another output becomes the greatest.
    """

    layer: int
    units: int
    axes: Literal["units", "principal", "output"]
    mean: Vector
    directions: Matrix
    shares: tuple[float, float]
    x_range: Range
    y_range: Range
    resolution: int
    element: str
    points: Matrix
    test_points: Matrix | None
    misplaced: list[int]
    values: Bytes
    classes: str | None
    minimum: Number
    maximum: Number
    midpoint: float
    lines: list[Line]


class SurfacePath(Reply):
    """States on the way of training: their nearest places in the plane, their own losses, how far off."""

    steps: list[int]
    x: Vector
    y: Vector
    losses: Vector
    distances: Vector


class LossSurfaceReply(WithNonfinite):
    """The loss of the whole training set over a plane through the present parameters.

    `x` and `y` are places on the two axes: the values of two parameters (`elements`), or factors of two
    directions. `losses` has a row for each y. `center` is the session's place and `loss` its loss there.
    """

    kind: Literal["parameters", "random", "path"]
    elements: tuple[str, str] | None
    step: int
    resolution: int
    x: list[float]
    y: list[float]
    losses: Matrix
    minimum: Number
    maximum: Number
    center: tuple[float, float]
    loss: Number
    path: SurfacePath
    shares: tuple[float, float] | None


class ConfusionCounts(Reply):
    """`counts`[i][j]: rows of class i that are taken for class j; `wrong`: rows not classified rightly."""

    rows: int
    right: int
    counts: list[list[int]] | None
    wrong: list[int]


class ConfusionReply(Reply):
    """How often each class is taken for which; null where targets are no classes or there is no test set.

    `classes` are their names, of one output the targets that mean no and yes.
    """

    classes: list[str]
    train: ConfusionCounts | None
    test: ConfusionCounts | None


class LayerHistogramReply(Reply):
    """One layer's weights, now and at the start; counts of equally wide bins."""

    layer: int
    counts: list[int]
    initial: list[int]
    minimum: Number
    maximum: Number
    mean: Number
    deviation: Number


class HistogramReply(WithNonfinite):
    """The weights of each layer over the same edges; the last bin includes its upper edge."""

    edges: list[float]
    layers: list[LayerHistogramReply]
