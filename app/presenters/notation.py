"""Notations: the catalogue's table, and the one that a reply is written in."""

from __future__ import annotations

from dataclasses import asdict

from app.schemas.base import Text
from app.schemas.notation import (
    NotationChoiceReply,
    NotationFieldReply,
    NotationPresetReply,
    NotationReply,
    NotationsReply,
)
from core.losses import LOSSES
from core.network import LossSpec
from core.notation import FIELDS, NOTATIONS, Notation, name_of
from core.registry import Label

_RATES = {"eta": "η", "alpha": "α"}


def present_notation(notation: Notation, spec: LossSpec) -> NotationReply:
    """Return the notation with the loss of `spec` in its letters."""
    entry = LOSSES.get(spec.name)
    forms = {(form.coefficient, form.outputs, form.batch): form.tex for form in entry.forms}
    return NotationReply(
        name=name_of(notation),
        **asdict(notation),
        loss=notation.loss(spec, entry.tex, forms),
        rate_symbol=_RATES[notation.rate],
    )


def present_notations() -> NotationsReply:
    """Return every ready notation and every field with its choices."""
    return NotationsReply(
        presets=[
            NotationPresetReply(
                name=preset.name,
                label=_text(preset.label),
                description=_text(preset.description),
                source=_text(preset.source),
                choices=asdict(preset.notation),
                losses=list(preset.losses),
            )
            for preset in NOTATIONS
        ],
        fields=[
            NotationFieldReply(
                name=field.name,
                label=_text(field.label),
                choices=[
                    NotationChoiceReply(name=choice.name, label=_text(choice.label), tex=choice.tex)
                    for choice in field.choices
                ],
            )
            for field in FIELDS
        ],
    )


def _text(label: Label) -> Text:
    return Text(en=label.en, ko=label.ko)
