"""Conversations."""

from collections.abc import Collection, Sequence

import msgspec

from parlance.core.model.conversation import ABILITIES, Conversation, Kind, NewConversation
from parlance.core.model.member import Inbox
from parlance.core.model.search import Condition
from parlance.kernel.ids import AppId, ClientId, ConvId
from parlance.kernel.pages import Page, PageAsked
from parlance.stores.sql.conversation_rows import ADDRESSED_KINDS, COLUMNS, FROM, WIDTH, conversation_in
from parlance.stores.sql.engine import Executor, Row, Statement, Value, storable
from parlance.stores.sql.purging import purge
from parlance.stores.sql.schema import IN, LEFT
from parlance.stores.sql.searching import Question

_SELECT = f"SELECT {COLUMNS} {FROM}"

_FIND = (
    f"{_SELECT} WHERE c.app_id = $1 AND c.conv_id = $2 AND c.deleted_at IS NULL"
    " AND (c.expires_at IS NULL OR c.expires_at > $3)"
)
_FIND_MANY = (
    f"{_SELECT} WHERE c.app_id = $1 AND c.conv_id IN (SELECT value FROM EACH_TEXT($2) AS each)"
    " AND c.deleted_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $3)"
)
_FIND_DIRECT = f"{_SELECT} WHERE c.app_id = $1 AND c.direct_key = $2 AND c.deleted_at IS NULL"
_FIND_UNIQUE = (
    f"{_SELECT} WHERE c.app_id = $1 AND c.unique_id = $2 AND c.kind = $3 AND c.deleted_at IS NULL"
    " AND (c.expires_at IS NULL OR c.expires_at > $4)"
)
_FIND_GROUP = f"{_SELECT} WHERE c.app_id = $1 AND c.group_id = $2 AND c.deleted_at IS NULL"
_FIND_SYSTEM = f"{_SELECT} WHERE c.app_id = $1 AND c.kind = {Kind.SYSTEM:d}"
_GROUPS = "c.app_id = $1 AND c.group_id IS NOT NULL AND c.deleted_at IS NULL"
_GROUPS_WITHIN = f"{_GROUPS} AND c.organization_id = $2"
_GROUPS_OF = (
    "c.group_id IS NOT NULL AND c.deleted_at IS NULL AND c.id IN"
    f" (SELECT m.conversation FROM members m WHERE m.app_id = $1 AND m.client_id = $2 AND m.status = {IN})"
)
_ALIVE = "c.app_id = $1 AND c.deleted_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $2)"
_LIKE = "(LIKE_TEXT(c.conv_id, $3) OR LIKE_TEXT(c.name, $4) OR c.group_id = $5)"
_PART_OF_ID = 6
"""Characters from which on a part of an id means something: a single digit is in most of them."""
_NO_INDEX = "c.app_id || '' ="
_MEMBERS_OF = f"SELECT m.conversation FROM members m WHERE m.app_id = $1 AND m.status = {IN} AND m.client_id = ${{}}"
_FOLLOWING = (
    f"{_SELECT} WHERE c.app_id = $1 AND c.conv_id > $2 AND c.deleted_at IS NULL AND c.expires_at IS NULL"
    f" AND c.kind <> {Kind.SYSTEM:d} ORDER BY c.conv_id LIMIT $3"
)
_COUNTS = (
    "SELECT conversation, count(*) FROM members WHERE conversation IN (SELECT value FROM EACH_NUMBER($1) AS each)"
    f" AND status = {IN} GROUP BY conversation"
)
_ADD = (
    "INSERT INTO conversations (app_id, conv_id, kind, creator, created_at, capacity, ext, keep_history, expires_at,"
    " name, avatar, description, organization_id, code, notices, direct_key, group_id, columns, unique_id, open_door)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)"
    " ON CONFLICT DO NOTHING RETURNING id"
)
# What is over is unknown, and stands in nobody's way until it is deleted.
_GIVE_WAY = (
    "UPDATE conversations SET unique_id = NULL WHERE app_id = $1 AND unique_id = $2 AND kind = $3"
    " AND deleted_at IS NULL AND expires_at <= $4"
)
_NEXT_NUMBER = (
    "INSERT INTO group_numbers (app_id, latest) VALUES ($1, 1)"
    " ON CONFLICT (app_id) DO UPDATE SET latest = group_numbers.latest + 1 RETURNING latest"
)
_ADD_HEIGHT = (
    "INSERT INTO heights (conversation, last_seq, changed_at) SELECT id, 0, $1 FROM conversations"
    " WHERE app_id = $2 AND conv_id = $3 AND deleted_at IS NULL ON CONFLICT (conversation) DO NOTHING"
)
_UPDATE = (
    "UPDATE conversations SET ext = $1, name = $2, avatar = $3, description = $4, capacity = $5,"
    " organization_id = $6, notices = $7, updated_at = $8, columns = $9 WHERE id = $10"
)
_DATE = "UPDATE conversations SET updated_at = $1 WHERE id = $2 AND coalesce(updated_at, created_at) < $1"
# Another group may be found under the same unique id by now: then this one is not, any more.
_LOOSEN = (
    f"UPDATE conversations SET kind = {Kind.GROUP:d}, direct_key = NULL, group_id = $1, capacity = $2, open_door = $3,"
    " unique_id = CASE WHEN EXISTS (SELECT 1 FROM conversations o WHERE o.app_id = conversations.app_id"
    f" AND o.unique_id = conversations.unique_id AND o.kind = {Kind.GROUP:d} AND o.deleted_at IS NULL)"
    " THEN NULL ELSE unique_id END WHERE id = $4 RETURNING unique_id"
)
_TOUCH = "UPDATE heights SET changed_at = $1 WHERE conversation = $2"
_DELETE = "UPDATE conversations SET deleted_at = $1, direct_key = NULL WHERE id = $2 AND deleted_at IS NULL"
_DELETE_HEIGHT = "DELETE FROM heights WHERE conversation = $1"
_DELETE_REQUESTS = "DELETE FROM join_requests WHERE conversation = $1"
_DELETE_ATTEMPTS = "DELETE FROM code_attempts WHERE conversation = $1"
_OVER = f"{_SELECT} WHERE c.expires_at <= $1 AND c.deleted_at IS NULL ORDER BY c.expires_at, c.id LIMIT $2"

