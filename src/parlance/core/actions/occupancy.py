"""Who is in a chat room: what `Changes` is to stored conversations. Nothing of it is stored.

Whoever may do it has been asked before. What comes of it is told, and answered when every server knows: who is in
hears what is said from then on, and who is out does not, wherever they are connected.
"""

from collections.abc import Collection

from parlance.core.model.conversation import Conversation
from parlance.core.model.events import MembersJoined, MembersLeft
from parlance.core.model.member import OWNER, PLAIN
from parlance.core.ports.bus import Bus
from parlance.core.ports.presence import Presence
from parlance.kernel.ids import ClientId


class Occupancy:
    """Carries changes out at once."""

    def __init__(self, presence: Presence, bus: Bus) -> None:
        self._presence = presence
        self._bus = bus

    async def joined(
        self,
        room: Conversation,
        clients: Collection[ClientId],
        by: ClientId | None,
        at: int,
        origin: int | None = None,
    ) -> None:
        """Those of them come in who are not in and are connected: whoever is not would stay in it for ever.

        Whoever made the room owns it whenever it is in.
        """
        online = self._presence.online(room.app_id, clients)
        present = {client: OWNER if client == room.creator else PLAIN for client in clients if online[client]}
        entered = self._presence.enter(room, present)
        if entered:
            came = {client: present[client] for client in entered}
            audience = tuple(self._presence.occupants(room.id))
            self._bus.publish([MembersJoined(room, came, by, at, audience, origin)])
            await self._presence.taken_note()

    async def left(
        self,
        room: Conversation,
        clients: Collection[ClientId],
        by: ClientId | None,
        at: int,
        origin: int | None = None,
    ) -> tuple[ClientId, ...]:
        """Those of them go who are in it; answer who that was."""
        audience = tuple(self._presence.occupants(room.id))
        gone = tuple(self._presence.leave(room.id, clients))
        if gone:
            self._bus.publish([MembersLeft(room, gone, by, at, audience, origin)])
            await self._presence.taken_note()
        return gone
