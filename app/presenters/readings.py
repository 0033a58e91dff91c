"""Predictions and the loss curve as replies."""

from __future__ import annotations

import numpy as np

from app.presenters.numbers import Numbers
from app.schemas.readings import LayerPrediction, PredictReply
from app.schemas.session import CurveReply
from core.errors import InvalidInputError
from core.propagation import predict
from core.session import Session


def present_prediction(session: Session, rows: list[list[float]]) -> PredictReply:
    """Return every layer's net inputs and activations for the given rows, in float64.

    Rows are of the table's columns; outputs are in the units of the table, net inputs and activations are the
    network's own.
    """
    network, data = session.problem.network, session.data
    for index, row in enumerate(rows):
        if len(row) != len(data.columns):
            raise InvalidInputError(code="row-length", pointer=f"/inputs/{index}", limit=len(data.columns))
    inputs = data.network_inputs(np.array(rows, dtype=np.float64))
    predicted = predict(network, session.parameters.vector, inputs)
    numbers = Numbers()
    layers = [
        LayerPrediction(
            net_input=numbers.matrix(net_input, f"/layers/{index}/net_input"),
            activation=numbers.matrix(activation, f"/layers/{index}/activation"),
        )
        for index, (net_input, activation) in enumerate(predicted)
    ]
    outputs = numbers.matrix(data.displayed_outputs(predicted[-1][1]), "/outputs")
    return PredictReply(outputs=outputs, layers=layers, nonfinite=numbers.nonfinite)


def present_curve(session: Session) -> CurveReply:
    """Return the loss of the whole set along the present path."""
    numbers = Numbers()
    steps, last, minimum, maximum = session.curve()
    return CurveReply(
        steps=[int(step) for step in steps],
        last=numbers.vector(last, "/last"),
        minimum=numbers.vector(minimum, "/minimum"),
        maximum=numbers.vector(maximum, "/maximum"),
        nonfinite=numbers.nonfinite,
    )
