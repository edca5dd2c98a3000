"""An app's clients: who is online, what they have to read, and what an app may do about one."""

from typing import Any

import msgspec

from parlance.apis.leancloud.changes import DONE, Done, done
from parlance.apis.leancloud.ids import clients, conv_id
from parlance.apis.leancloud.members import page
from parlance.core.actions.catalogue import Actions
from parlance.core.model.caller import Caller
from parlance.core.model.user import client_id
from parlance.kernel.faults import bad_format
from parlance.web.calls import Call
from parlance.web.routes import Nothing

TAG = "LeanCloud clients"
MOST_ASKED_ABOUT = 20
LONGEST_REASON = 20


class ClientsAsked(msgspec.Struct, frozen=True):
    """Who is asked about; 20 at most."""

    client_ids: list[str | int] = []


class Online(msgspec.Struct):
    """Those of them that are online."""

    results: list[str]


class UnreadAsked(msgspec.Struct, frozen=True):
    """Of one conversation only, or of all."""

    conv_id: str | None = None


class Unread(msgspec.Struct):
    """How many messages wait to be read."""

    count: int


class KickAsked(msgspec.Struct, frozen=True):
    """Why, in 20 characters at most: the client is told."""

    reason: str = ""


class ConversationSent(msgspec.Struct, frozen=True):
    """Which conversation."""

    conv_id: str


class ConversationIds(msgspec.Struct, omit_defaults=True):
    """A page of conversations; `next` is where it goes on."""

    conv_ids: list[str]
    next: str | None = None


class BlockingAsked(msgspec.Struct, frozen=True):
    """Where the list goes on."""

    limit: int | None = None
    next: str | None = None


class Figures(msgspec.Struct):
    """How many are here, and how many were today."""

    result: dict[str, int]


class Clients:
    """The calls about clients."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def check_online(self, call: Call[ClientsAsked]) -> Online:
        """POST /1.2/rtm/clients/check-online."""
        return online(self._actions, call.caller, call.fields.client_ids, "client_ids")

    async def unread_count(self, call: Call[UnreadAsked]) -> Unread:
        """GET /1.2/rtm/clients/{client_id}/unread-count."""
        return await unread(self._actions, call.caller, call.path("client_id"), call.fields.conv_id)

    async def kick(self, call: Call[KickAsked]) -> Done:
        """POST /1.2/rtm/clients/{client_id}/kick."""
        return await kicked(self._actions, call.caller, call.path("client_id"), call.fields.reason)

    # Conversations that keep a client out

    async def block(self, call: Call[ConversationSent]) -> Done:
        """POST /1.2/rtm/clients/{client_id}/blacklists."""
        client = client_id(call.path("client_id"))
        return done(await self._actions.block(call.caller, conv_id(call.fields.conv_id), (client,)))

    async def unblock(self, call: Call[ConversationSent]) -> Done:
        """DELETE /1.2/rtm/clients/{client_id}/blacklists."""
        client = client_id(call.path("client_id"))
        return done(await self._actions.unblock(call.caller, conv_id(call.fields.conv_id), (client,)))

    async def blocking(self, call: Call[BlockingAsked]) -> ConversationIds:
        """GET /1.2/rtm/clients/{client_id}/blacklists."""
        after = call.fields.next
        most = page(call.fields.limit)
        found = await self._actions.blocking_conversations(
            call.caller, client_id(call.path("client_id")), conv_id(after) if after else None, most
        )
        return ConversationIds([*found], found[-1] if len(found) == most and found else None)

    async def stats(self, call: Call[Nothing]) -> Figures:
        """GET /1.2/rtm/stats."""
        attendance: Any = self._actions.attendance(call.caller)
        return Figures({"online_user_count": attendance.online, "user_count_today": attendance.today})


def online(actions: Actions, caller: Caller, asked: list[str | int], field: str) -> Online:
    """Those of some that are online."""
    wanted = clients(asked, field, MOST_ASKED_ABOUT)
    here = actions.who_is_online(caller, wanted)
    return Online([client for client in wanted if here[client]])


async def unread(actions: Actions, caller: Caller, client: str, only: str | None) -> Unread:
    """How much somebody has to read, in one conversation or in all."""
    found = await actions.unread_inbox(caller.acting_as(client_id(client), "client_id"), 0)
    return Unread(sum(each.unread for each in found if only in (None, each.conversation.conv_id)))


async def kicked(actions: Actions, caller: Caller, client: str | int, reason: str) -> Done:
    """Somebody is sent off."""
    if len(reason) > LONGEST_REASON:
        raise bad_format("reason", f"at most {LONGEST_REASON} characters")
    await actions.kick(caller, client_id(client), reason)
    return DONE
