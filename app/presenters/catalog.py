"""The registries as the catalogue from which the page builds its controls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.presenters.descent import present_functions, present_surfaces
from app.presenters.notation import present_notations
from app.schemas.base import Text
from app.schemas.catalog import (
    ActivationReply,
    CatalogReply,
    DataSetEntryReply,
    FeatureReply,
    GateReply,
    InitializerReply,
    LabChoiceReply,
    LabEntryReply,
    LabPresetReply,
    LossEntryReply,
    LossFormReply,
    OptimizerReply,
    ParameterReply,
    PresetReply,
    RuleReply,
)
from app.settings import Settings
from core import perceptron
from core.activations import ACTIVATIONS
from core.clipping import CLIPPINGS, Clipping
from core.computation import COPY, PARTS
from core.computation import PRESETS as GRAPHS
from core.datasets import DATASETS
from core.descent.presets import PRESETS as DESCENT_PRESETS
from core.dropout import DROPOUT
from core.features import FEATURES
from core.graph import GATES
from core.initializers import INITIALIZERS
from core.lab import LabChoice, LabPreset
from core.layers import PRESETS as LAYERS
from core.losses import LOSSES
from core.optimizers import OPTIMIZERS
from core.penalties import PENALTIES
from core.presets import PRESETS
from core.registry import Label, Parameter
from core.regression import CONVENTIONS, GENERATORS
from core.regression import PRESETS as REGRESSION_PRESETS
from core.schedules import SCHEDULES, Schedule
from core.scores import PRESETS as LOSSES_PRESETS
from core.session import MAXIMUM_LAYERS, MAXIMUM_ROWS, MAXIMUM_UNITS

# Each lab under the name of its call, with its ready examples.
LABS: dict[str, tuple[LabPreset, ...]] = {
    "perceptron": perceptron.PRESETS,
    "descent": DESCENT_PRESETS,
    "regression": REGRESSION_PRESETS,
    "graph": (*GRAPHS, *LAYERS),
    "losses": LOSSES_PRESETS,
}
# What else a lab has to choose from, under the names of its request's fields.
LAB_CHOICES: dict[str, dict[str, Iterable[LabChoice]]] = {
    "perceptron": {"rule": perceptron.RULES, "data": perceptron.TABLES},
    "regression": {"convention": CONVENTIONS, "generator": GENERATORS},
}


def present_catalog(settings: Settings) -> CatalogReply:
    """Return every registry and the limits that apply on this server."""
    return CatalogReply(
        activations=[
            ActivationReply(
                name=entry.name,
                label=_text(entry.label),
                parameters=_parameters(entry.parameters),
                tex=entry.tex,
                tex_function=entry.tex_function,
                derivative_tex=entry.derivative_template.replace("<z>", "z").replace("<a>", "a"),
                output_only=entry.output_only,
                range=entry.range,
                target_range=entry.target_range,
            )
            for entry in ACTIVATIONS
        ],
        losses=[
            LossEntryReply(
                name=entry.name,
                label=_text(entry.label),
                parameters=[],
                tex=entry.tex,
                accepts=None if entry.accepts is None else sorted(entry.accepts),
                forms=[
                    LossFormReply(
                        name=form.name,
                        label=_text(form.label),
                        tex=form.tex,
                        coefficient=form.coefficient,
                        outputs=form.outputs,
                        batch=form.batch,
                    )
                    for form in entry.forms
                ],
            )
            for entry in LOSSES
        ],
        optimizers=[
            OptimizerReply(
                name=entry.name,
                label=_text(entry.label),
                parameters=_parameters(entry.parameters),
                tex=entry.tex,
                state=list(entry.state),
                terms=list(entry.terms),
                symbols={
                    quantity.name: quantity.symbol
                    for quantity in (*entry.state_templates, *entry.term_templates)
                },
            )
            for entry in OPTIMIZERS
        ],
        penalties=[
            RuleReply(
                name=entry.name,
                label=_text(entry.label),
                parameters=_parameters((entry.coefficient,)),
                tex=entry.tex,
                source=entry.source,
            )
            for entry in PENALTIES
        ],
        dropout=_parameters((DROPOUT,))[0],
        clippings=_rules(CLIPPINGS),
        schedules=_rules(SCHEDULES),
        initializers=[
            InitializerReply(
                name=entry.name,
                label=_text(entry.label),
                parameters=_parameters(entry.parameters),
                tex=entry.tex,
            )
            for entry in INITIALIZERS
        ],
        datasets=[
            DataSetEntryReply(
                name=entry.name,
                label=_text(entry.label),
                parameters=_parameters(entry.parameters),
                generated=entry.generated,
                kind=entry.kind,
                inputs=entry.inputs,
                outputs=entry.outputs,
                expression=entry.expression or None,
            )
            for entry in DATASETS
        ],
        features=[
            FeatureReply(
                name=entry.name,
                label=_text(entry.label),
                form=entry.form.format("<0>", "<1>"),
                tex=entry.tex.format("<0>", "<1>"),
                columns=entry.columns,
            )
            for entry in FEATURES
        ],
        presets=[
            PresetReply(
                name=entry.name,
                label=_text(entry.label),
                description=_text(entry.description),
                source=entry.source,
            )
            for entry in PRESETS
        ],
        gates=[
            GateReply(
                name=gate.name,
                label=_text(gate.label),
                tex=gate.tex,
                local_tex=list(gate.local_tex),
                role=gate.role,
                function=gate.function,
                parts=PARTS.get(gate.name),
            )
            for gate in (*GATES, COPY)
        ],
        labs={
            name: LabEntryReply(
                presets=[
                    LabPresetReply(
                        name=preset.name, label=_text(preset.label), body=dict(preset.body), mode=preset.mode
                    )
                    for preset in presets
                ],
                choices={
                    field: [
                        LabChoiceReply(
                            name=entry.name,
                            label=_text(entry.label),
                            tex=entry.tex,
                            # Few registries have entries with numbers of their own.
                            parameters=_parameters(getattr(entry, "parameters", ())),
                        )
                        for entry in entries
                    ]
                    for field, entries in LAB_CHOICES.get(name, {}).items()
                },
            )
            for name, presets in LABS.items()
        },
        functions=present_functions(),
        surfaces=present_surfaces(),
        notations=present_notations(),
        limits={
            "layers": MAXIMUM_LAYERS,
            "units": MAXIMUM_UNITS,
            "rows": MAXIMUM_ROWS,
            "steps_per_call": settings.max_steps_per_call,
            "predict_rows": settings.max_predict_rows,
            "boundary_resolution": settings.max_boundary_resolution,
            "parameters_told_at_once": settings.max_parameters_told_at_once,
            "json_bytes": settings.max_json_bytes,
            "data_bytes": settings.max_data_bytes,
            "sessions": settings.max_sessions,
        },
    )


def _rules(entries: Iterable[Clipping | Schedule]) -> list[RuleReply]:
    return [
        RuleReply(
            name=entry.name,
            label=_text(entry.label),
            parameters=_parameters(entry.parameters),
            tex=entry.tex,
            source=entry.source,
        )
        for entry in entries
    ]


def _text(label: Label) -> Text:
    return Text(en=label.en, ko=label.ko)


def _parameters(parameters: Sequence[Parameter]) -> list[ParameterReply]:
    return [
        ParameterReply(
            name=parameter.name,
            label=_text(parameter.label),
            tex=parameter.tex,
            default=parameter.default,
            minimum=parameter.minimum,
            maximum=parameter.maximum,
            exclusive_minimum=parameter.exclusive_minimum,
            exclusive_maximum=parameter.exclusive_maximum,
            integer=parameter.integer,
        )
        for parameter in parameters
    ]
