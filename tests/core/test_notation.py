"""Notations change how things are written, never a number."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.activations import ACTIVATIONS
from core.errors import InvalidInputError, UnknownNameError
from core.losses import LOSSES
from core.microsteps import Line, MicroSteps, microsteps
from core.naming import Names, elements
from core.network import LayerSpec, LossSpec, NetworkSpec
from core.notation import DEFAULT, FIELDS, NOTATIONS, Notation, name_of, resolve
from core.optimizers import OPTIMIZERS
from core.propagation import explain
from tests.core.strategies import begin
from tests.core.test_microsteps import BIASES, FORMS, all_lines, make, replay, well_formed

CHOICES = {field.name: [choice.name for choice in field.choices] for field in FIELDS}
SYMBOL = re.compile(r"\\sym\{[^{}]*\}\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}")
SINGLE = [
    replace(DEFAULT, **{"output": "o", "net_input": "z", name: value})
    for name, values in CHOICES.items()
    for value in values
]
READY = [preset.notation for preset in NOTATIONS]
EXAMPLE = NetworkSpec(2, (LayerSpec(2, "sigmoid"), LayerSpec(2, "sigmoid")))


def possible(choices: dict[str, str]) -> bool:
    return choices["output"] not in (choices["target"], choices["net_input"])


ANY = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in CHOICES.items()})


def plain(tex: str) -> str:
    while SYMBOL.search(tex):
        tex = SYMBOL.sub(r"\1", tex)
    return tex


def numbers(told: MicroSteps) -> list[object]:
    """Everything but the TeX of symbols: ids, references, sentences and every number."""
    return [
        (
            step.id,
            step.phase,
            step.group,
            step.focus,
            set(step.uses),  # in the order in which they are written
            step.produces,
            step.title,
            [
                (
                    *(
                        line.id,
                        line.kind,
                        line.sentence,
                        line.refs,
                        line.badge,
                        line.result_ref,
                        set(line.uses),
                    ),
                    line.result.hex(),
                    {ref: value.hex() for ref, value in line.values.items()},
                    [(part.substitution, part.result.hex()) for part in line.parts],
                )
                for line in step.lines
            ],
        )
        for step in told.microsteps
    ]


@settings(deadline=None, max_examples=40)
@given(
    choices=ANY.filter(possible),
    seed=st.integers(0, 10**6),
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=4),
    hidden=st.sampled_from([entry.name for entry in ACTIVATIONS if not entry.output_only]),
    form=st.sampled_from(FORMS),
    optimizer=st.sampled_from(OPTIMIZERS.names()),
    bias=st.sampled_from(BIASES),
    batch=st.integers(1, 3),
)
def test_no_number_depends_on_the_notation(
    choices: dict[str, str],
    seed: int,
    sizes: list[int],
    hidden: str,
    form: tuple[str, object],
    optimizer: str,
    bias: str,
    batch: int,
) -> None:
    name, kind = form
    spec = LossSpec(name, kind.coefficient, kind.outputs, kind.batch)  # type: ignore[attr-defined]
    output = min(LOSSES.get(name).accepts or {hidden})
    problem, trace = make(tuple(sizes), hidden, output, spec, optimizer, bias, batch, seed)  # type: ignore[arg-type]
    notation = Notation(**choices)
    for granularity in ("term", "neuron", "layer", "phase"):
        told = microsteps(problem, trace, 0, granularity, None, notation)
        usual = microsteps(problem, trace, 0, granularity)
        assert numbers(told) == numbers(usual)
        well_formed(problem, told)
        replay(told)


@pytest.mark.parametrize("notation", SINGLE + READY, ids=str)
@pytest.mark.parametrize(("name", "form"), FORMS, ids=[form.name for _, form in FORMS])
def test_every_loss_keeps_its_arithmetic(name: str, form: object, notation: Notation) -> None:
    spec = LossSpec(name, form.coefficient, form.outputs, form.batch)  # type: ignore[attr-defined]
    for output in sorted(LOSSES.get(name).accepts or {"sigmoid"}):
        problem, trace = make((2, 2, 3), output=output, loss=spec, batch=2)
        told = microsteps(problem, trace, 1, "neuron", None, notation)
        replay(told)
        assert numbers(told) == numbers(microsteps(problem, trace, 1))


def test_a_softmax_whose_targets_are_no_distribution_keeps_its_arithmetic() -> None:
    problem, trace = make((2, 3), output="softmax", loss=LossSpec("categorical_cross_entropy", 1.0))
    targets = trace.targets.copy()
    targets[0] = [0.2, 0.3, 0.1]
    problem = replace(problem, data=replace(problem.data, targets=targets))
    trace = explain(problem, begin(problem, trace.before))
    told = microsteps(problem, trace, 0, notation=Notation(difference="target_minus_output"))
    replay(told)
    fused = next(line for line in all_lines(told) if line.id.endswith("fused"))
    assert fused.substitution.startswith("-(\\val{t.0}-\\val{a.1.0}\\times (")


@pytest.mark.parametrize(
    "sizes", [(2, 2, 2), (1, 1), (2, 3, 2, 1), (3, 12, 12, 4), (20, 1), (2, 12, 1)], ids=str
)
def test_names_are_unique_in_every_notation(sizes: tuple[int, ...]) -> None:
    network = NetworkSpec(sizes[0], tuple(LayerSpec(units) for units in sizes[1:]))
    naming = ("weights", "index_base", "output", "target", "net_input")
    for values in product(*(CHOICES[name] for name in naming)):
        choices = {**DEFAULT.__dict__, **dict(zip(naming, values, strict=True))}
        if not possible(choices):
            continue
        found = elements(network, notation=Notation(**choices))
        assert len({name.tex for name in found}) == len(found), choices
        assert len({(name.base, name.sub, name.sup) for name in found}) == len(found), choices


def test_alpha_names_one_thing_only() -> None:
    problem, trace = make(hidden="elu")
    told = microsteps(problem, trace, 0, notation=Notation(rate="alpha"))
    used = {
        ref: tex
        for text in _texts(told)
        for ref, tex in re.findall(r"\\sym\{([^{}]*)\}\{([^{}]*(?:\{[^{}]*\})*)\}", text)
    }
    assert (used["eta"], used["ap.1.alpha"]) == ("\\alpha", "\\alpha^{(1)}")


def _texts(told: MicroSteps) -> list[str]:
    return [text for line in all_lines(told) for text in (line.symbol, line.formula)]


EXPECTED = {
    "worked_example": [
        *("w_{1}\\,x_{1}+w_{2}\\,x_{2}", "\\operatorname{sigmoid}(z_{3})=\\frac{1}{1+e^{-z_{3}}}"),
        *("-(t_{1}-o_{1})", "w_{5}-\\alpha\\cdot \\frac{\\partial E}{\\partial w_{5}}"),
    ],
    "net_inputs": [
        *("w^{(1)}_{11}\\,x_{1}+w^{(1)}_{21}\\,x_{2}",),
        "\\varphi(\\mathit{net}^{(2)}_{1})=\\frac{1}{1+e^{-\\mathit{net}^{(2)}_{1}}}",
        *("o_{1}-t_{1}", "w^{(2)}_{11}-\\eta\\cdot \\frac{\\partial E}{\\partial w^{(2)}_{11}}"),
    ],
    "matrix_notes": [
        *("w^{(1)}_{11}\\,x_{1}+w^{(1)}_{12}\\,x_{2}", "\\sigma(a^{(2)}_{1})=\\frac{1}{1+e^{-a^{(2)}_{1}}}"),
        *("y_{1}-t_{1}", "w^{(2)}_{11}-\\eta\\cdot \\frac{\\partial E}{\\partial w^{(2)}_{11}}"),
    ],
    "numpy": [
        *("w^{(1)}_{00}\\,x_{0}+w^{(1)}_{10}\\,x_{1}",),
        "f(\\mathit{net}^{(2)}_{0})=\\frac{1}{1+e^{-\\mathit{net}^{(2)}_{0}}}",
        *("a^{(2)}_{0}-y_{0}", "w^{(2)}_{00}-\\eta\\cdot \\frac{\\partial E}{\\partial w^{(2)}_{00}}"),
    ],
}


def example(notation: Notation, granularity: str = "neuron") -> MicroSteps:
    problem, trace = make((2, 2, 2), "sigmoid", "sigmoid", bias="absent")
    return microsteps(problem, trace, 0, granularity, None, notation)  # type: ignore[arg-type]


@pytest.mark.parametrize("preset", EXPECTED)
def test_a_ready_notation_writes_as_its_document(preset: str) -> None:
    lines: dict[str, Line] = {line.result_ref: line for line in all_lines(example(resolve(preset)))}
    found = [plain(lines[ref].formula) for ref in ("z.1.0", "a.2.0", "up.2.0", "nw.2.0.0")]
    assert found == EXPECTED[preset]


def test_the_worked_example_is_numbered_as_printed() -> None:
    names = Names(EXAMPLE, notation=resolve("worked_example"))
    order = ["1.0.0", "1.1.0", "1.0.1", "1.1.1", "2.0.0", "2.1.0", "2.0.1", "2.1.1"]
    assert [names.tex(f"w.{place}") for place in order] == [f"w_{{{k}}}" for k in range(1, 9)]
    assert [names.tex(ref) for ref in ("z.1.0", "z.2.1", "a.1.1", "a.2.0", "t.1", "eta")] == [
        *("z_{1}", "z_{4}", "h_{2}", "o_{1}", "t_{2}", "\\alpha")
    ]


@pytest.mark.parametrize(
    ("preset", "forward", "backward"),
    [
        (
            "deltaboard",
            "z^{(2)}=a^{(1)}W^{(2)},",
            "\\left(\\delta^{(2)}W^{(2)\\top}\\right)\\odot f'(z^{(1)})",
        ),
        (
            "net_inputs",
            "\\mathit{net}^{(2)}=W^{(2)}a^{(1)},",
            "\\left(W^{(2)\\top}\\delta^{(2)}\\right)\\odot \\varphi'(\\mathit{net}^{(1)})",
        ),
        (
            "matrix_notes",
            "a^{(2)}=h^{(1)}W^{(2)},",
            "\\left(\\delta^{(2)}W^{(2)\\top}\\right)\\odot f'(a^{(1)})",
        ),
        (
            "column_vectors",
            "z^{(2)}=W^{(2)}a^{(1)},",
            "\\left(W^{(2)\\top}\\delta^{(2)}\\right)\\odot f'(z^{(1)})",
        ),
    ],
)
def test_whole_layers_as_matrices(preset: str, forward: str, backward: str) -> None:
    headlines = {step.id: step.headline for step in example(resolve(preset), "layer").microsteps}
    assert headlines["forward/2"].startswith(forward)
    assert backward in headlines["backward/1"]
    transposed = resolve(preset).transposed
    vector = resolve(preset).vector
    gradient = (
        f"\\delta^{{(1)}}{vector}^{{(0)\\top}}" if transposed else f"{vector}^{{(0)\\top}}\\delta^{{(1)}}"
    )
    assert headlines["backward/1"].endswith(f"={gradient}")


def test_the_difference_three_ways() -> None:
    written = {}
    for way in CHOICES["difference"]:
        lines = {line.result_ref: line for line in all_lines(example(Notation(difference=way)))}
        written[way] = [plain(lines[ref].formula) for ref in ("e.0", "up.2.0")]
    assert written == {
        "auto": ["\\frac{1}{2}\\,(t_{1}-o_{1})^{2}", "o_{1}-t_{1}"],
        "output_minus_target": ["\\frac{1}{2}\\,(o_{1}-t_{1})^{2}", "o_{1}-t_{1}"],
        "target_minus_output": ["\\frac{1}{2}\\,(t_{1}-o_{1})^{2}", "-(t_{1}-o_{1})"],
    }


def test_long_sums_count_as_the_notation_does() -> None:
    problem, trace = make((20, 16, 15))
    lines = {
        line.result_ref: line
        for line in all_lines(microsteps(problem, trace, 0, notation=Notation("ji", index_base="0")))
    }
    assert plain(lines["z.1.2"].formula) == "\\sum_{i=0}^{19}w^{(1)}_{2i}\\,x_{i}+b^{(1)}_{2}"
    numbered = all_lines(microsteps(problem, trace, 0, notation=Notation("numbered")))
    formulas = {line.result_ref: plain(line.formula) for line in numbered}
    assert formulas["z.1.0"] == "\\sum_{i=1}^{20}w_{i}\\,x_{i}+b_{1}"
    assert formulas["z.1.2"] == "\\sum_{i=1}^{20}w_{40+i}\\,x_{i}+b_{3}"


def test_choices_that_cannot_be() -> None:
    with pytest.raises(UnknownNameError) as unknown:
        resolve("nobody")
    assert unknown.value.params["choices"] == NOTATIONS.names()
    for choices, code, pointer in [
        ({"rate": "nu"}, "not-a-choice", "/rate"),
        ({"output": "y", "target": "y"}, "notation-target", "/target"),
        ({"output": "a", "net_input": "a"}, "notation-net-input", "/net_input"),
        ({"nothing": "x"}, "unknown-name", "/nothing"),
    ]:
        with pytest.raises(InvalidInputError) as refused:
            resolve("deltaboard", choices)
        assert (refused.value.code, refused.value.pointer) == (code, pointer)


def test_a_ready_notation_is_found_by_its_choices() -> None:
    assert [name_of(preset.notation) for preset in NOTATIONS] == NOTATIONS.names()
    assert name_of(resolve("numpy", {"rate": "alpha"})) is None
    assert name_of(resolve("numpy", {"rate": "eta"})) == "numpy"
    forms = {form.name for form in LOSSES.get("squared_error").forms}
    assert all(set(preset.losses) <= forms for preset in NOTATIONS)


def test_the_loss_in_its_letters() -> None:
    entry = LOSSES.get("squared_error")
    forms = {(form.coefficient, form.outputs, form.batch): form.tex for form in entry.forms}
    half = LossSpec("squared_error", 0.5, "sum", "sum")
    assert resolve("matrix_notes").loss(half, entry.tex, forms) == "\\tfrac{1}{2}\\sum_k (y_k-t_k)^2"
    assert Notation(output="yhat", target="y").loss(half, entry.tex, forms).endswith("(y_k-\\hat{y}_k)^2")
