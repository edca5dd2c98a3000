"""RongCloud's calls, as far as we make them: their names, fields and answers.

People and groups are strings of letters and digits here; lists travel as repeated keys.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

import msgspec

from parlance.core.model.rong_objects import Written
from parlance.outbound.rongcloud.client import RongCloudClient
from parlance.outbound.rongcloud.errors import Nonsense

MOST_MEMBERS = 1_000
"""People in one call about a group."""
MOST_RECIPIENTS = 1_000
MOST_GROUPS = 3
MOST_SYSTEM_RECIPIENTS = 100
MOST_BLOCKED = 20
LONGEST_BLOCK = 43_200
"""Minutes."""
LONGEST_NAME = 64
LONGEST_PORTRAIT = 1_024

PRIVATE, GROUP, SYSTEM = 1, 3, 6
"""`conversationType`."""

Answer = TypeVar("Answer")
Form = list[tuple[str, str]]


class RongCloudApi:
    """The calls, for one app. Each raises what `RongCloudClient.post` raises."""

    def __init__(self, client: RongCloudClient) -> None:
        self._post = client.post

    # People

    async def get_token(self, user: str, name: str, portrait: str = "") -> str:
        """A token for `user`, who is called `name` from now on."""
        form = [("userId", user), ("name", name[:LONGEST_NAME]), *_portrait(portrait)]
        return _convert((await self._post("/user/getToken", form, repeatable=True)).get("token"), str)

    async def refresh_user(self, user: str, name: str, portrait: str = "") -> None:
        """`user` is called so now."""
        await self._post("/user/refresh", [("userId", user), ("name", name[:LONGEST_NAME]), *_portrait(portrait)])

    async def is_online(self, user: str) -> bool:
        """Whether `user` is connected."""
        return str((await self._post("/user/checkOnline", [("userId", user)])).get("status")) == "1"

    async def expire_tokens(self, user: str, before: int) -> None:
        """The tokens that `user` was given before that moment (ms) work no more."""
        await self._post("/user/token/expire", [("userId", user), ("time", str(before))])

    async def block(self, users: Collection[str], minutes: int) -> None:
        """They may not connect for so long."""
        for some in _chunks(users, MOST_BLOCKED):
            clamped = max(1, min(minutes, LONGEST_BLOCK))
            await self._post("/user/block", [*_each("userId", some), ("minute", str(clamped))])

    async def unblock(self, users: Collection[str]) -> None:
        """They may connect again."""
        for some in _chunks(users, MOST_BLOCKED):
            await self._post("/user/unblock", _each("userId", some))

    async def blocked(self) -> frozenset[str]:
        """Who may not connect."""
        return _ids((await self._post("/user/block/query", [])).get("users"), "userId")

    # Groups

    async def create_group(self, group: str, name: str, users: Collection[str]) -> None:
        """There is such a group, and they are in it."""
        await self._in_group("/group/create", group, users, [("groupName", name)])

    async def join_group(self, group: str, name: str, users: Collection[str]) -> None:
        """They are in it."""
        await self._in_group("/group/join", group, users, [("groupName", name)])

    async def quit_group(self, group: str, users: Collection[str]) -> None:
        """They are not in it."""
        await self._in_group("/group/quit", group, users, [])

    async def dismiss_group(self, group: str, user: str) -> None:
        """There is no such group; RongCloud asks for some user and does not mind which."""
        await self._post("/group/dismiss", [("userId", user), ("groupId", group)])

    async def refresh_group(self, group: str, name: str) -> None:
        """It is called so now."""
        await self._post("/group/refresh", [("groupId", group), ("groupName", name)])

    async def group_members(self, group: str) -> frozenset[str]:
        """Who is in it."""
        return _ids((await self._post("/group/user/query", [("groupId", group)])).get("users"), "id")

    async def groups_of(self, user: str) -> Mapping[str, str]:
        """The groups that `user` is in, with their names."""
        groups = (await self._post("/user/group/query", [("userId", user)])).get("groups")
        found = _convert(groups or [], list[dict[str, Any]])
        return {str(each["id"]): str(each.get("name", "")) for each in found if "id" in each}

    async def _in_group(self, path: str, group: str, users: Collection[str], more: Form) -> None:
        for some in _chunks(users, MOST_MEMBERS):
            await self._post(path, [*_each("userId", some), ("groupId", group), *more])

    # Messages. None of these is repeated: what is sent twice is read twice.

    async def publish_private(self, sender: str, receivers: Collection[str], said: Written) -> None:
        """Say something to each of them."""
        for some in _chunks(receivers, MOST_RECIPIENTS):
            form = [("fromUserId", sender), *_each("toUserId", some), *_said(said)]
            await self._post("/message/private/publish", form, cost=len(some), repeatable=False)

    async def publish_group(self, sender: str, groups: Collection[str], said: Written) -> None:
        """Say something in each of them."""
        mentioned = [("isMentioned", "1")] if said.mentions else []
        for some in _chunks(groups, MOST_GROUPS):
            form = [("fromUserId", sender), *_each("toGroupId", some), *_said(said), *mentioned]
            await self._post("/message/group/publish", form, cost=len(some), repeatable=False)

    async def publish_system(self, sender: str, receivers: Collection[str], said: Written) -> None:
        """Have the system say something to each of them."""
        for some in _chunks(receivers, MOST_SYSTEM_RECIPIENTS):
            form = [("fromUserId", sender), *_each("toUserId", some), *_said(said)]
            await self._post("/message/system/publish", form, repeatable=False)

    async def recall(self, sender: str, conversation_type: int, target: str, message_uid: str, sent_at: int) -> None:
        """Take a message back."""
        form = [
            ("fromUserId", sender),
            ("conversationType", str(conversation_type)),
            ("targetId", target),
            ("messageUID", message_uid),
            ("sentTime", str(sent_at)),
        ]
        await self._post("/message/recall", form)


def _portrait(portrait: str) -> Form:
    return [("portraitUri", portrait)] if 0 < len(portrait.encode()) <= LONGEST_PORTRAIT else []


def _each(name: str, values: Sequence[str]) -> Form:
    return [(name, value) for value in values]


def _said(said: Written) -> Form:
    return [("objectName", said.object_name), ("content", said.content)]


def _chunks(values: Collection[str], size: int) -> Iterator[list[str]]:
    rest = iter(dict.fromkeys(values))
    while chunk := list(islice(rest, size)):
        yield chunk


def _ids(rows: Any, name: str) -> frozenset[str]:
    found = _convert(rows or [], list[dict[str, Any]])
    return frozenset(str(each[name]) for each in found if name in each)


def _convert(value: Any, kind: type[Answer]) -> Answer:
    """What was answered, if it is of that kind."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise Nonsense(str(error)) from None