# What came after a member left is none of its business, and moves nothing for it.
_GONE = f"(m.status = {LEFT} OR c.deleted_at IS NOT NULL OR c.expires_at <= $1)"
_CHANGED = (
    f"CASE WHEN m.status = {LEFT} THEN m.changed_at"
    " WHEN c.deleted_at > m.changed_at THEN c.deleted_at"
    " WHEN c.expires_at <= $1 AND c.expires_at > m.changed_at THEN c.expires_at"
    # What is said there to others is none of its business, either.
    f" WHEN c.kind IN ({ADDRESSED_KINDS}) THEN m.changed_at"
    " WHEN h.changed_at > m.changed_at THEN h.changed_at ELSE m.changed_at END"
)
_INBOX = (
    f"WITH mine AS (SELECT {COLUMNS}, m.read_seq, {_CHANGED} AS changed, {_GONE} AS gone {FROM}"
    " JOIN members m ON m.conversation = c.id WHERE m.app_id = $2 AND m.client_id = $3),"
    " fresh AS (SELECT * FROM mine WHERE changed > $4),"
    " last AS (SELECT changed FROM fresh ORDER BY changed LIMIT 1 OFFSET $5)"
    " SELECT fresh.*, (SELECT max(a.seq) FROM addressees a WHERE a.conversation = fresh.id AND a.client_id = $3),"
    " (SELECT count(*) FROM addressees a"
    " WHERE a.conversation = fresh.id AND a.client_id = $3 AND a.seq > fresh.read_seq)"
    " FROM fresh WHERE changed <= coalesce((SELECT changed FROM last), changed) ORDER BY changed, id"
)
_RECENT = (
    f"SELECT {COLUMNS}, m.read_seq, {_CHANGED}, 0 {FROM} JOIN members m ON m.conversation = c.id"
    f" WHERE m.app_id = $2 AND m.client_id = $3 AND m.status = {IN}"
    f" AND c.kind NOT IN ({ADDRESSED_KINDS}) AND c.deleted_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > $1)"
    " ORDER BY coalesce(h.last_message_at, c.created_at) DESC, c.id DESC"
)


