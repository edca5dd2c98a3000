"""What apps' own servers are told after the fact is written down in the commit of what it tells of.

Whatever happens, through whatever face, passes here: so nothing that does it has to know of hooks. What is not stored
(transient messages, who comes and goes in rooms) is not told; neither is what the server says itself.
"""

import base64
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import msgspec

from parlance.core.model import typed_message
from parlance.core.model.app import App
from parlance.core.model.delivery import Delivery, DeliveryState
from parlance.core.model.events import Event, MembersJoined, MembersLeft, MessageSent
from parlance.core.model.hook import Hook
from parlance.core.model.message import Message
from parlance.core.model.system_message import SYSTEM
from parlance.core.ports.appender import Told
from parlance.core.ports.presence import Presence
from parlance.core.ports.store import Transaction
from parlance.kernel.clock import Clock
from parlance.kernel.ids import AppId, ClientId, Ids

MOST_NAMES = 1_000
"""In one list of who is here, or away."""

_encode = msgspec.json.Encoder().encode


class Telling:
    """Writes it down for the apps that want to know. `find` answers an app that is at hand."""

    def __init__(self, find: Callable[[AppId], App | None], presence: Presence, clock: Clock, ids: Ids) -> None:
        self._find = find
        self._presence = presence
        self._clock = clock
        self._ids = ids

    def message(self, app: App, event: MessageSent) -> Told | None:
        """What the app is told of a message on its way into the store, if it wants to know."""
        return self._message(app, event, addressed=False)

    async def note(self, tx: Transaction, events: Sequence[Event]) -> None:
        """To be called last in every transaction: see `BeforeCommit`."""
        told: list[Delivery] = []
        for event in events:
            if isinstance(event, MessageSent):
                told += self._of_message(event)
            elif isinstance(event, MembersJoined | MembersLeft):
                told += self._of_members(event)
        if told:
            await tx.deliveries.add(told, self._clock.now())

    def presence(self, app: App, hook: Hook, client: ClientId, body: dict[str, Any]) -> list[Delivery]:
        """What the app is told of a client that came or went."""
        state = _state(app, hook)
        if state is None:
            return []
        # No conversation has a slash in front: ids of theirs are words.
        return [self._delivery(app, hook, f"/{client}", {"peerId": client} | body, state)]

    def _of_message(self, event: MessageSent) -> Sequence[Delivery]:
        message = event.message
        app = self._find(message.app_id)
        if app is None or message.seq is None or message.sender == SYSTEM:
            return ()
        told = self._message(app, event, addressed=True)
        return () if told is None else told(message.seq, message.created_at)

    def _message(self, app: App, event: MessageSent, *, addressed: bool) -> Told | None:
        sent, away = _state(app, Hook.MESSAGE_SENT), _state(app, Hook.RECEIVERS_OFFLINE)
        if sent is None and away is None:
            return None
        message = event.message
        here, offline = self._parted(message, event.audience)
        numbers = self._ids.message(), self._ids.message()

        def told(seq: int, created_at: int) -> list[Delivery]:
            said = said_in(message, created_at, addressed=addressed)
            deliveries = []
            if sent is not None:
                peers = {"onlinePeers": here[:MOST_NAMES], "offlinePeers": offline[:MOST_NAMES]}
                more = {"msgId": message.msg_id, "seq": seq, "receipt": message.receipt, "transient": False}
                body = said | more | peers
                deliveries.append(_written(numbers[0], app, Hook.MESSAGE_SENT, message.conv_id, body, created_at, sent))
            if away is not None and offline:
                body = said | {
                    "offlinePeers": offline[:MOST_NAMES],
                    "mentionAll": message.mention_all,
                    "mentionOfflinePeers": [client for client in message.mentions if client in offline],
                }
                hook, lane = Hook.RECEIVERS_OFFLINE, message.conv_id
                deliveries.append(_written(numbers[1], app, hook, lane, body, created_at, away))
            return deliveries

        return told

    def _of_members(self, event: MembersJoined | MembersLeft) -> list[Delivery]:
        conversation = event.conversation
        app = self._find(conversation.app_id)
        if app is None:
            return []
        body: dict[str, Any] = {"initBy": event.by or "", "convId": conversation.conv_id}
        if isinstance(event, MembersLeft):
            hook = Hook.CONVERSATION_REMOVED
            body["members"] = list(event.client_ids)
        else:
            hook = Hook.CONVERSATION_ADDED
            body["members"] = list(event.standings)
            if _is_new(event):
                hook = Hook.CONVERSATION_STARTED
                body["attr"] = {"name": conversation.name}
        state = _state(app, hook)
        if state is None:
            return []
        return [self._delivery(app, hook, conversation.conv_id, body | {"timestamp": event.time}, state)]

    def _delivery(self, app: App, hook: Hook, lane: str, body: dict[str, Any], state: DeliveryState) -> Delivery:
        now = self._clock.now()
        return _written(self._ids.message(now), app, hook, lane, {"timestamp": now} | body, now, state)

    def _parted(self, message: Message, audience: Collection[ClientId]) -> tuple[list[ClientId], list[ClientId]]:
        """Who of those it is for is here, and who is away."""
        online = self._presence.online(message.app_id, _but(audience, message.sender))
        here = [client for client, is_here in online.items() if is_here]
        return here, [client for client, is_here in online.items() if not is_here]


def said_in(message: Message, at: int, *, addressed: bool) -> dict[str, Any]:
    """What a message says, and where, as hooks are told."""
    content = typed_message.written(message)
    return {
        "fromPeer": message.sender,
        "convId": message.conv_id,
        "system": addressed,
        "sourceIP": "",
        "bin": isinstance(content, bytes),
        "content": shown(content),
        "timestamp": at,
    }


def shown(content: str | bytes) -> str:
    """A content as hooks are told: bytes in base64."""
    return base64.b64encode(content).decode() if isinstance(content, bytes) else content


def _state(app: App, hook: Hook) -> DeliveryState | None:
    """How an app learns of it: it is told, or fetches it, or (None) does not want to know."""
    address = app.settings.hooks
    if address.has(hook):
        return DeliveryState.WAITING
    return DeliveryState.KEPT if app.settings.keep_events and hook in address.names else None


def _is_new(event: MembersJoined) -> bool:
    """Whether the conversation began with them."""
    conversation = event.conversation
    if conversation.abilities.addressed or conversation.created_at != event.time:
        return False
    return event.standings.keys() >= set(event.audience)


def _written(
    number: int, app: App, hook: Hook, lane: str, body: dict[str, Any], at: int, state: DeliveryState
) -> Delivery:
    return Delivery(number, app.app_id, hook, lane, _encode(body).decode(), at, state)


def _but(clients: Iterable[ClientId], one: ClientId) -> list[ClientId]:
    return [client for client in clients if client != one]
