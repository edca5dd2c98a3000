"""Membership."""

from collections.abc import Collection, Mapping

from parlance.core.model.member import OWNER, PLAIN, Role, Standing
from parlance.kernel.ids import ClientId
from parlance.stores.sql.engine import Executor, Statement
from parlance.stores.sql.schema import IN, LEFT

# Who came in the same moment: who has more to say first.
_OF = (
    "SELECT client_id, role, silenced_until FROM members"
    f" WHERE conversation = $1 AND status = {IN} ORDER BY joined_at, role DESC, client_id"
)
_NAMES = (
    "SELECT conversation, client_id FROM members"
    f" WHERE conversation IN (SELECT value FROM EACH_NUMBER($1) AS each) AND status = {IN}"
    " ORDER BY conversation, joined_at, role DESC, client_id"
)
_ALIASES = f"SELECT client_id, alias FROM members WHERE conversation = $1 AND status = {IN} AND alias <> ''"
_JOIN = (
    "INSERT INTO members (conversation, client_id, app_id, role, silenced_until, status,"
    " joined_seq, read_seq, joined_at, changed_at)"
    f" SELECT h.conversation, each.value, c.app_id, $1, $2, {IN}, h.last_seq, h.last_seq, $3, $4"
    " FROM heights h JOIN conversations c ON c.id = h.conversation CROSS JOIN EACH_TEXT($5) AS each"
    " WHERE h.conversation = $6"
    " ON CONFLICT (conversation, client_id) DO UPDATE SET role = excluded.role,"
    " silenced_until = excluded.silenced_until, alias = excluded.alias, status = excluded.status,"
    " joined_seq = excluded.joined_seq,"
    " read_seq = excluded.read_seq, read_at = NULL, joined_at = excluded.joined_at, changed_at = excluded.changed_at"
    f" WHERE members.status = {LEFT} RETURNING client_id"
)
_LEAVE = (
    f"UPDATE members SET status = {LEFT}, changed_at = $1 WHERE conversation = $2"
    f" AND client_id IN (SELECT value FROM EACH_TEXT($3) AS each) AND status = {IN} RETURNING client_id"
)
_SET_ALIAS = (
    f"UPDATE members SET alias = $1 WHERE conversation = $2 AND client_id = $3 AND status = {IN} RETURNING client_id"
)
_SET_STANDING = (
    "UPDATE members SET role = $1, silenced_until = $2, changed_at = $3"
    f" WHERE conversation = $4 AND client_id = $5 AND status = {IN} RETURNING client_id"
)


def _standing(role: int, silenced_until: int) -> Standing:
    if not silenced_until:
        if role == Role.MEMBER:
            return PLAIN
        if role == Role.OWNER:
            return OWNER
    return Standing(Role(role), silenced_until)


class SqlMembers:
    """See `core/ports/members.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def of(self, conversation: int) -> dict[ClientId, Standing]:
        """See `Members.of`."""
        rows = await self._executor.rows(_OF, conversation)
        return {client_id: _standing(role, silenced_until) for client_id, role, silenced_until in rows}

    async def names(self, conversations: Collection[int]) -> dict[int, list[ClientId]]:
        """See `Members.names`."""
        found: dict[int, list[ClientId]] = {}
        for conversation, client_id in await self._executor.rows(_NAMES, list(conversations)):
            found.setdefault(conversation, []).append(client_id)
        return found

    async def aliases(self, conversation: int) -> dict[ClientId, str]:
        """See `Members.aliases`."""
        return dict(await self._executor.rows(_ALIASES, conversation))

    async def join(self, conversation: int, standings: Mapping[ClientId, Standing], at: int) -> list[ClientId]:
        """See `Members.join`."""
        stamp = self._executor.stamp(at)
        # Nearly everybody stands alike, so this is one statement or two.
        alike: dict[Standing, list[ClientId]] = {}
        for client_id, standing in standings.items():
            alike.setdefault(standing, []).append(client_id)
        statements: list[Statement] = [
            (_JOIN, (standing.role, standing.silenced_until, at, stamp, clients, conversation))
            for standing, clients in alike.items()
        ]
        joined = {client for rows in await self._executor.change_together(statements) for (client,) in rows}
        return [client for client in standings if client in joined]

    async def leave(self, conversation: int, client_ids: Collection[ClientId], at: int) -> list[ClientId]:
        """See `Members.leave`."""
        rows = await self._executor.change(_LEAVE, self._executor.stamp(at), conversation, list(client_ids))
        gone = {client for (client,) in rows}
        return [client for client in dict.fromkeys(client_ids) if client in gone]

    async def set_alias(self, conversation: int, client_id: ClientId, alias: str) -> bool:
        """See `Members.set_alias`."""
        return bool(await self._executor.change(_SET_ALIAS, alias, conversation, client_id))

    async def set_standing(self, conversation: int, client_id: ClientId, standing: Standing, at: int) -> bool:
        """See `Members.set_standing`."""
        return bool(
            await self._executor.change(
                _SET_STANDING,
                standing.role,
                standing.silenced_until,
                self._executor.stamp(at),
                conversation,
                client_id,
            )
        )
