"""What was last seen of things at the place they came from."""

from collections.abc import Collection, Mapping

from parlance.core.model.origin import Noun
from parlance.kernel.ids import AppId
from parlance.stores.sql.engine import Executor, Statement

_OF = (
    "SELECT name, state FROM origins WHERE app_id = $1 AND noun = $2"
    " AND name IN (SELECT value FROM EACH_TEXT($3) AS each)"
)
_PUT = (
    "INSERT INTO origins (app_id, noun, name, state) VALUES ($1, $2, $3, $4)"
    " ON CONFLICT (app_id, noun, name) DO UPDATE SET state = excluded.state"
)


class SqlOrigins:
    """See `core/ports/origins.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def of(self, app_id: AppId, noun: Noun, names: Collection[str]) -> dict[str, str]:
        """See `Origins.of`."""
        asked = [name for name in names if "\x00" not in name]
        return dict(await self._executor.rows(_OF, app_id, noun, asked)) if asked else {}

    async def put(self, app_id: AppId, noun: Noun, states: Mapping[str, str]) -> None:
        """See `Origins.put`."""
        statements: list[Statement] = [(_PUT, (app_id, noun, name, state)) for name, state in states.items()]
        if statements:
            await self._executor.change_together(statements)
