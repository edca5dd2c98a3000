"""How this API writes what is numbered: 32 hex digits, for no number of a browser's is as long."""

from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import message_hex, message_number


def shown_id(number: int) -> str:
    """A number as it is shown."""
    return message_hex(number)


def place_of(shown: str, field: str) -> int | None:
    """The number behind what was shown, "" for none. Raises BAD_FORMAT."""
    if not shown:
        return None
    number = message_number(shown)
    if number is None:
        raise bad_format(field, "an id has 32 hex digits")
    return number


def number_of(shown: str) -> int:
    """The number of something in an address. Raises UNKNOWN_ROUTE: nothing is there."""
    number = message_number(shown)
    if number is None:
        raise Fault(FaultCode.UNKNOWN_ROUTE)
    return number
