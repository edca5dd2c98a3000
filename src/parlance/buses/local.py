"""The bus of an installation that is one process: who publishes calls who listens."""

from collections.abc import Sequence

import structlog

from parlance.core.model.events import Event
from parlance.core.ports.bus import Hears, Listener

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class LocalBus:
    """Implements `core.ports.bus.Bus` within a process."""

    away = False
    others = 0
    held = 0
    skew = 0

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def publish(self, events: Sequence[Event]) -> None:
        """See `Bus.publish`."""
        for listener in self._listeners:
            try:
                listener(events)
            except Exception:  # noqa: BLE001 - see below
                # A listener that fails is a bug; the others, and who published, must not suffer for it.
                _log.exception("listener failed", events=[type(event).__name__ for event in events])

    async def taken_note(self, events: Sequence[Event]) -> None:
        """There is nobody else to wait for."""

    def listen(self, listener: Listener, hears: Hears = Hears.EVERYTHING) -> None:
        """See `Bus.listen`."""
        if hears is not Hears.OTHERS:
            self._listeners.append(listener)
