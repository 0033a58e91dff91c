"""The paths of one parameter as a reply."""

from __future__ import annotations

from app.presenters.numbers import Numbers
from app.schemas.paths import CostReply, FactorReply, MultiplicationsReply, PathReply, PathsReply
from core.paths import MOST_LISTED, MOST_PARAMETERS, MOST_PATHS, GradientPaths
from core.trace import Trace


def present_paths(found: GradientPaths, trace: Trace, sample: int) -> PathsReply:
    """Return the paths; a number that is not finite is null with its kind in `nonfinite`."""
    numbers = Numbers()
    paths = [
        PathReply(
            elements=list(path.elements),
            factors=[
                FactorReply(
                    ref=factor.ref,
                    value=numbers.number(factor.value, f"/paths/{index}/factors/{place}/value"),
                )
                for place, factor in enumerate(path.factors)
            ],
            product=numbers.number(path.product, f"/paths/{index}/product"),
        )
        for index, path in enumerate(found.paths)
    ]
    return PathsReply(
        step=trace.step,
        sample=sample,
        element=found.element,
        gradient_ref=found.gradient_ref,
        gradient=numbers.number(found.gradient, "/gradient"),
        count=found.count,
        listed=found.listed,
        paths=paths,
        omitted=found.omitted,
        omitted_sum=None if found.omitted_sum is None else numbers.number(found.omitted_sum, "/omitted_sum"),
        total=None if found.total is None else numbers.number(found.total, "/total"),
        fused=found.fused,
        multiplications=MultiplicationsReply(
            parameter=CostReply(**found.parameter_cost._asdict()),
            network=CostReply(**found.network_cost._asdict()),
        ),
        limit=MOST_LISTED,
        most_parameters=MOST_PARAMETERS,
        most_paths=MOST_PATHS,
        nonfinite=numbers.nonfinite,
    )
