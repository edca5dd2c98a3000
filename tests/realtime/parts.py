"""Small connections that write down what they are told, in words."""

from collections.abc import Callable, Iterable

from parlance.core.model.app import App, AppSettings, Policy
from parlance.core.model.caller import Caller
from parlance.core.model.conversation import Conversation, Kind
from parlance.core.model.events import (
    ConversationDeleted,
    ConversationUpdated,
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
from parlance.core.model.message import Message
from parlance.kernel.ids import AppId, ClientId, ConvId
from parlance.kernel.tallies import SocketTally
from parlance.realtime.hub import Hub
from parlance.realtime.outbox import Flusher, Outbox

LIMIT = 1_000
"""Bytes that may wait for a phone."""


def app(app_id: str = "hall", devices: int = 16) -> App:
    """An app, as much of it as connections look at."""
    return App(AppId(app_id), app_id, "", "", "", Policy.TOKEN, AppSettings(devices_per_client=devices), 0, 0)


def conversation(number: int = 1, kind: Kind = Kind.GROUP, app_id: str = "hall") -> Conversation:
    """A conversation, as much of it as events say."""
    return Conversation(number, AppId(app_id), ConvId(f"c{number}"), kind, ClientId("ada"), 0, 1_000)


def message(sender: str, text: str, seq: int | None = 1, *, sync: bool = False) -> Message:
    """A message in conversation 1."""
    who = ClientId(sender)
    return Message(1, AppId("hall"), 1, ConvId("c1"), seq, who, -1, text, None, None, False, (), sync, None, 0)


class Words:
    """A wire that says everything in words, a line each, and counts how often it had to say something."""

    name = "words"

    def __init__(self) -> None:
        self.built = 0

    def message(self, event: MessageSent) -> bytes:
        """See `Wire.message`."""
        return self._line("message", event.message.sender, event.message.text)

    def recalled(self, event: MessageRecalled) -> bytes:
        """See `Wire.recalled`."""
        return self._line("recalled", event.message.seq)

    def edited(self, event: MessageEdited) -> bytes:
        """See `Wire.edited`."""
        return self._line("edited", event.message.text)

    def read(self, event: MessagesRead) -> bytes:
        """See `Wire.read`."""
        return self._line("read", event.client_id, event.seq)

    def delivered(self, event: MessagesDelivered) -> bytes:
        """See `Wire.delivered`."""
        return self._line("delivered", event.client_id, event.seq)

    def typing(self, event: Typing) -> bytes:
        """See `Wire.typing`."""
        return self._line("typing", event.client_id)

    def brought_in(self, event: MembersJoined) -> bytes:
        """See `Wire.brought_in`."""
        return self._line("brought in", *event.standings)

    def joined(self, event: MembersJoined) -> bytes:
        """See `Wire.joined`."""
        return self._line("joined", *event.standings)

    def taken_out(self, event: MembersLeft) -> bytes:
        """See `Wire.taken_out`."""
        return self._line("taken out", *event.client_ids)

    def left(self, event: MembersLeft) -> bytes:
        """See `Wire.left`."""
        return self._line("left", *event.client_ids)

    def updated(self, event: ConversationUpdated) -> bytes:
        """See `Wire.updated`."""
        return self._line("updated", event.conversation.ext)

    def deleted(self, event: ConversationDeleted) -> bytes:
        """See `Wire.deleted`."""
        return self._line("deleted")

    def stands(self, event: StandingsChanged) -> bytes:
        """See `Wire.stands`."""
        return self._line("stand otherwise", *event.standings)

    def restricted(self, event: RestrictionsChanged) -> bytes:
        """See `Wire.restricted`."""
        return self._line("you, restricted", *event.restrictions)

    def restriction(self, event: RestrictionsChanged) -> bytes:
        """See `Wire.restriction`."""
        return self._line("restricted", *event.restrictions)

    def presence(self, event: PresenceChanged) -> bytes:
        """See `Wire.presence`."""
        return self._line(event.client_id, "online" if event.online else "offline")

    def _line(self, *words: object) -> bytes:
        self.built += 1
        return (" ".join(map(str, words)) + "\n").encode()


class Line:
    """The way out of a phone: every write, and as many unsent bytes as a test says."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.unread_bytes = 0

    def write(self, data: bytes) -> None:
        """See `Transport.write`."""
        self.writes.append(data)

    def unsent(self) -> int:
        """See `Transport.unsent`."""
        return self.unread_bytes


class Phone:
    """Implements `realtime.connection.Connection`; leaves the hub as a socket does.

    `gone` is called when its client has no connection any more.
    """

    def __init__(
        self,
        hub: Hub,
        flusher: Flusher,
        number: int,
        caller: Caller,
        device_id: str = "",
        wire: Words | None = None,
        gone: Callable[[Caller], None] = lambda _: None,
    ) -> None:
        self.number = number
        self.caller = caller
        self.device_id = device_id
        self.tag: str | None = None
        self.tag_at = 0
        self.wire = wire or Words()
        self.line = Line()
        self.ends: list[str] = []
        self.outbox = Outbox(self.line, flusher, LIMIT, self.overflowed, SocketTally())
        self.tell = self.outbox.put
        self._hub = hub
        self._flusher = flusher
        self._gone = gone

    @property
    def client(self) -> ClientId:
        """Whose phone it is."""
        client = self.caller.client_id
        assert client is not None
        return client

    def connect(self) -> bool:
        """Come into the hub; whether it is the client's first."""
        return self._hub.add(self, self.client)

    def hang_up(self) -> None:
        """Leave the hub."""
        if self._hub.remove(self, self.client):
            self._gone(self.caller)

    def replaced(self) -> None:
        """See `Connection.replaced`."""
        self._end("replaced")

    def banned(self) -> None:
        """See `Connection.banned`."""
        self._end("banned")

    def displaced(self) -> None:
        """See `Connection.displaced`."""
        self._end("displaced")

    def kicked(self, reason: str) -> None:
        """See `Connection.kicked`."""
        self._end(f"kicked: {reason}")

    @property
    def unsent(self) -> int:
        """See `Connection.unsent`."""
        return self.line.unsent()

    def overflowed(self) -> None:
        """Too much was waiting."""
        self._end("overflowed")

    def heard(self) -> list[str]:
        """What it was told since it was last asked."""
        self._flusher.flush()
        lines = b"".join(self.line.writes).decode().splitlines()
        self.line.writes.clear()
        return lines

    def _end(self, how: str) -> None:
        self.ends.append(how)
        self.hang_up()


class Exchange:
    """A hub with phones in it, and a flusher that waits for the test."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.flusher = Flusher(lambda _: None)
        self.wire = Words()
        self._numbers = 0

    def phone(
        self,
        client: str,
        device_id: str = "",
        of: App | None = None,
        wire: Words | None = None,
        tag: str | None = None,
    ) -> Phone:
        """A phone that is connected."""
        phone = self.unconnected(client, device_id, of, wire)
        phone.tag = tag
        phone.connect()
        return phone

    def unconnected(self, client: str, device_id: str = "", of: App | None = None, wire: Words | None = None) -> Phone:
        """A phone that is not connected yet."""
        self._numbers += 1
        caller = Caller(of or app(), ClientId(client))
        return Phone(self.hub, self.flusher, self._numbers, caller, device_id, wire or self.wire)


def clients(names: Iterable[str]) -> tuple[ClientId, ...]:
    """Client ids."""
    return tuple(ClientId(name) for name in names)
