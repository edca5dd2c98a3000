"""A town that is looked after: when everybody has gone, nobody is left in it, nothing runs, nothing went wrong."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from cast import PATIENCE, SILENCE, Socket, Town, running
from parlance.core.model.limits import Limits
from parlance.gateway.platform_visit import Visit
from parlance.realtime.connection import Connection
from parlance.realtime.outbox import Transport

_OFTEN = 0.005


@asynccontextmanager
async def watched(data_dir: Path, limits: Limits | None = None, **settings: Any) -> AsyncIterator[Town]:
    """`cast.running`; fails if something was logged as an error, a connection stayed in the books, or a task runs."""
    with _no_errors():
        async with running(data_dir, limits, **settings) as town:
            yield town
            for socket in town.sockets:
                await socket.ws.close()
            await nobody_left(town)
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        assert [] == left, left


async def nobody_left(town: Town) -> None:
    """Wait until the server has forgotten every connection."""
    tally, hub = town.application.tallies.sockets, town.application.hub
    await comes_true(lambda: 0 == tally.connections == tally.clients, "every socket is gone")
    assert [] == list(hub.everybody())
    assert ({}, {}, {}) == (hub._apps, hub._watchers, hub._watched)


async def comes_true(holds: Callable[[], bool], what: str, within: float = PATIENCE) -> None:
    """Wait, within a time, until something holds that sends no word of itself."""
    deadline = asyncio.get_running_loop().time() + within
    while not holds():
        assert asyncio.get_running_loop().time() < deadline, f"never came true: {what}"
        await asyncio.sleep(_OFTEN)


async def quiet(*sockets: Socket, types: tuple[str, ...] = ()) -> bool:
    """Whether nothing unasked (of these types, or at all) has come to the sockets, after all of them were served.

    Frames leave in the order of commits and each connection's in one line, so that what was to come before the
    answer to a ping has come with it; a moment is added for what should not come at all.
    """
    await asyncio.sleep(SILENCE)
    for socket in sockets:
        await socket.request("ping")
    unasked = [frame for socket in sockets for frame in socket.unread]
    return not [frame for frame in unasked if not types or frame["type"] in types]


def way_out(connection: Connection) -> Transport:
    """The way out of a connection of the platform's protocol, from the server's side."""
    assert isinstance(connection, Visit)
    return connection.outbox._transport


def cut(socket: Socket) -> None:
    """Lose a connection: no goodbye, no last words."""
    connection = socket.ws._response.connection
    assert connection is not None
    assert connection.transport is not None
    connection.transport.abort()


def refusal(frame: dict[str, Any]) -> tuple[str, int]:
    """Type and code of an `error` frame."""
    return frame["type"], frame["data"]["code"]


def refused(code: int) -> tuple[str, int]:
    """What `refusal` is expected to be."""
    return "error", code


@contextmanager
def _no_errors() -> Iterator[None]:
    """Fails if anything, ours or a library's, was logged as an error."""
    handler = _Collecting()
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        with capture_logs() as lines:
            yield
    finally:
        root.removeHandler(handler)
    ours = [line for line in lines if line["log_level"] in {"error", "critical"}]
    assert not ours, ours
    assert not handler.lines, handler.lines


class _Collecting(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line."""
        self.lines.append(self.format(record))
