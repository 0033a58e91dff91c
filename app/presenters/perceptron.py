"""The perceptron lab: a request into the core's terms, and its records as the reply."""

from __future__ import annotations

import json
import math
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from app.presenters.lab import present_explanation
from app.presenters.numbers import Numbers, below
from app.schemas.base import Text
from app.schemas.perceptron import (
    ComposedGateReply,
    CompositionReply,
    CompositionRequest,
    ConditionReply,
    ContradictionReply,
    CycleReply,
    DividingLineReply,
    LearningEpochReply,
    LearningRuleReply,
    LineInput,
    MultiplierReply,
    NeuronInput,
    NeuronReply,
    NeuronStateReply,
    PerceptronReply,
    PerceptronRequest,
    SamplesInput,
    SeparabilityReply,
    TruthRowReply,
    WeightPathReply,
    WidestReply,
    WindowReply,
)
from core.errors import InvalidInputError
from core.lab import Explanation
from core.perceptron import (
    RULES,
    TABLES,
    Line,
    Neuron,
    Path,
    Samples,
    Separability,
    Setting,
    Window,
    compose,
    line_of,
    most_corrections,
    moved,
    network_body,
    own_samples,
    run,
    separability,
    through,
    window_of,
)
from core.perceptron import composition as composing
from core.perceptron import conditions as demands
from core.perceptron.telling import told


def setting_of(body: PerceptronRequest) -> Setting:
    """Return what is to be learnt; InvalidInputError for what does not fit, with a pointer into the body."""
    start = Neuron((body.weights[0], body.weights[1]), body.bias)
    return Setting(
        RULES.get(body.rule, "/rule"),
        _samples(body.data),
        start if body.line is None else _dragged(start, body.line),
        body.learning_rate,
        body.epochs,
    )


def _samples(data: SamplesInput) -> Samples:
    if data.name is not None and data.inputs is None and data.classes is None:
        return TABLES.get(data.name, "/data/name").samples
    if data.name is not None or data.inputs is None or data.classes is None:
        raise InvalidInputError(code="samples-form", pointer="/data")
    return own_samples(data.inputs, data.classes)


def _dragged(start: Neuron, line: LineInput) -> Neuron:
    if line.move is not None and line.through is None:
        return moved(start, (line.move[0], line.move[1]))
    if line.move is not None or line.through is None:
        raise InvalidInputError(code="line-form", pointer="/line")
    (p1, p2), (q1, q2) = line.through
    return through(start, [(p1, p2), (q1, q2)])


def _iteration(body: PerceptronRequest) -> tuple[Setting, Path, int]:
    """Return the setting, its path and the iteration that is told: the last one where `at` is beyond it."""
    setting = setting_of(body)
    path = run(setting)
    return setting, path, min(body.at, len(path.visits) - 1)


def explanation_of(body: PerceptronRequest) -> Explanation:
    """Return the iteration that is asked for, told."""
    setting, path, at = _iteration(body)
    return told(setting, path, at)


def present_perceptron(body: PerceptronRequest) -> PerceptronReply:
    """Return the path of learning, the state around one iteration, and whether a line can do it at all."""
    setting, path, at = _iteration(body)
    samples, window, numbers = setting.samples, window_of(setting.samples), Numbers()
    visit = path.visits[at]
    told_now = present_explanation(told(setting, path, at), body.granularity)
    found = separability(samples)
    most = None
    if found.widest and not setting.rule.loss:
        most = most_corrections(samples, setting.start, setting.learning_rate, found.widest)
    proof = _separability(setting, path, at, found, window, numbers)
    return PerceptronReply(
        request=PerceptronRequest(
            granularity=body.granularity,
            data=body.data,
            rule=body.rule,
            weights=list(setting.start.weights),
            bias=setting.start.bias,
            learning_rate=body.learning_rate,
            epochs=body.epochs,
            at=at,
        ),
        at=at,
        last=len(path.visits) - 1,
        epoch=1 + at // len(samples),
        sample=visit.sample,
        rule=LearningRuleReply(
            name=setting.rule.name,
            label=Text(en=setting.rule.label.en, ko=setting.rule.label.ko),
            tex=setting.rule.tex,
            targets=list(setting.rule.targets),
            source=setting.rule.source,
        ),
        inputs=[list(row) for row in samples.inputs],
        classes=list(samples.classes),
        window=_window(window),
        before=_state(setting, path, at, window, numbers, "/before"),
        after=_state(setting, path, at + 1, window, numbers, "/after"),
        path=_path(path, numbers),
        epochs=[
            LearningEpochReply(
                number=epoch.number,
                first=epoch.first,
                corrections=epoch.corrections,
                neuron=_neuron(epoch.neuron, numbers, f"/epochs/{place}/neuron"),
                line=_line(line_of(epoch.neuron, window)),
                wrong=list(epoch.wrong),
                loss=None if epoch.loss is None else numbers.number(epoch.loss, f"/epochs/{place}/loss"),
            )
            for place, epoch in enumerate(path.epochs)
        ],
        outcome=path.outcome,
        cycle=path.cycle
        and CycleReply(first=path.cycle.first, again=path.cycle.again, period=path.cycle.period),
        corrections=path.corrections,
        most_corrections=most,
        separability=proof,
        explanation=told_now,
        nonfinite={
            **numbers.nonfinite,
            **dict(below("/explanation", told_now.nonfinite)),
            **dict(below("/separability/explanation", proof.explanation.nonfinite)),
        },
    )


