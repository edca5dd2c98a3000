"""What the hub and the fan-out need to know of a connection, whatever protocol it speaks."""

from typing import Any, Protocol

from parlance.core.model.caller import Caller
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

Told = Any
"""What a wire has made of an event: built once, then handed to each connection that speaks the protocol."""


class Wire(Protocol):
    """How one protocol says what has happened; an empty `Told` where it has no words for it.

    What comes out is between a wire and its connections: whole frames where everybody gets the same bytes.
    """

    @property
    def name(self) -> str:
        """What the protocol is called."""

    def message(self, event: MessageSent, /) -> Told:
        """A message arrived. There are always words for that."""

    def recalled(self, event: MessageRecalled, /) -> Told:
        """A message was taken back."""

    def edited(self, event: MessageEdited, /) -> Told:
        """A message says something else."""

    def read(self, event: MessagesRead, /) -> Told:
        """Somebody has read."""

    def delivered(self, event: MessagesDelivered, /) -> Told:
        """What was sent has arrived at somebody."""

    def typing(self, event: Typing, /) -> Told:
        """Somebody is writing."""

    def brought_in(self, event: MembersJoined, /) -> Told:
        """For who came."""

    def joined(self, event: MembersJoined, /) -> Told:
        """For who was in already."""

    def taken_out(self, event: MembersLeft, /) -> Told:
        """For who went."""

    def left(self, event: MembersLeft, /) -> Told:
        """For who stays."""

    def updated(self, event: ConversationUpdated, /) -> Told:
        """What is said about a conversation changed."""

    def deleted(self, event: ConversationDeleted, /) -> Told:
        """A conversation is gone."""

    def stands(self, event: StandingsChanged, /) -> Told:
        """Members stand otherwise."""

    def restricted(self, event: RestrictionsChanged, /) -> Told:
        """For who may do less than before, or more again."""

    def restriction(self, event: RestrictionsChanged, /) -> Told:
        """For the others who are in."""

    def presence(self, event: PresenceChanged, /) -> Told:
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
    def tag(self) -> str | None:
        """Under which the client has one device at a time; None: as many as it likes."""

    @property
    def tag_at(self) -> int:
        """Since when its device holds the tag."""

    @property
    def wire(self) -> Wire:
        """The protocol it speaks."""

    @property
    def unsent(self) -> int:
        """How many bytes wait because the other end reads too slowly."""

    def tell(self, told: Told, /) -> None:
        """Send what its wire has made of an event."""

    def replaced(self) -> None:
        """The same device logged in again: say so, and end."""

    def displaced(self) -> None:
        """Another device took its tag: say so, and end."""

    def kicked(self, reason: str, /) -> None:
        """The app does not want the client here just now: say so, and end."""

    def banned(self) -> None:
        """The client may not be here any more: say so, and end."""
