"""Messages: sending them for somebody, reading them again, changing them."""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from parlance.apis.leancloud.auth import may_act_for_app, must_act_for_app
from parlance.apis.leancloud.changes import DONE, Done
from parlance.apis.leancloud.ids import clients, conv_id
from parlance.core.actions.catalogue import Actions
from parlance.core.model import typed_message
from parlance.core.model.caller import Caller
from parlance.core.model.message import MOST_MENTIONS, Draft, Message
from parlance.core.model.places import LoggedMessage, Place, Range
from parlance.core.model.signature import Permission
from parlance.core.model.user import client_id
from parlance.kernel.faults import Fault, FaultCode, bad_format, missing
from parlance.kernel.ids import ClientId, ConvId
from parlance.web.calls import Call

TAG = "LeanCloud messages"
LISTED_UNLESS_SAID, MOST_LISTED = 100, 1000
MOST_NAMED = 20


class MessageSent(msgspec.Struct, frozen=True):
    """A message to send for somebody, who need not be a member."""

    from_client: str | int
    message: str | dict[str, Any]
    """What LeanCloud's clients make of it is in there: usually JSON with `_lctype`."""
    transient: bool = False
    no_sync: bool = False
    """The sender's own devices do not get it."""
    push_data: str | dict[str, Any] | None = None
    """JSON for who is told of it while away."""
    push: str | dict[str, Any] | None = None
    """The same, as broadcasts call it."""
    priority: str | None = None
    mention_all: bool = False
    mention_client_ids: list[str | int] = []
    to_clients: list[str | int] = []
    """Of a service conversation: for whom it is."""


class MessageTaken(msgspec.Struct, rename="kebab"):
    """What became of it; said twice, because LeanCloud's clients look in both places."""

    msg_id: str
    timestamp: int
    result: dict[str, Any]


class HistoryAsked(msgspec.Struct, frozen=True):
    """Which stretch of the history: from `timestamp` (and `msgid`) on, to `till_timestamp` (and `till_msgid`)."""

    timestamp: int | None = None
    msgid: str | None = None
    till_timestamp: int | None = None
    till_msgid: str | None = None
    include_start: str | bool = False
    include_stop: str | bool = False
    reversed: str | bool = False
    """The oldest first."""
    limit: int | None = None
    client_id: str | None = None
    """Who reads, if it shows a signature for that: `nonce`, `signature_ts`, `signature`."""
    nonce: str | None = None
    signature_ts: int | None = None
    signature: str | None = None


class MessageChange(msgspec.Struct, frozen=True):
    """What a message is to say instead."""

    from_client: str | int
    message: str | dict[str, Any]
    timestamp: int | None = None
    to_clients: list[str | int] = []
    mention_all: bool | None = None
    mention_client_ids: list[str | int] | None = None


class MessageRecall(msgspec.Struct, frozen=True):
    """Whose message is taken back."""

    from_client: str | int
    timestamp: int | None = None
    to_clients: list[str | int] = []


class Reader(msgspec.Struct, frozen=True):
    """Who shows that it may read, by a signature."""

    client_id: str | None
    nonce: str | None
    signature_ts: int | None
    signature: str | None


class MessageRow(
    msgspec.Struct,
    rename={
        "conv_id": "conv-id",
        "sender": "from",
        "msg_id": "msg-id",
        "is_conv": "is-conv",
        "is_room": "is-room",
        "from_ip": "from-ip",
        "ack_at": "ack-at",
    },
):
    """A message in a list; `data` of a binary one is base64."""

    timestamp: int
    """Milliseconds."""
    conv_id: str
    data: str
    sender: str
    msg_id: str
    to: str
    """The conversation."""
    is_conv: bool = True
    is_room: bool = False
    bin: bool = False
    from_ip: str = ""
    ack_at: int | UnsetType = UNSET
    """Milliseconds: when the first of the others had it."""


