"""Tables and documents to keep: exports of a session, and the import of one."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from app.documents import FORMAT, parameter_checksum, recipe_checksum, session_document
from app.json_body import DataRoute, JsonRequest
from app.presenters.session import present_parameters, present_session
from app.presenters.tables import TABLES, Asked, run_curves_table, runs_table
from app.problems import ProblemError
from app.replaying import replay
from app.routes.explanation import Sample, Step
from app.routes.readings import Axis
from app.schemas.exports import ImportReply, ImportRequest
from app.services import Services, services
from app.store import Handle
from app.tables import Table, to_csv
from core.errors import InvalidInputError

router = APIRouter(prefix="/sessions", tags=["export"], route_class=DataRoute)

What = Literal[
    "session",
    "curve",
    "parameters",
    "optimizer",
    "trace",
    "matrices",
    "samples",
    "contributions",
    "proof",
    "history",
    "boundary",
    "metrics",
    "confusion",
    "histogram",
    "runs",
    "run_curves",
]


@router.get(
    "/{id}/export",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}, "application/json": {}}, "description": "The file."}},
)
async def export(
    request: Request,
    id: str,
    format: Literal["json", "csv"] = "json",
    what: Annotated[What, Query(description="Which table; `session` as JSON only.")] = "session",
    step: Step = None,
    sample: Sample = None,
    element: Annotated[
        str | None, Query(max_length=32, description="For contributions a parameter, for boundary a neuron.")
    ] = None,
    resolution: Annotated[int, Query(ge=2)] = 64,
    x: Axis = 0,
    y: Axis = 1,
    others: Annotated[
        str,
        Query(alias="with", max_length=1500, description="For runs and run_curves: other sessions' ids."),
    ] = "",
) -> Response:
    """A file: the session as JSON, to be imported again, or one of its tables as CSV.

    CSV is UTF-8 with a header row; numbers have all their digits, so that reading them gives the same
    float64; `inf`, `-inf`, `nan` where they are not finite. A text that a spreadsheet would take for a
    formula begins with an apostrophe.
    """
    parts = services(request)
    if (format == "json") != (what == "session"):
        raise InvalidInputError(code="export-form", pointer="/what")
    limit = parts.settings.max_boundary_resolution
    if resolution > limit:
        raise InvalidInputError(code="resolution-range", pointer="/resolution", limit=limit)
    asked = Asked(step, sample, element, resolution, (x, y))
    handles = [parts.store.get(id), *_others(parts, id, others)] if what.startswith("run") else []

    def command(handle: Handle) -> tuple[bytes, str | None]:
        preset = handle.session.spec.preset
        if what == "session":
            document = session_document(handle)
            return json.dumps(document, ensure_ascii=False, allow_nan=False).encode(), preset
        return to_csv(_table(what, handle, asked, handles)), preset

    content, preset = await parts.on_session(id, command)
    name = "-".join(part for part in ("deltaboard", preset, "" if what == "session" else what) if part)
    return Response(
        content,
        media_type="text/csv; charset=utf-8; header=present" if format == "csv" else "application/json",
        headers={
            "content-disposition": f'attachment; filename="{name}.{format}"',
            "cache-control": "no-store",
        },
    )


def _table(what: str, handle: Handle, asked: Asked, handles: list[Handle]) -> Table:
    if what == "runs":
        return runs_table(handle, handles)
    if what == "run_curves":
        return run_curves_table(handles)
    return TABLES[what](handle.session, asked)


def _others(parts: Services, id: str, others: str) -> list[Handle]:
    """Return the sessions that still exist."""
    found = []
    for other in dict.fromkeys(others.split(",")):
        try:
            found.extend([parts.store.get(other)] if other and other != id else [])
        except ProblemError:
            continue
    return found


@router.post("/import", status_code=201)
async def import_session(request: Request, response: Response, body: ImportRequest) -> ImportReply:
    """Make a session from a document: its recipe is carried out, then the checksums are compared.

    A recipe that is not the one that was exported is refused; parameters that come out differently (another
    version of the program or of numpy) are told.
    """
    if body.deltaboard != FORMAT:
        raise InvalidInputError(code="import-version", pointer="/deltaboard", limit=FORMAT)
    assert isinstance(request, JsonRequest)
    sent = await request.json()
    if body.recipe_sha256 is not None and recipe_checksum(sent["recipe"]) != body.recipe_sha256:
        raise InvalidInputError(code="import-tampered", pointer="/recipe")
    parts = services(request)
    session = await replay(parts, body.recipe)
    handle = parts.store.create(session)
    response.headers["location"] = f"{request.url.path.removesuffix('/import')}/{handle.id}"

    def command() -> ImportReply:
        handle.label = body.label or None
        compared: Literal["identical", "different", "not-checked"] = "not-checked"
        if body.parameters_sha256 is not None:
            same = parameter_checksum(session) == body.parameters_sha256
            compared = "identical" if same else "different"
        return ImportReply(
            session=present_session(handle),
            initial=present_parameters(session.network, session.initial),
            parameters=compared,
        )

    return await parts.keep([handle], command)
