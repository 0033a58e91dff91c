"""Pictures of a session: what it has learnt, and how training went. Nothing here changes it."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from app.json_body import JsonRoute
from app.presenters.pictures import (
    present_confusion,
    present_hidden_space,
    present_histogram,
    present_maps,
    present_metrics,
    present_zero_lines,
)
from app.presenters.surface import present_surface
from app.schemas.pictures import (
    ConfusionReply,
    HiddenSpaceReply,
    HistogramReply,
    LossSurfaceReply,
    MapsReply,
    MetricsReply,
    ZeroLinesReply,
)
from app.services import services
from app.store import Handle
from core.errors import InvalidInputError
from core.pictures.surface import MAXIMUM_RADIUS, MAXIMUM_RESOLUTION, SurfaceJob

router = APIRouter(prefix="/sessions", tags=["pictures"], route_class=JsonRoute)

Axis = Annotated[int, Query(ge=0, le=63, description="Index of the data's column along this axis.")]
Layer = Annotated[int, Query(ge=1, le=63, description="A layer, counted from 1 for the first hidden one.")]
Element = Annotated[str, Query(max_length=32, description="A weight or bias, such as `w.1.0.0`.")]


@router.get("/{id}/metrics")
async def get_metrics(request: Request, id: str) -> MetricsReply:
    """Accuracy, test loss and accuracy, and the flow of gradients at some steps of the present branch."""
    return await services(request).on_session(id, lambda handle: present_metrics(handle.session))


@router.get("/{id}/maps")
async def get_maps(
    request: Request,
    id: str,
    elements: Annotated[str, Query(max_length=1000, description="Activations, parted by commas.")],
    quantity: Literal["activation", "net_input"] = "activation",
    resolution: Annotated[int, Query(ge=2)] = 24,
    x: Axis = 0,
    y: Axis = 1,
) -> MapsReply:
    """Several neurons over the same plane in one reply."""
    parts = services(request)
    limit = parts.settings.max_boundary_resolution
    if resolution > limit:
        raise InvalidInputError(code="resolution-range", pointer="/resolution", limit=limit)
    wanted = tuple(elements.split(","))
    return await parts.on_session(
        id, lambda handle: present_maps(handle.session, wanted, quantity, (x, y), resolution)
    )


@router.get("/{id}/zero-lines")
async def get_zero_lines(
    request: Request, id: str, layer: Layer = 1, x: Axis = 0, y: Axis = 1
) -> ZeroLinesReply:
    """The lines over the plane where the net input of each neuron of a layer is 0, exact at their corners."""
    return await services(request).on_session(
        id, lambda handle: present_zero_lines(handle.session, layer, (x, y))
    )


@router.get("/{id}/hidden-space")
async def get_hidden_space(
    request: Request,
    id: str,
    layer: Layer = 1,
    output: Annotated[int, Query(ge=0, le=63)] = 0,
    resolution: Annotated[int, Query(ge=2, le=100)] = 48,
    axes: Literal["principal", "output"] = "principal",
) -> HiddenSpaceReply:
    """The data as a hidden layer sees them: two units directly, more in a plane that says what it holds."""
    return await services(request).on_session(
        id,
        lambda handle: present_hidden_space(handle.session, layer, output, resolution, axes == "output"),
    )


@router.get("/{id}/confusion")
async def get_confusion(request: Request, id: str) -> ConfusionReply:
    """How often each class is taken for which, and the rows that are classified wrongly."""
    return await services(request).on_session(id, lambda handle: present_confusion(handle.session))


@router.get("/{id}/histogram")
async def get_histogram(
    request: Request, id: str, bins: Annotated[int, Query(ge=2, le=100)] = 24
) -> HistogramReply:
    """The weights of each layer as a histogram, now and at the start."""
    return await services(request).on_session(id, lambda handle: present_histogram(handle.session, bins))


@router.get("/{id}/loss-surface")
async def get_loss_surface(
    request: Request,
    id: str,
    kind: Literal["parameters", "random", "path"] = "path",
    x: Element = "w.1.0.0",
    y: Element = "w.1.1.0",
    seed: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    resolution: Annotated[int, Query(ge=2, le=MAXIMUM_RESOLUTION)] = 41,
    radius: Annotated[float | None, Query(gt=0, le=MAXIMUM_RADIUS)] = None,
) -> LossSurfaceReply:
    """The loss over two parameters, two random directions or the path's principal ones, with the path.

    A large network or set gets fewer points than asked for; other sessions' commands come in between.
    """
    parts = services(request)
    handle = parts.store.get(id)
    job: SurfaceJob | None = None
    step = 0

    def turn() -> LossSurfaceReply | None:
        nonlocal job, step
        if job is None:
            job, step = _begin(handle, kind, (x, y), seed, resolution, radius)
        job.turn(parts.settings.quantum_operations)
        return present_surface(job.result, step) if job.finished else None

    # The job has copies of what it reads: the session may go on meanwhile.
    reply = None
    while reply is None:
        reply = await parts.runner.run(turn)
    return reply


def _begin(
    handle: Handle,
    kind: Literal["parameters", "random", "path"],
    elements: tuple[str, str],
    seed: int,
    resolution: int,
    radius: float | None,
) -> tuple[SurfaceJob, int]:
    session = handle.session
    vector, path = session.snapshot.vector, session.visits()
    job = SurfaceJob(session.problem, vector, path, kind, resolution, elements, seed, radius)
    return job, session.step_count
