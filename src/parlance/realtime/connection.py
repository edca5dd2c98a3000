"""What the hub and the fan-out need to know of a connection, whatever protocol it speaks."""

from typing import Protocol

from parlance.core.model.caller import Caller
from parlance.core.model.events import (
    ConversationDeleted,
    ConversationUpdated,
    MembersJoined,
    MembersLeft,
    MessageEdited,
    MessageRecalled,
    MessageSent,
    MessagesRead,
    PresenceChanged,
    Typing,
)
from parlance.realtime.outbox import Outbox


class Wire(Protocol):
    """How one protocol says what has happened: each event as whole frames, the same bytes for everybody."""

    def message(self, event: MessageSent) -> bytes:
        """A message arrived."""

    def recalled(self, event: MessageRecalled) -> bytes:
        """A message was taken back."""

    def edited(self, event: MessageEdited) -> bytes:
        """A message says something else."""

    def read(self, event: MessagesRead) -> bytes:
        """Somebody has read."""

    def typing(self, event: Typing) -> bytes:
        """Somebody is writing."""

    def brought_in(self, event: MembersJoined) -> bytes:
        """For who came."""

    def joined(self, event: MembersJoined) -> bytes:
        """For who was in already."""

    def taken_out(self, event: MembersLeft) -> bytes:
        """For who went."""

    def left(self, event: MembersLeft) -> bytes:
        """For who stays."""

    def updated(self, event: ConversationUpdated) -> bytes:
        """What is said about a conversation changed."""

    def deleted(self, event: ConversationDeleted) -> bytes:
        """A conversation is gone."""

    def presence(self, event: PresenceChanged) -> bytes:
        """Somebody came online or went offline."""


class Connection(Protocol):
    """A client on one of its devices, logged in. `number` is unique in the installation."""

    @property
    def number(self) -> int:
        """Which connection this is."""

    @property
    def caller(self) -> Caller:
        """Who is at the other end."""

    @property
    def device_id(self) -> str:
        """From which device; "" if it did not say."""

    @property
    def wire(self) -> Wire:
        """The protocol it speaks."""

    @property
    def outbox(self) -> Outbox:
        """Where its frames go."""

    def replaced(self) -> None:
        """The same device logged in again: say so, and end."""

    def banned(self) -> None:
        """The client may not be here any more: say so, and end."""

    def going_away(self) -> None:
        """The server stops: say so, and end."""
