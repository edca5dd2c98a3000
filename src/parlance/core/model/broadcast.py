"""What an app says to all of its clients, whoever they are."""

import msgspec

from parlance.core.model.message import Message
from parlance.kernel.clock import DAY
from parlance.kernel.faults import bad_format

LONGEST_VALID = 31 * DAY
"""LeanCloud's month."""


class Broadcast(msgspec.Struct, frozen=True):
    """A message for everybody who is here, or comes before `valid_till` (ms)."""

    message: Message
    valid_till: int


def judged_end(valid_till: int | None, now: int) -> int:
    """How long a broadcast is valid, a month unless it is said. Raises BAD_FORMAT."""
    latest = now + LONGEST_VALID
    if valid_till is None:
        return latest
    if not now < valid_till <= latest:
        raise bad_format("valid_till", "a time (ms) within the coming month")
    return valid_till
