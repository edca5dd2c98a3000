"""Who is in a conversation."""

from typing import Literal

import msgspec

from parlance.apis.platform.ids import conv_id
from parlance.core.actions.catalogue import Actions
from parlance.core.model.user import client_ids
from parlance.kernel.ids import ClientId
from parlance.web.calls import Call
from parlance.web.routes import Nothing, Operation

TAG = "Members"


class MembersAsked(msgspec.Struct, frozen=True):
    """Whom to bring in, or take out."""

    client_ids: list[str | int]

    def clients(self) -> tuple[ClientId, ...]:
        """Each once."""
        return client_ids(self.client_ids, "client_ids")


class Members:
    """The calls about members."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def add(self, call: Call[MembersAsked]) -> Literal[True]:
        """POST /im/conversations/{conv_id}/members."""
        await self._actions.invite(call.caller, conv_id(call.path("conv_id")), call.fields.clients())
        return True

    async def list(self, call: Call[Nothing]) -> list[str]:
        """GET /im/conversations/{conv_id}/members."""
        return [*await self._actions.list_members(call.caller, conv_id(call.path("conv_id")))]

    async def remove(self, call: Call[MembersAsked]) -> Literal[True]:
        """DELETE /im/conversations/{conv_id}/members."""
        await self._actions.remove_members(call.caller, conv_id(call.path("conv_id")), call.fields.clients())
        return True


_TRUE = {"code": 0, "message": "ok", "data": True, "request-id": None}

ADD = Operation(
    summary="Add members",
    tag=TAG,
    description="Who is in already stays in. A direct conversation's two members are fixed. Into a chat room come "
    "those who are online; the rest are passed over.",
    example={"client_ids": ["Tom", "Jerry"]},
    answer_example=_TRUE,
)
LIST = Operation(
    summary="List members",
    tag=TAG,
    answer_example={"code": 0, "message": "ok", "data": ["Tom", "Alex", "Iron"], "request-id": None},
)
REMOVE = Operation(
    summary="Remove members",
    tag=TAG,
    description="A client token removes itself; others as owner or admin.",
    example={"client_ids": ["Jerry"]},
    answer_example=_TRUE,
)
