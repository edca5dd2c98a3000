"""What waits to be written to a connection, and the one write in which it leaves.

Invariants:
- Everything that a connection gets from one turn of the loop (one commit, that is) leaves in one write.
- An outbox never holds more than one turn's frames: what the socket does not take at once waits in its
  transport, and when more than the limit waits there, the connection is given up.
"""

from collections.abc import Callable
from typing import Protocol

import structlog

from parlance.kernel.tallies import SocketTally

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Transport(Protocol):
    """The way out of a socket."""

    def write(self, data: bytes) -> None:
        """Send whole frames; never waits."""

    def unsent(self) -> int:
        """How many bytes wait because the peer reads too slowly."""


class Flusher:
    """Knows which outboxes have something, and empties them at the end of the turn.

    `soon` has a function called once the present turn's work is done.
    """

    def __init__(self, soon: Callable[[Callable[[], None]], object]) -> None:
        self._soon = soon
        self._filled: list[Outbox] = []

    def add(self, outbox: "Outbox") -> None:
        """Take note of an outbox that was empty and is not any more."""
        if not self._filled:
            self._soon(self.flush)
        self._filled.append(outbox)

    def flush(self) -> None:
        """Write everything out, each connection once."""
        filled, self._filled = self._filled, []
        for outbox in filled:
            try:
                outbox.flush()
            except Exception:  # noqa: BLE001 - a socket that cannot be written must not silence the others
                _log.exception("outbox failed")


class Outbox:
    """The frames a connection is to get. `limit` is in bytes; `overflowed` is called when it is passed."""

    __slots__ = ("_flusher", "_frames", "_limit", "_overflowed", "_tally", "_transport")

    def __init__(
        self, transport: Transport, flusher: Flusher, limit: int, overflowed: Callable[[], None], tally: SocketTally
    ) -> None:
        self._transport = transport
        self._flusher = flusher
        self._limit = limit
        self._overflowed = overflowed
        self._tally = tally
        self._frames: list[bytes] = []

    @property
    def unsent(self) -> int:
        """How many bytes were written and wait because the peer reads too slowly."""
        return self._transport.unsent()

    def put(self, frame: bytes) -> None:
        """Add a whole frame, header and all."""
        if not self._frames:
            self._flusher.add(self)
        self._frames.append(frame)

    def flush(self) -> None:
        """Write what is there, in one piece."""
        frames = self._frames
        if not frames:
            return
        self._frames = []
        if self._transport.unsent() > self._limit:
            self._tally.overflowed += 1
            self._overflowed()
            return
        data = frames[0] if len(frames) == 1 else b"".join(frames)
        self._tally.frames_out += len(frames)
        self._tally.bytes_out += len(data)
        self._transport.write(data)
