"""Taking the word from somebody in a conversation, or keeping it out; and ending that."""

from collections.abc import Collection, Mapping

import msgspec

from parlance.core.actions.changes import Changes, last_changed
from parlance.core.actions.doors import Doors, outranks
from parlance.core.actions.occupancy import Occupancy
from parlance.core.model.caller import Caller
from parlance.core.model.member import Roster
from parlance.core.model.membership import MembershipChange, Refusal
from parlance.core.model.restriction import FOREVER, Restraint, Restriction, most_restricted
from parlance.core.ports.store import Store, Transaction
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode, bad_format
from parlance.kernel.ids import ClientId, ConvId


class Restrict:
    """The parts that the four of them share, and who may: the backend, an owner or admin who is above them."""

    restraint: Restraint
    lifts = False

    def __init__(self, store: Store, doors: Doors, changes: Changes, occupancy: Occupancy, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._changes = changes
        self._occupancy = occupancy
        self._clock = clock

    async def _restrict(
        self, caller: Caller, conv_id: ConvId, clients: Collection[ClientId], until: int, origin: int | None
    ) -> MembershipChange:
        clients = tuple(dict.fromkeys(clients))
        async with self._store.begin() as tx:
            roster = await self._doors.any_conversation(caller, conv_id, tx)
            _must_be_allowed(caller, roster, clients)
            now = self._clock.now()
            changed = self._changed(roster, clients, until, now)
            refused = self._too_many(roster, changed, now)
            for client in refused:
                del changed[client]
            by = caller.client_id
            after = await self._changes.restricted(
                tx, roster, self.restraint, changed, by, now, lifted=self.lifts, origin=origin
            )
            after, gone = await self._kept_out(tx, caller, after, tuple(changed), now, origin)
        if gone and after.conversation.abilities.present_members:
            await self._occupancy.left(after.conversation, gone, by, now, origin)
        allowed = tuple(client for client in clients if client not in refused)
        refusals = (Refusal(FaultCode.FULL, refused),) if refused else ()
        changed_at = now if gone else last_changed(after.conversation)
        return MembershipChange(after.conversation, allowed, refusals, changed_at)

    def _changed(
        self, roster: Roster, clients: tuple[ClientId, ...], until: int, now: int
    ) -> dict[ClientId, Restriction]:
        """How those are restricted then for whom that is something new."""
        changed = {}
        for client in clients:
            before = roster.restriction(client)
            if self.lifts and not before.holds(self.restraint, now):
                continue
            after = self._after(before, until)
            if after != before:
                changed[client] = after
        return changed

    def _after(self, before: Restriction, until: int) -> Restriction:
        if self.restraint is Restraint.BLOCKED:
            return msgspec.structs.replace(before, blocked=not self.lifts)
        if not self.lifts and before.silenced_until == FOREVER:
            return before
        return msgspec.structs.replace(before, silenced_until=until)

    def _too_many(self, roster: Roster, changed: Mapping[ClientId, Restriction], now: int) -> tuple[ClientId, ...]:
        """Those for whom there is no place on the list."""
        if self.lifts:
            return ()
        held = [who for who, how in roster.restrictions.items() if how.holds(self.restraint, now)]
        places = most_restricted(roster.conversation.abilities) - len(held)
        fresh = [client for client in changed if client not in held]
        return tuple(fresh[max(0, places) :])

    async def _kept_out(
        self,
        tx: Transaction,
        caller: Caller,
        roster: Roster,
        clients: tuple[ClientId, ...],
        at: int,
        origin: int | None,
    ) -> tuple[Roster, tuple[ClientId, ...]]:
        """The conversation without those who may be in it no longer, and who they are."""
        return roster, ()


class Silence(Restrict):
    """Takes the word from clients, members or not."""

    restraint = Restraint.SILENCED

    async def __call__(
        self,
        caller: Caller,
        conv_id: ConvId,
        clients: Collection[ClientId],
        until: int = FOREVER,
        *,
        origin: int | None = None,
    ) -> MembershipChange:
        """`until` in ms; who is silenced for ever stays so. Refused is FULL, if too many are silenced.

        Raises BAD_FORMAT (that time is past), UNKNOWN_CONVERSATION, WRONG_KIND (temporary ones, and where the app
        itself speaks), NOT_PERMITTED (also for who is not in).
        """
        if until <= self._clock.now():
            raise bad_format("until", "that time is past")
        return await self._restrict(caller, conv_id, clients, until, origin)


class Unsilence(Restrict):
    """Gives it back."""

    restraint = Restraint.SILENCED
    lifts = True

    async def __call__(
        self, caller: Caller, conv_id: ConvId, clients: Collection[ClientId], *, origin: int | None = None
    ) -> MembershipChange:
        """Raises as `Silence`."""
        return await self._restrict(caller, conv_id, clients, 0, origin)


class Block(Restrict):
    """Keeps clients out, members or not: who is in goes. In a direct conversation that makes a group of it."""

    restraint = Restraint.BLOCKED

    async def __call__(
        self, caller: Caller, conv_id: ConvId, clients: Collection[ClientId], *, origin: int | None = None
    ) -> MembershipChange:
        """Refused is FULL, if too many are blocked. Raises as `Silence`."""
        return await self._restrict(caller, conv_id, clients, 0, origin)

    async def _kept_out(
        self,
        tx: Transaction,
        caller: Caller,
        roster: Roster,
        clients: tuple[ClientId, ...],
        at: int,
        origin: int | None,
    ) -> tuple[Roster, tuple[ClientId, ...]]:
        abilities = roster.conversation.abilities
        if abilities.addressed:
            by = caller.client_id
            return roster, tuple(await self._changes.unsubscribed(tx, roster.conversation, clients, by, at))
        gone = tuple(client for client in clients if roster.standing(client) is not None)
        if not gone or abilities.present_members:
            return roster, gone
        if abilities.loosens:
            capacity = caller.app.settings.group_capacity
            roster = await self._changes.loosened(tx, roster, capacity, caller.client_id, at, origin)
        return await self._changes.left(tx, roster, gone, caller.client_id, at, origin), gone


class Unblock(Restrict):
    """Lets them come in again; they are not brought in."""

    restraint = Restraint.BLOCKED
    lifts = True

    async def __call__(
        self, caller: Caller, conv_id: ConvId, clients: Collection[ClientId], *, origin: int | None = None
    ) -> MembershipChange:
        """Raises as `Silence`."""
        return await self._restrict(caller, conv_id, clients, 0, origin)


def _must_be_allowed(caller: Caller, roster: Roster, clients: Collection[ClientId]) -> None:
    abilities = roster.conversation.abilities
    if abilities.the_apps_own or abilities.expires:
        raise Fault(FaultCode.WRONG_KIND, "nobody is restricted in it")
    if not all(outranks(caller, roster, client) for client in clients):
        raise Fault(FaultCode.NOT_PERMITTED)
