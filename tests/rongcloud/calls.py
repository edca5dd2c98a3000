"""What each of RongCloud's calls takes and does. A call answers the fields that stand beside `code`."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from rongcloud.state import MOST_MEMBERS, Group, Published, State

LONGEST_BLOCK = 43_200
LARGEST_CONTENT = 100 * 1024
_MINUTE = 60_000


class CallError(Exception):
    """RongCloud says no."""

    def __init__(self, code: int, status: int, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.status = status
        self.words = words


def missing(name: str) -> CallError:
    """A field that is needed is not there, or is no good."""
    return CallError(1002, 400, f"{name} is required or wrong")


def too_long(name: str) -> CallError:
    """A field is longer than it may be."""
    return CallError(1005, 400, f"{name} is too long")


class Form:
    """The fields of a call; a list is the same key again and again."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs

    def all(self, name: str) -> list[str]:
        """Every value of a key."""
        return [value for key, value in self.pairs if key == name]

    def maybe(self, name: str, longest: int) -> str | None:
        """The value of a key that may be left out."""
        values = self.all(name)
        if len(values) > 1:
            raise missing(name)
        if values and len(values[0].encode()) > longest:
            raise too_long(name)
        return values[0] if values else None

    def one(self, name: str, longest: int = 64) -> str:
        """The value of a key that must be there once."""
        value = self.maybe(name, longest)
        if not value:
            raise missing(name)
        return value

    def some(self, name: str, most: int, longest: int = 64) -> list[str]:
        """The values of a key that must be there at least once."""
        values = self.all(name)
        if not values or not all(values):
            raise missing(name)
        if len(values) > most:
            raise missing(f"{name} more than {most} times")
        if any(len(value.encode()) > longest for value in values):
            raise too_long(name)
        return values

    def number(self, name: str, least: int, most: int) -> int:
        """A key that must be a number."""
        value = self.one(name)
        if not value.isdecimal() or not least <= int(value) <= most:
            raise missing(name)
        return int(value)


Answer = Mapping[str, Any]
Call = Callable[["State", Form, int], Answer]


def _get_token(state: State, form: Form, now: int) -> Answer:
    user, name = form.one("userId"), form.one("name", 256)
    portrait = form.maybe("portraitUri", 1024)
    if user not in state.tokens and len(state.tokens) >= state.quota:
        raise CallError(2007, 403, "too many users for a development environment")
    state.names[user] = name
    if portrait is not None:
        state.portraits[user] = portrait
    token = f"token-{state.number()}-of-{user}@fake.rong"
    state.tokens.setdefault(user, []).append(token)
    return {"userId": user, "token": token}


def _refresh_user(state: State, form: Form, now: int) -> Answer:
    user, name, portrait = form.one("userId"), form.maybe("name", 256), form.maybe("portraitUri", 1024)
    if name is not None:
        state.names[user] = name
    if portrait is not None:
        state.portraits[user] = portrait
    return {}


def _user_info(state: State, form: Form, now: int) -> Answer:
    user = form.one("userId")
    return {"userName": state.names.get(user, ""), "userPortrait": state.portraits.get(user, ""), "createTime": ""}


def _check_online(state: State, form: Form, now: int) -> Answer:
    return {"status": "1" if form.one("userId") in state.online else "0"}


def _expire_tokens(state: State, form: Form, now: int) -> Answer:
    form.number("time", 1, 1 << 62)
    for user in form.some("userId", 20):
        state.tokens[user] = []
    return {}


def _block(state: State, form: Form, now: int) -> Answer:
    minutes = form.number("minute", 1, LONGEST_BLOCK)
    state.blocked_until.update(dict.fromkeys(form.some("userId", 20), now + minutes * _MINUTE))
    return {}


def _unblock(state: State, form: Form, now: int) -> Answer:
    for user in form.some("userId", 20):
        state.blocked_until.pop(user, None)
    return {}


def _query_blocks(state: State, form: Form, now: int) -> Answer:
    return {
        "users": [
            {"userId": user, "blockEndTime": str(until)} for user, until in state.blocked_until.items() if until > now
        ]
    }


def _add_to_blacklist(state: State, form: Form, now: int) -> Answer:
    state.blacklists.setdefault(form.one("userId"), set()).update(form.some("blackUserId", 20))
    return {}


def _remove_from_blacklist(state: State, form: Form, now: int) -> Answer:
    state.blacklists.get(form.one("userId"), set()).difference_update(form.some("blackUserId", 20))
    return {}


def _query_blacklist(state: State, form: Form, now: int) -> Answer:
    return {"users": sorted(state.blacklists.get(form.one("userId"), set()))}


def _let_in(state: State, group: str, name: str | None, users: list[str]) -> Answer:
    found = state.groups.get(group)
    if found is None:
        if group in state.dismissed:
            state.revived.add(group)
        found = state.groups[group] = Group(name or "")
    if len(found.members | set(users)) > MOST_MEMBERS:
        raise CallError(405, 405, "the group is full")
    found.members.update(users)
    if name:
        found.name = name
    return {}


def _create_group(state: State, form: Form, now: int) -> Answer:
    return _let_in(state, _group_id(form), form.one("groupName", 256), form.some("userId", 1000))


def _join_group(state: State, form: Form, now: int) -> Answer:
    return _let_in(state, _group_id(form), form.maybe("groupName", 256), form.some("userId", 1000))


