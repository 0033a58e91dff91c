"""What the routes share: the settings, the sessions and the compute thread of one application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from fastapi import Request

from app.access import Access
from app.gate import Gate
from app.metrics import Metrics
from app.runner import Runner
from app.settings import Settings
from app.store import Handle, SessionStore

Result = TypeVar("Result")


@dataclass
class Phase:
    """Where the server stands between its start and its end; the event loop's."""

    name: Literal["starting", "running", "stopping"] = "starting"


@dataclass(frozen=True)
class Services:
    """The parts of one running application."""

    settings: Settings
    runner: Runner
    store: SessionStore
    access: Access
    gate: Gate
    # Those of open streams, only to be counted; the event loop's.
    readers: set[object] = field(default_factory=set)
    metrics: Metrics = field(default_factory=Metrics)
    phase: Phase = field(default_factory=Phase)

    def ready(self) -> str | None:
        """Return why the server is not to be sent requests now, None where it may be."""
        return self.store.ready() if self.phase.name == "running" else self.phase.name

    async def on_session(self, id: str, command: Callable[[Handle], Result]) -> Result:
        """Run a command in the compute thread, after the session's earlier ones; 404 if unknown."""
        handle = self.store.get(id)
        async with handle.lock:
            return await self.runner.run(lambda: command(handle))


def services(request: Request) -> Services:
    """Return the parts of the application that serves this request."""
    found = request.app.state.services
    assert isinstance(found, Services)
    return found
