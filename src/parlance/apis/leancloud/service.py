"""Service conversations: who subscribed to one, and to which somebody subscribed."""

import msgspec

from parlance.apis.leancloud.envelope import DONE, Done
from parlance.apis.leancloud.ids import conv_id
from parlance.apis.leancloud.members import must_all
from parlance.core.actions.catalogue import Actions
from parlance.core.model.conversation_query import ConversationQuery
from parlance.core.model.user import client_id
from parlance.kernel.faults import bad_format
from parlance.web.calls import Call
from parlance.web.routes import Nothing

TAG = "LeanCloud service conversations"
MOST_LISTED = 50
MOST_QUERIED = 1000


class SubscriberSent(msgspec.Struct, frozen=True):
    """Who subscribes."""

    client_id: str | int


class SubscribersAsked(msgspec.Struct, frozen=True):
    """At most `limit` (50) of them, after `client_id`."""

    limit: int | None = None
    client_id: str | None = None


class SubscriptionsAsked(msgspec.Struct, frozen=True):
    """From `timestamp` (and `conv_id`) on, towards what is newer or older."""

    conv_id: str | None = None
    timestamp: int | None = None
    limit: int | None = None
    direction: str = "new"


class Subscription(msgspec.Struct):
    """Somebody subscribed to something, at a time (ms)."""

    timestamp: int
    subscriber: str
    conv_id: str


class SubscriberCount(msgspec.Struct):
    """How many subscribed."""

    count: int


class Service:
    """The calls about subscribers."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def subscribe(self, call: Call[SubscriberSent]) -> Done:
        """POST …/subscribers."""
        who = client_id(call.fields.client_id)
        must_all(await self._actions.bring_in(call.caller, conv_id(call.path("conv_id")), (who,)))
        return DONE

    async def unsubscribe(self, call: Call[Nothing]) -> Done:
        """DELETE …/subscribers/{client_id}."""
        who = client_id(call.path("client_id"))
        must_all(await self._actions.take_out(call.caller, conv_id(call.path("conv_id")), (who,)))
        return DONE

    async def subscribers(self, call: Call[SubscribersAsked]) -> list[Subscription]:
        """GET …/subscribers."""
        where, after = conv_id(call.path("conv_id")), call.fields.client_id
        found = await self._actions.subscribers(
            call.caller, where, client_id(after) if after else None, page(call.fields.limit)
        )
        return [Subscription(at, who, where) for who, at in found]

    async def of_client(self, call: Call[SubscriptionsAsked]) -> list[Subscription]:
        """GET /1.2/rtm/clients/{client_id}/service-conversations."""
        fields, who = call.fields, client_id(call.path("client_id"))
        if fields.direction not in ("new", "old"):
            raise bad_format("direction", "new or old")
        newer = fields.direction == "new"
        caller = msgspec.structs.replace(call.caller, client_id=who)
        found = await self._actions.query_conversations(caller, ConversationQuery({"sys": True}, limit=MOST_QUERIED))
        mine = sorted((each.joined_at, each.conversation.conv_id) for each in found if each.joined_at is not None)
        begins = (fields.timestamp or 0, fields.conv_id or "") if fields.timestamp is not None else None
        if begins is not None:
            mine = [each for each in mine if (each > begins if newer else each < begins)]
        in_order = mine if newer else mine[::-1]
        return [Subscription(at, who, where) for at, where in in_order[: page(fields.limit)]]

    async def count(self, call: Call[Nothing]) -> SubscriberCount:
        """GET …/subscribers/count."""
        return SubscriberCount(await self._actions.count_members(call.caller, conv_id(call.path("conv_id"))))


def page(limit: int | None) -> int:
    """How many of a list are answered."""
    return MOST_LISTED if limit is None else max(0, min(limit, MOST_LISTED))
