"""People: found, banned, thrown out, handed out, forgotten."""

from typing import Any

import msgspec
from aiohttp import web

from parlance.apis.admin import examples
from parlance.apis.admin.desk import Call
from parlance.apis.admin.envelope import SAFE, Done
from parlance.apis.admin.messages import MessageShown, message_shown
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.people.export import Export
from parlance.core.model.record import Stay
from parlance.core.model.stored_file import StoredFile
from parlance.core.model.user import User
from parlance.web.paging import asked
from parlance.web.routes import Nothing, Operation

TAG = "Admin: people"
ROWS = 50


class UsersWanted(msgspec.Struct, frozen=True):
    """Which of them."""

    q: str = ""
    """A part of their id, nickname, name or username; ASCII letters' case is ignored."""
    page: int | None = None
    size: int | None = None


class UserShown(msgspec.Struct):
    """Somebody, and whether it is connected anywhere."""

    client_id: str
    uid: int
    nickname: str
    name: str
    username: str
    avatar: str
    level: str
    banned: bool
    created_at: int
    online: bool


class UsersFound(msgspec.Struct):
    """A page of them, newest first."""

    users: list[UserShown]
    total: int
    page: int
    pages: int


class DeviceShown(msgspec.Struct):
    """A device that is connected, and to which server."""

    server: str
    device_id: str
    protocol: str
    connected_at: int
    unsent: int
    """Bytes that wait because it reads too slowly."""


class UserDetails(msgspec.Struct):
    """Somebody, with all that its app says of it, and where it is connected."""

    user: UserShown
    ext: msgspec.Raw | None
    devices: list[DeviceShown]


class KickWanted(msgspec.Struct, frozen=True):
    """From where, and what it is told."""

    device_id: str | None = None
    """Left out: everywhere, and what it logged in with is void."""
    reason: str = ""


class ErasedShown(msgspec.Struct):
    """How much was forgotten."""

    messages: int
    files: int
    conversations: int
    """Those that it was taken out of."""


class Users:
    """The calls about them."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def list(self, call: Call[UsersWanted]) -> UsersFound:
        """GET /admin/apps/{app_id}/users."""
        wanted = call.fields
        page = await self._actions.search_users(call.caller, wanted.q, asked(wanted.page, wanted.size, ROWS))
        online = self._actions.who_is_online(call.caller, [user.client_id for user in page.rows])
        rows = [user_shown(user, online=online[user.client_id]) for user in page.rows]
        return UsersFound(rows, page.total, page.asked.number, page.last_number)

    async def show(self, call: Call[Nothing]) -> UserDetails:
        """GET /admin/apps/{app_id}/users/{client_id}."""
        user = await self._actions.find_user(call.caller, call.client)
        devices = await self._actions.devices_of(call.caller, user.client_id)
        found = [
            DeviceShown(
                each.server,
                each.device.device_id,
                each.device.protocol,
                each.device.connected_at,
                each.device.unsent,
            )
            for each in devices
        ]
        online = self._actions.who_is_online(call.caller, [user.client_id])[user.client_id]
        ext = None if user.ext is None else msgspec.Raw(user.ext.encode())
        return UserDetails(user_shown(user, online=online), ext, found)

    async def ban(self, call: Call[Nothing]) -> Done:
        """PUT /admin/apps/{app_id}/users/{client_id}/ban."""
        await self._actions.ban(call.caller, call.client)
        return Done()

    async def unban(self, call: Call[Nothing]) -> Done:
        """DELETE /admin/apps/{app_id}/users/{client_id}/ban."""
        await self._actions.unban(call.caller, call.client)
        return Done()

    async def kick(self, call: Call[KickWanted]) -> Done:
        """POST /admin/apps/{app_id}/users/{client_id}/kick."""
        user = await self._actions.find_user(call.caller, call.client)
        device = call.fields.device_id
        call.note = "everywhere" if device is None else f"device {device!r}"
        await self._actions.kick(call.caller, user.client_id, call.fields.reason, device)
        return Done()

    async def erase(self, call: Call[Nothing]) -> ErasedShown:
        """DELETE /admin/apps/{app_id}/users/{client_id}."""
        erased = await self._actions.erase_user(call.caller, call.client)
        call.note = f"{erased.messages} messages, {erased.files} files"
        return ErasedShown(erased.messages, erased.files, erased.conversations)

    async def export(self, call: Call[Nothing]) -> web.StreamResponse:
        """GET /admin/apps/{app_id}/users/{client_id}/export."""
        found = await self._actions.export_user(call.caller, call.client)
        headers = {**SAFE, "Content-Disposition": f'attachment; filename="user-{found.user.uid}.json"'}
        response = web.StreamResponse(headers=headers)
        response.content_type = "application/json"
        await response.prepare(call.request)
        await _write(response, found)
        return response


class ExportShown(msgspec.Struct):
    """All that is kept of somebody."""

    user: dict[str, Any]
    conversations: list[Stay]
    restrictions: list[dict[str, Any]]
    files: list[StoredFile]
    messages: list[MessageShown]
    """What it said, conversation by conversation."""


async def _write(response: web.StreamResponse, found: Export) -> None:
    head = {
        "user": found.user,
        "conversations": found.conversations,
        "restrictions": found.restrictions,
        "files": found.files,
    }
    await response.write(msgspec.json.encode(head)[:-1] + b',"messages":[')
    comma = b""
    async for said in found.messages:
        await response.write(comma + b",".join(msgspec.json.encode(message_shown(each)) for each in said))
        comma = b","
    await response.write(b"]}")
    await response.write_eof()


def user_shown(user: User, *, online: bool) -> UserShown:
    """Somebody as lists show it."""
    return UserShown(
        user.client_id,
        user.uid,
        user.nickname,
        user.name,
        user.username,
        user.avatar,
        user.level,
        user.banned,
        user.created_at,
        online,
    )


LIST = Operation(answer_example=examples.USERS, summary="Find people", tag=TAG)
SHOW = Operation(
    answer_example=examples.USER_DETAILS,
    summary="Show somebody, and its devices",
    tag=TAG,
    description="Every server is asked for them.",
)
BAN = Operation(
    answer_example=examples.DONE,
    summary="Ban somebody",
    tag=TAG,
    description="Its connections end, its logins and calls are refused.",
)
UNBAN = Operation(answer_example=examples.DONE, summary="Let somebody in again", tag=TAG)
KICK = Operation(
    answer_example=examples.DONE,
    summary="Throw somebody out",
    tag=TAG,
    description="From one device or all.",
    example={"device_id": "phone"},
)
ERASE = Operation(
    answer_example=examples.ERASED,
    summary="Forget somebody",
    tag=TAG,
    description="What it said, uploaded and is called; it leaves its groups and stays banned, its id stays taken.",
)
EXPORT = Operation(answer_example=examples.EXPORT, summary="Hand out all that is kept of somebody", tag=TAG)
