"""Every number that a line may show, looked up in the trace by its reference.

Only the products inside a sum and its running sums are not in a trace; they are made of its numbers here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.activations import ACTIVATIONS
from core.network import NetworkSpec, Parameters
from core.registry import complete_parameters
from core.trace import Array, Trace

# Kinds whose number is an entry of a flat parameter vector, by layer: first letter of the element they
# concern.
_FLAT = {"w": "before", "b": "before", "lw": "point", "lb": "point", "nw": "after", "nb": "after"} | {
    "uw": "update",
    "ub": "update",
    "Cw": "received",
    "Cb": "received",
}


class Numbers(dict[str, float]):
    """The numbers of one sample of a trace: `numbers["w.1.0.0"]`. Raises KeyError for an unknown kind.

    `sample` is the row in the data set; ValueError if it is not in the trace's batch.
    It is a dictionary that looks a number up when it is first asked for.
    """

    def __init__(self, network: NetworkSpec, trace: Trace, sample: int) -> None:
        position = trace.sample_position(sample)
        self.trace = trace
        self._network = network
        super().__init__(
            {
                "e": float(trace.sample_losses[position]),
                "eb": float(trace.loss),
                "hp.count": float(trace.optimizer_count),
                "obj": float(trace.objective),
                "drop": trace.dropout,
                "eta0": trace.schedule.base,
                "epoch": float(trace.epoch),
            }
        )
        self.update((f"sched.{name}", value) for name, value in trace.schedule.parameters.items())
        self.update((f"clip.{name}", value) for name, value in trace.clipping.parameters.items())
        for name, found in (("norm", trace.clipping.norm), ("factor", trace.clipping.factor)):
            if found is not None:
                self[f"clip.{name}"] = found
        for penalty in trace.penalties:
            self[f"reg.{penalty.name}"] = penalty.coefficient
            self[f"size.{penalty.name}"] = penalty.size
            self[f"pen.{penalty.name}"] = penalty.value
        for name, value in trace.optimizer_parameters.items():
            self["eta" if name == "learning_rate" else f"hp.{name}"] = float(value)
        for number, layer in enumerate(network.layers, start=1):
            entry = ACTIVATIONS.get(layer.activation)
            settings = complete_parameters(entry.parameters, layer.activation_parameters)
            for name, value in settings.items():
                self[f"ap.{number}.{name}"] = float(value)
        of_layers: dict[str, list[Array | None]] = {
            "a": [trace.inputs, *(layer.activation for layer in trace.layers)],
            "f": [None, *(layer.function_value for layer in trace.layers)],
            "z": [None, *(layer.net_input for layer in trace.layers)],
            "d": [None, *(layer.delta for layer in trace.layers)],
            "up": [None, *(layer.upstream for layer in trace.layers)],
            "loc": [None, *(layer.local for layer in trace.layers)],
            "gw": [None, *(layer.sample_weight_gradients for layer in trace.layers)],
            "gb": [None, *(layer.sample_bias_gradients for layer in trace.layers)],
        }
        self._tables: dict[str, Any] = {
            kind: [None if array is None else array[position].tolist() for array in arrays]
            for kind, arrays in of_layers.items()
        }
        self._tables["t"] = trace.targets[position].tolist()
        self._tables["e"] = trace.loss_parts[position].tolist()
        self._tables["Gw"] = [None, *(layer.weight_gradient.tolist() for layer in trace.layers)]
        self._tables["Gb"] = [
            None,
            *(
                None if layer.bias_gradient is None else layer.bias_gradient.tolist()
                for layer in trace.layers
            ),
        ]
        self._rows = {str(row): place for place, row in enumerate(trace.batch)}

    def __missing__(self, ref: str) -> float:
        kind, *rest = ref.split(".")
        number = self[ref] = self._look_up(kind, rest)
        return number

    def _look_up(self, kind: str, rest: list[str]) -> float:
        if kind in _FLAT:
            return self._entry(self._flat(kind, getattr(self.trace, _FLAT[kind]), kind[-1]), rest)
        if kind in ("Jw", "Jb"):
            return self._entry(
                self._flat(kind, self.trace.gradient + self.trace.penalty_gradient, kind[-1]), rest
            )
        if kind in ("s", "s0", "o"):
            return self._entry(self._optimizer(kind, rest[0], rest[1]), rest[2:])
        if kind in ("p", "c"):
            left, right = self.factors(kind, rest)
            return self[left] * self[right]
        if kind in ("ps", "cs"):
            return self._running_sum(kind, rest)
        if kind == "es":
            return float(self.trace.sample_losses[self._rows[rest[0]]])
        if kind == "gs":
            return self._entry(self._of_row(rest[0], rest[1]), rest[2:])
        return self._entry(self._tables[kind], rest)

    def factors(self, kind: str, indices: list[str]) -> tuple[str, str]:
        """Return the references of the two factors of a product `p` or of a contribution `c`."""
        layer, first, second = indices
        if kind == "p":
            return f"lw.{layer}.{first}.{second}", f"a.{int(layer) - 1}.{first}"
        if int(layer) == len(self._network.layers):
            return f"up.{layer}.{second}", f"loc.{layer}.{second}.{first}"
        after = int(layer) + 1
        return f"d.{after}.{second}", f"lw.{after}.{first}.{second}"

    def _running_sum(self, kind: str, indices: list[str]) -> float:
        layer, neuron, count = indices
        last = int(count)
        # In the order of the terms, as one adds on paper.
        before = self[f"{kind}.{layer}.{neuron}.{last - 1}"] if last else 0.0
        term = f"p.{layer}.{last}.{neuron}" if kind == "ps" else f"c.{layer}.{neuron}.{last}"
        return before + self[term]

    @staticmethod
    def _entry(table: Any, indices: list[str]) -> float:
        for index in indices:
            table = table[int(index)]
        return float(table)

    def _flat(self, key: str, vector: Array, what: str) -> Any:
        table = self._tables.get(key)
        if table is None:
            parameters = Parameters(self._network, vector)
            table = [None]
            for layer in range(1, len(self._network.layers) + 1):
                array = parameters.weights(layer) if what == "w" else parameters.bias(layer)
                table.append(None if array is None else array.tolist())
            self._tables[key] = table
        return table

    def _optimizer(self, kind: str, name: str, what: str) -> Any:
        vectors: Mapping[str, Array] = {
            "s": self.trace.state_after,
            "s0": self.trace.state_before,
            "o": self.trace.terms,
        }[kind]
        return self._flat(f"{kind}.{name}.{what}", vectors[name], what)

    def _of_row(self, row: str, what: str) -> Any:
        key = f"gs.{row}.{what}"
        table = self._tables.get(key)
        if table is None:
            place = self._rows[row]
            arrays = [
                layer.sample_weight_gradients if what == "w" else layer.sample_bias_gradients
                for layer in self.trace.layers
            ]
            table = [None, *(None if array is None else array[place].tolist() for array in arrays)]
            self._tables[key] = table
        return table
