"""Who is in a group: pull in, come in face to face, go, and the list."""

import msgspec

from parlance.apis.rong.desk import Call
from parlance.apis.rong.envelope import DONE, Detail
from parlance.apis.rong.fields import Sent, number, text
from parlance.apis.rong.groups import LONGEST_CODE, TAG, GroupShown, group_shown
from parlance.apis.rong.ids import group_id
from parlance.apis.rong.pages import Results, cut, listed, page_of
from parlance.core.actions.catalogue import Actions
from parlance.core.model.user import User
from parlance.web.routes import Operation


class JoinAsked(msgspec.Struct, frozen=True):
    """Whom to pull in."""

    userid: int
    """The user's number."""


class Joined(msgspec.Struct):
    """Who is in now."""

    userid: str
    """The user's number, in a string."""


class InviteAsked(msgspec.Struct, frozen=True):
    """What was said face to face."""

    code: str
    """4 to 8 digits."""


class MemberShown(msgspec.Struct):
    """A member of a group."""

    id: int
    """The user's number."""
    name: str
    """The real name."""
    nick: str
    avatar: str
    username: str
    """What the user logs in with, which may be a phone number; else the client id."""
    level: str
    """How far the user was certified."""


class Members:
    """The calls about members. `public_url` as for groups."""

    def __init__(self, actions: Actions, public_url: str) -> None:
        self._actions = actions
        self._public_url = public_url

    async def join(self, call: Call[Sent]) -> Joined:
        """POST /api/im/group/{id}/join/."""
        group, uid = group_id(call.path("id")), number(call.fields, "userid")
        user = await self._actions.find_user_by_uid(call.caller, uid)
        await self._actions.in_step.add_to_group(call.caller, group, (user.client_id,))
        return Joined(userid=str(user.uid))

    async def invite(self, call: Call[Sent]) -> GroupShown:
        """POST /api/im/group/{id}/invite/."""
        group, code = group_id(call.path("id")), text(call.fields, "code", LONGEST_CODE)
        return group_shown((await self._actions.in_step.enter_by_code(call.caller, group, code)).conversation)

    async def quit(self, call: Call[Sent]) -> Detail:
        """GET and POST /api/im/group/{id}/quit/."""
        await self._actions.in_step.leave_group(call.caller, group_id(call.path("id")))
        return Detail(DONE)

    async def users(self, call: Call[Sent]) -> Results[MemberShown]:
        """GET /api/im/group/{id}/users/."""
        group = (await self._actions.find_group(call.caller, group_id(call.path("id")))).conversation
        page = cut(await self._actions.list_members(call.caller, group.conv_id), page_of(call.fields))
        users = await self._actions.find_users(call.caller, page.rows)
        return listed(call.request, self._public_url, page, [member_shown(user) for user in users.values()])


def member_shown(user: User) -> MemberShown:
    """A user as this dialect lists members."""
    return MemberShown(
        id=user.uid,
        name=user.name,
        nick=user.nickname,
        avatar=user.avatar,
        username=user.username or user.client_id,
        level=user.level,
    )


JOIN = Operation(
    summary="Pull a user into a group",
    tag=TAG,
    description="For who is in the group. Who is in already stays in.",
    example={"userid": 1},
    answer_example={"userid": "1"},
)
INVITE = Operation(
    summary="Come in face to face",
    tag=TAG,
    description="With the group's `code`, for an hour after the group was made. Ten wrong codes in a row lock a user "
    "out of the code for ten minutes.",
    example={"code": "1234"},
    answer_example={"id": 1, "name": "zhang111", "code": "1234", "cover": ""},
)
QUIT = Operation(
    summary="Quit a group", tag=TAG, description="The owner dismisses instead.", answer_example={"detail": DONE}
)
USERS = Operation(
    summary="List a group's members",
    tag=TAG,
    description="For who is in the group; in the order in which they came.",
    answer_example={
        "count": 2,
        "next": None,
        "previous": None,
        "results": [
            {"id": 1, "name": "", "nick": "稍等是", "avatar": "", "username": "admin", "level": ""},
            {"id": 6, "name": "", "nick": "", "avatar": "", "username": "15965972666", "level": ""},
        ],
    },
)
