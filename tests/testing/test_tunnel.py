"""What stands between clients and the server of a sandbox, and how it ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from cast import PATIENCE
from parlance.protocols.websocket import websocket_frame
from parlance.testing.faults import Faults
from parlance.testing.tunnel import Tunnel

UPGRADE = b"GET /im/socket HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"
SWITCHED = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"


class Behind:
    """A server that says one thing to everybody, and then listens."""

    def __init__(self, says: bytes = b"") -> None:
        self._says = says
        self._visitors = 0
        self._alone = asyncio.Event()
        self._alone.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[int]:
        """Its port."""
        async with await asyncio.start_server(self._serve, "127.0.0.1", 0) as server:
            yield server.sockets[0].getsockname()[1]

    async def alone(self) -> None:
        """Wait until nobody is connected."""
        async with asyncio.timeout(PATIENCE):
            await self._alone.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._visitors += 1
        self._alone.clear()
        writer.write(self._says)
        try:
            await reader.read()
        except ConnectionError:
            pass
        finally:
            self._visitors -= 1
            if not self._visitors:
                self._alone.set()
            writer.close()


def faults() -> Faults:
    """Switches, of which none is on."""
    return Faults(lambda _: None)


@pytest.mark.parametrize("turns", range(12))
async def test_what_is_being_made_ends_as_well(turns: int) -> None:
    """However far somebody has come who connects while it is closed, nothing of it is left."""
    behind = Behind()
    async with behind.running() as port:
        tunnel = Tunnel(port, faults())
        _, writer = await asyncio.open_connection("127.0.0.1", await tunnel.open())
        for _ in range(turns):
            await asyncio.sleep(0)
        await tunnel.close()
        await asyncio.sleep(0.01)
        await behind.alone()
        writer.close()


async def test_nobody_waits_for_a_frame_that_is_late() -> None:
    """Whom it was for is not there any more."""
    switches = faults()
    switches.delay(60 * PATIENCE, "pong")
    behind = Behind(SWITCHED + websocket_frame(b'{"type":"pong","data":{}}'))
    async with behind.running() as port:
        tunnel = Tunnel(port, switches)
        reader, writer = await asyncio.open_connection("127.0.0.1", await tunnel.open())
        writer.write(UPGRADE)
        assert SWITCHED == await reader.readexactly(len(SWITCHED))
        async with asyncio.timeout(PATIENCE):
            await tunnel.close()
        await behind.alone()
        writer.close()
