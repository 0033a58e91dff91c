"""What every quantity is called: short names of elements, and the TeX of every reference.

A *reference* names one number: an element id (`a.1.0`, `z.1.0`, `d.1.0`, `w.1.0.0`, `b.1.0`, `t.0`, `e.0`,
`e`, `eb`) or a quantity about an element. All indices count from 0, the names that a reader sees from 1.

| reference | quantity |
|---|---|
| `up.l.j`, `loc.l.j`, `loc.l.i.j` | dE/da, da/dz, and da_i/dz_j of a softmax layer |
| `gw.l.i.j`, `gb.l.j` | gradient of the chosen sample's loss E |
| `gs.<row>.w.l.i.j`, `es.<row>` | gradient and loss of the batch's sample in that row of the data set |
| `Gw.l.i.j`, `Gb.l.j` | gradient of the batch's loss L |
| `f.l.j` | with dropout: the activation function's value, before dropout |
| `Jw.l.i.j` | gradient of the objective J: of the loss and the penalties (a bias has none) |
| `Cw.l.i.j`, `Cb.l.j` | that gradient after clipping |
| `size.<penalty>`, `pen.<penalty>`, `obj` | Σ|w| or Σw², what it adds to the objective, the objective |
| `clip.norm`, `clip.factor`, `clip.limit` | the gradient's norm, the factor that shortens it, the limit |
| `lw.l.i.j`, `lb.l.j` | the parameter at the look-ahead point |
| `nw.l.i.j`, `nb.l.j`, `uw.l.i.j`, `ub.l.j` | the new value after the update, and the signed change |
| `s0.<state>.w.l.i.j`, `s.<state>.w.l.i.j` | the optimizer's state before and after (also `.b.l.j`) |
| `o.<term>.w.l.i.j` | an intermediate quantity of the optimizer (also `.b.l.j`) |
| `p.l.i.j`, `ps.l.j.k` | product of a weight and what it carries; the sum of neuron j's first k+1 products |
| `c.l.j.k`, `cs.l.j.k` | what path k returns to neuron j (softmax: output k); the first k+1 added |
| `eta`, `hp.<name>`, `ap.<l>.<name>` | learning rate, parameters of the optimizer, of layer l's activation |
| `eta0`, `epoch`, `sched.<name>` | with a schedule: the optimizer's own rate, the epoch, its parameters |
| `reg.<penalty>`, `drop` | λ of a penalty, the dropout rate |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from core.features import Feature
from core.network import NetworkSpec
from core.notation import DEFAULT, Notation, letter_tex

# Up to this many weights they are numbered through the whole network, as one does on paper.
NUMBERED_WEIGHTS = 24


@dataclass(frozen=True)
class ElementName:
    """The name of one element: `base` with a subscript and a superscript, either of which may be empty."""

    id: str
    base: str
    sub: str = ""
    sup: str = ""

    @property
    def tex(self) -> str:
        """The name in TeX."""
        text = _base_tex(self.base)
        if self.sup:
            text += f"^{{{self.sup}}}"
        if self.sub:
            text += f"_{{{self.sub}}}"
        return text


# A product of two columns has the first one's index within its base, where TeX wants it as a subscript.
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_RAISED = {ord(low): high for high, low in zip("0123456789", "₀₁₂₃₄₅₆₇₈₉", strict=True)}


def _base_tex(base: str) -> str:
    if base.startswith("sin "):
        return f"\\sin {base[4:]}"
    if len(base) > 2 and base[1] in "₀₁₂₃₄₅₆₇₈₉":
        return f"{base[0]}_{{{base[1:-1].translate(_RAISED)}}}{base[-1]}"
    return letter_tex(base)


def elements(
    network: NetworkSpec,
    parameters: bool = True,
    notation: Notation = DEFAULT,
    features: Sequence[Feature] = (),
) -> list[ElementName]:
    """Return every element of `network` with its name, weights and biases only if `parameters` is True.

    `features` are what the inputs are, where they are not the columns of the data as they are.

    The order: inputs; layer by layer net inputs, activations, deltas, weights, biases (absent ones excepted);
    targets; loss parts (only where there are several outputs); `e`, `eb`.
    """
    names = Names(network, notation=notation, features=features)
    return [names.element(ref) for ref in _element_ids(network, parameters)]


def _element_ids(network: NetworkSpec, parameters: bool) -> Iterator[str]:
    sizes = network.sizes
    yield from (f"a.0.{i}" for i in range(network.inputs))
    for layer, spec in enumerate(network.layers, start=1):
        yield from (f"{kind}.{layer}.{j}" for kind in "zad" for j in range(spec.units))
        if parameters:
            columns = range(sizes[layer - 1])
            yield from (f"w.{layer}.{i}.{j}" for j in range(spec.units) for i in columns)
            if spec.bias.mode != "absent":
                yield from (f"b.{layer}.{j}" for j in range(spec.units))
    yield from (f"t.{k}" for k in range(network.outputs))
    if network.outputs > 1:
        yield from (f"e.{k}" for k in range(network.outputs))
    yield from ("e", "eb")


def _partial(of: str, by: str) -> str:
    return f"\\frac{{\\partial {of}}}{{\\partial {by}}}"


class _Memo(dict[str, str]):
    """A dictionary that makes a text when it is first asked for; large networks have many references."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, ref: str) -> str:
        text = self[ref] = self._make(ref)
        return text


