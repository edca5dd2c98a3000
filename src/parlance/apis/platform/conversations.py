"""Conversations: open, find, change, delete."""

from typing import Any, Literal

import msgspec

from parlance.apis.platform.ids import conv_id, json_text, json_value, written_time
from parlance.apis.platform.rows import Rows
from parlance.apis.platform.where import conditions, some_conditions
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.conversations.search import Listed
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import kind_of
from parlance.core.model.opening import Opening
from parlance.core.model.user import client_id, client_ids
from parlance.web.bodies import read
from parlance.web.calls import Call
from parlance.web.paging import asked
from parlance.web.routes import Nothing, Operation

DEFAULT_SIZE = 20
TAG = "Conversations"


class ConversationAsked(msgspec.Struct, frozen=True):
    """A conversation to open."""

    client_id: str | int
    """Who opens it."""
    to_client_ids: list[str | int]
    """With whom."""
    conv_type: int
    """1 direct, 2 temporary, 3 group, 4 chat room."""
    conv_extend: dict[str, Any] | None = None
    """Anything the app wants to have with it."""
    ttl: int | None = None
    """Seconds that a temporary conversation lives: 1 to 2592000 (30 days), usually a day."""
    keep_history: bool = True
    """False: what is said in this chat room is not stored."""

    def opening(self) -> Opening:
        """The same, for the core."""
        return Opening(
            kind=kind_of(self.conv_type),
            creator=client_id(self.client_id),
            others=client_ids(self.to_client_ids, "to_client_ids"),
            ext=json_text(self.conv_extend),
            ttl_seconds=self.ttl,
            keep_history=self.keep_history,
        )


class ConversationsAsked(msgspec.Struct, frozen=True):
    """Which conversations, and which page of them."""

    where: Any = None
    """`[[field, op, value], …]`, all of which must hold; JSON in a string will do."""
    page: int | None = None
    size: int | None = None
    """1 to 100."""


class NewWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is said about a conversation from now on."""

    conv_extend: dict[str, Any] | None
    """Replaced whole."""


class UpdateAsked(msgspec.Struct, frozen=True):
    """Which conversations, and what is new."""

    where: Any
    """`[[field, op, value], …]`, all of which must hold."""
    update: NewWords


class Opened(msgspec.Struct):
    """A conversation that is open now."""

    conv_extend: dict[str, Any] | None
    conv_id: str


class ConversationShown(msgspec.Struct):
    """A conversation in a list."""

    conv_id: str
    conv_type: int
    client_num: int
    """How many are in it."""
    app_id: str
    conv_extend: dict[str, Any] | None
    conv_creater_id: str
    ctime: str
    """`YYYY-MM-DD HH:MM:SS`, UTC."""
    mtime: str | None
    """`YYYY-MM-DD HH:MM:SS`, UTC; null if nothing was ever changed."""


class Conversations:
    """The calls about conversations."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def open_or_search(self, call: Call[dict[str, Any]]) -> Opened | Rows[ConversationShown]:
        """POST /im/conversations: with `where` and no `client_id` it is a query, as the document sends it."""
        if call.fields.get("where") is not None and call.fields.get("client_id") is None:
            return await self._search(call.caller, read(call.fields, ConversationsAsked))
        asked_for = read(call.fields, ConversationAsked)
        conversation = await self._actions.open_conversation(call.caller, asked_for.opening())
        return Opened(conv_extend=json_value(conversation.ext), conv_id=conversation.conv_id)

    async def search(self, call: Call[ConversationsAsked]) -> Rows[ConversationShown]:
        """GET /im/conversations."""
        return await self._search(call.caller, call.fields)

    async def update(self, call: Call[UpdateAsked]) -> Literal[True]:
        """PUT /im/conversations."""
        where = some_conditions(call.fields.where)
        await self._actions.update_conversations(call.caller, where, json_text(call.fields.update.conv_extend))
        return True

    async def delete(self, call: Call[Nothing]) -> Literal[True]:
        """DELETE /im/conversations/{conv_id}."""
        await self._actions.delete_conversation(call.caller, conv_id(call.path("conv_id")))
        return True

    async def _search(self, caller: Caller, fields: ConversationsAsked) -> Rows[ConversationShown]:
        which = asked(fields.page, fields.size, DEFAULT_SIZE)
        page = await self._actions.search_conversations(caller, conditions(fields.where), which)
        return Rows(
            current_page=page.asked.number,
            data=[conversation_shown(listed) for listed in page.rows],
            last_page=page.last_number,
            per_page=str(page.asked.size),
            total=page.total,
        )


