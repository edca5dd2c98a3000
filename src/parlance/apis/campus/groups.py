"""Groups: made, changed, ended, listed and shown."""

import msgspec

from parlance.apis.campus.desk import Call
from parlance.apis.campus.ids import client_list, conv_id, group_number, number_in_path, one_client, seconds
from parlance.core.actions.catalogue import Actions
from parlance.core.model.conversation import Conversation
from parlance.core.model.group import GroupChange, NewGroup
from parlance.core.model.member import Role, Roster
from parlance.core.model.user import User
from parlance.kernel.faults import missing
from parlance.kernel.ids import ClientId
from parlance.web.paging import asked
from parlance.web.routes import Nothing, Operation

TAG = "Campus groups"
DEFAULT_NAME = "群聊"
DEFAULT_SIZE = 20


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


class PageOfGroups(msgspec.Struct, frozen=True):
    """Which page of the list."""

    page: int | None = None
    per_page: int | None = None
    """1 to 100."""


class GroupListed(msgspec.Struct):
    """A group in a list of groups."""

    id: int
    group_avatar: str
    group_name: str
    description: str
    level: int
    """How many it takes."""
    conversation_id: str
    create_time: int
    """Seconds."""


class GroupList(msgspec.Struct):
    """A page of groups, by their ids."""

    data: list[GroupListed]
    total_count: int


class OwnGroup(msgspec.Struct):
    """A group in the list of somebody's groups."""

    id: int
    group_avatar: str
    conversation_id: str
    group_name: str
    organization_id: int
    """0: of none."""
    description: str
    create_time: int
    """Seconds."""
    level: int
    """How many it takes."""


class OwnGroups(msgspec.Struct):
    """Somebody's groups, by their ids."""

    data: list[OwnGroup]


class WhoAsks(msgspec.Struct, frozen=True):
    """Who wants to know whether they are in."""

    client_id: str | int | None = None


class MemberShown(msgspec.Struct):
    """Somebody in a group."""

    is_admin: int
    """1 or 0."""
    avatar: str
    nickname: str
    client_id: str


class GroupShown(msgspec.Struct):
    """A group by itself."""

    create_time: int
    """Seconds."""
    description: str
    organization_id: int
    """0: of none."""
    conversation_id: str
    id: int
    group_avatar: str
    group_name: str
    level: int
    """How many it takes."""


class GroupWithMembers(msgspec.Struct):
    """A group with everybody in it."""

    group_member_info: list[MemberShown]
    group_info: GroupShown


class GroupDetail(msgspec.Struct):
    """A group with everybody in it."""

    data: GroupWithMembers


class GroupDetailFor(msgspec.Struct):
    """A group with everybody in it, and whether the client asked about is."""

    is_exist_in_group: bool
    data: GroupWithMembers


