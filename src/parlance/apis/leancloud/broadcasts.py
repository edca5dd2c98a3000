"""What an app says to all of its clients, in one of its service conversations."""

import msgspec

from parlance.apis.leancloud.changes import DONE, Done
from parlance.apis.leancloud.ids import conv_id
from parlance.apis.leancloud.messages import (
    LISTED_UNLESS_SAID,
    MOST_LISTED,
    MessageRow,
    MessageSent,
    MessageTaken,
    draft_of,
    row_fields,
    taken,
)
from parlance.core.actions.catalogue import Actions
from parlance.core.model.broadcast import Broadcast
from parlance.core.model.caller import Caller
from parlance.web.calls import Call
from parlance.web.routes import Nothing

TAG = "LeanCloud broadcasts"


class BroadcastSent(MessageSent, frozen=True, kw_only=True):
    """A message to everybody; who comes before `valid_till` (ms, a month at most) gets it then."""

    conv_id: str
    valid_till: int | None = None


class BroadcastsAsked(msgspec.Struct, frozen=True):
    """Those of which service conversation."""

    conv_id: str
    limit: int | None = None
    skip: int = 0


class BroadcastRow(MessageRow, kw_only=True, rename={"valid_till": "valid_till"}):
    """A broadcast in a list."""

    valid_till: int
    """Milliseconds."""


class Broadcasts:
    """The calls about broadcasts."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def send(self, call: Call[BroadcastSent]) -> MessageTaken:
        """POST /1.2/rtm/broadcasts."""
        fields = call.fields
        where = conv_id(fields.conv_id)
        draft = draft_of(fields, where)
        return taken(await self._actions.say_to_everybody(call.caller, where, draft, fields.valid_till))

    async def list(self, call: Call[BroadcastsAsked]) -> list[BroadcastRow]:
        """GET /1.2/rtm/broadcasts."""
        return await listed(self._actions, call.caller, call.fields)

    async def withdraw(self, call: Call[Nothing]) -> Done:
        """DELETE /1.2/rtm/broadcasts/{msg_id}."""
        await self._actions.withdraw_broadcast(call.caller, call.path("msg_id"))
        return DONE


async def listed(actions: Actions, caller: Caller, asked: BroadcastsAsked) -> list[BroadcastRow]:
    """The broadcasts of a service conversation that are valid, the newest first."""
    most = LISTED_UNLESS_SAID if asked.limit is None else max(0, min(asked.limit, MOST_LISTED))
    return [row(each) for each in await actions.list_broadcasts(caller, conv_id(asked.conv_id), most, asked.skip)]


def row(broadcast: Broadcast) -> BroadcastRow:
    """A broadcast as this dialect lists it."""
    return BroadcastRow(**row_fields(broadcast.message), valid_till=broadcast.valid_till)
