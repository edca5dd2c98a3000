"""What one server knows of another: whom it has with it, and how far each has heard the other.

Pure bookkeeping, without a wire. Parcels are numbered within an epoch, so whoever gets one out of turn knows that
some are missing, and has the other begin anew.
"""

from collections.abc import Collection, Iterator

import msgspec

from parlance.buses.nats.wire import Entry, Parcel, Present
from parlance.kernel.ids import AppId, ClientId

LARGEST_PARCEL = 256 * 1024
"""Bytes, roughly: NATS takes a mebibyte unless it is told otherwise."""
_PER_CLIENT = 24

Key = tuple[AppId, ClientId]


class Turn(msgspec.Struct):
    """What somebody who gets a parcel is to do with it."""

    read: bool = False
    missing: bool = False


class Again(msgspec.Struct):
    """What another server vouches for, as it says it from the start."""

    since: int
    clients: set[Key] = msgspec.field(default_factory=set)
    rooms: list[Present] = msgspec.field(default_factory=list)


class Link:
    """To one other server."""

    def __init__(self, name: str, now: float) -> None:
        self.name = name
        self.clients: set[Key] = set()
        self.fresh: Again | None = None
        self.heard_at = now
        """When it was last heard, on this server's clock that only goes forward."""
        self.in_order_until = 0
        """Up to when (ms) nothing it said is missing; 0: it never said anything."""
        self.slow = False
        """It did not answer in time; nobody waits for it until it does."""
        self.outgoing: list[Entry] = []
        self.answer_due = False
        self._epoch = self._number = 0
        self._their_epoch = self._their_number = 0
        self._heard = 0
        self._suspected: tuple[int, int] | None = None
        self._waiting: list[tuple[int, list[object]]] = []

    def begin(self, epoch: int) -> None:
        """Begin anew with what is said to it."""
        self._epoch = max(epoch, self._epoch + 1)
        self._number = self._heard = 0
        self.outgoing = []

    @property
    def sent(self) -> tuple[int, int]:
        """The epoch of what is said to it, and the number of the last parcel."""
        return self._epoch, self._number

    @property
    def answered(self) -> int:
        """The number of the last parcel of this epoch that it is known to have got."""
        return self._heard

    def parcels(self, sender: str, *, answer: bool) -> Iterator[Parcel]:
        """What is to be sent now, in pieces that NATS takes."""
        entries, self.outgoing, self.answer_due = self.outgoing, [], False
        if not entries:
            yield self._parcel(sender, 0, [], answer=answer)
            return
        pieces = list(_pieces(entries))
        for piece in pieces:
            self._number += 1
            yield self._parcel(sender, self._number, piece, answer=answer and piece is pieces[-1])

    def aside(self, sender: str, entry: Entry) -> Parcel:
        """A parcel out of turn, which may get lost."""
        return self._parcel(sender, 0, [entry], answer=False)

    def got(self, parcel: Parcel, *, begins: bool) -> Turn:
        """Take note of a parcel; `begins`: it says everything from the start."""
        if parcel.heard_epoch == self._epoch and parcel.heard > self._heard:
            self._heard, self.slow = parcel.heard, False
        if not parcel.number:
            return Turn(read=True)
        if parcel.epoch < self._their_epoch:
            return Turn()
        if parcel.epoch > self._their_epoch and not (begins and parcel.number == 1):
            return Turn(missing=True)
        expected = 1 if parcel.epoch > self._their_epoch else self._their_number + 1
        if parcel.number != expected:
            return Turn(missing=parcel.number > expected)
        self._their_epoch, self._their_number = parcel.epoch, parcel.number
        self._suspected = None
        return Turn(read=True)

    def told(self, sent: tuple[int, int]) -> bool:
        """Compare with what it says that it has sent; whether something is missing for sure.

        A beat may overtake a parcel: only what is still missing at the next beat is.
        """
        if sent <= (self._their_epoch, self._their_number):
            self._suspected = None
            return False
        before, self._suspected = self._suspected, (self._their_epoch, self._their_number)
        return before == self._suspected

    def _parcel(self, sender: str, number: int, entries: list[Entry], *, answer: bool) -> Parcel:
        return Parcel(sender, self._epoch, number, self._their_epoch, self._their_number, answer, entries)


class Whereabouts:
    """Which links lead to a client."""

    def __init__(self) -> None:
        self._apps: dict[AppId, dict[ClientId, tuple[Link, ...]]] = {}

    def add(self, key: Key, link: Link) -> bool:
        """A client is there; answer whether it was nowhere before."""
        clients = self._apps.setdefault(key[0], {})
        links = clients.get(key[1], ())
        if link not in links:
            clients[key[1]] = (*links, link)
        return not links

    def remove(self, key: Key, link: Link) -> bool:
        """A client is there no longer; answer whether it is nowhere now."""
        clients = self._apps.get(key[0], {})
        left = tuple(each for each in clients.get(key[1], ()) if each is not link)
        if left:
            clients[key[1]] = left
            return False
        clients.pop(key[1], None)
        if not clients:
            self._apps.pop(key[0], None)
        return True

    def clients(self, app_id: AppId) -> Collection[ClientId]:
        """Everybody of an app who is anywhere."""
        return self._apps.get(app_id, {}).keys()

    def of(self, app_id: AppId, client: ClientId) -> tuple[Link, ...]:
        """Where a client is."""
        return self._apps.get(app_id, {}).get(client, ())

    def split(self, app_id: AppId, audience: Collection[ClientId]) -> dict[Link, list[ClientId]]:
        """Those of an audience who are with other servers, by server."""
        found: dict[Link, list[ClientId]] = {}
        clients = self._apps.get(app_id)
        if not clients:
            return found
        if len(audience) > len(clients):
            members = audience if isinstance(audience, dict | set | frozenset) else frozenset(audience)
            audience = [client for client in clients if client in members]
        for client in audience:
            for link in clients.get(client, ()):
                found.setdefault(link, []).append(client)
        return found


def _pieces(entries: list[Entry]) -> Iterator[list[Entry]]:
    piece: list[Entry] = []
    size = 0
    for entry in entries:
        weight = len(bytes(entry.body)) + _PER_CLIENT * len(entry.audience)
        if piece and size + weight > LARGEST_PARCEL:
            yield piece
            piece, size = [], 0
        piece.append(entry)
        size += weight
    yield piece
