"""Where the records of uploaded files are kept; their bytes lie in the blobs."""

from typing import Protocol

from parlance.core.model.stored_file import StoredFile
from parlance.kernel.ids import AppId
from parlance.kernel.pages import Page, PageAsked


class Files(Protocol):
    """What was uploaded."""

    async def add(self, file: StoredFile) -> None:
        """Keep the record of a file."""

    async def find(self, key: str) -> StoredFile | None:
        """The file at that key. Keys are public and unguessable, so no app is asked for."""

    async def delete(self, key: str) -> None:
        """Forget the record of a file; no error if there is none."""

    async def page(self, app_id: AppId, asked: PageAsked) -> tuple[Page[StoredFile], int]:
        """An app's files, the newest first; and how many bytes all of them have together."""
