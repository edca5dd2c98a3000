"""Sending messages, and reading them again."""

from typing import Annotated, Any, Literal

import msgspec

from parlance.apis.platform.ids import conv_id, encoded, json_text, json_value
from parlance.apis.platform.rows import MessageRows
from parlance.core.actions.catalogue import Actions
from parlance.core.model.message import Draft, Message
from parlance.core.model.user import client_id, client_ids
from parlance.web.calls import Call
from parlance.web.paging import asked
from parlance.web.routes import Operation

DEFAULT_SIZE = 10
TAG = "Messages"

Flag = Literal[0, 1]


class MessageAsked(msgspec.Struct, frozen=True):
    """A message to send."""

    from_client: str | int
    type: Annotated[int, msgspec.Meta(description="-1 text, -2 image, -3 voice, -4 video, -5 location, -6 file")]
    text: str | None = None
    """Required for a text."""
    attr: Any = None
    """Anything the app wants to have with it."""
    url: str | None = None
    transient: Flag = 0
    """1: for who is online now, never stored."""
    no_sync: Flag = 0
    """1: the sender's other devices get it too."""
    mention_all: Flag = 0
    mention_client_ids: list[str | int] = []
    """At most 20."""
    ref: str | None = None
    """The sender's own name for it: sent again, it is the same message."""


class MessageTaken(msgspec.Struct):
    """What became of a message that was sent."""

    msg_id: str
    time: int
    """Milliseconds."""


class MessagesAsked(msgspec.Struct, frozen=True):
    """Which page of the messages."""

    page: int | None = None
    size: int | None = None
    """1 to 100."""


class MessageShown(msgspec.Struct):
    """A message in a list."""

    msg_id: str
    conv_id: str
    type: int
    text: str | None
    attr: Any
    """Decoded."""
    url: str
    """JSON in a string: "null" when there is none."""
    ctime: int
    """Milliseconds."""
    msg_status: int
    """1, or 3 when recalled."""
    no_sync: int
    mention_all: int
    mention_client_ids: str
    """JSON in a string: "null" when there are none."""
    transient: int
    mtime: int | None
    """Milliseconds: when it was last edited or recalled."""
    client_id: str
    """Who sent it."""


class Messages:
    """The calls about messages."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def send(self, call: Call[MessageAsked]) -> MessageTaken:
        """POST /im/conversations/{conv_id}/message."""
        fields = call.fields
        draft = Draft(
            sender=client_id(fields.from_client, "from_client"),
            type=fields.type,
            conv_id=conv_id(call.path("conv_id")),
            text=fields.text,
            attr=json_text(fields.attr),
            url=fields.url,
            transient=fields.transient == 1,
            sync=fields.no_sync == 1,
            mention_all=fields.mention_all == 1,
            mentions=client_ids(fields.mention_client_ids, "mention_client_ids"),
            ref=fields.ref,
        )
        message = await self._actions.send(call.caller, draft)
        return MessageTaken(msg_id=message.msg_id, time=message.created_at)

    async def list(self, call: Call[MessagesAsked]) -> MessageRows[MessageShown]:
        """GET /im/conversations/{conv_id}/message."""
        which = asked(call.fields.page, call.fields.size, DEFAULT_SIZE)
        page = await self._actions.list_messages(call.caller, conv_id(call.path("conv_id")), which)
        return MessageRows(
            current_page=page.asked.number,
            data=[message_shown(message) for message in page.rows],
            last_page=page.last_number,
            per_page=page.asked.size,
            total=page.total,
        )


def message_shown(message: Message) -> MessageShown:
    """A message as this dialect lists it."""
    return MessageShown(
        msg_id=message.msg_id,
        conv_id=message.conv_id,
        type=message.type,
        text=message.text,
        attr=json_value(message.attr),
        url=encoded(message.url),
        ctime=message.created_at,
        msg_status=message.status,
        no_sync=int(message.sync),
        mention_all=int(message.mention_all),
        mention_client_ids=encoded(message.mentions or None),
        transient=int(message.transient),
        mtime=message.patched_at,
        client_id=message.sender,
    )


_CONV_ID = "cd7fc5304f56f52488d5246b0ebbdbfb"

SEND = Operation(
    summary="Send a message",
    tag=TAG,
    description="The sender must be a member. A message that was answered is stored durably; its conversation's "
    "members get it as `msg.new` on their sockets.",
    example={"from_client": 2, "type": -1, "text": "HELLO !"},
    answer_example={
        "code": 0,
        "message": "ok",
        "data": {"msg_id": "1228a6554433f500a034b3f8d0b93571", "time": 1608126111686},
        "request-id": None,
    },
)
LIST = Operation(
    summary="List messages",
    tag=TAG,
    description="Newest first. Recalled messages stay, with `msg_status` 3 and without content.",
    example={"page": 3, "size": 5},
    answer_example={
        "code": 0,
        "message": "ok",
        "data": {
            "current_page": 3,
            "data": [
                {
                    "msg_id": "84a2ab146df74c4d1306d13d000d2ff7",
                    "conv_id": _CONV_ID,
                    "type": -1,
                    "text": "123323333211112321",
                    "attr": None,
                    "url": "null",
                    "ctime": 1608298323027,
                    "msg_status": 1,
                    "no_sync": 0,
                    "mention_all": 0,
                    "mention_client_ids": "null",
                    "transient": 0,
                    "mtime": None,
                    "client_id": "2",
                },
            ],
            "last_page": 48,
            "per_page": 5,
            "total": 237,
        },
        "request-id": None,
    },
)
