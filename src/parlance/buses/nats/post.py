"""The connection to NATS, which mends itself.

Rule: nothing here waits but the task that writes. While NATS is away nothing is kept for it: who comes back begins
anew with everybody (`links.py`).
"""

import asyncio
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

DEFAULT_PREFIX = "parlance"
LARGEST_BACKLOG = 16 * 1024 * 1024
"""Bytes that may wait for a NATS that is slow; over it, they are given up and everybody begins anew."""
_EVERYBODY = "everybody"
_DIAL = 3
_AGAIN = 0.25
"""Seconds between two attempts to find NATS again."""
_PING, _SILENT_PINGS = 2, 2
_LAST_WORDS = 2.0

Received = Callable[[bytes], None]


class Post:
    """Sends and receives for the server called `name`.

    `url` is nats://HOST:PORT, several separated by commas, with a path if more than one installation uses it.
    `came_back` is called when NATS can be reached (again).
    """

    def __init__(self, url: str, name: str, parcels: Received, beats: Received, came_back: Callable[[], None]) -> None:
        self._servers, self.prefix = _parted(url)
        self._name = name
        self._parcels = parcels
        self._beats = beats
        self._came_back = came_back
        self._client = Client()
        self._waiting: deque[tuple[str, bytes]] = deque()
        self._size = 0
        self._wake = asyncio.Event()
        self._opened = False
        self._over = False
        self._finding: asyncio.Task[None] | None = None
        """Who looks for NATS."""
        self.overflowed = 0

    @property
    def connected(self) -> bool:
        """Whether NATS can be reached, as far as is known."""
        return self._opened and self._client.is_connected

    async def run(self) -> None:
        """Find NATS, however long that takes, then write what is to be sent, until cancelled."""
        try:
            await self._find()
            while not self._over:
                await self._wake.wait()
                self._wake.clear()
                await self._write()
        finally:
            # It may have been found when nobody wanted it any more.
            await self._let_go()

    async def _find(self) -> None:
        self._finding = asyncio.current_task()
        await self._client.connect(
            self._servers,
            name=f"parlance {self._name}",
            no_echo=True,
            connect_timeout=_DIAL,
            reconnect_time_wait=_AGAIN,  # type: ignore[arg-type]
            max_reconnect_attempts=-1,
            ping_interval=_PING,
            max_outstanding_pings=_SILENT_PINGS,
            error_cb=self._failed,
            disconnected_cb=self._went,
            reconnected_cb=self._came,
        )
        if not self._over:
            await self._client.subscribe(f"{self.prefix}.to.{self._name}", cb=self._parcel_came)
            await self._client.subscribe(f"{self.prefix}.{_EVERYBODY}", cb=self._beat_came)
            await self._noted()
        if not self._over:
            self._opened = True
            await self._came()

    async def _noted(self) -> None:
        """Wait until NATS knows what is to come here, should it go away again before it does."""
        while True:
            try:
                await self._client.flush(_DIAL)
            except TimeoutError:
                continue
            return

    def send(self, to: str, data: bytes) -> bool:
        """Have something sent to one server; False if it cannot be, now."""
        return self._put(f"{self.prefix}.to.{to}", data)

    def say(self, data: bytes) -> bool:
        """Have something sent to every server."""
        return self._put(f"{self.prefix}.{_EVERYBODY}", data)

    async def close(self) -> None:
        """Send what waits, if that can be done, and let go."""
        if self.connected:
            try:
                async with asyncio.timeout(_LAST_WORDS):
                    await self._write()
                    await self._client.flush()
            except Exception:  # noqa: BLE001 - whatever it is, the others will notice by themselves
                _log.warning("NATS did not take the last words")
        self._opened, self._over = False, True
        await self._let_go()

    async def _let_go(self) -> None:
        if not self._client.is_closed:
            try:
                await self._client.close()
            except Exception:  # noqa: BLE001 - it may break while it is let go, and the client writes to it all the same
                _log.warning("NATS was let go of as it broke")

    def _put(self, subject: str, data: bytes) -> bool:
        if not self.connected:
            return False
        if self._size > LARGEST_BACKLOG:
            self._give_up()
            self.overflowed += 1
            return False
        self._waiting.append((subject, data))
        self._size += len(data)
        self._wake.set()
        return True

    async def _write(self) -> None:
        waiting = self._waiting
        while waiting:
            subject, data = waiting.popleft()
            self._size -= len(data)
            try:
                await self._client.publish(subject, data)
            except Exception as error:  # noqa: BLE001 - what is lost is noticed by its number
                _log.warning("NATS did not take a parcel", error=str(error))

    def _give_up(self) -> None:
        self._waiting.clear()
        self._size = 0

    async def _parcel_came(self, message: Msg) -> None:
        self._received(self._parcels, message)

    async def _beat_came(self, message: Msg) -> None:
        self._received(self._beats, message)

    def _received(self, receive: Received, message: Msg) -> None:
        try:
            receive(message.data)
        except Exception:  # noqa: BLE001 - what cannot be read must not keep the rest from being read
            _log.exception("a parcel could not be read", subject=message.subject)

    async def _went(self) -> None:
        self._give_up()
        if self._opened:
            _log.warning("NATS is away")

    async def _came(self) -> None:
        if self._opened:
            _log.info("NATS is here")
            try:
                self._came_back()
            except Exception:  # noqa: BLE001 - it would end the client's own task, which finds NATS again
                _log.exception("the others could not be told")

    async def _failed(self, error: Exception) -> None:
        if self._over and asyncio.current_task() is self._finding:
            # Whoever is cancelled in the very moment in which it reaches NATS does not hear of it, and tries for ever.
            raise asyncio.CancelledError
        _log.warning("NATS", error=str(error) or type(error).__name__)


def _parted(url: str) -> tuple[list[str], str]:
    """The servers' addresses, and the word that all subjects begin with."""
    servers: list[str] = []
    prefix = DEFAULT_PREFIX
    for each in url.split(","):
        parts = urlsplit(each.strip())
        if parts.path.strip("/"):
            prefix = parts.path.strip("/")
        servers.append(urlunsplit((parts.scheme, parts.netloc, "", "", "")))
    return servers, prefix
