"""Who is in a conversation, and who is told nothing of it while away."""

import msgspec

from parlance.apis.leancloud.changes import ConversationChanged, changed, updated_at
from parlance.apis.leancloud.ids import clients, conv_id
from parlance.core.actions.catalogue import Actions
from parlance.web.calls import Call
from parlance.web.routes import Nothing

TAG = "LeanCloud members"
LISTED_UNLESS_SAID, MOST_LISTED = 10, 100


class ClientsSent(msgspec.Struct, frozen=True):
    """Whom it is about."""

    client_ids: list[str | int] = []


class ClientIds(msgspec.Struct):
    """Some client ids."""

    result: list[str]


class Count(msgspec.Struct):
    """A number."""

    result: int


class Members:
    """The calls about members."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def add(self, call: Call[ClientsSent]) -> ConversationChanged:
        """POST …/members."""
        wanted = clients(call.fields.client_ids, "client_ids")
        return changed(await self._actions.bring_in(call.caller, conv_id(call.path("conv_id")), wanted))

    async def remove(self, call: Call[ClientsSent]) -> ConversationChanged:
        """DELETE …/members."""
        wanted = clients(call.fields.client_ids, "client_ids")
        return changed(await self._actions.take_out(call.caller, conv_id(call.path("conv_id")), wanted))

    async def list(self, call: Call[Nothing]) -> ClientIds:
        """GET …/members: of a chat room, who is there."""
        return ClientIds([*await self._actions.list_members(call.caller, conv_id(call.path("conv_id")))])

    async def count(self, call: Call[Nothing]) -> Count:
        """GET …/members/online-count."""
        return Count(await self._actions.count_members(call.caller, conv_id(call.path("conv_id"))))

    async def mute(self, call: Call[ClientsSent]) -> ConversationChanged:
        """POST …/mutes."""
        return await self._muted(call, muted=True)

    async def unmute(self, call: Call[ClientsSent]) -> ConversationChanged:
        """DELETE …/mutes."""
        return await self._muted(call, muted=False)

    async def _muted(self, call: Call[ClientsSent], *, muted: bool) -> ConversationChanged:
        where, wanted = conv_id(call.path("conv_id")), clients(call.fields.client_ids, "client_ids")
        for client in wanted:
            conversation = await self._actions.mute(call.caller.acting_as(client, "client_ids"), where, muted=muted)
        return ConversationChanged(updated_at(conversation), where)

    async def list_muted(self, call: Call[Nothing]) -> ClientIds:
        """GET …/mutes."""
        return ClientIds([*await self._actions.list_muted(call.caller, conv_id(call.path("conv_id")))])


def page(limit: int | None) -> int:
    """How many of a list are answered."""
    return LISTED_UNLESS_SAID if limit is None else max(0, min(limit, MOST_LISTED))
