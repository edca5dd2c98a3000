"""What operators did."""

from parlance.core.model.audit import AuditAsked, AuditEntry
from parlance.stores.sql.engine import Executor, Value

_COLUMNS = "id, operator, address, action, app_id, subject, outcome, detail"
_ADD = f"INSERT INTO audit ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
_SETTLE = "UPDATE audit SET outcome = $1, detail = $2 WHERE id = $3"
_PAGE = f"SELECT {_COLUMNS} FROM audit WHERE id < $1"
_PURGE = "DELETE FROM audit WHERE id < $1"
_HIGHEST = (1 << 63) - 1


class SqlAudit:
    """See `core/ports/audit.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def add(self, entry: AuditEntry) -> None:
        """See `Audit.add`."""
        await self._executor.change(
            _ADD,
            entry.id,
            entry.operator,
            entry.address,
            entry.action,
            entry.app_id,
            entry.subject,
            entry.outcome,
            entry.detail,
        )

    async def settle(self, entry: int, outcome: str, detail: str) -> None:
        """See `Audit.settle`."""
        await self._executor.change(_SETTLE, outcome, detail, entry)

    async def page(self, asked: AuditAsked, most: int) -> list[AuditEntry]:
        """See `Audit.page`."""
        text, values = _PAGE, list[Value]([_HIGHEST if asked.before is None else asked.before])
        for column, wanted in (("operator", asked.operator), ("app_id", asked.app_id), ("subject", asked.subject)):
            if wanted:
                values.append(wanted)
                text += f" AND {column} = ${len(values)}"
        if asked.actions:
            values.append(list(asked.actions))
            text += f" AND action IN (SELECT value FROM EACH_TEXT(${len(values)}) AS each)"
        values.append(most)
        rows = await self._executor.rows(f"{text} ORDER BY id DESC LIMIT ${len(values)}", *values)
        return [AuditEntry(*row) for row in rows]

    async def purge(self, before: int) -> None:
        """See `Audit.purge`."""
        await self._executor.change(_PURGE, before)
