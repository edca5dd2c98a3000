"""Whole classes, row by row: what whoever leaves asks for, of this server as of LeanCloud."""

from typing import Annotated, Any

import msgspec

from parlance.apis.leancloud.ids import iso
from parlance.apis.leancloud.roles import records
from parlance.core.actions.catalogue import Actions
from parlance.core.model.conversation_row import conversation_row, object_of
from parlance.core.model.user import User
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ConvId
from parlance.kernel.pages import LARGEST_PAGE, page_asked
from parlance.web.calls import Call

TAG = "LeanCloud classes"
MOST = 1_000
LONGEST_NUMBER = 12

Row = dict[str, Any]


class ScanAsked(msgspec.Struct, frozen=True):
    """How many rows, and where they begin: where the last answer's `cursor` says, or behind an id."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST)] = 100
    cursor: str | None = None
    where: str | None = None
    """No more than `{"objectId": {"$gt": …}}`."""


class Scanned(msgspec.Struct, omit_defaults=True):
    """Some rows; without a `cursor` they were the last."""

    results: list[Row]
    cursor: str | None = None


class _Behind(msgspec.Struct, forbid_unknown_fields=True):
    object_id: str = msgspec.field(name="$gt")


class _Where(msgspec.Struct, forbid_unknown_fields=True):
    behind: _Behind = msgspec.field(name="objectId")


class Scans:
    """The calls about whole classes."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def scan(self, call: Call[ScanAsked]) -> Scanned:
        """GET /1.1/scan/classes/{name}."""
        scans = {"_Conversation": self._conversations, "_ConversationMemberInfo": self._roles, "_User": self._users}
        scan = scans.get(call.path("name"))
        if scan is None:
            raise Fault(FaultCode.UNKNOWN_FILE, "this server has no such class", field="name")
        behind = _behind(call.fields.where)
        page = await scan(call, behind)
        return Scanned([row for row in page.results if row["objectId"] > behind], page.cursor)

    async def _conversations(self, call: Call[ScanAsked], behind: str) -> Scanned:
        asked = call.fields
        found = await self._actions.scan_conversations(call.caller, asked.cursor or behind, asked.limit)
        rows = [dict(conversation_row(each)) for each in found]
        return Scanned(rows, found[-1].conversation.conv_id if len(found) == asked.limit else None)

    async def _roles(self, call: Call[ScanAsked], _: str) -> Scanned:
        asked, rows = call.fields, list[Row]()
        found = await self._actions.scan_conversations(call.caller, asked.cursor or "", asked.limit)
        for each in found:
            named = await records(self._actions, call.caller, ConvId(each.conversation.conv_id)) if each.members else ()
            rows += [msgspec.to_builtins(record) for record in named]
        return Scanned(rows, found[-1].conversation.conv_id if len(found) == asked.limit else None)

    async def _users(self, call: Call[ScanAsked], _: str) -> Scanned:
        cursor = call.fields.cursor or ""
        # A thousand digits are nobody's page, and too many for a number.
        number = int(cursor) if cursor.isdecimal() and len(cursor) <= LONGEST_NUMBER else 1
        page = await self._actions.list_users(call.caller, page_asked(number, min(call.fields.limit, LARGEST_PAGE)))
        return Scanned(list(map(_user, page.rows)), str(number + 1) if number < page.last_number else None)


def _user(user: User) -> Row:
    said = {"username": user.username, "nickname": user.nickname, "avatar": user.avatar}
    known = {name: value for name, value in said.items() if value}
    return object_of(user.ext) | known | {"objectId": user.client_id, "createdAt": iso(user.created_at)}


def _behind(where: str | None) -> str:
    if where is None:
        return ""
    try:
        return msgspec.json.decode(where, type=_Where).behind.object_id
    except (msgspec.MsgspecError, RecursionError):
        raise Fault(FaultCode.BAD_QUERY, field="where") from None
