"""Give up a file that was taken in for something that came to nothing."""

from parlance.core.model.caller import Caller
from parlance.core.model.stored_file import StoredFile
from parlance.core.ports.blobs import Blobs
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode


class DiscardFile:
    """Forgets a file that nobody has been told of: the record, then the bytes."""

    def __init__(self, store: Store, blobs: Blobs) -> None:
        self._store = store
        self._blobs = blobs

    async def __call__(self, caller: Caller, file: StoredFile) -> None:
        """Only the app whose file it is: UNKNOWN_FILE to others. Raises UNAVAILABLE."""
        if file.app_id != caller.app.app_id:
            raise Fault(FaultCode.UNKNOWN_FILE)
        async with self._store.begin() as tx:
            await tx.files.delete(file.key)
        await self._blobs.delete(file.key)
