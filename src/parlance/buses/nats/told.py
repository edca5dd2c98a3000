"""Who was told of which message, where that may not have been everybody: to tell the rest when it is found out."""

from collections.abc import Collection

import msgspec

from parlance.core.model.events import MessageSent
from parlance.kernel.ids import ClientId

MOST_READERS = 200_000
"""Readers of all messages together that are remembered; the oldest are forgotten first."""


class Telling(msgspec.Struct, gc=False):
    """`turn`: how many had come here when it was known to be stored; who has come since has found it by asking."""

    readers: Collection[ClientId]
    turn: int


class Told:
    """The messages, by number."""

    def __init__(self) -> None:
        self._tellings: dict[int, Telling] = {}
        self._readers = 0

    def note(self, event: MessageSent, turn: int) -> None:
        """It is told, when so many had come."""
        number = event.message.id
        before = self._tellings.pop(number, None)
        telling = Telling(event.audience, turn)
        if before is not None:
            self._readers -= len(before.readers)
            telling = Telling({*before.readers, *event.audience}, min(before.turn, turn))
        self._tellings[number] = telling
        self._readers += len(telling.readers)
        while self._readers > MOST_READERS and len(self._tellings) > 1:
            self._readers -= len(self._tellings.pop(next(iter(self._tellings))).readers)

    def find(self, number: int) -> Telling | None:
        """Who was told, if that is worth remembering."""
        return self._tellings.get(number)
