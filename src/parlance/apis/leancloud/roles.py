"""Who is more than a member of a conversation, as records of `_ConversationMemberInfo`.

The owner is who made the conversation: clients know it by `c`, one of them knows no such word, so it is no record.
"""

from typing import Any

import msgspec

from parlance.apis.leancloud.changes import DONE, Done
from parlance.apis.leancloud.ids import conv_id, iso
from parlance.apis.leancloud.members import page
from parlance.core.actions.catalogue import Actions
from parlance.core.model.caller import Caller
from parlance.core.model.member import Role, role_record
from parlance.core.model.user import client_id
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId
from parlance.web.calls import Call
from parlance.web.routes import Nothing

TAG = "LeanCloud roles"
ROLES = {"Manager": Role.ADMIN, "Member": Role.MEMBER}
WORDS = {role: word for word, role in ROLES.items()}
"""By the words of LeanCloud."""


class RoleSent(msgspec.Struct, frozen=True, rename="camel"):
    """Who is to have which role."""

    client_id: str | int
    role: str


class RoleChangeSent(msgspec.Struct, frozen=True):
    """Which role it is to be; the same, if nothing is said."""

    role: str | None = None


class RolesAsked(msgspec.Struct, frozen=True):
    """Which of the records."""

    skip: int = 0
    limit: int | None = None
    role: str | None = None


class RoleRecord(msgspec.Struct, rename="camel"):
    """A member that is more than that."""

    object_id: str
    client_id: str
    role: str
    cid: str
    """The conversation."""


class RoleRecords(msgspec.Struct):
    """Some of them."""

    results: list[RoleRecord]


class RoleChanged(msgspec.Struct, rename="camel"):
    """The record that was made or changed."""

    object_id: str
    updated_at: str


class Roles:
    """The calls about roles."""

    def __init__(self, actions: Actions, clock: Clock) -> None:
        self._actions = actions
        self._clock = clock

    async def set_role(self, call: Call[RoleSent]) -> RoleChanged:
        """POST …/member-infos."""
        return await self._set(call, client_id(call.fields.client_id, "clientId"), call.fields.role)

    async def change_role(self, call: Call[RoleChangeSent]) -> RoleChanged:
        """PUT …/member-infos/{info_id}."""
        return await self._set(call, await self._of_record(call), call.fields.role)

    async def drop_role(self, call: Call[Nothing]) -> Done:
        """DELETE …/member-infos/{info_id}."""
        await self._set(call, await self._of_record(call), WORDS[Role.MEMBER])
        return DONE

    async def list_roles(self, call: Call[RolesAsked]) -> RoleRecords:
        """GET …/member-infos."""
        where = conv_id(call.path("conv_id"))
        wanted = None if call.fields.role is None else role_of(call.fields.role)
        rows = await records(self._actions, call.caller, where)
        if wanted is not None:
            rows = [row for row in rows if row.role == WORDS[wanted]]
        skip = max(0, call.fields.skip)
        return RoleRecords(rows[skip : skip + page(call.fields.limit)])

    async def _set(self, call: Call[Any], client: ClientId, role: str | None) -> RoleChanged:
        where = conv_id(call.path("conv_id"))
        if role is not None:
            await self._actions.set_role(call.caller, where, client, role_of(role))
        return RoleChanged(role_record(where, client), iso(self._clock.now()))

    async def _of_record(self, call: Call[Any]) -> ClientId:
        where, record = conv_id(call.path("conv_id")), call.path("info_id")
        people = await self._actions.list_members(call.caller, where)
        found = next((who for who in people if role_record(where, who) == record), None)
        if found is None:
            raise Fault(FaultCode.UNKNOWN_FILE, "no such record", field="info_id")
        return found


async def records(actions: Actions, caller: Caller, where: ConvId) -> list[RoleRecord]:
    """The records of a conversation."""
    roles = await actions.roles(caller, where)
    return [
        RoleRecord(role_record(where, client), client, WORDS[role], where)
        for client, role in roles.items()
        if role in WORDS
    ]


def role_of(word: str) -> Role:
    """The role that LeanCloud calls so; UNKNOWN_ROLE for the owner too, whom nobody makes."""
    role = ROLES.get(word)
    if role is None:
        raise Fault(FaultCode.UNKNOWN_ROLE)
    return role
