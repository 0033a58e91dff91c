"""Liveness and readiness, for whatever starts and watches the server."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from app.services import services

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz() -> PlainTextResponse:
    """Say that the process answers."""
    return PlainTextResponse("ok")


@router.get("/readyz")
async def readyz(request: Request) -> PlainTextResponse:
    """Say that the compute thread answers too."""
    await services(request).runner.run(lambda: None)
    return PlainTextResponse("ready")
