"""The application: routes, static files, errors and guards put together."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp

from app import __version__, problems
from app.access import Access
from app.assets import Assets
from app.gate import Gate
from app.keeping import Keeper
from app.metrics import Metrics
from app.observer import Observer
from app.openapi import with_problems
from app.routes import (
    answers,
    catalog,
    data,
    descent,
    experiments,
    explanation,
    exports,
    graph,
    health,
    history,
    live,
    login,
    losses,
    matrices,
    pages,
    paths,
    perceptron,
    pictures,
    readings,
    regression,
    sessions,
    training,
)
from app.runner import Runner
from app.security import Guard
from app.services import Services
from app.settings import Settings
from app.storage.place import data_directory, own_directory
from app.storage.sqlite import SqliteEngine
from app.store import Limits, SessionStore

PREFIX = "/api/v1"
DESCRIPTION = """\
Every number of backpropagation: create a session, apply updates one by one, and read the trace of each.
Weights are `(n_in, n_out)`. A number that is not finite is `null`, with its kind under its JSON pointer in
`nonfinite`. Errors are `application/problem+json`, in English or Korean (`?lang=` or `Accept-Language`).
A server with an access code wants it with every call, as `Authorization: Bearer CODE`."""


class Application(FastAPI):
    """FastAPI with the guard around everything, error replies of the framework included."""

    def __init__(self, settings: Settings, gate: Gate, metrics: Metrics) -> None:
        self.settings = settings
        self.gate = gate
        self.metrics = metrics
        super().__init__(
            title="Deltaboard",
            version=__version__,
            description=DESCRIPTION,
            openapi_url=f"{PREFIX}/openapi.json",
            # The framework's own reader pages load their scripts from another host.
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            lifespan=_lifespan,
        )

    def openapi(self) -> dict[str, Any]:
        """Return the API's description, made once."""
        if not self.openapi_schema:
            self.openapi_schema = with_problems(super().openapi())
        return self.openapi_schema

    def build_middleware_stack(self) -> ASGIApp:
        """Return the whole application as the server calls it."""
        guarded = Guard(super().build_middleware_stack(), self.settings, self.gate)
        return Observer(guarded, self.metrics, PREFIX)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    parts: Services = app.state.services
    parts.phase.name = "running"
    yield
    parts.phase.name = "stopping"
    await parts.runner.stop()
    parts.runner.close()
    # The compute thread has ended: what was its alone is now this one's.
    parts.keeper.close(parts.store.live)


def _services(settings: Settings, access: Access, gate: Gate, metrics: Metrics) -> Services:
    """Return the parts of an application, its store open. Raises PlaceError."""
    full: Literal["NORMAL", "FULL"] = "FULL" if settings.synchronous == "full" else "NORMAL"
    engine = SqliteEngine(data_directory(settings.data_dir), full, settings.max_store_bytes)
    keeper = Keeper(engine, settings.retry_after_seconds, settings.idempotency_keys_kept)
    limits = Limits(
        sessions=settings.max_sessions,
        live=settings.max_live_sessions,
        live_bytes=settings.max_live_bytes,
        idle_seconds=settings.session_idle_seconds,
        kept_seconds=settings.session_kept_seconds,
        retry_after=settings.retry_after_seconds,
    )
    store = SessionStore(limits, engine.ids(), keeper.read, keeper.forget)
    runner = Runner(settings.max_queued_commands, settings.retry_after_seconds, keeper)
    return Services(
        settings=settings,
        runner=runner,
        store=store,
        keeper=keeper,
        access=access,
        gate=gate,
        metrics=metrics,
    )


def _of_the_environment() -> Settings:
    """Return the settings of a server that others start: with a store, which several workers cannot share."""
    settings = Settings()
    return settings.model_copy(update={"data_dir": settings.data_dir or str(own_directory())})


def create_app(settings: Settings | None = None, access_key: bytes | None = None) -> FastAPI:
    """Return the application for these settings; without any, those of the environment.

    It has its data directory alone from now until its lifespan ends, or the process. Raises PlaceError where
    that cannot be. `access_key` makes the cookies that stand for the access code; without it they end with
    the process.
    """
    settings = settings or _of_the_environment()
    access = Access(settings, access_key)
    gate = Gate(access, settings)
    metrics = Metrics()
    app = Application(settings, gate, metrics)
    app.state.services = _services(settings, access, gate, metrics)
    problems.install(app)

    app.include_router(health.router)
    app.include_router(login.router)
    app.include_router(pages.router)
    for part in (
        catalog,
        sessions,
        data,
        training,
        explanation,
        answers,
        paths,
        matrices,
        history,
        live,
        readings,
        pictures,
        experiments,
        exports,
        descent,
        regression,
        graph,
        losses,
        perceptron,
    ):
        app.include_router(part.router, prefix=PREFIX)
    app.include_router(sessions.data_router, prefix=PREFIX)
    # Files are compressed from 1 kB on, API replies only where they are large: compressing costs more than it
    # saves on a small reply.
    app.mount("/static", GZipMiddleware(Assets(), minimum_size=1024))
    # Level 9 would take longer than making the reply, for a tenth less to send.
    app.add_middleware(GZipMiddleware, minimum_size=32 * 1024, compresslevel=4)
    return app
