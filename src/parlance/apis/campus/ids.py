"""How this dialect writes ids, lists and times, and how it reads them."""

from parlance.core.model.signature import SEPARATOR, joined_client_ids, plain_client_id
from parlance.kernel.clock import SECOND
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import ClientId, ConvId

__all__ = [
    "client_list",
    "conv_id",
    "group_number",
    "joined_client_ids",
    "number_in_path",
    "number_list",
    "one_client",
    "seconds",
]

HIGHEST_NUMBER = (1 << 63) - 1
LONGEST_NUMBER = 19
LONGEST_CONV_ID = 64


def one_client(raw: str | int, field: str) -> ClientId:
    """A client id, which has no colon here."""
    return plain_client_id(raw, field)


def client_list(raw: str | int, field: str) -> tuple[ClientId, ...]:
    """The client ids in a list joined by colons, each once."""
    return tuple(dict.fromkeys(joined_client_ids(str(raw), field)))


def group_number(raw: str) -> int:
    """The group id in an address; what could be none is one that nobody knows."""
    return _number(raw, FaultCode.UNKNOWN_CONVERSATION)


def number_in_path(raw: str) -> int:
    """The id of an organisation or a class in an address; what could be none is one that nobody knows."""
    return _number(raw, FaultCode.UNKNOWN_ORGANISATION)


def number_list(raw: list[int] | str | int, field: str) -> tuple[int, ...]:
    """Numbers in a list, or joined by colons."""
    if isinstance(raw, list):
        return tuple(raw)
    parts = str(raw).split(SEPARATOR) if raw != "" else []
    if not all(part.isascii() and part.isdigit() and len(part) <= LONGEST_NUMBER for part in parts):
        raise bad_format(field, "a list of numbers is expected")
    return tuple(map(int, parts))


def conv_id(raw: str, field: str = "conversation_id") -> ConvId:
    """A conversation's id where it is joined to others: no colon."""
    if not 1 <= len(raw) <= LONGEST_CONV_ID or not raw.isprintable() or SEPARATOR in raw or " " in raw:
        raise bad_format(field, f"a conversation's id has 1 to {LONGEST_CONV_ID} characters, no spaces, no colon")
    return ConvId(raw)


def seconds(milliseconds: int) -> int:
    """A time as this dialect writes it."""
    return milliseconds // SECOND


def _number(raw: str, unknown: FaultCode) -> int:
    if not raw.isascii() or not raw.isdigit() or len(raw) > LONGEST_NUMBER or int(raw) > HIGHEST_NUMBER:
        raise Fault(unknown)
    return int(raw)
