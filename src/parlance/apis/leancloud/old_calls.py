"""What else backends ask in version 1.1 of the API: about clients, chat rooms, service conversations."""

import msgspec

from parlance.apis.leancloud.changes import Done, done
from parlance.apis.leancloud.clients import KickAsked, Online, Unread, kicked, online, unread
from parlance.apis.leancloud.ids import conv_id
from parlance.apis.leancloud.members import Count
from parlance.apis.leancloud.restrictions import LONGEST_SILENCE, Seconds
from parlance.core.actions.catalogue import Actions
from parlance.core.model.user import client_id
from parlance.kernel.clock import SECOND, Clock
from parlance.kernel.ids import ClientId, ConvId
from parlance.web.calls import Call
from parlance.web.routes import Nothing

TAG = "LeanCloud, version 1.1"


class PeersAsked(msgspec.Struct, frozen=True):
    """Who is asked about; 20 at most."""

    peers: list[str | int] = []


class KickSent(KickAsked, frozen=True, kw_only=True):
    """Who is sent off, and why."""

    client_id: str | int


class RoomAsked(msgspec.Struct, frozen=True):
    """Which chat room."""

    gid: str


class Placed(msgspec.Struct, frozen=True):
    """A client and a conversation."""

    client_id: str | int
    conv_id: str


class SilenceSent(Placed, frozen=True):
    """The same, for `ttl` seconds, a day at most."""

    ttl: Seconds = LONGEST_SILENCE


class OldCalls:
    """The calls about all of these."""

    def __init__(self, actions: Actions, clock: Clock) -> None:
        self._actions = actions
        self._clock = clock

    async def online(self, call: Call[PeersAsked]) -> Online:
        """POST /1.1/rtm/online."""
        return online(self._actions, call.caller, call.fields.peers, "peers")

    async def unread(self, call: Call[Nothing]) -> Unread:
        """GET /1.1/rtm/messages/unread/{client_id}."""
        return await unread(self._actions, call.caller, call.path("client_id"), None)

    async def unread_in(self, call: Call[Nothing]) -> Unread:
        """GET /1.1/rtm/messages/unread/{client_id}/{conv_id}."""
        return await unread(self._actions, call.caller, call.path("client_id"), call.path("conv_id"))

    async def kick(self, call: Call[KickSent]) -> Done:
        """POST /1.1/rtm/client/kick."""
        return await kicked(self._actions, call.caller, call.fields.client_id, call.fields.reason)

    async def count(self, call: Call[RoomAsked]) -> Count:
        """GET /1.1/rtm/transient_group/onlines."""
        return Count(await self._actions.count_members(call.caller, conv_id(call.fields.gid)))

    async def subscribe(self, call: Call[Placed]) -> Done:
        """POST /1.1/rtm/conversation/subscription."""
        where, who = placed(call.fields)
        return done(await self._actions.bring_in(call.caller, where, who))

    async def unsubscribe(self, call: Call[Placed]) -> Done:
        """DELETE /1.1/rtm/conversation/subscription."""
        where, who = placed(call.fields)
        return done(await self._actions.take_out(call.caller, where, who))

    async def silence(self, call: Call[SilenceSent]) -> Done:
        """POST /1.1/rtm/conversation/blacklist: what this version calls so is a silence."""
        where, who = placed(call.fields)
        until = self._clock.now() + call.fields.ttl * SECOND
        return done(await self._actions.silence(call.caller, where, who, until))

    async def let_speak(self, call: Call[Placed]) -> Done:
        """DELETE /1.1/rtm/conversation/blacklist."""
        where, who = placed(call.fields)
        return done(await self._actions.unsilence(call.caller, where, who))


def placed(fields: Placed) -> tuple[ConvId, tuple[ClientId, ...]]:
    """Where, and who."""
    return conv_id(fields.conv_id), (client_id(fields.client_id),)
