"""Conversations, of which an app may have its say before they begin, change, or people come and go."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from parlance.core.actions.conversations.change_columns import ChangeColumns
from parlance.core.actions.conversations.mute import Mute
from parlance.core.actions.conversations.start import StartConversation
from parlance.core.actions.hooks.asking import Asking
from parlance.core.actions.members.bring_in import BringIn
from parlance.core.actions.members.take_out import TakeOut
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation
from parlance.core.model.hook import Hook
from parlance.core.model.membership import ColumnsChanged, MembershipChange
from parlance.core.model.starting import Started, Starting
from parlance.kernel.ids import ClientId, ConvId


class AskedStart:
    """Starts a conversation if the app does not mind."""

    def __init__(self, start: StartConversation, asking: Asking) -> None:
        self._start = start
        self._asking = asking

    async def __call__(self, caller: Caller, starting: Starting, *, origin: int | None = None) -> Started:
        """As `StartConversation.__call__`; raises REJECTED_BY_APP too."""
        if self._asking.concerns(caller, Hook.CONVERSATION_START):
            attr = msgspec.json.decode(starting.columns or "{}") | {"name": starting.name}
            if starting.ext is not None:
                attr["attr"] = msgspec.Raw(starting.ext.encode())
            members = [starting.creator, *(each for each in starting.others if each != starting.creator)]
            body = {"initBy": starting.creator, "members": members, "attr": attr}
            await self._asking(caller.app, Hook.CONVERSATION_START, body)
        return await self._start(caller, starting, origin=origin)


class AskedBringIn:
    """Lets people in if the app does not mind."""

    def __init__(self, bring_in: BringIn, asking: Asking) -> None:
        self._bring_in = bring_in
        self._asking = asking

    async def __call__(
        self, caller: Caller, conv_id: ConvId, clients: Collection[ClientId], *, origin: int | None = None
    ) -> MembershipChange:
        """As `BringIn.__call__`; raises REJECTED_BY_APP too."""
        if self._asking.concerns(caller, Hook.CONVERSATION_ADD):
            await self._asking(caller.app, Hook.CONVERSATION_ADD, moving(caller, conv_id, clients))
        return await self._bring_in(caller, conv_id, clients, origin=origin)


class AskedTakeOut:
    """Takes people out if the app does not mind."""

    def __init__(self, take_out: TakeOut, asking: Asking) -> None:
        self._take_out = take_out
        self._asking = asking

    async def __call__(
        self, caller: Caller, conv_id: ConvId, clients: Collection[ClientId], *, origin: int | None = None
    ) -> MembershipChange:
        """As `TakeOut.__call__`; raises REJECTED_BY_APP too."""
        if self._asking.concerns(caller, Hook.CONVERSATION_REMOVE):
            await self._asking(caller.app, Hook.CONVERSATION_REMOVE, moving(caller, conv_id, clients))
        return await self._take_out(caller, conv_id, clients, origin=origin)


class AskedChangeColumns:
    """Changes what a conversation says if the app does not mind, to what the app wants it to say."""

    def __init__(self, change: ChangeColumns, asking: Asking) -> None:
        self._change = change
        self._asking = asking

    async def __call__(
        self, caller: Caller, conv_id: ConvId, changes: Mapping[str, Any], origin: int | None = None
    ) -> ColumnsChanged:
        """As `ChangeColumns.__call__`; raises REJECTED_BY_APP too."""
        if self._asking.concerns(caller, Hook.CONVERSATION_UPDATE):
            body = {"initBy": caller.client_id, "convId": conv_id, "attr": changes}
            answer = await self._asking(caller.app, Hook.CONVERSATION_UPDATE, body)
            if answer.attr is not None:
                changes = answer.attr
        return await self._change(caller, conv_id, changes, origin)


class AskedMute:
    """Keeps news from a member that is away if the app does not mind; the app may turn it round."""

    def __init__(self, mute: Mute, asking: Asking) -> None:
        self._mute = mute
        self._asking = asking

    async def __call__(self, caller: Caller, conv_id: ConvId, *, muted: bool) -> Conversation:
        """As `Mute.__call__`; raises REJECTED_BY_APP too."""
        if self._asking.concerns(caller, Hook.CONVERSATION_UPDATE):
            body = {"initBy": caller.client_id, "convId": conv_id, "mute": muted}
            answer = await self._asking(caller.app, Hook.CONVERSATION_UPDATE, body)
            if answer.mute is not None:
                muted = answer.mute
        return await self._mute(caller, conv_id, muted=muted)


def moving(caller: Caller, conv_id: ConvId, clients: Collection[ClientId]) -> dict[str, Any]:
    """Who is about to come or go, and because of whom."""
    return {"initBy": caller.client_id, "members": list(clients), "convId": conv_id}
