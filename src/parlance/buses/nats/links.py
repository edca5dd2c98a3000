"""What one server knows of another: whom it has with it, and how far each has heard the other.

Pure bookkeeping, without a wire. Parcels are numbered within an epoch, so whoever gets one out of turn knows that
some are missing, and has the other begin anew.

A link is in doubt while something that the other says may not come here: a parcel is missing, or the other may not
know whom this server has with it. It is in doubt from its beginning until both are settled; then what may have been
missed meanwhile is looked for (`cleared`).
"""

from collections.abc import Collection, Iterator

import msgspec

from parlance.buses.nats.wire import Entry, Parcel, Present
from parlance.kernel.ids import AppId, ClientId

LARGEST_PARCEL = 256 * 1024
"""Bytes, roughly: NATS takes a mebibyte unless it is told otherwise."""
_PER_CLIENT = 24
_FADES = 10
"""Milliseconds by which what is known of another's clock is doubted with each beat."""

Key = tuple[AppId, ClientId]


class Turn(msgspec.Struct):
    """What somebody who gets a parcel is to do with it."""

    read: bool = False
    missing: bool = False


class Again(msgspec.Struct):
    """What another server vouches for, as it says it from the start."""

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
        self.sure_until = 0
        """Up to when (ms) everything it said for clients of this server has come; 0: never yet."""
        self.in_doubt = True
        self.vouching = False
        """It is to say that it has got what is said now: only then does it know whom this server has with it."""
        self.skew = 0
        """How much (ms) its clock is ahead of this server's; no more than a beat takes on its way is taken off."""
        self.asked_at = float("-inf")
        """When it was asked to begin anew."""
        self.slow = False
        """It did not answer in time; nobody waits for it until it does."""
        self.outgoing: list[Entry] = []
        self.answer_due = False
        self._epoch = self._number = 0
        self._their_epoch = self._their_number = 0
        self._heard = 0
        self._vouched = 0
        self._suspected: tuple[int, int] | None = None

    def begin(self, epoch: int) -> None:
        """Begin anew with what is said to it."""
        self._epoch = max(epoch, self._epoch + 1)
        self._number = self._heard = 0
        self.outgoing = []
        self.vouch()

    def vouch(self) -> None:
        """Somebody is let in here whom the other may not know of: until it does, the link is in doubt."""
        self.vouching = self.in_doubt = True

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
        pieces = list(_pieces(entries)) if entries else []
        if self.vouching:
            self.vouching, self._vouched, answer = False, self._number + len(pieces), True
        if not pieces:
            yield self._parcel(sender, 0, [], answer=answer)
        for piece in pieces:
            self._number += 1
            yield self._parcel(sender, self._number, piece, answer=answer and piece is pieces[-1])

    def aside(self, sender: str, entry: Entry) -> Parcel:
        """A parcel out of turn, which may get lost."""
        return self._parcel(sender, 0, [entry], answer=False)

    def got(self, parcel: Parcel, *, begins: bool) -> Turn:
        """Take note of a parcel; `begins`: it says everything from the start."""
        self.is_heard((parcel.heard_epoch, parcel.heard))
        if not parcel.number:
            return Turn(read=True)
        if parcel.epoch < self._their_epoch:
            return Turn()
        if parcel.epoch > self._their_epoch:
            self.in_doubt = True
            if not (begins and parcel.number == 1):
                return Turn(missing=True)
            if parcel.heard_epoch != self._epoch:
                # It may have forgotten what it was told.
                self._heard, self._vouched = 0, max(1, self._vouched)
        expected = 1 if parcel.epoch > self._their_epoch else self._their_number + 1
        if parcel.number != expected:
            self.in_doubt |= parcel.number > expected
            return Turn(missing=parcel.number > expected)
        self._their_epoch, self._their_number = parcel.epoch, parcel.number
        self._suspected = None
        return Turn(read=True)

    def is_heard(self, heard: tuple[int, int]) -> None:
        """It says how far it has heard: in which epoch, and the number of the last parcel."""
        if heard[0] == self._epoch and heard[1] > self._heard:
            self._heard, self.slow = heard[1], False

    def tells_time(self, there: int, here: int) -> None:
        """A beat bears the time at which it was sent, and took a while: of two, the greater is the better guess."""
        self.skew = max(there - here, self.skew - _FADES) if there else 0

    @property
    def hears(self) -> tuple[int, int]:
        """How far it is heard, in the same terms."""
        return self._their_epoch, self._their_number

    @property
    def said_everything(self) -> bool:
        """Whether it has said from the start who is with it."""
        return self._their_epoch > 0 and self.fresh is None

    def cleared(self, now: int) -> tuple[bool, int]:
        """To be asked whenever it was heard: whether a doubt has just ended, and up to when there was none before.

        So what it said since then may have been missed, and lies in the store: whoever says that it knows of this
        server's clients has committed what it did not send them before it says so.
        """
        until = self.sure_until
        understood = not self.vouching and self._heard >= self._vouched
        if not (understood and self.said_everything and self._suspected is None):
            return False, until
        was_in_doubt, self.in_doubt = self.in_doubt, False
        self.sure_until = now
        return was_in_doubt, until

    def told(self, sent: tuple[int, int]) -> bool:
        """Compare with what it says that it has sent; whether something is missing for sure.

        A beat may overtake a parcel: only what is still missing at the next beat is.
        """
        if sent <= (self._their_epoch, self._their_number):
            self._suspected = None
            return False
        before, self._suspected = self._suspected, (self._their_epoch, self._their_number)
        missing = before == self._suspected
        self.in_doubt |= missing
        return missing

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