class Messages:
    """The calls about messages."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def send(self, call: Call[MessageSent]) -> MessageTaken:
        """POST …/messages of a conversation."""
        where = conv_id(call.path("conv_id"))
        return taken(await self._actions.send(call.caller, draft_of(call.fields, where)))

    async def send_in_room(self, call: Call[MessageSent]) -> MessageTaken:
        """POST …/messages of a chat room: its sender's own devices never get it."""
        draft = draft_of(call.fields, conv_id(call.path("conv_id")))
        draft.sync = False
        return taken(await self._actions.send(call.caller, draft))

    async def send_to_clients(self, call: Call[MessageSent]) -> MessageTaken:
        """POST …/messages of a service conversation: for those it names."""
        where = conv_id(call.path("conv_id"))
        to = clients(call.fields.to_clients, "to_clients", MOST_NAMED)
        return taken(await self._actions.say_to_clients(call.caller, where, draft_of(call.fields, where), to))

    async def send_to_subscribers(self, call: Call[MessageSent]) -> MessageTaken:
        """POST …/broadcasts of a service conversation: for all who subscribed."""
        where = conv_id(call.path("conv_id"))
        return taken(await self._actions.say_to_subscribers(call.caller, where, draft_of(call.fields, where)))

    async def history(self, call: Call[HistoryAsked]) -> list[MessageRow]:
        """GET …/messages: for the app, or for who shows a signature."""
        where, fields = conv_id(call.path("conv_id")), call.fields
        reader = Reader(fields.client_id, fields.nonce, fields.signature_ts, fields.signature)
        caller = await reading(self._actions, call, where, reader)
        rows = await self._actions.read_range(caller, where, range_of(fields))
        return listed_rows(rows, oldest_first=truth(call.fields.reversed, "reversed"))

    async def of_app(self, call: Call[HistoryAsked]) -> list[MessageRow]:
        """GET /1.2/rtm/messages."""
        return await self._said(call, None)

    async def of_client(self, call: Call[HistoryAsked]) -> list[MessageRow]:
        """GET /1.2/rtm/clients/{client_id}/messages: what somebody said, wherever."""
        return await self._said(call, client_id(call.path("client_id")))

    async def of_subscriber(self, call: Call[HistoryAsked]) -> list[MessageRow]:
        """GET …/subscribers/{client_id}/messages: what somebody was told there, and said."""
        caller = msgspec.structs.replace(call.caller, client_id=client_id(call.path("client_id")))
        rows = await self._actions.read_range(caller, conv_id(call.path("conv_id")), range_of(call.fields))
        return listed_rows(rows, oldest_first=truth(call.fields.reversed, "reversed"))

    async def _said(self, call: Call[HistoryAsked], who: ClientId | None) -> list[MessageRow]:
        said = await self._actions.said_by(call.caller, who, range_of(call.fields))
        rows = [LoggedMessage(message) for message in said]
        return listed_rows(rows, oldest_first=truth(call.fields.reversed, "reversed"))

    async def edit(self, call: Call[MessageChange]) -> Done:
        """PUT …/messages/{msg_id}."""
        fields = call.fields
        mentions = None if fields.mention_client_ids is None else mentioned(fields.mention_client_ids)
        new = content(fields.message).new_content(fields.mention_all, mentions)
        await self._actions.edit(call.caller, conv_id(call.path("conv_id")), call.path("msg_id"), new)
        return DONE

    async def recall(self, call: Call[MessageRecall]) -> Done:
        """PUT …/messages/{msg_id}/recall."""
        await self._actions.recall(call.caller, conv_id(call.path("conv_id")), call.path("msg_id"))
        return DONE

    async def delete(self, call: Call[Any]) -> Done:
        """DELETE …/messages/{msg_id}: from the history; nobody is told."""
        await self._actions.delete_message(call.caller, conv_id(call.path("conv_id")), call.path("msg_id"))
        return DONE

    async def delete_for_subscriber(self, call: Call[Any]) -> Done:
        """DELETE …/subscribers/{client_id}/messages/{msg_id}: from what one of them was told."""
        where, who = conv_id(call.path("conv_id")), client_id(call.path("client_id"))
        await self._actions.delete_message(call.caller, where, call.path("msg_id"), who)
        return DONE


