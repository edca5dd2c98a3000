"""Groups: made, changed and ended."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import MappingProxyType

import msgspec

from parlance.apis.campus.ids import client_list, conv_id, group_number, one_client
from parlance.core.actions.catalogue import Actions
from parlance.core.model.group import GroupChange, NewGroup
from parlance.kernel.faults import Fault, missing
from parlance.kernel.ids import ClientId
from parlance.web.calls import Call
from parlance.web.routes import Nothing, Operation

TAG = "Campus groups"
DEFAULT_NAME = "群聊"

_OWN_NAMES = MappingProxyType(
    {"name": "group_name", "avatar": "group_avatar", "capacity": "level", "owner": "admin_uid", "by": "uid"}
)
"""What this dialect calls the fields of a group, and who acts on it."""


class GroupAsked(msgspec.Struct, frozen=True):
    """A group to make."""

    group_name: str = ""
    """群聊 if it has none."""
    member_client_ids: str | int = ""
    """Joined by colons."""
    organization_id: int = 0
    """0: of none."""
    conversation_id: str = ""
    """The conversation that it is to be; one is made if there is none of that id, or none is named."""
    group_avatar: str = ""
    admin_uid: str | int = ""
    """A client id; else the caller, else the first member."""
    description: str = ""
    level: int | None = None
    """How many it takes, 1000 unless said otherwise."""

    def new_group(self, caller: ClientId | None) -> NewGroup:
        """The same, for the core."""
        members = client_list(self.member_client_ids, "member_client_ids")
        admin = one_client(self.admin_uid, "admin_uid") if self.admin_uid != "" else None
        owner = admin or caller or next(iter(members), None)
        if owner is None:
            raise missing("member_client_ids")
        return NewGroup(
            owner=owner,
            members=members,
            name=self.group_name,
            avatar=self.group_avatar,
            description=self.description,
            organization_id=self.organization_id or None,
            capacity=self.level,
            conv_id=conv_id(self.conversation_id) if self.conversation_id else None,
            notices=True,
            create_missing=True,
            default_name=DEFAULT_NAME,
        )


class GroupMade(msgspec.Struct):
    """A group that was made: what was sent, and what it is known by."""

    group_id: int
    group_name: str
    member_client_ids: str
    organization_id: int
    conversation_id: str
    group_avatar: str
    admin_uid: str
    description: str


class ChangeAsked(msgspec.Struct, frozen=True):
    """What is to be said about a group from now on."""

    group_name: str | None = None
    level: int | None = None
    """How many it takes: no fewer than are in."""


class GroupChanged(msgspec.Struct, omit_defaults=True):
    """What is said about a group now."""

    group_name: str
    level: int | None = None
    """Only if it was sent."""


class Groups:
    """The calls about groups."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def create(self, call: Call[GroupAsked]) -> GroupMade:
        """POST /im/group."""
        sent = call.fields
        new = sent.new_group(call.caller.client_id)
        with _named_our_way():
            group = (await self._actions.create_group(call.caller, new)).conversation
        return GroupMade(
            group_id=group.group_id or 0,
            group_name=group.name,
            member_client_ids=str(sent.member_client_ids),
            organization_id=sent.organization_id,
            conversation_id=group.conv_id,
            group_avatar=sent.group_avatar,
            admin_uid=new.owner,
            description=sent.description,
        )

    async def update(self, call: Call[ChangeAsked]) -> GroupChanged:
        """PUT /im/group/{group_id}."""
        group_id, sent = group_number(call.path("group_id")), call.fields
        if not sent.group_name and sent.level is None:
            raise missing("group_name")
        change = GroupChange(name=sent.group_name or None, capacity=sent.level)
        with _named_our_way():
            group = await self._actions.update_group(call.caller, group_id, change)
        return GroupChanged(group_name=group.name, level=None if sent.level is None else group.capacity)

    async def delete(self, call: Call[Nothing]) -> None:
        """DELETE /im/group/{group_id}."""
        await self._actions.dissolve_group(call.caller, group_number(call.path("group_id")), None)

    async def dissolve(self, call: Call[Nothing]) -> None:
        """DELETE /im/user/{uid}/group/{group_id}: `uid` is a client id, whatever the document calls its type."""
        by = one_client(call.path("uid"), "uid")
        with _named_our_way():
            await self._actions.dissolve_group(call.caller, group_number(call.path("group_id")), by)


@contextmanager
def _named_our_way() -> Iterator[None]:
    """Let a refusal name the field that was sent."""
    try:
        yield
    except Fault as fault:
        fault.field = _OWN_NAMES.get(fault.field or "", fault.field)
        raise


_SENT = {
    "group_name": "666",
    "member_client_ids": "o12:u232:p23",
    "organization_id": 2,
    "conversation_id": "dasjfr4529sadfh",
    "group_avatar": "http://pic.hisihi.com/232rwfrqw.jpg",
    "admin_uid": "o12",
    "description": "群描述信息",
}

CREATE = Operation(
    summary="Make a group",
    tag=TAG,
    description="Who is named and nobody has heard of becomes known. A client token makes groups of its own only. "
    "The first revision sends `group_name` and `member_client_ids`; it gets the same answer.",
    example=_SENT,
    answer_example={"group_id": 13, **_SENT},
)
UPDATE = Operation(
    summary="Change a group",
    tag=TAG,
    description="Takes the server key, or an admin of the group.",
    example={"group_name": "g123"},
    answer_example={"group_name": "g123"},
)
DELETE = Operation(summary="Delete a group", tag=TAG, description="Takes the server key, or an admin of the group.")
DISSOLVE = Operation(
    summary="Delete a group as its admin",
    tag=TAG,
    description="`uid` is the client id of its admin, with the letter.",
)
