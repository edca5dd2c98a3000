"""Groups, listed and shown."""

import msgspec

from parlance.apis.campus.groups import TAG
from parlance.apis.campus.ids import group_number, number_in_path, one_client, seconds
from parlance.core.actions.catalogue import Actions
from parlance.core.model.conversation import Conversation
from parlance.core.model.member import Role, Roster
from parlance.core.model.user import User
from parlance.kernel.ids import ClientId
from parlance.web.calls import Call
from parlance.web.paging import asked
from parlance.web.routes import Nothing, Operation

DEFAULT_SIZE = 20


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


class GroupLists:
    """The calls that show groups."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

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
