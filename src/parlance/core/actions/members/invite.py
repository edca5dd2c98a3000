"""Bringing people into a conversation."""

from parlance.core.actions.doors import Doors
from parlance.core.actions.people.acquaintance import must_know
from parlance.core.actions.people.bans import Bans
from parlance.core.model.caller import Caller
from parlance.core.model.events import MembersJoined
from parlance.core.model.member import PLAIN, Roster
from parlance.core.ports.bus import Bus
from parlance.core.ports.presence import Presence
from parlance.core.ports.store import Store
from parlance.kernel.clock import Clock
from parlance.kernel.faults import Fault, FaultCode
from parlance.kernel.ids import ClientId, ConvId


class Invite:
    """Brings clients in: by the backend, or by a member where the kind allows it. Who is in stays in."""

    def __init__(self, store: Store, doors: Doors, presence: Presence, bus: Bus, bans: Bans, clock: Clock) -> None:
        self._store = store
        self._doors = doors
        self._presence = presence
        self._bus = bus
        self._bans = bans
        self._clock = clock

    async def __call__(self, caller: Caller, conv_id: ConvId, clients: tuple[ClientId, ...]) -> None:
        """All or none; a room takes only those who are online.

        Raises UNKNOWN_CONVERSATION, NOT_A_MEMBER, NOT_PERMITTED, WRONG_KIND (a direct one), UNKNOWN_CLIENT,
        BANNED, FULL.
        """
        roster = await self._doors.conversation(caller, conv_id)
        abilities = roster.conversation.abilities
        if abilities.fixed_members:
            raise Fault(FaultCode.WRONG_KIND, "the two of a direct conversation are fixed")
        if caller.client_id is not None and not abilities.members_invite:
            raise Fault(FaultCode.NOT_PERMITTED)
        await must_know(self._store.read, self._bans, caller, clients)
        if abilities.present_members:
            # The room may have been ended meanwhile.
            self._bring_in_present(caller, await self._doors.conversation(caller, conv_id), clients)
        else:
            await self._bring_in(caller, conv_id, clients)

    async def _bring_in(self, caller: Caller, conv_id: ConvId, clients: tuple[ClientId, ...]) -> None:
        now = self._clock.now()
        async with self._store.begin() as tx:
            roster = await self._doors.conversation(caller, conv_id, tx)
            new = [client for client in clients if roster.standing(client) is None]
            capacity = roster.conversation.capacity
            if len(roster.members) + len(new) > capacity:
                raise Fault(FaultCode.FULL, f"it takes at most {capacity} members")
            standings = dict.fromkeys(new, PLAIN)
            if standings:
                await tx.members.join(roster.conversation.id, standings, now)
                audience = (*roster.members, *standings)
                tx.announce(MembersJoined(roster.conversation, standings, caller.client_id, now, audience))

    def _bring_in_present(self, caller: Caller, roster: Roster, clients: tuple[ClientId, ...]) -> None:
        online = self._presence.online(caller.app.app_id, clients)
        present = dict.fromkeys((client for client in clients if online[client]), PLAIN)
        entered = self._presence.enter(roster.conversation, present)
        if entered:
            standings = dict.fromkeys(entered, PLAIN)
            audience = tuple(self._presence.occupants(roster.conversation.id))
            event = MembersJoined(roster.conversation, standings, caller.client_id, self._clock.now(), audience)
            self._bus.publish([event])
