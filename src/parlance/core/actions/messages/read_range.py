"""Reading history as LeanCloud's clients do: from one place towards another."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from parlance.core.actions.doors import Doors
from parlance.core.actions.messages.places import after, before
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.member import MemberMark
from parlance.core.model.message import Message
from parlance.core.model.places import LoggedMessage, Range
from parlance.core.ports.store import Store
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId

LARGEST_RANGE = 1000
_LOOKS = 10
"""Times that one looks through what was addressed to a client, for messages of one type."""


class ReadRange:
    """A stretch of a conversation: whoever is in, and where the floor is open everybody.

    Where messages name their readers a client sees its own.
    """

    def __init__(self, store: Store, doors: Doors) -> None:
        self._store = store
        self._doors = doors

    async def __call__(self, caller: Caller, conv_id: ConvId, wanted: Range) -> list[LoggedMessage]:
        """Ascending, whatever the direction. Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER, UNKNOWN_MESSAGE."""
        roster = await self._doors.any_conversation(caller, conv_id)
        conversation, client = roster.conversation, caller.client_id
        abilities = conversation.abilities
        if client is not None and not (abilities.open_floor or abilities.addressed) and not roster.standing(client):
            raise Fault(FaultCode.NOT_A_MEMBER)
        most = min(wanted.most, LARGEST_RANGE)
        if most < 1:
            return []
        low, high = await self._bounds(conversation, wanted)
        if low + 1 >= high:
            return []
        if client is not None and abilities.addressed:
            own = await self._own(conversation, client, wanted, low, high, most)
            return [LoggedMessage(each, kind=conversation.kind) for each in own]
        found = await self._store.read.messages.between(
            conversation.id, low, high, most, newest=not wanted.oldest_first, of_type=wanted.type
        )
        if not found or not abilities.counts_unread or abilities.addressed:
            return [LoggedMessage(each, kind=conversation.kind) for each in found]
        return marked(found, await self._store.read.members.marks(conversation.id), conversation.kind)

    async def _bounds(self, conversation: Conversation, wanted: Range) -> tuple[int, int]:
        messages, there = self._store.read.messages, conversation.id
        first, last = (wanted.start, wanted.start_included), (wanted.end, wanted.end_included)
        if not wanted.oldest_first:
            first, last = last, first
        low = await after(messages, there, first[0], included=first[1])
        return low, await before(messages, there, last[0], included=last[1])

    async def _own(
        self, conversation: Conversation, client: ClientId, wanted: Range, low: int, high: int, most: int
    ) -> list[Message]:
        found: list[Message] = []
        addressed = self._store.read.addressed
        for _ in range(_LOOKS):
            if wanted.oldest_first:
                looked = await addressed.after(conversation.id, client, low, most)
            else:
                looked = await addressed.before(conversation.id, client, high, most)
            fits = [each for each in looked if low < (each.seq or 0) < high and wanted.type in {None, each.type}]
            found = found + fits if wanted.oldest_first else fits + found
            if len(looked) < most or len(found) >= most:
                break
            low = (looked[-1].seq or 0) if wanted.oldest_first else low
            high = high if wanted.oldest_first else (looked[0].seq or 0)
        return found[:most] if wanted.oldest_first else found[-most:]


class _Mark(NamedTuple):
    at: int
    client: ClientId


class _Earliest:
    """Of marks, the earliest, and the earliest of anybody else."""

    def __init__(self) -> None:
        self._first: _Mark | None = None
        self._second: _Mark | None = None

    def add(self, mark: _Mark) -> None:
        """One mark of each client."""
        if self._first is None or mark.at < self._first.at:
            self._first, self._second = mark, self._first
        elif self._second is None or mark.at < self._second.at:
            self._second = mark

    def but_of(self, client: ClientId) -> int | None:
        """The time of the earliest that is not this client's."""
        mark = self._second if self._first is not None and self._first.client == client else self._first
        return None if mark is None else mark.at


def marked(messages: Sequence[Message], marks: Iterable[MemberMark], kind: Kind = Kind.GROUP) -> list[LoggedMessage]:
    """Messages of one conversation, ascending, with when the first of the others had each, and had read it.

    What is kept is how far everybody has come, and when: for what they had come past before, that is late.
    """
    marks = list(marks)
    delivered = _by_place((each.delivered_seq, each.delivered_at, each.client_id) for each in marks)
    read = _by_place((each.read_seq, each.read_at, each.client_id) for each in marks)
    had, seen = _Earliest(), _Earliest()
    logged: list[LoggedMessage] = []
    for message in reversed(messages):
        seq = message.seq or 0
        for places, earliest in ((delivered, had), (read, seen)):
            while places and places[-1][0] >= seq:
                earliest.add(places.pop()[1])
        logged.append(LoggedMessage(message, had.but_of(message.sender), seen.but_of(message.sender), kind))
    logged.reverse()
    return logged


def _by_place(marks: Iterable[tuple[int, int | None, ClientId]]) -> list[tuple[int, _Mark]]:
    return sorted((seq, _Mark(at, client)) for seq, at, client in marks if at is not None)
