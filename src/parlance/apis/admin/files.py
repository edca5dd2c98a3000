"""What was uploaded."""

import msgspec

from parlance.apis.admin import examples
from parlance.apis.admin.desk import Call
from parlance.apis.admin.envelope import Done
from parlance.core.actions.catalogue import Actions
from parlance.core.model.stored_file import StoredFile
from parlance.web.paging import asked
from parlance.web.routes import Operation

TAG = "Admin: files"
ROWS = 50


class FilesWanted(msgspec.Struct, frozen=True):
    """Which page of them."""

    page: int | None = None
    size: int | None = None


class FileShown(msgspec.Struct):
    """A file, and where it can be fetched."""

    key: str
    name: str
    content_type: str
    size: int
    uploader: str | None
    created_at: int
    path: str


class FilesFound(msgspec.Struct):
    """A page of them, newest first; `bytes` of all together."""

    files: list[FileShown]
    total: int
    bytes: int
    page: int
    pages: int


class FileNamed(msgspec.Struct, frozen=True):
    """By its key."""

    key: str


class Files:
    """The calls about them."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def list(self, call: Call[FilesWanted]) -> FilesFound:
        """GET /admin/apps/{app_id}/files."""
        found = await self._actions.list_files(call.caller, asked(call.fields.page, call.fields.size, ROWS))
        page = found.page
        return FilesFound(
            [_shown(file) for file in page.rows], page.total, found.bytes, page.asked.number, page.last_number
        )

    async def delete(self, call: Call[FileNamed]) -> Done:
        """DELETE /admin/apps/{app_id}/files."""
        opened = await self._actions.open_file(call.fields.key)
        call.note = f"{opened.file.name} ({call.fields.key})"
        await self._actions.discard_file(call.caller, opened.file)
        return Done()


def _shown(file: StoredFile) -> FileShown:
    return FileShown(
        file.key, file.name, file.content_type, file.size, file.uploader, file.created_at, f"/storage/{file.key}"
    )


LIST = Operation(answer_example=examples.FILES, summary="List what was uploaded", tag=TAG)
DELETE = Operation(
    answer_example=examples.DONE,
    summary="Delete a file",
    tag=TAG,
    description="Messages that point to it stay; the address leads nowhere.",
)
