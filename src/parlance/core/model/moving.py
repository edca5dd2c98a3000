"""What an app brings along that was elsewhere before: as it was there, in our terms."""

from collections.abc import Mapping

import msgspec

from parlance.core.model.conversation import Conversation, NewConversation
from parlance.core.model.member import Standing
from parlance.core.model.message import Message
from parlance.core.model.restriction import Restriction
from parlance.core.model.typed_message import Typed
from parlance.core.model.user import Profile
from parlance.kernel.ids import ClientId, ConvId


class MovedPerson(msgspec.Struct, frozen=True):
    """Somebody, with what is known of them."""

    client_id: ClientId
    profile: Profile
    created_at: int


class MovedConversation(msgspec.Struct, frozen=True):
    """A conversation with those who are in it."""

    new: NewConversation
    members: Mapping[ClientId, Standing]
    muted: tuple[ClientId, ...] = ()
    updated_at: int | None = None
    silenced: tuple[ClientId, ...] | None = None
    """Who may not speak; None: nobody has said."""
    blocked: tuple[ClientId, ...] | None = None
    """Who is kept out."""
    has_members: bool = True
    """Whether anybody has said who is in it."""
    has_roles: bool = True
    """Whether anybody has said how they stand."""


class MovedMessage(msgspec.Struct, frozen=True, gc=False):
    """A message; `foreign_id` is what it was called."""

    foreign_id: str
    sender: ClientId
    created_at: int
    content: Typed
    recalled: bool = False
    readers: tuple[ClientId, ...] = ()
    """Whom it was for, where messages name their readers."""


class MovedHistory(msgspec.Struct, frozen=True):
    """Messages of one conversation, in their order."""

    conv_id: ConvId
    messages: list[MovedMessage]


class Refusal(msgspec.Struct, frozen=True):
    """One of what was brought that is not taken: the which, from 0, and why."""

    index: int
    reason: str


class TakenOver(msgspec.Struct, frozen=True):
    """What became of what was brought."""

    added: int
    known: int
    """Were here already, and are left as they are."""
    refused: list[Refusal]
    changed: int = 0
    """Were here already, and are now what they have become where they came from."""


class Brought(msgspec.Struct, frozen=True):
    """What stands in a conversation's sequence, by where it was said."""

    there: int
    """Messages that were sent elsewhere, without those that were deleted here."""
    deleted: int
    """Of those: how many were deleted here."""
    here: int
    """Messages that were sent here."""
    first_seq: int | None = None
    last_seq: int | None = None
    """The places of the first and the last that was sent elsewhere and is still there."""
    last_at: int | None = None
    """When (ms) that one was sent."""


class Arrived(msgspec.Struct, frozen=True):
    """A conversation as it is here, for who knows what it was elsewhere."""

    conversation: Conversation
    members: Mapping[ClientId, Standing]
    muted: frozenset[ClientId]
    restrictions: Mapping[ClientId, Restriction]
    messages: Brought


class ArrivedMessages(msgspec.Struct, frozen=True):
    """Some messages of a conversation that were sent elsewhere, by what they were called."""

    found: dict[str, Message]
    deleted: frozenset[str]
    """Came, and were deleted here."""
    changed: frozenset[str]
    """Of those found: were edited or recalled here, and not by an import."""
