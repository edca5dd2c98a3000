"""Membership."""

from collections.abc import Collection, Mapping

from parlance.core.model.member import OWNER, PLAIN, Arrival, MemberMark, Role, Standing, Unread
from parlance.core.model.restriction import Restriction
from parlance.kernel.ids import AppId, ClientId
from parlance.stores.sql import restrictions
from parlance.stores.sql.engine import Executor, Row, Statement, Value
from parlance.stores.sql.schema import IN, LEFT
from parlance.stores.sql.unread import find_unread

# A batch of messages takes a conversation's height first, and then marks: whoever changes members does so, too.
_ALONE = "SELECT 1 FROM heights WHERE conversation = $1 FOR_UPDATE"
# Who came in the same moment: who has more to say first.
_OF = (
    "SELECT client_id, role FROM members"
    f" WHERE conversation = $1 AND status = {IN} ORDER BY joined_at, role DESC, client_id"
)
# Of one moment, and in one go: every conversation that somebody speaks in is read so.
_OF_WITH_RESTRICTIONS = (
    "SELECT conversation, client_id, role, NULL, NULL, joined_at FROM members"
    f" WHERE conversation IN (SELECT value FROM EACH_NUMBER($1) AS each) AND status = {IN}"
    " UNION ALL SELECT conversation, client_id, NULL, silenced_until, blocked, NULL FROM restrictions"
    f" WHERE conversation IN (SELECT value FROM EACH_NUMBER($1) AS each) AND {restrictions.RESTRICTING}"
    " ORDER BY 6, 3 DESC, 2"
)
_NAMES = (
    "SELECT conversation, client_id FROM members"
    f" WHERE conversation IN (SELECT value FROM EACH_NUMBER($1) AS each) AND status = {IN}"
    " ORDER BY conversation, joined_at, role DESC, client_id"
)
_AMONG = (
    "SELECT conversation FROM members WHERE conversation IN (SELECT value FROM EACH_NUMBER($1) AS each)"
    f" AND client_id = $2 AND status = {IN}"
)
_JOINED = (
    "SELECT client_id, joined_seq FROM members"
    f" WHERE conversation = $1 AND status = {IN} AND client_id IN (SELECT value FROM EACH_TEXT($2) AS each)"
)
_ALIASES = f"SELECT client_id, alias FROM members WHERE conversation = $1 AND status = {IN} AND alias <> ''"
_JOIN = (
    "INSERT INTO members (conversation, client_id, app_id, role, status,"
    " joined_seq, read_seq, joined_at, changed_at, changed_by)"
    f" SELECT h.conversation, each.value, c.app_id, $1, {IN}, h.last_seq, h.last_seq, $2, $3, $4"
    " FROM heights h JOIN conversations c ON c.id = h.conversation CROSS JOIN EACH_TEXT($5) AS each"
    " WHERE h.conversation = $6"
    " ON CONFLICT (conversation, client_id) DO UPDATE SET role = excluded.role,"
    " alias = excluded.alias, status = excluded.status, joined_seq = excluded.joined_seq,"
    " read_seq = excluded.read_seq, read_at = NULL, delivered_seq = 0, delivered_at = NULL,"
    " joined_at = excluded.joined_at, changed_at = excluded.changed_at, changed_by = excluded.changed_by, muted = 0"
    f" WHERE members.status <> {IN} RETURNING client_id"
)
_LEAVE = (
    f"UPDATE members SET status = {LEFT}, changed_at = $1, changed_by = $2 WHERE conversation = $3"
    f" AND client_id IN (SELECT value FROM EACH_TEXT($4) AS each) AND status = {IN} RETURNING client_id"
)
_SET_ALIAS = (
    f"UPDATE members SET alias = $1 WHERE conversation = $2 AND client_id = $3 AND status = {IN} RETURNING client_id"
)
_SET_STANDING = (
    "UPDATE members SET role = $1, changed_at = $2"
    f" WHERE conversation = $3 AND client_id = $4 AND status = {IN} RETURNING client_id"
)
_SET_MUTED = (
    f"UPDATE members SET muted = $1 WHERE conversation = $2 AND client_id = $3 AND status = {IN} RETURNING client_id"
)
_MUTED = (
    "SELECT conversation, client_id FROM members"
    f" WHERE conversation IN (SELECT value FROM EACH_NUMBER($1) AS each) AND status = {IN} AND muted = 1"
    " ORDER BY conversation, joined_at, client_id"
)
# What was read has arrived, and moves no second mark; what had arrived before it was read did so then.
_MARKS = (
    "SELECT client_id, read_seq, read_at, CASE WHEN delivered_seq > read_seq THEN delivered_seq ELSE read_seq END,"
    " CASE WHEN delivered_seq >= read_seq THEN delivered_at ELSE read_at END"
    f" FROM members WHERE conversation = $1 AND status = {IN} ORDER BY client_id"
)
_ARRIVALS = (
    f"SELECT client_id, joined_seq, joined_at, CASE WHEN status = {LEFT} THEN changed_at END, read_seq, read_at,"
    " CASE WHEN delivered_seq > read_seq THEN delivered_seq ELSE read_seq END,"
    " CASE WHEN delivered_seq >= read_seq THEN delivered_at ELSE read_at END"
    f" FROM members WHERE conversation = $1 AND (joined_seq < $2 OR status <> {LEFT})"
    " ORDER BY joined_at, client_id LIMIT $3"
)
_SUBSCRIBERS = (
    f"SELECT client_id, joined_at FROM members WHERE conversation = $1 AND status = {IN} AND client_id > $2"
    " ORDER BY client_id LIMIT $3"
)
_STANDINGS = (PLAIN, Standing(role=Role.ADMIN), OWNER)
"""By their roles: one object for all who stand alike."""