def _quit_group(state: State, form: Form, now: int) -> Answer:
    found = state.groups.get(_group_id(form))
    users = form.some("userId", 1000)
    if found is not None:
        found.members.difference_update(users)
    return {}


def _dismiss_group(state: State, form: Form, now: int) -> Answer:
    form.one("userId")
    group = _group_id(form)
    if state.groups.pop(group, None) is not None:
        state.dismissed.add(group)
    return {}


def _refresh_group(state: State, form: Form, now: int) -> Answer:
    group, name = _group_id(form), form.one("groupName", 256)
    if group in state.groups:
        state.groups[group].name = name
    return {}


def _query_group(state: State, form: Form, now: int) -> Answer:
    return {"users": [{"id": user} for user in sorted(state.members(_group_id(form)))]}


def _query_groups_of(state: State, form: Form, now: int) -> Answer:
    user = form.one("userId")
    return {
        "groups": [
            {"id": number, "name": group.name} for number, group in state.groups.items() if user in group.members
        ]
    }


def _sync_groups(state: State, form: Form, now: int) -> Answer:
    user = form.one("userId")
    wanted = {key[6:-1]: name for key, name in form.pairs if key.startswith("group[") and key.endswith("]")}
    for number, group in state.groups.items():
        if number not in wanted:
            group.members.discard(user)
    for number, name in wanted.items():
        _let_in(state, number, name, [user])
    return {}


def _group_id(form: Form) -> str:
    group = form.one("groupId")
    if not group.isascii() or not group.replace("_", "").replace("-", "").isalnum():
        raise missing("groupId")
    return group


# What a content of each type must have.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "RC:TxtMsg": ("content",),
    "RC:ImgMsg": ("content", "imageUri"),
    "RC:GIFMsg": (),
    "RC:VcMsg": ("content", "duration"),
    "RC:HQVCMsg": ("remoteUrl", "duration"),
    "RC:SightMsg": ("sightUrl", "duration"),
    "RC:FileMsg": ("name", "size", "type", "fileUrl"),
    "RC:LBSMsg": ("latitude", "longitude", "poi"),
    "RC:ImgTextMsg": ("title", "content"),
    "RC:GrpNtf": ("operatorUserId", "operation", "data"),
    "RC:InfoNtf": ("message",),
    "RC:CmdMsg": ("name",),
    "RC:ContactNtf": ("operation",),
    "RC:ProfileNtf": ("operation",),
}


def _said(form: Form) -> tuple[str, str, str]:
    """Sender, type and content of a message, if they are what they have to be."""
    sender, object_name = form.one("fromUserId"), form.one("objectName", 32)
    content = form.one("content", LARGEST_CONTENT)
    if object_name in _FIELDS:
        fields = _decoded(content)
        if any(name not in fields for name in _FIELDS[object_name]):
            raise missing("content")
    elif object_name.startswith("RC:"):
        raise missing("objectName")
    return sender, object_name, content


def _decoded(content: str) -> dict[str, Any]:
    try:
        fields = json.loads(content)
    except ValueError:
        raise missing("content") from None
    if not isinstance(fields, dict):
        raise missing("content")
    return fields


def _publish(path: str, target: str, answered: str, most: int) -> Call:
    def publish(state: State, form: Form, now: int) -> Answer:
        sender, object_name, content = _said(form)
        targets = form.some(target, most)
        mentions = object_name in _FIELDS and "mentionedInfo" in _decoded(content)
        if path == "/message/group/publish" and mentions and form.maybe("isMentioned", 1) != "1":
            raise missing("isMentioned")
        made = [Published(path, sender, each, object_name, content, state.message_uid()) for each in targets]
        state.messages += made
        return {"messageUIDs": [{answered: each.target, "messageUID": each.message_uid} for each in made]}

    return publish


def _recall(state: State, form: Form, now: int) -> Answer:
    form.one("fromUserId")
    form.one("targetId")
    if form.one("conversationType") not in {"1", "3", "4", "6", "10"}:
        raise missing("conversationType")
    form.number("sentTime", 1, 1 << 62)
    state.recalled.append(form.one("messageUID"))
    return {}


CALLS: Mapping[str, Call] = {
    "/user/getToken": _get_token,
    "/user/refresh": _refresh_user,
    "/user/info": _user_info,
    "/user/checkOnline": _check_online,
    "/user/token/expire": _expire_tokens,
    "/user/block": _block,
    "/user/unblock": _unblock,
    "/user/block/query": _query_blocks,
    "/user/blacklist/add": _add_to_blacklist,
    "/user/blacklist/remove": _remove_from_blacklist,
    "/user/blacklist/query": _query_blacklist,
    "/group/create": _create_group,
    "/group/join": _join_group,
    "/group/quit": _quit_group,
    "/group/dismiss": _dismiss_group,
    "/group/refresh": _refresh_group,
    "/group/user/query": _query_group,
    "/user/group/query": _query_groups_of,
    "/group/sync": _sync_groups,
    "/message/private/publish": _publish("/message/private/publish", "toUserId", "userId", 1000),
    "/message/group/publish": _publish("/message/group/publish", "toGroupId", "groupId", 3),
    "/message/system/publish": _publish("/message/system/publish", "toUserId", "userId", 100),
    "/message/recall": _recall,
}

NEED_NOTHING = frozenset({"/user/block/query"})
"""Calls that may be empty."""
