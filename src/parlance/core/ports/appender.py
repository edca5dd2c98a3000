"""The one way by which messages, and marks of how far somebody has read, come into the store.

Everything that arrives while one batch is being committed goes into the next: one transaction, one fsync.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from parlance.core.model.delivery import Delivery
from parlance.core.model.events import MessagesDelivered, MessageSent, MessagesRead
from parlance.core.model.message import Message
from parlance.kernel.faults import Fault

Told = Callable[[int, int], Sequence[Delivery]]
"""What an app is told of a message that has its place: by its `seq` and its `created_at`. Called in any thread."""


class Append(msgspec.Struct):
    """A message on its way into the store.

    `settle` is called once, on the loop's thread: with the message as it stands in the store (with its
    `seq`; an earlier one if its `ref` was there already), or with the fault that kept it out.
    """

    event: MessageSent
    settle: Callable[[Message, Fault | None], None]
    told: Told | None = None
    """What this gives is stored with the message, in the same commit."""


class Mark(msgspec.Struct):
    """A member's mark, of what it has read or of what has arrived, on its way into the store: only ever forward.

    What is read has arrived as well.

    `settle` is called once, on the loop's thread. Only a mark that moved is announced, at the height it
    came to stand (never above the newest message), with the receipts that it passed.
    """

    conversation: int
    event: MessagesRead | MessagesDelivered
    settle: Callable[[Fault | None], None]


class Appender(Protocol):
    """Gathers what arrives into batches and commits one while the next gathers.

    After the commit, still on the loop's thread: every `settle` of the batch in the order of arrival, then
    one announcement of everything new. A message's sender has read it: its mark moves with the append.
    """

    def append(self, entry: Append) -> None:
        """Take a message in. Raises UNAVAILABLE if too much is waiting already."""

    def mark(self, entry: Mark) -> None:
        """Take a mark in. Raises UNAVAILABLE if too much is waiting already."""

    async def stored(self, event: MessageSent, told: Told | None = None) -> Message:
        """Take a message in and wait until it is stored; raises the fault that kept it out."""

    async def marked(self, conversation: int, event: MessagesRead | MessagesDelivered) -> None:
        """Take a mark in and wait until it is stored; raises the fault that kept it out."""
