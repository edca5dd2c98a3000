"""From what has happened to the connections that are told.

Invariants:
- What is to be told is built once for each protocol, however many get it.
- Nothing here waits: each connection is told at once, in the order of the events.
- Who is told of a message is who is a member at that place in the order of commits: the rosters have
  heard every event before this one.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet

import structlog

from parlance.core.actions.rosters import Rosters
from parlance.core.model.events import (
    ConversationDeleted,
    ConversationUpdated,
    Event,
    MembersJoined,
    MembersLeft,
    MessageEdited,
    MessageRecalled,
    MessagesDelivered,
    MessageSent,
    MessagesRead,
    PresenceChanged,
    RestrictionsChanged,
    StandingsChanged,
    Typing,
)
from parlance.kernel.ids import AppId, ClientId, ConvId
from parlance.kernel.tallies import FanoutTally
from parlance.realtime.connection import Connection, Told, Wire
from parlance.realtime.hub import Hub

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


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
            try:
                if type(event) is MessageSent:
                    self._message(event)
                else:
                    self._other(event)
            except Exception:  # noqa: BLE001 - an event that cannot be told is a bug; the others are told
                _log.exception("fan-out failed", event_type=type(event).__name__)

    def _message(self, event: MessageSent) -> None:
        message = event.message
        connected = self._hub.clients(message.app_id)
        if not connected:
            return
        audience = event.audience
        if not event.exact:
            audience = self._members(message.app_id, message.conv_id, audience)
        quiet = None if message.sync else message.sender
        origin = event.origin
        words: dict[Wire, Told] = {}
        deliveries = 0
        for client in _fewer(audience, connected):
            connections = connected.get(client)
            if connections is None or client == quiet:
                continue
            for connection in connections:
                if connection.number == origin:
                    continue
                wire = connection.wire
                told = words.get(wire)
                if told is None:
                    told = words[wire] = wire.message(event)
                connection.tell(told)
                deliveries += 1
        self._tally.deliveries += deliveries

    def _other(self, event: Event) -> None:
        match event:
            case MembersJoined() | MembersLeft():
                self._comings_and_goings(event)
            case ConversationUpdated():
                self._tell(event.conversation.app_id, event.audience, lambda wire: wire.updated(event), event.origin)
            case ConversationDeleted():
                self._tell(event.conversation.app_id, event.audience, lambda wire: wire.deleted(event))
            case StandingsChanged():
                self._tell(event.conversation.app_id, event.audience, lambda wire: wire.stands(event))
            case RestrictionsChanged():
                self._restrictions(event)
            case PresenceChanged():
                self._presence(event)
            case _:
                self._of_messages(event)

    def _of_messages(self, event: Event) -> None:
        match event:
            case MessageRecalled():
                self._tell(event.app_id, event.audience, lambda wire: wire.recalled(event), event.origin)
            case MessageEdited():
                self._tell(event.app_id, event.audience, lambda wire: wire.edited(event), event.origin)
            case MessagesRead():
                audience = self._members(event.app_id, event.conv_id, event.audience)
                self._tell(event.app_id, audience, lambda wire: wire.read(event), event.origin)
            case MessagesDelivered():
                # Nobody needs to know but who sent what has arrived.
                senders = {sender for _, sender in event.receipts}
                self._tell(event.app_id, senders, lambda wire: wire.delivered(event), event.origin)
            case Typing():
                self._tell(event.app_id, event.audience, lambda wire: wire.typing(event), quiet=event.client_id)
            case _:
                return

    def _members(self, app_id: AppId, conv_id: ConvId, let_in: Collection[ClientId]) -> Collection[ClientId]:
        """Who is in now; who was in when it was let in, if that is not at hand."""
        roster = self._rosters.at_hand(app_id, conv_id)
        return let_in if roster is None else roster.members

    def _comings_and_goings(self, event: MembersJoined | MembersLeft) -> None:
        app_id, audience = event.conversation.app_id, event.audience
        if event.conversation.abilities.present_members:
            # Others may have come into the room on this server in the same moment.
            audience = self._members(app_id, event.conversation.conv_id, audience)
        if isinstance(event, MembersJoined):
            concerned: Collection[ClientId] = event.standings
            self._tell(app_id, concerned, lambda wire: wire.brought_in(event))
            self._tell(app_id, _without(audience, concerned), lambda wire: wire.joined(event))
        else:
            concerned = event.client_ids
            self._tell(app_id, concerned, lambda wire: wire.taken_out(event))
            self._tell(app_id, _without(audience, concerned), lambda wire: wire.left(event))

    def _restrictions(self, event: RestrictionsChanged) -> None:
        app_id, concerned = event.conversation.app_id, event.restrictions
        self._tell(app_id, concerned, lambda wire: wire.restricted(event))
        self._tell(app_id, _without(event.audience, concerned), lambda wire: wire.restriction(event))

    def _presence(self, event: PresenceChanged) -> None:
        words = _Words(lambda wire: wire.presence(event))
        for connection in self._hub.watchers(event.app_id, event.client_id):
            self._say(words, connection)

    def _tell(
        self,
        app_id: AppId,
        audience: Collection[ClientId],
        say: Callable[[Wire], Told],
        origin: int | None = None,
        quiet: ClientId | None = None,
    ) -> None:
        connected = self._hub.clients(app_id)
        words = _Words(say)
        for client in _fewer(audience, connected):
            if client == quiet:
                continue
            for connection in connected.get(client, ()):
                if connection.number != origin:
                    self._say(words, connection)

    def _say(self, words: "_Words", connection: Connection) -> None:
        told = words[connection.wire]
        if told:
            connection.tell(told)
            self._tally.deliveries += 1


class _Words(dict[Wire, Told]):
    """What each protocol says about one event, found out when the first who speaks it is told."""

    def __init__(self, say: Callable[[Wire], Told]) -> None:
        super().__init__()
        self._say = say

    def __missing__(self, wire: Wire) -> Told:
        told = self[wire] = self._say(wire)
        return told


def _fewer(audience: Collection[ClientId], connected: Collection[ClientId]) -> Collection[ClientId]:
    """Those of the audience that may be connected, without walking through the longer of the two."""
    if len(audience) <= len(connected):
        return audience
    members = audience if isinstance(audience, Mapping | AbstractSet) else frozenset(audience)
    return [client for client in connected if client in members]


def _without(audience: Collection[ClientId], concerned: Collection[ClientId]) -> list[ClientId]:
    left_out = frozenset(concerned)
    return [client for client in audience if client not in left_out]
