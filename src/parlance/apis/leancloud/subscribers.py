"""Service conversations: who subscribed to one, and to which somebody subscribed."""

import msgspec

from parlance.apis.leancloud.changes import Done, done
from parlance.apis.leancloud.ids import conv_id
from parlance.core.actions.catalogue import Actions
from parlance.core.model.user import client_id
from parlance.kernel.faults import bad_format, missing
from parlance.web.calls import Call
from parlance.web.routes import Nothing

TAG = "LeanCloud service conversations"
MOST_LISTED = 50


class SubscriberSent(msgspec.Struct, frozen=True):
    """Who subscribes."""

    client_id: str | int


class SubscribersAsked(msgspec.Struct, frozen=True):
    """At most `limit` (50) of them, after `client_id`."""

    limit: int | None = None
    client_id: str | None = None


class SubscriptionsAsked(msgspec.Struct, frozen=True):
    """After the one to `conv_id`, made at `timestamp`, towards what is newer or older."""

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


class Subscribers:
    """The calls about subscribers."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def subscribe(self, call: Call[SubscriberSent]) -> Done:
        """POST …/subscribers."""
        who = client_id(call.fields.client_id)
        return done(await self._actions.bring_in(call.caller, conv_id(call.path("conv_id")), (who,)))

    async def unsubscribe(self, call: Call[Nothing]) -> Done:
        """DELETE …/subscribers/{client_id}."""
        who = client_id(call.path("client_id"))
        return done(await self._actions.take_out(call.caller, conv_id(call.path("conv_id")), (who,)))

    async def subscribers(self, call: Call[SubscribersAsked]) -> list[Subscription]:
        """GET …/subscribers."""
        where, after = conv_id(call.path("conv_id")), call.fields.client_id
        begins = client_id(after) if after else None
        found = await self._actions.subscribers(call.caller, where, begins, page(call.fields.limit))
        return [Subscription(at, who, where) for who, at in found]

    async def count(self, call: Call[Nothing]) -> SubscriberCount:
        """GET …/subscribers/count."""
        return SubscriberCount(await self._actions.count_members(call.caller, conv_id(call.path("conv_id"))))

    async def of_client(self, call: Call[SubscriptionsAsked]) -> list[Subscription]:
        """GET /1.2/rtm/clients/{client_id}/service-conversations."""
        fields, who = call.fields, client_id(call.path("client_id"))
        if fields.direction not in ("new", "old"):
            raise bad_format("direction", "new or old")
        if fields.conv_id and fields.timestamp is None:
            raise missing("timestamp")
        begins = None if fields.timestamp is None else (fields.timestamp, fields.conv_id or "")
        found = await self._actions.subscriptions(
            call.caller, who, begins, page(fields.limit), newest_first=fields.direction == "old"
        )
        return [Subscription(at, who, where) for where, at in found]


def page(limit: int | None) -> int:
    """How many of a list are answered."""
    return MOST_LISTED if limit is None else max(0, min(limit, MOST_LISTED))
