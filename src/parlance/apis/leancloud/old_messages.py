"""Messages in version 1.1 of the API, which backends from before 2018 still call."""

from typing import Any

import msgspec

from parlance.apis.leancloud.ids import clients, conv_id
from parlance.apis.leancloud.messages import (
    LISTED_UNLESS_SAID,
    MOST_LISTED,
    MOST_NAMED,
    MessageRow,
    MessageTaken,
    listed_rows,
    mentioned,
    place,
    taken,
    text_of,
    truth,
)
from parlance.apis.leancloud.messages import content as content_of
from parlance.core.actions.catalogue import Actions
from parlance.core.model.message import Draft
from parlance.core.model.places import Range
from parlance.core.model.user import client_id
from parlance.web.calls import Call

TAG = "LeanCloud messages, version 1.1"


class MessageSent(msgspec.Struct, frozen=True):
    """A message to send for somebody; with `to_peers`, to those of a service conversation."""

    from_peer: str | int
    conv_id: str
    message: str | dict[str, Any]
    transient: bool = False
    no_sync: bool = False
    to_peers: list[str | int] = []
    push_data: str | dict[str, Any] | None = None
    mention_all: bool = False
    mention_client_ids: list[str | int] = []


class HistoryAsked(msgspec.Struct, frozen=True):
    """Which messages of a conversation: those before `max_ts` (and `msgid`)."""

    convid: str
    limit: int | None = None
    max_ts: int | None = None
    msgid: str | None = None
    reversed: str | bool = False
    """The oldest first."""


class OldMessages:
    """The calls about messages, in the words of version 1.1."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def send(self, call: Call[MessageSent]) -> MessageTaken:
        """POST /1.1/rtm/messages."""
        fields = call.fields
        draft = draft_of(fields)
        if fields.to_peers:
            to = clients(fields.to_peers, "to_peers", MOST_NAMED)
            return taken(await self._actions.say_to_clients(call.caller, conv_id(fields.conv_id), draft, to))
        return taken(await self._actions.send(call.caller, draft))

    async def send_to_subscribers(self, call: Call[MessageSent]) -> MessageTaken:
        """POST /1.1/rtm/broadcast/subscriber."""
        draft = draft_of(call.fields)
        return taken(await self._actions.say_to_subscribers(call.caller, conv_id(call.fields.conv_id), draft))

    async def history(self, call: Call[HistoryAsked]) -> list[MessageRow]:
        """GET /1.1/rtm/messages/history, /1.1/rtm/messages/logs."""
        fields = call.fields
        oldest_first = truth(fields.reversed, "reversed")
        limit = fields.limit
        stretch = Range(
            start=place(fields.max_ts, fields.msgid),
            oldest_first=oldest_first,
            most=LISTED_UNLESS_SAID if limit is None else max(0, min(limit, MOST_LISTED)),
        )
        rows = await self._actions.read_range(call.caller, conv_id(fields.convid), stretch)
        return listed_rows(rows, oldest_first=oldest_first)


def draft_of(fields: MessageSent) -> Draft:
    """The message that is to be sent."""
    draft = content_of(fields.message).draft(client_id(fields.from_peer, "from_peer"), conv_id(fields.conv_id))
    push = fields.push_data
    draft.transient, draft.sync = fields.transient, not fields.no_sync
    draft.mention_all, draft.mentions = fields.mention_all, mentioned(fields.mention_client_ids)
    draft.from_outside = draft.create_missing = True
    draft.push_data = push if push is None or isinstance(push, str) else text_of(push)
    return draft
