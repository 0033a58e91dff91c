"""What the routes share: the settings, the sessions and the compute thread of one application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from fastapi import Request

from app.access import Access
from app.gate import Gate
from app.runner import Runner
from app.settings import Settings
from app.store import Handle, SessionStore

Result = TypeVar("Result")


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
