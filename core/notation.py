"""Notations: how quantities are written. They change words, symbols and signs, never a number.

A `Notation` is a choice for each of `FIELDS`; `NOTATIONS` has the ready ones, after the documents that use
them. `resolve` makes one from a preset's name and single choices.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING

from core.errors import InvalidInputError
from core.registry import Label, Registry

if TYPE_CHECKING:
    from core.network import LossSpec

_TEX = {
    **{"δ": "\\delta", "ŷ": "\\hat{y}", "net": "\\mathit{net}"},
    **{"eta": "\\eta", "alpha": "\\alpha"},
    **{"sigma": "\\sigma", "phi": "\\varphi", "f": "f", "sigmoid": "\\operatorname{sigmoid}"},
}
# Output minus target in a loss's template; what stands between them is the sum of a softmax's targets.
_DIFFERENCE = re.compile(r"<a>(\\cdot \((?:[^()]|<[^>]*>)*\))?-<t>")


def letter_tex(letter: str) -> str:
    """Return a letter of a name, or a choice of a field, as TeX."""
    return _TEX.get(letter, letter)


@dataclass(frozen=True)
class Choice:
    """One way to write something; `tex` shows it where it is a formula ("" where words are enough)."""

    name: str
    label: Label
    tex: str = ""


@dataclass(frozen=True)
class Field:
    """Something that is written differently in different books."""

    name: str
    label: Label
    choices: tuple[Choice, ...]


def _formulas(**choices: str) -> tuple[Choice, ...]:
    return tuple(Choice(name.lstrip("_"), Label(tex, tex), tex) for name, tex in choices.items())


FIELDS: tuple[Field, ...] = (
    Field(
        "weights",
        Label("Weights", "가중치"),
        (
            Choice("auto", Label("by size", "크기에 따라"), "w_5,\\;w^{(2)}_{ij}"),
            Choice("numbered", Label("numbered through", "차례로 번호"), "w_1,w_2,\\dots"),
            Choice("ij", Label("from i to j", "앞 뉴런 i 먼저"), "w^{(l)}_{ij}"),
            Choice("ji", Label("into j from i", "뒤 뉴런 j 먼저"), "w^{(l)}_{ji}"),
        ),
    ),
    Field(
        "index_base",
        Label("First index", "첫 번호"),
        (
            Choice("1", Label("1", "1"), "x_1,x_2"),
            Choice("0", Label("0", "0"), "x_0,x_1"),
        ),
    ),
    Field("output", Label("Output", "출력"), _formulas(o="o", y="y", yhat="\\hat{y}", a="a")),
    Field("target", Label("Target", "목푯값"), _formulas(t="t", y="y")),
    Field(
        "net_input", Label("Net input", "가중합"), _formulas(z="z", net="\\mathit{net}", s="s", u="u", a="a")
    ),
    Field(
        "activation",
        Label("Sigmoid function", "시그모이드 함수"),
        _formulas(sigma="\\sigma", phi="\\varphi", f="f", sigmoid="\\operatorname{sigmoid}"),
    ),
    Field("rate", Label("Learning rate", "학습률"), _formulas(eta="\\eta", alpha="\\alpha")),
    Field(
        "difference",
        Label("Error of an output", "출력의 오차"),
        (
            Choice("auto", Label("as derived", "미분한 그대로"), "(t-o)^2\\to o-t"),
            Choice("output_minus_target", Label("output − target", "출력 − 목푯값"), "(o-t)^2\\to o-t"),
            Choice("target_minus_output", Label("target − output", "목푯값 − 출력"), "(t-o)^2\\to -(t-o)"),
        ),
    ),
    Field(
        "orientation",
        Label("Weight matrix", "가중치 행렬"),
        (
            Choice("in_out", Label("inputs × neurons", "입력 × 뉴런"), "z=aW+b"),
            Choice("out_in", Label("neurons × inputs", "뉴런 × 입력"), "z=Wa+b"),
        ),
    ),
)
_CHOICES = {field.name: [choice.name for choice in field.choices] for field in FIELDS}


@dataclass(frozen=True)
class Notation:
    """A choice for each of FIELDS; the defaults are the page's own.

    Raises InvalidInputError: "not-a-choice" (`choices`), or where one letter would mean two things,
    "notation-target" and "notation-net-input".
    """

    weights: str = "auto"
    index_base: str = "1"
    output: str = "o"
    target: str = "t"
    net_input: str = "z"
    activation: str = "sigma"
    rate: str = "eta"
    difference: str = "auto"
    orientation: str = "in_out"

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if value not in _CHOICES[name]:
                raise InvalidInputError(code="not-a-choice", pointer=f"/{name}", choices=_CHOICES[name])
        if self.output == self.target:
            raise InvalidInputError(code="notation-target", pointer="/target", letter=self.target)
        if self.output == self.net_input:
            raise InvalidInputError(code="notation-net-input", pointer="/net_input", letter=self.net_input)

    @property
    def base(self) -> int:
        """What the first of several is counted as: 1 or 0."""
        return int(self.index_base)

    @property
    def output_letter(self) -> str:
        """The letter of the outputs as a character."""
        return "ŷ" if self.output == "yhat" else self.output

    @property
    def transposed(self) -> bool:
        """Whether a weight matrix has a row for every neuron instead of one for every input."""
        return self.orientation == "out_in"

    @property
    def vector(self) -> str:
        """The letter of a layer's activations in formulas of whole layers."""
        return "h" if self.net_input == "a" else "a"

    @property
    def slope(self) -> str:
        """The letter of any activation function in formulas of whole layers."""
        return "\\varphi" if self.activation == "phi" else "f"

    def function(self, name: str, tex: str) -> str:
        """Return the TeX of an activation function; `tex` is its entry's."""
        return letter_tex(self.activation) if name == "sigmoid" else tex

    def signed(self, template: str) -> str:
        """Return a loss's template with the difference of output and target the way round that is wanted."""
        if self.difference == "output_minus_target":
            return template.replace("(<t>-<a>)^{2}", "(<a>-<t>)^{2}")
        if self.difference == "auto" or not _DIFFERENCE.search(template):
            return template
        turned = _DIFFERENCE.sub(lambda match: f"<t>-<a>{match[1] or ''}", template)
        # A bare difference needs parentheses; elsewhere it is a factor, whose sign goes to the front.
        return f"-({turned})" if _DIFFERENCE.fullmatch(template) else f"-{turned}"

    def letters(self, tex: str) -> str:
        """Return TeX in the letters o, t and z of the registries, each with an index, in those of here."""
        if self.difference == "output_minus_target":
            tex = tex.replace("(t_k-o_k)^2", "(o_k-t_k)^2")
        mine = {"o": self.output_letter, "t": self.target, "z": self.net_input}
        return re.sub(r"(?<![A-Za-z\\])([otz])_([kmn])\b", lambda m: f"{letter_tex(mine[m[1]])}_{m[2]}", tex)

    def optimizer(self, tex: str) -> str:
        """Return an optimizer's TeX with the learning rate's letter of here."""
        return tex.replace("\\eta", letter_tex(self.rate))

    def loss(self, spec: LossSpec, tex: str, forms: Mapping[tuple[float, str, str], str]) -> str:
        """Return the loss in this notation: its named form's TeX, else the entry's own `tex`."""
        return self.letters(forms.get((spec.coefficient, spec.outputs, spec.batch), tex))


