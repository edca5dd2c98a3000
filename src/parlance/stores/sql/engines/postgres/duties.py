"""What one process of all does, and another takes over when it is gone.

A duty is a lock that a session holds. The session is asked at every turn whether it still stands: one whose process
is frozen, or cut off, ends after a quarter of a minute, and its duties are free.
"""

import asyncio

from parlance.stores.sql.engines.postgres.connections import Connection, dial_to_write

_DUTIES = 0x5061_4475
_TAKE = f"SELECT pg_try_advisory_lock({_DUTIES}, hashtext($1))"
_STANDING = "SELECT 1"


class Duties:
    """The duties of this process."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None
        self._held: set[str] = set()
        self._turn = asyncio.Lock()
        self._closed = False

    async def hold(self, duty: str) -> bool:
        """Whether it is this process's, which may have it from now on; False, too, if the database is away."""
        async with self._turn:
            if self._closed:
                return False
            try:
                return await self._take(duty)
            except Exception:  # noqa: BLE001 - whatever it is, somebody else may have the duty by now
                self._drop()
                return False

    async def close(self) -> None:
        """Give everything back."""
        async with self._turn:
            self._closed = True
            self._drop()

    async def _take(self, duty: str) -> bool:
        if self._connection is None or self._connection.is_closed():
            self._drop()
            self._connection = await dial_to_write(self._url)
        if duty in self._held:
            await self._connection.execute(_STANDING)
            return True
        if await self._connection.fetchval(_TAKE, duty):
            self._held.add(duty)
            return True
        return False

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        self._held.clear()
        if connection is not None:
            connection.terminate()
