"""Lines where a function of the plane takes a value, found on a grid and then exact on its edges."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.network import Array, DataSet, NetworkSpec
from core.pictures.plane import Plane
from core.propagation import predict

Index = NDArray[np.intp]
# Values (K,) of the functions `which` (K,) at the places x (K,), y (K,).
Evaluate = Callable[[Array, Array, Index], Array]
# A line is a list of corners, (k, 2); a closed one ends where it begins.
Line = Array

_ITERATIONS = 60
_EXACT = 1e-13

# A crossing's name: 0 for an edge along x or 1 for one along y, then row and column of its lower left end.
_Edge = tuple[int, int, int]


def level_lines(xs: Array, ys: Array, values: Array, level: float, evaluate: Evaluate) -> list[list[Line]]:
    """Return for each function the lines where it takes `level`.

    `values` (F, len(ys), len(xs)) are the functions on the grid. Every corner of a line lies on an edge of
    the grid, where `evaluate` takes the level to about float64's precision; between corners the line is
    straight. Places that are not finite have no line. Source: Lorensen and Cline 1987, Marching cubes, in the
    plane; a cell with four crossings is parted by the mean of its corners.
    """
    above = values >= level
    finite = np.isfinite(values)
    crossing = [
        (above[:, :, 1:] != above[:, :, :-1]) & finite[:, :, 1:] & finite[:, :, :-1],
        (above[:, 1:, :] != above[:, :-1, :]) & finite[:, 1:, :] & finite[:, :-1, :],
    ]
    corners: list[dict[_Edge, Array]] = [{} for _ in values]
    for axis, mask in enumerate(crossing):
        which, row, column = np.nonzero(mask)
        end_row, end_column = (row, column + 1) if axis == 0 else (row + 1, column)
        start = np.stack([xs[column], ys[row]])
        end = np.stack([xs[end_column], ys[end_row]])
        places = _crossings(
            start,
            end,
            values[which, row, column] - level,
            values[which, end_row, end_column] - level,
            _off_level(evaluate, which, level),
        )
        names = zip(which.tolist(), row.tolist(), column.tolist(), strict=True)
        for (function, i, j), place in zip(names, places.T, strict=True):
            corners[function][(axis, i, j)] = place
    return [_joined(found, above[k], values[k], level) for k, found in enumerate(corners)]


def _off_level(evaluate: Evaluate, which: Index, level: float) -> Callable[[Array, Array], Array]:
    return lambda x, y: evaluate(x, y, which) - level


def _crossings(
    start: Array, end: Array, f0: Array, f1: Array, value: Callable[[Array, Array], Array]
) -> Array:
    """Return where between start and end, (2, K) each, the value changes sign: regula falsi, Illinois form.

    Source: Dowell and Jarratt 1971, A modified regula falsi method.
    """
    t0, t1 = np.zeros(len(f0)), np.ones(len(f0))
    f0, f1 = f0.copy(), f1.copy()
    scale = np.maximum(np.abs(f0), np.abs(f1))
    t = np.zeros(len(f0))
    side = np.zeros(len(f0))
    for _ in range(_ITERATIONS if len(f0) else 0):
        with np.errstate(all="ignore"):
            t = (t0 * f1 - t1 * f0) / (f1 - f0)
        # Where both ends have become the same number, or one is none: the middle.
        t = np.where((t >= t0) & (t <= t1), t, (t0 + t1) / 2.0)
        x, y = start + (end - start) * t
        f = value(x, y)
        if bool(((np.abs(f) <= _EXACT * scale) | (t1 - t0 < 1e-15)).all()):
            break
        left = np.sign(f) == np.sign(f0)
        # Keeping the same end twice in a row would slow it down: its weight is halved.
        f1 = np.where(left, np.where(side == 1, f1 / 2.0, f1), f)
        f0 = np.where(left, f, np.where(side == -1, f0 / 2.0, f0))
        t0, t1 = np.where(left, t, t0), np.where(left, t1, t)
        side = np.where(left, 1.0, -1.0)
    return np.asarray(start + (end - start) * t)


def _joined(corners: dict[_Edge, Array], above: NDArray[np.bool_], values: Array, level: float) -> list[Line]:
    """Return the lines through one function's crossings: within a cell two of them belong together."""
    neighbours: dict[_Edge, list[_Edge]] = {edge: [] for edge in corners}
    rows, columns = above.shape
    cells = {
        (i, j)
        for axis, row, column in corners
        for i, j in ((row, column), (row - 1, column) if axis == 0 else (row, column - 1))
        if 0 <= i < rows - 1 and 0 <= j < columns - 1
    }
    for i, j in sorted(cells):
        around: list[_Edge] = [(0, i, j), (1, i, j + 1), (0, i + 1, j), (1, i, j)]
        there = [edge for edge in around if edge in corners]
        if len(there) == 4:
            # Bottom with right and top with left, or bottom with left and right with top.
            middle = values[i : i + 2, j : j + 2].mean() >= level
            if middle == above[i, j]:
                pairs = [(there[0], there[1]), (there[2], there[3])]
            else:
                pairs = [(there[0], there[3]), (there[1], there[2])]
        else:
            pairs = [(there[0], there[1])] if len(there) == 2 else []
        for one, other in pairs:
            neighbours[one].append(other)
            neighbours[other].append(one)
    lines: list[Line] = []
    seen: set[_Edge] = set()
    # Open lines begin at an end; what is left afterwards is closed.
    for begin in sorted(corners, key=lambda edge: (len(neighbours[edge]) != 1, edge)):
        if begin in seen:
            continue
        walk, here = [begin], begin
        seen.add(begin)
        while (following := next((edge for edge in neighbours[here] if edge not in seen), None)) is not None:
            walk.append(following)
            seen.add(following)
            here = following
        if len(walk) > 2 and begin in neighbours[here]:
            walk.append(begin)
        if len(walk) > 1:
            lines.append(np.array([corners[edge] for edge in walk]))
    return lines


def zero_lines(
    network: NetworkSpec, vector: Array, data: DataSet, plane: Plane, layer: int
) -> list[list[Line]]:
    """Return for each neuron of a layer the lines over the plane where its net input is 0.

    In the first hidden layer, over inputs without derived features, they are straight.
    """

    def net_inputs(x: Array, y: Array) -> Array:
        return predict(network, vector, data.network_inputs(plane.rows(x, y)))[layer - 1][0]

    grid = predict(network, vector, data.network_inputs(plane.grid()))[layer - 1][0].T
    size = plane.resolution
    return level_lines(
        plane.xs,
        plane.ys,
        grid.reshape(-1, size, size),
        0.0,
        lambda x, y, which: net_inputs(x, y)[np.arange(len(x)), which],
    )
