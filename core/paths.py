"""The gradient of one parameter as a sum over every path from it to the loss, and what that would cost.

**Path.** It runs from the neuron that the parameter feeds, through one neuron of each following layer, to one
output's part of the loss; behind a softmax layer, whose net inputs reach every output, through one net input
and one output. Its factors, from the loss back: ∂E/∂o, then for each layer the slope ∂a/∂z and the weight
that leads into it, and last what the parameter multiplies (a bias: nothing).

**Multiplications.** Counted are those that join the factors. Slopes, outputs' factors ∂E/∂o and weights are
given in both counts, additions cost nothing.
- All paths: a path of f factors costs f - 1, and nothing that two paths share is reused.
- Reverse mode: every delta that the parameter depends on is formed once. One multiplication joins ∂E/∂o with
  the slope (n for each of n softmax outputs); a hidden delta costs one for each neuron of the next layer and
  one for its slope; a weight's gradient costs one more, a bias's none.

For the whole network both are summed over all trained parameters; reverse mode forms each delta once for
all. Source: Griewank and Walther 2008, Evaluating Derivatives, chapters 1 and 3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from core.errors import InvalidInputError
from core.losses import FUSED
from core.network import Array, NetworkSpec, Parameters
from core.optimizers import OPTIMIZERS
from core.snapshot import Problem
from core.trace import Trace

# Beyond either of these only the counts are made: a list that nobody reads would take seconds.
MOST_PARAMETERS = 2000
MOST_PATHS = 100_000
MOST_LISTED = 64

# The long route through ∂E/∂o is shown as long as it is the delta that trains, up to rounding.
_AGREEMENT = 1e-13


class Factor(NamedTuple):
    """One factor of a path: the reference of the quantity, and its value."""

    ref: str
    value: float


@dataclass(frozen=True, slots=True)
class Path:
    """One path: `elements` from the parameter to the loss, `factors` from the loss back, their product."""

    elements: tuple[str, ...]
    factors: tuple[Factor, ...]
    product: float


class Cost(NamedTuple):
    """Multiplications by both ways."""

    paths: int
    reverse: int


@dataclass(frozen=True, slots=True)
class GradientPaths:
    """The gradient of one parameter for one sample, path by path.

    `count` is the number of all paths. `paths` holds those listed, in the network's order if it holds all,
    else the largest magnitudes first; the `omitted` others add up to `omitted_sum`. `total` is the sum over
    all paths, `gradient` the trace's number. `listed` is False where the network is too large to list any:
    then only counts and `gradient` are there, `total` and `omitted_sum` are None.
    `fused` says that the paths begin at the outputs' delta, not at ∂E/∂o: one of the two factors of that
    delta is out of range.
    """

    element: str
    gradient_ref: str
    gradient: float
    count: int
    listed: bool
    paths: tuple[Path, ...]
    omitted: int
    omitted_sum: float | None
    total: float | None
    fused: bool
    parameter_cost: Cost
    network_cost: Cost


def gradient_paths(
    problem: Problem, trace: Trace, sample: int, element: str, limit: int = MOST_LISTED
) -> GradientPaths:
    """Return the gradient of weight or bias `element` as a sum over its paths to the loss of row `sample`.

    At most `limit` paths are listed. The weights are those at which the trace took its gradient (NAG: at the
    look-ahead point).
    Raises InvalidInputError at pointer "/element" for what is no trained parameter, ValueError if `sample` is
    not in the trace's batch.
    """
    network = problem.network
    walk = _Walk(problem, trace, trace.sample_position(sample), element)
    count = _path_count(network, walk.layer, walk.fused)
    listed = network.parameter_count <= MOST_PARAMETERS and count <= MOST_PATHS
    products = walk.products() if listed else np.zeros(0)
    order = np.arange(len(products))
    if len(products) > limit:
        # A stable order: of equally large paths the first stays first; what is not a number goes last.
        order = np.argsort(-np.abs(products), kind="stable")
    return GradientPaths(
        element=element,
        gradient_ref=f"g{element}",
        gradient=walk.gradient,
        count=count,
        listed=listed,
        paths=tuple(walk.path(int(place), float(products[place])) for place in order[:limit]),
        omitted=count - len(order[:limit]),
        omitted_sum=_sum(products[order[limit:]]) if listed else None,
        total=_sum(products) if listed else None,
        fused=walk.fused,
        parameter_cost=Cost(
            count * (_factor_count(network, walk.layer, element[0] == "w", walk.fused) - 1),
            _reverse_cost(network, walk.layer, element[0] == "w", walk.fused),
        ),
        network_cost=_network_cost(network, walk.fused),
    )


class _Walk:
    """One parameter's paths through one sample of a trace."""

    def __init__(self, problem: Problem, trace: Trace, position: int, element: str) -> None:
        self.network = network = problem.network
        network.position(element, "/element")
        kind, *rest = element.split(".")
        self.element = element
        self.layer, self.neuron = int(rest[0]), int(rest[-1])
        here = trace.layers[self.layer - 1]
        self._input = int(rest[1]) if kind == "w" else None
        if kind == "w":
            self.gradient = float(here.sample_weight_gradients[position, int(rest[1]), self.neuron])
        elif here.sample_bias_gradients is None:
            raise InvalidInputError(code="fixed-bias", pointer="/element")
        else:
            self.gradient = float(here.sample_bias_gradients[position, self.neuron])
        self._layers = trace.layers
        self._position = position
        self._parameters = Parameters(network, trace.point)
        self._weight = "lw" if OPTIMIZERS.get(trace.optimizer).looks_ahead else "w"
        self._last = len(network.layers)
        self._softmax = trace.layers[-1].local.ndim == 3
        self.fused = not self._long_route(problem)

    def _long_route(self, problem: Problem) -> bool:
        output, position = self._layers[-1], self._position
        if (problem.training.loss.name, output.activation_name) not in FUSED:
            return True
        upstream, delta = output.upstream[position], output.delta[position]
        with np.errstate(all="ignore"):
            # (n_out or 1, n_out): what each output adds to each delta
            terms = (upstream[:, None] if self._softmax else upstream[None, :]) * output.local[position]
        if not np.isfinite(terms).all():
            return not np.isfinite(delta).all()
        size = np.abs(terms).max(axis=0)
        return bool((np.abs(terms.sum(axis=0) - delta) <= _AGREEMENT * size).all())

    def _weights(self, layer: int) -> Array:
        return self._parameters.weights(layer)

    def _arrive(self, layer: int) -> Array:
        """Return what a path picks up in `layer`: an entry for each neuron, a row for each softmax output.

        In the last layer that is everything from the net input on to the loss.
        """
        here, position = self._layers[layer - 1], self._position
        if layer < self._last:
            return np.asarray(here.local[position])
        if self.fused:
            return np.asarray(here.delta[position])
        upstream, local = here.upstream[position], here.local[position]
        # (n_out, n_out) as [net input, output] behind softmax.
        return np.asarray((upstream[:, None] * local).T if self._softmax else upstream * local)

    def products(self) -> Array:
        """Return the product of every path, (count,), in the order of the neurons that it passes."""
        carried = 1.0
        if self._input is not None:
            carried = float(self._layers[self.layer - 1].inputs[self._position, self._input])
        with np.errstate(all="ignore"):
            found = carried * np.atleast_1d(self._arrive(self.layer)[self.neuron])
            for layer in range(self.layer + 1, self._last + 1):
                leaving = self._weights(layer)
                # The first hop leaves the parameter's own neuron, the others leave the last axis.
                leaving = leaving[self.neuron] if layer == self.layer + 1 else leaving
                onward = found * leaving if layer == self.layer + 1 else found[..., None] * leaving
                arrived = self._arrive(layer)
                found = onward[..., None] * arrived if arrived.ndim == 2 else onward * arrived
        return found.ravel()

    def path(self, place: int, product: float) -> Path:
        """Return the path at that place of `products`."""
        sizes = [self.network.sizes[layer] for layer in range(self.layer + 1, self._last + 1)]
        if self._softmax and not self.fused:
            sizes.append(self.network.outputs)
        passed = [int(index) for index in np.unravel_index(place, sizes)] if sizes else []
        neurons = [self.neuron, *passed[: self._last - self.layer]]
        out = passed[-1] if self._softmax and not self.fused else neurons[-1]
        elements, factors = self._end(neurons[-1], out)
        for layer in range(self._last, self.layer, -1):
            source, target = neurons[layer - self.layer - 1], neurons[layer - self.layer]
            weight = float(self._weights(layer)[source, target])
            slope = float(self._layers[layer - 2].local[self._position, source])
            elements += [f"w.{layer}.{source}.{target}", f"a.{layer - 1}.{source}"]
            factors.append(Factor(f"{self._weight}.{layer}.{source}.{target}", weight))
            factors.append(Factor(f"loc.{layer - 1}.{source}", slope))
        elements.append(self.element)
        if self._input is not None:
            carried = float(self._layers[self.layer - 1].inputs[self._position, self._input])
            factors.append(Factor(f"a.{self.layer - 1}.{self._input}", carried))
        return Path(tuple(reversed(elements)), tuple(factors), product)

    def _end(self, net_input: int, output: int) -> tuple[list[str], list[Factor]]:
        """Return the elements from the loss back to the last neuron, and the factors between them."""
        layer, position = self._layers[-1], self._position
        number = self._last
        loss = f"e.{output}" if self.network.outputs > 1 else "e"
        if self.fused:
            delta = Factor(f"d.{number}.{net_input}", float(layer.delta[position, net_input]))
            return ["e" if self._softmax else loss, f"a.{number}.{net_input}"], [delta]
        upstream = Factor(f"up.{number}.{output}", float(layer.upstream[position, output]))
        if self._softmax:
            slope = Factor(
                f"loc.{number}.{output}.{net_input}", float(layer.local[position, output, net_input])
            )
            return [loss, f"a.{number}.{output}", f"z.{number}.{net_input}"], [upstream, slope]
        slope = Factor(f"loc.{number}.{output}", float(layer.local[position, output]))
        return [loss, f"a.{number}.{output}"], [upstream, slope]


