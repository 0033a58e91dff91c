"""What the routes share: the settings, the sessions and the compute thread of one application."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from fastapi import Request

from app.access import Access
from app.gate import Gate
from app.keeping import Keeper
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
    keeper: Keeper
    # Those of open streams, only to be counted; the event loop's.
    readers: set[object] = field(default_factory=set)
    metrics: Metrics = field(default_factory=Metrics)
    phase: Phase = field(default_factory=Phase)

    def ready(self) -> str | None:
        """Return why the server is not to be sent requests now, None where it may be."""
        return self.keeper.ready() if self.phase.name == "running" else self.phase.name

    async def on_session(self, id: str, command: Callable[[Handle], Result]) -> Result:
        """Run a command in the compute thread, after the session's earlier ones; 404 if unknown.

        What it has changed is stored before its result is there; if that cannot be, nothing has changed and
        507 or 503 says so.
        """
        handle = self.store.get(id)

        def carry_out() -> Result:
            handle.require_kept()
            result = command(handle)
            self.keeper.changed(handle)
            return result

        async with handle.lock:
            result = await self.runner.run(carry_out)
        self.store.weighed(handle)
        return result

    async def keep(self, handles: Sequence[Handle], command: Callable[[], Result]) -> Result:
        """Return the command's result once the new sessions are stored; if that fails, there are none."""

        def carry_out() -> Result:
            result = command()
            for handle in handles:
                self.keeper.changed(handle)
            return result

        try:
            result = await self.runner.run(carry_out)
        except BaseException:
            for handle in handles:
                handle.gone = True
                self.store.delete(handle.id)
            raise
        for handle in handles:
            self.store.weighed(handle)
        return result


def services(request: Request) -> Services:
    """Return the parts of the application that serves this request."""
    found = request.app.state.services
    assert isinstance(found, Services)
    return found
