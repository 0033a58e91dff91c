"""Liveness, readiness and figures, for whatever starts and watches the server."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from app import __version__
from app.metrics import CONTENT_TYPE, head, line, single
from app.problems import ProblemError
from app.services import services

router = APIRouter(include_in_schema=False)


@router.api_route("/healthz", methods=["GET", "HEAD"])
async def healthz() -> PlainTextResponse:
    """Say that the process answers."""
    return PlainTextResponse("ok")


@router.api_route("/readyz", methods=["GET", "HEAD"])
async def readyz(request: Request) -> PlainTextResponse:
    """Say that sessions can be made and kept: 503 and one word why not otherwise.

    `starting` and `stopping`, the store's own reason, or `busy` where the compute thread does not answer.
    """
    parts = services(request)
    reason = None
    if parts.phase.name == "running":
        try:
            async with asyncio.timeout(parts.settings.ready_seconds):
                await parts.runner.run(parts.keeper.look)
        except (TimeoutError, ProblemError):
            reason = "busy"
    reason = reason or parts.ready()
    if reason is None:
        return PlainTextResponse("ready")
    return PlainTextResponse(f"not ready: {reason}", 503, {"retry-after": "1"})


@router.get("/metrics")
async def metrics(request: Request) -> PlainTextResponse:
    """Return the server's figures in the text format of Prometheus."""
    parts = services(request)
    figures = (
        ("deltaboard_ready", "gauge", "1 where sessions can be made and kept.", int(parts.ready() is None)),
        ("deltaboard_sessions", "gauge", "Sessions that are kept.", len(parts.store)),
        ("deltaboard_live_sessions", "gauge", "Those of them in memory.", len(parts.store.live)),
        ("deltaboard_training_runs", "gauge", "Runs that go on by themselves.", parts.runner.training),
        ("deltaboard_streams", "gauge", "Open event streams.", len(parts.readers)),
        ("deltaboard_commands_waiting", "gauge", "Commands for the compute thread.", parts.runner.waiting),
        ("deltaboard_wrong_codes_total", "counter", "Wrong access codes.", parts.access.wrong),
        (
            "deltaboard_throttled_codes_total",
            "counter",
            "Access codes refused unread.",
            parts.access.throttled,
        ),
    )
    lines = [
        *head("deltaboard_info", "gauge", "The version that runs."),
        line("deltaboard_info", 1, {"version": __version__}),
        *(text for figure in figures for text in single(*figure)),
        *parts.metrics.requests_text(),
        *parts.metrics.process_text(),
    ]
    return PlainTextResponse("\n".join(lines) + "\n", media_type=CONTENT_TYPE)