def _values(new: NewConversation, group_id: int | None) -> tuple[Value, ...]:
    """Of a new row, in the order of `_ADD`."""
    return (
        new.app_id,
        new.conv_id,
        new.kind,
        new.creator,
        new.created_at,
        new.capacity,
        new.ext,
        int(new.keep_history),
        new.expires_at,
        new.name,
        new.avatar,
        new.description,
        new.organization_id,
        new.code,
        int(new.notices),
        None if new.direct is None else " ".join(new.direct),
        group_id,
        new.columns,
        new.unique_id,
        int(new.open_door),
    )


def _inbox(row: Row) -> Inbox:
    read_seq, changed_at, gone = row[WIDTH:]
    return Inbox(conversation_in(row), read_seq, changed_at, bool(gone))


def _inbox_of_any_kind(row: Row) -> Inbox:
    *known, own_seq, own_unread = row
    inbox = _inbox(tuple(known))
    if not inbox.conversation.abilities.addressed:
        return inbox
    conversation = msgspec.structs.replace(inbox.conversation, last_seq=own_seq or 0)
    return msgspec.structs.replace(inbox, conversation=conversation, unread_addressed=own_unread)


class SqlConversations:
    """See `core/ports/conversations.py`."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def find(self, app_id: AppId, conv_id: ConvId, at: int) -> Conversation | None:
        """See `Conversations.find`."""
        rows = await self._executor.rows(_FIND, app_id, conv_id, at)
        return conversation_in(rows[0]) if rows else None

    async def find_many(self, app_id: AppId, conv_ids: Collection[ConvId], at: int) -> list[Conversation]:
        """Those that there are, in any order."""
        return [conversation_in(row) for row in await self._executor.rows(_FIND_MANY, app_id, list(conv_ids), at)]

    async def find_direct(self, app_id: AppId, pair: tuple[ClientId, ClientId]) -> Conversation | None:
        """See `Conversations.find_direct`."""
        rows = await self._executor.rows(_FIND_DIRECT, app_id, " ".join(pair))
        return conversation_in(rows[0]) if rows else None

    async def find_unique(self, app_id: AppId, unique_id: str, kind: Kind, at: int) -> Conversation | None:
        """See `Conversations.find_unique`."""
        rows = await self._executor.rows(_FIND_UNIQUE, app_id, unique_id, kind, at)
        return conversation_in(rows[0]) if rows else None

    async def find_group(self, app_id: AppId, group_id: int) -> Conversation | None:
        """See `Conversations.find_group`."""
        if not storable(group_id):
            return None
        rows = await self._executor.rows(_FIND_GROUP, app_id, group_id)
        return conversation_in(rows[0]) if rows else None

    async def find_system(self, app_id: AppId) -> Conversation | None:
        """See `Conversations.find_system`."""
        rows = await self._executor.rows(_FIND_SYSTEM, app_id)
        return conversation_in(rows[0]) if rows else None

    async def groups(self, app_id: AppId, organization_id: int | None, asked: PageAsked) -> Page[Conversation]:
        """See `Conversations.groups`."""
        if organization_id is not None and not storable(organization_id):
            return Page([], 0, asked)
        if organization_id is None:
            return await self._paged(_GROUPS, (app_id,), asked)
        return await self._paged(_GROUPS_WITHIN, (app_id, organization_id), asked)

    async def groups_of(self, app_id: AppId, client_id: ClientId) -> list[Conversation]:
        """See `Conversations.groups_of`."""
        rows = await self._executor.rows(f"{_SELECT} WHERE {_GROUPS_OF} ORDER BY c.group_id", app_id, client_id)
        return [conversation_in(row) for row in rows]

    async def page_of_groups(self, app_id: AppId, client_id: ClientId, asked: PageAsked) -> Page[Conversation]:
        """See `Conversations.page_of_groups`."""
        return await self._paged(_GROUPS_OF, (app_id, client_id), asked)

    async def _paged(self, which: str, values: tuple[Value, ...], asked: PageAsked) -> Page[Conversation]:
        size, offset = len(values) + 1, len(values) + 2
        total, rows = await self._executor.rows_together(
            [
                (f"SELECT count(*) FROM conversations c WHERE {which}", values),
                (
                    f"{_SELECT} WHERE {which} ORDER BY c.group_id LIMIT ${size} OFFSET ${offset}",
                    (*values, asked.size, asked.offset),
                ),
            ]
        )
        return Page([conversation_in(row) for row in rows], total[0][0], asked)

    async def search(
        self, app_id: AppId, conditions: Sequence[Condition], at: int, asked: PageAsked, member: ClientId | None
    ) -> Page[Conversation]:
        """See `Conversations.search`."""
        question = Question(app_id, conditions, at, member)
        counted = (f"SELECT count(*) FROM conversations c WHERE {question.where}", tuple(question.values))
        size, offset = question.placeholder(asked.size), question.placeholder(asked.offset)
        found = (
            f"{_SELECT} WHERE {question.where} ORDER BY c.created_at DESC, c.id DESC LIMIT {size} OFFSET {offset}",
            tuple(question.values),
        )
        total, rows = await self._executor.rows_together([counted, found])
        return Page([conversation_in(row) for row in rows], total[0][0], asked)

    async def like(
        self, app_id: AppId, words: str, member: ClientId | None, at: int, asked: PageAsked
    ) -> Page[Conversation]:
        """See `Conversations.like`."""
        where, values = _ALIVE, list[Value]([app_id, at])
        if words:
            number = int(words) if words.isascii() and words.isdigit() and storable(int(words)) else 0
            id_pattern = f"%{words}%" if len(words) >= _PART_OF_ID else words
            where, values = f"{where} AND {_LIKE}", [*values, id_pattern, f"%{words}%", number]
        if member is not None:
            # An expression that no index is of: theirs are the few conversations to look at.
            where = f"{where.replace('c.app_id =', _NO_INDEX)} AND c.id IN ({_MEMBERS_OF.format(len(values) + 1)})"
            values.append(member)
        size, offset = len(values) + 1, len(values) + 2
        total, rows = await self._executor.rows_together(
            [
                (f"SELECT count(*) FROM conversations c WHERE {where}", tuple(values)),
                (
                    f"{_SELECT} WHERE {where} ORDER BY c.created_at DESC, c.id DESC LIMIT ${size} OFFSET ${offset}",
                    (*values, asked.size, asked.offset),
                ),
            ]
        )
        return Page([conversation_in(row) for row in rows], total[0][0], asked)

    async def counts(self, conversations: Collection[int]) -> dict[int, int]:
        """See `Conversations.counts`."""
        return dict(await self._executor.rows(_COUNTS, list(conversations)))

    async def matching(
        self, app_id: AppId, conditions: Sequence[Condition], at: int, member: ClientId | None
    ) -> list[Conversation]:
        """See `Conversations.matching`; newest first."""
        question = Question(app_id, conditions, at, member)
        rows = await self._executor.rows(
            f"{_SELECT} WHERE {question.where} ORDER BY c.created_at DESC, c.id DESC", *question.values
        )
        return [conversation_in(row) for row in rows]

    async def following(self, app_id: AppId, after: str, most: int) -> list[Conversation]:
        """See `Conversations.following`."""
        return [conversation_in(row) for row in await self._executor.rows(_FOLLOWING, app_id, after, most)]

    async def draw_number(self, app_id: AppId) -> int:
        """See `Conversations.draw_number`."""
        number: int = (await self._executor.change(_NEXT_NUMBER, app_id))[0][0]
        return number

    async def add(self, new: NewConversation) -> Conversation | None:
        """See `Conversations.add`."""
        group_id = new.group_id
        if group_id is None and ABILITIES[new.kind].numbered:
            group_id = await self.draw_number(new.app_id)
        give_way: Statement = (_GIVE_WAY, (new.app_id, new.unique_id, new.kind, new.created_at))
        *_, made, _height = await self._executor.change_together(
            [
                *([] if new.unique_id is None else [give_way]),
                (_ADD, _values(new, group_id)),
                (_ADD_HEIGHT, (self._executor.stamp(new.created_at), new.app_id, new.conv_id)),
            ]
        )
        if not made:
            return None
        return Conversation(
            made[0][0],
            new.app_id,
            new.conv_id,
            new.kind,
            new.creator,
            new.created_at,
            new.capacity,
            new.ext,
            new.keep_history,
            new.expires_at,
            name=new.name,
            avatar=new.avatar,
            description=new.description,
            group_id=group_id,
            organization_id=new.organization_id,
            code=new.code,
            notices=new.notices,
            columns=new.columns,
            unique_id=new.unique_id,
            open_door=new.open_door,
        )

    async def update(self, conversation: Conversation) -> None:
        """See `Conversations.update`."""
        stamp = self._executor.stamp(conversation.updated_at or 0)
        values = (
            conversation.ext,
            conversation.name,
            conversation.avatar,
            conversation.description,
            conversation.capacity,
            conversation.organization_id,
            int(conversation.notices),
            conversation.updated_at,
            conversation.columns,
            conversation.id,
        )
        await self._executor.change_together([(_UPDATE, values), (_TOUCH, (stamp, conversation.id))])

    async def date(self, conversation: int, at: int) -> None:
        """See `Conversations.date`."""
        await self._executor.change(_DATE, at, conversation)

    async def loosen(self, conversation: Conversation, at: int) -> Conversation:
        """See `Conversations.loosen`."""
        group_id, stamp = await self.draw_number(conversation.app_id), self._executor.stamp(at)
        values = (group_id, conversation.capacity, int(conversation.open_door), conversation.id)
        rows, _ = await self._executor.change_together([(_LOOSEN, values), (_TOUCH, (stamp, conversation.id))])
        unique_id = rows[0][0] if rows else None
        return msgspec.structs.replace(conversation, kind=Kind.GROUP, group_id=group_id, unique_id=unique_id)

    async def delete(self, conversation: int, at: int) -> None:
        """See `Conversations.delete`."""
        stamp = self._executor.stamp(at)
        await self._executor.change_together(
            [
                (_DELETE, (stamp, conversation)),
                (_DELETE_HEIGHT, (conversation,)),
                (_DELETE_REQUESTS, (conversation,)),
                (_DELETE_ATTEMPTS, (conversation,)),
            ]
        )

    async def over(self, at: int, most: int) -> list[Conversation]:
        """See `Conversations.over`."""
        return [conversation_in(row) for row in await self._executor.rows(_OVER, at, most)]

    async def purge(self, deleted_before: int, most: int) -> int:
        """See `Conversations.purge`; at most `most` rows of each kind go, so ask again until none do."""
        return await purge(self._executor, deleted_before, most)

    async def inbox(self, app_id: AppId, client_id: ClientId, since: int, at: int, most: int) -> list[Inbox]:
        """See `Conversations.inbox`."""
        rows = await self._executor.rows(_INBOX, at, app_id, client_id, since, most - 1)
        return [_inbox_of_any_kind(row) for row in rows]

    async def recent(self, app_id: AppId, client_id: ClientId, at: int) -> list[Inbox]:
        """See `Conversations.recent`."""
        return [_inbox(row) for row in await self._executor.rows(_RECENT, at, app_id, client_id)]
