"""A connection that does not wait for ever: whoever sends a request too slowly is hung up on."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


class Connection(H11Protocol):
    """uvicorn's connection with a limit on how long the head and the body of one request may take."""

    patience: float
    _receiving: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._receiving = self.loop.call_later(self.patience, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._end_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has come; a whole request ends the waiting, a part of one does not prolong it."""
        super().data_received(data)
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            if self._receiving is None:
                self._receiving = self.loop.call_later(self.patience, self._give_up)
        else:
            self._end_waiting()

    def _end_waiting(self) -> None:
        if self._receiving is not None:
            self._receiving.cancel()
            self._receiving = None

    def _give_up(self) -> None:
        self._receiving = None
        self.transport.close()


def connection(patience: float) -> type[Connection]:
    """Return the class of connections on which a whole request has to be there after so many seconds."""

    class Patient(Connection):
        pass

    Patient.patience = patience
    return Patient
