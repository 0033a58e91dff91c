"""Data sets: replacing a session's, and looking at a table before it is used."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from app.json_body import TableRoute
from app.presenters.data import present_preview
from app.presenters.session import present_session
from app.schemas.data import PreviewReply
from app.schemas.requests import (
    DataInput,
    DelimiterName,
    PreviewRequest,
    ScalingName,
    SplitInput,
    TargetKind,
)
from app.schemas.session import SessionReply
from app.services import services
from app.specs import data_of, pair_of, under, without
from app.store import Handle
from core.errors import InvalidInputError
from core.session import MAXIMUM_TEST_SHARE, Edit

router = APIRouter(tags=["data"], route_class=TableRoute)

_CSV: dict[str, Any] = {
    "requestBody": {
        "content": {"text/csv": {"schema": {"type": "string", "description": "UTF-8, with a header row."}}}
    }
}
_QUERIES = {
    "columns",
    "target",
    "kind",
    "delimiter",
    "features",
    "scaling",
    "target_scaling",
    "test_share",
    "split_seed",
}
Names = Annotated[str | None, Query(max_length=1000, description="For CSV: names, parted by commas.")]
Name = Annotated[str | None, Query(max_length=64, description="For CSV: the column to be learnt.")]


@router.put("/sessions/{id}/data", openapi_extra=_CSV)
async def put_data(
    request: Request,
    id: str,
    body: DataInput,
    columns: Names = None,
    target: Name = None,
    kind: Annotated[TargetKind, Query(description="For CSV: whether the target is classes.")] = "auto",
    delimiter: Annotated[DelimiterName, Query(description="For CSV: what parts the columns.")] = "auto",
    features: Names = None,
    scaling: Annotated[ScalingName, Query(description="For CSV: of the input columns.")] = "none",
    target_scaling: Annotated[
        ScalingName, Query(description="For CSV: of a target that is numbers.")
    ] = "none",
    test_share: Annotated[
        float, Query(ge=0, le=MAXIMUM_TEST_SHARE, description="For CSV: the share of test rows.")
    ] = 0.0,
    split_seed: Annotated[int, Query(ge=0, le=2**53 - 1, description="For CSV: draws the test rows.")] = 0,
) -> SessionReply:
    """Replace the data set by rows, a named one or CSV; recorded on the timeline.

    CSV is sent as `text/csv`, with what else there is to say in the query, or as text within JSON (`csv`).
    """
    # Of a body that is CSV only the text is there.
    if body.csv is not None and body == DataInput(csv=body.csv):
        csv = body.csv.model_copy(
            update={
                "columns": _listed(columns) if columns is not None else body.csv.columns,
                "target": target or body.csv.target,
                "kind": kind if kind != "auto" else body.csv.kind,
                "delimiter": delimiter if delimiter != "auto" else body.csv.delimiter,
            }
        )
        body = DataInput(
            csv=csv,
            features=_listed(features or ""),
            scaling=scaling,
            target_scaling=target_scaling,
            split=SplitInput(test_share=test_share, seed=split_seed),
        )
    elif asked := request.query_params.keys() & _QUERIES:
        raise InvalidInputError(code="csv-query", pointer=f"/{min(asked)}")

    def command(handle: Handle) -> SessionReply:
        handle.require_idle()
        with without("/data"):
            handle.session.edit(Edit(data=data_of(body, pair_of(handle.session.network))))
        return present_session(handle)

    return await services(request).on_session(id, command)


@router.post("/data/preview", openapi_extra=_CSV)
async def preview(
    request: Request,
    body: PreviewRequest,
    delimiter: Annotated[DelimiterName, Query(description="For CSV: what parts the columns.")] = "auto",
) -> PreviewReply:
    """Look at a table: its columns with their kinds and ranges, its first rows, a guess what is learnt."""
    mark = delimiter if delimiter != "auto" else body.csv.delimiter

    def command() -> PreviewReply:
        with under("/csv"):
            return present_preview(body.csv.text, mark)

    return await services(request).runner.run(command)


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]
