"""From what has happened to the connections that are told.

Invariants:
- A frame is built once for each protocol, however many get it.
- Nothing here waits: frames go into outboxes, in the order of the events.
- Who is told of a message is who is a member at that place in the order of commits: the rosters have
  heard every event before this one.
"""

from collections.abc import Callable, Collection, Sequence

from parlance.core.actions.rosters import Rosters
from parlance.core.model.events import (
    ConversationDeleted,
    ConversationUpdated,
    Event,
    MembersJoined,
    MembersLeft,
    MessageEdited,
    MessageRecalled,
    MessageSent,
    MessagesRead,
    PresenceChanged,
    Typing,
)
from parlance.kernel.ids import AppId, ClientId
from parlance.kernel.tallies import FanoutTally
from parlance.realtime.connection import Wire
from parlance.realtime.hub import Hub


class Fanout:
    """Finds the connections for each event."""

    def __init__(self, hub: Hub, rosters: Rosters, tally: FanoutTally) -> None:
        self._hub = hub
        self._rosters = rosters
        self._tally = tally

    def heard(self, events: Sequence[Event]) -> None:
        """Tell everybody concerned who is connected here."""
        self._tally.events += len(events)
        for event in events:
            if type(event) is MessageSent:
                self._message(event)
            else:
                self._other(event)

    def _message(self, event: MessageSent) -> None:
        message = event.message
        connected = self._hub.clients(message.app_id)
        if not connected:
            return
        roster = self._rosters.at_hand(message.app_id, message.conv_id)
        audience = event.audience if roster is None else roster.members
        quiet = None if message.sync else message.sender
        origin = event.origin
        frames: dict[Wire, bytes] = {}
        told = 0
        for client in _fewer(audience, connected):
            connections = connected.get(client)
            if connections is None or client == quiet:
                continue
            for connection in connections:
                if connection.number == origin:
                    continue
                wire = connection.wire
                frame = frames.get(wire)
                if frame is None:
                    frame = frames[wire] = wire.message(event)
                connection.outbox.put(frame)
                told += 1
        self._tally.deliveries += told

    def _other(self, event: Event) -> None:
        match event:
            case MessageRecalled():
                self._tell(event.app_id, event.audience, lambda wire: wire.recalled(event), event.origin)
            case MessageEdited():
                self._tell(event.app_id, event.audience, lambda wire: wire.edited(event), event.origin)
            case MessagesRead():
                self._tell(event.app_id, event.audience, lambda wire: wire.read(event), event.origin)
            case Typing():
                others = [client for client in event.audience if client != event.client_id]
                self._tell(event.app_id, others, lambda wire: wire.typing(event))
            case MembersJoined() | MembersLeft():
                self._comings_and_goings(event)
            case ConversationUpdated():
                self._tell(event.conversation.app_id, event.audience, lambda wire: wire.updated(event))
            case ConversationDeleted():
                self._tell(event.conversation.app_id, event.audience, lambda wire: wire.deleted(event))
            case PresenceChanged():
                self._presence(event)
            case _:
                return

    def _comings_and_goings(self, event: MembersJoined | MembersLeft) -> None:
        app_id = event.conversation.app_id
        if isinstance(event, MembersJoined):
            concerned: Collection[ClientId] = event.standings
            self._tell(app_id, concerned, lambda wire: wire.brought_in(event))
            self._tell(app_id, _without(event.audience, concerned), lambda wire: wire.joined(event))
        else:
            concerned = event.client_ids
            self._tell(app_id, concerned, lambda wire: wire.taken_out(event))
            self._tell(app_id, _without(event.audience, concerned), lambda wire: wire.left(event))

    def _presence(self, event: PresenceChanged) -> None:
        frames: dict[Wire, bytes] = {}
        for connection in self._hub.watchers(event.app_id, event.client_id):
            frame = frames.get(connection.wire) or frames.setdefault(connection.wire, connection.wire.presence(event))
            connection.outbox.put(frame)
            self._tally.deliveries += 1

    def _tell(
        self,
        app_id: AppId,
        audience: Collection[ClientId],
        render: Callable[[Wire], bytes],
        origin: int | None = None,
    ) -> None:
        connected = self._hub.clients(app_id)
        frames: dict[Wire, bytes] = {}
        for client in _fewer(audience, connected):
            for connection in connected.get(client, ()):
                if connection.number == origin:
                    continue
                frame = frames.get(connection.wire) or frames.setdefault(connection.wire, render(connection.wire))
                connection.outbox.put(frame)
                self._tally.deliveries += 1


def _fewer(audience: Collection[ClientId], connected: Collection[ClientId]) -> Collection[ClientId]:
    """Those of the audience that may be connected, without walking through the longer of the two."""
    if len(audience) <= len(connected):
        return audience
    members = audience if hasattr(audience, "keys") else frozenset(audience)
    return [client for client in connected if client in members]


def _without(audience: Collection[ClientId], concerned: Collection[ClientId]) -> list[ClientId]:
    left_out = frozenset(concerned)
    return [client for client in audience if client not in left_out]
