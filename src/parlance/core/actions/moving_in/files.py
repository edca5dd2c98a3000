"""Taking over an app's files."""

from collections.abc import Collection

from parlance.core.actions.files.upload import Upload, UploadFile
from parlance.core.model.caller import Caller
from parlance.core.model.origin import Noun
from parlance.core.model.stored_file import StoredFile
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode


class TakeOverFiles:
    """Keeps what lay at an address elsewhere, judged as every upload is, and knows what it is called here."""

    def __init__(self, store: Store, upload: UploadFile) -> None:
        self._store = store
        self._upload = upload

    async def __call__(self, caller: Caller, address: str, upload: Upload) -> StoredFile:
        """Keep one that is not here. Raises what an upload raises, and NOT_PERMITTED (a client)."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        return await self._upload(caller, upload, address=address)

    async def keys(self, caller: Caller, addresses: Collection[str]) -> dict[str, str]:
        """The keys here of those that are here, by their addresses there."""
        return await self._store.read.origins.of(caller.app.app_id, Noun.FILE, addresses)