class Names:
    """The names in one network: `element` for the short form, `tex` for any reference, `sym` for its macro.

    `symbols` gives the TeX of hyperparameters (`hp.<name>`, `ap.<l>.<name>`), of the optimizer's states and
    terms (`s.<name>`, `o.<name>`), of layers' functions (`fn.<l>`) and of numbers of the whole
    step. `ahead` says that both passes run on the look-ahead weights. `features` are what the inputs are,
    where they are not the data's columns as they are. Unknown references raise KeyError.
    """

    def __init__(
        self,
        network: NetworkSpec,
        symbols: Mapping[str, str] | None = None,
        ahead: bool = False,
        notation: Notation = DEFAULT,
        features: Sequence[Feature] = (),
    ) -> None:
        self.network = network
        self.features = features
        self.notation = notation
        self._weight = "lw" if ahead else "w"
        self.symbols: dict[str, str] = {"eta": letter_tex(notation.rate), **(symbols or {})}
        sizes = network.sizes
        self.last = len(network.layers)
        products = [n_in * n_out for n_in, n_out in pairwise(sizes)]
        auto = notation.weights == "auto"
        self.numbered = notation.weights == "numbered" or (auto and sum(products) <= NUMBERED_WEIGHTS)
        self._first_weight = list(accumulate(products, initial=0))
        self._first_neuron = list(accumulate(sizes[1:], initial=0))
        self._tex = _Memo(self._make)
        self._sym = _Memo(lambda ref: f"\\sym{{{ref}}}{{{self._tex[ref]}}}")
        self._about: dict[str, Callable[[str, list[str]], str]] = {
            "up": lambda kind, rest: _partial("E", self._of("a", rest)),
            "loc": self._local,
            "gw": self._gradient,
            "gb": self._gradient,
            "Gw": self._gradient,
            "Gb": self._gradient,
            "Jw": self._gradient,
            "Cw": self._clipped,
            "Cb": self._clipped,
            "f": self._function_value,
            "gs": lambda kind, rest: _partial(self._row(rest[0]), self._of(rest[1], rest[2:])),
            "es": lambda kind, rest: self._row(rest[0]),
            "p": self._product,
            "ps": lambda kind, rest: f"\\Sigma_{{{int(rest[2]) + 1}}}",
            "c": self._contribution,
            "cs": lambda kind, rest: f"\\Sigma_{{{int(rest[2]) + 1}}}",
            "nw": lambda kind, rest: self._of("w", rest),
            "nb": lambda kind, rest: self._of("b", rest),
            "lw": lambda kind, rest: self._ahead("w", rest),
            "lb": lambda kind, rest: self._ahead("b", rest),
            "uw": lambda kind, rest: f"\\Delta {self._of('w', rest)}",
            "ub": lambda kind, rest: f"\\Delta {self._of('b', rest)}",
            "s": self._optimizer_quantity,
            "s0": self._optimizer_quantity,
            "o": self._optimizer_quantity,
        }

    def element(self, ref: str) -> ElementName:
        """Return the name of an element; KeyError if `ref` is not an element id."""
        kind, *rest = ref.split(".")
        indices = [int(index) for index in rest] if all(map(str.isdecimal, rest)) else None
        match kind, indices:
            case "a", [layer, j]:
                return ElementName(ref, *self._activation(layer, j))
            case (("z" | "d" | "b"), [layer, j]):
                letters = {"d": "δ", "z": self.notation.net_input}
                return ElementName(ref, letters.get(kind, kind), *self._of_neuron(layer, j))
            case "w", [layer, i, j]:
                if self.numbered:
                    n_in = self.network.sizes[layer - 1]
                    return ElementName(ref, "w", self._place(self._first_weight[layer - 1] + j * n_in + i))
                return ElementName(ref, "w", self._pair(i, j), f"({layer})")
            case "t", [k]:
                return ElementName(
                    ref, self.notation.target, self._place(k) if self.network.outputs > 1 else ""
                )
            case "e", [k]:
                return ElementName(ref, "E", self._place(k))
            case "e", []:
                return ElementName(ref, "E")
            case "eb", []:
                return ElementName(ref, "L")
            case _:
                raise KeyError(ref)

    def _place(self, index: str | int) -> str:
        """Return an index as the notation counts it; a letter that runs stays."""
        return index if isinstance(index, str) else str(index + self.notation.base)

    def _pair(self, source: str | int, neuron: str | int) -> str:
        """Return a weight's two indices as one subscript, with a comma where digits would run together."""
        pair = [self._place(source), self._place(neuron)]
        if self.notation.weights == "ji":
            pair.reverse()
        return ("," if any(len(index) > 1 for index in pair) else "").join(pair)

    def _activation(self, layer: int, j: str | int) -> tuple[str, str, str]:
        place = self._place(j)
        if layer == 0:
            return self._input(j) if self.features and isinstance(j, int) else ("x", place, "")
        own = self.notation.output == "a"
        if layer == self.last:
            single = self.network.outputs == 1
            return self.notation.output_letter, "" if single else place, f"({layer})" if own else ""
        return "a" if own else "h", place, f"({layer})" if own or self.last > 2 else ""

    def _input(self, place: int) -> tuple[str, str, str]:
        """Return the name of an input that is a formula over the data's columns."""
        feature = self.features[place]
        columns = [self._place(column) for column in feature.columns]
        match feature.kind.name:
            case "square":
                return "x", columns[0], "2"
            case "product":
                return f"x{columns[0].translate(_LOWERED)}x", columns[1], ""
            case "sine":
                return "sin x", columns[0], ""
            case _:
                return "x", columns[0], ""

    def _of_neuron(self, layer: int, j: int) -> tuple[str, str]:
        """Return subscript and superscript of z, δ and b: numbered through, or by layer."""
        if self.numbered:
            return self._place(self._first_neuron[layer - 1] + j), ""
        return self._place(j), f"({layer})"

    def tex(self, ref: str) -> str:
        """Return the TeX of any reference; KeyError for one that is not in the module's table."""
        return self._tex[ref]

    def sym(self, ref: str) -> str:
        """Return the symbol of `ref` as the macro that the page lights up: \\sym{ref}{tex}."""
        return self._sym[ref]

    def running(self, kind: str, layer: int, *indices: str | int, ahead: bool = False) -> str:
        """Return the TeX of a quantity under a sum sign: an index is a letter that runs, or a place from 0.

        Of the numbered weights only those into one neuron are numbered in a row.
        """
        if kind == "a":
            base, sub, sup = self._activation(layer, indices[0])
        elif kind == "w" and self.numbered:
            before = self._first_weight[layer - 1] + int(indices[1]) * self.network.sizes[layer - 1]
            base, sub, sup = "w", f"{before}+{indices[0]}" if before else str(indices[0]), ""
        else:
            base, sub, sup = (
                kind,
                self._pair(*indices) if kind == "w" else self._place(indices[0]),
                f"({layer})",
            )
        name = f"\\tilde{{{letter_tex(base)}}}" if ahead else letter_tex(base)
        return f"{name}^{{{sup}}}_{{{sub}}}" if sup else f"{name}_{{{sub}}}"

    def sum_over(self, letter: str, count: int) -> str:
        """Return the sign of a sum over `count` places, as the notation counts them."""
        return f"\\sum_{{{letter}={self.notation.base}}}^{{{count - 1 + self.notation.base}}}"

    def _make(self, ref: str) -> str:
        if ref in self.symbols and not ref.startswith(("s.", "o.")):
            return self.symbols[ref]
        kind, *rest = ref.split(".")
        about = self._about.get(kind)
        return about(kind, rest) if about else self.element(ref).tex

    def _of(self, kind: str, rest: list[str]) -> str:
        return self.tex(".".join((kind, *rest)))

    def _row(self, row: str) -> str:
        return f"E^{{({int(row) + 1})}}"

    def _product(self, kind: str, rest: list[str]) -> str:
        layer, i, _ = rest
        return f"{self._of(self._weight, rest)}\\,{self.tex(f'a.{int(layer) - 1}.{i}')}"

    def _contribution(self, kind: str, rest: list[str]) -> str:
        layer, j, k = rest
        if int(layer) == self.last:  # softmax: each output answers to every net input
            return f"{self.tex(f'up.{layer}.{k}')}\\cdot {self.tex(f'loc.{layer}.{k}.{j}')}"
        weight = self._of(self._weight, [str(int(layer) + 1), j, k])
        return f"{self.tex(f'd.{int(layer) + 1}.{k}')}\\,{weight}"

    def _local(self, kind: str, rest: list[str]) -> str:
        layer, i, j = rest[0], rest[1], rest[-1]
        return _partial(self.tex(f"a.{layer}.{i}"), self.tex(f"z.{layer}.{j}"))

    def _gradient(self, kind: str, rest: list[str]) -> str:
        return _partial({"g": "E", "G": "L", "J": "J"}[kind[0]], self._of(kind[1], rest))

    def _clipped(self, kind: str, rest: list[str]) -> str:
        return f"\\hat g_{{{self._of(kind[1], rest)}}}"

    def _function_value(self, kind: str, rest: list[str]) -> str:
        return f"{self.symbols.get(f'fn.{rest[0]}', 'f')}({self._of('z', rest)})"

    def _ahead(self, kind: str, rest: list[str]) -> str:
        name = self.element(".".join((kind, *rest)))
        return ElementName(name.id, f"\\tilde{{{name.base}}}", name.sub, name.sup).tex

    def _optimizer_quantity(self, kind: str, rest: list[str]) -> str:
        symbol = self.symbols[f"{kind[0]}.{rest[0]}"]
        if "+" in symbol:
            symbol = f"\\left({symbol}\\right)"
        return f"{symbol}_{{{self._of(rest[1], rest[2:])}}}"


def tex(network: NetworkSpec, ref: str) -> str:
    """Return the TeX of the element `ref` of `network` (use Names where several are wanted)."""
    return Names(network).tex(ref)
