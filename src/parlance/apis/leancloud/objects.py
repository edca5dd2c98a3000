"""Conversations in version 1.1 of the API: objects of the class `_Conversation`, as old backends change them."""

from typing import Any

import msgspec

from parlance.apis.leancloud.changes import DONE, ConversationChanged, Done, Failed, changed, updated_at
from parlance.apis.leancloud.conversations import (
    EVERYTHING,
    Columns,
    ColumnsSent,
    ConversationsAsked,
    Rows,
    created,
    found,
    only,
)
from parlance.apis.leancloud.ids import clients, conv_id
from parlance.core.actions.catalogue import Actions
from parlance.core.model.conversation import Kind
from parlance.core.model.conversation_query import ConversationQuery
from parlance.core.model.conversation_row import conversation_row
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import ClientId, ConvId
from parlance.web.bodies import read
from parlance.web.calls import Call
from parlance.web.routes import Nothing

TAG = "LeanCloud conversations, version 1.1"
OPERATIONS = ("Add", "AddUnique", "Remove")
SET = ""
"""What is done with a list that stands by itself."""


class ObjectSent(ColumnsSent, frozen=True):
    """The same, of any kind."""

    tr: bool = False
    """A chat room."""
    sys: bool = False
    """A service conversation."""


class ColumnsAsked(msgspec.Struct, frozen=True):
    """The columns that are wanted, with commas between."""

    keys: str | None = None


class Created(msgspec.Struct, rename="camel"):
    """What was made."""

    object_id: str
    created_at: str


class Objects:
    """The calls about objects."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def create(self, call: Call[Columns]) -> Created:
        """POST /1.1/classes/_Conversation."""
        sent = read(call.fields, ObjectSent)
        kind = Kind.ROOM if sent.tr else Kind.SERVICE if sent.sys else Kind.GROUP
        made = await created(self._actions, call, kind)
        return Created(made["objectId"], made["createdAt"])

    async def find(self, call: Call[ColumnsAsked]) -> Columns:
        """GET /1.1/classes/_Conversation/{conv_id}."""
        query = ConversationQuery({"objectId": conv_id(call.path("conv_id"))}, limit=1)
        rows = await self._actions.query_conversations(call.caller, query)
        if not rows:
            raise Fault(FaultCode.UNKNOWN_CONVERSATION)
        row = dict(conversation_row(rows[0]))
        return only(row, call.fields.keys) if call.fields.keys else row

    async def list(self, call: Call[ConversationsAsked]) -> Rows:
        """GET /1.1/classes/_Conversation."""
        return await found(self._actions, call, EVERYTHING)

    async def update(self, call: Call[Columns]) -> ConversationChanged:
        """PUT /1.1/classes/_Conversation/{conv_id}: columns, who is in it (`m`), who is told nothing (`mu`)."""
        where = conv_id(call.path("conv_id"))
        columns = dict(call.fields)
        members, muted = (operation_of(columns.pop(name, None), name) for name in ("m", "mu"))
        answer: ConversationChanged | None = None
        if columns or (members is None and muted is None):
            conversation = (await self._actions.change_columns(call.caller, where, columns)).conversation
            answer = ConversationChanged(updated_at(conversation), where)
        if members is not None:
            answer = await self._change_members(call, where, *members)
        if muted is not None:
            at = await self._change_muted(call, where, *muted)
            answer = answer or ConversationChanged(at, where)
        assert answer is not None  # noqa: S101 - for the type checker: one of the three was done
        return answer

    async def delete(self, call: Call[Nothing]) -> Done:
        """DELETE /1.1/classes/_Conversation/{conv_id}."""
        await self._actions.delete_conversation(call.caller, conv_id(call.path("conv_id")))
        return DONE

    async def _change_members(
        self, call: Call[Any], where: ConvId, operation: str, wanted: tuple[ClientId, ...]
    ) -> ConversationChanged:
        if operation == "Remove":
            return changed(await self._actions.take_out(call.caller, where, wanted))
        failures: list[Failed] = []
        if operation == SET:
            now = await self._actions.list_members(call.caller, where)
            gone = tuple(who for who in now if who not in wanted)
            if gone:
                answer = changed(await self._actions.take_out(call.caller, where, gone))
                failures += answer.failed_pids or []
        if wanted:
            answer = changed(await self._actions.bring_in(call.caller, where, wanted))
            failures += answer.failed_pids or []
        if failures:
            answer.failed_pids = failures
        return answer

    async def _change_muted(self, call: Call[Any], where: ConvId, operation: str, wanted: tuple[ClientId, ...]) -> str:
        now = await self._actions.list_muted(call.caller, where)
        others = [client for client in now if client not in wanted] if operation == SET else []
        changes = [(client, False) for client in others] + [(client, operation != "Remove") for client in wanted]
        at = ""
        for client, muted in changes:
            caller = call.caller.acting_as(client, "mu")
            at = updated_at(await self._actions.mute(caller, where, muted=muted))
        return at


def operation_of(asked: Any, field: str) -> tuple[str, tuple[ClientId, ...]] | None:
    """What is to be done with a list of clients, and with whom; None: nothing."""
    if asked is None:
        return None
    if isinstance(asked, list):
        return SET, clients(asked, field)
    if isinstance(asked, dict) and asked.get("__op") in OPERATIONS and isinstance(asked.get("objects"), list):
        return str(asked["__op"]), clients(asked["objects"], field)
    raise bad_format(field, "a list of client ids, or AddUnique, Add or Remove with `objects`")
