"""The notation that a request asks for: a ready one by name, and single choices instead of its own."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query

from core.notation import FIELDS, NOTATIONS, Notation, resolve

_CHOICES = {field.name: [choice.name for choice in field.choices] for field in FIELDS}


def _one(name: str) -> Any:
    # The core checks the choice, so that a refusal lists what there is; the description lists it here.
    return Query(max_length=32, description=f"Instead of the notation's own: {', '.join(_CHOICES[name])}.")


def _asked(
    notation: Annotated[
        str, Query(max_length=32, description=f"How symbols are written: {', '.join(NOTATIONS.names())}.")
    ] = "deltaboard",
    weights: Annotated[str | None, _one("weights")] = None,
    index_base: Annotated[str | None, _one("index_base")] = None,
    output: Annotated[str | None, _one("output")] = None,
    target: Annotated[str | None, _one("target")] = None,
    net_input: Annotated[str | None, _one("net_input")] = None,
    activation: Annotated[str | None, _one("activation")] = None,
    rate: Annotated[str | None, _one("rate")] = None,
    difference: Annotated[str | None, _one("difference")] = None,
    orientation: Annotated[str | None, _one("orientation")] = None,
) -> Notation:
    given = {
        "weights": weights,
        "index_base": index_base,
        "output": output,
        "target": target,
        "net_input": net_input,
        "activation": activation,
        "rate": rate,
        "difference": difference,
        "orientation": orientation,
    }
    return resolve(notation, {name: value for name, value in given.items() if value is not None})


AskedNotation = Annotated[Notation, Depends(_asked)]
