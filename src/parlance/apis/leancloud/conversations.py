"""Conversations: making, finding, changing and ending them, as objects of LeanCloud's kinds."""

from collections.abc import Mapping
from typing import Any

import msgspec

from parlance.apis.leancloud.changes import DONE, ConversationChanged, Done, updated_at
from parlance.apis.leancloud.ids import clients, conv_id
from parlance.core.actions.catalogue import Actions
from parlance.core.model.conversation import Kind
from parlance.core.model.conversation_query import ConversationQuery
from parlance.core.model.conversation_row import RESERVED, conversation_row, seen
from parlance.core.model.starting import Starting
from parlance.core.model.user import client_id
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import ClientId
from parlance.web.bodies import parse, read
from parlance.web.calls import Call

TAG = "LeanCloud conversations"
LISTED_UNLESS_SAID, MOST_LISTED = 100, 1000
NORMAL: Mapping[str, Any] = {"tr": {"$ne": True}, "sys": {"$ne": True}}
ROOMS: Mapping[str, Any] = {"tr": True}
SERVICE: Mapping[str, Any] = {"sys": True}
EVERYTHING: Mapping[str, Any] = {}
"""What a kind's list leaves out."""
_NOT_COLUMNS = RESERVED | {"name"}
ALWAYS = ("objectId", "createdAt", "updatedAt")
"""Columns that every row has, whichever are wanted."""

Columns = dict[str, Any]


class ColumnsSent(msgspec.Struct, frozen=True):
    """What a conversation is to say; every other name is a column of the app's own."""

    name: str = ""
    m: list[str | int] = []
    """Its members."""
    c: str | int | None = None
    """Who made it; nobody said: its first member."""
    attr: Any = None
    unique: bool = False
    """The one that the same people have, if they have one."""


class ConversationsAsked(msgspec.Struct, frozen=True):
    """Which of them: `where` is JSON, as for LeanCloud's queries."""

    where: str | None = None
    skip: int = 0
    limit: int | None = None
    order: str | None = None
    keys: str | None = None
    """The columns that are wanted, with commas between."""
    count: int = 0
    """1: how many there are, too."""


class Rows(msgspec.Struct, omit_defaults=True):
    """Some of them."""

    results: list[Columns]
    count: int | None = None


class Conversations:
    """The calls about conversations."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def create(self, call: Call[Columns]) -> Columns:
        """POST /1.2/rtm/conversations."""
        return await self._created(call, Kind.GROUP)

    async def create_room(self, call: Call[Columns]) -> Columns:
        """POST /1.2/rtm/chatrooms."""
        return await self._created(call, Kind.ROOM)

    async def create_service(self, call: Call[Columns]) -> Columns:
        """POST /1.2/rtm/service-conversations."""
        return await self._created(call, Kind.SERVICE)

    async def list(self, call: Call[ConversationsAsked]) -> Rows:
        """GET /1.2/rtm/conversations."""
        return await self._found(call, NORMAL)

    async def list_rooms(self, call: Call[ConversationsAsked]) -> Rows:
        """GET /1.2/rtm/chatrooms."""
        return await self._found(call, ROOMS)

    async def list_service(self, call: Call[ConversationsAsked]) -> Rows:
        """GET /1.2/rtm/service-conversations."""
        return await self._found(call, SERVICE)

    async def list_all(self, call: Call[ConversationsAsked]) -> Rows:
        """GET /1.2/rtm/all-conversations."""
        return await self._found(call, EVERYTHING)

    async def update(self, call: Call[Columns]) -> ConversationChanged:
        """PUT /1.2/rtm/…/{conv_id}: everything but its members."""
        if "m" in call.fields:
            raise bad_format("m", "members have an address of their own")
        where = conv_id(call.path("conv_id"))
        changed = await self._actions.change_columns(call.caller, where, call.fields)
        return ConversationChanged(updated_at(changed.conversation), where)

    async def delete(self, call: Call[Any]) -> Done:
        """DELETE /1.2/rtm/…/{conv_id}."""
        await self._actions.delete_conversation(call.caller, conv_id(call.path("conv_id")))
        return DONE

    async def _created(self, call: Call[Columns], kind: Kind) -> Columns:
        return await created(self._actions, call, kind)

    async def _found(self, call: Call[ConversationsAsked], kinds: Mapping[str, Any]) -> Rows:
        return await found(self._actions, call, kinds)


async def created(actions: Actions, call: Call[Columns], kind: Kind) -> Columns:
    """A conversation of a kind, as it was made, or found again."""
    sent = read(call.fields, ColumnsSent)
    members = clients(sent.m, "m") if sent.m else ()
    creator = client_id(sent.c, "c") if sent.c is not None else members[0] if members else ClientId("")
    own = {name: value for name, value in call.fields.items() if name not in _NOT_COLUMNS and value is not None}
    ext = own.pop("attr", None)
    if ext is not None and not isinstance(ext, dict):
        own["attr"], ext = ext, None
    started = await actions.start_conversation(
        call.caller,
        Starting(kind, creator, members, sent.unique, sent.name, json_text(ext), json_text(own)),
    )
    return dict(conversation_row(seen(started.roster)))


async def found(actions: Actions, call: Call[ConversationsAsked], kinds: Mapping[str, Any]) -> Rows:
    """Those of some kinds that are asked for."""
    asked = call.fields
    where = parse(asked.where, "where") if asked.where else {}
    if not isinstance(where, dict):
        raise bad_format("where", "not an object")
    both = {"$and": [where, kinds]} if where and kinds else where or dict(kinds)
    limit = LISTED_UNLESS_SAID if asked.limit is None else max(0, min(asked.limit, MOST_LISTED))
    query = ConversationQuery(both or None, asked.order, limit, max(0, asked.skip))
    look = actions.query_conversations
    try:
        rows = [dict(conversation_row(each)) for each in await look(call.caller, query)]
        count = await look.count(call.caller, query) if asked.count else None
    except Fault as fault:
        # What makes no sense has a word of its own here.
        raise Fault(FaultCode.BAD_QUERY) if fault.code is FaultCode.BAD_FORMAT else fault from None
    return Rows([only(row, asked.keys) for row in rows] if asked.keys else rows, count)


def only(row: Columns, keys: str) -> Columns:
    """The columns that are wanted, or all but those that are not: names with commas between, some with `-`."""
    names = [name.strip() for name in keys.split(",")]
    unwanted = {name[1:] for name in names if name.startswith("-")}
    wanted = {*names, *ALWAYS} if any(not name.startswith("-") for name in names) else row.keys()
    return {name: value for name, value in row.items() if name in wanted and name not in unwanted}


def json_text(value: Columns | None) -> str | None:
    """JSON text of an object that says something."""
    return msgspec.json.encode(value).decode() if value else None
