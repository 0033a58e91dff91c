"""A session as the requests that make it again: what a link or a file carries."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np

from core.datasets import unprepared
from core.history import Stretch
from core.network import Array, DataSet, NetworkSpec, Parameters, Preparation, TrainingSpec
from core.session.specification import Edit, InitializerSpec, SessionSpec

CUSTOM = "custom"


def actions_of(path: list[Stretch[Edit]]) -> list[dict[str, Any]]:
    """Return what was done up to the path's end; repeating it gives the same state bit for bit.

    Actions are {"type": "step", "count"}, {"type": "patch", "patch"} and {"type": "data", "data"}.
    """
    actions: list[dict[str, Any]] = []
    for stretch in path:
        change = stretch.segment.change
        if change is not None:
            actions.extend(_edit_actions(change))
        steps = stretch.last - stretch.first + (change is None and stretch.first > 0)
        if steps and actions and actions[-1]["type"] == "step":
            actions[-1]["count"] += steps
        elif steps:
            actions.append({"type": "step", "count": steps})
    return actions


def creation_of(spec: SessionSpec, data: DataSet) -> dict[str, Any]:
    """Return the body that creates the session; `spec` has every parameter filled in, `data` are its rows."""
    body: dict[str, Any] = {
        "seed": spec.seed,
        "network": {
            "layers": [asdict(layer) for layer in spec.network.layers],
            "initializer": _initializer(spec.initializer),
        },
        "training": _training(spec.training),
        "data": _data(data),
    }
    if spec.initial is not None:
        body["network"]["parameters"] = _parameters(spec.network, spec.initial)
    if spec.preset is not None:
        body["preset"] = spec.preset
    return body


def _initializer(initializer: InitializerSpec) -> dict[str, Any]:
    return {"name": initializer.name, "parameters": dict(initializer.parameters)}


def _parameters(network: NetworkSpec, vector: Array) -> dict[str, Any]:
    parameters = Parameters(network, vector)
    layers = range(1, len(network.layers) + 1)
    biases = [parameters.bias(layer) for layer in layers]
    return {
        "weights": [parameters.weights(layer).tolist() for layer in layers],
        "biases": [None if bias is None else bias.tolist() for bias in biases],
    }


def _training(training: TrainingSpec) -> dict[str, Any]:
    # A session trains in float64, which is not asked for.
    return {name: value for name, value in asdict(training).items() if name != "precision"}


def _data(data: DataSet) -> dict[str, Any]:
    if data.name != CUSTOM:
        named: dict[str, Any] = {"name": data.name, "parameters": dict(data.parameters)}
        if data.expression:
            named["expression"] = data.expression
        return named | _preparation(data)
    table = unprepared(data)
    body: dict[str, Any] = {"inputs": table.inputs.tolist(), "targets": table.targets.tolist()}
    if table.order:
        body["order"] = [int(np.intp(row)) for row in table.order]
    plain = DataSet(table.inputs, table.targets)
    for name in ("columns", "target_columns", "classes"):
        if getattr(data, name) != getattr(plain, name):
            body[name] = list(getattr(data, name))
    return body | _preparation(data)


def _preparation(data: DataSet) -> dict[str, Any]:
    """Return what is done to the rows, where something is."""
    asked, plain = data.preparation, Preparation()
    body: dict[str, Any] = {}
    if asked.split.test_share:
        body["split"] = asdict(asked.split)
    if asked.features:
        body["features"] = list(asked.features)
    for name in ("scaling", "target_scaling"):
        if getattr(asked, name) != getattr(plain, name):
            body[name] = getattr(asked, name)
    return body


def _edit_actions(edit: Edit) -> list[dict[str, Any]]:
    actions: list[dict[str, Any]] = []
    if edit.data is not None:
        assert isinstance(edit.data, DataSet)
        actions.append({"type": "data", "data": _data(edit.data)})
    patch: dict[str, Any] = {}
    if edit.training is not None:
        patch["training"] = _training(edit.training)
    if edit.parameters:
        patch["parameters"] = [
            {name: value for name, value in asdict(change).items() if value is not None}
            for change in edit.parameters
        ]
    if edit.current_sample is not None:
        patch["current_sample"] = edit.current_sample
    if patch:
        actions.append({"type": "patch", "patch": patch})
    return actions