class Groups:
    """The calls about groups."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def create(self, call: Call[GroupAsked]) -> GroupMade:
        """POST /im/group."""
        sent = call.fields
        new = sent.new_group(call.caller.client_id)
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
        group = await self._actions.update_group(call.caller, group_id, change)
        return GroupChanged(group_name=group.name, level=None if sent.level is None else group.capacity)

    async def delete(self, call: Call[Nothing]) -> None:
        """DELETE /im/group/{group_id}."""
        await self._actions.dissolve_group(call.caller, group_number(call.path("group_id")), None)

    async def dissolve(self, call: Call[Nothing]) -> None:
        """DELETE /im/user/{uid}/group/{group_id}: `uid` is a client id, whatever the document calls its type."""
        by = one_client(call.path("uid"), "uid")
        await self._actions.dissolve_group(call.caller, group_number(call.path("group_id")), by)

    async def list_all(self, call: Call[PageOfGroups]) -> GroupList:
        """GET /im/groups."""
        return await self._list(call, None)

    async def list_organisations(self, call: Call[PageOfGroups]) -> GroupList:
        """GET /im/org/{organization_id}/groups."""
        return await self._list(call, number_in_path(call.path("organization_id")))

    async def list_own(self, call: Call[Nothing]) -> OwnGroups:
        """GET /im/user/{client_id}/groups."""
        client = one_client(call.path("client_id"), "client_id")
        return OwnGroups([_own(group) for group in await self._actions.groups_of(call.caller, client)])

    async def show(self, call: Call[WhoAsks]) -> GroupDetail | GroupDetailFor:
        """GET /im/group/{group_id}."""
        group_id, raw = group_number(call.path("group_id")), call.fields.client_id
        client = None if raw is None else call.caller.speak_as(one_client(raw, "client_id"), "client_id")
        roster = await self._actions.find_group(call.caller, group_id)
        users = await self._actions.find_users(call.caller, list(roster.members))
        data = GroupWithMembers(_members(roster, users), _shown(roster.conversation))
        return GroupDetail(data) if client is None else GroupDetailFor(roster.standing(client) is not None, data)

    async def _list(self, call: Call[PageOfGroups], organization_id: int | None) -> GroupList:
        which = asked(call.fields.page, call.fields.per_page, DEFAULT_SIZE)
        page = await self._actions.list_groups(call.caller, organization_id, which)
        return GroupList([_listed(group) for group in page.rows], page.total)


def _listed(group: Conversation) -> GroupListed:
    return GroupListed(
        id=group.group_id or 0,
        group_avatar=group.avatar,
        group_name=group.name,
        description=group.description,
        level=group.capacity,
        conversation_id=group.conv_id,
        create_time=seconds(group.created_at),
    )


def _own(group: Conversation) -> OwnGroup:
    return OwnGroup(
        id=group.group_id or 0,
        group_avatar=group.avatar,
        conversation_id=group.conv_id,
        group_name=group.name,
        organization_id=group.organization_id or 0,
        description=group.description,
        create_time=seconds(group.created_at),
        level=group.capacity,
    )


def _shown(group: Conversation) -> GroupShown:
    return GroupShown(
        create_time=seconds(group.created_at),
        description=group.description,
        organization_id=group.organization_id or 0,
        conversation_id=group.conv_id,
        id=group.group_id or 0,
        group_avatar=group.avatar,
        group_name=group.name,
        level=group.capacity,
    )


def _members(roster: Roster, users: dict[ClientId, User]) -> list[MemberShown]:
    shown = []
    for client, standing in roster.members.items():
        user = users.get(client)
        avatar, nickname = ("", "") if user is None else (user.avatar, user.called)
        is_admin = int(standing.role >= Role.ADMIN)
        shown.append(MemberShown(is_admin=is_admin, avatar=avatar, nickname=nickname, client_id=client))
    return shown


_GROUP = {
    "id": 12,
    "group_avatar": "0",
    "group_name": "g123",
    "description": "",
    "level": 1000,
    "conversation_id": "234fwrw23",
    "create_time": 1450423535,
}
_LIST = {"data": [_GROUP], "total_count": 1}
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
LIST_ALL = Operation(summary="List all groups", tag=TAG, answer_example=_LIST)
LIST_ORGANISATIONS = Operation(
    summary="List an organisation's groups",
    tag=TAG,
    description="None for an organisation nobody has heard of.",
    answer_example=_LIST,
)
LIST_OWN = Operation(
    summary="List somebody's groups",
    tag=TAG,
    answer_example={"data": [{**_GROUP, "organization_id": 1}]},
)
SHOW = Operation(
    summary="Show a group",
    tag=TAG,
    description="With `client_id` the answer says whether that client is in; a client token asks for its own.",
    answer_example={
        "is_exist_in_group": True,
        "data": {
            "group_member_info": [{"is_admin": 0, "avatar": "", "nickname": "Leslie", "client_id": "c72"}],
            "group_info": {**_GROUP, "organization_id": 2},
        },
    },
)
