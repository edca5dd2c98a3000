"""Who comes into a group and who goes, and who asks to be let in."""

import msgspec

from parlance.apis.campus.ids import client_list, group_number, one_client
from parlance.core.actions.catalogue import Actions
from parlance.core.model.caller import Caller
from parlance.kernel.faults import Fault, FaultCode, missing
from parlance.kernel.ids import ClientId
from parlance.web.calls import Call
from parlance.web.routes import Nothing, Operation

TAG = "Campus members"
ASKED = "已为您提交加群申请"


class MembersAsked(msgspec.Struct, frozen=True):
    """Whom to bring in, or take out."""

    member_client_ids: str | int
    """Joined by colons."""

    def clients(self) -> tuple[ClientId, ...]:
        """Each once."""
        clients = client_list(self.member_client_ids, "member_client_ids")
        if not clients:
            raise missing("member_client_ids")
        return clients


class MembersAdded(msgspec.Struct):
    """Who was brought in: what was sent."""

    group_id: int
    member_client_ids: str


class Said(msgspec.Struct):
    """A sentence for the user."""

    message: str


class Members:
    """The calls about members."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def add(self, call: Call[MembersAsked]) -> MembersAdded:
        """POST /im/group/{group_id}/member."""
        group_id = group_number(call.path("group_id"))
        await self._actions.add_to_group(call.caller, group_id, call.fields.clients(), create_missing=True)
        return MembersAdded(group_id, str(call.fields.member_client_ids))

    async def remove(self, call: Call[Nothing]) -> None:
        """DELETE /im/group/{group_id}/member/{client_id}."""
        client = one_client(call.path("client_id"), "client_id")
        await self._remove(call.caller, group_number(call.path("group_id")), (client,))

    async def remove_some(self, call: Call[MembersAsked]) -> None:
        """DELETE /im/group/{group_id}/member, of the first revision."""
        await self._remove(call.caller, group_number(call.path("group_id")), call.fields.clients())

    async def ask(self, call: Call[Nothing]) -> Said:
        """POST /im/user/{client_id}/group/{group_id}/join_group_notification."""
        client = one_client(call.path("client_id"), "client_id")
        group_id = group_number(call.path("group_id"))
        await self._actions.ask_to_join(call.caller, client, group_id, create_missing=True)
        return Said(ASKED)

    async def _remove(self, caller: Caller, group_id: int, clients: tuple[ClientId, ...]) -> None:
        if not await self._actions.remove_from_group(caller, group_id, clients):
            raise Fault(FaultCode.UNKNOWN_CLIENT, "none of them is in the group")


ADD = Operation(
    summary="Add members",
    tag=TAG,
    description="All or none; who is in already stays in. Who is named and nobody has heard of becomes known.",
    example={"member_client_ids": "c667:c775"},
    answer_example={"group_id": 12, "member_client_ids": "c667:c775"},
)
REMOVE = Operation(
    summary="Remove a member",
    tag=TAG,
    description="Takes the server key, an admin of the group, or the member itself. The group's owner stays.",
)
REMOVE_SOME = Operation(
    summary="Remove members (first revision)",
    tag=TAG,
    description="All or none; who is not in is passed over, but one of them must be in.",
    example={"member_client_ids": "667:775"},
)
ASK = Operation(
    summary="Ask to be let in",
    tag=TAG,
    description="The group's admins are told, once. Adding that client settles it.",
    answer_example={"message": ASKED},
)
