"""Groups, and who is in them."""

import msgspec

from parlance.apis.clinic.envelope import Made
from parlance.apis.clinic.ids import conv_id
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.members.describe import MemberDescribed
from parlance.core.model.group import NewGroup
from parlance.core.model.user import client_id, client_ids
from parlance.kernel.faults import missing
from parlance.web.calls import Call
from parlance.web.routes import Operation

TAG = "Clinic groups"


class GroupWanted(msgspec.Struct, frozen=True):
    """A group to make."""

    owner_id: str | int
    name: str
    member: list[str | int] = []
    """Who else is in it."""
    img: str = ""
    description: str = ""


class MembersToAdd(msgspec.Struct, frozen=True):
    """Whom to bring into which group."""

    conv_id: str
    member: list[str | int]


class MembersWanted(msgspec.Struct, frozen=True):
    """Nothing needs to be said."""


class AliasToSet(msgspec.Struct, frozen=True):
    """What to call a member in this conversation."""

    id: str | int
    """Which member."""
    alias: str
    """At most 64 characters; "" takes it back."""


class ClinicGroup(msgspec.Struct):
    """A group that was made."""

    conv_id: str
    group_id: int | None
    """By what number other APIs of this server know it."""
    owner_id: str
    name: str
    member: list[str]
    """Everybody who is in, the owner first."""
    img: str
    description: str


class ClinicMembers(msgspec.Struct):
    """Everybody who is in a conversation now."""

    conv_id: str
    member: list[str]


class ClinicMember(msgspec.Struct):
    """A member."""

    id: str
    name: str
    """"" as long as nobody has said it."""
    alias: str
    """What it is called in this conversation; "" if nothing else."""


class Groups:
    """The calls about groups."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def create(self, call: Call[GroupWanted]) -> Made:
        """POST /im/creat/group."""
        fields = call.fields
        if not fields.name.strip():
            raise missing("name")
        new = NewGroup(
            owner=client_id(fields.owner_id, "owner_id"),
            members=client_ids([*fields.member], "member"),
            name=fields.name,
            avatar=fields.img,
            description=fields.description,
            create_missing=True,
        )
        roster = await self._actions.create_group(call.caller, new)
        made = roster.conversation
        return Made(
            ClinicGroup(
                conv_id=made.conv_id,
                group_id=made.group_id,
                owner_id=made.creator,
                name=made.name,
                member=[*roster.members],
                img=made.avatar,
                description=made.description,
            )
        )

    async def add(self, call: Call[MembersToAdd]) -> Made:
        """POST /im/add/group/merber."""
        clients = client_ids([*call.fields.member], "member")
        roster = await self._actions.invite(
            call.caller, conv_id(call.fields.conv_id), clients, create_missing=True, managers_only=True
        )
        return Made(ClinicMembers(roster.conversation.conv_id, [*roster.members]))

    async def list(self, call: Call[MembersWanted]) -> list[ClinicMember]:
        """POST /im/group/{conv_id}/list."""
        described = await self._actions.describe_members(call.caller, conv_id(call.path("conv_id")))
        return [_member_shown(member) for member in described]

    async def alias(self, call: Call[AliasToSet]) -> Made:
        """POST /im/group/{conv_id}/alias."""
        place, who = conv_id(call.path("conv_id")), client_id(call.fields.id, "id")
        return Made(_member_shown(await self._actions.call_member(call.caller, place, who, call.fields.alias)))


def _member_shown(member: MemberDescribed) -> ClinicMember:
    name = "" if member.user is None else member.user.called
    return ClinicMember(id=member.client_id, name=name, alias=member.alias)


_OWNER, _PATIENT = "CKD_D_903000000000002", "CKD_P_903000000000001"
_CONV_ID = "016f42d20c5571008a5a7d0f4a1b6c2f"
_PREFER = "Answers `{}`, or what is so now with `Prefer: return=representation`."

CREATE = Operation(
    summary="Make a group",
    tag=TAG,
    description=f"The owner is in it, named among the members or not. {_PREFER}",
    example={
        "owner_id": _OWNER,
        "name": "群1",
        "member": [_PATIENT, _OWNER],
        "img": "http://xxx.png",
        "description": "群1xxx",
    },
    answer_example={},
)
ADD = Operation(
    summary="Add members to a group",
    tag=TAG,
    description="Who is in already stays in. With a client token: as owner or admin. Two people who talk directly "
    f"stay two. {_PREFER}",
    example={"conv_id": _CONV_ID, "member": [_PATIENT, _OWNER]},
    answer_example={},
)
LIST = Operation(
    summary="List a group's members",
    tag=TAG,
    example={},
    answer_example=[{"id": _OWNER, "name": "白亚玲", "alias": "主任"}],
)
ALIAS = Operation(
    summary="Call a member something of its own",
    tag=TAG,
    description=f"In this one conversation. With a client token: oneself; others as owner or admin. {_PREFER}",
    example={"id": _OWNER, "alias": "主任"},
    answer_example={},
)
