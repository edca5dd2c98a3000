"""Who is in a conversation, in what role, and who is kept from speaking or from coming in."""

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from parlance.apis.leancloud.envelope import DONE, Done
from parlance.apis.leancloud.ids import clients, conv_id, iso
from parlance.core.actions.catalogue import Actions
from parlance.core.model.member import Role, role_record
from parlance.core.model.membership import MembershipChange
from parlance.core.model.restriction import FOREVER, Restraint
from parlance.core.model.user import client_id
from parlance.kernel.clock import DAY, SECOND, Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId
from parlance.web.calls import Call
from parlance.web.routes import Nothing

TAG = "LeanCloud members"
LONGEST_SILENCE = DAY // SECOND
LISTED_UNLESS_SAID, MOST_LISTED = 10, 100
ROLES = {"Manager": Role.ADMIN, "Member": Role.MEMBER}
"""By the words of LeanCloud; the owner is who made the conversation, and no record."""


class ClientsSent(msgspec.Struct, frozen=True):
    """Whom it is about."""

    client_ids: list[str | int] = []


class SilenceSent(msgspec.Struct, frozen=True):
    """Who is not to speak for a while; `ttl` in seconds, a day at most."""

    client_id: str | int
    ttl: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_SILENCE)] = LONGEST_SILENCE


class SilencedSent(msgspec.Struct, frozen=True):
    """Who may speak again."""

    client_id: str | int


class PageAsked(msgspec.Struct, frozen=True):
    """Where a list goes on."""

    limit: int | None = None
    next: str | None = None


class RoleSent(msgspec.Struct, frozen=True, rename="camel"):
    """Who is to have which role."""

    client_id: str | int
    role: str


class RoleChangeSent(msgspec.Struct, frozen=True):
    """Which role it is to be."""

    role: str


class RolesAsked(msgspec.Struct, frozen=True):
    """Which of the records."""

    skip: int = 0
    limit: int | None = None
    role: str | None = None


class ConversationChanged(msgspec.Struct, rename="camel"):
    """When the conversation last changed."""

    updated_at: str
    object_id: str


class ClientIds(msgspec.Struct):
    """Some client ids."""

    result: list[str]


class Count(msgspec.Struct):
    """A number."""

    result: int


class ClientList(msgspec.Struct, omit_defaults=True):
    """A page of client ids; `next` is where it goes on."""

    client_ids: list[str]
    next: str | UnsetType = UNSET


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