class SqlMembers:
    """See `core/ports/members.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def of(self, conversation: int) -> dict[ClientId, Standing]:
        """See `Members.of`."""
        rows = await self._executor.rows(_OF, conversation)
        return {client_id: _STANDINGS[role] for client_id, role in rows}

    async def with_restrictions(
        self, conversation: int
    ) -> tuple[dict[ClientId, Standing], dict[ClientId, Restriction]]:
        """See `Members.with_restrictions`."""
        return (await self.each_with_restrictions([conversation]))[conversation]

    async def each_with_restrictions(
        self, conversations: Collection[int]
    ) -> dict[int, tuple[dict[ClientId, Standing], dict[ClientId, Restriction]]]:
        """As `with_restrictions`, of each of several; empty ones are not left out."""
        found: dict[int, tuple[dict[ClientId, Standing], dict[ClientId, Restriction]]]
        found = {conversation: ({}, {}) for conversation in conversations}
        rows = await self._executor.rows(_OF_WITH_RESTRICTIONS, list(conversations)) if conversations else []
        for conversation, client_id, role, silenced_until, blocked, _ in rows:
            standings, restricted = found[conversation]
            if role is None:
                restricted[client_id] = Restriction(silenced_until, blocked == 1)
            else:
                standings[client_id] = _STANDINGS[role]
        return found

    async def names(self, conversations: Collection[int]) -> dict[int, list[ClientId]]:
        """See `Members.names`."""
        return _grouped(await self._executor.rows(_NAMES, list(conversations)))

    async def among(self, conversations: Collection[int], client_id: ClientId) -> set[int]:
        """See `Members.among`."""
        return {number for (number,) in await self._executor.rows(_AMONG, list(conversations), client_id)}

    async def joined(self, conversation: int, clients: Collection[ClientId]) -> dict[ClientId, int]:
        """See `Members.joined`."""
        return dict(await self._executor.rows(_JOINED, conversation, list(clients)))

    async def aliases(self, conversation: int) -> dict[ClientId, str]:
        """See `Members.aliases`."""
        return dict(await self._executor.rows(_ALIASES, conversation))

    async def join(
        self, conversation: int, standings: Mapping[ClientId, Standing], at: int, by: ClientId | None = None
    ) -> list[ClientId]:
        """See `Members.join`."""
        stamp = self._executor.stamp(at)
        # Nearly everybody stands alike, so this is one statement or two.
        alike: dict[Standing, list[ClientId]] = {}
        for client_id, standing in standings.items():
            alike.setdefault(standing, []).append(client_id)
        statements: list[Statement] = [
            (_JOIN, (standing.role, at, stamp, by, clients, conversation)) for standing, clients in alike.items()
        ]
        _, *changed = await self._executor.change_together([(_ALONE, (conversation,)), *statements])
        joined = {client for rows in changed for (client,) in rows}
        return [client for client in standings if client in joined]

    async def leave(
        self, conversation: int, client_ids: Collection[ClientId], at: int, by: ClientId | None = None
    ) -> list[ClientId]:
        """See `Members.leave`."""
        values = (self._executor.stamp(at), by, conversation, list(client_ids))
        rows = await self._changed(conversation, _LEAVE, values)
        gone = {client for (client,) in rows}
        return [client for client in dict.fromkeys(client_ids) if client in gone]

    async def set_alias(self, conversation: int, client_id: ClientId, alias: str) -> bool:
        """See `Members.set_alias`."""
        return bool(await self._changed(conversation, _SET_ALIAS, (alias, conversation, client_id)))

    async def set_standing(self, conversation: int, client_id: ClientId, standing: Standing, at: int) -> bool:
        """See `Members.set_standing`."""
        stamp = self._executor.stamp(at)
        return bool(await self._changed(conversation, _SET_STANDING, (standing.role, stamp, conversation, client_id)))

    async def set_muted(self, conversation: int, client_id: ClientId, *, muted: bool) -> bool:
        """See `Members.set_muted`."""
        return bool(await self._changed(conversation, _SET_MUTED, (int(muted), conversation, client_id)))

    async def muted(self, conversations: Collection[int]) -> dict[int, list[ClientId]]:
        """See `Members.muted`."""
        return _grouped(await self._executor.rows(_MUTED, list(conversations)))

    async def marks(self, conversation: int) -> list[MemberMark]:
        """See `Members.marks`."""
        return [MemberMark(*row) for row in await self._executor.rows(_MARKS, conversation)]

    async def arrivals(self, conversation: int, seq: int, most: int) -> list[Arrival]:
        """See `Members.arrivals`."""
        return [Arrival(*row) for row in await self._executor.rows(_ARRIVALS, conversation, seq, most)]

    async def subscribers(self, conversation: int, after: ClientId | None, most: int) -> list[tuple[ClientId, int]]:
        """See `Members.subscribers`."""
        rows = await self._executor.rows(_SUBSCRIBERS, conversation, after or "", most)
        return [(client_id, joined_at) for client_id, joined_at in rows]

    async def unread(self, app_id: AppId, client_id: ClientId, since: int, at: int, most: int) -> list[Unread]:
        """See `Members.unread`."""
        return await find_unread(self._executor, app_id, client_id, since, at, most)

    async def _changed(self, conversation: int, text: str, values: tuple[Value, ...]) -> list[Row]:
        _, rows = await self._executor.change_together([(_ALONE, (conversation,)), (text, values)])
        return rows


def _grouped(rows: list[Row]) -> dict[int, list[ClientId]]:
    """Clients by their conversations."""
    found: dict[int, list[ClientId]] = {}
    for conversation, client_id in rows:
        found.setdefault(conversation, []).append(client_id)
    return found
