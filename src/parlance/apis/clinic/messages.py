"""Sending messages, and reading them again."""

from typing import Annotated

import msgspec

from parlance.apis.clinic import contents
from parlance.apis.clinic.envelope import Done, Made, prefers_what_was_made
from parlance.apis.clinic.ids import conv_id, sent_client_id, sent_conv_id, type_and_number
from parlance.core.actions.catalogue import Actions
from parlance.core.actions.messages.read_page import Reading
from parlance.core.model.message import Draft, Message
from parlance.core.model.user import User, client_id
from parlance.kernel.ids import ClientId
from parlance.web.calls import Call
from parlance.web.paging import asked
from parlance.web.routes import Operation

DEFAULT_SIZE = 10
TAG = "Clinic messages"

Kind = Annotated[int, msgspec.Meta(description="0 text, 1 image, 2 voice, 3 video, 4 file")]


class PageWanted(msgspec.Struct, frozen=True):
    """Which page of a conversation."""

    page_no: int | None = None
    """From 1, which is the newest."""
    page_size: int | None = None
    """1 to 100."""
    from_id: str | int | None = None
    """Who reads, where no token says so."""


class PageOfTwoWanted(msgspec.Struct, frozen=True):
    """Which page of what two people have said to each other."""

    from_id: str | int
    """Who reads."""
    to_id: str | int
    page_no: int | None = None
    """From 1, which is the newest."""
    page_size: int | None = None
    """1 to 100."""


class MessageToSend(msgspec.Struct, frozen=True):
    """A message to send, to a conversation or to somebody."""

    from_id: str | int
    msg: str
    """The text, or where the image, voice, video or file lies."""
    msg_type: Kind = contents.TEXT
    conv_id: str | None = None
    to_id: str | int | None = None
    """For the direct conversation with somebody. Sent together with `conv_id`, both must mean the same."""


class SenderShown(msgspec.Struct):
    """Who sent a message."""

    id: str
    """Without what stands before the number."""
    type: str
    """`P`, `D`, …; "" where the client id does not say."""
    img: str
    name: str
    """"" as long as nobody has said it."""


class ClinicMessage(msgspec.Struct):
    """A message."""

    msg_id: str
    msg_type: Kind
    msg: str
    """The text, or where the image, voice, video or file lies."""
    conv_id: str
    from_id: str
    from_time: int
    """Milliseconds."""
    user: SenderShown


class Messages:
    """The calls about messages."""

    def __init__(self, actions: Actions) -> None:
        self._actions = actions

    async def of_conversation(self, call: Call[PageWanted]) -> list[ClinicMessage]:
        """POST /im/conv/{conv_id}."""
        fields = call.fields
        which = asked(fields.page_no, fields.page_size, DEFAULT_SIZE)
        reader = sent_client_id(fields.from_id, "from_id")
        return _rows(await self._actions.read_page(call.caller, conv_id(call.path("conv_id")), which, reader))

    async def of_two(self, call: Call[PageOfTwoWanted]) -> list[ClinicMessage]:
        """POST /im/from/to."""
        fields = call.fields
        which = asked(fields.page_no, fields.page_size, DEFAULT_SIZE)
        reader, other = client_id(fields.from_id, "from_id"), client_id(fields.to_id, "to_id")
        return _rows(await self._actions.read_direct_page(call.caller, reader, other, which))

    async def send(self, call: Call[MessageToSend]) -> Done | Made:
        """POST /im/send/msg."""
        fields = call.fields
        kind, text, url = contents.sent(fields.msg_type, fields.msg)
        draft = Draft(
            sender=client_id(fields.from_id, "from_id"),
            type=kind,
            conv_id=sent_conv_id(fields.conv_id),
            to=sent_client_id(fields.to_id, "to_id"),
            text=text,
            url=url,
            create_missing=True,
        )
        message = await self._actions.send(call.caller, draft)
        if not prefers_what_was_made(call.request):
            return Done()
        people = await self._actions.find_users(call.caller, (message.sender,))
        return Made(message_shown(message, people.get(message.sender)))


def message_shown(message: Message, sender: User | None) -> ClinicMessage:
    """A message as this dialect writes it."""
    number, said = contents.shown(message)
    return ClinicMessage(
        msg_id=message.msg_id,
        msg_type=number,
        msg=said,
        conv_id=message.conv_id,
        from_id=message.sender,
        from_time=message.created_at,
        user=_sender_shown(message.sender, sender),
    )


def _rows(reading: Reading) -> list[ClinicMessage]:
    return [message_shown(message, reading.people.get(message.sender)) for message in reading.page.rows]


def _sender_shown(client: ClientId, user: User | None) -> SenderShown:
    kind, number = type_and_number(client)
    img, name = ("", "") if user is None else (user.avatar, user.called)
    return SenderShown(id=number, type=kind, img=img, name=name)


_PATIENT, _DOCTOR = "CKD_P_903000000000001", "CKD_D_903000000000002"
_CONV_ID = "016f42d20c5571008a5a7d0f4a1b6c2e"
_ROWS = [
    {
        "msg_id": "016f42d20c5771b2b61f0d27c6b8f7aa",
        "msg_type": 1,
        "msg": "http://leancloudfile.xuetoutong.com/8f01e7daaaee84d289cd.png",
        "conv_id": _CONV_ID,
        "from_id": _DOCTOR,
        "from_time": 1577336309975,
        "user": {"id": "903000000000002", "type": "D", "img": "http://xxx.png", "name": "白亚玲"},
    },
    {
        "msg_id": "016f42d20c5571b2a3b9cf0a91d7e5f0",
        "msg_type": 0,
        "msg": "文本测试",
        "conv_id": _CONV_ID,
        "from_id": _PATIENT,
        "from_time": 1577336309973,
        "user": {"id": "903000000000001", "type": "P", "img": "http://xxx.png", "name": "安利英"},
    },
]

LIST = Operation(
    summary="List a conversation's messages",
    tag=TAG,
    description="Newest first. Page 1 marks the conversation as read for who reads: the token's client, or `from_id`.",
    example={"page_no": 1, "page_size": 10},
    answer_example=_ROWS,
)
LIST_OF_TWO = Operation(
    summary="List the messages between two people",
    tag=TAG,
    description="Newest first; empty for two who have not met. Page 1 marks them as read for `from_id`.",
    example={"from_id": _PATIENT, "to_id": _DOCTOR, "page_no": 1, "page_size": 10},
    answer_example=_ROWS,
)
SEND = Operation(
    summary="Send a message",
    tag=TAG,
    description="With `to_id` alone the direct conversation of the two is made if needed; a group is addressed by "
    "`conv_id` alone. Answers `{}`, or the message with `Prefer: return=representation`.",
    example={"msg": "文本测试", "msg_type": 0, "from_id": _PATIENT, "to_id": _DOCTOR},
    answer_example={},
)