class Members:
    """The calls about members."""

    def __init__(self, actions: Actions, clock: Clock) -> None:
        self._actions = actions
        self._clock = clock

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
        return ConversationChanged(iso(conversation.updated_at or conversation.created_at), where)

    async def list_muted(self, call: Call[Nothing]) -> ClientIds:
        """GET …/mutes."""
        return ClientIds([*await self._actions.list_muted(call.caller, conv_id(call.path("conv_id")))])

    # Who may not speak, who may not come in

    async def silence_for_a_while(self, call: Call[SilenceSent]) -> Done:
        """POST …/temporary-silenceds."""
        until = self._clock.now() + call.fields.ttl * SECOND
        return await self._silenced(call, (client_id(call.fields.client_id),), until)

    async def end_silence(self, call: Call[SilencedSent]) -> Done:
        """DELETE …/temporary-silenceds."""
        return await self._let_speak(call, (client_id(call.fields.client_id),))

    async def silence(self, call: Call[ClientsSent]) -> Done:
        """POST …/permanent-silenceds."""
        return await self._silenced(call, clients(call.fields.client_ids, "client_ids"), FOREVER)

    async def let_speak(self, call: Call[ClientsSent]) -> Done:
        """DELETE …/permanent-silenceds."""
        return await self._let_speak(call, clients(call.fields.client_ids, "client_ids"))

    async def list_silenced(self, call: Call[PageAsked]) -> ClientList:
        """GET …/permanent-silenceds."""
        return await self._restricted(call, Restraint.SILENCED)

    async def block(self, call: Call[ClientsSent]) -> Done:
        """POST …/blacklists."""
        wanted = clients(call.fields.client_ids, "client_ids")
        must_all(await self._actions.block(call.caller, conv_id(call.path("conv_id")), wanted))
        return DONE

    async def unblock(self, call: Call[ClientsSent]) -> Done:
        """DELETE …/blacklists."""
        wanted = clients(call.fields.client_ids, "client_ids")
        must_all(await self._actions.unblock(call.caller, conv_id(call.path("conv_id")), wanted))
        return DONE

    async def list_blocked(self, call: Call[PageAsked]) -> ClientList:
        """GET …/blacklists."""
        return await self._restricted(call, Restraint.BLOCKED)

    async def _silenced(self, call: Call[Any], wanted: tuple[ClientId, ...], until: int) -> Done:
        must_all(await self._actions.silence(call.caller, conv_id(call.path("conv_id")), wanted, until))
        return DONE

    async def _let_speak(self, call: Call[Any], wanted: tuple[ClientId, ...]) -> Done:
        must_all(await self._actions.unsilence(call.caller, conv_id(call.path("conv_id")), wanted))
        return DONE

    async def _restricted(self, call: Call[PageAsked], restraint: Restraint) -> ClientList:
        most, after = page(call.fields.limit), call.fields.next
        where = conv_id(call.path("conv_id"))
        listed = await self._actions.restricted(
            call.caller, where, restraint, client_id(after, "next") if after else None, most
        )
        return ClientList([*listed.clients], listed.following or UNSET)

    # Roles

    async def set_role(self, call: Call[RoleSent]) -> RoleChanged:
        """POST …/member-infos."""
        return await self._role(call, client_id(call.fields.client_id, "clientId"), call.fields.role)

    async def change_role(self, call: Call[RoleChangeSent]) -> RoleChanged:
        """PUT …/member-infos/{info_id}."""
        return await self._role(call, await self._of_record(call), call.fields.role)

    async def drop_role(self, call: Call[Nothing]) -> Done:
        """DELETE …/member-infos/{info_id}."""
        await self._role(call, await self._of_record(call), "Member")
        return DONE

    async def list_roles(self, call: Call[RolesAsked]) -> RoleRecords:
        """GET …/member-infos."""
        where = conv_id(call.path("conv_id"))
        wanted = None if call.fields.role is None else role_of(call.fields.role)
        rows = [
            RoleRecord(role_record(where, client), client, role_word(role), where)
            for client, role in (await self._actions.roles(call.caller, where)).items()
            if role is not Role.OWNER and wanted in (None, role)
        ]
        skip = max(0, call.fields.skip)
        return RoleRecords(rows[skip : skip + page(call.fields.limit)])

    async def _role(self, call: Call[Any], client: ClientId, role: str) -> RoleChanged:
        where = conv_id(call.path("conv_id"))
        await self._actions.set_role(call.caller, where, client, role_of(role))
        return RoleChanged(role_record(where, client), iso(self._clock.now()))

    async def _of_record(self, call: Call[Any]) -> ClientId:
        where, record = conv_id(call.path("conv_id")), call.path("info_id")
        people = await self._actions.list_members(call.caller, where)
        found = next((who for who in people if role_record(where, who) == record), None)
        if found is None:
            raise Fault(FaultCode.UNKNOWN_FILE, "no such record", field="info_id")
        return found


def role_of(word: str) -> Role:
    """The role that LeanCloud calls so; UNKNOWN_ROLE for the owner too, whom nobody makes."""
    role = ROLES.get(word)
    if role is None:
        raise Fault(FaultCode.UNKNOWN_ROLE)
    return role


def role_word(role: Role) -> str:
    """What LeanCloud calls it."""
    return "Manager" if role is Role.ADMIN else "Owner" if role is Role.OWNER else "Member"


def page(limit: int | None) -> int:
    """How many of a list are answered."""
    return LISTED_UNLESS_SAID if limit is None else max(0, min(limit, MOST_LISTED))


def changed(change: MembershipChange) -> ConversationChanged:
    """The conversation after a change that held for all."""
    must_all(change)
    return ConversationChanged(iso(change.changed_at), change.conversation.conv_id)


def must_all(change: MembershipChange) -> None:
    """Refuse in the words of the first who was refused: this API knows no half measures in its answer."""
    if change.refused:
        raise Fault(change.refused[0].code)