async def reading(actions: Actions, call: Call[Any], where: ConvId, reader: Reader) -> Caller:
    """Who reads the history: the app, a client that shows its token, or one for whom the app's backend signed.

    A signature is looked at whoever shows it. Raises WRONG_SIGNATURE, BAD_CREDENTIAL, MISSING_FIELD.
    """
    if reader.signature is None:
        must_act_for_app(call.caller)
        return call.caller
    if reader.client_id is None:
        raise missing("client_id")
    client = client_id(reader.client_id)
    allowed = Permission(client, conv_id=where, history=True)
    if reader.signature_ts is None or reader.nonce is None:
        raise Fault(FaultCode.WRONG_SIGNATURE)
    await actions.check_signature(call.caller, allowed, reader.signature_ts, reader.nonce, reader.signature)
    return call.caller if may_act_for_app(call.caller) else call.caller.acting_as(client, "client_id")


def draft_of(fields: MessageSent, where: ConvId) -> Draft:
    """The message that is to be sent."""
    draft = content(fields.message).draft(client_id(fields.from_client, "from_client"), where)
    draft.transient, draft.sync = fields.transient, not fields.no_sync
    draft.mention_all, draft.mentions = fields.mention_all, mentioned(fields.mention_client_ids)
    draft.from_outside = draft.create_missing = True
    draft.push_data = pushed(fields.push_data, fields.push)
    return draft


def pushed(*said: str | dict[str, Any] | None) -> str | None:
    """The first of what is to be pushed, as JSON text."""
    push = next((each for each in said if each is not None), None)
    return push if push is None or isinstance(push, str) else text_of(push)


def content(message: str | dict[str, Any]) -> typed_message.Typed:
    """What a message says; an object stands for the text of it."""
    return typed_message.read(message if isinstance(message, str) else text_of(message))


def mentioned(raw: list[str | int]) -> tuple[ClientId, ...]:
    """Who is mentioned."""
    return clients(raw, "mention_client_ids", MOST_MENTIONS) if raw else ()


def text_of(value: Any) -> str:
    """JSON that was sent as such, as the text it stands for."""
    return msgspec.json.encode(value).decode()


def taken(message: Message) -> MessageTaken:
    """What is said of a message that was sent."""
    both = {"msg-id": message.msg_id, "timestamp": message.created_at}
    return MessageTaken(message.msg_id, message.created_at, both)


def truth(raw: str | bool, field: str) -> bool:
    """Yes or no, as query strings say it."""
    if isinstance(raw, bool):
        return raw
    if raw.lower() in ("true", "1"):
        return True
    if raw.lower() in ("false", "0", ""):
        return False
    raise bad_format(field, "neither true nor false")


def range_of(fields: HistoryAsked) -> Range:
    """The stretch of history that is asked for."""
    limit = fields.limit
    return Range(
        start=place(fields.timestamp, fields.msgid),
        end=place(fields.till_timestamp, fields.till_msgid),
        start_included=truth(fields.include_start, "include_start"),
        end_included=truth(fields.include_stop, "include_stop"),
        oldest_first=truth(fields.reversed, "reversed"),
        most=LISTED_UNLESS_SAID if limit is None else max(0, min(limit, MOST_LISTED)),
    )


def place(time: int | None, msg_id: str | None) -> Place | None:
    """Where a stretch begins or ends."""
    return None if time is None and not msg_id else Place(time, msg_id or None)


def listed_rows(rows: list[LoggedMessage], *, oldest_first: bool) -> list[MessageRow]:
    """Messages (ascending) in the order that was asked for."""
    return [row(logged.message, logged.delivered_at) for logged in (rows if oldest_first else rows[::-1])]


def row(message: Message, delivered_at: int | None = None) -> MessageRow:
    """A message as this dialect lists it."""
    return MessageRow(**row_fields(message), ack_at=UNSET if delivered_at is None else delivered_at)


def row_fields(message: Message) -> dict[str, Any]:
    """What a list says of a message."""
    data = message.raw if message.is_binary else typed_message.written(message)
    return {
        "timestamp": message.created_at,
        "conv_id": message.conv_id,
        "data": str(data),
        "sender": message.sender,
        "msg_id": message.msg_id,
        "to": message.conv_id,
        "bin": message.is_binary,
    }
