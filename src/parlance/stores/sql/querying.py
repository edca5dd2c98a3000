"""Conversations that are looked for by LeanCloud's columns."""

from collections.abc import Collection, Sequence

from parlance.core.model.conversation import ABILITIES, Conversation, Kind
from parlance.core.model.where.narrowing import Narrowing, Span, Texts
from parlance.core.model.where.ordering import Ordering
from parlance.kernel.ids import AppId, ClientId, ConvId
from parlance.stores.sql.conversation_rows import COLUMNS, FROM, conversation_in
from parlance.stores.sql.engine import Executor, Value
from parlance.stores.sql.schema import IN


def _kinds(kinds: list[Kind]) -> str:
    return f"({', '.join(f'{kind:d}' for kind in kinds)})"


_ROOMS = _kinds([kind for kind, abilities in ABILITIES.items() if abilities.present_members])
_SERVICES = _kinds([kind for kind, abilities in ABILITIES.items() if abilities.addressed])
_TEMPORARY = _kinds([kind for kind, abilities in ABILITIES.items() if abilities.expires])
_WITH_MEMBERS = _kinds(
    [kind for kind, abilities in ABILITIES.items() if not abilities.present_members and not abilities.addressed]
)
_UNLISTED = _kinds([kind for kind, abilities in ABILITIES.items() if abilities.the_apps_own])

# What has no time stands before all that have one, and engines disagree about NULL.
_TIMES = {
    "createdAt": "c.created_at",
    "updatedAt": "coalesce(c.updated_at, c.created_at)",
    "lm": f"coalesce(h.last_message_at, {-(1 << 62)})",
}

_SEVERAL = f"SELECT {COLUMNS} {FROM} WHERE c.id IN (SELECT value FROM EACH_NUMBER($1) AS each) AND c.deleted_at IS NULL"
_JOINED = (
    "SELECT conversation, joined_at FROM members WHERE conversation IN (SELECT value FROM EACH_NUMBER($1) AS each)"
    f" AND client_id = $2 AND status = {IN}"
)
_SUBSCRIBED = (
    "SELECT c.conv_id, m.joined_at FROM members m JOIN conversations c ON c.id = m.conversation"
    f" WHERE m.app_id = $1 AND m.client_id = $2 AND m.status = {IN} AND c.kind IN {_SERVICES}"
    f" AND c.kind NOT IN {_UNLISTED} AND c.deleted_at IS NULL"
)
_OLDEST_FIRST = (
    f"{_SUBSCRIBED} AND (m.joined_at > $3 OR (m.joined_at = $3 AND c.conv_id > $4))"
    " ORDER BY m.joined_at, c.conv_id LIMIT $5"
)
_NEWEST_FIRST = (
    f"{_SUBSCRIBED} AND (m.joined_at < $3 OR (m.joined_at = $3 AND c.conv_id < $4))"
    " ORDER BY m.joined_at DESC, c.conv_id DESC LIMIT $5"
)
_BEYOND_TIME = 1 << 62


class _Candidates:
    """The WHERE and its values, grown one part at a time."""

    def __init__(self, app_id: AppId, narrowing: Narrowing, at: int) -> None:
        self.values: list[Value] = [app_id, at]
        temporary = "" if narrowing.temporary else "NOT "
        self._parts = [
            f"c.deleted_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $2) AND c.kind NOT IN {_UNLISTED}",
            f"c.kind {temporary}IN {_TEMPORARY}",
        ]
        # Where members are named, theirs are the few to look at (and not those that a public id names): SQLite
        # would rather go through all of the app's, so it is shown an expression that no index is of.
        self._app = "c.app_id = $1"
        if narrowing.members:
            self._parts.append(f"c.kind IN {_WITH_MEMBERS}")
            if narrowing.conv_ids is None:
                self._app = "c.app_id || '' = $1"
        for texts in narrowing.members:
            self._parts.append(self._has_member(texts))
        self._one_of("c.conv_id", narrowing.conv_ids)
        self._one_of("c.name", narrowing.names)
        self._one_of("c.creator", narrowing.creators)
        self._one_of("c.unique_id", narrowing.unique_ids)
        self._within("c.created_at", narrowing.created)
        self._within("h.last_message_at", narrowing.last_message)
        self._is(_ROOMS, narrowing.rooms)
        self._is(_SERVICES, narrowing.services)

    @property
    def where(self) -> str:
        """The text behind WHERE."""
        return " AND ".join([self._app, *self._parts])

    def placeholder(self, value: Value) -> str:
        """One more value, and the name by which the text speaks of it."""
        self.values.append(value)
        return f"${len(self.values)}"

    def _has_member(self, texts: Texts) -> str:
        which = self._among("m.client_id", texts)
        return f"c.id IN (SELECT m.conversation FROM members m WHERE m.app_id = $1 AND m.status = {IN} AND {which})"

    def _among(self, column: str, texts: Texts) -> str:
        if len(texts) == 1:
            return f"{column} = {self.placeholder(texts[0])}"
        return f"{column} IN (SELECT value FROM EACH_TEXT({self.placeholder(list(texts))}) AS each)"

    def _one_of(self, column: str, texts: Texts | None) -> None:
        if texts is not None:
            self._parts.append(self._among(column, texts))

    def _within(self, column: str, span: Span | None) -> None:
        if span is not None:
            first, last = map(self.placeholder, span)
            self._parts.append(f"{column} >= {first} AND {column} <= {last}")

    def _is(self, kinds: str, yes: bool | None) -> None:
        if yes is not None:
            self._parts.append(f"c.kind {'' if yes else 'NOT '}IN {kinds}")


class SqlConversationQueries:
    """See `core/ports/conversation_queries.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def candidates(
        self, app_id: AppId, narrowing: Narrowing, ordering: Ordering | None, at: int, most: int, skip: int = 0
    ) -> list[int]:
        """See `ConversationQueries.candidates`."""
        asked = _Candidates(app_id, narrowing, at)
        order = "c.id"
        if ordering is not None:
            direction = "DESC" if ordering.descending else "ASC"
            order = f"{_TIMES[ordering.column.name]} {direction}, c.id {direction}"
        limit, offset = asked.placeholder(most), asked.placeholder(skip)
        rows = await self._executor.rows(
            f"SELECT c.id {FROM} WHERE {asked.where} ORDER BY {order} LIMIT {limit} OFFSET {offset}", *asked.values
        )
        return [number for (number,) in rows]

    async def several(self, conversations: Sequence[int]) -> list[Conversation]:
        """See `ConversationQueries.several`."""
        rows = await self._executor.rows(_SEVERAL, list(conversations))
        found = {row[0]: conversation_in(row) for row in rows}
        return [found[number] for number in conversations if number in found]

    async def joined(self, conversations: Collection[int], client_id: ClientId) -> dict[int, int]:
        """See `ConversationQueries.joined`."""
        return dict(await self._executor.rows(_JOINED, list(conversations), client_id))

    async def subscriptions(
        self, app_id: AppId, client_id: ClientId, after: tuple[int, str] | None, most: int, *, newest_first: bool
    ) -> list[tuple[ConvId, int]]:
        """See `ConversationQueries.subscriptions`."""
        time, conv_id = after or (_BEYOND_TIME if newest_first else -1, "")
        text = _NEWEST_FIRST if newest_first else _OLDEST_FIRST
        rows = await self._executor.rows(text, app_id, client_id, time, conv_id, most)
        return [(ConvId(found), joined_at) for found, joined_at in rows]
