"""What is kept of one client, wherever it lies."""

from collections.abc import Collection

from parlance.core.model.conversation import ABILITIES, Kind
from parlance.core.model.member import Role
from parlance.core.model.message import Message
from parlance.core.model.origin import Noun
from parlance.core.model.record import Stay
from parlance.core.model.stored_file import StoredFile
from parlance.kernel.ids import AppId, ClientId, ConvId
from parlance.stores.sql.engine import Executor
from parlance.stores.sql.files import COLUMNS as FILE_COLUMNS
from parlance.stores.sql.messages import FORGOTTEN, SELECT, from_row
from parlance.stores.sql.schema import GONE, IN, LEFT

_STAYS = (
    "SELECT c.id, c.conv_id, c.kind, c.name, m.role, m.alias, m.joined_at,"
    f" CASE WHEN m.status = {LEFT} THEN m.changed_at ELSE c.deleted_at END, m.read_seq"
    " FROM members m JOIN conversations c ON c.id = m.conversation"
    " WHERE m.app_id = $1 AND m.client_id = $2 ORDER BY c.id"
)
_FLOORS = ", ".join(f"{kind:d}" for kind, abilities in ABILITIES.items() if abilities.open_floor)
# Where everybody may speak, who spoke need not have been written down as a member.
_SPOKE = (
    f"SELECT c.id, c.conv_id, c.kind, c.name, {Role.MEMBER:d}, '', MIN(m.created_at), MAX(m.created_at), 0"
    " FROM conversations c JOIN messages m ON m.conversation = c.id"
    f" WHERE c.app_id = $1 AND c.kind IN ({_FLOORS}) AND m.sender = $2 AND m.status <> {GONE}"
    " AND c.id NOT IN (SELECT conversation FROM members WHERE app_id = $1 AND client_id = $2)"
    " GROUP BY c.id, c.conv_id, c.kind, c.name ORDER BY c.id"
)
_SAID = (
    f"{SELECT} WHERE m.conversation = $1 AND m.sender = $2 AND m.seq > $3 AND m.status <> {GONE}"
    " ORDER BY m.seq LIMIT $4"
)
# Rare, and of one app: an index would cost every upload.
_UPLOADS = f"SELECT {FILE_COLUMNS} FROM files WHERE app_id = $1 AND uploader = $2 ORDER BY created_at, key"
_RESTRICTED = (
    "SELECT c.conv_id, r.silenced_until, r.blocked FROM restrictions r JOIN conversations c ON c.id = r.conversation"
    " WHERE r.app_id = $1 AND r.client_id = $2 AND (r.silenced_until > 0 OR r.blocked = 1) ORDER BY c.id"
)
_FORGET_MESSAGES = (
    f"UPDATE messages SET {FORGOTTEN} WHERE conversation = $1"
    " AND id IN (SELECT value FROM EACH_NUMBER($2) AS each) RETURNING seq"
)
_FORGET_ADDRESSEES = (
    "DELETE FROM addressees WHERE conversation = $1 AND seq IN (SELECT value FROM EACH_NUMBER($2) AS each)"
)
_IN_THE_APP = "conversation IN (SELECT id FROM conversations WHERE app_id = $1)"
_FORGET = (
    f"DELETE FROM members WHERE app_id = $1 AND client_id = $2 AND status <> {IN}",
    "DELETE FROM restrictions WHERE app_id = $1 AND client_id = $2",
    "DELETE FROM tag_holders WHERE app_id = $1 AND client_id = $2",
    "DELETE FROM provider_tokens WHERE app_id = $1 AND client_id = $2",
    "DELETE FROM enrolments WHERE app_id = $1 AND client_id = $2",
    f"DELETE FROM origins WHERE app_id = $1 AND name = $2 AND noun = {Noun.PERSON:d}",
    f"DELETE FROM join_requests WHERE {_IN_THE_APP} AND client_id = $2",
    f"DELETE FROM code_attempts WHERE {_IN_THE_APP} AND client_id = $2",
    f"DELETE FROM addressees WHERE {_IN_THE_APP} AND client_id = $2",
    f"UPDATE members SET alias = '' WHERE app_id = $1 AND client_id = $2 AND status = {IN}",
)
_EMPTY = (
    "UPDATE users SET nickname = '', avatar = '', ext = NULL, name = '', username = '', type = '', level = '',"
    " banned = 1, kicked_at = $1 WHERE app_id = $2 AND client_id = $3"
)


class SqlRecords:
    """See `core/ports/records.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def stays(self, app_id: AppId, client_id: ClientId) -> list[Stay]:
        """See `Records.stays`."""
        rows = [row for text in (_STAYS, _SPOKE) for row in await self._executor.rows(text, app_id, client_id)]
        return [Stay(row[0], row[1], Kind(row[2]), row[3], Role(row[4]), *row[5:]) for row in rows]

    async def said(self, conversation: int, client_id: ClientId, after: int, most: int) -> list[Message]:
        """See `Records.said`."""
        return [from_row(row) for row in await self._executor.rows(_SAID, conversation, client_id, after, most)]

    async def uploads(self, app_id: AppId, client_id: ClientId) -> list[StoredFile]:
        """See `Records.uploads`."""
        return [StoredFile(*row) for row in await self._executor.rows(_UPLOADS, app_id, client_id)]

    async def restricted(self, app_id: AppId, client_id: ClientId) -> list[tuple[ConvId, int, bool]]:
        """See `Records.restricted`."""
        rows = await self._executor.rows(_RESTRICTED, app_id, client_id)
        return [(conv_id, silenced_until, blocked == 1) for conv_id, silenced_until, blocked in rows]

    async def forget_messages(self, conversation: int, messages: Collection[int]) -> int:
        """See `Records.forget_messages`."""
        rows = await self._executor.change(_FORGET_MESSAGES, conversation, list(messages))
        await self._executor.change(_FORGET_ADDRESSEES, conversation, [seq for (seq,) in rows])
        return len(rows)

    async def forget(self, app_id: AppId, client_id: ClientId, at: int) -> None:
        """See `Records.forget`."""
        await self._executor.change_together(
            [*((text, (app_id, client_id)) for text in _FORGET), (_EMPTY, (at, app_id, client_id))]
        )
