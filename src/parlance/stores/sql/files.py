"""The records of uploaded files."""

from parlance.core.model.stored_file import StoredFile
from parlance.kernel.ids import AppId
from parlance.kernel.pages import Page, PageAsked
from parlance.stores.sql.engine import Executor

COLUMNS = "app_id, key, name, content_type, size, created_at, uploader"
_ADD = f"INSERT INTO files ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)"
_DELETE = "DELETE FROM files WHERE key = $1"
_FIND = f"SELECT {COLUMNS} FROM files WHERE key = $1"
_TOTAL = "SELECT count(*), coalesce(sum(size), 0) FROM files WHERE app_id = $1"
_PAGE = f"SELECT {COLUMNS} FROM files WHERE app_id = $1 ORDER BY created_at DESC, key LIMIT $2 OFFSET $3"


class SqlFiles:
    """See `core/ports/files.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def add(self, file: StoredFile) -> None:
        """See `Files.add`."""
        await self._executor.change(
            _ADD, file.app_id, file.key, file.name, file.content_type, file.size, file.created_at, file.uploader
        )

    async def find(self, key: str) -> StoredFile | None:
        """See `Files.find`."""
        rows = await self._executor.rows(_FIND, key)
        return StoredFile(*rows[0]) if rows else None

    async def delete(self, key: str) -> None:
        """See `Files.delete`."""
        await self._executor.change(_DELETE, key)

    async def page(self, app_id: AppId, asked: PageAsked) -> tuple[Page[StoredFile], int]:
        """See `Files.page`."""
        total, rows = await self._executor.rows_together(
            [(_TOTAL, (app_id,)), (_PAGE, (app_id, asked.size, asked.offset))]
        )
        count, size = total[0]
        return Page([StoredFile(*row) for row in rows], count, asked), int(size)
