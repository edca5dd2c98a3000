"""Conversations: making, finding, changing and ending them, as objects of LeanCloud's kinds."""

from collections.abc import Mapping
from typing import Any

import msgspec

from parlance.apis.leancloud.envelope import DONE, Done
from parlance.apis.leancloud.ids import clients, conv_id, iso
from parlance.apis.leancloud.members import ConversationChanged, must_all
from parlance.core.actions.catalogue import Actions
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.conversation_query import ConversationQuery, FoundConversation
from parlance.core.model.conversation_row import RESERVED, conversation_row
from parlance.core.model.starting import Starting
from parlance.core.model.user import client_id
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import ClientId, ConvId
from parlance.web.bodies import parse
from parlance.web.calls import Call

TAG = "LeanCloud conversations"
LISTED_UNLESS_SAID, MOST_LISTED = 100, 1000
NORMAL: Mapping[str, Any] = {"tr": {"$ne": True}, "sys": {"$ne": True}}
ROOMS: Mapping[str, Any] = {"tr": True}
SERVICE: Mapping[str, Any] = {"sys": True}
EVERYTHING: Mapping[str, Any] = {}
"""What a kind's list leaves out."""
_NOT_COLUMNS = RESERVED | {"ttl", "temp"}
_MEMBER_OPERATIONS = {"Add": True, "AddUnique": True, "Remove": False}
"""Whether an operation on `m` brings people in, or takes them out."""

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
    tr: bool = False
    """A chat room."""
    sys: bool = False
    """A service conversation."""


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

    # Version 1.2: by kind

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

    # Version 1.1: as objects of a class

    async def create_object(self, call: Call[Columns]) -> Columns:
        """POST /1.1/classes/_Conversation: a room with `tr`, a service conversation with `sys`."""
        kind = Kind.ROOM if call.fields.get("tr") else Kind.SERVICE if call.fields.get("sys") else Kind.GROUP
        made = await self._created(call, kind)
        return {name: made[name] for name in ("objectId", "createdAt")}

    async def find_object(self, call: Call[Any]) -> Columns:
        """GET /1.1/classes/_Conversation/{conv_id}."""
        where = conv_id(call.path("conv_id"))
        found = await self._actions.query_conversations(
            call.caller, ConversationQuery(where={"objectId": where}, limit=1)
        )
        if not found:
            raise Fault(FaultCode.UNKNOWN_CONVERSATION)
        return shown(found[0])

    async def list_objects(self, call: Call[ConversationsAsked]) -> Rows:
        """GET /1.1/classes/_Conversation."""
        return await self._found(call, EVERYTHING)

    async def update_object(self, call: Call[Columns]) -> ConversationChanged:
        """PUT /1.1/classes/_Conversation/{conv_id}: columns, and operations on them; on `m` as well."""
        where = conv_id(call.path("conv_id"))
        columns = dict(call.fields)
        members, muted = columns.pop("m", None), columns.pop("mu", None)
        at: int | None = None
        if members is not None:
            at = await self._change_members(call, where, members)
        if muted is not None:
            await self._change_muted(call, where, muted)
        if columns or at is None:
            conversation = (await self._actions.change_columns(call.caller, where, columns)).conversation
            return ConversationChanged(updated_at(conversation), where)
        return ConversationChanged(iso(at), where)

    async def _change_members(self, call: Call[Any], where: ConvId, asked: Any) -> int:
        operation, objects = operation_of(asked, "m")
        wanted = clients(objects, "m")
        if operation == "Set":
            now = await self._actions.list_members(call.caller, where)
            gone = tuple(who for who in now if who not in wanted)
            if gone:
                must_all(await self._actions.take_out(call.caller, where, gone))
            brings_in = True
        else:
            brings_in = _MEMBER_OPERATIONS[operation]
        change = await (self._actions.bring_in if brings_in else self._actions.take_out)(call.caller, where, wanted)
        must_all(change)
        return change.changed_at

    async def _change_muted(self, call: Call[Any], where: ConvId, asked: Any) -> None:
        operation, objects = operation_of(asked, "mu")
        for client in clients(objects, "mu"):
            caller = msgspec.structs.replace(call.caller, client_id=client)
            await self._actions.mute(caller, where, muted=operation != "Remove")

    # What both have

    async def _created(self, call: Call[Columns], kind: Kind) -> Columns:
        sent = msgspec.convert(dict(call.fields), ColumnsSent, strict=False)
        members = clients(sent.m, "m") if sent.m else ()
        creator = client_id(sent.c, "c") if sent.c is not None else members[0] if members else ClientId("")
        own = {name: value for name, value in call.fields.items() if name not in _NOT_COLUMNS | {"name", "attr"}}
        ext = sent.attr if isinstance(sent.attr, dict) else None
        if sent.attr is not None and ext is None:
            own["attr"] = sent.attr
        started = await self._actions.start_conversation(
            call.caller,
            Starting(
                kind=kind,
                creator=creator,
                others=members,
                unique=sent.unique,
                name=sent.name,
                ext=None if ext is None else msgspec.json.encode(ext).decode(),
                columns=msgspec.json.encode(own).decode() if own else None,
            ),
        )
        roster = started.roster
        whom = None if kind is not Kind.GROUP else tuple(roster.members)
        return shown(FoundConversation(roster.conversation, whom))

    async def _found(self, call: Call[ConversationsAsked], kinds: Mapping[str, Any]) -> Rows:
        asked = call.fields
        where = parse(asked.where, "where") if asked.where else {}
        if not isinstance(where, dict):
            raise bad_format("where", "not an object")
        both = {"$and": [where, kinds]} if where and kinds else where or dict(kinds)
        limit = LISTED_UNLESS_SAID if asked.limit is None else max(0, min(asked.limit, MOST_LISTED))
        query = ConversationQuery(both or None, asked.order, limit, max(0, asked.skip))
        rows = [shown(found) for found in await self._actions.query_conversations(call.caller, query)]
        if asked.keys:
            wanted = {*asked.keys.split(","), "objectId", "createdAt", "updatedAt"}
            rows = [{name: value for name, value in row.items() if name in wanted} for row in rows]
        return Rows(rows)


def shown(found: FoundConversation) -> Columns:
    """A conversation as an object."""
    return dict(conversation_row(found))


def updated_at(conversation: Conversation) -> str:
    """When something was last said about it."""
    return iso(conversation.updated_at or conversation.created_at)


def operation_of(asked: Any, field: str) -> tuple[str, list[str | int]]:
    """What is to be done with a list of clients, and the clients: an operation, or the list itself (`Set`)."""
    if isinstance(asked, list):
        return "Set", asked
    if isinstance(asked, dict) and asked.get("__op") in _MEMBER_OPERATIONS and isinstance(asked.get("objects"), list):
        return str(asked["__op"]), asked["objects"]
    raise bad_format(field, "a list of client ids, or AddUnique, Add or Remove with `objects`")
