"""One sample of a network as an expression for the graph of gates: the other view of the same network."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.activations import ACTIVATIONS
from core.graph import MAXIMUM_CHARACTERS
from core.losses import LOSSES, factor
from core.network import Parameters
from core.registry import complete_parameters
from core.snapshot import Problem
from core.trace import Trace

_WORD = re.compile(r"\b([azt])\b")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class ScalarView:
    """What to post to the Graph lab: the expression and its values.

    `names` says which entry of the layer view each variable is: "w.1.0.1", "x.0" (an input of the sample).
    """

    expression: str
    values: dict[str, float]
    names: dict[str, str]


def scalar_view(problem: Problem, trace: Trace, sample: int) -> ScalarView | None:
    """Return row `sample` of the batch as an expression: its share of the batch's loss.

    The gradients of all samples' shares add up to those of the batch; by its inputs each is its own. None
    where the text would be longer than the Graph lab takes, with ten or more neurons in a layer, or with
    dropout.
    """
    # From ten neurons on w111 would have two meanings.
    if max(problem.network.sizes) > 9 or any(layer.mask is not None for layer in trace.layers):
        return None
    written = _Writer(problem, trace, sample).done()
    return written if len(written.expression) <= MAXIMUM_CHARACTERS else None


class _Writer:
    def __init__(self, problem: Problem, trace: Trace, sample: int) -> None:
        self.problem, self.trace, self.sample = problem, trace, sample
        self.single = len(trace.layers) == 1
        self.values: dict[str, float] = {}
        self.names: dict[str, str] = {}
        self.statements: list[str] = []

    def _variable(self, name: str, value: float, element: str) -> str:
        self.values[name], self.names[name] = float(value), element
        return name

    def _layer(self, letter: str, layer: int) -> str:
        return letter if self.single else f"{letter}{layer}_"

    def done(self) -> ScalarView:
        network, parameters = self.problem.network, Parameters(self.problem.network, self.trace.point)
        activations = [
            self._variable(f"x{i + 1}", value, f"x.{i}")
            for i, value in enumerate(self.trace.inputs[self.sample])
        ]
        net_inputs: list[str] = []
        for n, spec in enumerate(network.layers, start=1):
            weights, bias = parameters.weights(n), parameters.bias(n)
            net_inputs = []
            last = n == len(network.layers)
            for j in range(spec.units):
                terms = [
                    f"{activation}*"
                    + self._variable(f"{self._layer('w', n)}{i + 1}{j + 1}", weights[i, j], f"w.{n}.{i}.{j}")
                    for i, activation in enumerate(activations)
                ]
                if bias is not None:
                    terms.append(self._variable(f"{self._layer('b', n)}{j + 1}", bias[j], f"b.{n}.{j}"))
                z = f"{self._layer('z', n)}{j + 1}"
                self.statements.append(f"{z}={'+'.join(terms)}")
                net_inputs.append(z)
            letter = "y" if last else self._layer("a", n)
            activations = self._activate(n, net_inputs, letter)
        self._loss(net_inputs, activations)
        return ScalarView(";".join(self.statements), self.values, self.names)

    def _activate(self, n: int, net_inputs: list[str], letter: str) -> list[str]:
        spec = self.problem.network.layers[n - 1]
        entry = ACTIVATIONS.get(spec.activation)
        outputs = [f"{letter}{j + 1}" for j in range(len(net_inputs))]
        if not entry.expression:
            powers = [f"e{j + 1}" for j in range(len(net_inputs))]
            self.statements += [f"{e}=exp({z})" for e, z in zip(powers, net_inputs, strict=True)]
            self.statements.append(f"S={'+'.join(powers)}")
            self.statements += [f"{y}={e}/S" for y, e in zip(outputs, powers, strict=True)]
            return outputs
        settings = complete_parameters(entry.parameters, spec.activation_parameters)
        # The gate has the same value; the entry's expression is for the oracle, which proves the gate too.
        text = "sigmoid(z)" if entry.name == "sigmoid" else entry.expression
        for name, value in settings.items():
            text = re.sub(rf"\b{name}\b", repr(float(value)), text)
        for output, z in zip(outputs, net_inputs, strict=True):
            self.statements.append(f"{output}={_filled(text, z=z)}")
        return outputs

    def _loss(self, net_inputs: list[str], outputs: list[str]) -> None:
        spec = self.problem.training.loss
        entry = LOSSES.get(spec.name)
        targets = self.trace.targets[self.sample]
        parts = []
        for k, (z, a) in enumerate(zip(net_inputs, outputs, strict=True)):
            t = self._variable(f"t{k + 1}", targets[k], f"t.{k}")
            part = _filled(entry.expression, a=a, t=t, z=z)
            parts.append(part)
        total = "+".join(parts)
        divisor = round(1.0 / (factor(spec, len(outputs)) * self.trace.batch_factor), 12)
        whole = total if divisor == 1.0 else f"({total})/{divisor:g}"
        self.statements.append(f"L={whole}")


def _filled(text: str, **names: str) -> str:
    return _SPACE.sub("", _WORD.sub(lambda match: names.get(match[1], match[1]), text))
