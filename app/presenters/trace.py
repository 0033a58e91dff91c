"""A Trace as the reply of one step, seen from one sample of its batch."""

from __future__ import annotations

import numpy as np

from app.presenters.numbers import Numbers
from app.schemas.base import Number
from app.schemas.trace import (
    ClippingReply,
    LayerTraceReply,
    OptimizerTrace,
    PenaltyReply,
    SampleLoss,
    ScheduleReply,
    TraceLoss,
    TraceReply,
)
from core.network import NetworkSpec
from core.trace import LayerTrace, Trace


def present_trace(trace: Trace, network: NetworkSpec, position: int) -> TraceReply:
    """Return the trace with the numbers of the batch's sample at `position`."""
    numbers = Numbers()
    looked_ahead = not np.array_equal(trace.point, trace.before, equal_nan=True)
    return TraceReply(
        step=trace.step,
        iteration=trace.step + 1,
        epoch=trace.epoch,
        sample=trace.batch[position],
        batch=list(trace.batch),
        batch_factor=trace.batch_factor,
        inputs=numbers.vector(trace.inputs[position], "/inputs"),
        targets=numbers.vector(trace.targets[position], "/targets"),
        layers=[
            _layer(layer, position, numbers, f"/layers/{index}") for index, layer in enumerate(trace.layers)
        ],
        loss=TraceLoss(
            parts=numbers.vector(trace.loss_parts[position], "/loss/parts"),
            sample=numbers.number(trace.sample_losses[position], "/loss/sample"),
            batch=numbers.number(trace.loss, "/loss/batch"),
            penalty=numbers.number(sum(one.value for one in trace.penalties), "/loss/penalty"),
            objective=numbers.number(trace.objective, "/loss/objective"),
        ),
        sample_losses=[
            SampleLoss(sample=row, loss=numbers.number(loss, f"/sample_losses/{index}/loss"))
            for index, (row, loss) in enumerate(zip(trace.batch, trace.sample_losses, strict=True))
        ],
        penalties=[
            PenaltyReply(
                name=one.name,
                coefficient=one.coefficient,
                size=numbers.number(one.size, f"/penalties/{index}/size"),
                value=numbers.number(one.value, f"/penalties/{index}/value"),
            )
            for index, one in enumerate(trace.penalties)
        ],
        penalty_gradient=numbers.layers(network, trace.penalty_gradient, "/penalty_gradient")
        if trace.penalties
        else None,
        dropout=trace.dropout,
        clipping=ClippingReply(
            name=trace.clipping.name,
            parameters=dict(trace.clipping.parameters),
            norm=_optional(trace.clipping.norm, numbers, "/clipping/norm"),
            factor=_optional(trace.clipping.factor, numbers, "/clipping/factor"),
        ),
        schedule=ScheduleReply(
            name=trace.schedule.name,
            parameters=dict(trace.schedule.parameters),
            base=trace.schedule.base,
            rate=trace.schedule.rate,
        ),
        received=numbers.layers(network, trace.received, "/received"),
        before=numbers.layers(network, trace.before, "/before"),
        point=numbers.layers(network, trace.point, "/point") if looked_ahead else None,
        update=numbers.layers(network, trace.update, "/update"),
        after=numbers.layers(network, trace.after, "/after"),
        optimizer=OptimizerTrace(
            name=trace.optimizer,
            parameters=dict(trace.optimizer_parameters),
            count=trace.optimizer_count,
            state_before=numbers.layers_of_each(network, trace.state_before, "/optimizer/state_before"),
            state_after=numbers.layers_of_each(network, trace.state_after, "/optimizer/state_after"),
            terms=numbers.layers_of_each(network, trace.terms, "/optimizer/terms"),
        ),
        diverged=trace.diverged,
        first_nonfinite=trace.first_nonfinite,
        nonfinite=numbers.nonfinite,
    )


def _optional(value: float | None, numbers: Numbers, pointer: str) -> Number:
    return None if value is None else numbers.number(value, pointer)


def _layer(layer: LayerTrace, position: int, numbers: Numbers, pointer: str) -> LayerTraceReply:
    local = layer.local[position]
    own_bias, batch_bias = layer.sample_bias_gradients, layer.bias_gradient
    shapes = {
        "inputs": layer.inputs,
        "weights": layer.weight_gradient,
        "net_input": layer.net_input,
        "activation": layer.activation,
        "upstream": layer.upstream,
        "local": layer.local,
        "delta": layer.delta,
        "weight_gradient": layer.weight_gradient,
    }
    if batch_bias is not None:
        shapes["bias_gradient"] = batch_bias
    return LayerTraceReply(
        layer=layer.layer,
        activation_name=layer.activation_name,
        inputs=numbers.vector(layer.inputs[position], f"{pointer}/inputs"),
        net_input=numbers.vector(layer.net_input[position], f"{pointer}/net_input"),
        activation=numbers.vector(layer.activation[position], f"{pointer}/activation"),
        function_value=numbers.vector(layer.function_value[position], f"{pointer}/function_value"),
        mask=None if layer.mask is None else numbers.vector(layer.mask[position], f"{pointer}/mask"),
        upstream=numbers.vector(layer.upstream[position], f"{pointer}/upstream"),
        local=numbers.matrix(local, f"{pointer}/local")
        if local.ndim == 2
        else numbers.vector(local, f"{pointer}/local"),
        delta=numbers.vector(layer.delta[position], f"{pointer}/delta"),
        weight_gradient=numbers.matrix(layer.sample_weight_gradients[position], f"{pointer}/weight_gradient"),
        bias_gradient=None
        if own_bias is None
        else numbers.vector(own_bias[position], f"{pointer}/bias_gradient"),
        batch_weight_gradient=numbers.matrix(layer.weight_gradient, f"{pointer}/batch_weight_gradient"),
        batch_bias_gradient=None
        if batch_bias is None
        else numbers.vector(batch_bias, f"{pointer}/batch_bias_gradient"),
        shapes={name: list(array.shape) for name, array in shapes.items()},
    )