def _sum(products: Array) -> float:
    """Return the sum, correctly rounded where all products are finite."""
    if np.isfinite(products).all():
        return math.fsum(products.tolist())
    with np.errstate(all="ignore"):
        return float(products.sum())


def _ends(network: NetworkSpec, fused: bool) -> int:
    """Return how many outputs a net input of the last layer reaches."""
    softmax = network.layers[-1].activation == "softmax"
    return network.outputs if softmax and not fused else 1


def _path_count(network: NetworkSpec, layer: int, fused: bool) -> int:
    return math.prod(network.sizes[layer + 1 :]) * _ends(network, fused)


def _factor_count(network: NetworkSpec, layer: int, is_weight: bool, fused: bool) -> int:
    hops = len(network.layers) - layer
    return 2 * hops + (1 if fused else 2) + is_weight


def _delta_cost(network: NetworkSpec, layer: int, fused: bool) -> int:
    """Return the multiplications for the delta of one neuron of `layer` from those of the next one."""
    if layer == len(network.layers):
        return 0 if fused else _ends(network, fused)
    return network.sizes[layer + 1] + 1


def _reverse_cost(network: NetworkSpec, layer: int, is_weight: bool, fused: bool) -> int:
    later = range(layer + 1, len(network.layers) + 1)
    deltas = sum(network.sizes[number] * _delta_cost(network, number, fused) for number in later)
    return deltas + _delta_cost(network, layer, fused) + is_weight


def _network_cost(network: NetworkSpec, fused: bool) -> Cost:
    paths = reverse = 0
    for layer, spec in enumerate(network.layers, start=1):
        weights = network.sizes[layer - 1] * spec.units
        biases = spec.units if spec.bias.mode == "trained" else 0
        count = _path_count(network, layer, fused)
        for parameters, is_weight in ((weights, True), (biases, False)):
            paths += parameters * count * (_factor_count(network, layer, is_weight, fused) - 1)
        reverse += spec.units * _delta_cost(network, layer, fused) + weights
    return Cost(paths, reverse)