def conversation_shown(listed: Listed) -> ConversationShown:
    """A conversation as this dialect lists it."""
    conversation = listed.conversation
    return ConversationShown(
        conv_id=conversation.conv_id,
        conv_type=conversation.kind,
        client_num=listed.size,
        app_id=conversation.app_id,
        conv_extend=json_value(conversation.ext),
        conv_creater_id=conversation.creator,
        ctime=written_time(conversation.created_at),
        mtime=None if conversation.updated_at is None else written_time(conversation.updated_at),
    )


_TRUE = {"code": 0, "message": "ok", "data": True, "request-id": None}
_WHERE = [["conv_id", "=", "e7c42cf35bd47c216f4b8e205e1fc0ca"]]
_FOUND = {
    "code": 0,
    "message": "ok",
    "data": {
        "current_page": 1,
        "data": [
            {
                "conv_id": "05df798f554739291589f521d0f0f5a1",
                "conv_type": 2,
                "client_num": 2,
                "app_id": "666666",
                "conv_extend": None,
                "conv_creater_id": "1597500303",
                "ctime": "2020-08-21 07:16:37",
                "mtime": None,
            },
        ],
        "last_page": 1,
        "per_page": "20",
        "total": 1,
    },
    "request-id": None,
}
_HOW_TO_ASK = (
    "`where` is a list of `[field, op, value]`, all of which must hold. Fields: `conv_id`, `conv_type`, "
    "`conv_creater_id`, `client_id` (a member; also `user_id`), `ctime`, `mtime`. Ops: `=`, `!=`, `>`, `>=`, `<`, "
    "`<=`, `in`, `like` (`%` and `_`). Times are milliseconds or `YYYY-MM-DD HH:MM:SS` (UTC)."
)

OPEN = Operation(
    summary="Open a conversation",
    tag=TAG,
    description="A direct one (`conv_type` 1) is one per pair: the existing one is answered. Sent with `where` and "
    "without `client_id`, this is a query (as `curl -X POST -G` sends it) and answers like GET.",
    example={
        "client_id": "1597500303",
        "to_client_ids": ["1597500304"],
        "conv_type": 2,
        "conv_extend": {"conv_name": "just test"},
    },
    answer_example={
        "code": 0,
        "message": "ok",
        "data": {"conv_extend": {"conv_name": "just test"}, "conv_id": "0e7ae8d24e2658e7fb4ecdfbb409249d"},
        "request-id": None,
    },
)
SEARCH = Operation(
    summary="Find conversations",
    tag=TAG,
    description=f"Newest first. {_HOW_TO_ASK} A client token finds the conversations it is in.",
    example={"where": _WHERE, "page": 1, "size": 20},
    answer_example=_FOUND,
)
UPDATE = Operation(
    summary="Change conversations",
    tag=TAG,
    description=f"Only `conv_extend`, replaced whole. {_HOW_TO_ASK} Takes the server key, or the owner or an admin.",
    example={
        "where": [["conv_id", "=", "b0e5ec174bd477df4b43e664927f6e3a"]],
        "update": {"conv_extend": {"conv_name": "test2"}},
    },
    answer_example=_TRUE,
)
DELETE = Operation(
    summary="Delete a conversation",
    tag=TAG,
    description="Takes the server key or its creator.",
    answer_example=_TRUE,
)
