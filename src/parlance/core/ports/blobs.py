"""Where file bytes lie."""

from collections.abc import AsyncIterator
from typing import Protocol


class Blobs(Protocol):
    """Bytes by key. Keys are made here (`uploads/<32 hex>.<ext>`), never taken from outside: others are a ValueError.

    All of it raises UNAVAILABLE if the place cannot be reached.
    """

    async def put(self, key: str, chunks: AsyncIterator[bytes]) -> int:
        """Keep the bytes durably; answer how many. All of them or, if the iterator raises, none."""

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to, not including, `end`, in chunks. Raises UNKNOWN_FILE if there are none."""

    async def delete(self, key: str) -> None:
        """Forget them; no error if there are none."""

    async def exists(self, key: str) -> bool:
        """Whether there is something at that key."""
