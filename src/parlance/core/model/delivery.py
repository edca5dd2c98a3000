"""What an app's own server is told after it happened: kept until it was taken, and for a while after that."""

import re
from enum import IntEnum

import msgspec

from parlance.core.model.hook import Hook
from parlance.kernel.clock import DAY, HOUR, MINUTE, SECOND
from parlance.kernel.faults import bad_format
from parlance.kernel.ids import COUNTER_BITS, AppId, message_hex

PAUSES = (
    SECOND,
    5 * SECOND,
    15 * SECOND,
    45 * SECOND,
    2 * MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    6 * HOUR,
    6 * HOUR,
)
"""How long after each failure it is tried again; after one more it is dead."""
OVERTAKEN = 4
"""After so many failures what comes behind in the same lane waits no longer."""
LONGEST_WAIT = 3 * DAY
"""What nobody took in this time is dead, however seldom it could be tried."""
KEPT_FOR = 7 * DAY
"""How long it stays to be fetched, or told anew, after it was made."""
BURIED_FOR = 30 * DAY
"""The same for what is dead."""
_HEX = re.compile("[0-7]?[0-9a-f]{1,15}")

EVENT_NAMES = {
    Hook.MESSAGE_SENT: "message.sent",
    Hook.RECEIVERS_OFFLINE: "receivers.offline",
    Hook.CONVERSATION_STARTED: "conversation.started",
    Hook.CONVERSATION_ADDED: "members.added",
    Hook.CONVERSATION_REMOVED: "members.removed",
    Hook.CLIENT_ONLINE: "client.online",
    Hook.CLIENT_OFFLINE: "client.offline",
}
"""The hooks of which an app is told after the fact, by our own names (decision 17)."""


class DeliveryState(IntEnum):
    """What has become of it."""

    WAITING = 0
    DELIVERED = 1
    DEAD = 2
    KEPT = 3
    """Nobody is to be told: the app fetches it."""


class Delivery(msgspec.Struct, frozen=True):
    """One thing an app is told, as JSON text. Within a `lane` (a conversation, a client) order is kept."""

    id: int
    app_id: AppId
    hook: Hook
    lane: str
    body: str
    made_at: int
    state: DeliveryState = DeliveryState.WAITING
    stamp: int = 0
    """Its commit's place in the order of commits; set by the store."""
    due_at: int = 0
    attempts: int = 0
    reason: str = ""
    """Why the last attempt failed."""

    @property
    def call_id(self) -> str:
        """The id it is told under, however often."""
        return message_hex(self.id)

    @property
    def event(self) -> str:
        """What happened, in our own words."""
        return EVENT_NAMES[self.hook]


class Cursor(msgspec.Struct, frozen=True):
    """A place in the order in which an app's events were committed: after this one."""

    stamp: int = -1
    id: int = -1

    def __str__(self) -> str:
        return "" if self.id < 0 else f"{self.stamp:x}-{self.id:x}"


def cursor_of(delivery: Delivery) -> Cursor:
    """The place right after it."""
    return Cursor(delivery.stamp, delivery.id)


def read_cursor(text: str) -> Cursor:
    """A cursor as it was given out; "" is the beginning. Raises BAD_FORMAT."""
    if not text:
        return Cursor()
    stamp, dash, number = text.partition("-")
    if not (dash and _HEX.fullmatch(stamp) and _HEX.fullmatch(number)):
        raise bad_format("after", "a cursor is what an earlier answer gave")
    return Cursor(int(stamp, 16), int(number, 16))


def first_id(at: int) -> int:
    """The lowest id of what is made at `at` (ms) or later: ids grow with time."""
    return at << COUNTER_BITS


def next_attempt(delivery: Delivery, now: int, chance: float) -> int | None:
    """When to try again after one more failure; None if it is dead. `chance` is between 0 and 1."""
    if delivery.attempts >= len(PAUSES) or now - delivery.made_at > LONGEST_WAIT:
        return None
    # Not all at the same moment: up to a quarter more, by chance.
    pause = PAUSES[delivery.attempts]
    return now + pause + int(pause * chance / 4)
