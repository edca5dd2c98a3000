"""Users: register, list, show, change, ban."""

from typing import Any

import msgspec

from parlance.apis.platform.ids import json_text, json_value
from parlance.apis.platform.rows import Rows
from parlance.core.actions.catalogue import Actions
from parlance.core.model.user import Profile, User, client_id, unique_id
from parlance.web.calls import Call
from parlance.web.paging import asked
from parlance.web.routes import Nothing, Operation

DEFAULT_SIZE = 20
TAG = "Users"


class UserShown(msgspec.Struct):
    """A user."""

    client_id: str
    uid: int
    """A number of its own within the app."""
    nickname: str
    avatar: str
    ext: dict[str, Any] | None
    status: int
    """0, or 1 while banned."""
    ctime: int
    """Milliseconds."""


class ProfileAsked(msgspec.Struct, frozen=True):
    """What may be said about a user; what is left out stays as it is."""

    nickname: str | None = None
    avatar: str | None = None
    ext: dict[str, Any] | None = None
    """Anything the app wants to have with it."""
    name: str | None = None
    """The real name; takes the server key, as does all below."""
    username: str | None = None
    """What the user logs in with, for the APIs that show it."""
    level: str | None = None
    """How far the user was certified, for the APIs that show it."""


class UserAsked(msgspec.Struct, frozen=True):
    """A user to register."""

    unique_id: str | int
    """ASCII letters and digits; becomes the `client_id`."""
    nickname: str | None = None
    avatar: str | None = None
    ext: dict[str, Any] | None = None
    """Anything the app wants to have with it."""
    name: str | None = None
    """The real name."""
    username: str | None = None
    """What the user logs in with, for the APIs that show it."""
    level: str | None = None
    """How far the user was certified, for the APIs that show it."""


class UsersAsked(msgspec.Struct, frozen=True):
    """Which page of the users."""

    page: int | None = None
    size: int | None = None
    """1 to 100."""


class Users:
    """The calls about users."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def create(self, call: Call[UserAsked]) -> UserShown:
        """POST /im/users."""
        who = unique_id(call.fields.unique_id)
        return user_shown(await self._actions.create_user(call.caller, who, profile_of(call.fields)))

    async def list(self, call: Call[UsersAsked]) -> Rows[UserShown]:
        """GET /im/users."""
        page = await self._actions.list_users(call.caller, asked(call.fields.page, call.fields.size, DEFAULT_SIZE))
        return Rows(
            current_page=page.asked.number,
            data=[user_shown(user) for user in page.rows],
            last_page=page.last_number,
            per_page=str(page.asked.size),
            total=page.total,
        )

    async def show(self, call: Call[Nothing]) -> UserShown:
        """GET /im/users/{client_id}."""
        return user_shown(await self._actions.find_user(call.caller, client_id(call.path("client_id"))))

    async def update(self, call: Call[ProfileAsked]) -> UserShown:
        """PUT /im/users/{client_id}."""
        who = client_id(call.path("client_id"))
        return user_shown(await self._actions.update_profile(call.caller, who, profile_of(call.fields)))

    async def ban(self, call: Call[Nothing]) -> UserShown:
        """POST /im/users/{client_id}/ban."""
        return user_shown(await self._actions.ban(call.caller, client_id(call.path("client_id"))))

    async def unban(self, call: Call[Nothing]) -> UserShown:
        """POST /im/users/{client_id}/unban."""
        return user_shown(await self._actions.unban(call.caller, client_id(call.path("client_id"))))


def profile_of(asked_for: ProfileAsked | UserAsked) -> Profile:
    """What is said about a user, as the core takes it."""
    return Profile(
        nickname=asked_for.nickname,
        avatar=asked_for.avatar,
        ext=json_text(asked_for.ext),
        name=asked_for.name,
        username=asked_for.username,
        level=asked_for.level,
    )


def user_shown(user: User) -> UserShown:
    """A user as this dialect writes it."""
    return UserShown(
        client_id=user.client_id,
        uid=user.uid,
        nickname=user.nickname,
        avatar=user.avatar,
        ext=json_value(user.ext),
        status=int(user.banned),
        ctime=user.created_at,
    )


_LILI = {
    "client_id": "lili",
    "uid": 7,
    "nickname": "liliSara",
    "avatar": "",
    "ext": None,
    "status": 0,
    "ctime": 1608126111686,
}
_SHOWN = {"code": 0, "message": "ok", "data": _LILI, "request-id": None}

CREATE = Operation(
    summary="Register a user",
    tag=TAG,
    description="Registering the same `unique_id` again updates the user. Takes the server key.",
    example={"unique_id": "lili", "nickname": "liliSara"},
    answer_example=_SHOWN,
)
LIST = Operation(
    summary="List users",
    tag=TAG,
    description="Newest first. Takes the server key.",
    example={"page": 1, "size": 20},
    answer_example={
        "code": 0,
        "message": "ok",
        "data": {"current_page": 1, "data": [_LILI], "last_page": 1, "per_page": "20", "total": 1},
        "request-id": None,
    },
)
SHOW = Operation(summary="Show a user", tag=TAG, answer_example=_SHOWN)
UPDATE = Operation(
    summary="Change a user",
    tag=TAG,
    description="What is left out stays as it is. A client token changes its own user only.",
    example={"nickname": "liliSara"},
    answer_example=_SHOWN,
)
BAN = Operation(
    summary="Ban a user",
    tag=TAG,
    description="A banned client is refused everywhere with code 213, and its sockets are closed. Takes the "
    "server key.",
    answer_example={**_SHOWN, "data": {**_LILI, "status": 1}},
)
UNBAN = Operation(
    summary="Let a banned user back in", tag=TAG, description="Takes the server key.", answer_example=_SHOWN
)
