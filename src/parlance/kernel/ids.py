"""Identifiers: how new ones are made, and how a message's two names turn into each other.

A message is numbered with a 63-bit integer (42 bits of milliseconds, 21 bits that tell apart what was
made in the same one), because a table keyed by a growing integer is the cheapest to write. The world
sees 32 hex digits in the shape of a UUIDv7. The second is computed from the first and back, so nothing
more is stored: the digits behind the time and the counter are a fixed scrambling of both, and an id
whose digits do not fit was not made here.
"""

import secrets
from hashlib import blake2b
from struct import Struct
from typing import NewType, Protocol

from parlance.kernel.clock import SECOND, Clock

AppId = NewType("AppId", str)
ClientId = NewType("ClientId", str)
ConvId = NewType("ConvId", str)
"""A conversation's public id: 32 hex digits if made here, else what it was given from outside."""

COUNTER_BITS = 21
_COUNTER_MASK = (1 << COUNTER_BITS) - 1
_TAIL_BITS = 53
_TAIL_MASK = (1 << _TAIL_BITS) - 1
_two_words = Struct(">QQ").pack
_SCRAMBLER = 0x9E3779B97F4A7C15
"""2^64 over the golden ratio: multiplied by it, neighbouring numbers end far apart."""
_DRAW = 4096
_ALPHANUMERIC = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


class Ids(Protocol):
    """Where new identifiers and secrets come from."""

    def become(self, node: int) -> None:
        """Have that number (0 to 255) among the processes, from now on: no two give the same."""

    def message(self, at: int | None = None) -> int:
        """A message's number, greater than every one this process gave before; `at` (ms), if the time was just read."""

    def uuid(self) -> str:
        """32 lowercase hex digits of a UUIDv7."""

    def random_hex(self) -> str:
        """32 lowercase hex digits, every one of them chance: for what is public and must not be guessed."""

    def object_id(self) -> str:
        """24 lowercase hex digits, as LeanCloud names what is its own: seconds, then chance."""

    def secret(self) -> str:
        """40 letters and digits that nobody can guess (about 238 bits)."""

    def nonce(self) -> str:
        """8 random letters and digits, for signatures."""


class SystemIds:
    """Identifiers from the clock and the machine's source of randomness.

    `node` (0 to 255) keeps apart what several processes make in the same millisecond.
    """

    def __init__(self, clock: Clock, node: int = 0) -> None:
        self._clock = clock
        self._node = node & 0xFF
        self._latest = 0
        self._drawn = b""
        self._used = 0

    def become(self, node: int) -> None:
        """See `Ids.become`."""
        self._node = node & 0xFF

    def message(self, at: int | None = None) -> int:
        """See `Ids.message`."""
        made = (self._clock.now() if at is None else at) << COUNTER_BITS | self._node << (COUNTER_BITS - 8)
        if made <= self._latest:
            made = self._latest + 1
        self._latest = made
        return made

    def uuid(self) -> str:
        """See `Ids.uuid`."""
        chance = int.from_bytes(self._draw(10), "big")
        return f"{self._clock.now():012x}7{chance >> 62 & 0xFFF:03x}{0x8 << 60 | chance & ((1 << 62) - 1):016x}"

    def random_hex(self) -> str:
        """See `Ids.random_hex`."""
        return self._draw(16).hex()

    def object_id(self) -> str:
        """See `Ids.object_id`."""
        return f"{self._clock.now() // SECOND:08x}{self._draw(8).hex()}"

    def _draw(self, count: int) -> bytes:
        """So many random bytes.

        Drawn from the machine a few hundred ids' worth at a time: each draw gives up the interpreter's lock,
        and to get it back from a busy thread can take longer than everything else a request does.
        """
        if self._used + count > len(self._drawn):
            self._drawn, self._used = secrets.token_bytes(_DRAW), 0
        self._used += count
        return self._drawn[self._used - count : self._used]

    def secret(self) -> str:
        """See `Ids.secret`."""
        return "".join(secrets.choice(_ALPHANUMERIC) for _ in range(40))

    def nonce(self) -> str:
        """See `Ids.nonce`."""
        return "".join(secrets.choice(_ALPHANUMERIC) for _ in range(8))


class CountingIds:
    """Identifiers for tests: each one more than the last, the same in every run."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._count = 0

    def _next(self) -> int:
        self._count += 1
        return self._count

    def become(self, node: int) -> None:
        """See `Ids.become`: the same in every run."""

    def message(self, at: int | None = None) -> int:
        """See `Ids.message`."""
        return (self._clock.now() if at is None else at) << COUNTER_BITS | self._next()

    def uuid(self) -> str:
        """See `Ids.uuid`."""
        return f"{self._clock.now():012x}70008{self._next():015x}"

    def random_hex(self) -> str:
        """See `Ids.random_hex`."""
        return f"{self._next():032x}"

    def object_id(self) -> str:
        """See `Ids.object_id`."""
        return f"{self._clock.now() // SECOND:08x}{self._next():016x}"

    def secret(self) -> str:
        """See `Ids.secret`."""
        return f"{self._next():040d}"

    def nonce(self) -> str:
        """See `Ids.nonce`."""
        return f"{self._next():08d}"


def foreign_number(at: int, name: str, attempt: int = 0) -> int:
    """A number for a message of that time (ms) that was sent elsewhere under that name; another for each attempt."""
    digest = blake2b(f"{attempt} {name}".encode(), digest_size=4).digest()
    return at << COUNTER_BITS | int.from_bytes(digest, "big") & _COUNTER_MASK


def message_hex(number: int) -> str:
    """The 32 hex digits by which the world knows message `number`."""
    # On the road of every message: packing two words and printing them is the quickest way to 32 digits.
    high = number >> COUNTER_BITS << 16 | 0x7 << 12 | number >> 9 & 0xFFF
    low = 0x1 << 63 | (number & 0x1FF) << _TAIL_BITS | number * _SCRAMBLER >> 11 & _TAIL_MASK
    return _two_words(high, low).hex()


def message_number(hex_digits: str) -> int | None:
    """The number behind 32 hex digits; None if `message_hex` cannot have made them."""
    if len(hex_digits) != 32:
        return None
    try:
        whole = int(hex_digits, 16)
    except ValueError:
        return None
    counter = (whole >> 64 & 0xFFF) << 9 | whole >> _TAIL_BITS & 0x1FF
    number = whole >> 80 << COUNTER_BITS | counter
    return number if 0 <= number < 1 << 63 and message_hex(number) == hex_digits else None
