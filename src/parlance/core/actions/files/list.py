"""An app's files."""

import msgspec

from parlance.core.model.caller import Caller
from parlance.core.model.stored_file import StoredFile
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.pages import Page, PageAsked


class FilesFound(msgspec.Struct, frozen=True):
    """Some of them, and how many bytes all have together."""

    page: Page[StoredFile]
    bytes: int


class ListFiles:
    """Shows what was uploaded, newest first."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def __call__(self, caller: Caller, asked: PageAsked) -> FilesFound:
        """Takes the backend: NOT_PERMITTED to a client."""
        if not caller.is_backend:
            raise Fault(FaultCode.NOT_PERMITTED)
        return FilesFound(*await self._store.read.files.page(caller.app.app_id, asked))