@dataclass(frozen=True)
class NotationPreset:
    """A ready notation. `losses` names the forms of the squared error that its document uses, if any."""

    name: str
    label: Label
    description: Label
    source: Label
    notation: Notation
    losses: tuple[str, ...] = ()


NOTATIONS: Registry[NotationPreset] = Registry("notation")
DEFAULT = Notation()


def resolve(name: str = "deltaboard", choices: Mapping[str, str] | None = None) -> Notation:
    """Return the notation called `name` with single `choices` instead of its own.

    Raises UnknownNameError (pointer "/notation") for a preset or a field that does not exist, else what
    Notation raises.
    """
    preset = NOTATIONS.get(name, "/notation").notation
    known = {field.name for field in fields(Notation)}
    for field in choices or {}:
        if field not in known:
            raise InvalidInputError(code="unknown-name", pointer=f"/{field}", choices=sorted(known))
    return replace(preset, **(choices or {}))


def name_of(notation: Notation) -> str | None:
    """Return the preset that has these very choices, None if there is none."""
    return next((preset.name for preset in NOTATIONS if preset.notation == notation), None)


for _preset in (
    NotationPreset(
        "deltaboard",
        Label("Deltaboard", "Deltaboard"),
        Label(
            "Small networks number their weights, larger ones show layers.",
            "작은 신경망은 가중치에 차례로 번호를 붙이고, 큰 신경망은 층을 함께 적습니다.",
        ),
        Label("This page's own.", "이 페이지의 기본 표기입니다."),
        DEFAULT,
    ),
    NotationPreset(
        "worked_example",
        Label("Worked example (w₁…w₈, o, t)", "손계산 예제(w₁…w₈, o, t)"),
        Label(
            "Weights numbered through, −(target − output), learning rate α.",
            "가중치에 차례로 번호를 붙이고 −(목푯값 − 출력) 꼴로 적으며 학습률은 α입니다.",
        ),
        Label("The calculation of the 2-2-2 network.", "2-2-2 신경망의 손계산에 쓰인 표기입니다."),
        Notation("numbered", activation="sigmoid", rate="alpha", difference="target_minus_output"),
        ("half_sse",),
    ),
    NotationPreset(
        "net_inputs",
        Label("Derivation (wᵢⱼ, net, φ)", "유도 과정(wᵢⱼ, net, φ)"),
        Label(
            "Weights from i to j, net inputs net, activation function φ, error o − t.",
            "가중치 첨자는 출발하는 뉴런이 앞에 오고, 가중합 net, 활성화 함수 φ, 오차 o − t 꼴로 적습니다.",
        ),
        Label(
            "The slides that derive the chain rule for a multilayer perceptron.",
            "다층 퍼셉트론의 연쇄법칙을 유도하는 강의 자료의 표기입니다.",
        ),
        Notation("ij", net_input="net", activation="phi", orientation="out_in"),
        ("half_sse",),
    ),
    NotationPreset(
        "matrix_notes",
        Label("Matrix notes (X·W + B, y, t)", "행렬 강의 노트(X·W + B, y, t)"),
        Label(
            "Net inputs a, outputs y, targets t, error y − t; the target neuron's index comes first.",
            "가중합 a, 출력 y, 목푯값 t, 오차 y − t 꼴로 적고, 가중치 첨자는 도착하는 뉴런이 앞에 옵니다.",
        ),
        Label(
            "The notes that compute layers as X·W + B.", "층을 X·W + B 꼴로 계산하는 강의 노트의 표기입니다."
        ),
        Notation("ji", output="y", net_input="a", difference="output_minus_target"),
        ("half_sse", "mse"),
    ),
    NotationPreset(
        "numpy",
        Label("numpy (indices from 0)", "numpy(0부터 세기)"),
        Label(
            "Places in the arrays: a⁽ˡ⁾ is what layer l holds, y the target, f the activation function.",
            "배열의 자리 번호 그대로 적습니다. a⁽ˡ⁾: l번째 층의 값, y: 목푯값, f: 활성화 함수.",
        ),
        Label("The numpy program that learns XOR.", "XOR 문제를 학습하는 numpy 프로그램의 표기입니다."),
        Notation("ij", "0", "a", "y", "net", "f", difference="output_minus_target"),
        ("half_sse",),
    ),
    NotationPreset(
        "column_vectors",
        Label("Column vectors (z = Wx)", "열벡터(z = Wx)"),
        Label(
            "A row of W for every neuron; the target neuron's index comes first.",
            "W의 행 하나가 뉴런 하나이며, 가중치 첨자는 도착하는 뉴런이 앞에 옵니다.",
        ),
        Label(
            "The slides on gradients of matrices, which name no loss.",
            "행렬의 기울기를 다룬 강의 자료의 표기이며, 손실 함수는 나오지 않습니다.",
        ),
        Notation("ji", orientation="out_in"),
    ),
):
    NOTATIONS.add(_preset)
