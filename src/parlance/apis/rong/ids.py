"""How this dialect reads the numbers by which it knows groups and users."""

import re

from parlance.kernel.faults import Fault, FaultCode

LARGEST = (1 << 53) - 1
"""What every client can count to."""

_NUMBER = re.compile(r"[0-9]{1,16}", re.ASCII)


def group_id(raw: str) -> int:
    """The group's number in a path; what could be none is one that nobody knows."""
    if not _NUMBER.fullmatch(raw) or int(raw) > LARGEST:
        raise Fault(FaultCode.UNKNOWN_CONVERSATION)
    return int(raw)
