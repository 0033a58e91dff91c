"""The loss surface as a reply."""

from __future__ import annotations

import numpy as np

from app.presenters.numbers import Numbers
from app.schemas.pictures import LossSurfaceReply, SurfacePath
from core.pictures.surface import Surface


def present_surface(found: Surface, step: int) -> LossSurfaceReply:
    """Return the surface through the parameters of `step`."""
    numbers = Numbers()
    finite = found.losses[np.isfinite(found.losses)]
    low, high = (finite.min(), finite.max()) if finite.size else (np.nan, np.nan)
    return LossSurfaceReply(
        kind=found.kind,
        elements=found.elements,
        step=step,
        resolution=len(found.xs),
        x=found.xs.tolist(),
        y=found.ys.tolist(),
        losses=numbers.matrix(found.losses, "/losses"),
        minimum=numbers.number(low, "/minimum"),
        maximum=numbers.number(high, "/maximum"),
        center=found.center,
        loss=numbers.number(found.loss, "/loss"),
        path=SurfacePath(
            steps=list(found.path_steps),
            x=numbers.vector(found.path_x, "/path/x"),
            y=numbers.vector(found.path_y, "/path/y"),
            losses=numbers.vector(found.path_losses, "/path/losses"),
            distances=numbers.vector(found.path_distances, "/path/distances"),
        ),
        shares=found.shares,
        nonfinite=numbers.nonfinite,
    )
