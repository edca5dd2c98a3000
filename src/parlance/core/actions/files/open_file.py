"""Hand out a file that was uploaded."""

from collections.abc import AsyncIterator

from parlance.core.model.file_types import is_file_key
from parlance.core.model.stored_file import StoredFile
from parlance.core.ports.blobs import Blobs
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode


class OpenedFile:
    """What is known of a file, and its bytes for who wants them."""

    def __init__(self, file: StoredFile, blobs: Blobs) -> None:
        self.file = file
        self._blobs = blobs

    async def read(self, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to, not including, `end`. Raises UNKNOWN_FILE if they are gone."""
        return await self._blobs.read(self.file.key, start, end)


class OpenFile:
    """Finds a file by its key. Keys cannot be guessed, so who has one may have the file."""

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self._store = store
        self._blobs = blobs

    async def __call__(self, key: str) -> OpenedFile:
        """Raises UNKNOWN_FILE."""
        file = await self._store.read.files.find(key) if is_file_key(key) else None
        if file is None:
            raise Fault(FaultCode.UNKNOWN_FILE)
        return OpenedFile(file, self._blobs)
