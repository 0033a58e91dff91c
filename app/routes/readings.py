"""What is read off a session without changing it: predictions, the map of a neuron, the loss curve."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request

from app.json_body import JsonRoute
from app.presenters.boundary import present_boundary
from app.presenters.readings import present_curve, present_prediction
from app.schemas.readings import BoundaryReply, PredictReply
from app.schemas.requests import PredictRequest
from app.schemas.session import CurveReply
from app.services import services
from core.errors import InvalidInputError

router = APIRouter(prefix="/sessions", tags=["readings"], route_class=JsonRoute)

Element = Annotated[
    str | None,
    Query(
        max_length=32,
        description="The activation to map, such as `a.2.0`, or `classes`; by default the first output.",
    ),
]
Axis = Annotated[int, Query(ge=0, le=63, description="Index of the input along this axis.")]


@router.get("/{id}/boundary")
async def get_boundary(
    request: Request,
    id: str,
    resolution: Annotated[int, Query(ge=2)] = 64,
    element: Element = None,
    x: Axis = 0,
    y: Axis = 1,
    encoding: Literal["json", "base64"] = "json",
) -> BoundaryReply:
    """A neuron's activation over a grid of two inputs; other inputs stand at the data set's mean."""
    parts = services(request)
    limit = parts.settings.max_boundary_resolution
    if resolution > limit:
        raise InvalidInputError(code="resolution-range", pointer="/resolution", limit=limit)
    return await parts.on_session(
        id, lambda handle: present_boundary(handle.session, element, (x, y), resolution, encoding)
    )


@router.post("/{id}/predict")
async def predict(request: Request, id: str, body: PredictRequest) -> PredictReply:
    """The network's outputs, and every layer's numbers, for the given inputs."""
    parts = services(request)
    limit = parts.settings.max_predict_rows
    if len(body.inputs) > limit:
        raise InvalidInputError(code="predict-rows", pointer="/inputs", limit=limit)
    return await parts.on_session(id, lambda handle: present_prediction(handle.session, body.inputs))


@router.get("/{id}/curve")
async def get_curve(request: Request, id: str) -> CurveReply:
    """The loss of the whole set along the present path."""
    return await services(request).on_session(id, lambda handle: present_curve(handle.session))