def _separability(
    setting: Setting, path: Path, at: int, found: Separability, window: Window, numbers: Numbers
) -> SeparabilityReply:
    samples, net_inputs = setting.samples, path.net_inputs(at)
    widest, contradiction = found.widest, found.contradiction
    return SeparabilityReply(
        separable=widest is not None,
        widest=widest
        and WidestReply(
            neuron=_neuron(widest.neuron, numbers, ""),
            line=_line(line_of(widest.neuron, window)),
            margin=widest.margin if math.isfinite(widest.margin) else None,
            support=list(widest.support),
        ),
        contradiction=contradiction
        and ContradictionReply(
            ones=[MultiplierReply(sample=place, times=times) for place, times in contradiction.ones],
            zeros=[MultiplierReply(sample=place, times=times) for place, times in contradiction.zeros],
            total=list(contradiction.total),
        ),
        conditions=[
            ConditionReply(
                sample=condition.sample,
                ref=condition.ref,
                relation=">=" if condition.at_least_zero else "<",
                net_input=numbers.number(condition.net_input, f"/separability/conditions/{index}/net_input"),
                holds=condition.holds,
            )
            for index, condition in enumerate(demands.conditions(samples, net_inputs))
        ],
        explanation=present_explanation(
            demands.told(samples, path.neurons[at], net_inputs, contradiction), "term"
        ),
    )


def _state(
    setting: Setting, path: Path, place: int, window: Window, numbers: Numbers, pointer: str
) -> NeuronStateReply:
    neuron, net_inputs = path.neurons[place], path.net_inputs(place)
    classes = setting.samples.classes
    return NeuronStateReply(
        neuron=_neuron(neuron, numbers, f"{pointer}/neuron"),
        line=_line(line_of(neuron, window)),
        net_inputs=[
            numbers.number(float(z), f"{pointer}/net_inputs/{index}") for index, z in enumerate(net_inputs)
        ],
        outputs=[int(z >= 0) for z in net_inputs],
        right=[(z >= 0) == (label == 1) for z, label in zip(net_inputs, classes, strict=True)],
    )


def _path(path: Path, numbers: Numbers) -> WeightPathReply:
    def listed(values: Sequence[float], pointer: str) -> list[float | None]:
        return [numbers.number(value, f"/path/{pointer}/{index}") for index, value in enumerate(values)]

    return WeightPathReply(
        weights=[listed(neuron.weights, f"weights/{index}") for index, neuron in enumerate(path.neurons)],
        biases=listed([neuron.bias for neuron in path.neurons], "biases"),
        samples=[visit.sample for visit in path.visits],
        net_inputs=listed([visit.net_input for visit in path.visits], "net_inputs"),
        outputs=[visit.output for visit in path.visits],
        errors=listed([visit.error for visit in path.visits], "errors"),
        changed=[visit.changed for visit in path.visits],
    )


def _neuron(neuron: Neuron, numbers: Numbers, pointer: str) -> NeuronReply:
    return NeuronReply(
        weights=[
            numbers.number(weight, f"{pointer}/weights/{index}")
            for index, weight in enumerate(neuron.weights)
        ],
        bias=numbers.number(neuron.bias, f"{pointer}/bias"),
    )


def _line(line: Line) -> DividingLineReply:
    return DividingLineReply(
        ends=line.ends and [list(point) for point in line.ends],
        arrow=line.arrow and [list(point) for point in line.arrow],
        positive=[list(point) for point in line.positive],
        distance=line.distance,
    )


def _window(window: Window) -> WindowReply:
    return WindowReply(x1=list(window.x1), x2=list(window.x2))


def _three(body: CompositionRequest) -> tuple[Neuron, Neuron, Neuron]:
    def neuron(given: NeuronInput) -> Neuron:
        return Neuron((given.weights[0], given.weights[1]), given.bias)

    return neuron(body.nand), neuron(body.or_), neuron(body.and_)


def composition_explanation(body: CompositionRequest) -> Explanation:
    """Return the row that is asked for, told through the network of NAND, OR and AND."""
    return composing.told(_three(body), body.at)


def present_composition(body: CompositionRequest) -> CompositionReply:
    """Return XOR from three neurons over all four rows, and one row told."""
    neurons, numbers = _three(body), Numbers()
    found = compose(neurons)
    explanation = present_explanation(composition_explanation(body), body.granularity)
    session = network_body(neurons)
    return CompositionReply(
        request=CompositionRequest.model_validate(
            {
                "granularity": body.granularity,
                "nand": body.nand,
                "or": body.or_,
                "and": body.and_,
                "at": body.at,
            }
        ),
        at=body.at,
        last=len(found.rows) - 1,
        window=_window(found.window),
        gates=[
            ComposedGateReply(
                name=gate.name,
                label=Text(en=TABLES.get(gate.name).label.en, ko=TABLES.get(gate.name).label.ko),
                neuron=_neuron(gate.neuron, numbers, ""),
                line=_line(gate.line),
                makes=list(gate.makes),
                right=gate.right,
            )
            for gate in found.gates
        ],
        rows=[
            TruthRowReply(
                inputs=list(row.inputs),
                net_inputs=list(row.net_inputs),
                outputs=list(row.outputs),
                target=row.target,
            )
            for row in found.rows
        ],
        solved=found.solved,
        session=session,
        link=_link(session),
        explanation=explanation,
        nonfinite=dict(below("/explanation", explanation.nonfinite)),
    )


def _link(session: dict[str, Any]) -> str:
    """Return the address of the Network lab with this session, as static/js/permalink.js reads it.

    A preset goes by its name, anything else is a recipe: JSON, deflated without a header, in base64url.
    """
    if session.keys() == {"preset"}:
        return f"/#preset={session['preset']}"
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    text = json.dumps({"create": session, "actions": []}, separators=(",", ":"))
    packed = packer.compress(text.encode()) + packer.flush()
    return f"/#recipe={urlsafe_b64encode(packed).decode().rstrip('=')}"
