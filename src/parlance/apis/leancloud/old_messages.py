"""Messages in version 1.1 of the API, which backends from before 2018 still call."""

from typing import Any

import msgspec

from parlance.apis.leancloud.auth import must_act_for_app
from parlance.apis.leancloud.broadcasts import BroadcastRow, BroadcastsAsked, listed
from parlance.apis.leancloud.changes import DONE, Done
from parlance.apis.leancloud.ids import clients, conv_id
from parlance.apis.leancloud.messages import (
    LISTED_UNLESS_SAID,
    MOST_LISTED,
    MOST_NAMED,
    MessageRow,
    MessageTaken,
    Reader,
    content,
    listed_rows,
    mentioned,
    place,
    pushed,
    reading,
    taken,
    truth,
)
from parlance.core.actions.catalogue import Actions
from parlance.core.model.message import Draft
from parlance.core.model.places import LoggedMessage, Range
from parlance.core.model.user import client_id
from parlance.kernel.faults import missing
from parlance.web.calls import Call

TAG = "LeanCloud messages, version 1.1"


class Said(msgspec.Struct, frozen=True):
    """What somebody says in a conversation."""

    from_peer: str | int
    conv_id: str
    message: str | dict[str, Any]
    no_sync: bool = False
    push_data: str | dict[str, Any] | None = None
    push: str | dict[str, Any] | None = None
    mention_all: bool = False
    mention_client_ids: list[str | int] = []


class MessageSent(Said, frozen=True):
    """A message to send for somebody; with `to_peers`, to those of a service conversation."""

    transient: bool = True
    """Only for who is online: so it is unless it says no, in this version."""
    to_peers: list[str | int] = []


class BroadcastSent(Said, frozen=True):
    """A message to everybody; who comes before `valid_till` (ms, a month at most) gets it then."""

    valid_till: int | None = None
    transient: bool = False


class BroadcastNamed(msgspec.Struct, frozen=True):
    """Which message."""

    mid: str


class HistoryAsked(msgspec.Struct, frozen=True):
    """Which messages: of a conversation, of one sender (`from`), or all; those before `max_ts` (and `msgid`)."""

    convid: str | None = None
    sender: str | None = msgspec.field(default=None, name="from")
    limit: int | None = None
    max_ts: int | None = None
    msgid: str | None = None
    reversed: str | bool = False
    """The oldest first."""
    peerid: str | None = None
    """Who reads, if it shows a signature for that: `nonce`, `signature_ts`, `signature`."""
    nonce: str | None = None
    signature_ts: int | None = None
    signature: str | None = None


class MessageNamed(msgspec.Struct, frozen=True):
    """Which message of which conversation."""

    convid: str
    msgid: str


class RowSent(msgspec.Struct, frozen=True, rename="kebab"):
    """A row of the history, saying something else."""

    conv_id: str
    msg_id: str
    data: str | dict[str, Any]


class PatchSent(msgspec.Struct, frozen=True):
    """What a message is to say instead; with `recall`, nothing any more."""

    conv_id: str
    msg_id: str
    message: str | dict[str, Any] | None = None
    recall: bool = False
    from_peer: str | int | None = None
    timestamp: int | None = None


class OldMessages:
    """The calls about messages, in the words of version 1.1."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def send(self, call: Call[MessageSent]) -> MessageTaken:
        """POST /1.1/rtm/messages."""
        fields = call.fields
        draft = draft_of(fields)
        draft.transient = fields.transient
        if fields.to_peers:
            to = clients(fields.to_peers, "to_peers", MOST_NAMED)
            return taken(await self._actions.say_to_clients(call.caller, conv_id(fields.conv_id), draft, to))
        return taken(await self._actions.send(call.caller, draft))

    async def send_to_subscribers(self, call: Call[Said]) -> MessageTaken:
        """POST /1.1/rtm/broadcast/subscriber."""
        where = conv_id(call.fields.conv_id)
        return taken(await self._actions.say_to_subscribers(call.caller, where, draft_of(call.fields)))

    async def history(self, call: Call[HistoryAsked]) -> list[MessageRow]:
        """GET /1.1/rtm/messages/history, /1.1/rtm/messages/logs."""
        fields = call.fields
        oldest_first = truth(fields.reversed, "reversed")
        limit = fields.limit
        most = LISTED_UNLESS_SAID if limit is None else max(0, min(limit, MOST_LISTED))
        stretch = Range(place(fields.max_ts, fields.msgid), oldest_first=oldest_first, most=most)
        return listed_rows(await self._read(call, stretch), oldest_first=oldest_first)

    async def _read(self, call: Call[HistoryAsked], stretch: Range) -> list[LoggedMessage]:
        fields = call.fields
        where = conv_id(fields.convid) if fields.convid else None
        reader = Reader(fields.peerid, fields.nonce, fields.signature_ts, fields.signature)
        if where is not None:
            caller = await reading(self._actions, call, where, reader)
            return await self._actions.read_range(caller, where, stretch)
        must_act_for_app(call.caller)
        who = client_id(fields.sender, "from") if fields.sender else None
        return [LoggedMessage(message) for message in await self._actions.said_by(call.caller, who, stretch)]

    async def delete(self, call: Call[MessageNamed]) -> Done:
        """DELETE /1.1/rtm/messages/logs: from the history; nobody is told."""
        await self._actions.delete_message(call.caller, conv_id(call.fields.convid), call.fields.msgid)
        return DONE

    async def rewrite(self, call: Call[RowSent]) -> Done:
        """PUT /1.1/rtm/messages/logs: a row of the history as it is to be."""
        new = content(call.fields.data).new_content()
        await self._actions.edit(call.caller, conv_id(call.fields.conv_id), call.fields.msg_id, new)
        return DONE

    async def patch(self, call: Call[PatchSent]) -> Done:
        """PUT /1.1/rtm/patch/message."""
        fields = call.fields
        where = conv_id(fields.conv_id)
        if fields.recall:
            await self._actions.recall(call.caller, where, fields.msg_id)
            return DONE
        if fields.message is None:
            raise missing("message")
        await self._actions.edit(call.caller, where, fields.msg_id, content(fields.message).new_content())
        return DONE

    # To everybody

    async def broadcast(self, call: Call[BroadcastSent]) -> MessageTaken:
        """POST /1.1/rtm/broadcast."""
        fields = call.fields
        draft = draft_of(fields)
        draft.transient = fields.transient
        where = conv_id(fields.conv_id)
        return taken(await self._actions.say_to_everybody(call.caller, where, draft, fields.valid_till))

    async def broadcasts(self, call: Call[BroadcastsAsked]) -> list[BroadcastRow]:
        """GET /1.1/rtm/broadcast."""
        return await listed(self._actions, call.caller, call.fields)

    async def withdraw(self, call: Call[BroadcastNamed]) -> Done:
        """DELETE /1.1/rtm/broadcast."""
        await self._actions.withdraw_broadcast(call.caller, call.fields.mid)
        return DONE


def draft_of(fields: Said) -> Draft:
    """The message that is to be sent."""
    draft = content(fields.message).draft(client_id(fields.from_peer, "from_peer"), conv_id(fields.conv_id))
    draft.sync = not fields.no_sync
    draft.mention_all, draft.mentions = fields.mention_all, mentioned(fields.mention_client_ids)
    draft.from_outside = draft.create_missing = True
    draft.push_data = pushed(fields.push_data, fields.push)
    return draft
