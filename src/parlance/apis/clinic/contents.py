"""What a message is in this dialect: a number, and one text for everything."""

from types import MappingProxyType

from parlance.core.model.message import Message, MessageStatus, MessageType, location_name
from parlance.kernel.faults import bad_format, missing

TEXT = 0
TYPES = MappingProxyType(
    {
        TEXT: MessageType.TEXT,
        1: MessageType.IMAGE,
        2: MessageType.VOICE,
        3: MessageType.VIDEO,
        4: MessageType.FILE,
    }
)
RECALLED = "[消息已撤回]"
LOCATION = "[位置]"

_NUMBERS = MappingProxyType({kind.value: number for number, kind in TYPES.items()})


def sent(number: int, msg: str) -> tuple[MessageType, str | None, str | None]:
    """Type, text and address of what is sent: a text says something, everything else lies somewhere."""
    kind = TYPES.get(number)
    if kind is None:
        raise bad_format("msg_type", "message types are 0 to 4")
    if not msg:
        raise missing("msg")
    return (kind, msg, None) if kind is MessageType.TEXT else (kind, None, msg)


def shown(message: Message) -> tuple[int, str]:
    """Number and text of a message, whatever sent it. There is no number for a place, nor for what was recalled."""
    if message.status is MessageStatus.RECALLED:
        return TEXT, RECALLED
    if message.type == MessageType.LOCATION:
        return TEXT, LOCATION + location_name(message.text, message.attr)
    number = _NUMBERS.get(message.type, TEXT)
    said = message.text if number == TEXT else message.url or message.text
    return number, said or ""
