"""The loss over a plane through the parameters, with the path of training projected onto it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.errors import ConflictError, InvalidInputError
from core.network import Array
from core.plan import Evaluation
from core.snapshot import Problem

Kind = Literal["parameters", "random", "path"]

MAXIMUM_RESOLUTION = 60
# The multiplications that one surface may cost; a larger network or set gets fewer points a side.
MAXIMUM_OPERATIONS = 4_000_000_000
LEAST_RESOLUTION = 7
LEAST_RADIUS = 2.0
MAXIMUM_RADIUS = 1e4
RANDOM_RADIUS = 1.0


@dataclass(frozen=True)
class Visit:
    """A state that training passed through: its step and its parameters (P,)."""

    step: int
    vector: Array


@dataclass(frozen=True)
class Surface:
    """The loss of the whole training set at theta + a·`directions`[0] + b·`directions`[1].

    `xs` and `ys` are places on the two axes: for two parameters their values, else a and b themselves.
    `losses` (len(ys), len(xs)). `center` is where the session stands and `loss` its loss. `path_x` and
    `path_y` (k,) are the visited states' nearest points of the plane, `path_steps` and `path_losses` their
    steps and own losses, `path_distances` how far off the plane they lie. `shares` are the parts of the
    path's variance along its two axes, None for other planes.
    """

    kind: Kind
    elements: tuple[str, str] | None
    directions: Array
    xs: Array
    ys: Array
    losses: Array
    center: tuple[float, float]
    loss: float
    path_steps: tuple[int, ...]
    path_x: Array
    path_y: Array
    path_losses: Array
    path_distances: Array
    shares: tuple[float, float] | None


def random_directions(problem: Problem, vector: Array, seed: int) -> Array:
    """Return two random directions (2, P), each neuron's part as long as the neuron's own parameters.

    A neuron's weights and bias are one filter; what no update moves has no part in either direction. Source:
    Li et al. 2018, Visualizing the Loss Landscape of Neural Nets, section 4.
    """
    generator = np.random.default_rng([seed, 2])
    directions = np.where(problem.frozen, 0.0, generator.standard_normal((2, len(vector))))
    for offset, rows, columns in problem.network.blocks:
        block = slice(offset, offset + rows * columns)
        own = np.linalg.norm(vector[block].reshape(rows, columns), axis=1)
        for direction in directions:
            filters = direction[block].reshape(rows, columns)
            length = np.linalg.norm(filters, axis=1)
            filters *= (own / np.where(length > 0, length, 1.0))[:, None]
    return directions


def parameter_directions(problem: Problem, elements: tuple[str, str]) -> Array:
    """Return the directions (2, P) of two parameters; InvalidInputError for unknown or equal ones."""
    places = [
        problem.network.position(element, pointer)
        for element, pointer in zip(elements, ("/x", "/y"), strict=True)
    ]
    if places[0] == places[1]:
        raise InvalidInputError(code="surface-axes", pointer="/y")
    directions = np.zeros((2, len(problem.frozen)))
    directions[0, places[0]] = directions[1, places[1]] = 1.0
    return directions


def path_directions(path: Sequence[Visit], size: int) -> tuple[Array, tuple[float, float]]:
    """Return the path's two principal directions (2, size) of length 1, and their shares of its variance.

    Source: Li et al. 2018, section 7.1. A path without two directions gets axes of single parameters.
    """
    moves = np.stack([visit.vector for visit in path]) - path[-1].vector
    if not np.isfinite(moves).all():
        raise np.linalg.LinAlgError
    _, sizes, axes = np.linalg.svd(moves - moves.mean(axis=0), full_matrices=False)
    # Of the largest one, which alone could overflow.
    squares = (sizes / (sizes.max() or 1.0)) ** 2
    total = float(squares.sum())
    found = [axis for axis, square in zip(axes, squares, strict=True) if square > total * 1e-20][:2]
    for index in range(size):
        if len(found) == min(2, size):
            break
        axis = np.zeros(size)
        axis[index] = 1.0
        for other in found:
            axis -= (axis @ other) * other
        length = float(np.linalg.norm(axis))
        if length > 1e-6:
            found.append(axis / length)
    while len(found) < 2:
        found.append(np.zeros(size))
    directions = np.stack(found)
    for axis in directions:
        axis *= np.sign(axis[np.abs(axis).argmax()]) or 1.0
    shares = [float(square) / total if total > 0 else 0.0 for square in (*squares[:2], 0.0)]
    return directions, (shares[0], shares[1])


class SurfaceJob:
    """A surface in the making: `turn` evaluates some of its points, `result` is there when all are done."""

    def __init__(
        self,
        problem: Problem,
        vector: Array,
        path: Sequence[Visit],
        kind: Kind,
        resolution: int,
        elements: tuple[str, str] = ("w.1.0.0", "w.1.1.0"),
        seed: int = 0,
        radius: float | None = None,
    ) -> None:
        """Prepare the plane through `vector`; `path` ends there. `radius` overrides its own extent.

        Raises ConflictError where parameters are so large that lengths in the plane overflow.
        """
        self._kind, self._vector, self._path = kind, np.array(vector), path
        self._elements = elements if kind == "parameters" else None
        self._shares: tuple[float, float] | None = None
        try:
            with np.errstate(all="ignore"):
                self._directions = self._chosen_directions(problem, elements, seed)
                self._place(radius)
        except np.linalg.LinAlgError:
            raise ConflictError(code="surface-too-far") from None
        ends = (self._middle - self._half, self._middle + self._half, self._directions, self._center)
        if not all(np.isfinite(each).all() for each in ends):
            raise ConflictError(code="surface-too-far")
        self._operations = max(1, problem.network.parameter_count * problem.data.size)
        self.resolution = self._fitting(resolution)
        self._xs, self._ys = (
            np.linspace(middle - half, middle + half, self.resolution)
            for middle, half in zip(self._middle, self._half, strict=True)
        )
        self._point = np.array(vector)
        self._evaluation = Evaluation(
            problem.network, problem.training.loss, self._point, problem.data.inputs, problem.data.targets
        )
        count = self.resolution
        self._losses = np.empty(count * count)
        self._path_losses = np.empty(len(path))
        self._done = 0

    def _chosen_directions(self, problem: Problem, elements: tuple[str, str], seed: int) -> Array:
        """Return the two directions (2, P) of the plane; those of a path have shares as well."""
        if self._kind == "parameters":
            return parameter_directions(problem, elements)
        if self._kind == "random":
            return random_directions(problem, self._vector, seed)
        directions, self._shares = path_directions(self._path, len(self._vector))
        return directions

    def _place(self, radius: float | None) -> None:
        """Project the path, and choose the plane's extent so that it holds the path and its end."""
        moves = np.stack([visit.vector for visit in self._path]) - self._vector
        if not (np.isfinite(moves).all() and np.isfinite(self._directions).all()):
            raise np.linalg.LinAlgError
        found = np.linalg.lstsq(self._directions.T, moves.T, rcond=None)[0]
        self._distances = np.linalg.norm(moves - found.T @ self._directions, axis=1)
        start = np.zeros(2)
        if self._kind == "parameters":
            start = self._directions @ self._vector
        self._center = start
        self._coordinates = found + start[:, None]
        least = RANDOM_RADIUS if self._kind == "random" else LEAST_RADIUS
        if self._kind == "random" or radius is not None:
            # The session's state is the middle.
            reach = np.abs(found).max(axis=1) if radius is None else np.zeros(2)
            self._middle = start
            self._half = np.maximum(least if radius is None else radius, np.minimum(1.15 * reach, 50.0))
            return
        low, high = self._coordinates.min(axis=1), self._coordinates.max(axis=1)
        self._middle = (low + high) / 2.0
        half = np.maximum(1.3 * (high - low) / 2.0, least)
        # A plane much wider one way than the other would show nothing of the narrow one.
        self._half = np.maximum(half, half.max() / 4.0)

    def _fitting(self, resolution: int) -> int:
        most = int((MAXIMUM_OPERATIONS / self._operations) ** 0.5)
        return min(resolution, max(LEAST_RESOLUTION, most))

    @property
    def finished(self) -> bool:
        """Whether every point has been evaluated."""
        return self._done == len(self._losses) + len(self._path_losses)

    def turn(self, operations: int) -> None:
        """Evaluate as many points as about `operations` multiplications allow, at least one."""
        total = len(self._losses) + len(self._path_losses)
        until = min(total, self._done + max(1, operations // self._operations))
        with np.errstate(all="ignore"):
            for index in range(self._done, until):
                if index < len(self._losses):
                    row, column = divmod(index, self.resolution)
                    self._losses[index] = self._loss_at(self._xs[column], self._ys[row])
                else:
                    visit = index - len(self._losses)
                    np.copyto(self._point, self._path[visit].vector)
                    self._path_losses[visit] = self._evaluation.loss()
        self._done = until

    def vector_at(self, x: float, y: float) -> Array:
        """Return the parameters (P,) at a place of the plane."""
        a, b = x - self._center[0], y - self._center[1]
        return np.asarray(self._vector + a * self._directions[0] + b * self._directions[1])

    def _loss_at(self, x: float, y: float) -> float:
        np.copyto(self._point, self.vector_at(x, y))
        return self._evaluation.loss()

    @property
    def result(self) -> Surface:
        """The finished record."""
        assert self.finished
        with np.errstate(all="ignore"):
            loss = self._loss_at(*self._center)
        return Surface(
            kind=self._kind,
            elements=self._elements,
            directions=self._directions,
            xs=self._xs,
            ys=self._ys,
            losses=self._losses.reshape(self.resolution, self.resolution),
            center=(float(self._center[0]), float(self._center[1])),
            loss=loss,
            path_steps=tuple(visit.step for visit in self._path),
            path_x=self._coordinates[0],
            path_y=self._coordinates[1],
            path_losses=self._path_losses,
            path_distances=self._distances,
            shares=self._shares,
        )
