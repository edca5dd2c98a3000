"""The records of uploaded files."""

from parlance.core.model.stored_file import StoredFile
from parlance.stores.sql.engine import Executor

_COLUMNS = "app_id, key, name, content_type, size, created_at, uploader"
_ADD = f"INSERT INTO files ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)"
_DELETE = "DELETE FROM files WHERE key = $1"
_FIND = f"SELECT {_COLUMNS} FROM files WHERE key = $1"


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
